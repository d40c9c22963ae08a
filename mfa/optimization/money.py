"""Capital and annual net benefit of a plan as linear forms (semantics §7)."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from mfa.optimization.forms import Terms, minus, scaled
from mfa.optimization.problem import Problem
from mfa.park.policy import Policy
from mfa.park.values import DAYS_PER_YEAR


def capital(model: pyo.ConcreteModel, problem: Problem) -> Terms:
    """Return the capital of a plan, CNY once: set-up of new links, and capital of new plants by planned product."""
    links, technologies = problem.arrays.links.links, problem.arrays.lines.technology
    terms = [(links[k].set_up, model.open[k]) for k in model.open]
    terms += [(technologies[row].set_up, model.built[row]) for row in model.built]
    return terms + [(technologies[row].capex, model.activity[row]) for row in problem.new_lines]


def net_benefit(model: pyo.ConcreteModel, problem: Problem) -> tuple[Terms, float]:
    """Return the annual net benefit of a plan over today, CNY a year, as terms and a constant.

    Sales − purchases − transport − disposal − operation − taxes and levies − annuity of the capital. Payments between
    firms cancel; payments with users and sources count.
    """
    terms = scaled(DAYS_PER_YEAR, daily_cash(model, problem))
    terms += scaled(-problem.scenario.finance.annuity, capital(model, problem))
    return terms, -_value_today(problem, terms)


def daily_cash(model: pyo.ConcreteModel, problem: Problem) -> Terms:
    """Return sales − running costs of the park, CNY a day, before capital."""
    terms = _trade(model, problem) + _links(model, problem)
    for n, outlet in enumerate(problem.outlets):
        terms.append((-outlet.cost, model.dispose[n]))
    for row, technology in enumerate(problem.arrays.lines.technology):
        terms.append((-technology.opex, model.activity[row]))
    for policy in problem.scenario.policies:
        if policy.kind in ("tax", "levy"):
            terms += minus(_levied(model, problem, policy))
    return terms + _left_over(model, problem, terms)


def _left_over(model: pyo.ConcreteModel, problem: Problem, terms: Terms) -> Terms:
    """Charge waste without a place like the dearest site that accepts it, so that leaving it lie never pays."""
    cost = [0.0] * len(problem.outlets)
    for coefficient, variable in terms:
        if variable.parent_component() is model.dispose:
            cost[variable.index()] += coefficient
    dearest: dict[int, float] = {}
    for n, outlet in enumerate(problem.outlets):
        dearest[outlet.pile] = min(dearest.get(outlet.pile, 0.0), cost[n])
    return [(dearest.get(p, 0.0), model.unplaced[p]) for p in problem.waste_piles]


def _trade(model: pyo.ConcreteModel, problem: Problem) -> Terms:
    """Purchases of what is not covered by the park, and sales of what it does not use of what markets buy."""
    park, arrays, sums = problem.park, problem.arrays, model.sums
    terms: Terms = []
    for j, name in enumerate(arrays.inputs.material):
        if arrays.inputs.sold[j]:
            need = (float(arrays.inputs.per_activity[j]), model.activity[int(arrays.inputs.line[j])])
            bought = [need, *minus(sums.covered[j]), (-1.0, model.direct[j])]
            terms += scaled(-_price(problem, name), bought)
    for p, (node, name) in enumerate(arrays.piles.keys[:-1]):
        if node in park.firms and sums.made[p] and park.market_for(name, "buys") is not None:
            rest = sums.made[p] + minus(sums.used[p]) + sums.inflow[p] + minus(sums.outflow[p])
            terms += scaled(_price(problem, name), rest)
    return terms


def _price(problem: Problem, material: str) -> float:
    known = problem.park.materials[material]
    return (known.price or 0.0) * known.as_received


def _links(model: pyo.ConcreteModel, problem: Problem) -> Terms:
    terms: Terms = []
    for k, link in enumerate(problem.arrays.links.links):
        wet = float(problem.wet[k])
        moved = link.transport.per_t + link.transport.per_t_km * float(problem.arrays.links.distance[k])
        cost = moved * float(problem.arrays.links.drawn[k])
        if link.to not in problem.park.firms:
            cost -= link.price
        if link.from_ not in problem.park.firms:
            cost += link.price
        terms.append((-cost * wet, model.flow[k]))
    return terms


def _levied(model: pyo.ConcreteModel, problem: Problem, policy: Policy) -> Terms:
    rate = policy.rate_in(problem.scenario.plan_year)
    arrays, keys = problem.arrays, problem.arrays.piles.keys
    named = {p for p, (node, m) in enumerate(keys[:-1]) if problem.park.lists(policy.on, m) or node in policy.on}
    terms: Terms = []
    if policy.when == "generated":
        rows = zip(arrays.made.line, arrays.made.pile, arrays.made.per_activity, strict=True)
        production = arrays.lines.is_production
        terms = [(float(a), model.activity[line]) for line, p, a in rows if p in named and production[line]]
    elif policy.when == "utilised":
        terms = _utilised(model, problem, named)
    elif policy.when == "stored":
        terms = [(1.0, model.unplaced[p]) for p in problem.waste_piles if p in named]
    elif policy.when in ("disposed", "discharged"):
        for n, outlet in enumerate(problem.outlets):
            compliant = problem.park.boundary[outlet.site].compliant
            if outlet.pile in named and (policy.when == "disposed" or not compliant):
                terms.append((1.0, model.dispose[n]))
    return scaled(rate, terms)


def _utilised(model: pyo.ConcreteModel, problem: Problem, named: set[int]) -> Terms:
    """Return what production lines use and users and towns accept of the named piles."""
    arrays, production = problem.arrays, problem.arrays.lines.is_production
    lines = ((model.use, arrays.uses.pile, arrays.uses.line), (model.direct, arrays.inputs.pile, arrays.inputs.line))
    terms = [
        (1.0, variable[row])
        for variable, piles, of_line in lines
        for row, pile in enumerate(piles)
        if pile in named and production[of_line[row]]
    ]
    return terms + [t for p in named if not arrays.piles.is_firm[p] for t in model.sums.inflow[p]]


def _value_today(problem: Problem, terms: Terms) -> float:
    """Return the value of a form in today's state, with surplus waste at the cheapest site, or without a place."""
    today, arrays = problem.today, problem.arrays
    values: dict[tuple[str, int], float] = {}
    for k, link in enumerate(arrays.links.links):
        values["flow", k] = today.flow.get(link.id, 0.0)
    for e, (line, of) in enumerate(zip(arrays.uses.line, arrays.uses.input, strict=True)):
        key = (*arrays.lines.keys[line], arrays.uses.material[e], arrays.inputs.material[of])
        values["use", e] = today.used.get(key, 0.0)
    for j, (line, m) in enumerate(zip(arrays.inputs.line, arrays.inputs.material, strict=True)):
        values["direct", j] = today.used.get((*arrays.lines.keys[line], m, m), 0.0)
    for row, key in enumerate(arrays.lines.keys):
        values["activity", row] = today.activity.get(key, 0.0)
    values |= _disposed_today(problem, values)
    return sum(c * values.get(_key(v), 0.0) for c, v in terms)


def _key(variable: Any) -> tuple[str, int]:
    return variable.parent_component().local_name, variable.index()


def _disposed_today(problem: Problem, values: dict[tuple[str, int], float]) -> dict[tuple[str, int], float]:
    arrays = problem.arrays
    surplus = dict.fromkeys(problem.waste_piles, 0.0)
    for line, pile, amount in zip(arrays.made.line, arrays.made.pile, arrays.made.per_activity, strict=True):
        if pile in surplus:
            surplus[int(pile)] += amount * values["activity", int(line)]
    for name, piles in (("use", arrays.uses.pile), ("direct", arrays.inputs.pile)):
        for row, pile in enumerate(piles):
            if pile in surplus:
                surplus[int(pile)] -= values[name, row]
    for k, (source, target) in enumerate(zip(arrays.links.source, arrays.links.target, strict=True)):
        for pile, sign in ((int(source), -float(arrays.links.drawn[k])), (int(target), 1.0)):
            if pile in surplus:
                surplus[pile] += sign * values["flow", k]
    cheapest: dict[int, int] = {}
    for n, outlet in enumerate(problem.outlets):
        best = cheapest.get(outlet.pile)
        if best is None or (outlet.cost, outlet.site) < (problem.outlets[best].cost, problem.outlets[best].site):
            cheapest[outlet.pile] = n
    placed = {("dispose", n): max(0.0, surplus[pile]) for pile, n in cheapest.items()}
    return placed | {("unplaced", p): max(0.0, amount) for p, amount in surplus.items() if p not in cheapest}
