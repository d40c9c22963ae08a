"""The ground of all matplotlib figures: one quiet style, the bundled font, and ways out to files and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.views.font import FAMILY, register
from mfa.views.palette import FAINT, INK, PAPER, SOFT_INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLE: dict[str, Any] = {
    "font.family": [FAMILY],
    "font.size": 9.0,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": SOFT_INK,
    "axes.labelcolor": SOFT_INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.0,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT_INK,
    "ytick.color": SOFT_INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
}
DOTS_PER_INCH = 150
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
"""What matplotlib would write into an SVG file and what differs from run to run or names outside addresses."""


@contextmanager
def style(**changes: Any) -> Iterator[None]:
    """Draw in the toolkit's style within the block; mathematical markup in names is never interpreted."""
    from matplotlib import rc_context

    register()
    settings: Any = STYLE | changes
    with rc_context(settings):
        yield


def panels(count: int, width: float, height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """Return a figure of `count` panels, each `width` × `height` inches, filled row by row."""
    from matplotlib.figure import Figure

    rows = -(-count // columns)
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False)
    axes = [axes for row in grid for axes in row]
    for spare in axes[count:]:
        spare.set_axis_off()
    return figure, axes[:count]


def save(figure: Figure, path: Path) -> list[Path]:
    """Write a figure as `<path>.png` and `<path>.svg`, the same bytes for the same figure; return the files."""
    svg = path.with_name(path.name + ".svg")
    with style(**{"svg.hashsalt": path.name, "svg.fonttype": "path"}):
        figure.savefig(svg, metadata=NO_METADATA)
    return [save_png(figure, path.with_name(path.name + ".png")), svg]


def save_png(figure: Figure, path: Path) -> Path:
    """Write a figure as a PNG file and return the file."""
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    return path


def inline_svg(figure: Figure, name: str) -> str:
    """Return a figure as an `<svg>` element for a page, with text as text; `name` keeps its ids apart from others'."""
    file = StringIO()
    with style(**{"svg.hashsalt": name, "svg.fonttype": "none"}):
        figure.savefig(file, format="svg", metadata=NO_METADATA)
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(<g) id="[^"]*"', r"\1", text)
    return re.sub(r' xmlns(:xlink)?="[^"]*"', "", text, count=2).replace("<svg", '<svg role="img"', 1)
