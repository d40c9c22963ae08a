"""From the tables of a run to the series that charts show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mfa.indicators.by_month import Points, day_of
from mfa.park.scenario import Disruption, Scenario
from mfa.results.results import Results

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


def stores(results: Results) -> list[Store]:
    """Return the stores of by-products and wastes that hold most, the fullest first."""
    park = results.scenario.park
    kept = {m for m, material in park.materials.items() if material.is_waste or material.class_ == "by_product"}
    table = results.stocks[results.stocks["node"].isin(park.firms) & results.stocks["material"].isin(kept)]
    found = []
    for key, rows in table.groupby(["node", "material"], sort=True):
        node, material = str(key[0]), str(key[1])
        amounts = rows[["time", "dry_amount"]].itertuples(index=False)
        points = [(day_of(str(time)), float(amount)) for time, amount in amounts]
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
