"""The horizontal half of a Sankey layout: columns of bars, and lanes and tracks for what runs backwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mfa.views.sankey.order import Flow, Order
from mfa.views.sankey.shapes import Box, label_height
from mfa.views.sankey.stack import LOOP_GAP, Sizes, Stacked

BESIDE = 6.0
"""Between a bar, or the tracks beside it, and its label."""
TRACK = 5.0
"""Between two vertical tracks."""
LANE = 8.0
"""Between the blocks and the first lane, and between lanes."""


@dataclass(frozen=True)
class Frame:
    """Where the columns and lanes are.

    `columns` x of the bars of each layer; `right`, `left` room for tracks and loops beside them; `lane` y of
    the middle of each backward flow, `tracks` x of its two vertical parts, `above` those whose lane is on top;
    `drop` how far everything is moved down for the lanes above.
    """

    layer: Mapping[str, int]
    stacked: Stacked
    sizes: Sizes
    columns: tuple[float, ...]
    right: tuple[float, ...]
    left: tuple[float, ...]
    lane: Mapping[Flow, float]
    tracks: Mapping[Flow, tuple[float, float]]
    above: frozenset[Flow]
    drop: float
    width: float
    height: float

    def bar(self, node: str) -> Box:
        """Return the bar of a node."""
        y, length = self.stacked.spans[(node,)]
        return Box(self.columns[self.layer[node]], y + self.drop, self.sizes.bar, length)

    def distance(self, flow: Flow) -> float:
        """Return a measure of how far out the lane of a backward flow is."""
        return -self.lane[flow] if flow in self.above else self.lane[flow]


def frame_of(order: Order, stacked: Stacked, margins: tuple[float, float], sizes: Sizes) -> Frame:
    """Return the columns and lanes; `margins` is the room for labels to the left and to the right."""
    layer = order.layer
    returns = sorted(flow for flow in stacked.widths if (flow.source, flow.target) in order.backward)
    above = frozenset(flow for flow in returns if _leans_up(flow, stacked))
    over = _lanes([flow for flow in returns if flow in above], layer, stacked.widths, sizes)
    under = _lanes([flow for flow in returns if flow not in above], layer, stacked.widths, sizes)
    drop, sink = _depth(over), _depth(under)
    lane = {flow: drop - middle for flow, (_, middle) in over.items()}
    lane |= {flow: drop + stacked.bottom + depth - stacked.widths[flow] / 2 for flow, (depth, _) in under.items()}
    loops = _loop_room(layer, stacked, len(order.layers))
    outwards = [*over, *under]
    out, right = _offsets(outwards, [layer[flow.source] for flow in outwards], stacked, loops)
    into, left = _offsets(outwards, [layer[flow.target] for flow in outwards], stacked, loops)
    columns, width = _columns(right, left, margins, sizes)
    tracks = {
        flow: (columns[layer[flow.source]] + sizes.bar + out[flow], columns[layer[flow.target]] - into[flow])
        for flow in returns
    }
    height = drop + stacked.bottom + sink + 2
    return Frame(layer, stacked, sizes, columns, right, left, lane, tracks, above, drop, width, height)


def _depth(lanes: Mapping[Flow, tuple[float, float]]) -> float:
    return max((depth for depth, _ in lanes.values()), default=0.0)


def _leans_up(flow: Flow, stacked: Stacked) -> bool:
    centres = [y + length / 2 for y, length in (stacked.spans[(flow.source,)], stacked.spans[(flow.target,)])]
    return sum(centres) / 2 < stacked.bottom / 2


def _lanes(
    flows: Sequence[Flow], layer: Mapping[str, int], widths: Mapping[Flow, float], sizes: Sizes
) -> dict[Flow, tuple[float, float]]:
    """Return flow → depth and middle of its lane measured outwards; the shortest is nearest, each has a label."""
    lanes: dict[Flow, tuple[float, float]] = {}
    depth = 0.0
    for flow in sorted(flows, key=lambda flow: (layer[flow.source] - layer[flow.target], flow)):
        middle = depth + LANE + widths[flow] / 2
        depth += LANE + widths[flow] + label_height(1, sizes.small)
        lanes[flow] = (depth, middle)
    return lanes


def _loop_room(layer: Mapping[str, int], stacked: Stacked, layers: int) -> list[float]:
    """Return how far the loops of own use reach beyond the bars of each layer."""
    own: dict[str, float] = defaultdict(float)
    for flow, width in stacked.widths.items():
        own[flow.source] += width if flow.source == flow.target else 0.0
    room = [0.0] * layers
    for node, width in own.items():
        room[layer[node]] = max(room[layer[node]], width + LOOP_GAP if width else 0.0)
    return room


def _offsets(
    flows: Sequence[Flow], layers: Sequence[int], stacked: Stacked, loops: Sequence[float]
) -> tuple[dict[Flow, float], tuple[float, ...]]:
    """Return flow → distance of its track from the bars, nearest lane first, and the room taken beside each layer."""
    offsets: dict[Flow, float] = {}
    room = list(loops)
    for flow, layer in zip(flows, layers, strict=True):
        offsets[flow] = room[layer] + TRACK + stacked.widths[flow] / 2
        room[layer] += TRACK + stacked.widths[flow]
    return offsets, tuple(room)


def _columns(
    right: Sequence[float], left: Sequence[float], margins: tuple[float, float], sizes: Sizes
) -> tuple[tuple[float, ...], float]:
    gaps = [sizes.curve + r + following for r, following in zip(right, left[1:], strict=False)]
    start, end = margins[0] + BESIDE + left[0], right[-1] + BESIDE + margins[1]
    spare = sizes.width - start - end - sum(gaps) - sizes.bar * len(right)
    stretch = max(0.0, spare) / max(1, len(gaps))
    columns = [start]
    for gap in gaps:
        columns.append(columns[-1] + sizes.bar + gap + stretch)
    return tuple(columns), columns[-1] + sizes.bar + end
