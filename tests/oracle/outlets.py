"""Where a surplus goes: disposal, the environment, the market (semantics §5, §6.6, §6.7)."""

from __future__ import annotations

from math import inf

from oracle.recipes import Stock
from oracle.world import State, Step, World, add, cap, planned_flow, quantity


def dispose_and_sell(world: World, state: State, done: Step, recording: bool) -> None:
    for at, own in sorted(state.own.items()):
        firm, material = world.park.firms[at[0]], world.park.materials[at[1]]
        keep = max(world.reserve(*at) + _asked_next(world, at), firm.storage.get(at[1], 0.0))
        surplus = own - keep
        if surplus <= 0:
            continue
        if world.park.market_for(at[1], "buys"):
            done.sold[at] = surplus
        elif material.class_ in ("water", "energy", "gas"):
            done.lost[at] = surplus
        else:
            surplus = _place(world, state, at, surplus, recording)
            done.disposed[at] = surplus
        state.own[at] = own - surplus


def _asked_next(world: World, at: Stock) -> float:
    """What links may ask of a stock in a step: kept before anything is disposed of."""
    total = 0.0
    for key, link in world.links.items():
        if (link.from_, link.material) == at:
            to = (link.to, link.material)
            n = quantity(world, to) if link.to in world.park.boundary else world.largest_use(*to)
            total += planned_flow(world, key) if world.planned else min(cap(world, key), n)
    return total


def _place(world: World, state: State, at: Stock, surplus: float, recording: bool) -> float:
    """Return what disposal sites take: cheapest, then nearest, then by id; `room` counts from `start`."""
    sites = [site for site in world.park.boundaries("disposal") if world.park.lists(site.accepts, at[1])]
    sites.sort(key=lambda site: (site.gate_fee, world.park.distance_between(at[0], site.id), site.id))
    left = surplus
    for site in sites:
        room = inf if site.room is None or not recording else max(0.0, site.room - state.placed.get(site.id, 0.0))
        taken = min(left, room)
        if recording:
            add(state.placed, site.id, taken)
        left -= taken
    return surplus - left
