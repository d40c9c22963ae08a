"""A laid-out Sankey diagram drawn by matplotlib, for PNG, PDF and SVG files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa.views.palette import INK, PAPER, SOFT_INK
from mfa.views.sankey.shapes import Diagram, Label, Path, Point
from mfa.views.sankey.svg import ARROW, OPACITY, Colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.path import Path as DrawnPath

POINTS_PER_INCH = 72.0
MARGIN, HEADING = 8.0, 34.0


def blank(diagram: Diagram, title: str) -> tuple[Figure, Axes]:
    """Return an empty figure with a title, whose axes are in the diagram's points."""
    from matplotlib.figure import Figure

    heading = HEADING if title else 0.0
    width, height = diagram.width + 2 * MARGIN, diagram.height + 2 * MARGIN + heading
    figure = Figure(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH), facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(-MARGIN, diagram.width + MARGIN)
    axes.set_ylim(diagram.height + MARGIN, -MARGIN - heading)
    if title:
        axes.text(0, -heading / 2, title, size=14, color=INK, va="center", parse_math=False)
    return figure, axes


def figure(diagram: Diagram, colour: Colour, title: str = "") -> Figure:
    """Return the diagram as a matplotlib figure, one point of the layout to a point on paper."""
    from matplotlib.patches import PathPatch, Polygon, Rectangle

    drawn, axes = blank(diagram, title)
    for ribbon in diagram.ribbons:
        axes.add_patch(PathPatch(_path(ribbon.path), fill=False, edgecolor=colour(ribbon.flow), alpha=OPACITY,
                                 linewidth=ribbon.width, capstyle="butt"))  # fmt: skip
        if ribbon.arrow:
            axes.add_patch(Polygon(_arrow(ribbon.arrow), closed=True, facecolor=colour(ribbon.flow), linewidth=0))
    for node in diagram.nodes:
        box = node.box
        axes.add_patch(Rectangle((box.x, box.y), box.width, box.height, facecolor=INK, linewidth=0))
        _write(axes, node.label, named=True)
    for ribbon in diagram.ribbons:
        if ribbon.label:
            _write(axes, ribbon.label, named=ribbon.kind == "forward", halo=ribbon.kind != "forward")
    for swatch in diagram.swatches:
        box = swatch.box
        axes.add_patch(Rectangle((box.x, box.y), box.width, box.height, facecolor=swatch.colour, linewidth=0))
        _write(axes, swatch.label, named=False)
    return drawn


def _write(axes: Axes, label: Label, named: bool, halo: bool = True) -> None:
    from matplotlib import patheffects

    effects = [patheffects.withStroke(linewidth=2.6, foreground=PAPER)] if halo else []
    side = {"start": "left", "middle": "center", "end": "right"}[label.anchor]
    last = len(label.lines) - 1
    for line, text in enumerate(label.lines):
        soft = not named or 0 < line == last
        axes.text(label.x, label.baseline(line), text, size=label.size, color=SOFT_INK if soft else INK, ha=side,
                  va="baseline", path_effects=effects, parse_math=False)  # fmt: skip


def _arrow(tip: Point) -> list[Point]:
    x, y = tip
    return [(x - ARROW, y), (x + ARROW, y - ARROW), (x + ARROW, y + ARROW)]


def _path(path: Path) -> DrawnPath:
    from matplotlib.path import Path as DrawnPath

    codes = {"M": DrawnPath.MOVETO, "L": DrawnPath.LINETO, "C": DrawnPath.CURVE4}
    points = [point for _, segment in path for point in segment]
    return DrawnPath(points, [codes[letter] for letter, segment in path for _ in segment])
