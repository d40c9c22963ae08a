"""From amounts of a run to amounts a year."""

from __future__ import annotations

from collections.abc import Mapping

from mfa.indicators.registry import Value
from mfa.park.values import DAYS_PER_YEAR
from mfa.results.results import Results


def years(results: Results) -> float:
    """Return the recorded time in years of 365 days (semantics §1)."""
    return results.days / DAYS_PER_YEAR


def per_year(results: Results, amounts: Mapping[str, float]) -> dict[str, Value]:
    """Return amounts of a run as yearly rates, with their sum under the empty name."""
    rates: dict[str, Value] = {of: amount / years(results) for of, amount in sorted(amounts.items())}
    return {"": sum(amounts[of] for of in sorted(amounts)) / years(results)} | rates
