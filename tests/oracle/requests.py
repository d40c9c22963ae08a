"""Requests and allocation: who asks whom for how much, and who gets it (semantics §6.4, §6.5)."""

from __future__ import annotations

from collections.abc import Iterable

from mfa.park.values import SMALLEST_FLOW
from oracle import recipes
from oracle.recipes import Stock
from oracle.world import NOTHING, PATIENCE, State, Step, World, cap, next_use, planned_flow, quantity


def request(world: World, state: State, done: Step) -> None:
    left = {at: max(0.0, own - _kept_back(world, at)) for at, own in state.own.items()}
    left |= sources(world, [m for m in world.park.materials if world.storable(m)])
    demand: dict[Stock, float] = {}
    carry: dict[str, float] = {}
    for at, keys in world.into.items():
        if not world.storable(at[1]):
            continue
        n = quantity(world, at) if at[0] in world.park.boundary else next_use(world, state, at)
        carry |= {k: min(cap(world, k), n) for k in keys}
        demand[at] = n
        if at[0] in world.park.firms:
            longest = max(world.leads[k] for k in keys)
            coming = sum(sum(state.transit[k]) for k in keys)
            demand[at] = min(n, max(0.0, (longest + 1) * n - state.received.get(at, 0.0) - coming))
    if world.planned:
        carry = {k: _planned_ask(world, state, k) for k in carry}
        demand = {at: sum(carry[k] for k in keys) for at, keys in world.into.items() if world.storable(at[1])}
    sent = share_out(world, demand, carry, left, "planned" if world.planned else world.allocation)
    for key, amount in sent.items():
        link = world.links[key]
        if link.from_ in world.park.firms:
            at = (link.from_, link.material)
            state.own[at] = max(0.0, state.own[at] - amount / (1 - link.loss))
        state.transit[key][world.leads[key] - 1] += amount
        done.sent[key] = amount


def _kept_back(world: World, at: Stock) -> float:
    return world.reserve(*at) if world.reading.reserve_first else 0.0


def _planned_ask(world: World, state: State, key: str) -> float:
    link, planned = world.links[key], planned_flow(world, key)
    at = (link.to, link.material)
    among = sum(planned_flow(world, k) for k in world.into[at])
    if planned <= 0:
        return 0.0
    if link.to in world.park.boundary:
        return planned
    share = state.received.get(at, 0.0) * planned / among
    return min(planned, max(0.0, (world.leads[key] + 1) * planned - share - sum(state.transit[key])))


def sources(world: World, materials: Iterable[str]) -> dict[Stock, float]:
    return {
        (key, m): recipes.supply_rate(world.park, key, m) * world.step
        for key, node in world.park.boundary.items()
        if node.kind == "source"
        for m in materials
        if m in node.sells
    }


def share_out(
    world: World, demand: dict[Stock, float], carry: dict[str, float], left: dict[Stock, float], rule: str
) -> dict[str, float]:
    """Ask the links of every receiver in proportion to what each can still carry, again until nothing moves."""
    left = dict(left)
    granted = dict.fromkeys(carry, 0.0)
    first = world.reading.first_ask == "every_link"
    for again in range(PATIENCE):
        asks: dict[str, float] = {}
        for at, wanted in demand.items():
            keys = [k for k in world.into.get(at, ()) if k in carry]
            unmet = wanted - sum(granted[k] for k in keys)
            room = {
                k: carry[k] - granted[k]
                for k in keys
                if (first and not again) or left.get(_source(world, k), 0.0) > NOTHING
            }
            total = sum(room.values())
            if unmet > NOTHING and total > NOTHING:
                asks |= {k: r * min(1.0, unmet / total) for k, r in room.items() if r > 0}
        moved = 0.0
        for at in sorted({_source(world, k) for k in asks}):
            mine = {k: asks[k] for k in asks if _source(world, k) == at}
            for k, amount in _ration(world, mine, left.get(at, 0.0), rule).items():
                granted[k] += amount
                left[at] = left.get(at, 0.0) - amount / (1 - world.links[k].loss)
                moved = max(moved, amount)
            left[at] = max(0.0, left.get(at, 0.0))
        if moved <= NOTHING:
            break
    return {k: amount if amount > SMALLEST_FLOW * world.step else 0.0 for k, amount in granted.items()}


def _source(world: World, key: str) -> Stock:
    return world.links[key].from_, world.links[key].material


def _ration(world: World, asks: dict[str, float], there: float, rule: str) -> dict[str, float]:
    """Share what a source has among the links that ask."""
    ranks = {k: _rank(world, k, rule) for k in asks}
    granted = {}
    for rank in sorted(set(ranks.values())):
        group = {k: asks[k] / (1 - world.links[k].loss) for k in asks if ranks[k] == rank}
        total = sum(group.values())
        factor = 1.0 if total <= there else there / total
        granted |= {k: asks[k] * factor for k in group}
        there = max(0.0, there - total)
    return granted


def _rank(world: World, key: str, rule: str) -> float:
    link = world.links[key]
    if rule == "priority":
        return link.priority
    if rule == "nearest":
        return world.park.distance(link)
    if rule == "best_price":
        return -link.price
    return 0.0
