"""`mfa match`: who could use the wastes of a park, and which kind of firm is missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mfa.cli.terminal import print_heading, print_json, print_table
from mfa.errors import FolderError
from mfa.files import is_park_file, load_park, load_scenario
from mfa.files.library import data_root
from mfa.language import current, tr
from mfa.matching import Match, Matches, match
from mfa.matching.matches import UNVERIFIED, Recruit, yearly
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.park.values import Text

FITS = {"yes": "met", "unknown": "cannot be checked", "no": "missed"}
"""How the limits stand → in words."""


def show(
    file: Path, material: str | None, *, within: float | None = None, most: int = 5, as_json: bool = False
) -> None:
    """Print users and recruits for what a park makes; raises InputError where the file is wrong."""
    where = read(file)
    matches = match(where, material=material, within=within, most=most)
    if as_json:
        print_json(summary(matches))
        return
    park = where.park if isinstance(where, Scenario) else where
    for sentence in matches.assumptions:
        print(sentence)
    for (firm, waste), amount in matches.unused.items():
        users = [found for found in matches.found if (found.firm, found.material) == (firm, waste)]
        show_users(park, firm, waste, amount, users)
    show_recruits(matches.recruits)
    print(
        "\n" + tr("* not verified: from memory, assumed or illustrative. Amounts a year, dry; each possible by itself.")
    )


def read(file: Path) -> Scenario | Park:
    """Return the scenario or the park of a file; a bare name may be a park of the library."""
    shipped = data_root() / "models" / "parks" / f"{file}.yaml"
    if not file.exists() and shipped.is_file():
        file = shipped
    if not file.is_file():
        raise FolderError(tr("there is no file {file}", file=file))
    return load_park(file) if is_park_file(file) else load_scenario(file)


def show_users(park: Park, firm: str, waste: str, amount: float, users: Iterable[Match]) -> None:
    """Print the users of what one firm makes of a waste."""
    name, unit = park.materials[waste].name.in_language(current.get()) or waste, park.materials[waste].unit
    free = readable(yearly(amount))
    print_heading(
        tr("{firm}: {material}, {amount} {unit}/yr not used", firm=firm, material=name, amount=free, unit=unit)
    )
    heads = [tr(head) for head in ("user", "where", "takes it by", "limits", "amount", "bounded by", "km", "CNY/yr",
                                   "source")]  # fmt: skip
    rows = [
        [user.user, tr(user.where), way(user), limits(user), readable(yearly(user.amount)), user.bounded_by,
         readable(user.distance, 1), money(user), marked(user.source, user.confidence)]
        for user in users
    ]  # fmt: skip
    if rows:
        print_table(heads, rows, numbers=[heads[4], heads[6], heads[7]])
    else:
        print(tr("nobody here or in the region is known to have room for it"))


def way(user: Match) -> str:
    """Return how a user takes a waste: recipe or route, what it replaces, the treatment and what else is needed."""
    by = user.technology or user.use.in_language(current.get()) or tr("quantity asked for")
    instead = f" ({tr('for {replaced}', replaced=user.replaces)})" if user.replaces else ""
    after = (
        tr("; after {treatment}", treatment=", ".join(user.treatment or user.needs))
        if user.treatment or user.needs
        else ""
    )
    return by + instead + after + (tr("; linked today") if user.linked else "")


def limits(user: Match) -> str:
    """Return how the limits of an exchange stand, with those that say no."""
    told = [check.said() for check in user.checks if check.status in ("missed", "unknown")]
    return "; ".join(told) if told else tr(FITS[user.fits])


def money(user: Match) -> str:
    """Return the benefit a year, marked where the price is not verified."""
    if user.benefit is None:
        return ""
    return readable(yearly(user.benefit)) + ("*" if user.price_confidence in UNVERIFIED else "")


def marked(source: str | None, confidence: str | None) -> str:
    """Return a source, marked where it is not verified."""
    return (source or tr("not stated")) + ("*" if confidence in UNVERIFIED else "")


def show_recruits(recruits: Iterable[Recruit]) -> None:
    """Print which kinds of firm are missing."""
    print_heading(tr("Missing: firms that would use what is left"))
    heads = [tr(head) for head in ("park", "kind of firm", "would use", "amount", "cannot be checked", "plant a year",
                                   "source")]  # fmt: skip
    rows = [
        [r.park, kind(r), ", ".join({**r.wastes, **r.unchecked}), readable(yearly(r.amount)),
         readable(yearly(sum(r.unchecked.values()))), plant(r), marked(r.source, r.confidence)]
        for r in recruits
    ]  # fmt: skip
    if rows:
        print_table(heads, rows, numbers=heads[3:6])
    else:
        print(tr("none: nothing is left, or the library knows no use for it"))


def kind(recruit: Recruit) -> str:
    """Return what kind of firm a recruit is."""
    use: Text = recruit.use
    name = use.in_language(current.get()) or recruit.technology or recruit.sector
    more = tr(" (one more)") if recruit.present else ""
    return f"{name} [{recruit.technology or recruit.sector}]{more}"


def plant(recruit: Recruit) -> str:
    """Return the size of the plant that takes it all."""
    return "" if recruit.capacity is None else f"{readable(yearly(recruit.capacity))} {recruit.unit}"


def readable(value: float | None, digits: int = 0) -> str:
    """Return a number as text; nothing where there is none."""
    return "" if value is None else f"{value:,.{digits}f}"


def summary(matches: Matches) -> dict[str, Any]:
    """Return matches as JSON data, amounts a year."""
    users, missing = matches.users, matches.missing
    return {
        "users": users.astype(object).where(users.notna(), None).to_dict(orient="records"),
        "missing": missing.astype(object).where(missing.notna(), None).to_dict(orient="records"),
        "unused": [{"firm": firm, "material": material, "amount_per_yr": yearly(amount)}
                   for (firm, material), amount in matches.unused.items()],
        "assumptions": list(matches.assumptions),
    }  # fmt: skip
