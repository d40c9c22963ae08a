"""Phases 1 to 5 of a step: arrive, produce, request and allocate, dispatch (semantics §6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mfa.step.arrays import Floats, ParkArrays, tally
from mfa.step.intake import Intake, allot
from mfa.step.requests import demand, drop_dust, largest_use, share_as_planned, share_out
from mfa.step.settlement import Production, produce


@dataclass
class State:
    """What the park holds between two steps, dry t or GJ: piles by row, transit by slot and link."""

    own: Floats
    received: Floats
    transit: Floats
    tick: int = 0

    def under_way(self) -> Floats:
        """Return what is in transit, by link."""
        total: Floats = self.transit.sum(axis=0)
        return total


@dataclass(frozen=True)
class Moves:
    """Everything that moved in phases 1 to 5 of one step, dry t or GJ.

    By link: `arrived`, `dispatched` (as delivered), `drawn` (as taken from the source). By pile: `made`, `own_used`,
    `received_used`, `accepted` (by users and towns), `fleeting` (what nobody can store and nobody took).
    `wanted` is what links asked of each pile's own releases, `keep` what the firm's own lines need next.
    """

    intake: Intake
    arrived: Floats
    dispatched: Floats
    drawn: Floats
    made: Floats
    own_used: Floats
    received_used: Floats
    accepted: Floats
    fleeting: Floats
    wanted: Floats
    keep: Floats


def empty_state(arrays: ParkArrays) -> State:
    """Return a state with nothing in it."""
    count = len(arrays.piles.keys)
    return State(np.zeros(count), np.zeros(count), np.zeros((arrays.longest_lead + 1, len(arrays.links.source))))


def own_cap(arrays: ParkArrays) -> Floats:
    """Return by pile what lines may take of own releases in a step under a plan: planned use − planned inflow."""
    count = len(arrays.piles.keys)
    planned = tally(arrays.claims.pile, arrays.claims.largest, count)
    inflow = tally(arrays.links.target, arrays.links.planned, count)
    return np.maximum(planned - inflow, 0.0) * arrays.step


def advance(arrays: ParkArrays, state: State, availability: Floats) -> Moves:
    """Take one step: change `state` and return what moved.

    Args:
        arrays: the park.
        state: the stocks and transit between steps; changed in place.
        availability: by line, 0 to 1.
    """
    arrived, accepted = _arrive(arrays, state)
    cap = own_cap(arrays) if arrays.planned else np.full(len(state.own), np.inf)
    stock = np.minimum(state.own, cap) + state.received
    production = produce(arrays, allot(arrays, stock, availability), cap, availability)
    own_used, received_used = _draw(arrays, state, production, cap)
    return _dispatch(arrays, state, production, availability, (arrived, accepted, own_used, received_used, cap))


def _arrive(arrays: ParkArrays, state: State) -> tuple[Floats, Floats]:
    slot = state.tick % len(state.transit)
    arrived = state.transit[slot].copy()
    state.transit[slot] = 0.0
    coming = tally(arrays.links.target, arrived, len(state.own))
    state.received += np.where(arrays.piles.is_firm, coming, 0.0)
    return arrived, np.where(arrays.piles.is_firm, 0.0, coming)


def _draw(arrays: ParkArrays, state: State, production: Production, cap: Floats) -> tuple[Floats, Floats]:
    """Take what lines used from own releases first, then from received stock (semantics §4); add what was made."""
    intake, piles = production.intake, arrays.piles
    used = tally(arrays.uses.pile, intake.use, len(state.own))
    used += tally(arrays.inputs.pile, intake.direct, len(state.own))
    stored_own = np.minimum(np.minimum(state.own, cap), used)
    own_used = np.where(piles.storable, stored_own, production.own_used)
    received_used = np.where(piles.storable, np.minimum(state.received, used - stored_own), used - production.own_used)
    received_used = np.maximum(received_used, 0.0)
    state.own += np.where(piles.storable, production.made - own_used, 0.0)
    state.received -= np.where(piles.storable, received_used, 0.0)
    return own_used, received_used


def _dispatch(
    arrays: ParkArrays, state: State, production: Production, availability: Floats, moved: tuple[Floats, ...]
) -> Moves:
    arrived, accepted, own_used, received_used, cap = moved
    links, piles = arrays.links, arrays.piles
    largest = largest_use(arrays, availability)
    keep = cap if arrays.planned else largest
    available = np.where(piles.is_firm, np.maximum(state.own - keep, 0.0), piles.supply * arrays.step)
    granted, wanted = _allocate(arrays, state, largest, available)
    granted = drop_dust(granted, arrays.step) + production.granted
    drawn = granted * links.drawn
    stored = granted - production.granted
    slot = (state.tick + links.lead) % len(state.transit)
    state.transit[slot, np.arange(len(slot))] += stored
    out = tally(links.source, drawn, len(state.own))
    state.own -= np.where(piles.storable & piles.is_firm, out, 0.0)
    fleeting = np.where(piles.storable | ~piles.is_firm, 0.0, np.maximum(production.made - own_used - out, 0.0))
    coming = tally(links.target, production.granted, len(state.own))
    accepted = accepted + np.where(piles.is_firm, 0.0, coming)
    state.tick += 1
    return Moves(production.intake, arrived + production.granted, granted, drawn, production.made, own_used,
                 received_used, accepted, fleeting, wanted, keep)  # fmt: skip


def _allocate(arrays: ParkArrays, state: State, largest: Floats, available: Floats) -> tuple[Floats, Floats]:
    """Return what each link of a storable material is granted, and what is asked of each source pile."""
    links = arrays.links
    transit = state.under_way()
    movable = arrays.movable[links.source]
    count = len(state.own)
    if arrays.planned:
        planned = np.where(movable, links.planned * arrays.step, 0.0)
        total = tally(links.target, planned, count)
        share = np.divide(planned, total[links.target], out=np.zeros_like(planned), where=total[links.target] > 0)
        cap = (links.lead + 1.0) * planned - share * state.received[links.target] - transit
        asked = np.where(arrays.piles.is_firm[links.target], np.clip(planned, 0.0, np.maximum(cap, 0.0)), planned)
        granted = share_as_planned(asked, planned, available, links.source, links.drawn)
        return granted, tally(links.source, asked * links.drawn, count)
    asked, n = demand(arrays, largest, state.own, state.received, transit)
    room = np.where(movable, np.minimum(links.at_most * arrays.step, n[links.target]), 0.0)
    granted = share_out(asked, room, available, links.source, links.target, links.rank, links.drawn)
    return granted, tally(links.source, granted * links.drawn, count)
