"""Products in use: how much is collected, recycled and remanufactured, and what of it the park takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa.indicators.registry import Judged, Value, indicator
from mfa.indicators.sums import sum_by
from mfa.park.values import DAYS_PER_YEAR
from mfa.results.results import Results
from mfa.use_phase.products import product_account
from mfa.use_phase.responsibility import COUNTED, rate_of, target_for
from mfa.use_phase.supply import supply_in

if TYPE_CHECKING:
    import pandas as pd


@indicator("collection_rate", "fraction", "collected ÷ end of life; targets of the scenario")
def collection_rate(results: Results) -> dict[str, Value]:
    """Share of the products at the end of their life that is collected, in the last year of the run.

    By product, and by mass in total. A producer responsibility may set a target.
    """
    return _rates(results, "collection")


@indicator("recycling_rate", "fraction", "recycled ÷ end of life; targets of the scenario")
def recycling_rate(results: Results) -> dict[str, Value]:
    """Share of the products at the end of their life that goes to material recycling, in the last year of the run.

    What remanufacturers do not bring back counts as recycled. By product, and by mass in total.
    """
    return _rates(results, "recycling")


@indicator("remanufacturing_rate", "fraction", "remanufactured ÷ end of life; targets of the scenario")
def remanufacturing_rate(results: Results) -> dict[str, Value]:
    """Share of the products at the end of their life that comes back remanufactured, in the last year of the run.

    By product, and by mass in total.
    """
    return _rates(results, "remanufacturing")


def _rates(results: Results, rate: str) -> dict[str, Value]:
    scenario = results.scenario
    year = scenario.time.end.year
    counted = ended = 0.0
    answers: dict[str, Value] = {}
    for key, product in sorted(scenario.park.in_use.items()):
        row = product_account(product, year).loc[year].to_dict()
        counted, ended = counted + row[COUNTED[rate]] * product.mass, ended + row["outflow"] * product.mass
        value, target = rate_of(product, rate, year), target_for(scenario, key, rate, year)
        answers[key] = value if target is None else Judged(value, target)
    if answers:
        answers[""] = counted / ended if ended > 0 else None
    return answers


@indicator("collected_material_taken", "fraction", "taken from collection ÷ supplied by products in use")
def collected_material_taken(results: Results) -> dict[str, Value]:
    """Share of what products in use supply to the park that its firms take, in total and by material.

    The rest finds no room at recyclers and remanufacturers of the park, and goes elsewhere.
    """
    table = collected_supply(results)
    table = table[table["flow"] != "returned"]
    supplied, taken = (table.groupby("material")[column].sum() for column in ("account_t", "park_t"))
    rates: dict[str, Value] = {str(m): float(taken[m] / supplied[m]) for m in supplied.index if supplied[m] > 0}
    if rates:
        rates[""] = float(taken.sum() / supplied.sum())
    return rates


def collected_supply(results: Results) -> pd.DataFrame:
    """Return what the account of products in use says the park gets and gives back, and what it did.

    Returns:
        One row a year, flow (`to recyclers`, `to remanufacturers`: from a source; `returned`: made of cores by the
        firms of the park) and material: run, year, flow, at (the source; the firms), material, account_t (of the
        recorded days of the year, dry), park_t (dispatched or made in the run), difference_t.
    """
    import pandas as pd

    rows = [*_supplied(results), *_returned(results)]
    columns = ["run", "year", "flow", "at", "material", "account_t", "park_t", "difference_t"]
    return pd.DataFrame([(results.run, *row, row[-1] - row[-2]) for row in rows], columns=columns)


Row = tuple[int, str, str, str, float, float]


def _supplied(results: Results) -> list[Row]:
    scenario = results.scenario
    cores = {product.cores for product in scenario.park.in_use.values()}
    flows = results.flows.assign(year=results.flows["time"].str[:4])
    taken = sum_by(flows, ["year", "source", "material"], "dry_amount")
    return [
        (year, "to remanufacturers" if material in cores else "to recyclers", source, material, rate * days,
         taken.get((str(year), source, material), 0.0))
        for year, days in scenario.time.days_by_year.items()
        for (source, material), rate in sorted(supply_in(scenario.park, year).items())
    ]  # fmt: skip


def _returned(results: Results) -> list[Row]:
    """Return what remanufacturers bring back: by the yield that the account states, and by what they made."""
    scenario, park = results.scenario, results.scenario.park
    conversion = results.conversion.assign(year=results.conversion["time"].str[:4])
    made = sum_by(conversion, ["year", "firm", "line", "material"], "made")
    rows: list[Row] = []
    for core in sorted({product.cores for product in park.in_use.values() if product.cores}):
        lines = [(firm.id, line.id, park.technologies[line.runs].product) for _, firm in sorted(park.firms.items())
                 for line in firm.lines.values() if core in park.technologies[line.runs].uses]  # fmt: skip
        firms, products = ", ".join(firm for firm, _, _ in lines), ", ".join(sorted({p for *_, p in lines}))
        for year, days in scenario.time.days_by_year.items() if lines else ():
            promised = sum(
                product_account(product, year).loc[year].to_dict()["remanufactured"] * product.mass
                for _, product in sorted(park.in_use.items()) if product.cores == core
            )  # fmt: skip
            realised = sum(made.get((str(year), *line), 0.0) for line in lines)
            rows.append((year, "returned", firms, products, promised * days / DAYS_PER_YEAR, realised))
    return rows
