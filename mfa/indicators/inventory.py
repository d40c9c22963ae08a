"""The carbon inventory of a park by scope and by process, 园区碳排放清单; what exchanges avoid stands apart from it.

Sources: GHG Protocol (scopes); GB/T 32150 (purchased electricity and heat); factors of `models/factors.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from mfa.files.holdings import holdings
from mfa.indicators.carbon import transport_co2
from mfa.indicators.energy import HEATING_VALUE, bought, is_electricity
from mfa.indicators.registry import Value, indicator
from mfa.indicators.sums import per_year, sum_by, years
from mfa.park.statistics import value_in
from mfa.results.results import Results

EMBODIED = "tCO2e_per_t"
"""Property of a bought material: what making it emitted elsewhere (scope 3)."""
WARMING = {"n2o": "n2o_warming", "ch4": "ch4_warming"}
"""Gas besides CO2 → its factor in the library."""
INVENTORY = "GHG Protocol scopes; input-based factors of the technologies; GB/T 32150; models/factors.yaml"
Part = Literal["process", "fuel"]


@indicator("carbon_inventory", "tCO2e/yr", INVENTORY)
def carbon_inventory(results: Results) -> dict[str, Value]:
    """Greenhouse gases of the park by scope; in total those of scopes 1 and 2.

    Scope 1 process and fuel: Σ input used × factor, fuels being what has a heating value. Scope 2: electricity and
    heat bought from outside the park × factor of the library or of statistics; what firms give each other is in scope 1
    of the giver. Scope 3 as far as known: trucks over links, and bought materials with a property `tCO2e_per_t`.
    Avoided emissions are no part of it.
    """
    direct = dict.fromkeys(("process", "fuel"), 0.0)
    for _, part, amount in _direct(results):
        direct[part] += amount
    indirect = purchased(results)
    scopes = {f"scope 1 {part}": amount / years(results) for part, amount in direct.items()}
    scopes |= {f"scope 2 {carrier}": amount / years(results) for carrier, amount in indirect.items()}
    total = sum(scopes.values())
    upstream = {"scope 3 transport": transport_co2(results), "scope 3 materials": _embodied(results) / years(results)}
    answers: dict[str, Value] = {"": total, **scopes, **upstream}
    return answers


@indicator("carbon_by_process", "tCO2e/yr", "input-based factors of the technologies")
def carbon_by_process(results: Results) -> dict[str, Value]:
    """Greenhouse gases that each line emits itself (scope 1), in total and by firm and line.

    Σ input used × factor ÷ years, warming potentials of models/factors.yaml.
    """
    amounts: dict[str, float] = {}
    for line, _, amount in _direct(results):
        amounts[line] = amounts.get(line, 0.0) + amount
    return per_year(results, amounts)


def greenhouse_gases(results: Results) -> float | None:
    """Return the emissions of scopes 1 and 2, tCO2e a year; None where there are none."""
    total = carbon_inventory(results)[""]
    return total if isinstance(total, float) and total > 0 else None


def purchased(results: Results) -> dict[str, float]:
    """Return the emissions of purchased electricity and heat over the run, tCO2e."""
    park = results.scenario.park
    amounts = {"electricity": 0.0, "heat": 0.0}
    for (name,), amount in sum_by(bought(results), ["material"], "dry_amount").items():
        material = park.materials[name]
        if not material.is_mass:
            amounts["electricity" if is_electricity(material) else "heat"] += amount
    return {carrier: amount * _factor(results, carrier) if amount else 0.0 for carrier, amount in amounts.items()}


def _factor(results: Results, carrier: str) -> float:
    """Return the factor of purchased electricity or heat, tCO2e/GJ: the user's for the year, else the library's."""
    own = results.scenario.statistics.get(f"{carrier}_co2_factor")
    told = None if own is None else value_in(own, int(results.flows["time"].min()[:4]))
    return holdings().factors[f"{carrier}_co2"].value if told is None else told


def _direct(results: Results) -> Iterator[tuple[str, Part, float]]:
    """Yield (firm.line, process or fuel, tCO2e) of every input used, carbon dioxide and other gases."""
    park = results.scenario.park
    for (firm, line, name), amount in sum_by(results.conversion, ["firm", "line", "material"], "used").items():
        if firm not in park.firms or name not in park.materials:
            continue
        factors: Mapping[str, float] = park.technologies[park.firms[firm].lines[line].runs].emits_per.get(name, {})
        is_fuel = not park.materials[name].is_mass or HEATING_VALUE in park.materials[name].properties
        part: Part = "fuel" if is_fuel else "process"
        emitted = sum(amount * factor * _warming(gas) for gas, factor in factors.items())
        if emitted:
            yield f"{firm}.{line}", part, emitted


def _warming(gas: str) -> float:
    """Return tCO2e per t of a gas; 0 for what is no greenhouse gas."""
    if gas == "co2":
        return 1.0
    return holdings().factors[WARMING[gas]].value if gas in WARMING else 0.0


def _embodied(results: Results) -> float:
    known = results.scenario.park.materials
    sums = sum_by(bought(results), ["material"], "dry_amount")
    return sum(amount * known[m].properties.get(EMBODIED, 0.0) for (m,), amount in sums.items() if m in known)
