"""The order in a Sankey diagram: which flows run backwards, which layer a node stands in, and who stands above whom.

Pure graph work without sizes. The result depends on the flows only, never on the order in which they are listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, isfinite

Pair = tuple[str, str]
Weights = Mapping[Pair, float]
Slot = tuple[str, ...]
"""A place in a layer: `(node,)`, or `(source, target, layer)` where a long link passes through."""

SWEEPS = 24


@dataclass(frozen=True, order=True)
class Flow:
    """An amount of one material from one node to another, in `unit`."""

    source: str
    target: str
    material: str
    amount: float
    unit: str = "t"


@dataclass(frozen=True)
class Order:
    """Layers from left to right, each from top to bottom, and the pairs whose flow runs backwards."""

    layers: tuple[tuple[Slot, ...], ...]
    backward: frozenset[Pair]

    @property
    def layer(self) -> dict[str, int]:
        """Node → index of its layer."""
        return {slot[0]: index for index, layer in enumerate(self.layers) for slot in layer if len(slot) == 1}

    @property
    def edges(self) -> tuple[Slot, ...]:
        """The nodes of the first and the last layer."""
        return tuple(slot for layer in (self.layers[0], self.layers[-1]) for slot in layer if len(slot) == 1)


def merge(flows: Iterable[Flow]) -> list[Flow]:
    """Return one flow for each source, target and material, sorted, those of nothing left out.

    Raises ValueError where an amount is negative or not finite, or where units differ: a diagram has one unit.
    """
    amounts: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    units: set[str] = set()
    for flow in flows:
        if not isfinite(flow.amount) or flow.amount < 0:
            raise ValueError(f"a flow is a finite amount of at least 0, got {flow.amount} of {flow.material}")
        amounts[flow.source, flow.target, flow.material].append(flow.amount)
        units.add(flow.unit)
    if len(units) > 1:
        raise ValueError(f"a Sankey diagram adds one unit only, got {', '.join(sorted(units))}")
    unit = units.pop() if units else "t"
    sums = {key: fsum(sorted(parts)) for key, parts in amounts.items()}
    return [Flow(*key, amount, unit) for key, amount in sorted(sums.items()) if amount > 0]


def arrange(flows: Sequence[Flow]) -> Order:
    """Return the layers of merged flows; flows of a node to itself play no part."""
    nodes = sorted({node for flow in flows for node in (flow.source, flow.target)})
    weights = pair_weights(flows)
    rank = {node: place for place, node in enumerate(forward_order(nodes, weights))}
    backward = frozenset(pair for pair in weights if rank[pair[0]] > rank[pair[1]])
    forward = {pair: weight for pair, weight in weights.items() if pair not in backward}
    layer = layer_of(sorted(nodes, key=rank.__getitem__), forward)
    return Order(_untangle(_slots(nodes, forward, layer), _steps(forward, layer)), backward)


def pair_weights(flows: Iterable[Flow]) -> dict[Pair, float]:
    """Return (source, target) → total amount, without flows of a node to itself."""
    weights: dict[Pair, float] = defaultdict(float)
    for flow in flows:
        if flow.source != flow.target:
            weights[flow.source, flow.target] += flow.amount
    return dict(sorted(weights.items()))


def forward_order(nodes: Sequence[str], weights: Weights) -> list[str]:
    """Return an order of the nodes in which little weight runs backwards.

    Greedy feedback arc set of Eades, Lin and Smyth (1993), Information Processing Letters 47, with weights,
    then each node is moved to its best place while that helps.
    """
    order = _greedy_order(nodes, weights)
    improved = True
    while improved:
        improved = False
        for node in nodes:
            moved = _best_place(node, order, weights)
            improved |= moved != order
            order = moved
    return order


def _greedy_order(nodes: Sequence[str], weights: Weights) -> list[str]:
    out: dict[str, dict[str, float]] = {node: {} for node in nodes}
    into: dict[str, dict[str, float]] = {node: {} for node in nodes}
    for (source, target), weight in weights.items():
        out[source][target] = into[target][source] = weight
    left: list[str] = []
    right: list[str] = []
    rest = sorted(nodes)
    while rest:
        sources = [node for node in rest if not into[node]]
        sinks = [node for node in rest if not out[node] and into[node]]
        fullest = max(rest, key=lambda node: fsum(out[node].values()) - fsum(into[node].values()))
        chosen = sources or sinks or [fullest]
        left, right = (left, chosen + right) if sinks and not sources else (left + chosen, right)
        rest = [node for node in rest if node not in chosen]
        for node in chosen:
            for target in out[node]:
                into[target].pop(node, None)
            for source in into[node]:
                out[source].pop(node, None)
    return left + right


def _best_place(node: str, order: list[str], weights: Weights) -> list[str]:
    """Return `order` with `node` where least weight runs backwards; `order` itself unless that is really less."""
    others = [other for other in order if other != node]
    cost = 0.0
    costs = [cost]
    for other in others:
        cost += weights.get((node, other), 0.0) - weights.get((other, node), 0.0)
        costs.append(cost)
    here = order.index(node)
    best = min(range(len(costs)), key=costs.__getitem__)
    if costs[best] >= costs[here] - 1e-12 * sum(weights.values()):
        return order
    return [*others[:best], node, *others[best:]]


def layer_of(order: Sequence[str], forward: Weights) -> dict[str, int]:
    """Return node → layer: the longest path from a start; where flows end is the last layer.

    A node that sends more than it gets moves right, towards those it sends to.
    """
    layer = dict.fromkeys(order, 0)
    into, out = defaultdict(list), defaultdict(list)
    for source, target in forward:
        into[target].append(source)
        out[source].append(target)
    for node in order:
        layer[node] = max((layer[source] + 1 for source in into[node]), default=0)
    last = max(layer.values(), default=0)
    for node in reversed(order):
        sent = sum(forward[node, target] for target in out[node])
        got = sum(forward[source, node] for source in into[node])
        if into[node] and not out[node]:
            layer[node] = last
        elif into[node] and sent > got:
            layer[node] = min(layer[target] for target in out[node]) - 1
    return layer


def _slots(nodes: Sequence[str], forward: Weights, layer: Mapping[str, int]) -> list[list[Slot]]:
    layers: list[list[Slot]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node in nodes:
        layers[layer[node]].append((node,))
    for source, target in forward:
        for between in range(layer[source] + 1, layer[target]):
            layers[between].append((source, target, str(between)))
    return layers


def chain(source: str, target: str, layer: Mapping[str, int]) -> list[Slot]:
    """Return the slots that a forward link passes, both ends included."""
    bends: list[Slot] = [(source, target, str(between)) for between in range(layer[source] + 1, layer[target])]
    return [(source,), *bends, (target,)]


def _steps(forward: Weights, layer: Mapping[str, int]) -> dict[tuple[Slot, Slot], float]:
    steps: dict[tuple[Slot, Slot], float] = {}
    for (source, target), weight in forward.items():
        slots = chain(source, target, layer)
        steps |= dict.fromkeys(pairwise(slots), weight)
    return steps


def _untangle(layers: list[list[Slot]], steps: Mapping[tuple[Slot, Slot], float]) -> tuple[tuple[Slot, ...], ...]:
    """Order each layer by the barycentre of its neighbours, to and fro, and keep the order with least crossing."""
    before, after = defaultdict(list), defaultdict(list)
    for (one, other), weight in steps.items():
        before[other].append((one, weight))
        after[one].append((other, weight))
    best, least = [list(layer) for layer in layers], _crossing(layers, after)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        neighbours = before if down else after
        for index in range(len(layers)) if down else reversed(range(len(layers))):
            beside = layers[index - 1] if down else layers[index + 1] if index + 1 < len(layers) else []
            place = {slot: position for position, slot in enumerate(beside)}
            layers[index] = _by_barycentre(layers[index], neighbours, place)
        crossing = _crossing(layers, after)
        if crossing < least:
            best, least = [list(layer) for layer in layers], crossing
    return tuple(tuple(layer) for layer in best)


Neighbours = Mapping[Slot, list[tuple[Slot, float]]]


def _by_barycentre(layer: list[Slot], neighbours: Neighbours, place: Mapping[Slot, int]) -> list[Slot]:
    def centre(slot: Slot) -> float:
        known = [(place[other], weight) for other, weight in neighbours.get(slot, []) if other in place]
        total = sum(weight for _, weight in known)
        return sum(position * weight for position, weight in known) / total if total else here[slot]

    here = {slot: float(position) for position, slot in enumerate(layer)}
    return sorted(layer, key=lambda slot: (centre(slot), here[slot]))


def _crossing(layers: Sequence[Sequence[Slot]], after: Neighbours) -> float:
    """Return how much crosses: over each pair of crossing steps the smaller weight."""
    total = 0.0
    for layer, following in pairwise(layers):
        place = {slot: position for position, slot in enumerate(following)}
        lines = [(i, place[t], weight) for i, slot in enumerate(layer) for t, weight in after.get(slot, [])]
        for index, (i, j, weight) in enumerate(lines):
            total += sum(min(weight, other) for k, m, other in lines[index + 1 :] if (i - k) * (j - m) < 0)
    return total
