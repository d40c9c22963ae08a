"""Utilisation of solid waste, 综合利用率 (semantics §9), and how it stands to targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mfa.indicators.registry import Judged, Value, indicator
from mfa.indicators.waste import Account, Accounts, waste_accounts
from mfa.park.material import COUNTED_CLASSES
from mfa.park.policy import Policy
from mfa.park.values import SMALLEST_FLOW
from mfa.results.results import Results

HEADLINE = "solid_waste_utilisation"
"""The indicator that leads every summary, report and plan."""
STATISTICS = "HJ 274-2015; statistics of industrial solid waste (一般工业固体废物综合利用率)"


@indicator(HEADLINE, "fraction", STATISTICS)
def solid_waste_utilisation(results: Results) -> dict[str, Value]:
    """Share of general industrial solid waste that is used, in total and by origin material.

    used ÷ (generated + used from old stock), in origin tonnes. Used is what production lines consume (own lines
    included) and users accept; treatments neither generate nor use; imports are in neither term; used from old
    stock = max(0, used + disposed − generated) per origin material and year, at most the stock at the start of the
    year. Nothing generated: empty.
    """
    return _rates(waste_accounts(results, COUNTED_CLASSES), results.days)


@indicator("hazardous_waste_utilisation", "fraction", STATISTICS)
def hazardous_waste_utilisation(results: Results) -> dict[str, Value]:
    """Share of hazardous waste that is used, in total and by origin material; never added to solid waste.

    used ÷ (generated + used from old stock), as `solid_waste_utilisation`.
    """
    return _rates(waste_accounts(results, {"hazardous_waste"}), results.days)


@indicator("target_utilisation", "fraction", "targets of the scenario")
def target_utilisation(results: Results) -> dict[str, Value]:
    """Utilisation in the year of each target, of the wastes it names, beside the rate it asks for.

    used ÷ (generated + used from old stock) of that year. Of: the target or its wastes, and the year where
    it has several.
    """
    park = results.scenario.park
    accounts = waste_accounts(results, {*COUNTED_CLASSES, "hazardous_waste"})
    answers: dict[str, Value] = {}
    for policy in results.scenario.policies:
        if policy.kind == "target":
            meant = {o: years for o, years in accounts.items() if not policy.on or park.lists(policy.on, o)}
            answers |= dict(_judge(policy, meant, results.days))
    return answers


def _judge(policy: Policy, accounts: Accounts, days: float) -> Iterator[tuple[str, Value]]:
    name = policy.name or ", ".join(policy.on) or "all"
    for year, asked in sorted(policy.utilisation.items()):
        in_year = [years[str(year)] for years in accounts.values() if str(year) in years]
        if in_year:
            of = policy.name if policy.name and len(policy.utilisation) == 1 else f"{name} {year}"
            yield of, Judged(rate(in_year, days), asked)


def _rates(accounts: Accounts, days: float) -> dict[str, Value]:
    rates: dict[str, Value] = {origin: rate(years.values(), days) for origin, years in accounts.items()}
    return {"": rate([account for years in accounts.values() for account in years.values()], days)} | rates


def rate(accounts: Iterable[Account], days: float) -> float | None:
    """Return used ÷ (generated + used from old stock) of some accounts over `days`; None where nothing is generated.

    Source: semantics §9.
    """
    accounts = list(accounts)
    generated = sum(account.generated for account in accounts)
    if generated <= SMALLEST_FLOW * days:
        return None
    return sum(account.used for account in accounts) / (generated + sum(account.from_old_stock for account in accounts))
