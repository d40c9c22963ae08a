"""What firms exchange, and what it replaces."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, get_args

from mfa.indicators.registry import Value, indicator
from mfa.indicators.substitution import substitutions
from mfa.indicators.sums import per_year, sum_by
from mfa.park.material import WASTE_CLASSES, MaterialClass
from mfa.results.results import Results

if TYPE_CHECKING:
    import pandas as pd

MATERIAL_CLASSES = frozenset(get_args(MaterialClass))
FLOWS = "flows of the run; Fraccascia & Giannoccaro 2020 (exchanged amounts)"


@indicator("by_products_exchanged", "t/yr", FLOWS)
def by_products_exchanged(results: Results) -> dict[str, Value]:
    """By-products and wastes (dry) that firms deliver to other firms, users and towns, in total and by material.

    Σ flows between nodes of the park ÷ years.
    """
    return _exchanged(results, {"by_product", *WASTE_CLASSES}, "t")


@indicator("water_exchanged", "t/yr", FLOWS)
def water_exchanged(results: Results) -> dict[str, Value]:
    """Water that firms deliver to other firms, users and towns, in total and by material.

    Σ flows between nodes of the park ÷ years.
    """
    return _exchanged(results, {"water"}, "t")


@indicator("energy_exchanged", "GJ/yr", FLOWS)
def energy_exchanged(results: Results) -> dict[str, Value]:
    """Energy that firms deliver to other firms, users and towns, in total and by carrier.

    Σ flows in GJ between nodes of the park ÷ years.
    """
    return _exchanged(results, MATERIAL_CLASSES, "GJ")


@indicator("energy_carriers_exchanged", "t/yr", FLOWS)
def energy_carriers_exchanged(results: Results) -> dict[str, Value]:
    """Steam and gas by mass that firms deliver to other firms, users and towns, in total and by carrier.

    Σ flows in tonnes of energy and gas between nodes of the park ÷ years.
    """
    return _exchanged(results, {"energy", "gas"}, "t")


@indicator("virgin_material_replaced", "t/yr", "semantics of the toolkit: ratio × use of the substitute")
def virgin_material_replaced(results: Results) -> dict[str, Value]:
    """Inputs (dry) that substitutes replaced, in total and by replaced input; replaced wastes are left out.

    Σ ratio × use of the substitute ÷ years.
    """
    materials = results.scenario.park.materials
    amounts: dict[str, float] = {}
    for s in substitutions(results):
        replaced = materials[s.acceptance.replaces]
        if replaced.is_mass and not replaced.is_waste:
            amounts[replaced.id] = amounts.get(replaced.id, 0.0) + s.replaced
    return per_year(results, amounts)


def exchanges(results: Results) -> pd.DataFrame:
    """Return the flows from a firm to another firm, a user or a town."""
    park, flows = results.scenario.park, results.flows
    takers = {*park.firms, *(node.id for kind in ("user", "town") for node in park.boundaries(kind))}
    across = flows["source"] != flows["target"]
    return flows[across & flows["source"].isin(park.firms) & flows["target"].isin(takers)]


def _exchanged(results: Results, classes: Collection[str], unit: str) -> dict[str, Value]:
    chosen = {m for m, material in results.scenario.park.materials.items()
              if material.class_ in classes and material.unit == unit}  # fmt: skip
    flows = exchanges(results)
    flows = flows[flows["material"].isin(chosen)]
    return per_year(results, {material: t for (material,), t in sum_by(flows, ["material"], "dry_amount").items()})
