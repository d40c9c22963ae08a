"""What a line takes from what is there, and how far it can run on it (semantics §3, §4)."""

from __future__ import annotations

from oracle import recipes
from oracle.recipes import LineKey, Option, Way
from oracle.world import World


def run_line(world: World, key: LineKey, there: dict[str, float]) -> tuple[float, dict[Option, float]]:
    """Return the greatest activity up to the target that `there` and the market allow, and what it takes."""
    at = (key, *sorted(there.items()))
    if at not in world.answers:
        world.answers[at] = _run(world, key, there)
    return world.answers[at]


def _run(world: World, key: LineKey, there: dict[str, float]) -> tuple[float, dict[Option, float]]:
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

    def set_aside(material: str) -> float:
        """What is still needed of a material as an input that nobody sells: it may not replace something else."""
        needed = world.reading.set_aside and material in to_cover and material not in world.sold
        return to_cover[material] if needed else 0.0

    def take(group: list[Option], bound_by_limits: bool) -> None:
        free = {m: max(0.0, left[m] - (set_aside(m) if bound_by_limits else 0.0)) for m, _ in group}
        wants = {o: _want(ways[o], need[o[1]], free[o[0]], to_cover[o[1]]) for o in group}
        for m in free:
            _scale(wants, [o for o in group if o[0] == m], free[m], dict.fromkeys(group, 1.0))
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
        # A limit that binds exactly is kept; without this a rounding of 1e-16 can starve a line (README, reading 9).
        if at_none + grows > 1e-9 * _fed(world, key, activity) and grows > 0:
            factor = min(factor, max(0.0, -at_none) / grows)
    return factor


def _fed(world: World, key: LineKey, activity: float) -> float:
    tech = world.lines[key][1]
    return activity * sum(amount for m, amount in tech.uses.items() if world.park.materials[m].is_mass)


def _excess(world: World, key: LineKey, activity: float, uses: dict[Option, float], bound: recipes.Bound) -> float:
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
        # A part too small to matter is a solver's rounding: it must not stop the line.
        parts = {m: r for (m, j), r in mix.items() if j == i and r * world.ways[key][m, j].ratio > 1e-7 * tech.uses[i]}
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
