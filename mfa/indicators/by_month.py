"""Utilisation month by month (semantics §9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from mfa.indicators.utilisation import rate
from mfa.indicators.waste import waste_accounts
from mfa.park.material import COUNTED_CLASSES
from mfa.results.results import Results

if TYPE_CHECKING:
    import pandas as pd

Points = list[tuple[date, float]]


def utilisation_by_month(results: Results) -> Points:
    """Return the utilisation of semantics §9 of every month (of every interval where they are longer).

    The account of a year is taken of each month, by numbering months as if they were years.
    """
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
    days = [day_of(time) for time in first.values()]
    end = day_of(times[-1]) if times else None
    return days if end is None or days[-1] == end else [*days, end]


def day_of(time: str) -> date:
    """Return the day on which an interval of a table begins."""
    return date.fromisoformat(time[:10])
