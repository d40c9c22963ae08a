"""Results: what one run found, as tidy tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mfa.park.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Results:
    """The tables of one simulation (columns in `mfa.results.tables`); a run equals only itself.

    `run` is its name within a run folder (`before`, `after`); `days` the recorded days;
    `warnings` sentences a reader should see; `worst_imbalance` the largest relative error of the balance recount.
    """

    scenario: Scenario
    run: str
    days: float
    flows: pd.DataFrame
    stocks: pd.DataFrame
    conversion: pd.DataFrame
    substances: pd.DataFrame
    activity: pd.DataFrame
    links: pd.DataFrame
    money: pd.DataFrame
    indicators: pd.DataFrame
    warnings: tuple[str, ...] = field(default=())
    worst_imbalance: float = 0.0

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return table name → table, in the order of design §8."""
        from mfa.results.tables import COLUMNS

        return {name: getattr(self, name) for name in COLUMNS}

    def with_indicators(self, indicators: pd.DataFrame) -> Results:
        """Return the same results with the indicator table filled in."""
        return replace(self, indicators=indicators)
