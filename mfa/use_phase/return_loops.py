"""What is collected of products at the end of their life, and what of it comes back into use.

In every period what leaves is shared: collected or lost; of what is collected some is reused, some is remanufactured
with a yield, the rest (with what remanufacturing does not bring back) is recycled. What comes back enters in the same
period: driven by inflow it adds to the stock, driven by stock it takes the place of new products, and no more comes
back than is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mfa.language import tr
from mfa.park.in_use import value_in
from mfa.use_phase.cohorts import Cohorts, Entry
from mfa.use_phase.in_use_stocks import Case, prepare
from mfa.use_phase.lifetimes import Lifetime
from mfa.use_phase.survival import Array
from mfa.use_phase.yearly_tables import Amounts, to_table, wrong

Rate = float | Mapping[int, float] | Mapping[str, "Rate"]
"""A share, one by the year from which it holds, or either of them by series."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares by period and series: of what leaves, of what is collected, and of what is remanufactured."""

    collection: Array
    reuse: Array
    remanufacture: Array
    yield_: Array

    @property
    def back(self) -> Array:
        """What would come back of what leaves."""
        return self.collection * (self.reuse + self.remanufacture * self.yield_)


def in_use_loop(
    amounts: Amounts,
    lifetime: Lifetime,
    entry: Entry = "end",
    *,
    driven_by: Literal["inflow", "stock"] = "inflow",
    initial: Amounts | None = None,
    collection: Rate = 1.0,
    reuse: Rate = 0.0,
    remanufacture: Rate = 0.0,
    yield_: Rate = 1.0,
    second_life: Lifetime | None = None,
    early_retirement: bool = False,
) -> pd.DataFrame:
    """Return products in use with what is collected of them at their end of life, and what comes back.

    Args:
        amounts: inflow of new products, or stock, by year; as of `in_use_stock`.
        lifetime: how long new products, and those of `initial`, stay.
        entry: as of `in_use_stock`.
        driven_by: what the amounts are.
        initial: as of `in_use_stock`.
        collection: share of what leaves that is collected; each share is a number, or numbers by the year from which
            they hold (the earliest holds before, too), or either of them by series.
        reuse: share of what is collected that is used again as it is.
        remanufacture: share of what is collected that goes to remanufacturers.
        yield_: share of it that they bring back.
        second_life: how long what comes back stays; by default as long as new products.
        early_retirement: as of `required_inflow`; products that leave early are collected, and none comes back then.

    Returns:
        By year (by quantity × series for a DataFrame): `stock`, `inflow` (new products), `outflow`, `collected`,
        `reused`, `cores` (sent to remanufacturers), `remanufactured` (come back from them), `recycled` (the rest of
        what is collected) and `lost`. Outflow = lost + reused + remanufactured + recycled; the stock changes by
        inflow + reused + remanufactured − outflow. `.attrs` states the conventions.

    Raises:
        InputError: naming the row, parameter or share that is wrong.
    """
    case = prepare(amounts, driven_by, lifetime, entry, initial)
    again = case.model if second_life is None else prepare(amounts, driven_by, second_life, entry, initial).model
    given = {"collection": collection, "reuse": reuse, "remanufacture": remanufacture, "yield": yield_}
    shares = Shares(*(spread_rate(rate, case, name) for name, rate in given.items()))
    _check(case, again, shares)
    inflow, stock, outflow, back = close(case, again, shares.back, early_retirement)
    table = to_table(case.given.years, case.given.labels, divide(shares, inflow, stock, outflow, back))
    table.attrs.update(case.conventions(inflow), second_life=str(second_life or lifetime), comes_back=tr(
        "what comes back enters again in the year in which it is collected"))  # fmt: skip
    return table


def close(case: Case, again: Cohorts, share: Array, early: bool) -> tuple[Array, Array, Array, Array]:
    """Return new inflow, stock, outflow and what comes back, periods × series, cohort by cohort.

    Args:
        case: the amounts given and how new products age.
        again: how products age that came back.
        share: what would come back of what leaves.
        early: whether products leave early rather than the inflow being negative.
    """
    given, earlier = case.given.amounts, case.model.earlier
    inflow, stock, outflow, back = np.zeros((4, *given.shape))
    fates = zip(case.model.fates(), again.fates(), strict=True)
    for cohort, ((first, (left, gone)), (_, (left2, gone2))) in enumerate(fates):
        if cohort < earlier:
            entered, returned = case.before.amounts[cohort], np.zeros(given.shape[1])
        elif case.name == "inflow":
            entered = given[first]
            returned = share[first] * (outflow[first] + gone[0] * entered) / (1.0 - share[first] * gone2[0])
        else:
            if early:
                _retire(stock, outflow, first, given[first])
            lacking = given[first] - stock[first]
            returned = _wanted(share[first], outflow[first], lacking, (left[0], left2[0]))
            entered = (lacking - left2[0] * returned) / left[0]
        if cohort >= earlier:
            inflow[first], back[first] = entered, returned
        stock[first:] += left * entered + left2 * returned
        outflow[first:] += gone * entered + gone2 * returned
    return inflow, stock, outflow, back


def _wanted(share: Array, out: Array, lacking: Array, left: tuple[Array, Array]) -> Array:
    """Return what comes back where a stock is asked for: the share of all that leaves, at most what is lacking.

    Args:
        share: what would come back of what leaves.
        out: what leaves of earlier cohorts.
        lacking: what the stock lacks without what enters.
        left: shares of new and of returned products that are left at the end of their entry period.
    """
    new, again = left
    # All that leaves is out + (1 − new) · entered + (1 − again) · returned; new · entered + again · returned = lacking.
    wished = share * (out + (1.0 - new) * lacking / new)
    returned = wished / (1.0 + share * ((1.0 - new) * again / new - (1.0 - again)))
    return np.clip(returned, 0.0, np.maximum(lacking, 0.0) / again)


def _retire(stock: Array, outflow: Array, period: int, asked: Array) -> None:
    """Let products of all ages leave early, in equal shares, where more is in stock than is asked for."""
    held = stock[period].copy()
    keep = np.divide(asked, held, out=np.ones_like(held), where=held > asked)
    outflow[period] += held * (1.0 - keep)
    stock[period:] *= keep
    np.copyto(stock[period], asked, where=keep < 1.0)
    outflow[period + 1 :] *= keep


def divide(shares: Shares, inflow: Array, stock: Array, outflow: Array, back: Array) -> dict[str, Array]:
    """Return every quantity of the account; reuse and remanufacture give way alike where less comes back."""
    collected = shares.collection * outflow
    full = shares.back * outflow
    kept = np.divide(back, full, out=np.ones_like(back), where=full != 0)
    reused = kept * shares.reuse * collected
    cores = kept * shares.remanufacture * collected
    remanufactured = cores * shares.yield_
    return {
        "stock": stock, "inflow": inflow, "outflow": outflow, "collected": collected, "reused": reused, "cores": cores,
        "remanufactured": remanufactured, "recycled": collected - reused - remanufactured, "lost": outflow - collected,
    }  # fmt: skip


def spread_rate(rate: Rate, case: Case, name: str) -> Array:
    """Return a share by period and series; raises InputError where it is none, or a series lacks one."""
    years, labels = case.given.years, case.given.labels
    if isinstance(rate, Mapping) and labels is not None and set(rate) & set(labels):
        for label in labels:
            if label not in rate:
                raise wrong(name, str(label), tr("{name} has no value for {key}; add one", name=name, key=label))
        columns = [_over_years(rate[label], years, name) for label in labels]
    else:
        columns = [_over_years(rate, years, name)] * case.given.amounts.shape[1]
    return np.stack(columns, axis=1)


def _over_years(rate: object, years: pd.Index, name: str) -> Array:
    """Return a share for each year: that of the latest year given up to then, else of the earliest."""
    by_year = {_year(key, name): key for key in rate} if isinstance(rate, Mapping) else {0.0: None}
    shares = {
        year: _share(rate[key] if isinstance(rate, Mapping) else rate, name, key) for year, key in by_year.items()
    }
    return np.array([value_in(shares, float(year)) for year in years])


def _year(key: object, name: str) -> float:
    try:
        return float(str(key))
    except ValueError:
        message = tr("'{key}' is neither a year nor a series of the table", key=key)
        raise wrong(name, str(key), message) from None


def _share(given: object, name: str, key: object) -> float:
    try:
        share = float(str(given))
    except ValueError:
        share = np.nan
    if not 0.0 <= share <= 1.0:
        path = "" if key is None else str(key)
        raise wrong(name, path, tr("a share lies between 0 and 1, got {got}", got=given))
    return share


def _check(case: Case, again: Cohorts, shares: Shares) -> None:
    """Raise InputError where more comes back than is collected, or nothing stays to the end of its entry period."""
    for row in np.flatnonzero((shares.reuse + shares.remanufacture > 1.0 + 1e-12).any(axis=1)).tolist():
        year = str(case.given.years[row])
        raise wrong("reuse", year, tr("reuse and remanufacture take more than is collected in {year}; lower one",
                                      year=year))  # fmt: skip
    if case.name == "stock":
        case.check_keeps()
    endless = again.first_shares() <= 0
    for row in np.flatnonzero((endless & ((shares.back >= 1.0) | (case.name == "stock"))).any(axis=1)).tolist():
        raise wrong("second_life", str(case.given.years[row]), tr(
            "nothing that comes back in this period is left at its end; give a longer lifetime or another entry"
        ))  # fmt: skip
