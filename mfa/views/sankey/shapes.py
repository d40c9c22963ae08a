"""What a Sankey diagram consists of: boxes, ribbons and labels, in points from the top left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Literal

from mfa.views.lettering import text_width
from mfa.views.sankey.order import Flow

Point = tuple[float, float]
Segment = tuple[Literal["M", "L", "C"], tuple[Point, ...]]
Path = tuple[Segment, ...]
"""Move, line and cubic curve segments, as in SVG."""

QUARTER = 0.5522847498
"""Handle length of the cubic that draws a quarter circle of radius 1."""
LINE = 1.28
"""Distance of two lines of text, in font sizes."""


@dataclass(frozen=True)
class Box:
    """A rectangle: its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box, slack: float = 1e-6) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.x + self.width > other.x + slack
            and other.x + other.width > self.x + slack
            and self.y + self.height > other.y + slack
            and other.y + other.height > self.y + slack
        )

    def holds(self, other: Box) -> bool:
        """Whether the other lies within."""
        return (
            self.x <= other.x
            and other.x + other.width <= self.x + self.width
            and self.y <= other.y
            and other.y + other.height <= self.y + self.height
        )


@dataclass(frozen=True)
class Label:
    """Lines of text in a box; `anchor` says to which side they are set."""

    lines: tuple[str, ...]
    box: Box
    anchor: Literal["start", "middle", "end"]
    size: float

    @property
    def x(self) -> float:
        """Where the lines are anchored."""
        return self.box.x + {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.box.width

    def baseline(self, line: int) -> float:
        """Return the baseline of one line."""
        return self.box.y + self.size * (0.98 + LINE * line)


@dataclass(frozen=True)
class Wording:
    """What the labels say: names of nodes and materials, how an amount is written, the word for own use."""

    nodes: Mapping[str, str]
    materials: Mapping[str, str]
    amount: Callable[[float], str]
    own_use: str = "own use"

    def say(self, flow: Flow) -> str:
        """Return the material and amount of a flow."""
        return f"{self.materials[flow.material]} {self.amount(flow.amount)}"


@dataclass(frozen=True)
class NodeBox:
    """A node: its bar, its label, and the larger of what enters and what leaves it."""

    key: str
    layer: int
    box: Box
    amount: float
    label: Label


@dataclass(frozen=True)
class Ribbon:
    """A flow: the line along its middle and its width; `arrow` is where a mark shows that it runs to the left."""

    flow: Flow
    kind: Literal["forward", "return", "own"]
    width: float
    path: Path
    label: Label | None = None
    arrow: Point | None = None


@dataclass(frozen=True)
class Swatch:
    """An entry of the legend: a patch of colour and what it means."""

    box: Box
    colour: str
    label: Label


@dataclass(frozen=True)
class Diagram:
    """A laid-out diagram; `scale` is points per `unit`, kept by all ribbons but those of the least width."""

    width: float
    height: float
    unit: str
    scale: float
    nodes: tuple[NodeBox, ...] = field(default=())
    ribbons: tuple[Ribbon, ...] = field(default=())
    swatches: tuple[Swatch, ...] = field(default=())


def label_at(lines: Sequence[str], x: float, y: float, anchor: Literal["start", "middle", "end"], size: float) -> Label:
    """Return a label whose top is at `y` and whose anchor is at `x`."""
    width = max((text_width(line, size) for line in lines), default=0.0)
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
    return Label(tuple(lines), Box(left, y, width, label_height(len(lines), size)), anchor, size)


def label_height(lines: int, size: float) -> float:
    """Return the height of so many lines of text."""
    return lines * LINE * size


def bend(start: Point, end: Point) -> Segment:
    """Return the curve between two points that leaves and arrives horizontally."""
    middle = (start[0] + end[0]) / 2
    return "C", ((middle, start[1]), (middle, end[1]), end)


def turn(start: Point, end: Point) -> tuple[Segment, Segment]:
    """Return the half circle from `start` to `end` below or above it: to the right going down, to the left going up."""
    radius = (end[1] - start[1]) / 2
    apex = (start[0] + radius, start[1] + radius)
    reach = radius * QUARTER
    return (
        ("C", ((start[0] + reach, start[1]), (apex[0], apex[1] - reach), apex)),
        ("C", ((apex[0], apex[1] + reach), (end[0] + reach, end[1]), end)),
    )


def rounded(points: Sequence[Point], radius: float) -> Path:
    """Return the polyline through `points` with corners rounded to `radius`, or less where there is no room."""
    path: list[Segment] = [("M", (points[0],))]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(radius, _length(before, corner) / 2, _length(corner, after) / 2)
        enter, leave = _towards(corner, before, reach), _towards(corner, after, reach)
        handles = (_towards(enter, corner, reach * QUARTER), _towards(leave, corner, reach * QUARTER))
        path += [("L", (enter,)), ("C", (*handles, leave))]
    return (*path, ("L", (points[-1],)))


def _length(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = _length(start, end)
    share = distance / length if length else 0.0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
