"""Checks of the library beyond its form: sources, balances, codes, contradictions, and the dates of GB 175-2023."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from mfa.errors import InputError
from mfa.files.checks.technologies import mass_in, mass_out
from mfa.files.holdings import Holdings
from mfa.files.nearest import did_you_mean
from mfa.files.route_acceptances import treated
from mfa.files.search import plain
from mfa.files.tree import Fault, Node, walk
from mfa.language import tr
from mfa.park.contents import Contents
from mfa.park.origin import origins
from mfa.park.park import Park
from mfa.park.route import Route
from mfa.park.technology import Technology

GAP = 1.5e-3
"""A recipe that is open by less, t per unit of product, is rounded."""
SAME = 0.01
"""Two values of one number that differ by less, relative, are rounded."""
LAST_DAY_OF_GB175_2007 = date(2024, 5, 31)
NO_LONGER_PERMITTED = ("steel_slag", "phosphorus_slag", "magnesium_slag")
"""What GB 175-2023 no longer permits as additions to common Portland cement."""
GB175_MARK = "gb175_addition"
"""The property that limits of common Portland cements bound."""


@dataclass(frozen=True)
class Remark:
    """One thing that a check found: `at` leads from the root of the library to it."""

    kind: str
    at: tuple[str | int, ...]
    message: str
    level: Literal["error", "warning"] = "error"


@dataclass(frozen=True)
class Inspection:
    """What the checks of the library found, by kind, and how sure its entries are: shelf → confidence → number."""

    remarks: tuple[tuple[str, Fault], ...]
    counts: dict[str, dict[str, int]]

    @property
    def has_errors(self) -> bool:
        """Whether something must be corrected."""
        return any(fault.level == "error" for _, fault in self.remarks)


def inspect_library(holdings: Holdings) -> Inspection:
    """Return what is wrong or doubtful in the library."""
    found = [("form", fault) for fault in holdings.faults]
    for check in CHECKS:
        for remark in check(holdings):
            node = list(walk(holdings.root, remark.at))[-1]
            found.append((remark.kind, Fault(node.named_at, node.path, remark.message, remark.level)))
    order = {"error": 0, "warning": 1}
    found.sort(key=lambda item: (order[item[1].level], item[0], item[1].mark, item[1].path))
    return Inspection(tuple(found), _count(holdings))


def _count(holdings: Holdings) -> dict[str, dict[str, int]]:
    """Return how often each confidence stands in a shelf, a number with evidence of its own counted by itself."""
    counts: dict[str, dict[str, int]] = {}
    for shelf in ("materials", "technologies", "routes"):
        tally = Counter(part.confidence or "unstated" for _, part in _parts(holdings, shelf))
        counts[shelf] = dict(sorted(tally.items()))
    return counts


def _parts(holdings: Holdings, shelf: str) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield everything in a shelf that must state a source and a confidence, with its address."""
    for key, entry in sorted(getattr(holdings, shelf).items()):
        yield (shelf, key), entry
        for field, evidence in sorted(entry.evidence.items()):
            yield (shelf, key, "evidence", field), evidence
        for name in ("accepts", "limits"):
            for i, part in enumerate(getattr(entry, name, ())):
                yield (shelf, key, name, i), part


def without_source(holdings: Holdings) -> Iterator[Remark]:
    """A number without a source or a confidence, or from memory without saying so."""
    for shelf in ("materials", "technologies", "routes"):
        for at, part in _parts(holdings, shelf):
            for field in ("source", "confidence"):
                if not getattr(part, field):
                    yield Remark("source", at, tr("no {field}; say where the number comes from", field=field))
            if part.confidence == "memory" and part.source and "memory" not in part.source:
                yield Remark("source", at, tr("confidence is memory, and the source does not say so"), "warning")


def unbalanced(holdings: Holdings) -> Iterator[Remark]:
    """A recipe whose dry mass does not close."""
    park = _park(holdings)
    for key, technology in sorted(holdings.technologies.items()):
        if any(m not in holdings.materials for m in (*technology.uses, *technology.outputs)):
            continue
        gap = mass_in(park, technology) - mass_out(park, technology)
        if abs(gap) > GAP:
            message = "{into:.4g} t in, {out:.4g} t out and emitted per unit: {gap:+.4g} t are open"
            text = tr(message, into=mass_in(park, technology), out=mass_out(park, technology), gap=gap)
            yield Remark("balance", ("technologies", key), text, "warning")


def _park(holdings: Holdings) -> Park:
    return Park(materials=dict(holdings.materials), technologies=dict(holdings.technologies))


def composition_exceeds_one(holdings: Holdings) -> Iterator[Remark]:
    """A composition that adds up to more than the whole; S within SO3 counts once."""
    for key, material in sorted(holdings.materials.items()):
        total = sum(share for name, share in material.composition.items()
                    if not (name == "S" and "SO3" in material.composition))  # fmt: skip
        if total > 1 + 1e-9:
            yield Remark("composition", ("materials", key, "composition"),
                         tr("adds up to {total:.2%} of the dry mass", total=total))  # fmt: skip


def outside_range(holdings: Holdings) -> Iterator[Remark]:
    """A number outside the range that its own source gives."""
    for shelf in ("materials", "technologies"):
        for key, entry in sorted(getattr(holdings, shelf).items()):
            for path, (low, high) in sorted(entry.ranges.items()):
                value = getattr(entry, path.partition(".")[0], None)
                if "." in path and isinstance(value, dict):
                    value = value.get(path.partition(".")[2])
                if isinstance(value, float) and not low * (1 - 1e-9) <= value <= high * (1 + 1e-9):
                    text = tr("{value:g} is outside its range of {low:g} to {high:g}", value=value, low=low, high=high)
                    yield Remark("contradiction", (shelf, key, "ranges", path), text)


def unknown_codes(holdings: Holdings) -> Iterator[Remark]:
    """A code that its catalogue does not have, or a hazardous code of a waste that is not."""
    known = {name: {entry.text for entry in _values(node)} for name, node in _codes(holdings).items()}
    for key, material in sorted(holdings.materials.items()):
        for catalogue, code in sorted(material.codes.items()):
            at = ("materials", key, "codes", catalogue)
            if catalogue not in known:
                text = tr("unknown catalogue '{name}'", name=catalogue) + did_you_mean(catalogue, known)
                yield Remark("code", at, text)
            elif code not in known[catalogue]:
                starred = f"{code}*"
                hint = tr("; the list has it as '{code}'", code=starred) if starred in known[catalogue] else ""
                yield Remark("code", at, tr("'{code}' is not in the catalogue", code=code) + hint)
            elif code.endswith("*") and material.class_ != "hazardous_waste":
                text = tr("'{code}' marks hazardous waste, the class is {name}", code=code, name=material.class_)
                yield Remark("code", at, text, "warning")


def _codes(holdings: Holdings) -> dict[str, Node]:
    shelf = holdings.root.get("codes")
    return shelf.fields if shelf is not None else {}


def _values(node: Node) -> list[Node]:
    values = node.get("values")
    return values.items if values is not None else []


def unknown_names(holdings: Holdings) -> Iterator[Remark]:
    """A receiver or a need that is not defined."""
    for key, route in sorted(holdings.routes.items()):
        if route.receiver not in holdings.sectors:
            text = tr("unknown sector '{name}'", name=route.receiver) + did_you_mean(route.receiver, holdings.sectors)
            yield Remark("name", ("routes", key, "receiver"), text)
        for i, need in enumerate(route.needs):
            if need not in holdings.needs:
                text = tr("unknown need '{name}'", name=need) + did_you_mean(need, holdings.needs)
                yield Remark("name", ("routes", key, "needs", i), text)


def two_names(holdings: Holdings) -> Iterator[Remark]:
    """Two materials of one name, or an alias that is the name of another material."""
    seen: dict[str, str] = {}
    for key, material in sorted(holdings.materials.items()):
        for name in (material.name.en, material.name.zh):
            word = plain(name or "")
            if word and seen.setdefault(word, key) != key:
                text = tr("'{name}' is also the name of {other}", name=name, other=seen[word])
                yield Remark("contradiction", ("materials", key, "name"), text, "warning")
    for key, aliases in sorted(holdings.aliases.items()):
        for alias in aliases:
            if seen.get(plain(alias), key) != key:
                text = tr("'{name}' is also the name of {other}", name=alias, other=seen[plain(alias)])
                yield Remark("contradiction", ("aliases", key), text)


def two_ratios(holdings: Holdings) -> Iterator[Remark]:
    """A route that says another ratio or share than the technology that it names."""
    for key, route in sorted(holdings.routes.items()):
        technology = holdings.technologies.get(route.technology or "")
        if technology is None:
            continue
        material = treated(holdings, route) or route.waste
        for acceptance in technology.accepts:
            if (acceptance.material, acceptance.replaces) != (material, route.replaces):
                continue
            for field, mine in (("ratio", route.ratio), ("up_to", route.up_to)):
                theirs = getattr(acceptance, field)
                if mine is not None and _differ(mine, theirs):
                    text = tr("{field} is {mine:g} here and {theirs:g} in {technology}", field=field, mine=mine,
                              theirs=theirs, technology=technology.id)  # fmt: skip
                    yield Remark("contradiction", ("routes", key, field), text, "warning")


def _differ(a: float, b: float) -> bool:
    return abs(a - b) > SAME * max(abs(a), abs(b))


def two_origins(holdings: Holdings) -> Iterator[Remark]:
    """One material that two treatments give different origin tonnes (semantics §9)."""
    try:
        origins(_park(holdings))
    except InputError as error:
        for problem in error.problems:
            yield Remark("contradiction", ("materials", problem.path.removeprefix("park.materials.")), problem.message)


def unknown_feeds(holdings: Holdings) -> Iterator[Remark]:
    """A limit that cannot be checked because an ordinary feed of the line is unknown: it refuses every exchange."""
    contents = Contents(_park(holdings))
    for key, technology in sorted(holdings.technologies.items()):
        for i, limit in enumerate(technology.limits):
            feeds = [m for m in technology.uses if m in holdings.materials and holdings.materials[m].is_mass]
            unknown = [m for m in feeds if limit.of != "material" and contents.weighted(m, limit) is None]
            if unknown:
                text = tr("cannot be checked, because {what} of {materials} is unknown", what="+".join(limit.weights),
                          materials=", ".join(unknown))  # fmt: skip
                yield Remark("unknown", ("technologies", key, "limits", i), text, "warning")


def gb175_dates(holdings: Holdings) -> Iterator[Remark]:
    """An addition to common Portland cement that GB 175-2023 has not permitted since 2024-06-01."""
    for key, technology in sorted(holdings.technologies.items()):
        for i, acceptance in enumerate(technology.accepts):
            if _is_common_cement(technology) and _is_excluded(holdings, acceptance.material):
                text = tr("GB 175-2023 permits no {material} in common Portland cement", material=acceptance.material)
                yield Remark("standard", ("technologies", key, "accepts", i), text)
    for key, route in sorted(holdings.routes.items()):
        if _is_addition(holdings, route) and not (route.until and route.until <= LAST_DAY_OF_GB175_2007):
            text = tr("GB 175-2023 permits no {material} in common Portland cement; add  until: 2024-05-31",
                      material=route.waste)  # fmt: skip
            yield Remark("standard", ("routes", key), text)


def _is_common_cement(technology: Technology) -> bool:
    return any(GB175_MARK in limit.weights for limit in technology.limits)


def _is_excluded(holdings: Holdings, material: str) -> bool:
    """Whether a material is one of the excluded slags, or a treatment's product of one."""
    made_of = {t.product: set(t.uses) for t in holdings.technologies.values() if t.kind == "treatment"}
    return bool({material, *made_of.get(material, ())} & set(NO_LONGER_PERMITTED))


def _is_addition(holdings: Holdings, route: Route) -> bool:
    technology = holdings.technologies.get(route.technology or "")
    common = technology is None or _is_common_cement(technology)
    return common and route.waste in NO_LONGER_PERMITTED and (route.replaces, route.product) == ("clinker", "cement")


CHECKS: tuple[Callable[[Holdings], Iterator[Remark]], ...] = (
    without_source,
    unbalanced,
    composition_exceeds_one,
    outside_range,
    unknown_codes,
    unknown_names,
    unknown_feeds,
    two_names,
    two_ratios,
    two_origins,
    gb175_dates,
)
