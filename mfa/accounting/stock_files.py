"""The account that a file on products in use asks for, and its tables as they are written."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from mfa.errors import InputError
from mfa.files.stock_tables import BySeries, Plain, StockFile
from mfa.use_phase.in_use_stocks import in_use_stock, required_inflow
from mfa.use_phase.lifetimes import Lifetime


def account_for(file: StockFile, cohorts: bool = False) -> pd.DataFrame:
    """Return the account of a file, as `in_use_stock` or `required_inflow` return it.

    Raises:
        InputError: with the places in the file of what is wrong.
    """
    try:
        lifetime = Lifetime(**cast(Any, {name: _parameter(value) for name, value in file.lifetime.items()}))
        amounts = _table(file.amounts)
        initial = None if file.initial is None else _table(file.initial)
        entry = cast(Any, file.entry)
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
        Columns year, cohort (where the account has cohorts), series (empty where it has no name), stock, inflow,
        outflow, unit, entry (the convention).
    """
    keys = [str(name) for name in account.index.names]
    if account.columns.nlevels > 1:
        names = list(range(1, account.columns.nlevels))
        table = account.stack(names, future_stack=True).rename_axis([*keys, "series"]).reset_index()
    else:
        table = account.reset_index().assign(series="")
    columns = [*keys, "series", "stock", "inflow", "outflow"]
    found: pd.DataFrame = table[columns].assign(unit=unit, entry=account.attrs["entry"])
    return found.sort_values(["series", *keys], ignore_index=True)


def _table(by_series: BySeries) -> pd.Series | pd.DataFrame:
    if list(by_series) == [""]:
        return pd.Series(by_series[""])
    return pd.DataFrame(by_series)


def _parameter(value: Plain) -> Any:
    if isinstance(value, dict) and any(isinstance(entry, dict) for entry in value.values()):
        return pd.DataFrame(value)
    return value
