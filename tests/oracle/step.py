"""One step of the reference simulation: the phases of semantics §6 as loops over dicts.

Amounts are per step (t or GJ). Slow on purpose: every rule stands where the text has it.
"""

from __future__ import annotations

from math import inf

from oracle.intake import run_line
from oracle.outlets import dispose_and_sell
from oracle.recipes import LineKey, Option, Stock
from oracle.requests import request, share_out, sources
from oracle.world import NOTHING, PATIENCE, State, Step, World, add, cap, planned_flow, quantity


def advance(world: World, state: State, final: bool = True, recording: bool = False) -> Step:
    """Do one step in place; `final` includes disposal and sale, which the steady state leaves out."""
    done = Step()
    _arrive(world, state, done)
    granted = _produce(world, state, done)
    request(world, state, done)
    done.sent |= granted
    if final:
        dispose_and_sell(world, state, done, recording)
    return done


def _arrive(world: World, state: State, done: Step) -> None:
    for key, link in world.links.items():
        if not world.storable(link.material):
            continue
        due = state.transit[key].pop(0)
        state.transit[key].append(0.0)
        if link.to in world.park.firms:
            add(state.received, (link.to, link.material), due)
        else:
            add(done.accepted, (link.to, link.material), due)


def _produce(world: World, state: State, done: Step) -> dict[str, float]:
    stock = {at: _drawable_own(world, state, at) + state.received.get(at, 0.0) for at in _stocks(world)}
    allotted = {key: _allot(world, key, stock) for key in world.lines}
    shared, granted, delivered = _settle(world, allotted)
    for at, amount in delivered.items():
        if at[0] not in world.park.firms:
            add(done.accepted, at, amount)
    drawn: dict[Stock, float] = {}
    for key, (_, tech) in world.lines.items():
        activity, uses = run_line(world, key, allotted[key] | shared[key])
        done.activity[key] = activity
        for (m, i), amount in uses.items():
            done.used[*key, m, i] = amount
            if world.storable(m):
                add(drawn, (key[0], m), amount)
        for i, amount in tech.uses.items():
            covered = sum(world.ways[key][o].ratio * x for o, x in uses.items() if o[1] == i)
            if i in world.sold:
                done.bought[*key, i] = max(0.0, amount * activity - covered)
    for at, amount in drawn.items():
        from_own = min(amount, _drawable_own(world, state, at))
        add(state.own, at, -from_own)
        state.received[at] = max(0.0, state.received.get(at, 0.0) - (amount - from_own))
    for key, (_, tech) in world.lines.items():
        for m, rate in tech.outputs.items():
            amount = rate * done.activity[key]
            done.made[*key, m] = amount
            if world.storable(m):
                add(state.own, (key[0], m), amount)
    return granted


def _drawable_own(world: World, state: State, at: Stock) -> float:
    """Own releases that lines may draw; under a plan at most planned use − planned inflow (semantics §4)."""
    own = state.own.get(at, 0.0)
    return min(own, world.planned_own.get(at, 0.0)) if world.planned else own


def _stocks(world: World) -> list[Stock]:
    return sorted({(key[0], m) for key in world.lines for m in world.could_use[key] if world.storable(m)})


def _allot(world: World, key: LineKey, stock: dict[Stock, float]) -> dict[str, float]:
    """Share a short stock among the lines of a firm pro rata to what they could use, once (semantics §4)."""
    firm, shares = key[0], {}
    for m, wanted in world.could_use[key].items():
        if not world.storable(m):
            continue
        wanted_by_all, there = world.largest_use(firm, m), stock[firm, m]
        shares[m] = wanted if wanted_by_all <= there else there * wanted / wanted_by_all
    return shares


def _settle(
    world: World, allotted: dict[LineKey, dict[str, float]]
) -> tuple[dict[LineKey, dict[str, float]], dict[str, float], dict[Stock, float]]:
    """Settle what is not storable within the step (semantics §6.3).

    Returns each line's share of each such material, each link's flow, and what arrived at each receiver.
    """
    flowing = sorted(m for m in world.park.materials if not world.storable(m))
    asked = {key: {m: inf for m in flowing if m in world.could_use[key]} for key in world.lines}
    towns = {at: quantity(world, at) for at in world.into if at[1] in flowing and at[0] in world.park.boundary}
    links: dict[str, float] = {}
    if not flowing:
        return asked, links, {}
    for _ in range(PATIENCE):
        runs = {key: run_line(world, key, allotted[key] | asked[key]) for key in world.lines}
        asks = {key: {m: min(asked[key][m], _total(runs[key][1], m)) for m in asked[key]} for key in world.lines}
        granted, towns_granted, links = _grant(world, runs, asks, towns, flowing)
        moved = max(
            [abs(asked[k][m] - granted[k][m]) for k in asked for m in asked[k]]
            + [abs(towns[at] - towns_granted[at]) for at in towns],
            default=0.0,
        )
        asked, towns = granted, towns_granted
        if moved <= NOTHING:
            break
    delivered = {at: sum(links.get(k, 0.0) for k in world.into[at]) for at in world.into if at[1] in flowing}
    return asked, links, delivered


def _total(uses: dict[Option, float], material: str) -> float:
    return sum(amount for (m, _), amount in uses.items() if m == material)


def _grant(
    world: World,
    runs: dict[LineKey, tuple[float, dict[Option, float]]],
    asks: dict[LineKey, dict[str, float]],
    towns: dict[Stock, float],
    flowing: list[str],
) -> tuple[dict[LineKey, dict[str, float]], dict[Stock, float], dict[str, float]]:
    """One round: own production serves own lines first, then links ask and short sources share pro rata."""
    wanted: dict[Stock, float] = dict(towns)
    own: dict[Stock, float] = {}
    made: dict[Stock, float] = {}
    for key, (_, tech) in world.lines.items():
        for m in asks[key]:
            add(wanted, (key[0], m), asks[key][m])
        for m in flowing:
            add(made, (key[0], m), tech.outputs.get(m, 0.0) * runs[key][0])
    for at, amount in wanted.items():
        own[at] = min(amount, made.get(at, 0.0))
        if world.planned:
            own[at] = min(own[at], world.planned_own.get(at, 0.0))
    left = {at: amount - own.get(at, 0.0) for at, amount in made.items()}
    left |= sources(world, flowing)
    demand = {at: amount - own[at] for at, amount in wanted.items()}
    carry = {
        k: planned_flow(world, k)
        if world.planned
        else min(cap(world, k), _flowing_need(world, (link.to, link.material), own))
        for k, link in world.links.items()
        if link.material in flowing
    }
    links = share_out(world, demand, carry, left, "pro_rata")
    arrived = {at: sum(links.get(k, 0.0) for k in world.into.get(at, ())) for at in wanted}
    granted: dict[LineKey, dict[str, float]] = {}
    for key in world.lines:
        granted[key] = {}
        for m, amount in asks[key].items():
            at = (key[0], m)
            there = own[at] + arrived[at]
            granted[key][m] = amount if wanted[at] <= there else there * amount / wanted[at]
    return granted, {at: min(towns[at], arrived[at]) for at in towns}, links


def _flowing_need(world: World, at: Stock, own: dict[Stock, float]) -> float:
    """n of what is not storable: the largest permitted use at target, less what own production covers."""
    if at[0] in world.park.boundary:
        return quantity(world, at)
    covered = own.get(at, 0.0) if world.reading.steam_need == "less_own" else 0.0
    return max(0.0, world.largest_use(*at) - covered)
