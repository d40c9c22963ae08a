"""Which kind of firm is missing: what each technology or sector that a park lacks could use of what is left there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mfa.matching.ground import MATCHED_CLASSES, Ground
from mfa.matching.matches import Fit, Recruit, fit_of
from mfa.matching.openings import Scene, route_for
from mfa.matching.ranking import FIT_RANK
from mfa.matching.terms import Form, Terms, forms_of, route_checks
from mfa.park.route import Route
from mfa.park.statements import least_sure
from mfa.park.technology import Technology
from mfa.park.values import DAYS_PER_YEAR

Way = tuple[Form, Terms]

LARGEST_PLANT = {"t": 2e6 / DAYS_PER_YEAR, "GJ": 2e7 / DAYS_PER_YEAR}
"""Largest plant that a park may hope for, units of main product a day, where the recipe names none.

Assumed: 2 Mt a year, about a kiln line of 5 000 to 6 000 t of clinker a day, and 20 PJ a year, two units of 350 MW.
"""


@dataclass(frozen=True)
class Lack:
    """What a park has left: by waste, t (or GJ) a day, beside all that it generates that counts for utilisation."""

    park: str
    left: Mapping[str, float]
    generated: float


def recruits(scene: Scene, lack: Lack, most: int) -> list[Recruit]:
    """Return the kinds of firm that a park lacks, by the counted tonnes that one plant would use beyond those there.

    A kind that is there but full may be missing once more: it is marked as present. Kinds without a recipe come last,
    as nobody can tell the size of their plant.

    Args:
        scene: the ground with its terms.
        lack: what the firms that are there could not take.
        most: so many are returned.
    """
    here = {line.runs for firm in scene.ground.own.firms.values() if (firm.park or "") == lack.park
            for line in firm.lines.values()}  # fmt: skip
    ways = _ways(scene, lack.left)
    found = [_by_technology(scene.ground, lack, per_waste).replace(present=key in here)
             for key, per_waste in ways.items()]  # fmt: skip
    covered = {(technology, waste) for technology, per_waste in ways.items() for waste in per_waste}
    found += _by_routes(scene, lack, covered)
    found.sort(key=lambda r: (not r.technology, -r.counted, -r.amount, -sum(r.unchecked.values()), r.capacity or 0.0,
                              r.technology))  # fmt: skip
    return [recruit for recruit in found if recruit.wastes or recruit.unchecked][:most]


def _ways(scene: Scene, left: Mapping[str, float]) -> dict[str, dict[str, Way]]:
    """Return technology → waste → the best way to use it there."""
    ways: dict[str, dict[str, Way]] = {}
    for waste in sorted(left):
        for form in forms_of(scene.ground, waste):
            for terms in scene.book.terms_for(form.material):
                if terms.most <= 0 or fit_of(terms.checks) == "no":
                    continue
                per_waste = ways.setdefault(terms.technology.id, {})
                if waste not in per_waste or _order(form, terms) < _order(*per_waste[waste]):
                    per_waste[waste] = (form, terms)
    return ways


def _order(form: Form, terms: Terms) -> tuple[int, int, float]:
    return FIT_RANK[fit_of(terms.checks)], len(form.treatment), -terms.most


def _by_technology(ground: Ground, lack: Lack, all_ways: Mapping[str, Way]) -> Recruit:
    ways, left = _of_one_kind(ground, all_ways), lack.left
    first = next(iter(ways.values()))[1].technology
    fits = {waste: fit_of(terms.checks) for waste, (_, terms) in ways.items()}
    sure = {waste: left[waste] for waste in ways if fits[waste] == "yes"}
    wanted = capacity_for(first, {w: ways[w] for w in sure}, left) if sure else None
    unit = ground.park.materials[first.product].unit
    taken = min(1.0, (first.capacity or LARGEST_PLANT[unit]) / wanted) if wanted else 1.0
    sure = {waste: taken * amount for waste, amount in sure.items()}
    routes = {waste: route_for(ground, waste, terms) for waste, (_, terms) in ways.items()}
    checks = {check.limit: check for _, terms in ways.values() for check in terms.checks}
    sources = dict.fromkeys(terms.acceptance.source for _, terms in ways.values() if terms.acceptance.source)
    return Recruit(
        park=lack.park, technology=first.id, use=first.name, wastes=sure, unchecked=_rest(left, fits),
        sector=next((key for key, s in sorted(ground.holdings.sectors.items()) if first.id in s.technologies), ""),
        treatments=tuple(dict.fromkeys(t for form, _ in ways.values() for t in form.treatment)),
        capacity=taken * wanted if wanted else None, is_largest=taken < 1, unit=unit,
        measure=ground.park.materials[next(iter(ways))].unit, checks=tuple(checks.values()),
        routes=tuple(route.id for route in routes.values() if route is not None), source="; ".join(sources) or None,
        confidence=least_sure(terms.acceptance.confidence for _, terms in ways.values()),
        **_counted(ground, lack, sure),
    )  # fmt: skip


def _of_one_kind(ground: Ground, ways: Mapping[str, Way]) -> dict[str, Way]:
    """Return the ways of by-products and wastes, else of other masses, else of energy: their amounts can be summed."""

    def kind(waste: str) -> int:
        material = ground.park.materials[waste]
        return 2 * (not material.is_mass) + (material.class_ not in MATCHED_CLASSES)

    best = min(map(kind, ways))
    return {waste: way for waste, way in ways.items() if kind(waste) == best}


def _rest(left: Mapping[str, float], fits: Mapping[str, Fit]) -> dict[str, float]:
    return {waste: left[waste] for waste, fit in fits.items() if fit == "unknown"}


def _counted(ground: Ground, lack: Lack, wastes: Mapping[str, float]) -> dict[str, float | None]:
    """Return what of some wastes counts for utilisation, and what it would add to the rate of the park."""
    counted = sum(amount for waste, amount in sorted(wastes.items()) if ground.park.materials[waste].is_counted)
    return {"counted": counted, "gain": counted / lack.generated if lack.generated > 0 else None}


def capacity_for(technology: Technology, ways: Mapping[str, Way], left: Mapping[str, float]) -> float:
    """Return the smallest plant that takes all of some wastes together, units of its main product a day.

    It is the largest of what each input's need (Σ ratio·use ≤ need), each share (ratio·use ≤ up_to·need) and each
    limit (Σ pull·use ≤ activity) asks for.
    """
    covered: dict[str, float] = {}
    pulled: dict[str, float] = {}
    largest = 0.0
    for waste, (form, terms) in sorted(ways.items()):
        amount, acceptance = left[waste] * form.per_tonne, terms.acceptance
        need = technology.uses[acceptance.replaces]
        asked = acceptance.ratio * amount / need
        covered[acceptance.replaces] = covered.get(acceptance.replaces, 0.0) + asked
        largest = max(largest, asked / acceptance.up_to)
        for limit, pull in terms.pulls.items():
            pulled[limit] = pulled.get(limit, 0.0) + pull * amount
    return max(largest, *covered.values(), *pulled.values())


def _by_routes(scene: Scene, lack: Lack, covered: set[tuple[str, str]]) -> Iterator[Recruit]:
    """Yield the kinds of firm that routes name, that the park lacks, and for which the library has no recipe."""
    groups: dict[tuple[str, str], dict[str, Route]] = {}
    for waste in sorted(lack.left):
        for route in scene.ground.routes_of(waste):
            sector = scene.ground.holdings.sectors.get(route.receiver)
            there = any((firm.park or "") == lack.park for firm in scene.sectors.firms_of(route.receiver))
            if sector is None or there or any((t, waste) in covered for t in sector.technologies):
                continue
            unit = scene.ground.park.materials[waste].unit
            groups.setdefault((route.receiver, f"{route.product or ''} {unit}"), {}).setdefault(waste, route)
    for (receiver, _), routes in sorted(groups.items()):
        yield _by_sector(scene.ground, lack, receiver, routes)


def _by_sector(ground: Ground, lack: Lack, receiver: str, routes: Mapping[str, Route]) -> Recruit:
    checked = {waste: route_checks(ground, route, waste) for waste, route in routes.items()}
    fits = {waste: fit_of(checks) for waste, checks in checked.items()}
    sure = {waste: lack.left[waste] for waste, fit in fits.items() if fit == "yes"}
    return Recruit(
        park=lack.park, sector=receiver, use=next(iter(routes.values())).use, wastes=sure,
        unchecked=_rest(lack.left, fits), measure=ground.park.materials[next(iter(routes))].unit,
        treatments=tuple(dict.fromkeys(t for route in routes.values() for t in route.treatment)),
        checks=tuple({check.limit: check for checks in checked.values() for check in checks}.values()),
        routes=tuple(route.id for route in routes.values()),
        source="; ".join(dict.fromkeys(route.source for route in routes.values() if route.source)) or None,
        confidence=least_sure(route.confidence for route in routes.values()), **_counted(ground, lack, sure),
    )  # fmt: skip
