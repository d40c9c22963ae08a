"""The state at rest of semantics §7."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from math import log2

from mfa.park.scenario import Scenario
from oracle.recipes import TEXT, LineKey, Reading, Stock
from oracle.step import advance
from oracle.world import NOTHING, PATIENCE, State, Step, World, add, cap, next_use, planned_flow, quantity, world_of


@dataclass(frozen=True)
class AtRest:
    """The steady state: rates per day, the state itself, and whether it was reached."""

    activity: dict[LineKey, float]
    flow: dict[str, float]
    state: State
    steps: int
    reached: bool
    last: Step


def start(world: World) -> State:
    """Every line at target, every link carrying min(at_most, n) × lead (semantics §7)."""
    state = State()
    for key, (_, tech) in world.lines.items():
        for m, rate in tech.outputs.items():
            if world.storable(m):
                add(state.own, (key[0], m), rate * world.target(key))
    for key, link in world.links.items():
        at = (link.to, link.material)
        n = quantity(world, at) if link.to in world.park.boundary else next_use(world, state, at)
        load = planned_flow(world, key) if world.planned else min(cap(world, key), n)
        state.transit[key] = [load] * world.leads[key]
    return state


def steady_state(scenario: Scenario, reading: Reading = TEXT) -> AtRest:
    """Return the state at rest of phases 1–5, without disposal or sale."""
    world = world_of(scenario, reading)
    state, still, count, before = start(world), 0, 0, None
    while count < PATIENCE:
        count += 1
        earlier = deepcopy(state)
        done = advance(world, state, final=False)
        now = moving(done, reading)
        still, before = still + 1 if same(now, before) else 0, now
        if still >= world.longest_lead + 2:
            drifts = {} if reading.rest == "flows" else drifting(world, earlier, state)
            if not drifts:
                break
            leap(world, state, drifts, now)
    return AtRest(
        activity={key: amount / world.step for key, amount in done.activity.items()},
        flow={key: amount / world.step for key, amount in done.sent.items()},
        state=state,
        steps=count,
        reached=still >= world.longest_lead + 2,
        last=done,
    )


def moving(done: Step, reading: Reading) -> dict[object, float]:
    """What must not move: activities and link flows; what each line takes too, where stocks must rest as well."""
    now: dict[object, float] = dict(done.activity) | dict(done.sent)
    return now if reading.rest == "flows" else now | dict(done.used)


def same(now: dict[object, float], before: dict[object, float] | None) -> bool:
    return before is not None and all(
        abs(now.get(k, 0.0) - before.get(k, 0.0)) <= NOTHING for k in now.keys() | before.keys()
    )


def drifting(world: World, earlier: State, state: State) -> dict[tuple[str, Stock], float]:
    """Return the piles whose steady growth or fall will one day move a flow, with their change per step.

    Received piles that move at all; own piles that fall, or that grow but are still below what is kept for own use.
    """
    drifts = {}
    for at, amount in state.received.items():
        drifts["received", at] = amount - earlier.received.get(at, 0.0)
    for at, amount in state.own.items():
        change = amount - earlier.own.get(at, 0.0)
        drifts["own", at] = change if change < 0 or amount < world.reserve(*at) - NOTHING else 0.0
    return {key: change for key, change in drifts.items() if abs(change) > NOTHING * max(1.0, _pile(state, key))}


def _pile(state: State, key: tuple[str, Stock]) -> float:
    return (state.own if key[0] == "own" else state.received).get(key[1], 0.0)


def leap(world: World, state: State, drifts: dict[tuple[str, Stock], float], now: dict[object, float]) -> None:
    """Let every drifting pile move on as it does, as far as the step after it is still the same."""
    longest = min([2.0**30] + [_pile(state, key) / -change for key, change in drifts.items() if change < 0])
    steps = 2 ** int(log2(max(1.0, longest)))
    while steps >= 2:
        there = deepcopy(state)
        for key, change in drifts.items():
            (there.own if key[0] == "own" else there.received)[key[1]] = _pile(state, key) + steps * change
        tried = deepcopy(there)
        if same(moving(advance(world, tried, final=False), world.reading), now):
            state.own, state.received = there.own, there.received
            return
        steps //= 2
