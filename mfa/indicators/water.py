"""Water of a run: fresh, used again, reclaimed, discharged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa.indicators.sums import years
from mfa.park.values import ENVIRONMENT
from mfa.results.results import Results

if TYPE_CHECKING:
    import pandas as pd

RECLAIMED = frozenset({"reclaimed_water", "treated_water", "mine_water"})
"""Waters that are not fresh: reclaimed, treated, pumped from mines."""
SEWAGE = "waste_water"
NOTICEABLE = 1e-9
"""Share of the water used from which a difference is more than rounding."""


def fresh_water(results: Results) -> float | None:
    """Return the fresh water of industry, m3 a year; None where the park draws none or the run cannot tell.

    What firms take from nature and get from outside the park, reclaimed, treated and mine water left out (1 t = 1 m3).
    """
    if not states_water(results):
        return None
    firms = results.scenario.park.firms
    flows = results.flows
    inward = flows["target"].isin(firms) & ~flows["source"].isin(firms)
    amount = _water(results, flows[inward & ~flows["material"].isin({*RECLAIMED, SEWAGE})], "dry_amount")
    return amount / years(results) if amount else None


def water_reused(results: Results) -> float | None:
    """Return the water used again by industry, m3 a year; None where the run shows none or cannot tell.

    Water that lines use (those that make water left out) − fresh water.
    """
    if not states_water(results):
        return None
    used = _water(results, results.conversion[~_makes_water(results)], "used") / years(results)
    reused = used - (fresh_water(results) or 0.0)
    return reused if reused > used * NOTICEABLE else None


def reclaimed_water_used(results: Results) -> float | None:
    """Return the reclaimed water that lines use, m3 a year; None where there is none."""
    table = results.conversion[~_makes_water(results)]
    amount = _water(results, table[table["material"].isin(RECLAIMED)], "used")
    return amount / years(results) if amount else None


def sewage_treated(results: Results) -> float | None:
    """Return the waste water that lines of the park clean, m3 a year; None where there is none."""
    table = results.conversion[_makes_water(results)]
    amount = _water(results, table[table["material"] == SEWAGE], "used")
    return amount / years(results) if amount else None


def waste_water(results: Results) -> float | None:
    """Return the water that firms discharge or give to others outside, m3 a year; None where the run cannot tell."""
    if not states_water(results):
        return None
    firms = results.scenario.park.firms
    flows = results.flows
    outward = flows["source"].isin(firms) & ~flows["target"].isin(firms)
    kinds = flows["kind"].isin(("emission", "disposal", "exchange")) | (flows["target"] == ENVIRONMENT)
    amount = _water(results, flows[outward & kinds], "dry_amount")
    return amount / years(results) if amount else None


def states_water(results: Results) -> bool:
    """Whether every line that ran states water; where some do not, the run cannot tell how much the park uses."""
    park, waters = results.scenario.park, _waters(results)
    table = results.conversion[results.conversion["line"] != ""]
    wet = table[table["material"].isin(waters)]
    dry = {*zip(table["firm"], table["line"], strict=True)} - {*zip(wet["firm"], wet["line"], strict=True)}
    return all(waters & park.technologies[park.firms[firm].lines[line].runs].takes.keys() for firm, line in dry)


def _water(results: Results, table: pd.DataFrame, column: str) -> float:
    return float(table.loc[table["material"].isin(_waters(results)), column].sum())


def _waters(results: Results) -> set[str]:
    known = results.scenario.park.materials
    return {m for m, material in known.items() if material.class_ == "water" and material.unit == "t"} | {"water"}


def _makes_water(results: Results) -> pd.Series[bool]:
    """Return for each row of the conversion table whether its line is run for water."""
    park = results.scenario.park
    makers = {
        f"{firm.id} {line.id}"
        for firm in park.firms.values()
        for line in firm.lines.values()
        if (product := park.materials.get(park.technologies[line.runs].product)) and product.class_ == "water"
    }
    table = results.conversion
    return (table["firm"] + " " + table["line"]).isin(makers)
