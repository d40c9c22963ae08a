"""Phases 1 to 5 of a step: arrive, produce, request and allocate, dispatch (semantics §6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mfa.step.arrays import Floats, ParkArrays, tally
from mfa.step.intake import Intake, allot
from mfa.step.ledger import Ledger
from mfa.step.requests import demand, drop_dust, largest_use, share_as_planned, share_out
from mfa.step.settlement import Production, produce


@dataclass(frozen=True)
class Moves:
    """Everything that moved in phases 1 to 5 of one step, dry t or GJ.

    By link: `arrived`, `dispatched` (as delivered), `drawn` (as taken from the source). By pile: `made`, `own_used`,
    `received_used`, `accepted` (by users and towns), `surplus` (what nobody can store and nobody took),
    `keep` (what the firm's own lines need next and neither sell nor dispose of).
    """

    intake: Intake
    arrived: Floats
    dispatched: Floats
    drawn: Floats
    made: Floats
    own_used: Floats
    received_used: Floats
    accepted: Floats
    surplus: Floats
    keep: Floats


def own_cap(arrays: ParkArrays) -> Floats:
    """Return by pile what lines may take of own releases in a step under a plan: planned use − planned inflow."""
    count = len(arrays.piles.keys)
    planned = tally(arrays.claims.pile, arrays.claims.largest, count)
    inflow = tally(arrays.links.target, arrays.links.planned, count)
    return np.maximum(planned - inflow, 0.0) * arrays.step


def advance(ledger: Ledger, availability: Floats) -> Moves:
    """Take phases 1 to 5 of one step: change the ledger and return what moved.

    Args:
        ledger: what the park holds; changed in place.
        availability: by line, 0 to 1.
    """
    arrays = ledger.arrays
    arrived, accepted = ledger.arrive()
    cap = own_cap(arrays) if arrays.planned else np.full(len(ledger.own), np.inf)
    stock = np.minimum(ledger.own, cap) + ledger.received
    production = produce(arrays, allot(arrays, stock, availability), cap, availability)
    own_used, received_used = _drawn_from(ledger, production, cap)
    ledger.convert(production.made, own_used, received_used)
    largest = largest_use(arrays, availability)
    keep = cap if arrays.planned else largest
    stored = drop_dust(_allocate(ledger, largest, keep), arrays.step)
    ledger.dispatch(stored, stored * arrays.links.drawn)
    ledger.tick += 1
    flow = stored + production.granted
    surplus, accepted = _settled(arrays, production, own_used, accepted)
    return Moves(production.intake, arrived + production.granted, flow, flow * arrays.links.drawn,
                 production.made, own_used, received_used, accepted, surplus, keep)  # fmt: skip


def _drawn_from(ledger: Ledger, production: Production, cap: Floats) -> tuple[Floats, Floats]:
    """Return what lines take from own releases first, and then from received stock (semantics §4), by pile."""
    arrays, intake = ledger.arrays, production.intake
    count, storable = len(ledger.own), arrays.piles.storable
    used = tally(arrays.uses.pile, intake.use, count) + tally(arrays.inputs.pile, intake.direct, count)
    stored_own = np.minimum(np.minimum(ledger.own, cap), used)
    own_used = np.where(storable, stored_own, production.own_used)
    received_used = np.where(storable, np.minimum(ledger.received, used - stored_own), used - production.own_used)
    return own_used, np.maximum(received_used, 0.0)


def _settled(arrays: ParkArrays, production: Production, own_used: Floats, accepted: Floats) -> tuple[Floats, Floats]:
    """Return by pile what nobody can store and nobody took, and what users and towns accepted in the step."""
    piles, links, count = arrays.piles, arrays.links, len(own_used)
    out = tally(links.source, production.granted * links.drawn, count)
    surplus = np.maximum(production.made - own_used - out, 0.0)
    coming = tally(links.target, production.granted, count)
    return np.where(piles.storable | ~piles.is_firm, 0.0, surplus), accepted + np.where(piles.is_firm, 0.0, coming)


def _allocate(ledger: Ledger, largest: Floats, keep: Floats) -> Floats:
    """Return what each link of a storable material is granted, as delivered (semantics §6.4)."""
    arrays = ledger.arrays
    links, piles, transit = arrays.links, arrays.piles, ledger.under_way()
    available = np.where(piles.is_firm, np.maximum(ledger.own - keep, 0.0), piles.supply * arrays.step)
    movable = arrays.movable[links.source]
    if arrays.planned:
        planned = np.where(movable, links.planned * arrays.step, 0.0)
        total = tally(links.target, planned, len(ledger.own))[links.target]
        share = np.divide(planned, total, out=np.zeros_like(planned), where=total > 0)
        cap = np.maximum((links.lead + 1.0) * planned - share * ledger.received[links.target] - transit, 0.0)
        asked = np.where(piles.is_firm[links.target], np.minimum(planned, cap), planned)
        return share_as_planned(asked, planned, available, links.source, links.drawn)
    asked, n = demand(arrays, largest, ledger.own, ledger.received, transit)
    room = np.where(movable, np.minimum(links.at_most * arrays.step, n[links.target]), 0.0)
    return share_out(asked, room, available, links.source, links.target, links.rank, links.drawn)
