"""Amounts by year and series: from whatever a user hands over to sorted arrays, and back to tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mfa.errors import InputError, Problem
from mfa.language import tr
from mfa.use_phase.survival import Array

Amounts = pd.Series | pd.DataFrame | Mapping[Any, Any] | Sequence[float] | Array


@dataclass(frozen=True, eq=False)
class Yearly:
    """Amounts by year (rows) and series (columns); `labels` is None where there is a single series without a name."""

    years: pd.Index
    amounts: Array
    labels: pd.Index | None

    @property
    def columns(self) -> pd.Index:
        """The names of the series."""
        return pd.Index([None]) if self.labels is None else self.labels


def read_amounts(given: Amounts, name: str) -> Yearly:
    """Return amounts sorted by year.

    Args:
        given: a Series or mapping by year; a DataFrame of years × series (with the years as index or in a column
            `year`; a single column called `name` is a series without a name); or a sequence or an array of years ×
            series, whose years are 0, 1, 2 ….
        name: how messages call it.

    Raises:
        InputError: naming the row that has no number, no year, or a year that another row has.
    """
    is_table = isinstance(given, pd.DataFrame) or (isinstance(given, np.ndarray) and given.ndim == 2)
    table = pd.DataFrame(given) if is_table else pd.Series(given).to_frame()
    if "year" in table.columns:
        table = table.set_index("year")
    labels = table.columns if is_table and list(table.columns) != [name] else None
    if table.empty:
        raise wrong(name, "", tr("there is no amount; give at least one year"))
    if labels is not None and labels.has_duplicates:
        twice = labels[labels.duplicated()][0]
        raise wrong(name, str(twice), tr("two series have this name; rename one"))
    years = _years(table.index, name)
    order = np.argsort(years, kind="stable")
    amounts = _numbers(table)
    for row, column in np.argwhere(~np.isfinite(amounts)).tolist():
        at, series = f"{name}, {table.index[row]}", "" if labels is None else str(labels[column])
        raise wrong(at, series, tr("expected a finite number, got '{got}'; fill the cell, or leave out the year",
                                   got=table.iloc[row, column]))  # fmt: skip
    return Yearly(pd.Index(years[order], name="year"), amounts[order], labels)


def _numbers(table: pd.DataFrame) -> Array:
    """Return a table as numbers, what is none as NaN."""
    try:
        return table.to_numpy(float)
    except (TypeError, ValueError):
        numeric: Array = table.apply(pd.to_numeric, errors="coerce").to_numpy(float)
        return numeric


def _years(index: pd.Index, name: str) -> NDArray[Any]:
    """Return an index as years, whole numbers where all are."""
    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        index = index.year
    years = np.asarray(pd.to_numeric(index.to_numpy(), errors="coerce"), dtype=float)
    for row in np.flatnonzero(~np.isfinite(years)).tolist():
        raise wrong(f"{name}, {index[row]}", "", tr("this is not a year; the index holds years such as 1998"))
    for row in np.flatnonzero(pd.Index(years).duplicated()).tolist():
        raise wrong(f"{name}, {index[row]}", "", tr("this year has two rows; remove one or add them up"))
    whole = years.astype(np.int64)
    return whole if (whole == years).all() else years


def to_table(index: pd.Index, labels: pd.Index | None, quantities: Mapping[str, Array]) -> pd.DataFrame:
    """Return amounts as a table: one column a quantity, or quantities × series where the series have names.

    Args:
        index: of the rows.
        labels: names of the series, or None.
        quantities: name → rows × series.
    """
    if labels is None:
        return pd.DataFrame({name: amounts[:, 0] for name, amounts in quantities.items()}, index=index)
    # Level by level: finding the levels of an index from its labels would take as long as the stocks themselves.
    flat = ([labels], [np.arange(len(labels))])
    levels, codes = (labels.levels, labels.codes) if isinstance(labels, pd.MultiIndex) else flat
    all_levels: Any = [list(quantities), *levels]
    all_codes: Any = [
        np.arange(len(quantities)).repeat(len(labels)),
        *(np.tile(code, len(quantities)) for code in codes),
    ]
    columns = pd.MultiIndex(all_levels, all_codes, names=["quantity", *labels.names])
    return pd.DataFrame(np.hstack(list(quantities.values())), index=index, columns=columns, copy=False)


def wrong(place: str, path: str, message: str) -> InputError:
    """Return the error that one row of a table is."""
    return InputError([Problem(place, path, message)])
