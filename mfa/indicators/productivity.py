"""What a park makes of energy, water, land, people and materials, and what it uses and discharges for it."""

from __future__ import annotations

from mfa.indicators.measures import measure

HJ274 = "HJ 274-2015"
GREEN_PARK = "绿色园区评价要求, MIIT 2016"
RETROFIT = "circular retrofit of parks, NDRC (from memory)"
NEAR_ZERO = "list of reference values of near-zero-carbon parks, 2024 (tanpaifang.com)"
GBT2589 = "GB/T 2589-2020 (1 tce = 29.3076 GJ)"


def _share(part: float, whole: float) -> float:
    return part / whole


@measure("energy_productivity", "10⁴CNY/tce", f"{GREEN_PARK}; {GBT2589}", ("industrial_value_added", "energy_use"))
def energy_productivity(value_added: float, energy: float) -> float:
    """Industrial value added per energy consumed."""
    return value_added / energy


@measure("energy_intensity", "tce/10⁴CNY", f"{HJ274}; {GBT2589}", ("energy_use", "industrial_value_added"))
def energy_intensity(energy: float, value_added: float) -> float:
    """Energy consumed per industrial value added."""
    return energy / value_added


@measure("renewable_energy_share", "fraction", HJ274, ("renewable_energy", "energy_use"))
def renewable_energy_share(renewable: float, energy: float) -> float:
    """Share of renewable energy in the energy consumed."""
    return _share(renewable, energy)


@measure("clean_energy_share", "fraction", GREEN_PARK, ("clean_energy", "energy_use"))
def clean_energy_share(clean: float, energy: float) -> float:
    """Share of clean energy in the energy consumed."""
    return _share(clean, energy)


@measure("non_fossil_energy_share", "fraction", NEAR_ZERO, ("non_fossil_energy", "energy_use"))
def non_fossil_energy_share(non_fossil: float, energy: float) -> float:
    """Share of non-fossil energy in the energy consumed."""
    return _share(non_fossil, energy)


@measure("renewable_electricity_share", "fraction", NEAR_ZERO, ("renewable_electricity", "electricity_use"))
def renewable_electricity_share(renewable: float, electricity: float) -> float:
    """Share of renewable electricity in the electricity used."""
    return _share(renewable, electricity)


@measure("waste_heat_reuse", "fraction", GREEN_PARK, ("waste_heat_used", "waste_heat_available"))
def waste_heat_reuse(used: float, available: float) -> float:
    """Share of the waste heat that is recovered and used."""
    return _share(used, available)


@measure("water_productivity", "CNY/m3", f"{GREEN_PARK} (A.3)", ("industrial_value_added", "fresh_water"))
def water_productivity(value_added: float, fresh: float) -> float:
    """Industrial value added per fresh water used."""
    return value_added / fresh


@measure("fresh_water_intensity", "m3/10⁴CNY", HJ274, ("fresh_water", "industrial_value_added"))
def fresh_water_intensity(fresh: float, value_added: float) -> float:
    """Fresh water used per industrial value added."""
    return fresh / value_added


@measure("water_reuse", "fraction", HJ274, ("water_reused", "fresh_water"))
def water_reuse(reused: float, fresh: float) -> float:
    """Share of the water of industry that is used again: reused ÷ (reused + fresh)."""
    return _share(reused, reused + fresh)


@measure("reclaimed_water_rate", "fraction", HJ274, ("reclaimed_water_used", "sewage_treated"))
def reclaimed_water_rate(used: float, treated: float) -> float:
    """Share of the treated sewage that is used as reclaimed water."""
    return _share(used, treated)


@measure("waste_water_intensity", "m3/10⁴CNY", HJ274, ("waste_water", "industrial_value_added"))
def waste_water_intensity(water: float, value_added: float) -> float:
    """Waste water discharged per industrial value added."""
    return water / value_added


@measure("resource_productivity", "CNY/t", RETROFIT, ("industrial_value_added", "main_resources"))
def resource_productivity(value_added: float, resources: float) -> float:
    """Industrial value added per main resources used."""
    return value_added / resources


@measure("solid_waste_intensity", "t/10⁴CNY", HJ274, ("solid_waste_generated", "industrial_value_added"))
def solid_waste_intensity(waste: float, value_added: float) -> float:
    """General industrial solid waste generated per industrial value added."""
    return waste / value_added


@measure("solid_waste_treated", "fraction", HJ274, ("all_waste_used", "all_waste_disposed", "all_waste_generated"))
def solid_waste_treated(used: float, disposed: float, generated: float) -> float:
    """Share of the solid waste generated, hazardous waste included, that is used or disposed of, at most all of it."""
    return min(1.0, (used + disposed) / generated)


@measure(
    "secondary_resource_recycling", "fraction", HJ274,
    ("secondary_resources_recycled", "secondary_resources_available"),
)  # fmt: skip
def secondary_resource_recycling(recycled: float, available: float) -> float:
    """Share of the secondary resources that are collected and recycled."""
    return _share(recycled, available)


@measure("co2_intensity", "tCO2e/10⁴CNY", NEAR_ZERO, ("co2", "industrial_value_added"))
def co2_intensity(emissions: float, value_added: float) -> float:
    """Greenhouse gases of scopes 1 and 2 per industrial value added."""
    return emissions / value_added


@measure("value_added_per_employee", "10⁴CNY/person", HJ274, ("industrial_value_added", "employees"))
def value_added_per_employee(value_added: float, employees: float) -> float:
    """Industrial value added per employee."""
    return value_added / employees


@measure("value_added_per_land", "10⁸CNY/km2", HJ274, ("industrial_value_added", "industrial_land"))
def value_added_per_land(value_added: float, land: float) -> float:
    """Industrial value added per area of industrial land."""
    return value_added / land


@measure("high_tech_share", "fraction", HJ274, ("high_tech_output", "industrial_output"))
def high_tech_share(high_tech: float, output: float) -> float:
    """Share of high-tech enterprises in gross industrial output."""
    return _share(high_tech, output)


@measure(
    "recycling_value_added_share", "fraction", HJ274, ("recycling_value_added", "industrial_value_added")
)  # fmt: skip
def recycling_value_added_share(recycling: float, value_added: float) -> float:
    """Share of the recycling of resources in industrial value added."""
    return _share(recycling, value_added)


@measure("recycling_output_share", "fraction", RETROFIT, ("recycling_output", "industrial_output"))
def recycling_output_share(recycling: float, output: float) -> float:
    """Share of the recycling of resources in gross industrial output."""
    return _share(recycling, output)
