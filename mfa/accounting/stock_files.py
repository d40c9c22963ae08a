"""The account that a file on products in use asks for, and its tables as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pandas as pd

from mfa.errors import InputError, Problem, UsageError
from mfa.files.stock_tables import BySeries, Plain, StockFile
from mfa.language import tr
from mfa.use_phase.in_use_stocks import in_use_stock, required_inflow
from mfa.use_phase.lifetimes import Lifetime
from mfa.use_phase.return_loops import in_use_loop

RATE_NAMES = {"yield": "yield_"}
"""Key of a file → parameter of `in_use_loop`, where they differ."""


def account_for(file: StockFile, cohorts: bool = False) -> pd.DataFrame:
    """Return the account of a file, as `in_use_stock` or `required_inflow` return it.

    Raises:
        InputError: with the places in the file of what is wrong.
    """
    if cohorts and file.is_loop:
        raise UsageError(tr("--cohorts goes with files that say nothing of collection and what comes back"))
    try:
        lifetime = _lifetime(file.lifetime, "lifetime")
        amounts = _table(file.amounts)
        initial = None if file.initial is None else _table(file.initial)
        entry = cast(Any, file.entry)
        if file.is_loop:
            return in_use_loop(
                amounts, lifetime, entry, driven_by=file.driven_by, initial=initial,
                early_retirement=file.early_retirement,
                second_life=_lifetime(file.second_life, "second_life") if file.second_life else None,
                **{RATE_NAMES.get(name, name): rate for name, rate in cast(Any, file.rates).items()},
            )  # fmt: skip
        if file.driven_by == "inflow":
            return in_use_stock(amounts, lifetime, entry, initial=initial, cohorts=cohorts)
        return required_inflow(
            amounts, lifetime, entry, initial=initial, cohorts=cohorts, early_retirement=file.early_retirement
        )
    except InputError as error:
        raise file.placed(error) from error


def tidy(account: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return an account with one row for each year (and cohort) and series.

    Returns:
        Columns year, cohort (where the account has cohorts), series (empty where it has no name), the quantities of
        the account (stock, inflow, outflow …), unit, entry (the convention).
    """
    keys = [str(name) for name in account.index.names]
    quantities = list(dict.fromkeys(account.columns.get_level_values(0)))
    if account.columns.nlevels > 1:
        names = list(range(1, account.columns.nlevels))
        table = account.stack(names, future_stack=True).rename_axis([*keys, "series"]).reset_index()
    else:
        table = account.reset_index().assign(series="")
    columns = [*keys, "series", *quantities]
    found: pd.DataFrame = table[columns].assign(unit=unit, entry=account.attrs["entry"])
    return found.sort_values(["series", *keys], ignore_index=True)


def _table(by_series: BySeries) -> pd.Series | pd.DataFrame:
    if list(by_series) == [""]:
        return pd.Series(by_series[""])
    return pd.DataFrame(by_series)


def _lifetime(given: Mapping[str, Plain], key: str) -> Lifetime:
    """Return the lifetime that stands under a key; raises InputError with that key as its place."""
    try:
        return Lifetime(**cast(Any, {name: _parameter(value) for name, value in given.items()}))
    except InputError as error:
        raise InputError(Problem(key, problem.path, problem.message) for problem in error.problems) from error


def _parameter(value: Plain) -> Any:
    if isinstance(value, dict) and any(isinstance(entry, dict) for entry in value.values()):
        return pd.DataFrame(value)
    return value
