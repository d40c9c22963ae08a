"""`mfa match`: who could use the wastes of a park, and which kind of firm is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from mfa.cli.terminal import json_rows, print_heading, print_json
from mfa.errors import FolderError
from mfa.files import is_park_file, load_park, load_scenario
from mfa.files.holdings import Holdings, holdings
from mfa.files.library import data_root
from mfa.files.nearest import did_you_mean
from mfa.language import current, tr
from mfa.matching import Match, Matches, match
from mfa.matching.matches import REFUSING, Recruit, yearly
from mfa.park.material import Confidence
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.park.statements import least_sure, mark, of_technology
from mfa.views.wording import brief, clauses, listed


@dataclass(frozen=True)
class Called:
    """What nodes, materials, technologies and needs are called, in the current language, in a park or the library."""

    park: Park
    library: Holdings

    def node(self, key: str) -> str:
        """Return the name of a node with its id."""
        name = self._name(key, self.park.firms, self.park.boundary)
        return name if name == key else f"{name} [{key}]"

    def material(self, key: str) -> str:
        """Return the name of a material."""
        return self._name(key, self.park.materials, self.library.materials)

    def technology(self, key: str) -> str:
        """Return the name of a technology."""
        return self._name(key, self.park.technologies, self.library.technologies)

    def need(self, key: str) -> str:
        """Return the name of what must be done to a waste first."""
        return self._name(key, self.library.needs)

    def release(self, firm: str, material: str) -> Confidence | None:
        """Return how sure the least sure release is by which a firm makes a material."""
        makers = [self.park.technologies[line.runs] for line in self.park.firms[firm].lines.values()]
        return least_sure(of_technology(t, f"releases.{material}").confidence for t in makers if material in t.releases)

    def _name(self, key: str, *shelves: Mapping[str, Any]) -> str:
        found = next((shelf[key].name.in_language(current.get()) for shelf in shelves if key in shelf), "")
        return found or key


def show(
    file: Path, material: str | None, *, within: float | None = None, most: int = 5, day: date | None = None,
    as_json: bool = False,
) -> None:  # fmt: skip
    """Print users and recruits for what a park makes; raises InputError where the file is wrong."""
    where = read(file)
    matches = match(where, material=material, within=within, most=most, day=day)
    if as_json:
        print_json(summary(matches))
        return
    park = where.park if isinstance(where, Scenario) else where
    called = Called(park, holdings())
    for sentence in matches.assumptions:
        print(sentence)
    if not matches.unused:
        print(nothing(park))
        return
    for (firm, waste), amount in matches.unused.items():
        free = rate(amount, park.materials[waste].unit) + mark(called.release(firm, waste))
        text = "{firm}: {material}, {amount} not used"
        print_heading(tr(text, firm=called.node(firm), material=called.material(waste), amount=free))
        found = [user for user in matches.found if (user.firm, user.material) == (firm, waste)]
        show_users(called, found, matches.full.get((firm, waste), ()))
    show_recruits(called, matches.recruits)
    print("\n" + tr("Amounts are dry, each possible by itself. * rests on a number from memory, assumed or made up."))


def read(file: Path) -> Scenario | Park:
    """Return the scenario or the park of a file; a bare name may be one that travels with the toolkit."""
    places = [data_root() / "models" / "parks", data_root() / "scenarios"]
    shipped = {path.stem: path for place in reversed(places) for path in place.glob("*.yaml")}
    if not file.exists():
        file = shipped.get(str(file), file)
    if not file.is_file():
        raise FolderError(tr("there is no file {file}", file=file) + did_you_mean(file.stem, shipped))
    return load_park(file) if is_park_file(file) else load_scenario(file)


def nothing(park: Park) -> str:
    """Return why there is nothing to match."""
    idle = [key for key, firm in sorted(park.firms.items()) if not firm.lines]
    if len(idle) == len(park.firms):
        return tr("nothing to match: what the firms of this park make is not known (none has a line)")
    return tr("nothing to match: no firm makes a by-product or waste that is not used already")


def show_users(called: Called, found: Sequence[Match], full: Sequence[str]) -> None:
    """Print the users of what one firm makes of a waste, then those who cannot take it."""
    taking = [user for user in found if user.fits != "no"]
    for place, user in enumerate(taking, start=1):
        first, *rest = lines(called, user)
        print(f"{place:>3}. {first}")
        for line in rest:
            print(f"     {line}")
    if not taking and full:
        names = listed([called.node(key) for key in full], current.get())
        print("  " + tr("could take it, but what they need is covered today: {users}", users=names))
    elif not taking:
        print("  " + tr("nobody here or in the region is known to have room for it"))
    for user in (user for user in found if user.fits == "no"):
        why = clauses([check.said() for check in user.checks if check.status in REFUSING], current.get())
        text = tr("refused: {user}, {way}: {reason}", user=called.node(user.user), way=way(called, user), reason=why)
        print(f"   – {text}\n     {said_source(user)}")


def lines(called: Called, user: Match) -> list[str]:
    """Return a possible user in words: who, how far, how much, for what money; how; limits; source."""
    language, unit = current.get(), called.park.materials[user.material].unit
    sure = user.confidence, called.release(user.firm, user.material)
    who = [called.node(user.user)]
    who += [tr("in the region")] if user.where == "region" else []
    who += [brief(user.distance, "km", language)] if user.distance is not None else []
    what = [tr("amount unknown") if user.amount is None else rate(user.amount, unit) + mark(*sure)]
    if user.benefit is not None:
        what.append(tr("brings {money}", money=rate(user.benefit, "CNY") + mark(*sure, user.price_confidence)))
    what += [tr("linked today")] if user.linked else []
    how = [way(called, user), tr("bounded by: {what}", what=user.bounded_by)]
    checks = clauses([check.said() for check in user.checks], language)
    return [
        tr("{who}: {what}", who=listed(who, language), what=clauses(what, language)), clauses(how, language),
        *([tr("limits: {checks}", checks=checks)] if checks else []), said_source(user),
    ]  # fmt: skip


def way(called: Called, user: Match) -> str:
    """Return how a user takes a waste: recipe or route, what it replaces, the treatment and what else is needed."""
    use = user.use.in_language(current.get())
    by = called.technology(user.technology) if user.technology else use or tr("quantity asked for")
    instead = tr(" instead of {replaced}", replaced=called.material(user.replaces)) if user.replaces else ""
    before = [called.technology(key) for key in user.treatment] or [called.need(key) for key in user.needs]
    after = tr("; after {treatment}", treatment=listed(before, current.get())) if before else ""
    return by + instead + after


def said_source(found: Match | Recruit) -> str:
    """Return the source of an exchange, marked where it is not verified."""
    source = found.source + mark(found.confidence) if found.source else tr("the scenario's own")
    return tr("source: {source}", source=source)


def show_recruits(called: Called, recruits: Iterable[Recruit]) -> None:
    """Print which kinds of firm are missing, park by park."""
    print_heading(tr("Missing: firms that would use what is left"))
    found = list(recruits)
    if not found:
        print("  " + tr("none: nothing is left, or the library knows no use for it"))
    for park, missing in groupby(found, key=lambda recruit: recruit.park):
        if park:
            print("  " + tr("in {park}:", park=park))
        for place, recruit in enumerate(missing, start=1):
            first, *rest = recruit_lines(called, recruit)
            print(f"{place:>3}. {first}")
            for line in rest:
                print(f"     {line}")


def recruit_lines(called: Called, recruit: Recruit) -> list[str]:
    """Return a missing kind of firm in words: what it would use, how large it is, what is not known, source."""
    language, known = current.get(), recruit.technology or recruit.sector
    name = recruit.use.in_language(language) or called.technology(known)
    more = tr(" (one more)") if recruit.present else ""
    wastes = listed([called.material(key) for key in recruit.wastes], language)
    much = rate(recruit.amount, recruit.measure) + mark(recruit.confidence)
    what = [tr("{amount} of {wastes}", amount=much, wastes=wastes) if recruit.wastes else tr("cannot be checked")]
    what += [tr("utilisation +{points} points", points=f"{recruit.gain * 100:.1f}")] if recruit.gain else []
    told = [tr("{who}: {what}", who=f"{name} [{known}]{more}", what=clauses(what, language))]
    if recruit.capacity is not None:
        size = rate(recruit.capacity, recruit.unit)
        told.append(tr("a plant of {size}, the largest usual one*", size=size) if recruit.is_largest
                    else tr("a plant of {size}", size=size))  # fmt: skip
    if recruit.treatments:
        told.append(tr("after {treatment}", treatment=listed([called.technology(t) for t in recruit.treatments],
                                                             language)))  # fmt: skip
    if recruit.unchecked:
        doubtful = listed([f"{called.material(key)} {rate(amount, recruit.measure)}"
                           for key, amount in recruit.unchecked.items()], language)  # fmt: skip
        told.append(tr("perhaps also, limits cannot be checked: {wastes}", wastes=doubtful))
    return [*told, said_source(recruit)]


def rate(amount: float, unit: str) -> str:
    """Return an amount a day as one a year, with its unit."""
    return brief(yearly(amount), unit, current.get(), per_year=True)


def summary(matches: Matches) -> dict[str, Any]:
    """Return matches as JSON data, amounts a year."""
    return {
        "users": json_rows(matches.users),
        "missing": json_rows(matches.missing),
        "unused": [{"firm": firm, "material": material, "amount_per_yr": yearly(amount),
                    "full": list(matches.full.get((firm, material), ()))}
                   for (firm, material), amount in matches.unused.items()],
        "assumptions": list(matches.assumptions),
    }  # fmt: skip
