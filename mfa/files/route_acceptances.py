"""What routes let a technology accept beyond its own list, where a route says enough for it to be reckoned with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from mfa.files.holdings import Holdings
from mfa.language import tr
from mfa.park.material import Confidence
from mfa.park.route import Route
from mfa.park.technology import Acceptance, Technology


def route_acceptances(
    holdings: Holdings, technology: str, product: str, uses: Collection[str], accepted: Collection[str], day: date
) -> Iterator[tuple[Route, Acceptance]]:
    """Yield what permitted routes add to the acceptances of a technology.

    A route counts where it names the technology, or where its receiver runs it and makes the route's product with it;
    where it states what is replaced, an input of the technology, and the ratio; and where every treatment that it
    needs has a recipe: what is accepted is then the treated material. What is accepted already stays as it is.

    Args:
        holdings: the library.
        technology: its id.
        product: its main product.
        uses: its inputs.
        accepted: materials that it accepts already, whatever they replace.
        day: on which the route must be permitted.
    """
    seen = set(accepted) | set(uses)
    for _, route in sorted(holdings.routes.items()):
        material = treated(holdings, route)
        if not _is_for(holdings, route, technology, product) or not route.holds_on(day):
            continue
        if route.replaces not in uses or route.ratio is None or material is None or {material, route.waste} & seen:
            continue
        seen.add(material)
        yield route, acceptance_of(route, material)


def acceptance_of(route: Route, material: str) -> Acceptance:
    """Return a route as an acceptance; where the route states no share it may cover all of the need, by assumption."""
    assert route.replaces is not None
    assert route.ratio is not None
    source = tr("route {route}: {source}", "en", route=route.id, source=route.source or "")
    if route.up_to is None:
        source += tr("; share not stated, taken as 100 %", "en")
    confidence: Confidence | None = "assumed" if route.up_to is None else _share_confidence(route)
    return Acceptance(material=material, replaces=route.replaces, ratio=route.ratio, up_to=route.up_to or 1.0,
                      source=source, confidence=confidence)  # fmt: skip


def _share_confidence(route: Route) -> Confidence | None:
    """Return the confidence of the less sure of ratio and share."""
    stated = [route.evidence[field].confidence for field in ("ratio", "up_to") if field in route.evidence]
    return "memory" if "memory" in stated else route.confidence


def treated(holdings: Holdings, route: Route) -> str | None:
    """Return what a route's waste is when its treatments are done; None where a needed treatment has no recipe."""
    material = route.waste
    if route.needs and not route.treatment:
        return None
    for name in route.treatment:
        recipe: Technology | None = holdings.technologies.get(name)
        if recipe is None or material not in recipe.uses:
            return None
        material = recipe.product
    return material


def _is_for(holdings: Holdings, route: Route, technology: str, product: str) -> bool:
    if route.technology is not None:
        return route.technology == technology
    sector = holdings.sectors.get(route.receiver)
    return sector is not None and technology in sector.technologies and route.product == product
