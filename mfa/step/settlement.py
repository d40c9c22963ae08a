"""Flows that nobody can store: made, shared and used within the step (semantics §6.3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mfa.step.arrays import Bools, Floats, ParkArrays, tally
from mfa.step.intake import Intake, take
from mfa.step.pace import Pace
from mfa.step.requests import largest_use, share_as_planned, share_out

MOST_ROUNDS = 10_000
STILL = 1e-13


@dataclass(frozen=True)
class Production:
    """What lines took and made in a step, and how what cannot be stored was shared.

    `intake` as in `mfa.step.intake`; `made` by pile; `own_used` of what cannot be stored, by pile;
    `granted` by link, as delivered, 0 for links of storable materials.
    """

    intake: Intake
    made: Floats
    own_used: Floats
    granted: Floats


def produce(arrays: ParkArrays, allotted: Floats, own_cap: Floats, availability: Floats) -> Production:
    """Return the greatest activity that stocks, the market and the flows that nobody can store allow.

    Lines start from what storable stocks permit; what a line, user or town was granted becomes its ask in the
    next round, until nothing moves.

    Args:
        arrays: the park.
        allotted: what each claim may take of storable stocks, dry t or GJ (entries of other claims are ignored).
        own_cap: under a plan, what lines may take of own releases in the step, by pile.
        availability: by line, 0 to 1.
    """
    piles, claims = arrays.piles, arrays.claims
    fleeting = ~arrays.piles.storable & piles.is_firm
    of_fleeting = fleeting[claims.pile]
    if not (of_fleeting.any() or (~arrays.movable[arrays.links.source]).any()):
        intake = take(arrays, allotted, availability)
        nothing = np.zeros(len(piles.keys))
        return Production(intake, _made(arrays, intake), nothing, np.zeros(len(arrays.links.source)))
    allowed = np.where(of_fleeting, claims.largest * availability[claims.line] * arrays.step, allotted)
    asked_outside = piles.quota * arrays.step
    largest = largest_use(arrays, availability)
    outside, pace = ~piles.is_firm & ~arrays.movable, Pace()
    for _ in range(MOST_ROUNDS):
        intake = take(arrays, allowed, availability)
        made = _made(arrays, intake)
        asked = np.where(of_fleeting, _claimed(arrays, intake), 0.0)
        asked_firm = tally(claims.pile, asked, len(made))
        own_used = np.where(fleeting, np.minimum(asked_firm, made), 0.0)
        if arrays.planned:
            own_used = np.minimum(own_used, own_cap)
        open_demand = np.where(fleeting, asked_firm - own_used, asked_outside)
        granted = _grant(
            arrays,
            open_demand,
            np.where(fleeting, np.maximum(largest - own_used, 0.0), piles.quota * arrays.step),
            made - own_used,
        )
        received = tally(arrays.links.target, granted, len(made))
        share = np.divide(own_used + received, asked_firm, out=np.ones_like(made), where=asked_firm > 0)
        got = np.where(of_fleeting, asked * np.minimum(share, 1.0)[claims.pile], allowed)
        if not (_moved(asked, got, of_fleeting) or _moved(asked_outside, received, outside)):
            break
        start = np.concatenate([allowed, asked_outside])
        start = pace.onward(start, np.concatenate([got, np.where(outside, received, asked_outside)]))
        allowed, asked_outside = np.split(start, [len(allowed)])
    return Production(intake, made, own_used, granted)


def _moved(asked: Floats, got: Floats, where: Bools) -> bool:
    return bool((np.abs(asked - got)[where] > STILL * np.maximum(1.0, asked[where])).any())


def _made(arrays: ParkArrays, intake: Intake) -> Floats:
    amount = arrays.made.per_activity * intake.activity[arrays.made.line] * arrays.step
    return tally(arrays.made.pile, amount, len(arrays.piles.keys))


def _claimed(arrays: ParkArrays, intake: Intake) -> Floats:
    claims = arrays.claims
    count = len(claims.pile)
    return tally(claims.of_use, intake.use, count) + tally(claims.of_input, intake.direct, count)


def _grant(arrays: ParkArrays, asked: Floats, largest: Floats, available: Floats) -> Floats:
    links = arrays.links
    stored = arrays.movable[links.source]
    supply = np.where(arrays.piles.is_firm, np.maximum(available, 0.0), arrays.piles.supply * arrays.step)
    if arrays.planned:
        wish = np.where(stored, 0.0, links.planned * arrays.step)
        total = tally(links.target, wish, len(asked))
        share = np.divide(asked, total, out=np.ones_like(total), where=total > asked)
        return share_as_planned(wish * share[links.target], wish, supply, links.source, links.drawn)
    room = np.where(stored, 0.0, np.minimum(links.at_most * arrays.step, largest[links.target]))
    return share_out(asked, room, supply, links.source, links.target, np.zeros_like(links.rank), links.drawn)
