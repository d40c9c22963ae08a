"""One calendar year of a run, as results of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mfa.results.results import Results

if TYPE_CHECKING:
    import pandas as pd

WHOLE = 358.0
"""A year of which so many days are recorded counts as whole: a last step that does not fit is left out."""
TIMED = ("flows", "stocks", "conversion", "substances", "activity", "money")
"""Tables with a time in every row; links are known for the whole run alone."""

Span = tuple[str, str, float]
"""First moment of a year in the tables, first moment after it, and the days between them."""


def whole_years(results: Results) -> list[int]:
    """Return the calendar years that a run records from start to end."""
    return [year for year, (_, _, days) in spans(results).items() if days >= WHOLE]


def in_year(results: Results, year: int) -> Results:
    """Return what a run recorded in one calendar year; its links stay those of the whole run.

    Raises:
        KeyError: the run records nothing in that year.
    """
    first, end, days = spans(results)[year]
    tables: dict[str, Any] = {name: _between(getattr(results, name), first, end, name == "stocks") for name in TIMED}
    return replace(results, days=days, **tables)


def spans(results: Results) -> dict[int, Span]:
    """Return year → span of every calendar year that a run touches, in order."""
    times = sorted({time for name in TIMED for time in getattr(results, name)["time"]})
    if not times:
        return {}
    end = datetime.fromisoformat(times[0]) + timedelta(days=results.days)
    starts: dict[int, str] = {}
    for time in times:
        if datetime.fromisoformat(time) < end:
            starts.setdefault(int(time[:4]), time)
    return dict(_spans(starts, end, times[-1]))


def _spans(starts: dict[int, str], end: datetime, last: str) -> Iterator[tuple[int, Span]]:
    nexts = [*list(starts.values())[1:], None]
    for (year, start), following in zip(starts.items(), nexts, strict=True):
        until = datetime.fromisoformat(following) if following else end
        days = (until - datetime.fromisoformat(start)) / timedelta(days=1)
        yield year, (start, following or max(last, end.isoformat()), days)


def _between(table: pd.DataFrame, first: str, end: str, with_end: bool) -> pd.DataFrame:
    """Return the rows from one moment up to another, which itself counts for stocks alone: they stand at its start."""
    time = table["time"]
    return table[(time >= first) & ((time <= end) if with_end else (time < end))].reset_index(drop=True)
