"""Measured, reconciled and simulated amounts: how each is called, and all of them in one figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mfa.language import Language, tr
from mfa.views.drawing import panels
from mfa.views.font import printable
from mfa.views.lettering import shorten
from mfa.views.palette import ACCENT, BEFORE, INK, SOFT_INK
from mfa.views.wording import Names, brief, listed, number, readable, share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mfa.experiments.balanced_park import BaseYear

HEADINGS = ("flow or stock", "measured", "std", "reconciled", "simulated", "z of simulated")
"""Headings of a table of what was measured: `title`, then what `written` returns."""
MOST = 30
"""So many measured amounts are shown, those that were moved the most."""
SURE = 2.0
"""Bars reach so many standard deviations to both sides."""
AMOUNTS = ("measured", "std", "reconciled", "reconciled_std", "simulated")
WIDTH, ROW = 9.2, 0.24
"""Width of the figure and height of a row, inches."""
TITLES = {
    "made": "{node} makes {material}",
    "used": "{node} uses {material}",
    "start": "{node} holds {material} at the start",
    "end": "{node} holds {material} at the end",
}
"""Kind of a quantity → how it is called."""


def title(row: Any, names: Names) -> str:
    """Return what a row of the table of measured flows is about, in names; its mark where it was measured again."""
    mark = "".join(row.flow.partition(" [")[1:])
    node, material = names.node(row.source), names.material(row.material)
    if row.kind == "flow":
        return f"{node} → {names.node(row.target)}: {material}{mark}"
    lines = {line for s in names.scenarios if row.source in s.park.firms for line in s.park.firms[row.source].lines}
    if row.line and len(lines) > 1:
        node = f"{node} ({readable(row.line)})"
    return tr(TITLES[row.kind], names.language, node=node, material=material) + mark


def written(row: Any, language: Language) -> list[str]:
    """Return what is measured, its std, what is reconciled and simulated, and how far off, as texts."""
    unit = row.unit.removesuffix("/yr")
    amounts = (row.measured, row.std, row.reconciled, row.simulated)
    return [
        *(brief(amount, unit, language, per_year=unit != row.unit) for amount in amounts),
        number(row.z, signed=True),
    ]


def measured_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that were measured, those first that reconciliation and simulation left the farthest behind."""
    rows = table[table["measured"].notna()]
    std = rows["std"].where(rows["std"] > 0)
    moved = ((rows["reconciled"] - rows["measured"]) / std).abs().fillna(0.0)
    farthest = moved.where(moved > rows["z"].abs().fillna(0.0), rows["z"].abs().fillna(0.0))
    return rows.loc[farthest.sort_values(ascending=False, kind="stable").index]


def undetermined(table: pd.DataFrame, names: Names) -> str:
    """Return what measurements leave open: firms whose lines they do not determine, and flows between other nodes."""
    hidden = table[table["status"] == "unobservable"]
    firms = sorted(set(hidden.loc[hidden["kind"] == "made", "source"]))
    between = hidden[(hidden["kind"] == "flow") & ~hidden["source"].isin(firms) & ~hidden["target"].isin(firms)]
    shown = [*map(names.node, firms), *(title(row, names) for row in between.itertuples())]
    return listed(shown[:MOST], names.language) + (" …" if len(shown) > MOST else "")


def suspicions(base: BaseYear, table: pd.DataFrame, names: Names) -> Iterator[str]:
    """Yield a sentence for each measurement that may hold a gross error, the likeliest first."""
    titles = {row.flow: title(row, names) for row in table.itertuples()}
    units = dict(zip(table["flow"], table["unit"], strict=True))
    high, low = "{what}: too high by about {size} (z = {z:.2g})", "{what}: too low by about {size} (z = {z:.2g})"
    for suspect in base.reconciliation.all_suspects:
        unit = units.get(suspect.name, "")
        size = brief(abs(suspect.error), unit.removesuffix("/yr"), names.language, per_year=unit.endswith("/yr"))
        what = titles.get(suspect.name, suspect.name)
        yield tr(high if suspect.error > 0 else low, names.language, what=what, size=size, z=suspect.z)


def draw_measured(table: pd.DataFrame | None, names: Names) -> Figure | None:
    """Return each measured amount with its uncertainty, beside it what was reconciled and simulated, in % of it.

    None where nothing above zero was measured.
    """
    if table is None:
        return None
    rows = measured_rows(table)
    rows = rows[rows["measured"] > 0].head(MOST)
    if rows.empty:
        return None
    figure, (axes,) = panels(1, WIDTH, 0.9 + ROW * len(rows))
    amounts = {c: rows[c].to_numpy(dtype=float) / rows["measured"].to_numpy(dtype=float) for c in AMOUNTS}
    places = np.arange(len(rows), dtype=float)
    _dots(axes, places, amounts["measured"], SURE * amounts["std"], BEFORE, "|", tr("measured", names.language))
    _dots(axes, places, amounts["reconciled"], SURE * amounts["reconciled_std"], ACCENT, "o",
          tr("reconciled", names.language))  # fmt: skip
    axes.plot(amounts["simulated"], places, linestyle="", marker="x", color=INK, zorder=5,
              label=tr("simulated", names.language))  # fmt: skip
    axes.axvline(1.0, color=SOFT_INK, linewidth=0.6, zorder=0)
    labels = [shorten(printable(title(row, names)), 9, 330) for row in rows.itertuples()]
    axes.set_yticks(places, labels, color=INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.xaxis.set_major_formatter(lambda value, _: share(value, names.language).replace(".0", ""))
    axes.grid(axis="x")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, borderaxespad=0.2, handlelength=1.4)
    return figure


def _dots(
    axes: Axes, places: Vector, values: Vector, spread: Vector, colour: str, marker: str,
    label: str,
) -> None:  # fmt: skip
    axes.errorbar(values, places, xerr=np.nan_to_num(spread), linestyle="", marker=marker, color=colour, markersize=5,
                  elinewidth=3.5 if marker == "|" else 1.2, label=label)  # fmt: skip
