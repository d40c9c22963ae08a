"""When lines can run: disruptions, maintenance and construction as SimPy processes (semantics §6.2)."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from datetime import date, timedelta

import numpy as np
import simpy

from mfa.park.firm import Maintenance
from mfa.park.scenario import Disruption, Scenario, Time
from mfa.step.arrays import Floats, ParkArrays

Change = tuple[int, float]
"""A step, counted from the start of the record, and the availability from then on."""


class Availability:
    """Availability of every line now; where several causes overlap, the lowest holds."""

    def __init__(self, arrays: ParkArrays) -> None:
        self._arrays = arrays
        self._held: list[dict[int, float]] = [{} for _ in arrays.lines.keys]
        self.now: Floats = np.ones(len(arrays.lines.keys))

    def hold(self, cause: int, rows: list[int], availability: float) -> None:
        """Hold lines at `availability` for one cause; at 1 the cause is over."""
        for row in rows:
            self._held[row][cause] = availability
            self.now[row] = min(self._held[row].values(), default=1.0)


def start_causes(env: simpy.Environment, scenario: Scenario, arrays: ParkArrays, first_step: int) -> Availability:
    """Start one SimPy process for every cause that changes availability, and return the availability they act on.

    Args:
        env: the clock, in steps.
        scenario: its disruptions, maintenance and construction are started.
        arrays: the scenario's park.
        first_step: step of the clock at which the record begins.
    """
    availability = Availability(arrays)
    for cause, (rows, changes) in enumerate(_causes(scenario, arrays, -first_step)):
        env.process(_act(env, availability, cause, rows, changes, first_step))
    return availability


def mean_availability(scenario: Scenario, arrays: ParkArrays, steps: range) -> Floats:
    """Return by line the mean availability over some recorded steps; 1 without any."""
    env = simpy.Environment()
    now = start_causes(env, scenario, arrays, 0)
    total = np.zeros(len(arrays.lines.keys))
    for step in steps:
        env.run(until=step + 0.5)
        total += now.now
    return total / len(steps) if steps else np.ones_like(total)


def _act(
    env: simpy.Environment, availability: Availability, cause: int, rows: list[int], changes: list[Change], first: int
) -> Generator[simpy.Event, None, None]:
    for step, value in changes:
        if step + first > env.now:
            yield env.timeout(step + first - env.now)
        availability.hold(cause, rows, value)


def _causes(scenario: Scenario, arrays: ParkArrays, first: int) -> Iterator[tuple[list[int], list[Change]]]:
    time = scenario.time
    for disruption in scenario.disruptions:
        if disruption.acts:
            rows = _rows(arrays, disruption.firm, disruption.line)
            yield rows, _changes(_days(disruption, time), disruption.availability, time, first)
    for name, firm in sorted(scenario.park.firms.items()):
        for stop in firm.maintenance:
            yield _rows(arrays, name, stop.line), _changes(_stops(stop, time), stop.availability, time, first)
    for row, ready in enumerate(arrays.lines.ready):
        if ready > 0:
            begin = first * time.step
            yield [row], _changes([(begin, float(ready))], 0.0, time, first)


def _rows(arrays: ParkArrays, firm: str, line: str | None) -> list[int]:
    return [row for row, (f, name) in enumerate(arrays.lines.keys) if f == firm and line in (None, name)]


def _days(disruption: Disruption, time: Time) -> list[tuple[float, float]]:
    """Return when a dated disruption begins and ends, in days from the start of the record."""
    assert disruption.from_ is not None
    years = range(disruption.from_.year, time.end.year + 1) if disruption.every == "year" else [disruption.from_.year]
    first_days = [((_in_year(disruption.from_, year) - time.start).days, year) for year in years]
    return [(float(first), _end(disruption, first, year, time)) for first, year in first_days]


def _end(disruption: Disruption, first: int, year: int, time: Time) -> float:
    """Return when the disruption that begins on day `first` of `year` ends; `until` is the same date each year."""
    if disruption.until is not None and disruption.from_ is not None:
        year += disruption.until.year - disruption.from_.year
        until = disruption.until
        last = date(year, 3, 1) - timedelta(days=1) if _is_leap_day(until) else until.replace(year=year)
        return (last - time.start).days + 1.0
    return first + disruption.lasts if isinstance(disruption.lasts, float) else time.days


def _in_year(day: date, year: int) -> date:
    """Return the same date of another year; the 29th of February is the 1st of March where there is none."""
    return date(year, 2, 28) + timedelta(days=1) if _is_leap_day(day) else day.replace(year=year)


def _is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)


def _stops(stop: Maintenance, time: Time) -> list[tuple[float, float]]:
    count = max(0, math.ceil((time.days - stop.first) / stop.every))
    return [(stop.first + n * stop.every, stop.first + n * stop.every + stop.lasts) for n in range(count)]


def _changes(spans: list[tuple[float, float]], availability: float, time: Time, first: int) -> list[Change]:
    """Return the availability by step; a step that is only partly affected is available for the rest of it."""
    lost: dict[int, float] = {}
    for begin, end in spans:
        low = max(math.floor(begin / time.step), first)
        for step in range(low, min(math.ceil(end / time.step - 1e-9), time.steps)):
            overlap = min(end, (step + 1) * time.step) - max(begin, step * time.step)
            lost[step] = min(1.0, lost.get(step, 0.0) + max(0.0, overlap) / time.step)
    values = {step: 1.0 - share * (1.0 - availability) for step, share in lost.items()}
    steps = sorted({s for step in values for s in (step, step + 1)})
    changes: list[Change] = []
    for step in steps:
        value = values.get(step, 1.0)
        if not changes or changes[-1][1] != value:
            changes.append((step, value))
    return changes
