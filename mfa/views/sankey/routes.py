"""The ribbons of a Sankey diagram: where each flow leaves and enters its bars, and the line it takes between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import fsum

from mfa.views.lettering import shorten, text_width
from mfa.views.sankey.columns import Frame
from mfa.views.sankey.order import Flow, Slot, chain
from mfa.views.sankey.shapes import (
    Box,
    Label,
    Path,
    Ribbon,
    Segment,
    Wording,
    bend,
    label_at,
    label_height,
    rounded,
    turn,
)
from mfa.views.sankey.stack import LOOP_GAP

Ports = Mapping[Flow, float]
ON_RIBBON = 0.6
"""Share of the way to the next layer that a label on a ribbon may take."""


def route(frame: Frame, wording: Wording) -> list[Ribbon]:
    """Return a ribbon for each flow, the widest first."""
    out, into = ports(frame)
    passes = _passes(frame)
    ribbons: list[Ribbon] = []
    own: dict[str, list[Flow]] = defaultdict(list)
    for flow, width in frame.stacked.widths.items():
        ends = out[flow], into[flow]
        if flow.source == flow.target:
            own[flow.source].append(flow)
        elif flow in frame.lane:
            ribbons.append(_return(flow, frame, ends, wording))
        else:
            path = _ahead(flow, frame, ends, passes)
            label = _on_ribbon(flow, width, path, frame.sizes.small, wording)
            ribbons.append(Ribbon(flow, "forward", width, path, label))
    for flows in own.values():
        ribbons += _loops(flows, frame, out, wording)
    return sorted(ribbons, key=lambda ribbon: (-ribbon.width, ribbon.flow))


def ports(frame: Frame) -> tuple[Ports, Ports]:
    """Return flow → y of its middle where it leaves its source, and where it enters its target."""
    leaving: dict[str, list[Flow]] = defaultdict(list)
    arriving: dict[str, list[Flow]] = defaultdict(list)
    for flow in frame.stacked.widths:
        leaving[flow.source].append(flow)
        arriving[flow.target].append(flow)
    out = {flow: y for node, flows in leaving.items() for flow, y in _side(node, flows, frame, 1).items()}
    into = {flow: y for node, flows in arriving.items() for flow, y in _side(node, flows, frame, -2).items()}
    return out, into


def _side(node: str, flows: Sequence[Flow], frame: Frame, beside: int) -> dict[Flow, float]:
    """Stack the flows on one side of a bar; `beside` picks the neighbouring slot in the chain of a link."""
    own = sorted(flow for flow in flows if flow.source == flow.target)
    back = sorted((flow for flow in flows if flow in frame.lane), key=frame.distance)
    ahead = sorted(set(flows) - {*own, *back}, key=lambda flow: (_beside(flow, frame, beside), flow))
    box = frame.bar(node)
    top, bottom = box.y, box.y + box.height
    placed: dict[Flow, float] = {}
    for flow in [*(flow for flow in back if flow in frame.above), *ahead]:
        placed[flow] = top + frame.stacked.widths[flow] / 2
        top += frame.stacked.widths[flow]
    for flow in [*own, *(flow for flow in back if flow not in frame.above)]:
        placed[flow] = bottom - frame.stacked.widths[flow] / 2
        bottom -= frame.stacked.widths[flow]
    return placed


def _beside(flow: Flow, frame: Frame, slot: int) -> float:
    y, length = frame.stacked.spans[chain(flow.source, flow.target, frame.layer)[slot]]
    return y + length / 2


def _passes(frame: Frame) -> dict[tuple[Flow, Slot], float]:
    """Return (flow, bend) → y of the flow's middle where it passes the bend."""
    free = {slot: y + frame.drop for slot, (y, _) in frame.stacked.spans.items() if len(slot) > 1}
    passes: dict[tuple[Flow, Slot], float] = {}
    for flow, width in frame.stacked.widths.items():
        if flow.source != flow.target and flow not in frame.lane:
            for slot in chain(flow.source, flow.target, frame.layer)[1:-1]:
                passes[flow, slot] = free[slot] + width / 2
                free[slot] += width
    return passes


def _ahead(flow: Flow, frame: Frame, ends: tuple[float, float], passes: Mapping[tuple[Flow, Slot], float]) -> Path:
    slots = chain(flow.source, flow.target, frame.layer)
    first = frame.layer[flow.source]
    heights = [ends[0], *(passes[flow, slot] for slot in slots[1:-1]), ends[1]]
    x = frame.columns[first] + frame.sizes.bar
    path: list[Segment] = [("M", ((x, heights[0]),))]
    for layer, (y, following) in enumerate(pairwise(heights), start=first):
        start = (frame.columns[layer] + frame.sizes.bar + frame.right[layer], y)
        end = (frame.columns[layer + 1] - frame.left[layer + 1], following)
        path += [("L", (start,)), bend(start, end)]
    return (*path, ("L", ((frame.columns[frame.layer[flow.target]], ends[1]),)))


def _on_ribbon(flow: Flow, width: float, path: Path, size: float, wording: Wording) -> Label | None:
    """Return the label where a ribbon leaves its source; None where it would not lie on the ribbon."""
    if width < 1.05 * size:
        return None
    start, end = path[1][1][0], path[2][1][2]
    for text in (wording.say(flow), wording.materials[flow.material]):
        reached = (LOOP_GAP + text_width(text, size)) / (end[0] - start[0])
        strays = abs(end[1] - start[1]) * reached**2 * (3 - 2 * reached)
        if reached < ON_RIBBON and strays < width / 2:
            return label_at([text], start[0] + LOOP_GAP, start[1] - label_height(1, size) / 2, "start", size)
    return None


def _return(flow: Flow, frame: Frame, ends: tuple[float, float], wording: Wording) -> Ribbon:
    source, target, y = frame.bar(flow.source), frame.bar(flow.target), frame.lane[flow]
    out, into = frame.tracks[flow]
    width = frame.stacked.widths[flow]
    points = [
        (source.x + source.width, ends[0]),
        (out, ends[0]),
        (out, y),
        (into, y),
        (into, ends[1]),
        (target.x, ends[1]),
    ]
    size = frame.sizes.small
    text = shorten(wording.say(flow), size, max(out - into, frame.sizes.curve))
    label = label_at([text], (out + into) / 2, y - width / 2 - label_height(1, size), "middle", size)
    return Ribbon(flow, "return", width, rounded(points, width / 2 + 4), label, ((out + into) / 2, y))


def _loops(flows: Sequence[Flow], frame: Frame, out: Ports, wording: Wording) -> list[Ribbon]:
    """Return what a node sends to itself, nested under its bar, with one label for all."""
    box, size, widths = frame.bar(flows[0].source), frame.sizes.small, frame.stacked.widths
    text = _fitting([f"{wording.own_use}: {', '.join(wording.say(flow) for flow in flows)}",
                     f"{wording.own_use}: {wording.amount(fsum(flow.amount for flow in flows))}"],
                    size, 1.6 * frame.sizes.curve)  # fmt: skip
    below = box.y + box.height + LOOP_GAP + sum(widths[flow] for flow in flows)
    middle = box.x + box.width / 2
    label: Label | None = label_at([text], middle, below, "middle", size)
    ribbons = []
    for flow in flows:
        under = 2 * (box.y + box.height) + LOOP_GAP - out[flow]
        ribbons.append(Ribbon(flow, "own", widths[flow], _loop(box, out[flow], under), label, (middle, under)))
        label = None
    return ribbons


def _fitting(texts: Sequence[str], size: float, room: float) -> str:
    """Return the first of the texts that fits, else the last one cut."""
    return next((text for text in texts if text_width(text, size) <= room), shorten(texts[-1], size, room))


def _loop(box: Box, y: float, under: float) -> Path:
    right, left = box.x + box.width, box.x
    back: Segment = ("L", ((left, under),))
    return (("M", ((right, y),)), *turn((right, y), (right, under)), back, *turn((left, under), (left, y)))
