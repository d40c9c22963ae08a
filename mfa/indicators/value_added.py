"""What firms and the park earn beyond what they buy, and what that costs the environment."""

from __future__ import annotations

from mfa.indicators.carbon import co2_direct
from mfa.indicators.diversion import waste_disposed
from mfa.indicators.registry import Value, indicator
from mfa.indicators.sums import per_year, sum_by
from mfa.results.results import Results

BOUGHT = ("purchase", "exchange", "transport", "operation", "disposal")
"""Items of the money table that pay for goods and services of others."""
SOLD = ("sale", "exchange", "disposal")
"""Items that pay for goods and services of the firm."""
PRICED = "payments of the run: what has no price is left out"


@indicator("gross_margin", "CNY/yr", PRICED)
def gross_margin(results: Results) -> dict[str, Value]:
    """What firms earn less what they pay others for goods and services, in total and by firm.

    Σ sales − Σ purchases, haulage, operation and disposal fees, before taxes, subsidies and capital: the value added
    that the priced flows of the run show, wages within operation aside.
    """
    money = results.money
    earned = sum_by(money[money["item"].isin(SOLD)], ["payee"], "amount_cny")
    spent = sum_by(money[money["item"].isin(BOUGHT)], ["payer"], "amount_cny")
    firms = sorted(results.scenario.park.firms)
    return per_year(results, {firm: earned.get((firm,), 0.0) - spent.get((firm,), 0.0) for firm in firms})


@indicator("co2_eco_efficiency", "CNY/t", "WBCSD: value added ÷ environmental pressure")
def co2_eco_efficiency(results: Results) -> dict[str, Value]:
    """Gross margin per direct CO2, of the park and by firm.

    Gross margin ÷ direct CO2; firms that emit none are left out.
    """
    return _per(gross_margin(results), co2_direct(results))


@indicator("waste_eco_efficiency", "CNY/t", "WBCSD: value added ÷ environmental pressure")
def waste_eco_efficiency(results: Results) -> dict[str, Value]:
    """Gross margin of the park per solid waste taken to disposal sites.

    Gross margin ÷ waste disposed of.
    """
    return {of: value for of, value in _per(gross_margin(results), waste_disposed(results)).items() if not of}


def _per(margin: dict[str, Value], pressure: dict[str, Value]) -> dict[str, Value]:
    answers: dict[str, Value] = {}
    for of, amount in pressure.items():
        value = margin.get(of)
        if isinstance(amount, float) and amount > 0 and isinstance(value, float):
            answers[of] = value / amount
    return answers
