"""What a plan may seek: one function an objective, as linear terms per year (semantics §7)."""

from __future__ import annotations

import pyomo.environ as pyo

from mfa.optimization.forms import Terms, objective, scaled
from mfa.optimization.money import net_benefit
from mfa.optimization.problem import Problem
from mfa.park.values import DAYS_PER_YEAR

CARBON_DIOXIDE = "co2"


@objective("waste_utilisation", "t/yr", "max")
def waste_utilisation(model: pyo.ConcreteModel, problem: Problem) -> tuple[Terms, float]:
    """Origin tonnes of solid waste used a year: by production lines and users, imports not counted (semantics §9)."""
    arrays, origin = problem.arrays, problem.origin
    terms: Terms = []
    for e, (line, material) in enumerate(zip(arrays.uses.line, arrays.uses.material, strict=True)):
        if problem.arrays.lines.is_production[line]:
            terms.append((origin[material], model.use[e]))
    for j, (line, material) in enumerate(zip(arrays.inputs.line, arrays.inputs.material, strict=True)):
        if problem.arrays.lines.is_production[line]:
            terms.append((origin[material], model.direct[j]))
    for k, link in enumerate(arrays.links.links):
        counts = _is(problem, link.to, "user") - _is(problem, link.from_, "source")
        terms.append((counts * origin[link.material], model.flow[k]))
    return scaled(DAYS_PER_YEAR, terms), 0.0


def _is(problem: Problem, node: str, kind: str) -> bool:
    return node in problem.park.boundary and problem.park.boundary[node].kind == kind


@objective("net_diversion", "t/yr", "min")
def net_diversion(model: pyo.ConcreteModel, problem: Problem) -> tuple[Terms, float]:
    """Origin tonnes of solid waste a year that are disposed of or have nowhere to go."""
    keys, origin = problem.arrays.piles.keys, problem.origin
    terms = [(origin[keys[outlet.pile][1]], model.dispose[n]) for n, outlet in enumerate(problem.outlets)]
    terms += [(origin[keys[p][1]], model.unplaced[p]) for p in problem.waste_piles]
    return scaled(DAYS_PER_YEAR, terms), 0.0


@objective("net_benefit", "CNY/yr", "max")
def benefit(model: pyo.ConcreteModel, problem: Problem) -> tuple[Terms, float]:
    """Annual net benefit of the plan over today (see `mfa.optimization.money`)."""
    return net_benefit(model, problem)


@objective("fewest_links", "links", "min")
def fewest_links(model: pyo.ConcreteModel, _problem: Problem) -> tuple[Terms, float]:
    """Number of new links opened."""
    return [(1.0, model.open[k]) for k in model.open], 0.0


@objective("virgin_material_saved", "t/yr", "max")
def virgin_material_saved(model: pyo.ConcreteModel, problem: Problem) -> tuple[Terms, float]:
    """Tonnes (dry) a year of bought inputs that substitutes replace."""
    inputs = problem.arrays.inputs
    bought = [j for j in range(len(inputs.material)) if inputs.sold[j]]
    terms = [t for j in bought for t in model.sums.covered[j]]
    return scaled(DAYS_PER_YEAR, terms), 0.0


@objective("co2_avoided", "t/yr", "max")
def co2_avoided(model: pyo.ConcreteModel, problem: Problem) -> tuple[Terms, float]:
    """Tonnes of CO2 a year that replaced inputs no longer emit, less what the substitutes emit."""
    arrays = problem.arrays
    terms: Terms = []
    for e, (line, of) in enumerate(zip(arrays.uses.line, arrays.uses.input, strict=True)):
        factors = arrays.lines.technology[line].emits_per
        replaced = factors.get(arrays.inputs.material[of], {}).get(CARBON_DIOXIDE, 0.0)
        brought = factors.get(arrays.uses.material[e], {}).get(CARBON_DIOXIDE, 0.0)
        terms.append((float(arrays.uses.ratio[e]) * replaced - brought, model.use[e]))
    return scaled(DAYS_PER_YEAR, terms), 0.0
