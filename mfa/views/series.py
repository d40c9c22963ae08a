"""From the tables of a run to the series that charts show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mfa.park.material import COUNTED_CLASSES
from mfa.park.scenario import Disruption, Scenario
from mfa.results.results import Results

if TYPE_CHECKING:
    import pandas as pd

Points = list[tuple[date, float]]
MOST_STORES = 6
"""How many stores a figure shows: those that hold most."""


@dataclass(frozen=True)
class Store:
    """What stands in one place over time: tonnes (or GJ) at the start of each interval, and the most it may hold."""

    node: str
    material: str
    unit: str
    room: float | None
    points: Points


@dataclass(frozen=True)
class Span:
    """A time in which something is disturbed."""

    start: date
    end: date
    disruption: Disruption


def utilisation_by_month(results: Results) -> Points:
    """Return the utilisation of semantics §9 of every month (of every interval where they are longer)."""
    from mfa.indicators.utilisation import rate
    from mfa.indicators.waste import waste_accounts

    points: Points = []
    for start, days, part in _months(results):
        accounts = waste_accounts(part, COUNTED_CLASSES).values()
        value = rate([account for years in accounts for account in years.values()], days)
        if value is not None:
            points.append((start, value))
            end = (start + timedelta(days=days), value)
    return [*points, end] if points else []


def _months(results: Results) -> Iterator[tuple[date, float, Results]]:
    """Yield (first day, days, the tables of that time) of every month."""
    times = sorted({*results.flows["time"], *results.conversion["time"], *results.stocks["time"]})
    starts = [time for time, before in zip(times, ["", *times], strict=False) if time[:7] != before[:7]]
    ends = [*starts[1:], _last(results, times)]
    for start, end in zip(starts, ends, strict=True):
        if start < end:
            within = replace(
                results,
                flows=_between(results.flows, start, end),
                conversion=_between(results.conversion, start, end),
                stocks=_between(results.stocks, start, end, closed=True),
            )
            yield date.fromisoformat(start[:10]), float((_day(end) - _day(start)).days), within


def _last(results: Results, times: list[str]) -> str:
    return times[-1] if times else results.scenario.time.start.isoformat()


def _day(time: str) -> date:
    return date.fromisoformat(time[:10])


def _between(table: pd.DataFrame, start: str, end: str, closed: bool = False) -> pd.DataFrame:
    before = table["time"] <= end if closed else table["time"] < end
    return table[(table["time"] >= start) & before]


def stores(results: Results) -> list[Store]:
    """Return the stores of by-products and wastes that hold most, the fullest first."""
    park = results.scenario.park
    kept = {m for m, material in park.materials.items() if material.is_waste or material.class_ == "by_product"}
    table = results.stocks[results.stocks["node"].isin(park.firms) & results.stocks["material"].isin(kept)]
    found = []
    for key, rows in table.groupby(["node", "material"], sort=True):
        node, material = str(key[0]), str(key[1])
        amounts = rows[["time", "dry_amount"]].itertuples(index=False)
        points = [(_day(str(time)), float(amount)) for time, amount in amounts]
        room = park.firms[node].storage.get(material)
        if max(amount for _, amount in points) > 0:
            found.append(Store(node, material, park.materials[material].unit, room, sorted(points)))
    fullest = sorted(found, key=lambda store: (-max(amount for _, amount in store.points), store.node, store.material))
    return fullest[:MOST_STORES]


def spans(scenario: Scenario) -> list[Span]:
    """Return when dated disruptions act within the time of a scenario, in order."""
    start, end = scenario.time.start, scenario.time.end + timedelta(days=1)
    found = []
    for disruption in scenario.disruptions:
        if disruption.from_ is None:
            continue
        for year in range(start.year - 1, end.year + 1) if disruption.every else [disruption.from_.year]:
            first = _in_year(disruption.from_, year)
            last = first + _length(disruption, scenario.time.days)
            if first >= disruption.from_ and last > start and first < end:
                found.append(Span(max(first, start), min(last, end), disruption))
    return sorted(found, key=lambda span: (span.start, span.end, span.disruption.firm))


def _in_year(day: date, year: int) -> date:
    return date(year, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _length(disruption: Disruption, whole: float) -> timedelta:
    if disruption.from_ is not None and disruption.until is not None:
        return disruption.until - disruption.from_ + timedelta(days=1)
    return timedelta(days=disruption.lasts if isinstance(disruption.lasts, float) else whole)
