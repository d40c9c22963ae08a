"""Circularity of a product and of an economy.

Sources: Ellen MacArthur Foundation & Granta, Circularity Indicators (2015, revised 2019); Eurostat, Economy-wide
material flow accounts handbook (2018) and indicator env_ac_cur.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from mfa.errors import InputError, Problem
from mfa.files.nearest import did_you_mean
from mfa.indicators.flow_tables import check_names, read_flows
from mfa.language import tr

FEEDSTOCK = ("recycled", "reused", "sustained")
"""Where a product's mass may come from other than virgin sources."""
END_OF_LIFE = ("recycled", "reused", "composted", "energy")
"""Where a product's mass may go after use other than to landfill or fire without recovery."""
NOTHING: Mapping[str, float] = {}


def material_circularity(
    mass: float = 1.0,
    *,
    feedstock: Mapping[str, float] = NOTHING,
    end_of_life: Mapping[str, float] = NOTHING,
    recycling_efficiency: float = 1.0,
    feedstock_efficiency: float = 1.0,
    utility: float = 1.0,
) -> pd.Series:
    """Return the Material Circularity Indicator and what it is made of.

    V = M (1 − FR − FU − FS), W0 = M (1 − CR − CU − CC − CE), WC = M (1 − EC) CR, WF = M (1 − EF) FR ÷ EF,
    W = W0 + (WF + WC)/2, LFI = (V + W) ÷ (2 M + (WF − WC)/2), MCI = max(0, 1 − LFI · 0.9/X). A wholly linear average
    product has 0.1.

    Args:
        mass: of the product, M.
        feedstock: fractions `recycled` FR, `reused` FU, `sustained` FS (biological, from sustained production).
        end_of_life: fractions `recycled` CR, `reused` CU, `composted` CC, `energy` CE.
        recycling_efficiency: of recycling the product after use, EC.
        feedstock_efficiency: of the recycling that made its feedstock, EF.
        utility: X, (lifetime ÷ average lifetime) · (intensity of use ÷ average intensity).

    Returns:
        virgin_feedstock, unrecoverable_waste (unit of the mass), linear_flow_index, material_circularity (fractions).

    Raises:
        InputError: naming the fraction that is outside 0 to 1, or the fractions that exceed 1 together.
    """
    _check_shares("feedstock", feedstock, FEEDSTOCK)
    _check_shares("end_of_life", end_of_life, END_OF_LIFE)
    positive = {"mass": mass, "feedstock_efficiency": feedstock_efficiency, "utility": utility}
    for name, value in positive.items():
        if not 0 < value < float("inf"):
            raise _wrong(name, tr("{name} must be above 0, got {value:g}", name=name, value=value))
    _check_fraction("recycling_efficiency", recycling_efficiency)
    _check_fraction("feedstock_efficiency", feedstock_efficiency)
    virgin = mass * (1 - sum(feedstock.values()))
    lost_collecting = mass * (1 - recycling_efficiency) * end_of_life.get("recycled", 0.0)
    lost_making = mass * (1 - feedstock_efficiency) * feedstock.get("recycled", 0.0) / feedstock_efficiency
    waste = mass * (1 - sum(end_of_life.values())) + (lost_making + lost_collecting) / 2
    linear = (virgin + waste) / (2 * mass + (lost_making - lost_collecting) / 2)
    return pd.Series(
        {
            "virgin_feedstock": virgin,
            "unrecoverable_waste": waste,
            "linear_flow_index": linear,
            "material_circularity": max(0.0, 1 - linear * 0.9 / utility),
        },
        name="value",
    ).rename_axis("indicator")


def circular_material_use(
    recycled: float, domestic_consumption: float, *, waste_imports: float = 0.0, waste_exports: float = 0.0
) -> float:
    """Return the circular material use rate: U ÷ (DMC + U), U = recycled − imported waste + exported waste.

    Args:
        recycled: waste recovered as material in domestic plants (RCV_R).
        domestic_consumption: domestic material consumption, DMC, same unit.
        waste_imports: waste imported for recovery.
        waste_exports: waste exported for recovery.

    Returns:
        A fraction. Source: Eurostat env_ac_cur.

    Raises:
        InputError: nothing is used, so that the rate is not defined.
    """
    circular = recycled - waste_imports + waste_exports
    if domestic_consumption + circular <= 0:
        raise _wrong("domestic_consumption", tr("nothing is consumed, so no rate is defined; check the amounts"))
    return circular / (domestic_consumption + circular)


def economy_wide(
    flows: pd.DataFrame,
    *,
    imports: Collection[str],
    extraction: Collection[str],
    exports: Collection[str],
    processing: Collection[str],
    recycling: Collection[str] = (),
    waste_imports: Collection[str] = (),
    waste_exports: Collection[str] = (),
) -> pd.Series:
    """Return economy-wide indicators of a flow table.

    DMI = imports + domestic extraction, DMC = DMI − exports, recycling share = recycled ÷ processed material, circular
    material use rate as `circular_material_use`.

    Args:
        flows: columns `source`, `target`, `amount` in one unit, for one year.
        imports: nodes from which imports come, those of waste included.
        extraction: nodes from which domestic extraction comes.
        exports: nodes to which exports go.
        processing: nodes that process material; what enters them is processed.
        recycling: nodes that give recycled material to `processing`.
        waste_imports: of `imports`, those of waste for recovery.
        waste_exports: of `exports`, those of waste for recovery.

    Returns:
        imports, extraction, exports, physical_trade_balance (imports − exports), direct_material_input,
        domestic_material_consumption, processed, recycled (unit of the flows), recycling_share,
        circular_material_use (fractions; empty where not defined).

    Raises:
        InputError: naming the rows that are wrong and the nodes that are not in the table.
    """
    table = read_flows(flows)
    roles = {"imports": imports, "extraction": extraction, "exports": exports, "processing": processing,
             "recycling": recycling, "waste_imports": waste_imports, "waste_exports": waste_exports}  # fmt: skip
    nodes = {role: check_names(table, names, role) for role, names in roles.items()}

    imported, extracted = _amount(table, nodes["imports"]), _amount(table, nodes["extraction"])
    exported, processed = _amount(table, None, nodes["exports"]), _amount(table, None, nodes["processing"])
    recycled = _amount(table, nodes["recycling"], nodes["processing"])
    consumed = imported + extracted - exported
    circular = recycled - _amount(table, nodes["waste_imports"]) + _amount(table, None, nodes["waste_exports"])
    return pd.Series(
        {
            "imports": imported,
            "extraction": extracted,
            "exports": exported,
            "physical_trade_balance": imported - exported,
            "direct_material_input": imported + extracted,
            "domestic_material_consumption": consumed,
            "processed": processed,
            "recycled": recycled,
            "recycling_share": recycled / processed if processed > 0 else float("nan"),
            "circular_material_use": circular / (consumed + circular) if consumed + circular > 0 else float("nan"),
        },
        name="value",
    ).rename_axis("indicator")


def _amount(flows: pd.DataFrame, sources: Collection[str] | None, targets: Collection[str] | None = None) -> float:
    """Return what flows from some nodes to some; None stands for all."""
    for column, nodes in (("source", sources), ("target", targets)):
        flows = flows if nodes is None else flows[flows[column].isin(nodes)]
    return float(flows["amount"].sum())


def _check_shares(name: str, shares: Mapping[str, float], known: Collection[str]) -> None:
    for key, value in shares.items():
        if key not in known:
            message = tr("there is no '{key}'; use {known}", key=key, known=", ".join(known))
            raise _wrong(f"{name}.{key}", message + did_you_mean(key, known))
        _check_fraction(f"{name}.{key}", value)
    total = sum(shares.values())
    if total > 1 + 1e-12:
        raise _wrong(name, tr("the fractions add up to {total:g}; at most 1", total=total))


def _check_fraction(path: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise _wrong(path, tr("a fraction lies between 0 and 1, got {value:g}", value=value))


def _wrong(path: str, message: str) -> InputError:
    return InputError([Problem("circularity", path, message)])
