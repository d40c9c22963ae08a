"""From the tables of a run to the series that charts show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
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
    """Return the utilisation of semantics §9 of every month (of every interval where they are longer).

    The account of a year is taken of each month, by numbering months as if they were years.
    """
    from mfa.indicators.utilisation import rate
    from mfa.indicators.waste import waste_accounts

    times = sorted({*results.flows["time"], *results.conversion["time"], *results.stocks["time"]})
    months = {month: f"{number:04d}" for number, month in enumerate(dict.fromkeys(time[:7] for time in times))}
    labels = {time: f"{months[time[:7]]}-{number:06d}" for number, time in enumerate(times)}
    accounts = waste_accounts(_relabelled(results, labels), COUNTED_CLASSES)
    points: Points = []
    for start, end in pairwise(_starts(times)):
        number = months[start.isoformat()[:7]]
        of_month = [by_month[number] for by_month in accounts.values() if number in by_month]
        value = rate(of_month, float((end - start).days))
        if value is not None:
            points.append((start, value))
            last = (end, value)
    return [*points, last] if points else []


def _relabelled(results: Results, labels: Mapping[str, str]) -> Results:
    def moved(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(time=table["time"].map(labels))

    return replace(
        results, flows=moved(results.flows), conversion=moved(results.conversion), stocks=moved(results.stocks)
    )


def _starts(times: Sequence[str]) -> list[date]:
    """Return the first moment of every month, and the end of the last."""
    first: dict[str, str] = {}
    for time in times:
        first.setdefault(time[:7], time)
    days = [_day(time) for time in first.values()]
    end = _day(times[-1]) if times else None
    return days if end is None or days[-1] == end else [*days, end]


def _day(time: str) -> date:
    return date.fromisoformat(time[:10])


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
