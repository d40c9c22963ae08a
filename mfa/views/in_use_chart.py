"""What becomes of the products in use at the end of their life, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa.language import tr
from mfa.park.in_use import ProductInUse
from mfa.park.scenario import Scenario
from mfa.use_phase.products import product_account
from mfa.views.charts import WIDTH
from mfa.views.drawing import panels
from mfa.views.font import printable
from mfa.views.palette import ACCENT, FAINT, INK, SERIES
from mfa.views.wording import Names, unit_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FATES = ("recycled", "remanufactured", "reused", "lost")
"""Where a product goes at its end of life, from the bottom of a bar."""
TONES = dict(zip(FATES, (SERIES[0], SERIES[2], SERIES[3], FAINT), strict=True))
MOST_PANELS = 6


def draw_in_use(scenario: Scenario, names: Names) -> Figure | None:
    """Return a panel for each product: its end of life by fate, and what is sold new; None where none is in use."""
    products = sorted(scenario.park.in_use.items())[:MOST_PANELS]
    if not products:
        return None
    columns = min(2, len(products))
    figure, axes = panels(len(products), WIDTH / columns, 2.5, columns)
    for (key, product), panel in zip(products, axes, strict=True):
        _draw(panel, product, scenario, names)
        unit = unit_name(product.unit.in_language(names.language), names.language)
        year = tr("{unit} a year", names.language, unit=unit)
        panel.set_title(printable(f"{names.product(key)} ({year})"), color=INK)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=len(labels), handlelength=1.4)
    return figure


def _draw(axes: Axes, product: ProductInUse, scenario: Scenario, names: Names) -> None:
    first, last = scenario.time.start.year, scenario.time.end.year
    account = product_account(product, last).loc[first:last]
    years, floor = list(account.index), account["outflow"] * 0.0
    for fate in FATES:
        label = printable(tr(fate, names.language))
        axes.bar(years, account[fate], bottom=floor, width=0.8, color=TONES[fate], label=label)
        floor = floor + account[fate]
    new = printable(tr("sold new", names.language))
    axes.plot(years, account["inflow"], color=ACCENT, linewidth=1.4, marker="o", markersize=2.5, label=new)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
    axes.set_xticks(years[:: max(1, -(-len(years) // 8))])
    axes.grid(axis="y")
    axes.set_ylim(bottom=0)
