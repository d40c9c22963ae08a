"""The account of the products that a park says are in use around it, year by year."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mfa.park.in_use import ProductInUse, ProductLifetime, value_in
from mfa.park.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from mfa.use_phase.lifetimes import Lifetime

QUANTITIES = (
    "stock", "inflow", "outflow", "collected", "reused", "cores", "remanufactured", "recycled", "lost",
)  # fmt: skip


def product_account(product: ProductInUse, until: int) -> pd.DataFrame:
    """Return the account of a product by year, from the first that it gives to `until` or the last that it gives.

    Columns as `in_use_loop`. A year depends on those before it alone, so that neighbouring years share one account.

    Raises:
        InputError: its lifetime, amounts or shares contradict each other; places are its keys.
    """
    return _account(product, max(until, *product.amounts))


@lru_cache(maxsize=256)
def _account(product: ProductInUse, until: int) -> pd.DataFrame:
    import pandas as pd

    from mfa.use_phase.return_loops import in_use_loop

    amounts = amounts_until(product, until)
    years = [*product.initial, *amounts]
    return in_use_loop(
        pd.Series(amounts),
        lifetime_over(product.lifetime, years),
        product.entry,
        driven_by="inflow" if product.inflow else "stock",
        initial=pd.Series(dict(product.initial)) if product.initial else None,
        collection=product.collection,
        reuse=product.reuse or 0.0,
        remanufacture=product.remanufacture or 0.0,
        yield_=product.yield_,
        second_life=None if product.second_life is None else lifetime_over(product.second_life, years),
        early_retirement=True,
    )


def amounts_until(product: ProductInUse, until: int) -> dict[int, float]:
    """Return the inflow or stock to `until`, or the last year given: straight between, growing after the last."""
    import numpy as np

    given = sorted(product.amounts.items())
    last, amount = given[-1]
    years = range(given[0][0], max(until, last) + 1)
    between = np.interp(years, [year for year, _ in given], [value for _, value in given])
    return {
        year: float(value) if year <= last else amount * (1.0 + product.growth) ** (year - last)
        for year, value in zip(years, between, strict=True)
    }


def lifetime_over(lifetime: ProductLifetime, years: list[int]) -> Lifetime:
    """Return a lifetime with its parameters for each entry year; raises InputError where they do not fit the kind."""
    from mfa.use_phase.lifetimes import Lifetime

    given = {name: getattr(lifetime, name) for name in ("mean", "std", "shape", "scale")}
    parameters: dict[str, float | dict[int, float]] = {
        name: {year: value_in(by_year, year) for year in years} if len(by_year) > 1 else value_in(by_year, 0)
        for name, by_year in given.items()
        if by_year
    }
    return Lifetime(lifetime.kind, **parameters, survival=list(lifetime.survival) or None)


def products_in_use(scenario: Scenario) -> pd.DataFrame:
    """Return the account of all products in use around the park of a scenario, to its last year.

    Args:
        scenario: with products under `park.in_use`.

    Returns:
        One row a product and year: product, year, the quantities of `in_use_loop` (stock at the end of the year),
        unit, t_per_unit, entry (the convention).
    """
    import pandas as pd

    until = max(scenario.time.end.year, scenario.plan_year)
    parts = [
        product_account(product, until)
        .loc[:until, list(QUANTITIES)]
        .reset_index()
        .assign(product=key, unit=product.unit.in_language("en"), t_per_unit=product.mass, entry=product.entry)
        for key, product in sorted(scenario.park.in_use.items())
    ]
    columns = ["product", "year", *QUANTITIES, "unit", "t_per_unit", "entry"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
