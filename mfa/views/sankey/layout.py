"""The geometry of a Sankey diagram: where every bar, ribbon and label stands. No drawing.

Flows run from left to right in layers; what must run backwards takes a lane of its own below or above,
and what a node sends to itself takes a short lane under its bar. Nothing depends on the order of the flows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from mfa.views.lettering import text_width, wrap
from mfa.views.sankey.columns import BESIDE, Frame, frame_of
from mfa.views.sankey.order import Flow, Order, arrange, merge
from mfa.views.sankey.routes import route
from mfa.views.sankey.shapes import Diagram, Label, NodeBox, Wording, label_at, label_height
from mfa.views.sankey.stack import ABOVE, Sizes, stack


def layout(flows: Iterable[Flow], wording: Wording, sizes: Sizes | None = None) -> Diagram:
    """Return the diagram of the flows; raises ValueError where they have more than one unit."""
    sizes, merged = sizes or Sizes(), merge(flows)
    if not merged:
        return Diagram(sizes.width, 0.0, "", 0.0)
    order, amounts = arrange(merged), node_amounts(merged)
    lines = _lines(amounts, order, wording, sizes)
    stacked = stack(merged, order, {key: len(texts) for key, texts in lines.items()}, sizes)
    frame = frame_of(order, stacked, _margins(order, lines, sizes), sizes)
    last = len(order.layers) - 1
    nodes = tuple(
        NodeBox(key, frame.layer[key], frame.bar(key), amount, _label(key, lines[key], frame, last))
        for key, amount in amounts.items()
    )
    ribbons = tuple(route(frame, wording))
    return Diagram(frame.width, frame.height, merged[0].unit, stacked.scale, nodes, ribbons)


def node_amounts(flows: Iterable[Flow]) -> dict[str, float]:
    """Return node → the larger of what enters and what leaves it, own use included; sorted by node."""
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for flow in flows:
        out[flow.source] += flow.amount
        into[flow.target] += flow.amount
    return {key: max(into[key], out[key]) for key in sorted(into.keys() | out.keys())}


def _lines(amounts: Mapping[str, float], order: Order, wording: Wording, sizes: Sizes) -> dict[str, tuple[str, ...]]:
    outside = {slot[0] for slot in order.edges}
    room = {key: sizes.outside if key in outside else sizes.curve - ABOVE for key in amounts}
    return {
        key: (*wrap(wording.nodes[key], sizes.font, room[key]), wording.amount(amount))
        for key, amount in amounts.items()
    }


def _margins(order: Order, lines: Mapping[str, tuple[str, ...]], sizes: Sizes) -> tuple[float, float]:
    """Return the widest label of the first layer, and of the last where that is another one."""
    ends = [order.layers[0], order.layers[-1] if len(order.layers) > 1 else ()]
    left, right = (
        max((text_width(text, sizes.font) for slot in layer if len(slot) == 1 for text in lines[slot[0]]), default=0.0)
        for layer in ends
    )
    return left, right


def _label(key: str, lines: tuple[str, ...], frame: Frame, last: int) -> Label:
    box, layer, size = frame.bar(key), frame.layer[key], frame.sizes.font
    height = label_height(len(lines), size)
    middle = box.y + (box.height - height) / 2
    if layer == 0:
        return label_at(lines, box.x - frame.left[0] - BESIDE, middle, "end", size)
    if layer == last:
        return label_at(lines, box.x + box.width + frame.right[last] + BESIDE, middle, "start", size)
    return label_at(lines, box.x + box.width / 2, box.y - ABOVE - height, "middle", size)
