"""Which kind of firm is missing: what each technology or sector that a park lacks could use of what is left there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mfa.matching.ground import Ground
from mfa.matching.matches import Fit, Recruit, fit_of
from mfa.matching.money import least_sure
from mfa.matching.openings import Scene, route_for
from mfa.matching.ranking import FIT_RANK
from mfa.matching.terms import Form, Terms, forms_of, route_checks
from mfa.park.route import Route
from mfa.park.technology import Technology

Way = tuple[Form, Terms]


def recruits(scene: Scene, park: str, left: Mapping[str, float], most: int) -> list[Recruit]:
    """Return the kinds of firm that a park lacks, by the counted tonnes that they would use beyond the firms there.

    A kind that is there but full may be missing once more: it is marked as present.

    Args:
        scene: the ground with its terms.
        park: name of the park.
        left: waste → t a day that the firms that are there could not take.
        most: so many are returned.
    """
    here = {line.runs for firm in scene.ground.own.firms.values() if (firm.park or "") == park
            for line in firm.lines.values()}  # fmt: skip
    ways = _ways(scene, left)
    found = [_by_technology(scene.ground, park, left, per_waste).replace(present=key in here)
             for key, per_waste in ways.items()]  # fmt: skip
    covered = {(technology, waste) for technology, per_waste in ways.items() for waste in per_waste}
    found += _by_routes(scene, park, left, covered)
    found.sort(key=lambda r: (-r.counted, -r.amount, -sum(r.unchecked.values()), r.capacity or 0.0, r.technology))
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


def _by_technology(ground: Ground, park: str, left: Mapping[str, float], ways: Mapping[str, Way]) -> Recruit:
    first = next(iter(ways.values()))[1].technology
    fits = {waste: fit_of(terms.checks) for waste, (_, terms) in ways.items()}
    sure = {waste: left[waste] for waste in ways if fits[waste] == "yes"}
    routes = {waste: route_for(ground, waste, terms) for waste, (_, terms) in ways.items()}
    named = [route for route in routes.values() if route is not None]
    sector = next((key for key, s in sorted(ground.holdings.sectors.items()) if first.id in s.technologies), "")
    checks = {check.limit: check for _, terms in ways.values() for check in terms.checks}
    sources = dict.fromkeys(terms.acceptance.source for _, terms in ways.values() if terms.acceptance.source)
    return Recruit(
        park=park, technology=first.id, sector=sector, use=first.name, wastes=sure, unchecked=_rest(left, fits),
        treatments=tuple(dict.fromkeys(t for form, _ in ways.values() for t in form.treatment)),
        capacity=capacity_for(first, {w: ways[w] for w in sure}, left) if sure else None,
        unit=ground.park.materials[first.product].unit, counted=_counted(ground, sure), checks=tuple(checks.values()),
        routes=tuple(route.id for route in named), source="; ".join(sources) or None,
        confidence=least_sure(terms.acceptance.confidence for _, terms in ways.values()),
    )  # fmt: skip


def _rest(left: Mapping[str, float], fits: Mapping[str, Fit]) -> dict[str, float]:
    return {waste: left[waste] for waste, fit in fits.items() if fit == "unknown"}


def _counted(ground: Ground, wastes: Mapping[str, float]) -> float:
    return sum(amount for waste, amount in sorted(wastes.items()) if ground.park.materials[waste].is_counted)


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


def _by_routes(scene: Scene, park: str, left: Mapping[str, float], covered: set[tuple[str, str]]) -> Iterator[Recruit]:
    """Yield the kinds of firm that routes name, that the park lacks, and for which the library has no recipe."""
    groups: dict[tuple[str, str], dict[str, Route]] = {}
    for waste in sorted(left):
        for route in scene.ground.routes_of(waste):
            sector = scene.ground.holdings.sectors.get(route.receiver)
            there = any((firm.park or "") == park for firm in scene.sectors.firms_of(route.receiver))
            if sector is None or there or any((t, waste) in covered for t in sector.technologies):
                continue
            groups.setdefault((route.receiver, route.product or ""), {}).setdefault(waste, route)
    for (receiver, _), routes in sorted(groups.items()):
        yield _by_sector(scene.ground, park, left, receiver, routes)


def _by_sector(
    ground: Ground, park: str, left: Mapping[str, float], receiver: str, routes: Mapping[str, Route]
) -> Recruit:
    checked = {waste: route_checks(ground, route, waste) for waste, route in routes.items()}
    fits = {waste: fit_of(checks) for waste, checks in checked.items()}
    sure = {waste: left[waste] for waste, fit in fits.items() if fit == "yes"}
    return Recruit(
        park=park, sector=receiver, use=next(iter(routes.values())).use, wastes=sure, unchecked=_rest(left, fits),
        treatments=tuple(dict.fromkeys(t for route in routes.values() for t in route.treatment)),
        counted=_counted(ground, sure),
        checks=tuple({check.limit: check for checks in checked.values() for check in checks}.values()),
        routes=tuple(route.id for route in routes.values()),
        source="; ".join(dict.fromkeys(route.source for route in routes.values() if route.source)) or None,
        confidence=least_sure(route.confidence for route in routes.values()),
    )  # fmt: skip
