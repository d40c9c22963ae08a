"""Carbon dioxide: direct emissions, what substitutes avoid, and transport, each apart (semantics §9)."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.indicators.registry import Value, indicator
from mfa.indicators.substitution import substitutions
from mfa.indicators.sums import per_year, sum_by
from mfa.park.technology import Technology
from mfa.results.results import Results

GAS = "co2"
FACTORS = "input-based factors of the technologies (emits_per); direct emissions of processes and fuels"

TRUCK_KG_PER_T_KM = 0.0671
"""CO2 of a truck, well to wheel, 28 t payload, empty return (35 and 25 l diesel per 100 km).

Derived: 564 kg for 2 × 28 t × 150 km, INFORM / ICR, June 2020.
"""

WITHOUT_TRUCKS = frozenset({"pipeline", "conveyor", "rail", "ship", "barge", "wire"})
"""Modes of transport that the factor of trucks does not fit; their CO2 is not estimated."""


@indicator("co2_direct", "t/yr", FACTORS)
def co2_direct(results: Results) -> dict[str, Value]:
    """CO2 emitted at firms by processes and fuels (direct emissions), in total and by firm.

    Σ input used × emission factor of the input ÷ years.
    """
    park = results.scenario.park
    amounts = dict.fromkeys(sorted(park.firms), 0.0)
    for (firm, line, material), amount in sum_by(results.conversion, ["firm", "line", "material"], "used").items():
        if firm in park.firms:
            technology = park.technologies[park.firms[firm].lines[line].runs]
            amounts[firm] += amount * emission_factor(technology, material)
    return per_year(results, {firm: amount for firm, amount in amounts.items() if amount > 0})


@indicator("co2_avoided", "t/yr", FACTORS)
def co2_avoided(results: Results) -> dict[str, Value]:
    """CO2 that lines did not emit because they used substitutes, in total and by firm; outside the inventory.

    Σ (ratio × use × factor of the replaced input − use × factor of the substitute) ÷ years, with the factors of the
    line that used it; what making the replaced input emits elsewhere is not credited. Negative: more was emitted.
    """
    amounts: dict[str, float] = {}
    for s in substitutions(results):
        saved = s.replaced * emission_factor(s.technology, s.acceptance.replaces)
        brought = s.used * emission_factor(s.technology, s.acceptance.material)
        amounts[s.firm] = amounts.get(s.firm, 0.0) + saved - brought
    return per_year(results, {firm: amount for firm, amount in amounts.items() if amount})


def emission_factor(technology: Technology, material: str) -> float:
    """Return the CO2 that a technology emits per unit of an input it uses, t."""
    factors = technology.emits_per.get(material)
    return factors.get(GAS, 0.0) if factors else 0.0


@indicator("transport_work", "t·km/yr", "links of the run")
def transport_work(results: Results) -> float:
    """Tonne-kilometres over links a year, moisture included; energy carriers and disposal trips left out.

    Σ realised flow as received × distance.
    """
    return sum(work for _, work in _hauls(results))


@indicator("transport_co2", "t/yr", "INFORM / ICR, June 2020: 564 kg CO2 for 2 × 28 t × 150 km, well to wheel")
def transport_co2(results: Results) -> float:
    """CO2 of trucks over links a year; links by pipeline, conveyor, rail, ship or wire are left out.

    Σ tonne-kilometres × 0.0671 kg.
    """
    return sum(work for mode, work in _hauls(results) if mode not in WITHOUT_TRUCKS) * TRUCK_KG_PER_T_KM / 1000.0


def _hauls(results: Results) -> Iterator[tuple[str | None, float]]:
    """Yield (mode, t·km a year) of every link that carries mass."""
    park = results.scenario.park
    modes = {link.id: link.mode for link in park.links}
    columns = ["link", "material", "distance_km", "realised_per_yr"]
    for link, name, distance, flow in results.links[columns].itertuples(index=False):
        material = park.materials[name]
        if material.is_mass:
            yield modes[link], float(flow * material.as_received * distance)
