"""Who pays and who earns, a year."""

from __future__ import annotations

from mfa.indicators.registry import Value, indicator
from mfa.indicators.sums import per_year, sum_by
from mfa.results.results import Results

PAYMENTS = "payments of the run; payments between firms cancel in the total of net benefit"


@indicator("income", "CNY/yr", PAYMENTS)
def income(results: Results) -> dict[str, Value]:
    """What firms are paid a year, in total and by firm.

    Σ payments to the firm ÷ years.
    """
    return per_year(results, _paid(results, "payee"))


@indicator("cost", "CNY/yr", PAYMENTS)
def cost(results: Results) -> dict[str, Value]:
    """What firms pay a year, in total and by firm; capital as an annuity.

    Σ payments by the firm ÷ years.
    """
    return per_year(results, _paid(results, "payer"))


@indicator("net_benefit", "CNY/yr", PAYMENTS)
def net_benefit(results: Results) -> dict[str, Value]:
    """Income less cost a year, in total and by firm.

    (Σ payments to the firm − Σ payments by the firm) ÷ years.
    """
    earned, spent = _paid(results, "payee"), _paid(results, "payer")
    return per_year(results, {firm: earned[firm] - spent[firm] for firm in earned})


def _paid(results: Results, side: str) -> dict[str, float]:
    """Return firm → sum of the payments in which it stands on that side."""
    sums = sum_by(results.money, [side], "amount_cny")
    return {firm: sums.get((firm,), 0.0) for firm in sorted(results.scenario.park.firms)}
