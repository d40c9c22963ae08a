"""Products in use: the stock that inflows build up, and the inflow that a stock requires.

A cohort is what enters in one year. At the end of every year the share S(age) of it is left; the rest has flowed out.
Sources: van der Voet et al. 2002 (10.1016/S0921-3449(02)00028-X); Müller 2006 (10.1016/j.ecolecon.2005.09.025).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd

from mfa.language import tr
from mfa.use_phase.cohorts import AGE_AT_END, Calendar, Cohorts, Entering, Entry
from mfa.use_phase.early_retirement import retire_early
from mfa.use_phase.lifetimes import Lifetime, lay_out
from mfa.use_phase.survival import Array
from mfa.use_phase.yearly_tables import Amounts, Yearly, read_amounts, to_table, wrong

CONVENTIONS: Mapping[str, str] = {
    "end": "a cohort enters at the end of its year: its age is 0 there, where survival is first read",
    "middle": "a cohort enters in the middle of its year: its age is 0.5 at the end, where survival is first read",
    "start": "a cohort enters at the start of its year: its age is 1 at the end, where survival is first read",
    "spread": "a cohort enters evenly over its year: survival is the mean over its ages at the end of the year",
}


def in_use_stock(
    inflow: Amounts,
    lifetime: Lifetime,
    entry: Entry = "end",
    *,
    initial: Amounts | None = None,
    cohorts: bool = False,
) -> pd.DataFrame:
    """Return the stock in use and the outflow that an inflow leads to.

    Args:
        inflow: amounts by year: a Series or mapping, or a DataFrame of years × series (products, regions, substances
            …; one called `inflow` alone is taken as a Series). A row holds what enters in the period that ends with
            its year; a period lasts since the row before, so years may be uneven, and then survival is read at the
            ages that the periods give.
        lifetime: how long products stay.
        entry: when in its period a cohort enters: at its `end`, in the `middle`, at the `start` (age 0, 0.5 or 1 at
            the end of a one-year period) or `spread` evenly over it.
        initial: what is in stock when the first period starts, by entry year of the cohort (as `inflow`).
        cohorts: whether to return one row for each year and cohort rather than for each year.

    Returns:
        Columns `stock` (at the end of the year), `inflow` and `outflow` by year (by `quantity` × series for a
        DataFrame), in the unit of the inflow; with `cohorts` by year and cohort (its entry year), which sum to the
        former. `.attrs` states the conventions.

    Raises:
        InputError: naming the row or parameter that is wrong.
    """
    case = prepare(inflow, "inflow", lifetime, entry, initial)
    given = case.given.amounts
    return case.table(lambda period, _stock, _share: given[period], cohorts)


def required_inflow(
    stock: Amounts,
    lifetime: Lifetime,
    entry: Entry = "end",
    *,
    initial: Amounts | None = None,
    cohorts: bool = False,
    early_retirement: bool = False,
) -> pd.DataFrame:
    """Return the inflow that a stock requires, and the outflow that comes with it.

    Where a stock falls faster than products leave, the inflow that is required is negative. With `early_retirement` it
    is 0 instead, and products of all ages leave early, in equal shares, until the stock is the one asked for.

    Args:
        stock: amounts at the end of each year, otherwise as the inflow of `in_use_stock`.
        lifetime: how long products stay.
        entry: as of `in_use_stock`.
        initial: as of `in_use_stock`; without it there is no stock before the first period.
        cohorts: as of `in_use_stock`.
        early_retirement: whether products leave early rather than the inflow being negative.

    Returns:
        As `in_use_stock`.

    Raises:
        InputError: naming the row or parameter that is wrong; also where nothing is left of a cohort at the end of
            its entry period, so that no inflow keeps the stock.
    """
    case = prepare(stock, "stock", lifetime, entry, initial)
    case.check_keeps()
    wanted = case.given.amounts
    if not early_retirement:
        return case.table(lambda period, stock, share: (wanted[period] - stock) / share, cohorts)
    _check_not_negative(case.given)
    entered, left, gone = retire_early(case.model, wanted, case.before.amounts)
    if cohorts:
        return case.table_by_cohort(entered, left, gone)
    return case.table_by_year(entered[case.model.earlier :], left.sum(axis=1), gone.sum(axis=1))


@dataclass(frozen=True, eq=False)
class Case:
    """What a call is about: the amounts given, the cohorts in stock before, how they age."""

    name: str
    given: Yearly
    before: Yearly
    model: Cohorts
    lifetime: Lifetime

    def table(self, entering: Entering, cohorts: bool) -> pd.DataFrame:
        """Return the account of what enters, by year or by year and cohort."""
        before = self.before.amounts
        inflow, stock, outflow = self.model.march(before, entering)
        if cohorts:
            entered = np.vstack([before, inflow])
            return self.table_by_cohort(entered, *self.model.by_period(entered))
        return self.table_by_year(inflow, stock, outflow)

    def table_by_year(self, inflow: Array, stock: Array, outflow: Array) -> pd.DataFrame:
        """Return a table by year of amounts that are periods × series."""
        table = to_table(self.given.years, self.given.labels, {"stock": stock, "inflow": inflow, "outflow": outflow})
        table.attrs.update(self.conventions(inflow))
        return table

    def table_by_cohort(self, entered: Array, stock: Array, outflow: Array) -> pd.DataFrame:
        """Return a table by year and cohort of amounts that are periods × cohorts × series."""
        periods, earlier = len(self.given.years), self.model.earlier
        inflow = np.zeros_like(stock)
        inflow[np.arange(periods), earlier + np.arange(periods)] = entered[earlier:]
        year, cohort = np.nonzero(np.tri(periods, earlier + periods, earlier, dtype=bool))
        cohort_years = self.before.years.append(self.given.years)
        index = pd.MultiIndex.from_arrays([self.given.years[year], cohort_years[cohort]], names=["year", "cohort"])
        amounts = {"stock": stock, "inflow": inflow, "outflow": outflow}
        table = to_table(index, self.given.labels, {name: amount[year, cohort] for name, amount in amounts.items()})
        table.attrs.update(self.conventions(entered[earlier:]))
        return table

    def check_keeps(self) -> None:
        """Raise InputError where nothing is left of a cohort at the end of the period in which it enters."""
        for period in np.flatnonzero((self.model.first_shares() <= 0).any(axis=1)).tolist():
            place = f"stock, {self.given.years[period]}"
            message = tr("nothing that enters in this period is left at its end, so no inflow keeps a stock;"
                         " give shorter periods, a longer lifetime, or another entry")  # fmt: skip
            raise wrong(place, "", message)

    def conventions(self, inflow: Array) -> dict[str, Any]:
        """Return what the numbers rest on, for `.attrs`."""
        entry = self.model.entry
        negative = np.flatnonzero((inflow < 0).any(axis=1))
        return {
            "driven_by": self.name,
            "entry": entry,
            "age_at_end_of_entry_year": AGE_AT_END[entry] if entry != "spread" else "0 to 1",
            "convention": tr(CONVENTIONS[entry]),
            "lifetime": str(self.lifetime),
            "stock": tr("at the end of the year"),
            "flows": tr("amount of the period that ends with the year"),
            "negative_inflow": self.given.years.take(negative).tolist(),
        }


def prepare(given: Amounts, name: str, lifetime: Lifetime, entry: Entry, initial: Amounts | None) -> Case:
    """Return what a call is about; raises InputError naming the row or parameter that is wrong."""
    if entry not in get_args(Entry):
        known = ", ".join(get_args(Entry))
        raise wrong("entry", "", tr("there is no entry '{entry}'; use one of {known}", entry=entry, known=known))
    if not isinstance(lifetime, Lifetime):
        example = "mfa.Lifetime('normal', mean=12, std=3.6)"
        raise wrong("lifetime", "", tr("expected a lifetime such as {example}", example=example))
    yearly = read_amounts(given, name)
    before = _initial(initial, yearly)
    calendar = Calendar(yearly.years.to_numpy(float), before.years.to_numpy(float))
    for year in before.years[before.years > calendar.start]:
        raise wrong(f"initial, {year}", "", tr("a cohort that is in stock at the start entered by {start:g}; move it",
                                               start=calendar.start))  # fmt: skip
    ageing = lay_out(lifetime, calendar.ends.tolist(), yearly.columns, calendar.earlier.tolist())
    return Case(name, yearly, before, Cohorts(calendar, ageing, entry), lifetime)


def _initial(initial: Amounts | None, given: Yearly) -> Yearly:
    """Return the cohorts in stock at the start with the series of what is given, none where there are none."""
    if initial is None:
        return Yearly(given.years[:0], np.zeros((0, given.amounts.shape[1])), given.labels)
    before = read_amounts(initial, "initial")
    if (before.labels is None) != (given.labels is None):
        raise wrong("initial", "", tr("give the initial stock with the same series as the table"))
    if before.labels is None or given.labels is None:
        return before
    at = before.labels.get_indexer(given.labels)
    if (at < 0).any() or len(before.labels) != len(given.labels):
        odd = before.labels.symmetric_difference(given.labels)[0]
        raise wrong("initial", str(odd), tr("give the initial stock with the same series as the table"))
    return Yearly(before.years, before.amounts[:, at], given.labels)


def _check_not_negative(given: Yearly) -> None:
    for row, _ in np.argwhere(given.amounts < 0).tolist():
        raise wrong(f"stock, {given.years[row]}", "", tr("a stock cannot be negative; correct the value"))
