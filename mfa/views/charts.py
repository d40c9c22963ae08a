"""Charts: how rates and stores move over time, what changes by material and by firm, and what stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mfa.indicators.by_month import utilisation_by_month
from mfa.indicators.utilisation import HEADLINE
from mfa.language import Language, tr
from mfa.park.plan import Plan
from mfa.results.results import Results
from mfa.views.drawing import panels
from mfa.views.font import printable
from mfa.views.lettering import shorten, text_width
from mfa.views.measures import values_of
from mfa.views.palette import ACCENT, BEFORE, FAINT, INK, SERIES, SOFT_INK, WARNING
from mfa.views.series import Span, Store, spans, stores
from mfa.views.wording import NOTHING, Names, brief, readable, share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 9.2
"""Width of a whole chart, inches."""
BAR = 0.3
"""Height of a pair of bars, inches."""
LEGEND_ROOM = 420.0
"""Room for the names in a legend, points."""
MOST_BARS = 14
CODES = {
    "distance": "too far away",
    "limit": "would break a limit",
    "unknown": "cannot be checked",
    "temperature": "not hot enough",
    "supply": "nothing left at the source",
    "need": "no need left at the target",
    "budget": "beyond the budget",
    "number_of_links": "too many new links",
    "no_gain": "would add nothing",
    "idle": "nothing to carry",
}
"""Code of a refusal → what it means."""
BESIDE = 0.2
"""Room beside the longest bar for its value, as a share of all bars together."""


def draw_utilisation(runs: Mapping[str, Results], promised: float | None, names: Names) -> Figure | None:
    """Return utilisation by month of each run (title → run), disruptions shaded; None where no waste is generated."""
    lines = {name: points for name, run in runs.items() if (points := utilisation_by_month(run))}
    if not lines:
        return None
    figure, (axes,) = panels(1, WIDTH, 2.7)
    for (name, points), colour in zip(lines.items(), colours(len(lines)), strict=True):
        days, rates = [day.toordinal() for day, _ in points], [rate for _, rate in points]
        axes.step(days, rates, where="post", color=colour, linewidth=1.6, label=printable(name))
    if promised is not None:
        axes.axhline(promised, color=ACCENT, linewidth=0.9, linestyle=(0, (4, 3)), label=tr("promised", names.language))
    _shade(axes, [span for run in list(runs.values())[:1] for span in spans(run.scenario)], names)
    axes.set_ylim(0, max(1.0, 1.05 * max(rate for points in lines.values() for _, rate in points)))
    show_percent(axes, "y", names.language)
    axes.margins(x=0.01)
    moments = [day for points in lines.values() for day, _ in points]
    mark_dates(axes, min(moments), max(moments), most=12)
    put_legend(axes, list(lines))
    return figure


def put_legend(axes: Axes, names: Sequence[str]) -> None:
    """Put the legend above the axes, in as many columns as the longest name allows."""
    columns = max(1, min(4, int(LEGEND_ROOM / max(text_width(name, 9) for name in names))))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, borderaxespad=0.2, handlelength=1.4)


def colours(count: int) -> Sequence[str]:
    """Return the colours of so many runs: before and after, or a series."""
    return (BEFORE, ACCENT)[2 - count :] if count <= 2 else [SERIES[row % len(SERIES)] for row in range(count)]


def show_percent(axes: Axes, side: str, language: Language) -> None:
    """Write the numbers of the `x` or `y` axis as percentages."""
    axis = axes.yaxis if side == "y" else axes.xaxis
    axis.set_major_formatter(lambda value, _: share(value, language).replace(".0", ""))
    axes.grid(axis="y" if side == "y" else "x")


def mark_dates(axes: Axes, first: date, last: date, most: int) -> None:
    """Mark the beginnings of years, or of months where the time is short, at most about `most` of them."""
    years = (last - first).days > 2 * 365
    months = [date(year, month, 1) for year in range(first.year, last.year + 2) for month in range(1, 13)]
    days = [day for day in months if first <= day <= last + timedelta(days=31) and (day.month == 1 or not years)]
    days = days[:: -(-len(days) // most)] if days else [first]
    axes.set_xticks([day.toordinal() for day in days], [f"{day:%Y}" if years else f"{day:%Y-%m}" for day in days])


def _shade(axes: Axes, disturbed: Sequence[Span], names: Names) -> None:
    named: set[str] = set()
    for span in disturbed:
        axes.axvspan(span.start.toordinal(), span.end.toordinal(), color=FAINT, alpha=0.55, linewidth=0, zorder=0)
        words = span.disruption.name or names.node(span.disruption.firm)
        if words not in named:
            axes.text(span.start.toordinal(), 0.98, " " + printable(words), transform=axes.get_xaxis_transform(),
                      va="top", size=7.5, color=SOFT_INK)  # fmt: skip
        named.add(words)


def draw_stores(runs: Mapping[str, Results], names: Names) -> Figure | None:
    """Return a panel for each of the fullest stores of waste, with the most it may hold; None where nothing stands."""
    found = {name: {(s.node, s.material): s for s in stores(run)} for name, run in runs.items()}
    keys = list(dict.fromkeys(key for of_run in found.values() for key in of_run))[:6]
    if not keys:
        return None
    columns = min(3, len(keys))
    figure, grid = panels(len(keys), WIDTH / columns, 1.95, columns)
    tints = colours(len(runs))
    for axes, key in zip(grid, keys, strict=True):
        for (name, of_run), colour in zip(found.items(), tints, strict=True):
            if key in of_run:
                _draw_store(axes, of_run[key], colour, name)
        _finish_store(axes, next(of_run[key] for of_run in found.values() if key in of_run), names)
    if len(runs) > 1:
        grid[0].legend(loc="best", handlelength=1.4)
    return figure


def _draw_store(axes: Axes, store: Store, colour: str, name: str) -> None:
    days, amounts = [day.toordinal() for day, _ in store.points], [amount for _, amount in store.points]
    axes.plot(days, amounts, color=colour, linewidth=1.5, label=printable(name))


def _finish_store(axes: Axes, store: Store, names: Names) -> None:
    from matplotlib.ticker import MaxNLocator

    if store.room:
        axes.axhline(store.room, color=WARNING, linewidth=0.9, linestyle=(0, (4, 3)))
    title = [names.node(store.node), names.material(store.material)]
    axes.set_title("\n".join(shorten(printable(line), 9, 190) for line in title), size=9)
    axes.set_ylim(0, 1.12 * max(axes.get_ylim()[1], store.room or 0.0))
    axes.yaxis.set_major_formatter(lambda value, _: brief(value, store.unit, names.language, exact=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    mark_dates(axes, store.points[0][0], store.points[-1][0], most=5)
    axes.grid(axis="y")


def draw_materials(runs: Mapping[str, Results], names: Names) -> Figure | None:
    """Return bars of the utilisation of each waste, run beside run; None where no waste is generated."""
    rates = {name: values_of(run, HEADLINE) for name, run in runs.items()}
    generated = values_of(list(runs.values())[-1], "waste_generated")
    present = {of for of_run in rates.values() for of in of_run}
    order = sorted(present, key=lambda of: (of != "", -generated.get(of, 0.0), of))[:MOST_BARS]
    if not order:
        return None
    bars = {name: [of_run.get(of) for of in order] for name, of_run in rates.items()}
    labels = [_material_label(of, generated, names) for of in order]
    return bars_of(labels, bars, lambda value: share(value, names.language))


def _material_label(of: str, generated: Mapping[str, float], names: Names) -> str:
    name = names.material(of) if of else tr("all solid waste", names.language)
    return f"{name}, {brief(generated[of], 't', names.language, per_year=True)}" if of in generated else name


def draw_benefit(before: Results, after: Results, names: Names) -> Figure | None:
    """Return bars of what each firm gains or loses a year; None where nothing changes for any."""
    old, new = values_of(before, "net_benefit"), values_of(after, "net_benefit")
    gains = {firm: new.get(firm, 0.0) - old.get(firm, 0.0) for firm in sorted({*old, *new} - {""})}
    order = sorted((firm for firm in gains if abs(gains[firm]) >= 1.0), key=lambda firm: -gains[firm])[:MOST_BARS]
    if not order:
        return None
    labels = [names.node(firm) for firm in order]
    return bars_of(labels, {"": [gains[firm] for firm in order]}, lambda value: _money(value, names.language))


def _money(value: float, language: Language) -> str:
    return ("+" if value > 0 else "") + brief(value, "CNY", language, per_year=True)


def draw_obstacles(plan: Plan, names: Names) -> Figure | None:
    """Return bars of how many candidates each kind of reason kept out; None where none was."""
    counts = Counter(refusal.code for refusal in plan.refusals)
    if not counts:
        return None
    order = sorted(counts, key=lambda code: (-counts[code], code))[:MOST_BARS]
    labels = [tr(CODES.get(code, readable(code)), names.language) for code in order]
    return bars_of(labels, {"": [float(counts[code]) for code in order]}, lambda value: f"{value:g}", BEFORE)


def bars_of(
    labels: Sequence[str],
    bars: Mapping[str, Sequence[float | None]],
    write: Callable[[float], str],
    colour: str = ACCENT,
) -> Figure:
    """Return horizontal bars, the first label on top; each bar carries its value."""
    figure, (axes,) = panels(1, WIDTH, 0.55 + BAR * len(labels) * (0.6 + 0.4 * len(bars)))
    thick = 0.8 / len(bars)
    tints = colours(len(bars)) if len(bars) > 1 else [colour]
    for row, ((name, values), tint) in enumerate(zip(bars.items(), tints, strict=True)):
        places = [place + (row - (len(bars) - 1) / 2) * thick for place in range(len(labels))]
        lengths = [value or 0.0 for value in values]
        filled = [tint if length >= 0 else WARNING for length in lengths]
        axes.barh(places, lengths, height=thick * 0.86, color=filled, label=printable(name) or None)
        for place, value in zip(places, values, strict=True):
            text = NOTHING if value is None else write(value)
            axes.annotate(text, (value or 0.0, place), xytext=(4 if (value or 0.0) >= 0 else -4, 0), size=8,
                          textcoords="offset points", va="center", color=SOFT_INK,
                          ha="left" if (value or 0.0) >= 0 else "right")  # fmt: skip
    axes.set_yticks(range(len(labels)), [printable(label) for label in labels], color=INK)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    low = min(0.0, *(value or 0.0 for values in bars.values() for value in values))
    high = max(0.0, *(value or 0.0 for values in bars.values() for value in values))
    room = BESIDE * ((high - low) or 1.0)
    axes.set_xlim(low - (room if low < 0 else 0.0), high + room)
    axes.axvline(0, color=SOFT_INK, linewidth=0.6)
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    if len(bars) > 1:
        put_legend(axes, list(bars))
    return figure
