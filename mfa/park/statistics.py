"""Statistics of a park beyond its material flows: what a scenario may say about money, people, land and compliance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mfa.park.values import FrozenDict

Unit = Literal["CNY", "GJ", "m3", "t", "tCO2e", "tCO2e/GJ", "km2", "person", "count", "share", "yes or no"]

Figure = bool | float | FrozenDict[int, float]
"""A yes or no, a value that holds for every year, or values by year."""


@dataclass(frozen=True)
class Statistic:
    """One statistic: its unit (amounts are those of a whole year) and what it means."""

    unit: Unit
    meaning: str


def _of(unit: Unit, meanings: Mapping[str, str]) -> dict[str, Statistic]:
    return {key: Statistic(unit, meaning) for key, meaning in meanings.items()}


STATISTICS: dict[str, Statistic] = {
    **_of("CNY", {
        "industrial_value_added": "industrial value added, at constant prices",
        "industrial_output": "gross industrial output",
        "high_tech_output": "gross output of high-tech enterprises",
        "recycling_value_added": "value added of enterprises that recycle resources",
        "recycling_output": "gross output of enterprises that recycle resources",
        "gross_product": "gross domestic product of the park",
    }),
    **_of("person", {"employees": "people employed in industry"}),
    **_of("km2", {"industrial_land": "land used by industry"}),
    **_of("GJ", {
        "energy_use": "comprehensive energy consumption, bought energy less energy given to others",
        "renewable_energy": "renewable energy used",
        "clean_energy": "clean energy used: gas, electricity, renewable energy",
        "non_fossil_energy": "non-fossil energy used",
        "electricity_use": "electricity used",
        "renewable_electricity": "renewable electricity used, certificates included",
        "waste_heat_available": "waste heat that could be recovered",
        "waste_heat_used": "waste heat recovered and used",
    }),
    **_of("m3", {
        "fresh_water": "fresh water used by industry",
        "water_reused": "water used again by industry",
        "reclaimed_water_used": "reclaimed water used",
        "sewage_treated": "sewage treated by plants of the park",
        "waste_water": "waste water discharged by industry",
    }),
    **_of("t", {
        "main_resources": "main resources used: fossil fuels, ores, minerals, biomass",
        "solid_waste_generated": "general industrial solid waste generated",
        "solid_waste_used": "general industrial solid waste used, from old stock included",
        "solid_waste_from_stock": "general industrial solid waste used from the stock of earlier years",
        "solid_waste_disposed": "general industrial solid waste disposed of",
        "secondary_resources_available": "secondary resources that could be collected",
        "secondary_resources_recycled": "secondary resources collected and recycled",
        "cod": "chemical oxygen demand discharged",
        "ammonia_nitrogen": "ammonia nitrogen discharged",
        "so2": "sulphur dioxide emitted",
        "nox": "nitrogen oxides emitted",
    }),
    **_of("tCO2e", {"co2": "greenhouse gas emissions, direct and of purchased electricity and heat"}),
    **_of("tCO2e/GJ", {
        "electricity_co2_factor": "emission factor of purchased electricity, in the place of the library's",
        "heat_co2_factor": "emission factor of purchased heat, in the place of the library's",
    }),
    **_of("count", {
        "new_symbiosis_projects": "new links of industrial chains since planning began",
        "major_incidents": "major and very serious environmental incidents",
        "outreach_events": "public events on eco-industry in the year",
        "innovation_platforms": "provincial or higher platforms of green and low-carbon innovation",
    }),
    **_of("share", {
        "solid_waste_utilisation": "utilisation of general industrial solid waste as reported",
        "key_sources_compliant": "key pollution sources that keep their limits at all times",
        "management_capability": "completeness of environmental management",
        "clean_production_audits": "key enterprises with a cleaner production audit",
        "risk_control": "completeness of environmental risk control",
        "green_cover": "land covered by greenery",
        "disclosure": "key enterprises that disclose environmental information",
        "information_platform": "completeness of the eco-industrial information platform",
        "waste_gas_recovery": "waste gas recovered and used",
        "green_industrial_buildings": "green buildings among new industrial buildings",
        "green_public_buildings": "green buildings among new public buildings",
        "bus_stop_cover": "land within 500 m of a bus stop",
        "clean_buses": "buses that run on new or clean energy",
        "green_industry": "value added of green industry in that of the park",
        "modern_services": "value added of modern services in that of the park",
        "good_air_days": "days with good air",
        "shaded_roads": "roads and car parks in the shade of trees",
        "benchmark_firms": "enterprises at the benchmark of energy efficiency of their sector",
        "green_factories": "green factories and green supply chains among enterprises",
        "audited_firms": "enterprises with a cleaner production audit",
        "diagnosed_firms": "enterprises of scale diagnosed for smart and digital retrofit",
        "electrification": "electricity in final energy",
        "two_star_buildings": "new buildings with two stars or more for green building",
        "clean_freight": "freight moved cleanly",
        "clean_vehicles": "vehicles that run on new or clean energy",
        "carbon_verified_firms": "enterprises whose carbon emissions are verified",
        "carbon_footprint_firms": "enterprises with certified carbon footprints",
        "disclosing_firms": "enterprises of scale that disclose environmental information",
        "green_rd_intensity": "spending on green and low-carbon research, by turnover",
    }),
    **_of("yes or no", {
        "total_control_met": "total amounts of pollutants kept as assigned",
        "central_sewage_plant": "a central sewage plant with automatic monitoring",
        "green_standards": "the park keeps standards of green and low-carbon management",
        "green_plan": "the park has a plan for its green development",
        "green_platform": "the park has a platform for its green development",
    }),
}  # fmt: skip
"""Key under `statistics:` of a scenario → what it is."""

PARTS = {
    "high_tech_output": "industrial_output",
    "recycling_output": "industrial_output",
    "recycling_value_added": "industrial_value_added",
    "renewable_energy": "energy_use",
    "clean_energy": "energy_use",
    "non_fossil_energy": "energy_use",
    "renewable_electricity": "electricity_use",
    "waste_heat_used": "waste_heat_available",
    "solid_waste_from_stock": "solid_waste_used",
    "secondary_resources_recycled": "secondary_resources_available",
}
"""A statistic → the one that it is part of."""


def years_of(figure: Figure) -> Mapping[int, float]:
    """Return the values by year; nothing where one value holds for every year."""
    return figure if isinstance(figure, Mapping) else {}


def value_in(figure: Figure, year: int) -> float | None:
    """Return the value of a year; None where values are given by year and not for this one."""
    return figure.get(year) if isinstance(figure, Mapping) else float(figure)
