"""Checks of the statistics of a park: shares, signs, and parts that exceed their whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mfa.files.checks.finding import Finding
from mfa.language import tr
from mfa.park.scenario import Scenario
from mfa.park.statistics import PARTS, STATISTICS, Figure, value_in, years_of

Values = Iterator[tuple[tuple[str | int, ...], float]]


def statistic_is_impossible(scenario: Scenario) -> Iterator[Finding]:
    """A share that is none, or an amount below 0; value added alone may be."""
    for key, figure in scenario.statistics.items():
        unit = STATISTICS[key].unit
        for at, value in _values(key, figure):
            if unit == "share" and not 0 <= value <= 1:
                yield Finding(
                    at, tr("a share lies between 0 % and 100 %, got {value:g}; write shares as 85%", value=value)
                )
            elif value < 0 and unit != "CNY":
                yield Finding(at, tr("an amount is not below 0, got {value:g}", value=value))


def part_exceeds_whole(scenario: Scenario) -> Iterator[Finding]:
    """A statistic that is larger than the one it is part of, in a year for which both are given."""
    known = scenario.statistics
    for part, whole in PARTS.items():
        if part not in known or whole not in known:
            continue
        for year in sorted({*years_of(known[part]), *years_of(known[whole])} or {0}):
            small, large = value_in(known[part], year), value_in(known[whole], year)
            if small is not None and large is not None and small > large * (1 + 1e-9):
                message = tr("{part} exceeds {whole}, of which it is a part: {small:g} and {large:g}",
                             part=part, whole=whole, small=small, large=large)  # fmt: skip
                at = ("statistics", part, year) if year in years_of(known[part]) else ("statistics", part)
                yield Finding(at, message)


def _values(key: str, figure: Figure) -> Values:
    if isinstance(figure, Mapping):
        yield from ((("statistics", key, year), value) for year, value in figure.items())
    else:
        yield ("statistics", key), float(figure)
