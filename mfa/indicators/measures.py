"""Measures: indicators made of quantities that a run or the statistics of a scenario tell.

A measure is a function of plain numbers, in base units a year. It names the quantities it needs, so that what is
missing can be told; one with `over_years` is given each as a mapping year → number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mfa.files.units import UnitError, parse_unit
from mfa.indicators.quantities import FROM_RUN, Basis, Datum
from mfa.indicators.registry import Answer, indicator
from mfa.results.results import Results

Formula = Callable[..., float | None]


@dataclass(frozen=True)
class Measure:
    """A formula over the quantities named `of`; those in `any_of` are given where they are known."""

    name: str
    unit: str
    formula: Formula
    of: tuple[str, ...]
    any_of: tuple[str, ...]
    over_years: bool


@dataclass(frozen=True)
class Finding:
    """What came of a measure: its value in base units, the data it used, and the names of those it lacks."""

    value: float | None = None
    used: tuple[Datum, ...] = ()
    missing: tuple[str, ...] = ()


MEASURES: dict[str, Measure] = {}
"""Name → measure; each is an indicator as well."""


def measure(
    name: str, unit: str, source: str, of: tuple[str, ...], any_of: tuple[str, ...] = (), over_years: bool = False
) -> Callable[[Formula], Formula]:
    """Register a function of quantities as a measure, and as the indicator of that name.

    Args:
        name: as it stands in tables.
        unit: in which tables show it; the function returns base units.
        source: of the formula.
        of: the quantities that it needs, in the order of its arguments.
        any_of: quantities of which it needs one; given by keyword, those that are known.
        over_years: whether it is given values by year.

    Raises:
        UsageError: the name is taken.
    """

    def register(formula: Formula) -> Formula:
        known = MEASURES[name] = Measure(name, unit, formula, of, any_of, over_years)

        def compute(results: Results) -> Answer:
            told = {*results.scenario.statistics, *FROM_RUN}
            value = find(known, Basis(results)).value if told.issuperset(of) else None
            return {} if value is None else {"": value / scale(unit)}

        compute.__doc__ = formula.__doc__
        indicator(name, unit, source)(compute)
        return formula

    return register


def find(known: Measure, basis: Basis) -> Finding:
    """Return the value of a measure, or what it lacks."""
    given: dict[str, Any] = {}
    used: list[Datum] = []
    missing: list[str] = []
    for key in (*known.of, *known.any_of):
        data = _series(basis, key) if known.over_years else _single(basis, key)
        used += data.values()
        if data:
            given[key] = {year: d.value for year, d in data.items()} if known.over_years else data[0].value
        elif key in known.of:
            missing.append(f"{key} ({basis.last_year}, …)" if known.over_years else basis.missing(key))
    if known.any_of and not set(known.any_of) & set(given):
        missing.append("|".join(known.any_of))
    if missing:
        return Finding(None, tuple(used), tuple(missing))
    rest = {key: given[key] for key in known.any_of if key in given}
    try:
        value = known.formula(*(given[key] for key in known.of), **rest)
    except ZeroDivisionError:
        value = None
    return Finding(value, tuple(used))


def _single(basis: Basis, key: str) -> dict[int, Datum]:
    datum = basis.datum(key)
    return {} if datum is None else {0: datum}


def _series(basis: Basis, key: str) -> dict[int, Datum]:
    """Return the values by year where the year that is assessed and an earlier one are known."""
    data = basis.series(key)
    return data if len(data) > 1 and basis.last_year in data else {}


def scale(unit: str) -> float:
    """Return what one of a unit is in base units; 1 for words such as `links` and `fraction`, of which years are kept.

    Rates a year are left a year, as quantities are.
    """
    try:
        return float(parse_unit(unit.removesuffix("/yr")).factor)
    except UnitError:
        return 1.0
