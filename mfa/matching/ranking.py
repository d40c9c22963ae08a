"""The order of the possible users of a waste: what fits before what cannot be checked, then tonnes, then distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mfa.language import tr
from mfa.matching.ground import Ground
from mfa.matching.matches import Fit, Match
from mfa.matching.money import Worth, disposal_fee, transport_cost, worth_of
from mfa.matching.openings import Opening
from mfa.park.park import EARTH_RADIUS_KM, Park
from mfa.park.scenario import LinkDefaults
from mfa.park.values import SMALLEST_FLOW, Text
from mfa.step.arrays import Floats

FIT_RANK: dict[Fit, int] = {"yes": 0, "unknown": 1, "no": 2}
REFUSED = 2 * FIT_RANK["no"]
"""Rank from which an opening is one in name only."""


@dataclass(frozen=True)
class Table:
    """The openings for one waste as columns, so that many sources can be ranked quickly.

    `full` are those without any room left; they are not among the `openings`.
    """

    waste: str
    full: list[Opening]
    openings: list[Opening]
    room: Floats
    rank: Floats
    places: Floats
    worth: list[Worth]


def tabulate(ground: Ground, waste: str, openings: list[Opening]) -> Table:
    """Return the openings for a waste as columns, those without any room apart, unless a limit keeps it out."""
    full = [o for o in openings if _is_full(o)]
    kept = [o for o in openings if not _is_full(o)]
    room = np.array([np.inf if o.room is None else o.room for o in kept])
    # A recipe that names the waste comes before a kind of firm that might take it.
    rank = np.array([2 * FIT_RANK[o.fits] + (o.room is None) for o in kept], dtype=float)
    places = np.array([_place(ground.own, o.user) for o in kept]).reshape(-1, 2)
    fee = disposal_fee(ground.own, waste)
    return Table(waste, full, kept, room, rank, places, [worth_of(ground, o, fee) for o in kept])


def _is_full(opening: Opening) -> bool:
    return opening.room is not None and opening.room <= SMALLEST_FLOW and opening.fits == "yes"


def _place(park: Park, node: str) -> tuple[float, float]:
    return park.node(node).at or (np.nan, np.nan)


def distances(park: Park, source: str, places: Floats) -> Floats:
    """Return straight line × detour factor from a node to places, km; NaN where one is unknown (see Park.distance)."""
    at = np.array(_place(park, source))
    if park.coordinates == "km":
        straight: Floats = np.hypot(places[:, 0] - at[0], places[:, 1] - at[1])
        return straight * park.detour_factor
    (lon1, lat1), lon2, lat2 = np.radians(at), np.radians(places[:, 0]), np.radians(places[:, 1])
    h = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    arc: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, h)))
    return arc * park.detour_factor


@dataclass(frozen=True)
class Terrain:
    """What holds for all sources: the ground, what a new link is like, how far it may go, how many users to name."""

    ground: Ground
    defaults: LinkDefaults
    within: float | None
    most: int
    linked: frozenset[tuple[str, str, str]]


def rank_users(terrain: Terrain, table: Table, source: str, supply: float) -> list[Match]:
    """Return the best users of what a firm has of a waste: inside its park first, then in the region.

    Those that limits or dates keep from taking it come last, and do not count against the number asked for.

    Args:
        terrain: what holds for all sources.
        table: the openings.
        source: the firm.
        supply: dry t (or GJ) a day that nobody uses yet.
    """
    park = terrain.ground.own
    away = distances(park, source, table.places) if len(table.openings) else np.zeros(0)
    allowed = np.array([o.user != source for o in table.openings], dtype=bool)
    if terrain.within is not None:
        allowed &= ~(away > terrain.within)
    amount = np.minimum(table.room, supply)
    home = park.firms[source].park or ""
    inside = np.array([o.park == home for o in table.openings], dtype=bool)
    order = np.lexsort((np.nan_to_num(away), -amount, table.rank))
    found: list[Match] = []
    refused = table.rank >= REFUSED
    for mask, where in ((inside & allowed, "inside"), (~inside & allowed, "region")):
        taking, refusing = ([k for k in order if mask[k] and refused[k] == no][: terrain.most] for no in (False, True))
        for n in (*taking, *refusing):
            distance = None if np.isnan(away[n]) else float(away[n])
            found.append(_match(terrain, table, int(n), (source, where), float(amount[n]), supply, distance))
    return found


def _match(
    terrain: Terrain, table: Table, n: int, from_: tuple[str, str], amount: float, supply: float, distance: float | None
) -> Match:
    opening, worth, ground = table.openings[n], table.worth[n], terrain.ground
    source, where = from_
    route, terms, form = opening.route, opening.terms, opening.form
    by_supply = opening.room is not None and opening.room > supply
    benefit = None
    if worth.per_tonne is not None:
        moved = transport_cost(ground, terrain.defaults, table.waste, distance or 0.0)
        benefit = (worth.per_tonne - moved) * amount
    return Match.model_validate(
        {
            "firm": source, "material": table.waste, "where": where, "user": opening.user, "line": opening.line,
            "technology": terms.technology.id if terms else "", "route": route.id if route else "",
            "use": route.use if route else Text(), "arrives_as": form.material, "treatment": form.treatment,
            "needs": route.needs if route and not form.treatment else (),
            "replaces": terms.acceptance.replaces if terms else (route.replaces or "" if route else ""),
            "ratio": terms.acceptance.ratio if terms else (route.ratio if route else None),
            "linked": any((source, opening.user, m) in terrain.linked for m in (table.waste, form.material)),
            "fits": opening.fits, "checks": opening.checks, "amount": amount if opening.room is not None else None,
            "bounded_by": tr("supply") if by_supply else opening.bounded_by, "distance": distance,
            "benefit": benefit if opening.room is not None else None, "price_confidence": worth.confidence,
            "source": (terms.acceptance.source if terms else None) or (route.source if route else None),
            "confidence": (terms.acceptance.confidence if terms else None) or (route.confidence if route else None),
        }
    )  # fmt: skip
