"""Where the numbers of an assessment come from: computed from the run where it tells them, else told by the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from mfa.indicators.energy import energy_use, waste_heat_available, waste_heat_used
from mfa.indicators.inventory import greenhouse_gases
from mfa.indicators.sums import sum_by, years
from mfa.indicators.waste import Account, waste_accounts
from mfa.indicators.water import fresh_water, reclaimed_water_used, sewage_treated, waste_water, water_reused
from mfa.park.material import COUNTED_CLASSES, WASTE_CLASSES
from mfa.park.statistics import STATISTICS, value_in, years_of
from mfa.park.values import ENVIRONMENT
from mfa.results.periods import in_year, spans, whole_years
from mfa.results.results import Results


@dataclass(frozen=True)
class Datum:
    """A number of a year in base units: computed from the run, or told in `statistics`.

    `told` is what statistics say beside a computed one; `year` is 0 for a mean over a run.
    """

    key: str
    value: float
    computed: bool
    told: float | None = None
    year: int = 0


def _waste(results: Results, field: str, hazardous: bool = False) -> float | None:
    """Return a sum over the waste accounts, t a year; None where nothing is generated."""
    accounts = waste_accounts(results, WASTE_CLASSES if hazardous else COUNTED_CLASSES)
    listed: list[Account] = [account for by_year in accounts.values() for account in by_year.values()]
    generated = sum(account.generated for account in listed)
    return sum(getattr(account, field) for account in listed) / years(results) if generated else None


def main_resources(results: Results) -> float | None:
    """Return the raw materials and fuels that firms buy outside or take from the ground, t a year."""
    known, flows = results.scenario.park.materials, results.flows
    inward = flows["target"].isin(results.scenario.park.firms) & ~flows["source"].isin(results.scenario.park.firms)
    sums = sum_by(flows[inward], ["source", "material"], "dry_amount")
    amount = sum(
        tonnes
        for (source, name), tonnes in sums.items()
        if (source != ENVIRONMENT or name == "deposit")
        and (name == "deposit" or (known[name].is_mass and known[name].class_ == "raw"))
    )
    return amount / years(results) if amount else None


FROM_RUN: Mapping[str, Callable[[Results], float | None]] = {
    "energy_use": energy_use,
    "waste_heat_available": waste_heat_available,
    "waste_heat_used": waste_heat_used,
    "fresh_water": fresh_water,
    "water_reused": water_reused,
    "reclaimed_water_used": reclaimed_water_used,
    "sewage_treated": sewage_treated,
    "waste_water": waste_water,
    "main_resources": main_resources,
    "co2": greenhouse_gases,
    "solid_waste_generated": lambda results: _waste(results, "generated"),
    "solid_waste_used": lambda results: _waste(results, "used"),
    "solid_waste_from_stock": lambda results: _waste(results, "from_old_stock"),
    "solid_waste_disposed": lambda results: _waste(results, "disposed"),
    "all_waste_generated": lambda results: _waste(results, "generated", hazardous=True),
    "all_waste_used": lambda results: _waste(results, "used", hazardous=True),
    "all_waste_disposed": lambda results: _waste(results, "disposed", hazardous=True),
}
"""Statistic, or quantity that only a run gives → how a run tells it, in base units a year."""


LASTING = ("km2", "person")
"""Units of what is there throughout: one value without a year may stand for every year of a series."""


def _is_lasting(key: str) -> bool:
    return key in STATISTICS and STATISTICS[key].unit in LASTING


class Basis:
    """What an assessment rests on: a run and its statistics, in one calendar year or over the whole run."""

    def __init__(self, results: Results, year: int | None = None) -> None:
        self.results, self.year = results, year
        self._known: dict[str, Datum | None] = {}
        self._years: dict[int, Basis] = {}

    @cached_property
    def period(self) -> Results:
        """The run in the year that is assessed."""
        return self.results if self.year is None else in_year(self.results, self.year)

    @cached_property
    def last_year(self) -> int:
        """The year that series end with: the one assessed, else the last whole year of the run, else its last."""
        return self.year or max(whole_years(self.results) or spans(self.results) or {self._time_end()})

    def datum(self, key: str) -> Datum | None:
        """Return a quantity of the year (over a whole run: the mean of its years); None where nobody tells it."""
        if key not in self._known:
            self._known[key] = self._find(key)
        return self._known[key]

    def series(self, key: str) -> dict[int, Datum]:
        """Return a quantity by year up to the one assessed: of the run's whole years, else of the statistics."""
        computed = {
            year: datum
            for year in whole_years(self.results)
            if year <= self.last_year and (datum := self._in(year).datum(key)) and datum.computed
        }
        if len(computed) > 1:
            return computed
        own = self.results.scenario.statistics.get(key)
        if own is None:
            return {}
        told = {year: value_in(own, year) for year in self._told_years()} if _is_lasting(key) else years_of(own)
        return {
            year: Datum(key, value, False, year=year)
            for year, value in sorted(told.items())
            if value is not None and year <= self.last_year
        }

    def missing(self, key: str) -> str:
        """Return what is missing where a quantity is: its name, with the years that statistics lack."""
        own = self.results.scenario.statistics.get(key)
        lacking = [year for year in self._calendar() if own is not None and value_in(own, year) is None]
        return f"{key} ({', '.join(map(str, lacking))})" if lacking else key

    def _find(self, key: str) -> Datum | None:
        told = self._told(key)
        computed = FROM_RUN[key](self.period) if key in FROM_RUN else None
        year = self.year or 0
        if computed is not None:
            return Datum(key, computed, True, told, year)
        return None if told is None else Datum(key, told, False, year=year)

    def _told(self, key: str) -> float | None:
        own = self.results.scenario.statistics.get(key)
        if own is None:
            return None
        values = [value_in(own, year) for year in self._calendar()]
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if len(known) == len(values) else None

    def _calendar(self) -> list[int]:
        """Return the years that statistics must cover."""
        if self.year is not None:
            return [self.year]
        return whole_years(self.results) or [*spans(self.results)] or [self._time_end()]

    def _told_years(self) -> set[int]:
        """Return every year for which the run or some statistic tells something."""
        own = self.results.scenario.statistics.values()
        return {*whole_years(self.results), *(year for figure in own for year in years_of(figure))}

    def _time_end(self) -> int:
        return self.results.scenario.time.end.year

    def _in(self, year: int) -> Basis:
        if year == self.year:
            return self
        return self._years.setdefault(year, Basis(self.results, year))
