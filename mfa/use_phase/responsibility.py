"""Extended producer responsibility (生产者责任延伸): fees, targets for collection, and what falls short of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mfa.park.in_use import ProductInUse
from mfa.park.park import Park
from mfa.park.policy import Policy, in_force
from mfa.park.scenario import Scenario
from mfa.use_phase.products import product_account

if TYPE_CHECKING:
    import pandas as pd

COUNTED = {"collection": "collected", "recycling": "recycled", "remanufacturing": "remanufactured"}
"""Rate → the quantity of the account that it is the share of, of all that reaches its end of life."""


def targets_of(policy: Policy) -> dict[str, Mapping[int, float]]:
    """Return rate → its target by year, of the rates for which a policy sets one."""
    targets = {rate: getattr(policy, rate) for rate in COUNTED}
    return {rate: target for rate, target in targets.items() if target}


def rate_of(product: ProductInUse, rate: str, year: int) -> float | None:
    """Return the collection, recycling or remanufacturing rate of a product in a year; None where nothing leaves."""
    row = product_account(product, year).loc[year].to_dict()
    return row[COUNTED[rate]] / row["outflow"] if row["outflow"] > 0 else None


def meant(park: Park, policy: Policy) -> list[ProductInUse]:
    """Return the products in use that a policy is on; all where it names none."""
    return [product for key, product in sorted(park.in_use.items()) if not policy.on or key in policy.on]


def target_for(scenario: Scenario, product: str, rate: str, year: int) -> float | None:
    """Return the highest target in force for a rate of a product; None where there is none."""
    found = [
        in_force(targets_of(policy).get(rate, {}), year)
        for policy in scenario.policies
        if policy.kind == "producer_responsibility" and (not policy.on or product in policy.on)
    ]
    return max((target for target in found if target is not None), default=None)


def shortfall(product: ProductInUse, policy: Policy, year: int) -> float:
    """Return the mass by which collection falls short of its target, t a year (dry)."""
    row = product_account(product, year).loc[year].to_dict()
    target = in_force(policy.collection, year) or 0.0
    return float(max(0.0, target * row["outflow"] - row["collected"])) * product.mass


def dues(park: Park, policy: Policy, year: int) -> Iterator[tuple[str, float]]:
    """Yield item and amount, CNY a year: the fee on what is put on the market, the penalty for what falls short."""
    for product in meant(park, policy):
        name = policy.name or product.id
        fee, penalty = in_force(policy.fee, year), in_force(policy.penalty, year)
        if fee:
            inflow = product_account(product, year).loc[year].to_dict()["inflow"]
            yield f"fee {name}", fee * max(0.0, inflow)
        if penalty:
            yield f"penalty {name}", penalty * shortfall(product, policy, year)


def responsibilities(scenario: Scenario) -> pd.DataFrame:
    """Return how products in use stand to the targets of their producers, in the years of the scenario.

    Returns:
        Columns product, year, rate (collection, recycling, remanufacturing), value, target, gap (value − target),
        gap_t (that gap in t a year, dry; negative where it falls short).
    """
    import pandas as pd

    columns = ["product", "year", "rate", "value", "target", "gap", "gap_t"]
    rows = []
    for key, product in sorted(scenario.park.in_use.items()):
        for year in range(scenario.time.start.year, scenario.time.end.year + 1):
            for rate in COUNTED:
                target, value = target_for(scenario, key, rate, year), rate_of(product, rate, year)
                if target is not None and value is not None:
                    mass = product_account(product, year).loc[year].to_dict()["outflow"] * product.mass
                    rows.append((key, year, rate, value, target, value - target, (value - target) * mass))
    return pd.DataFrame(rows, columns=columns)
