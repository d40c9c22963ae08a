"""Sums over tables, and from amounts of a run to amounts a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mfa.indicators.registry import Value
from mfa.park.values import DAYS_PER_YEAR, SMALLEST_FLOW
from mfa.results.results import Results

if TYPE_CHECKING:
    import pandas as pd


def sum_by(table: pd.DataFrame, keys: Sequence[str], amount: str) -> dict[tuple[str, ...], float]:
    """Return the sum of column `amount` by the values of the text columns `keys`, sorted; zeros are left out."""
    sums = table[table[amount] != 0.0].groupby(list(keys))[amount].sum()
    levels = [sums.index.get_level_values(key) for key in keys]
    return {tuple(map(str, key)): float(total) for *key, total in zip(*levels, sums, strict=True)}


def years(results: Results) -> float:
    """Return the recorded time in years of 365 days (semantics §1)."""
    return results.days / DAYS_PER_YEAR


def per_year(results: Results, amounts: Mapping[str, float]) -> dict[str, Value]:
    """Return amounts of a run as yearly rates, with their sum under the empty name; below 1e-9 a day they are 0."""
    nothing = SMALLEST_FLOW * results.days
    known = {of: amount if abs(amount) > nothing else 0.0 for of, amount in sorted(amounts.items())}
    rates: dict[str, Value] = {of: amount / years(results) for of, amount in known.items()}
    return {"": sum(known.values()) / years(results)} | rates
