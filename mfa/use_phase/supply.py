"""What products at the end of their life supply to a park, year by year."""

from __future__ import annotations

from mfa.park.in_use import ProductInUse
from mfa.park.park import Park
from mfa.park.values import DAYS_PER_YEAR

Supply = dict[tuple[str, str], float]
"""Source, material → t a day."""


def supply_in(park: Park, year: int) -> Supply:
    """Return what the sources of a park give of its products in use in a year of 365 days, t (dry) a day.

    To recyclers goes what is collected and neither reused nor sent to remanufacturers, as the materials that the
    product consists of; what remanufacturers get goes as `cores`. Without `cores` they stand elsewhere, and what they
    do not bring back goes to recyclers too.
    """
    supply: Supply = {}
    for _, product in sorted(park.in_use.items()):
        for key, tonnes in _of_product(product, year).items():
            supply[key] = supply.get(key, 0.0) + tonnes / DAYS_PER_YEAR
    return supply


def _of_product(product: ProductInUse, year: int) -> Supply:
    """Return source, material → t in a year."""
    from mfa.use_phase.products import product_account

    row = product_account(product, year).loc[year].to_dict()
    away = row["reused"] + (row["cores"] if product.cores else row["remanufactured"])
    recycled, place = max(0.0, row["collected"] - away), product.collected_at
    supply = {(place, material): recycled * amount for material, amount in sorted(product.content.items())}
    if product.cores:
        key = (place, product.cores)
        supply[key] = supply.get(key, 0.0) + row["cores"] * product.mass
    return supply


def park_in(park: Park, year: int) -> Park:
    """Return the park whose sources give what products in use supply in a year; the park itself without such."""
    if not park.in_use:
        return park
    boundary = dict(park.boundary)
    for (source, material), amount in supply_in(park, year).items():
        node = boundary[source]
        boundary[source] = node.replace(supplies={**node.supplies, material: amount})
    return park.replace(boundary=boundary)
