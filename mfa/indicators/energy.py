"""Energy of a run: what crosses the boundary of the park, and waste heat that is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa.indicators.sums import sum_by, years
from mfa.park.material import WASTE_CLASSES, Material
from mfa.park.park import Park
from mfa.park.values import ENVIRONMENT
from mfa.results.results import Results

if TYPE_CHECKING:
    import pandas as pd

HEATING_VALUE = "GJ_per_t"
"""Property of a fuel: its lower heating value."""


def heating_value(material: Material) -> float:
    """Return the energy of a unit of a material as an energy carrier, GJ: 0 for what is none, and for wastes."""
    if not material.is_mass:
        return 1.0
    return 0.0 if material.class_ in WASTE_CLASSES else material.properties.get(HEATING_VALUE, 0.0)


def is_electricity(material: Material) -> bool:
    """Whether an energy carrier is electricity, by its id and names; every other one counted in GJ is heat."""
    words = f"{material.id} {material.name.en or ''} {material.name.zh or ''}".casefold()
    return not material.is_mass and material.temperature_c is None and ("electric" in words or "电" in words)


def is_waste_heat(material: Material) -> bool:
    """Whether an energy carrier is waste heat, by its id and Chinese name."""
    return not material.is_mass and ("waste_heat" in material.id or "余热" in (material.name.zh or ""))


def bought(results: Results) -> pd.DataFrame:
    """Return the flows into firms from outside the park, nature left out."""
    flows, firms = results.flows, results.scenario.park.firms
    return flows[~flows["source"].isin({*firms, ENVIRONMENT}) & flows["target"].isin(firms)]


def energy_use(results: Results) -> float | None:
    """Return the comprehensive energy consumption of the park, GJ a year; None where no energy crosses its boundary.

    Bought fuels, electricity and heat − what the park gives to others + fuels and electricity that lines make beyond
    the energy they use (mines, solar plants), by heating values; heat of reactions and wastes that are burnt are left
    out. Source: GB/T 2589-2020 (equivalent values), in the bounds of a park.
    """
    park, firms = results.scenario.park, results.scenario.park.firms
    flows = results.flows
    given = flows[flows["source"].isin(firms) & ~flows["target"].isin({*firms, ENVIRONMENT})]
    inward, outward, won = _energy(park, bought(results)), _energy(park, given), _primary(results)
    if not inward and not outward and not won:
        return None
    return (inward - outward + won) / years(results)


def _energy(park: Park, flows: pd.DataFrame) -> float:
    sums = sum_by(flows, ["material"], "dry_amount")
    return sum(amount * heating_value(park.materials[m]) for (m,), amount in sums.items() if m in park.materials)


def _primary(results: Results) -> float:
    """Return the fuels and electricity of lines that make more of them than the energy they use, GJ."""
    park = results.scenario.park
    used: dict[tuple[str, str], float] = {}
    made: dict[tuple[str, str], float] = {}
    for (firm, line, name), amount in sum_by(results.conversion, ["firm", "line", "material"], "used").items():
        if name in park.materials:
            used[firm, line] = used.get((firm, line), 0.0) + amount * heating_value(park.materials[name])
    for (firm, line, name), amount in sum_by(results.conversion, ["firm", "line", "material"], "made").items():
        material = park.materials.get(name)
        if material is not None and (material.is_mass or is_electricity(material)):
            made[firm, line] = made.get((firm, line), 0.0) + amount * heating_value(material)
    return sum(amount for key, amount in made.items() if amount > used.get(key, 0.0))


def waste_heat_available(results: Results) -> float | None:
    """Return the waste heat that lines give off, GJ a year; None where the park has none."""
    return _of_waste_heat(results, "made")


def waste_heat_used(results: Results) -> float | None:
    """Return the waste heat that is not lost to the environment, GJ a year; None where the park has none."""
    made = _of_waste_heat(results, "made")
    flows = results.flows[results.flows["target"] == ENVIRONMENT]
    lost = sum(
        amount
        for (name,), amount in sum_by(flows, ["material"], "dry_amount").items()
        if name in results.scenario.park.materials and is_waste_heat(results.scenario.park.materials[name])
    )
    return None if made is None else max(0.0, made - lost / years(results))


def _of_waste_heat(results: Results, column: str) -> float | None:
    known = results.scenario.park.materials
    sums = sum_by(results.conversion, ["material"], column)
    amount = sum(sums.get((m,), 0.0) for m, material in known.items() if is_waste_heat(material))
    return amount / years(results) if amount else None
