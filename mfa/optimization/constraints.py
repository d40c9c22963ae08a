"""What a plan must keep: one function a constraint (semantics §3, §5, §7). All rates are per day."""

from __future__ import annotations

import math

import pyomo.environ as pyo

from mfa.optimization.forms import Terms, constraint, linear, minus, scaled
from mfa.optimization.money import capital, net_benefit
from mfa.optimization.problem import Problem, room_per_day
from mfa.park.values import DAYS_PER_YEAR


@constraint("supply")
def keep_supply(model: pyo.ConcreteModel, problem: Problem) -> None:
    """Inflow ≤ use, and use − inflow + outflow ≤ own production, by firm and material; sources give what they have."""
    piles, sums = problem.arrays.piles, model.sums
    nowhere = len(piles.keys) - 1
    for j in range(len(problem.arrays.inputs.pile)):
        if problem.arrays.inputs.pile[j] == nowhere:
            model.direct[j].fix(0.0)
    model.inflow_used = pyo.ConstraintList()
    model.supply = pyo.ConstraintList()
    for p in range(nowhere):
        inflow, outflow, used, made = sums.inflow[p], sums.outflow[p], sums.used[p], sums.made[p]
        if piles.is_firm[p]:
            if inflow:
                model.inflow_used.add(linear(inflow + minus(used)) <= 0)
            if used or outflow:
                model.supply.add(linear(used + minus(inflow) + outflow + minus(made)) <= 0)
        elif outflow and math.isfinite(piles.supply[p]):
            model.supply.add(linear(outflow) <= float(piles.supply[p]))


@constraint("need")
def cover_need(model: pyo.ConcreteModel, problem: Problem) -> None:
    """Σ ratio·use + what is taken as itself ≤ need, and = need where no market sells the rest."""
    inputs = problem.arrays.inputs
    model.need = pyo.ConstraintList()
    for j in range(len(inputs.material)):
        covered = model.sums.covered[j] + [(1.0, model.direct[j])]
        need = [(float(inputs.per_activity[j]), model.activity[int(inputs.line[j])])]
        rest = linear(covered + minus(need))
        model.need.add(rest <= 0 if inputs.sold[j] else rest == 0)


@constraint("share")
def keep_shares(model: pyo.ConcreteModel, problem: Problem) -> None:
    """ratio·use ≤ up_to·need for each substitute."""
    uses, inputs = problem.arrays.uses, problem.arrays.inputs
    model.share = pyo.ConstraintList()
    for e in range(len(uses.material)):
        largest = float(uses.up_to[e] * inputs.per_activity[uses.input[e]] / uses.ratio[e])
        model.share.add(linear([(1.0, model.use[e]), (-largest, model.activity[int(uses.line[e])])]) <= 0)


@constraint("limits")
def keep_limits(model: pyo.ConcreteModel, problem: Problem) -> None:
    """Limits on feed and product as linear rows over uses, what is not replaced of each input, and activity."""
    rows, inputs = problem.arrays.rows, problem.arrays.inputs
    terms: list[Terms] = [[] for _ in rows.line]
    for row, e, weight in zip(rows.use_row, rows.use, rows.use_weight, strict=True):
        terms[row].append((float(weight), model.use[int(e)]))
    for row, j, weight in zip(rows.input_row, rows.input, rows.input_weight, strict=True):
        need = float(weight * inputs.per_activity[j])
        terms[row].append((need, model.activity[int(inputs.line[j])]))
        terms[row].extend(scaled(-float(weight), model.sums.covered[j]))
    model.limits = pyo.ConstraintList()
    for row, line in enumerate(rows.line):
        model.limits.add(linear(terms[row] + [(float(rows.of_activity[row]), model.activity[int(line)])]) <= 0)


@constraint("users")
def serve_users(model: pyo.ConcreteModel, problem: Problem) -> None:
    """Users and towns get at least what they get today and never more than they ask."""
    piles = problem.arrays.piles
    model.users = pyo.ConstraintList()
    for p, (node, _) in enumerate(piles.keys[:-1]):
        inflow = model.sums.inflow[p]
        if inflow and node not in problem.park.firms:
            model.users.add((float(problem.delivered_today[p]), linear(inflow), float(piles.quota[p])))


@constraint("opening")
def open_links(model: pyo.ConcreteModel, problem: Problem) -> None:
    """A new link carries at most its bound and at least its smallest flow when open, and nothing when closed."""
    model.opening = pyo.ConstraintList()
    for k in model.open:
        flow, least = model.flow[k], problem.arrays.links.links[k].at_least
        model.opening.add(linear([(1.0, flow), (-float(problem.flow_bound[k]), model.open[k])]) <= 0)
        if least > 0:
            model.opening.add(linear([(1.0, flow), (-least, model.open[k])]) >= 0)


@constraint("building")
def build_plants(model: pyo.ConcreteModel, problem: Problem) -> None:
    """An offered plant runs at most at its capacity when built, and not at all when it is not."""
    model.building = pyo.ConstraintList()
    for row in model.built:
        capacity = float(problem.highest[row])
        model.building.add(linear([(1.0, model.activity[row]), (-capacity, model.built[row])]) <= 0)


@constraint("placement")
def place_waste(model: pyo.ConcreteModel, problem: Problem) -> None:
    """Waste that is not used goes to disposal sites within their room; what has nowhere to go is unplaced."""
    model.placement = pyo.ConstraintList()
    sums = model.sums
    outlets: dict[int, Terms] = {}
    rooms: dict[str, Terms] = {}
    for n, outlet in enumerate(problem.outlets):
        outlets.setdefault(outlet.pile, []).append((1.0, model.dispose[n]))
        rooms.setdefault(outlet.site, []).append((1.0, model.dispose[n]))
    for p in problem.waste_piles:
        surplus = sums.made[p] + minus(sums.used[p]) + sums.inflow[p] + minus(sums.outflow[p])
        placed = [*outlets.get(p, []), (1.0, model.unplaced[p])]
        model.placement.add(linear(surplus + minus(placed)) == 0)
    for site, terms in sorted(rooms.items()):
        if math.isfinite(room_per_day(problem, site)):
            model.placement.add(linear(terms) <= room_per_day(problem, site))


@constraint("budget")
def keep_budget(model: pyo.ConcreteModel, problem: Problem) -> None:
    """Σ set_up of new links + Σ capital of new plants ≤ budget; capital ≤ payback × annual net benefit."""
    wanted = problem.scenario.optimize.subject_to
    if wanted.budget is not None:
        model.budget = pyo.Constraint(expr=linear(capital(model, problem)) <= wanted.budget)
    if wanted.payback is not None:
        years = wanted.payback / DAYS_PER_YEAR
        terms, constant = net_benefit(model, problem)
        model.payback = pyo.Constraint(expr=linear(capital(model, problem) + scaled(-years, terms)) <= years * constant)


@constraint("number_of_links")
def count_links(model: pyo.ConcreteModel, problem: Problem) -> None:
    """At most so many new links in all, and at each firm at either end."""
    wanted = problem.scenario.optimize.subject_to
    links = problem.arrays.links.links
    if wanted.links is not None and len(model.open):
        model.links = pyo.Constraint(expr=linear((1.0, model.open[k]) for k in model.open) <= wanted.links)
    if wanted.links_per_firm is None:
        return
    touching: dict[str, Terms] = {}
    for k in model.open:
        for firm in {links[k].from_, links[k].to} & problem.park.firms.keys():
            touching.setdefault(firm, []).append((1.0, model.open[k]))
    model.links_per_firm = pyo.ConstraintList()
    for _, terms in sorted(touching.items()):
        model.links_per_firm.add(linear(terms) <= wanted.links_per_firm)


@constraint("distance")
def keep_distance(model: pyo.ConcreteModel, problem: Problem) -> None:
    """No new link longer than `subject_to.within`."""
    within = problem.scenario.optimize.subject_to.within
    if within is not None:
        for k in problem.new_links:
            if problem.arrays.links.distance[k] > within:
                model.flow[k].fix(0.0)
