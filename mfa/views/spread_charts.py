"""Charts of uncertainty: ranges of a rate, its fan over time, and what each input adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from mfa.language import Language, tr
from mfa.views.charts import WIDTH, bars_of, colours, mark_dates, put_legend, show_percent
from mfa.views.drawing import panels
from mfa.views.font import printable
from mfa.views.palette import ACCENT, INK, PAPER
from mfa.views.wording import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.42
"""Height of a range, inches."""


def draw_ranges(ranges: Mapping[str, pd.DataFrame], promised: float | None, language: Language) -> Figure:
    """Return the range of a rate by what it is about, run beside run.

    Args:
        ranges: title of a run → rows with label, q05, q25, q50, q75, q95; the same labels in the same order.
        promised: marked where known.
        language: of the axes.
    """
    labels = list(next(iter(ranges.values()))["label"])
    figure, (axes,) = panels(1, WIDTH, 0.7 + ROW * len(labels) * (0.5 + 0.5 * len(ranges)))
    for row, ((title, rows), colour) in enumerate(zip(ranges.items(), colours(len(ranges)), strict=True)):
        places = [place + (row - (len(ranges) - 1) / 2) * 0.36 for place in range(len(labels))]
        axes.hlines(places, rows["q05"], rows["q95"], color=colour, linewidth=1.6, label=printable(title))
        axes.hlines(places, rows["q25"], rows["q75"], color=colour, linewidth=6)
        axes.plot(rows["q50"], places, "o", color=PAPER, markeredgecolor=INK, markersize=4)
    _mark_promise(axes, promised, language, upright=True)
    axes.set_yticks(range(len(labels)), [printable(label) for label in labels], color=INK)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    show_percent(axes, "x", language)
    put_legend(axes, [*ranges, tr("promised", language)])
    return figure


def draw_fan(series: Mapping[str, pd.DataFrame], promised: float | None, language: Language) -> Figure:
    """Return a rate over time with the bands that hold half and nine tenths of all draws, a panel a run.

    Args:
        series: title of a run → rows with time (first day of a month), q05, q25, q50, q75, q95.
        promised: marked where known.
        language: of the axes.
    """
    figure, grid = panels(len(series), WIDTH / len(series), 2.7, len(series))
    for axes, (title, rows), colour in zip(grid, series.items(), colours(len(series)), strict=True):
        days = [date.fromisoformat(time) for time in rows["time"]]
        x = [day.toordinal() for day in days]
        for low, high, alpha in (("q05", "q95", 0.22), ("q25", "q75", 0.4)):
            axes.fill_between(x, rows[low], rows[high], step="post", color=colour, alpha=alpha, linewidth=0)
        axes.step(x, rows["q50"], where="post", color=colour, linewidth=1.6)
        _mark_promise(axes, promised, language, upright=False)
        axes.set_title(printable(title), size=9)
        axes.set_ylim(0, max(1.0, 1.05 * float(rows["q95"].max())))
        show_percent(axes, "y", language)
        mark_dates(axes, days[0], days[-1], most=6)
    return figure


def _mark_promise(axes: Axes, promised: float | None, language: Language, upright: bool) -> None:
    if promised is not None:
        draw = axes.axvline if upright else axes.axhline
        draw(promised, color=ACCENT, linewidth=0.9, linestyle=(0, (4, 3)), label=tr("promised", language))


def draw_influence(labels: Sequence[str], effects: Sequence[float]) -> Figure:
    """Return a bar an input: the percentage points that one standard deviation of it changes, the largest first."""
    return bars_of(labels, {"": list(effects)}, lambda value: number(value, signed=True))
