"""What routes let a technology accept beyond its own list, where a route says enough for it to be reckoned with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from mfa.files.holdings import Holdings
from mfa.park.material import Confidence
from mfa.park.route import Requirement, Route
from mfa.park.technology import Acceptance, Limit, Technology


@dataclass(frozen=True)
class Recipe:
    """What routes ask of a technology.

    Its inputs, what it accepts already, (substance, of) of its limits, and the inputs that have emission factors.
    """

    id: str
    product: str
    uses: Collection[str]
    accepted: Collection[str]
    limited: Collection[tuple[str, str]]
    emits: Collection[str]


def recipe_of(technology: Technology) -> Recipe:
    """Return what routes ask of a technology."""
    limited = {(name, limit.of) for limit in technology.limits for name in limit.weights}
    accepted = {acceptance.material for acceptance in technology.accepts}
    return Recipe(technology.id, technology.product, technology.uses, accepted, limited, technology.emits_per)


def route_acceptances(
    holdings: Holdings, recipe: Recipe, day: date
) -> Iterator[tuple[Route, Acceptance, tuple[Limit, ...]]]:
    """Yield what the routes permitted on a day add to a technology, with the limits on what they bring.

    A route counts where it names the technology, or names none and its receiver runs it and makes the route's product
    with it; where it states what is replaced (an input of the technology) and the ratio; where every treatment that
    it needs has a recipe (what is accepted is then the treated material); where the technology already keeps the limits
    that the route sets on feed or product; and where what the waste emits is known if what it replaces emits anything.
    What is accepted already stays as it is.
    """
    seen = {*recipe.accepted, *recipe.uses}
    for _, route in sorted(holdings.routes.items()):
        if not route.holds_on(day) or not _is_for(holdings, route, recipe):
            continue
        material = treated(holdings, route)
        if material is None or {material, route.waste} & seen or not all(_is_kept(r, recipe) for r in route.limits):
            continue
        acceptance = _acceptance(route, material)
        if acceptance is None or acceptance.replaces not in recipe.uses:
            continue
        if acceptance.replaces not in recipe.emits or material in recipe.emits:
            seen.add(material)
            yield route, acceptance, tuple(r.on(material) for r in route.limits if r.of == "material")


def _acceptance(route: Route, material: str) -> Acceptance | None:
    """Return a route as an acceptance; where it states no share it may cover all of the need, by assumption."""
    if route.replaces is None or route.ratio is None:
        return None
    source, confidence = f"route {route.id}: {route.source}", _share_confidence(route)
    if route.up_to is None:
        source, confidence = f"{source}; share not stated, taken as 100 %", "assumed"
    return Acceptance(material=material, replaces=route.replaces, ratio=route.ratio, up_to=route.up_to or 1.0,
                      source=source, confidence=confidence)  # fmt: skip


def _share_confidence(route: Route) -> Confidence | None:
    """Return the confidence of the less sure of ratio and share."""
    stated = [route.evidence[field].confidence for field in ("ratio", "up_to") if field in route.evidence]
    return "memory" if "memory" in stated else route.confidence


def _is_kept(requirement: Requirement, recipe: Recipe) -> bool:
    return requirement.of == "material" or (requirement.name, requirement.of) in recipe.limited


def treated(holdings: Holdings, route: Route) -> str | None:
    """Return what a route's waste is when its treatments are done; None where a needed treatment has no recipe."""
    material = route.waste
    if route.needs and not route.treatment:
        return None
    for name in route.treatment:
        recipe = holdings.technologies.get(name)
        if recipe is None or material not in recipe.uses:
            return None
        material = recipe.product
    return material


def _is_for(holdings: Holdings, route: Route, recipe: Recipe) -> bool:
    if route.technology is not None:
        return route.technology == recipe.id
    sector = holdings.sectors.get(route.receiver)
    return sector is not None and recipe.id in sector.technologies and route.product == recipe.product
