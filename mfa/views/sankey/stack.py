"""The vertical half of a Sankey layout: how tall everything is, and where it stands in its layer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

from mfa.views.sankey.order import Flow, Order, Slot, chain
from mfa.views.sankey.shapes import label_height

RELAXATIONS = 40
HALVINGS = 50
ABOVE = 3.0
"""Between a bar and the label above it."""
LOOP_GAP = 8.0
"""Between a bar and the lane of its own use."""
FEW, PER_NODE = 110.0, 44.0
"""Height of a diagram with few nodes: a base, and what each node adds, up to the full height."""
FLOWING = 110.0
"""Least height left for the flows where a layer has many nodes."""


@dataclass(frozen=True)
class Sizes:
    """Sizes in points.

    `gap` stands between bars, `close` between links that pass; `curve` is the least room between two layers,
    `outside` that for labels at the edges; no ribbon is thinner than `thinnest`.
    """

    width: float = 940.0
    height: float = 470.0
    bar: float = 11.0
    gap: float = 16.0
    close: float = 5.0
    curve: float = 104.0
    outside: float = 128.0
    font: float = 11.0
    thinnest: float = 1.2

    @property
    def small(self) -> float:
        """The font size of labels on lanes."""
        return self.font - 1.5


@dataclass(frozen=True)
class Block:
    """The room of a slot: its height, where in it the bar begins and how long the bar is."""

    height: float
    top: float
    bar: float


@dataclass(frozen=True)
class Stacked:
    """Where each bar and bend begins and how long it is, how wide each flow is, and where the last block ends."""

    spans: Mapping[Slot, tuple[float, float]]
    widths: Mapping[Flow, float]
    scale: float
    bottom: float


def stack(flows: Sequence[Flow], order: Order, lines: Mapping[str, int], sizes: Sizes) -> Stacked:
    """Return the vertical layout of merged flows; `lines` is the number of lines of each node's label."""
    empty = _tallest(_blocks(_widths(flows, 0.0, sizes), order, lines, sizes), order, sizes)
    height = max(min(sizes.height, FEW + PER_NODE * len(order.layer)), empty + FLOWING)
    scale = _largest_scale(flows, order, lines, sizes, height)
    widths = _widths(flows, scale, sizes)
    blocks = _blocks(widths, order, lines, sizes)
    tops = _settle(blocks, order, _neighbours(order, widths), height, sizes)
    spans = {slot: (tops[slot] + block.top, block.bar) for slot, block in blocks.items()}
    return Stacked(spans, widths, scale, max(tops[slot] + block.height for slot, block in blocks.items()))


def _widths(flows: Sequence[Flow], scale: float, sizes: Sizes) -> dict[Flow, float]:
    return {flow: max(sizes.thinnest, flow.amount * scale) for flow in flows}


def _largest_scale(flows: Sequence[Flow], order: Order, lines: Mapping[str, int], sizes: Sizes, height: float) -> float:
    """Return points per unit such that the fullest layer fills `height`, by bisection."""
    low, high = 0.0, height / max(flow.amount for flow in flows)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        fits = _tallest(_blocks(_widths(flows, middle, sizes), order, lines, sizes), order, sizes) <= height
        low, high = (middle, high) if fits else (low, middle)
    return low


def _tallest(blocks: Mapping[Slot, Block], order: Order, sizes: Sizes) -> float:
    return max(fsum([*(blocks[slot].height for slot in layer), *_gaps(layer, sizes)]) for layer in order.layers)


def _gaps(layer: Sequence[Slot], sizes: Sizes) -> list[float]:
    """Return the room below each slot of a layer but the last."""
    return [sizes.close if len(one) > 1 and len(other) > 1 else sizes.gap for one, other in pairwise(layer)]


def _blocks(widths: Mapping[Flow, float], order: Order, lines: Mapping[str, int], sizes: Sizes) -> dict[Slot, Block]:
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    own: dict[str, float] = defaultdict(float)
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    for flow, width in widths.items():
        out[flow.source] += width
        into[flow.target] += width
        pairs[flow.source, flow.target] += width
        own[flow.source] += width if flow.source == flow.target else 0.0
    outside = {slot[0] for slot in order.edges}
    blocks: dict[Slot, Block] = {}
    for slot in (slot for layer in order.layers for slot in layer):
        if len(slot) > 1:
            thickness = pairs[slot[0], slot[1]]
            blocks[slot] = Block(thickness, 0.0, thickness)
        else:
            bar, label = max(into[slot[0]], out[slot[0]]), label_height(lines[slot[0]], sizes.font)
            blocks[slot] = _block(bar, label, own[slot[0]], slot[0] in outside, sizes)
    return blocks


def _block(bar: float, label: float, own: float, outside: bool, sizes: Sizes) -> Block:
    loop = LOOP_GAP + own + label_height(1, sizes.small) if own else 0.0
    if outside:
        return Block(max(bar, label) + loop, max(0.0, label - bar) / 2, bar)
    return Block(label + ABOVE + bar + loop, label + ABOVE, bar)


Neighbours = Mapping[Slot, list[tuple[Slot, float]]]


def _neighbours(order: Order, widths: Mapping[Flow, float]) -> Neighbours:
    beside: dict[Slot, list[tuple[Slot, float]]] = defaultdict(list)
    layer = order.layer
    for flow, width in widths.items():
        if flow.source != flow.target and (flow.source, flow.target) not in order.backward:
            slots = chain(flow.source, flow.target, layer)
            for one, other in pairwise(slots):
                beside[one].append((other, width))
                beside[other].append((one, width))
    return beside


def _settle(
    blocks: Mapping[Slot, Block], order: Order, beside: Neighbours, height: float, sizes: Sizes
) -> dict[Slot, float]:
    """Return the top of each block: drawn towards its neighbours, in order, without overlap."""
    tops: dict[Slot, float] = {}
    for layer in order.layers:
        _push_apart(layer, blocks, dict.fromkeys(layer, 0.0), tops, height, _gaps(layer, sizes))
    for _ in range(RELAXATIONS):
        for layer in (*order.layers, *reversed(order.layers)):
            wanted = {slot: _wanted(slot, blocks, beside, tops) for slot in layer}
            _push_apart(layer, blocks, wanted, tops, height, _gaps(layer, sizes))
    return tops


def _wanted(slot: Slot, blocks: Mapping[Slot, Block], beside: Neighbours, tops: Mapping[Slot, float]) -> float:
    near = beside.get(slot, [])
    total = fsum(width for _, width in near)
    if not total:
        return tops[slot]
    centres = fsum((tops[other] + blocks[other].top + blocks[other].bar / 2) * width for other, width in near)
    return (tops[slot] + centres / total - blocks[slot].top - blocks[slot].bar / 2) / 2


def _push_apart(
    layer: Sequence[Slot],
    blocks: Mapping[Slot, Block],
    wanted: Mapping[Slot, float],
    tops: dict[Slot, float],
    height: float,
    gaps: Sequence[float],
) -> None:
    free = 0.0
    for slot, gap in zip(layer, [*gaps, 0.0], strict=True):
        tops[slot] = max(free, wanted[slot])
        free = tops[slot] + blocks[slot].height + gap
    limit = height
    for slot, gap in zip(reversed(layer), [*reversed(gaps), 0.0], strict=True):
        tops[slot] = min(tops[slot], limit - blocks[slot].height)
        limit = tops[slot] - gap
