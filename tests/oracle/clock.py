"""The reference simulation: semantics §4–§7 and §9 as loops over dicts, one step at a time.

Amounts inside are per step (t or GJ); what is reported is per day. Slow on purpose: every rule stands where the text has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, inf, log2

from mfa.park.firm import Line
from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.park.technology import Technology
from mfa.park.values import SMALLEST_FLOW
from oracle import recipes
from oracle.recipes import LineKey, Option, Reading, Stock, Way

NOTHING = 1e-12
"""What "nothing moves" means (semantics §7)."""
PATIENCE = 3000
"""Steps after which a park that has not come to rest is given up."""


@dataclass(frozen=True)
class World:
    """A park as the clock reads it."""

    park: Park
    step: float
    unknown: str = "refuse"
    allocation: str = "pro_rata"
    reading: Reading = Reading()

    @cached_property
    def lines(self) -> dict[LineKey, tuple[Line, Technology]]:
        return recipes.lines(self.park)

    @cached_property
    def ways(self) -> dict[LineKey, dict[Option, Way]]:
        return {key: recipes.ways(self.park, tech, self.unknown) for key, (_, tech) in self.lines.items()}

    @cached_property
    def bounds(self) -> dict[LineKey, list[recipes.Bound]]:
        return {key: recipes.bounds(self.park, tech) for key, (_, tech) in self.lines.items()}

    @cached_property
    def sold(self) -> set[str]:
        return {m for m in self.park.materials if recipes.is_sold(self.park, m)}

    @cached_property
    def links(self) -> dict[str, Link]:
        return {link.id: link for link in sorted(self.park.links, key=lambda link: link.id) if link.status != "candidate"}

    @cached_property
    def leads(self) -> dict[str, int]:
        return {key: recipes.lead_steps(link, self.step) for key, link in self.links.items()}

    @cached_property
    def into(self) -> dict[Stock, list[str]]:
        """(receiver, material) → links, by id."""
        found: dict[Stock, list[str]] = {}
        for key, link in self.links.items():
            found.setdefault((link.to, link.material), []).append(key)
        return found

    @cached_property
    def planned(self) -> bool:
        """Whether a plan stands in the park: it has planned links or mixes."""
        return any(link.planned is not None for link in self.links.values()) or any(
            line.mix is not None for line, _ in self.lines.values()
        )

    @cached_property
    def longest_lead(self) -> int:
        return max(self.leads.values(), default=1)

    def storable(self, material: str) -> bool:
        return self.park.materials[material].storable

    def target(self, key: LineKey) -> float:
        """Units of main product a step."""
        return self.lines[key][0].target * self.step

    def at(self, firm: str) -> list[LineKey]:
        return [key for key in self.lines if key[0] == firm]

    @cached_property
    def mixes(self) -> dict[LineKey, dict[Option, float]]:
        """Planned use per unit of main product; 0 ÷ 0 = 0 (semantics §4)."""
        found = {}
        for key, (line, _) in self.lines.items():
            planned = line.planned or 0.0
            found[key] = {(u.material, u.replaces): u.amount / planned for u in line.mix or () if planned > 0}
        return found

    @cached_property
    def planned_own(self) -> dict[Stock, float]:
        """Per step: planned use − planned inflow of each (firm, material), at least 0."""
        total: dict[Stock, float] = {}
        for key, (line, _) in self.lines.items():
            for use in line.mix or ():
                at = (key[0], use.material)
                total[at] = total.get(at, 0.0) + use.amount * self.step
        for at in total:
            inflow = sum(self.links[k].planned or 0.0 for k in self.into.get(at, ()))
            total[at] = max(0.0, total[at] - inflow * self.step)
        return total

    @cached_property
    def could_use(self) -> dict[LineKey, dict[str, float]]:
        """A step's largest use of each material by each line: permitted use, or the mix under a plan."""
        found: dict[LineKey, dict[str, float]] = {}
        for key, (_, tech) in self.lines.items():
            found[key] = {}
            for m in sorted({m for m, _ in self.ways[key]}):
                if self.planned:
                    rate = sum(amount for (n, _), amount in self.mixes[key].items() if n == m)
                else:
                    rate = recipes.permitted_use(tech, self.ways[key], m)
                found[key][m] = rate * self.target(key)
        return found

    def largest_use(self, firm: str, material: str) -> float:
        """A step's largest permitted use of a material by all lines of a firm."""
        return sum(self.could_use[key].get(material, 0.0) for key in self.at(firm))

    def reserve(self, firm: str, material: str) -> float:
        """Own releases kept for the own next step before anything is sent, sold or disposed of."""
        if self.planned:
            return self.planned_own.get((firm, material), 0.0)
        return self.largest_use(firm, material)


@dataclass
class State:
    """Stocks at a moment; `transit[link][k]` arrives at the start of the k-th step from now."""

    own: dict[Stock, float] = field(default_factory=dict)
    received: dict[Stock, float] = field(default_factory=dict)
    transit: dict[str, list[float]] = field(default_factory=dict)
    placed: float = 0.0


@dataclass
class Step:
    """What happened in one step (amounts per step)."""

    activity: dict[LineKey, float] = field(default_factory=dict)
    used: dict[tuple[str, str, str, str], float] = field(default_factory=dict)
    sent: dict[str, float] = field(default_factory=dict)
    accepted: dict[Stock, float] = field(default_factory=dict)
    made: dict[tuple[str, str, str], float] = field(default_factory=dict)
    disposed: dict[Stock, float] = field(default_factory=dict)
    sold: dict[Stock, float] = field(default_factory=dict)
    lost: dict[Stock, float] = field(default_factory=dict)
    bought: dict[tuple[str, str, str], float] = field(default_factory=dict)


# --- the step (semantics §6) --------------------------------------------------------------------------------------


def advance(world: World, state: State, final: bool = True, recording: bool = False) -> Step:
    """Do one step in place; `final` includes disposal and sale, which the steady state leaves out."""
    done = Step()
    _arrive(world, state, done)
    granted = _produce(world, state, done)
    _request(world, state, done)
    done.sent |= granted
    if final:
        _dispose_and_sell(world, state, done, recording)
    return done


def _arrive(world: World, state: State, done: Step) -> None:
    for key, link in world.links.items():
        if not world.storable(link.material):
            continue
        due = state.transit[key].pop(0)
        state.transit[key].append(0.0)
        if link.to in world.park.firms:
            _add(state.received, (link.to, link.material), due)
        else:
            _add(done.accepted, (link.to, link.material), due)


def _produce(world: World, state: State, done: Step) -> dict[str, float]:
    stock = {at: _drawable_own(world, state, at) + state.received.get(at, 0.0) for at in _stocks(world)}
    allotted = {key: _allot(world, key, stock) for key in world.lines}
    shared, granted, delivered = _settle(world, allotted)
    for at, amount in delivered.items():
        if at[0] not in world.park.firms:
            _add(done.accepted, at, amount)
    drawn: dict[Stock, float] = {}
    for key, (_, tech) in world.lines.items():
        activity, uses = _run(world, key, allotted[key] | shared[key])
        done.activity[key] = activity
        for (m, i), amount in uses.items():
            done.used[*key, m, i] = amount
            if world.storable(m):
                _add(drawn, (key[0], m), amount)
        for i, amount in tech.uses.items():
            covered = sum(world.ways[key][o].ratio * x for o, x in uses.items() if o[1] == i)
            if i in world.sold:
                done.bought[*key, i] = max(0.0, amount * activity - covered)
    for at, amount in drawn.items():
        from_own = min(amount, _drawable_own(world, state, at))
        _add(state.own, at, -from_own)
        state.received[at] = max(0.0, state.received.get(at, 0.0) - (amount - from_own))
    for key, (_, tech) in world.lines.items():
        for m, rate in tech.outputs.items():
            amount = rate * done.activity[key]
            done.made[*key, m] = amount
            if world.storable(m):
                _add(state.own, (key[0], m), amount)
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
    towns = {at: _quantity(world, at) for at in world.into if at[1] in flowing and at[0] in world.park.boundary}
    links: dict[str, float] = {}
    if not flowing:
        return asked, links, {}
    for _ in range(PATIENCE):
        runs = {key: _run(world, key, allotted[key] | asked[key]) for key in world.lines}
        asks = {
            key: {m: min(asked[key][m], _total(runs[key][1], m)) for m in asked[key]} for key in world.lines
        }
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
            _add(wanted, (key[0], m), asks[key][m])
        for m in flowing:
            _add(made, (key[0], m), tech.outputs.get(m, 0.0) * runs[key][0])
    for at, amount in wanted.items():
        own[at] = min(amount, made.get(at, 0.0))
        if world.planned:
            own[at] = min(own[at], world.planned_own.get(at, 0.0))
    left = {at: amount - own.get(at, 0.0) for at, amount in made.items()}
    left |= _sources(world, flowing)
    demand = {at: amount - own[at] for at, amount in wanted.items()}
    carry = {
        k: _planned(world, k) if world.planned else min(_cap(world, k), _flowing_need(world, (link.to, link.material), own))
        for k, link in world.links.items()
        if link.material in flowing
    }
    links = _share_out(world, demand, carry, left, "pro_rata")
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
        return _quantity(world, at)
    covered = own.get(at, 0.0) if world.reading.steam_need == "less_own" else 0.0
    return max(0.0, world.largest_use(*at) - covered)


# --- what a line takes (semantics §4) -----------------------------------------------------------------------------


def _run(world: World, key: LineKey, there: dict[str, float]) -> tuple[float, dict[Option, float]]:
    """Return the greatest activity up to the target that `there` and the market allow, and what it takes."""
    tech, target = world.lines[key][1], world.target(key)
    needed = [i for i, amount in tech.uses.items() if amount > 0 and i not in world.sold]
    if world.planned:
        activity = _planned_activity(world, key, there, needed)
        return activity, _take_mix(world, key, activity, there)
    high = target
    for i in needed:
        covering = sum(w.ratio * there[m] for (m, j), w in world.ways[key].items() if j == i)
        high = min(high, covering / tech.uses[i])
    if _is_covered(world, key, high, there, needed):
        return high, _take(world, key, high, there)
    low = 0.0
    while high - low > 1e-15 * target:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _is_covered(world, key, middle, there, needed) else (low, middle)
    return low, _take(world, key, low, there)


def _is_covered(world: World, key: LineKey, activity: float, there: dict[str, float], needed: list[str]) -> bool:
    tech, uses = world.lines[key][1], _take(world, key, activity, there)
    for i in needed:
        need = tech.uses[i] * activity
        covered = sum(world.ways[key][o].ratio * x for o, x in uses.items() if o[1] == i)
        if covered < need * (1 - 1e-13):
            return False
    return True


def _take(world: World, key: LineKey, activity: float, there: dict[str, float]) -> dict[Option, float]:
    """Take from stock without a plan: groups of equal priority in order, then the inputs themselves."""
    ways, tech = world.ways[key], world.lines[key][1]
    direct = world.reading.direct
    need = {i: amount * activity for i, amount in tech.uses.items()}
    to_cover, left, taken = dict(need), dict(there), dict.fromkeys(ways, 0.0)

    def take(group: list[Option], bound_by_limits: bool) -> None:
        wants = {o: _want(ways[o], need[o[1]], left[o[0]], to_cover[o[1]]) for o in group}
        for m in {m for m, _ in group}:
            _scale(wants, [o for o in group if o[0] == m], left[m], dict.fromkeys(group, 1.0))
        for i in {i for _, i in group}:
            _scale(wants, [o for o in group if o[1] == i], to_cover[i], {o: ways[o].ratio for o in group})
        factor = _factor(world, key, activity, taken, wants) if bound_by_limits else 1.0
        for o, amount in wants.items():
            taken[o] += factor * amount
            left[o[0]] -= factor * amount
            to_cover[o[1]] = max(0.0, to_cover[o[1]] - factor * ways[o].ratio * amount)

    themselves = sorted(o for o in ways if o[0] == o[1])
    if direct == "before":
        take(themselves, False)
    substitutes = [o for o in ways if o[0] != o[1] or direct == "in_group"]
    for priority in sorted({ways[o].priority for o in substitutes}):
        take(sorted(o for o in substitutes if ways[o].priority == priority), True)
    if direct != "before":
        take(themselves, False)
    return {o: amount for o, amount in taken.items() if amount > 0}


def _want(way: Way, need: float, there: float, to_cover: float) -> float:
    return max(0.0, min(way.up_to * need / way.ratio, there, to_cover / way.ratio))


def _scale(wants: dict[Option, float], group: list[Option], left: float, weights: dict[Option, float]) -> None:
    total = sum(weights[o] * wants[o] for o in group)
    if total > left:
        for o in group:
            wants[o] *= max(0.0, left) / total


def _factor(
    world: World, key: LineKey, activity: float, taken: dict[Option, float], wants: dict[Option, float]
) -> float:
    """The largest factor in [0, 1] on `wants` that keeps every limit, the rest of each need being the input itself."""
    factor = 1.0
    for bound in world.bounds[key]:
        at_none = _excess(world, key, activity, taken, bound)
        grows = _excess(world, key, activity, {o: taken[o] + wants.get(o, 0.0) for o in taken}, bound) - at_none
        if grows > 0:
            factor = min(factor, max(0.0, -at_none) / grows)
    return factor


def _excess(
    world: World, key: LineKey, activity: float, uses: dict[Option, float], bound: recipes.Bound
) -> float:
    """How far a feed breaks a bound: Σ weight·fed + constant·activity, the input itself making up each need."""
    tech, weights = world.lines[key][1], bound.weights
    fed = {i: amount * activity for i, amount in tech.uses.items()}
    excess = bound.constant * activity
    for (m, i), amount in uses.items():
        fed[i] -= world.ways[key][m, i].ratio * amount
        excess += weights.get(m, 0.0) * amount
    return excess + sum(weights.get(i, 0.0) * amount for i, amount in fed.items())


def _planned_activity(world: World, key: LineKey, there: dict[str, float], needed: list[str]) -> float:
    """Under a plan what covers an unsold need comes in planned proportions, so the shortest of it sets the activity."""
    activity = world.target(key)
    tech, mix = world.lines[key][1], world.mixes[key]
    for i in needed:
        parts = {m: rate for (m, j), rate in mix.items() if j == i and rate > 0}
        if not parts and tech.uses[i] > 0:
            return 0.0
        for m in parts:
            asked = sum(rate for (n, _), rate in mix.items() if n == m)
            activity = min(activity, there.get(m, 0.0) / asked)
    return activity


def _take_mix(world: World, key: LineKey, activity: float, there: dict[str, float]) -> dict[Option, float]:
    """Take the planned mix: a short material is scaled down alone, a broken limit scales the whole mix."""
    wants = {o: rate * activity for o, rate in world.mixes[key].items() if o in world.ways[key]}
    for m in {m for m, _ in wants}:
        _scale(wants, [o for o in wants if o[0] == m], there.get(m, 0.0), dict.fromkeys(wants, 1.0))
    factor = _factor(world, key, activity, dict.fromkeys(wants, 0.0), wants)
    return {o: factor * amount for o, amount in wants.items() if amount > 0}


# --- requests and allocation (semantics §6.4, §6.5) ---------------------------------------------------------------


def _request(world: World, state: State, done: Step) -> None:
    left = {at: max(0.0, own - _kept_back(world, at)) for at, own in state.own.items()}
    left |= _sources(world, [m for m in world.park.materials if world.storable(m)])
    demand: dict[Stock, float] = {}
    carry: dict[str, float] = {}
    for at, keys in world.into.items():
        if not world.storable(at[1]):
            continue
        n = _quantity(world, at) if at[0] in world.park.boundary else _next_use(world, state, at)
        carry |= {k: min(_cap(world, k), n) for k in keys}
        demand[at] = n
        if at[0] in world.park.firms:
            longest = max(world.leads[k] for k in keys)
            coming = sum(sum(state.transit[k]) for k in keys)
            demand[at] = min(n, max(0.0, (longest + 1) * n - state.received.get(at, 0.0) - coming))
    if world.planned:
        carry = {k: _planned_ask(world, state, k) for k in carry}
        demand = {at: sum(carry[k] for k in keys) for at, keys in world.into.items() if world.storable(at[1])}
    sent = _share_out(world, demand, carry, left, "planned" if world.planned else world.allocation)
    for key, amount in sent.items():
        link = world.links[key]
        if link.from_ in world.park.firms:
            at = (link.from_, link.material)
            state.own[at] = max(0.0, state.own[at] - amount / (1 - link.loss))
        state.transit[key][world.leads[key] - 1] += amount
        done.sent[key] = amount


def _kept_back(world: World, at: Stock) -> float:
    return world.reserve(*at) if world.reading.reserve_first else 0.0


def _next_use(world: World, state: State, at: Stock) -> float:
    """One step's largest permitted use of a material at a firm, less own releases at hand."""
    return max(0.0, world.largest_use(*at) - state.own.get(at, 0.0))


def _quantity(world: World, at: Stock) -> float:
    return world.park.boundary[at[0]].uses.get(at[1], 0.0) * world.step


def _cap(world: World, key: str) -> float:
    at_most = world.links[key].at_most
    return inf if at_most is None else at_most * world.step


def _planned(world: World, key: str) -> float:
    return (world.links[key].planned or 0.0) * world.step


def _planned_ask(world: World, state: State, key: str) -> float:
    link, planned = world.links[key], _planned(world, key)
    at = (link.to, link.material)
    among = sum(_planned(world, k) for k in world.into[at])
    if planned <= 0:
        return 0.0
    if link.to in world.park.boundary:
        return planned
    share = state.received.get(at, 0.0) * planned / among
    return min(planned, max(0.0, (world.leads[key] + 1) * planned - share - sum(state.transit[key])))


def _sources(world: World, materials: Iterable[str]) -> dict[Stock, float]:
    return {
        (key, m): recipes.supply_rate(world.park, key, m) * world.step
        for key, node in world.park.boundary.items()
        if node.kind == "source"
        for m in materials
        if m in node.sells
    }


def _share_out(
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
            room = {k: carry[k] - granted[k] for k in keys if (first and not again) or left.get(_source(world, k), 0.0) > NOTHING}
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


# --- disposal and sale (semantics §5, §6.6, §6.7) -----------------------------------------------------------------


def _dispose_and_sell(world: World, state: State, done: Step, recording: bool) -> None:
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
        elif material.is_waste:
            surplus = _place(world, state, at, surplus, recording)
            done.disposed[at] = surplus
        else:
            continue
        state.own[at] = own - surplus


def _asked_next(world: World, at: Stock) -> float:
    """What links may ask of a stock in a step: kept before anything is disposed of."""
    total = 0.0
    for key, link in world.links.items():
        if (link.from_, link.material) == at:
            to = (link.to, link.material)
            n = _quantity(world, to) if link.to in world.park.boundary else world.largest_use(*to)
            total += _planned(world, key) if world.planned else min(_cap(world, key), n)
    return total


def _place(world: World, state: State, at: Stock, surplus: float, recording: bool) -> float:
    """Return what disposal sites take; `room` counts from the start of recording and is shared by the sites' order."""
    sites = [site for site in world.park.boundaries("disposal") if world.park.lists(site.accepts, at[1])]
    sites.sort(key=lambda site: (site.gate_fee, world.park.distance_between(at[0], site.id), site.id))
    if not sites:
        return 0.0
    site = sites[0]
    if not recording or site.room is None:
        return surplus
    taken = min(surplus, max(0.0, site.room - state.placed))
    state.placed += taken
    return taken


# --- at rest, and over time (semantics §7, §9) --------------------------------------------------------------------


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
                _add(state.own, (key[0], m), rate * world.target(key))
    for key, link in world.links.items():
        at = (link.to, link.material)
        n = _quantity(world, at) if link.to in world.park.boundary else _next_use(world, state, at)
        load = _planned(world, key) if world.planned else min(_cap(world, key), n)
        state.transit[key] = [load] * world.leads[key]
    return state


def steady_state(scenario: Scenario, reading: Reading = Reading()) -> AtRest:
    """Return the state at rest of phases 1–5, without disposal or sale."""
    world = world_of(scenario, reading)
    state, still, before = start(world), 0, None
    for count in range(1, PATIENCE + 1):
        earlier = deepcopy(state)
        done = advance(world, state, final=False)
        now = _moving(done, reading)
        still, before = still + 1 if _same(now, before) else 0, now
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


def _moving(done: Step, reading: Reading) -> dict[object, float]:
    """What must not move: activities and link flows; what each line takes too, where stocks must rest as well."""
    now: dict[object, float] = dict(done.activity) | dict(done.sent)
    return now if reading.rest == "flows" else now | dict(done.used)


def _same(now: dict[object, float], before: dict[object, float] | None) -> bool:
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
        if _same(_moving(advance(world, tried, final=False), world.reading), now):
            state.own, state.received = there.own, there.received
            return
        steps //= 2


def world_of(scenario: Scenario, reading: Reading = Reading()) -> World:
    """Return the scenario's park as the clock reads it."""
    return World(scenario.park, scenario.time.step, scenario.unknown, scenario.allocation, reading)


@dataclass(frozen=True)
class Run:
    """A simulated span: its recorded steps and the rates read from them."""

    world: World
    days: float
    steps: list[Step]

    @cached_property
    def flow(self) -> dict[str, float]:
        """Dispatched per day by each link, as delivered."""
        return {key: sum(s.sent.get(key, 0.0) for s in self.steps) / self.days for key in self.world.links}

    @cached_property
    def activity(self) -> dict[LineKey, float]:
        return {key: sum(s.activity[key] for s in self.steps) / self.days for key in self.world.lines}

    @cached_property
    def utilisation(self) -> float | None:
        """solid_waste_utilisation over the whole run (semantics §9); None where nothing is generated."""
        return utilisation(self.world, self.steps)


def simulate(scenario: Scenario, reading: Reading = Reading()) -> Run:
    """Run the warm-up and the recorded days from the steady state."""
    world = world_of(scenario, reading)
    state = steady_state(scenario, reading).state
    for firm in world.park.firms.values():
        for m, amount in firm.initial_stock.items():
            _add(state.own, (firm.id, m), amount)
    shortest = (world.longest_lead + 2) * world.step
    warm_up = max(scenario.time.warm_up or 0.0, shortest)
    for _ in range(ceil(warm_up / world.step - 1e-9)):
        advance(world, state)
    return Run(world, scenario.time.days, _record(world, state, scenario.time.steps))


def _record(world: World, state: State, count: int) -> list[Step]:
    """Do `count` steps; once nothing moves any more, what lines and links do in the rest of them is the same."""
    steps: list[Step] = []
    still, before = 0, None
    while len(steps) < count:
        earlier = deepcopy(state)
        steps.append(advance(world, state, recording=True))
        now = _moving(steps[-1], Reading(rest="stocks"))
        still, before = still + 1 if _same(now, before) else 0, now
        if still >= world.longest_lead + 2 and not drifting(world, earlier, state):
            return steps + [steps[-1]] * (count - len(steps))
    return steps


def used_and_generated(world: World, steps: Iterable[Step]) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return used, generated and disposed origin tonnes per origin material (semantics §9)."""
    origins = recipes.origins(world.park)
    used: dict[str, float] = {}
    generated: dict[str, float] = {}
    disposed: dict[str, float] = {}

    def book(account: dict[str, float], material: str, amount: float) -> None:
        for origin, share in origins[material].items():
            _add(account, origin, amount * share)

    for step in steps:
        for (firm, line, m, _), amount in step.used.items():
            if world.lines[firm, line][1].kind == "production":
                book(used, m, amount)
        for (node, m), amount in step.accepted.items():
            if world.park.boundary[node].kind == "user":
                book(used, m, amount)
        for (firm, line, m), amount in step.made.items():
            if world.lines[firm, line][1].kind == "production":
                book(generated, m, amount)
        for (_, m), amount in step.disposed.items():
            book(disposed, m, amount)
    return used, generated, disposed


def utilisation(world: World, steps: list[Step]) -> float | None:
    """Used ÷ (generated + used from old stock), in origin tonnes; no old stock here, as nothing starts with any."""
    used, generated, _ = used_and_generated(world, steps)
    total = sum(generated.values())
    return sum(used.values()) / total if total > 0 else None


def _add(account: dict, key: object, amount: float) -> None:
    account[key] = account.get(key, 0.0) + amount
