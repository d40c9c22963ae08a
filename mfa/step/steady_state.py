"""The state at rest: what a park does when nothing disturbs it (semantics §7)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mfa.park.park import Park
from mfa.step.arrays import Floats, ParkArrays, compile_park, tally
from mfa.step.feeds import Unknown
from mfa.step.ledger import Ledger
from mfa.step.phases import Moves, advance, own_cap
from mfa.step.requests import largest_use

AT_REST = 1e-12
LEAST_DRIFT = 1e-8
"""Piles that move by less than this in a step are settling, not drifting."""
MOST_STEPS = 2_000


@dataclass(frozen=True)
class SteadyState:
    """The park at rest. Rates per day, dry.

    `activity` (firm, line) → units of main product; `flow` link id → amount delivered;
    `used` (firm, line, material, replaced input) → amount; `short` what keeps a line below its target;
    `at_rest` is False where the park still moved after 2,000 steps.
    """

    activity: dict[tuple[str, str], float]
    flow: dict[str, float]
    used: dict[tuple[str, str, str, str], float]
    short: list[tuple[str, str, str]]
    at_rest: bool
    moves: Moves
    ledger: Ledger


def steady_state(park: Park, unknown: Unknown = "refuse", step: float = 1.0, rule: str = "pro_rata") -> SteadyState:
    """Return the park at rest, without disruptions and disposal.

    Args:
        park: the park; its candidate links carry nothing.
        unknown: whether exchanges with unknown limited substances are refused or allowed.
        step: length of a step, days.
        rule: how a short source shares.
    """
    rest = park_at_rest(park, unknown, step, rule)
    return describe(rest.arrays, rest.moves, rest.ledger, rest.found)


@dataclass(frozen=True)
class Rest:
    """A park at rest as arrays; `found` is False where it still moved in the end. Copy the ledger to change it."""

    arrays: ParkArrays
    moves: Moves
    ledger: Ledger
    found: bool


@lru_cache(maxsize=8)
def park_at_rest(park: Park, unknown: Unknown, step: float, rule: str) -> Rest:
    """Return the park at rest; validation, simulation and optimiser ask for the same one, so it is kept.

    Lines under construction stand still (see `steady_state` for the arguments).
    """
    arrays = compile_park(park, step, unknown, rule)
    availability = np.where(arrays.lines.ready > 0, 0.0, 1.0)
    return Rest(arrays, *find_rest(arrays, availability))


def find_rest(arrays: ParkArrays, availability: Floats) -> tuple[Moves, Ledger, bool]:
    """Step the park until nothing moves by 1e-12 for the longest lead plus two steps.

    Every line starts at target × availability and every link with min(at_most, n) × lead in transit. What may not
    move are activities, flows, uses and received stocks, and no own pile may still be drawn down: flows alone can
    stand still for a while as a pile fills or empties. Own piles may grow, for nothing is disposed of. While only
    piles drift, the search leaps half of the way to where they end.
    """
    ledger = _first_ledger(arrays, availability)
    patience = arrays.longest_lead + 2
    still, level, before = 0, 0, np.full(0, np.nan)
    moves = advance(ledger, availability)
    for _ in range(MOST_STEPS):
        own, received = ledger.own.copy(), ledger.received.copy()
        moves = advance(ledger, availability)
        now = _what_moves(arrays, moves)
        drift = _drift(own, ledger.own, moves.keep, ledger.received - received)
        level = level + 1 if _alike(before, now) else 0
        still, before = (still + 1 if level and drift is None else 0), now
        if still >= patience:
            return moves, ledger, True
        if level >= patience and drift is not None:
            _leap(ledger, drift, moves.keep, availability)
            level = 0
    return moves, ledger, False


def _what_moves(arrays: ParkArrays, moves: Moves) -> Floats:
    intake = moves.intake
    return np.concatenate([intake.activity * arrays.step, intake.use, intake.direct, moves.dispatched])


def _alike(before: Floats, now: Floats) -> bool:
    return before.shape == now.shape and bool((np.abs(now - before) <= AT_REST * np.maximum(1.0, now)).all())


def _drift(before: Floats, own: Floats, keep: Floats, received: Floats) -> tuple[Floats, Floats] | None:
    """Return by pile how own releases and received stock change in a step; None where both are at rest.

    Own releases that grow count only below what is kept for own use: above it they are surplus, which may grow.
    """
    change = own - before
    change = np.where((change < 0) | (own < keep * (1 - AT_REST)), change, 0.0)
    moving = [np.abs(amount) > AT_REST * np.maximum(1.0, np.abs(own)) for amount in (change, received)]
    return (change, received) if moving[0].any() or moving[1].any() else None


def _leap(ledger: Ledger, drift: tuple[Floats, Floats], keep: Floats, availability: Floats) -> None:
    """Let drifting piles drift half of the way to empty or full at once; it only shortens the search for rest."""
    arrays = ledger.arrays
    own, received = (np.where(np.abs(d) > LEAST_DRIFT, d, 0.0) for d in drift)
    lead = np.zeros(len(own))
    np.maximum.at(lead, arrays.links.target, arrays.links.lead.astype(float))
    full = (lead + 1.0) * largest_use(arrays, availability)
    ways = [
        (ledger.own, -own),
        (keep - ledger.own, own),
        (ledger.received, -received),
        (full - ledger.received, received),
    ]
    steps = min(float(np.min(room[speed > 0] / speed[speed > 0], initial=np.inf)) for room, speed in ways)
    steps = math.floor(0.5 * steps) if math.isfinite(steps) else 0
    if steps >= 1:
        ledger.own = np.maximum(ledger.own + steps * own, 0.0)
        ledger.received = np.maximum(ledger.received + steps * received, 0.0)


def _first_ledger(arrays: ParkArrays, availability: Floats) -> Ledger:
    """Return the stocks after a first step in which every line ran at target × availability, with full links."""
    ledger = Ledger.empty(arrays)
    links, made = arrays.links, arrays.made
    activity = arrays.lines.target * availability
    released = tally(made.pile, made.per_activity * activity[made.line] * arrays.step, len(ledger.own))
    ledger.own += np.where(arrays.piles.storable, released, 0.0)
    largest = largest_use(arrays, availability)
    n = np.where(arrays.piles.is_firm, np.maximum(largest - ledger.own, 0.0), arrays.piles.quota * arrays.step)
    full = np.minimum(links.at_most * arrays.step, n[links.target])
    full = np.where(arrays.movable[links.source], links.planned * arrays.step if arrays.planned else full, 0.0)
    for slots_ahead in range(int(links.lead.max(initial=0))):
        ledger.transit[slots_ahead] = np.where(links.lead > slots_ahead, full, 0.0)
    return ledger


def starting_stock(arrays: ParkArrays, moves: Moves, ledger: Ledger) -> Ledger:
    """Return the stocks at rest from which a run starts: of own releases what is needed next and storage keeps."""
    limit = np.where(np.isfinite(arrays.piles.storage), arrays.piles.storage, 0.0)
    keep = own_cap(arrays) if arrays.planned else moves.keep
    own = np.minimum(ledger.own, keep + limit)
    own = np.where(arrays.piles.is_firm, own, 0.0)
    transit = np.roll(ledger.transit, -(ledger.tick % len(ledger.transit)), axis=0)
    return Ledger(arrays, own, ledger.received.copy(), transit, 0)


def describe(arrays: ParkArrays, moves: Moves, ledger: Ledger, at_rest: bool) -> SteadyState:
    """Return the state at rest by ids, in rates per day."""
    step, intake, inputs, uses = arrays.step, moves.intake, arrays.inputs, arrays.uses
    lines = arrays.lines.keys
    activity = {key: float(a) for key, a in zip(lines, intake.activity, strict=True)}
    flow = {link.id: float(f / step) for link, f in zip(arrays.links.links, moves.dispatched, strict=True)}
    used = {
        (*lines[line], material, inputs.material[of_input]): float(amount / step)
        for line, material, of_input, amount in zip(uses.line, uses.material, uses.input, intake.use, strict=True)
    }
    used |= {
        (*lines[line], m, m): float(amount / step)
        for line, m, amount in zip(inputs.line, inputs.material, intake.direct, strict=True)
    }
    slow = intake.activity < arrays.lines.target * (1 - 1e-9)
    short = [
        (*lines[line], m)
        for line, m, sold in zip(inputs.line, inputs.material, inputs.sold, strict=True)
        if slow[line] and not sold
    ]
    return SteadyState(activity, flow, used, short, at_rest, moves, ledger)
