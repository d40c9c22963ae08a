"""Suggest what to build: solve the objectives in order, then place waste, then break ties (semantics §7)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import pyomo.environ as pyo

from mfa.errors import UsageError
from mfa.language import tr
from mfa.optimization.explanation import explain_links, explain_rejected
from mfa.optimization.forms import OBJECTIVES, NamedObjective, Terms, linear
from mfa.optimization.formulation import formulate
from mfa.optimization.money import capital
from mfa.optimization.outcome import Outcome, read_outcome
from mfa.optimization.problem import Problem, pose
from mfa.optimization.solvers import Solution, explain_infeasible, explain_unbounded, load, solve
from mfa.park.plan import Plan
from mfa.park.scenario import Scenario
from mfa.park.values import SMALLEST_FLOW

SolverName = Literal["auto", "glpk", "highs"]

KEPT = 1e-9
"""Relative amount by which a later objective may lower an earlier one (semantics §7)."""

SLACKS = (KEPT, 1e-7)
"""What is tried in turn: where solvers call a program infeasible that has today's plan, a little more lets them in."""

DEAR = 100.0
"""What a later solve pays for lowering an earlier form, beside the most that one unit of anything brings it."""


@dataclass(frozen=True)
class Stage:
    """One solve: the objective's value, and what the solver said of it."""

    name: str
    value: float
    solution: Solution


def suggest(
    scenario: Scenario, solver: SolverName | None = None, gap: float | None = None, time_limit: float | None = None
) -> Plan:
    """Return the exchanges and treatment plants that serve the scenario's objectives best.

    Args:
        scenario: what is there, what may be built, and what it is judged by.
        solver: `auto`, `glpk` or `highs`; by default the scenario's choice.
        gap: relative gap at which a solve may stop; by default the scenario's choice.
        time_limit: seconds for all solves together; by default the scenario's choice.

    Returns:
        The plan; its status says whether it is proven optimal. Without a solution it carries the cause.

    Raises:
        InputError: the scenario contradicts itself.
        SolverError: no solver is there, or it failed.
    """
    choice = scenario.optimize.solver
    name = solver or choice.name
    gap = choice.gap if gap is None else gap
    limit = choice.time_limit if time_limit is None else time_limit
    began = time.monotonic()
    problem = pose(scenario)
    model = formulate(problem)
    model.losses = pyo.VarList(domain=pyo.NonNegativeReals)
    wanted = [_named(objective) for objective in scenario.optimize.objectives]
    stages: list[Stage] = []
    kept: list[tuple[Terms, float]] = []
    for objective in wanted:
        terms, constant = objective.terms(model, problem)
        for slack in SLACKS:
            _keep(model, kept, max(gap, slack))
            solution = _solve(model, objective.sense, terms, name, gap, _left(limit, began))
            if solution.status != "infeasible" or not kept:
                break
        if solution.status not in ("optimal", "feasible"):
            return _without_solution(model, problem, solution, began)
        stages.append(Stage(objective.name, evaluate(terms) + constant, solution))
        form = _to_maximise(objective.sense, terms)
        kept += [(form, _best(form))] if form else []
    _tidy(model, problem, wanted, name, _left(limit, began))
    return _plan(problem, model, wanted, stages, began)


def _named(name: str) -> NamedObjective:
    if name not in OBJECTIVES:
        known = ", ".join(sorted(OBJECTIVES))
        raise UsageError(tr("there is no objective {name}; known are {known}", name=name, known=known))
    return OBJECTIVES[name]


def _left(limit: float | None, began: float) -> float | None:
    return None if limit is None else max(0.5, limit - (time.monotonic() - began))


def _solve(
    model: pyo.ConcreteModel, sense: str, terms: Terms, solver: SolverName, gap: float, limit: float | None
) -> Solution:
    worth = max((abs(c) for c, _ in terms), default=1.0) * (-DEAR if sense == "max" else DEAR)
    priced = terms + [(worth, loss) for loss in model.losses.values()]
    model.del_component("objective")
    model.objective = pyo.Objective(expr=linear(priced), sense=pyo.maximize if sense == "max" else pyo.minimize)
    solution = solve(model, solver=solver, gap=gap, time_limit=limit)
    if solution.status in ("optimal", "feasible"):
        load(model, solution)
    return solution


def evaluate(terms: Terms) -> float:
    """Return the value of a form at the values loaded in the model."""
    return sum(c * (v.value or 0.0) for c, v in terms)


def _keep(model: pyo.ConcreteModel, kept: list[tuple[Terms, float]], slack: float) -> None:
    """Let the next solve worsen each form by no more than `slack` relative.

    A count of binaries is kept whole, or a binary of 1e-9 would open a link a little.
    """
    model.del_component("keeps")
    model.keeps = pyo.ConstraintList()
    for terms, best in kept:
        counts = all(v.is_binary() and c == round(c) for c, v in terms)
        floor = round(best) if counts else best - slack * abs(best)
        model.keeps.add(linear(terms) >= floor)


def _best(terms: Terms) -> float:
    """Return the value of a form; what is a sum of rounding errors is 0, for a bound of 1e-11 would upset scaling."""
    value = evaluate(terms)
    return 0.0 if abs(value) <= KEPT else value


def _hold(model: pyo.ConcreteModel, sense: str, terms: Terms) -> None:
    """Let later solves worsen this form by no more than 1e-9 relative, and only where they must.

    What they lose of it has a price. Without one they would trade it for crumbs: of a large park's use, 1e-9 is a
    flow that can be seen.
    """
    terms = [(c, v) for c, v in _to_maximise(sense, terms) if not v.fixed]
    if terms:
        best, loss, sizes = _best(terms), model.losses.add(), [abs(c) for c, _ in terms]
        least = max(min(sizes), 1e-3 * max(sizes))
        loss.setub(KEPT * max(1.0, abs(best)) / least)
        model.keeps.add(linear([*terms, (least, loss)]) >= best)


def _to_maximise(sense: str, terms: Terms) -> Terms:
    return [(c if sense == "max" else -c, v) for c, v in terms if c != 0.0]


def _tidy(
    model: pyo.ConcreteModel, problem: Problem, wanted: list[NamedObjective], solver: SolverName, limit: float | None
) -> None:
    """With what is built now, solve for the objectives again, to the last digit, and then for what breaks ties."""
    for binary in (model.open, model.built):
        for row in binary:
            binary[row].fix(round(binary[row].value or 0.0))
    _keep(model, [], KEPT)
    forms = [(objective.sense, objective.terms(model, problem)[0]) for objective in wanted]
    for sense, terms in [*forms, *(("min", terms) for terms in _ties(model, problem))]:
        open_to_choice = any(c != 0.0 and not v.fixed for c, v in terms)
        if open_to_choice and _solve(model, sense, terms, solver, 0.0, limit).status == "optimal":
            _hold(model, sense, terms)
    _close_idle(model)


def _close_idle(model: pyo.ConcreteModel) -> None:
    """Close what carries nothing, so that it neither counts nor costs."""
    for binary, amount in ((model.open, model.flow), (model.built, model.activity)):
        for row in binary:
            if (amount[row].value or 0.0) < SMALLEST_FLOW:
                binary[row].set_value(0.0)


def _ties(model: pyo.ConcreteModel, problem: Problem) -> list[Terms]:
    """Return what equal plans differ by, to be minimised: unplaced waste, today's flows given up, capital, haul."""
    unplaced: Terms = [(1.0, model.unplaced[p]) for p in model.unplaced]
    return [unplaced, _given_up(model, problem), capital(model, problem), _haul(model, problem)]


def _given_up(model: pyo.ConcreteModel, problem: Problem) -> Terms:
    """Return −Σ min(flow, today's flow) over existing links, with a variable for each minimum."""
    today = [problem.today.flow.get(link.id, 0.0) for link in problem.arrays.links.links]
    rows = [k for k, flow in enumerate(today) if flow > SMALLEST_FLOW]
    model.kept = pyo.Var(rows, bounds=lambda _, k: (0.0, today[k]))
    model.keeping = pyo.ConstraintList()
    for k in rows:
        model.keeping.add(linear([(1.0, model.kept[k]), (-1.0, model.flow[k])]) <= 0)
    return [(-1.0, model.kept[k]) for k in rows]


def _haul(model: pyo.ConcreteModel, problem: Problem) -> Terms:
    """Return tonne-kilometres, every link one kilometre longer than it is and every new plant one kilometre away.

    So no flow is free, and nothing is built that does nothing.
    """
    links = [(float(d) + 1.0, model.flow[k]) for k, d in enumerate(problem.arrays.links.distance)]
    return links + [(1.0, model.activity[row]) for row in problem.new_lines]


def _without_solution(model: pyo.ConcreteModel, problem: Problem, solution: Solution, began: float) -> Plan:
    causes = {"infeasible": explain_infeasible, "unbounded": explain_unbounded}
    explain = causes.get(solution.status)
    message = "; ".join(explain(model)) if explain else solution.message
    return Plan(
        status=solution.status, solver=solution.solver, seconds=time.monotonic() - began, message=message,
        refusals=problem.refusals,
    )  # fmt: skip


def _plan(
    problem: Problem, model: pyo.ConcreteModel, wanted: list[NamedObjective], stages: list[Stage], began: float
) -> Plan:
    outcome: Outcome = read_outcome(problem, model)
    values = {}
    for objective in wanted:
        terms, constant = objective.terms(model, problem)
        values[objective.name] = evaluate(terms) + constant
    first = stages[0].solution
    proven = all(stage.solution.status == "optimal" for stage in stages)
    _, constant = wanted[0].terms(model, problem)
    return Plan(
        status="optimal" if proven else "feasible",
        solver=first.solver,
        objective=values[wanted[0].name],
        objectives=values,
        units={objective.name: objective.unit for objective in wanted},
        utilisation=outcome.utilisation,
        bound=None if first.bound is None else first.bound + constant,
        gap=first.gap,
        seconds=time.monotonic() - began,
        unplaced=outcome.unplaced,
        capital=outcome.capital,
        message=first.message,
        planned_links=explain_links(problem, outcome),
        planned_lines=outcome.lines,
        refusals=problem.refusals + explain_rejected(problem, outcome),
    )
