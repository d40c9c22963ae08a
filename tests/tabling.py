"""Results made by hand, so that a test of indicators or checks reads like the tables it is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.results import Results
from mfa.results.tables import make_table

YEAR = "2020-01-01"
END = "2021-01-01"

Rows = Iterable[tuple[Any, ...]]


def results(
    scenario: Scenario,
    flows: Rows = (),
    stocks: Rows = (),
    conversion: Rows = (),
    links: Rows = (),
    money: Rows = (),
    substances: Rows = (),
    days: float = 365.0,
    run: str = "before",
) -> Results:
    """Return results from short rows; wet amounts and units follow from the materials.

    Args:
        scenario: what was run.
        flows: (time, source, target, material, kind, dry amount).
        stocks: (time, node, material, dry amount).
        conversion: (time, firm, line, material, used, made).
        links: (link id, promised, realised a year); the rest follows from the link.
        money: (time, payer, payee, item, CNY).
        substances: (time, node, substance, in, out, stock change, remainder).
        days: recorded days.
        run: name of the run.
    """
    park = scenario.park
    return Results(
        scenario,
        run,
        days,
        flows=make_table("flows", [(run, t, s, o, m, k, *amounts(park, m, dry)) for t, s, o, m, k, dry in flows]),
        stocks=make_table("stocks", [(run, t, n, m, *amounts(park, m, dry)) for t, n, m, dry in stocks]),
        conversion=make_table("conversion", [(run, *row, unit(park, row[3])) for row in conversion]),
        substances=make_table("substances", [(run, *row) for row in substances]),
        activity=make_table("activity", []),
        links=make_table("links", [link_row(park, run, *row) for row in links]),
        money=make_table("money", [(run, *row) for row in money]),
        indicators=make_table("indicators", []),
    )


def amounts(park: Park, material: str, dry: float) -> tuple[float, float, str]:
    known = park.materials.get(material)
    return dry * (known.as_received if known else 1.0), dry, unit(park, material)


def unit(park: Park, material: str) -> str:
    return park.materials[material].unit if material in park.materials else "t"


def link_row(park: Park, run: str, key: str, promised: float | None, realised: float) -> tuple[Any, ...]:
    link = next(link for link in park.links if link.id == key)
    return (
        run, key, link.from_, link.to, link.material, link.status, park.distance(link), None, promised, realised,
        unit(park, link.material), "",
    )  # fmt: skip


def value(table: pd.DataFrame, indicator: str, of: str = "") -> float | None:
    """Return the value of an indicator, None where it is empty; fails where there is not exactly one row."""
    (found,) = table[(table["indicator"] == indicator) & (table["of"] == of)]["value"]
    return None if pd.isna(found) else float(found)
