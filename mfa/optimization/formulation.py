"""The mixed-integer program of semantics §7: decisions and how they are counted, in rates per day."""

from __future__ import annotations

import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from mfa.optimization.forms import CONSTRAINTS, Sums
from mfa.optimization.problem import Problem


def formulate(problem: Problem) -> pyo.ConcreteModel:
    """Return the Pyomo model of a problem, without an objective.

    Decisions, by row of the arrays: `flow` by link (delivered), `use` by substitute, `direct` by input, `activity` by
    line, `dispose` by outlet, `unplaced` by waste pile; binary `open` by new link where opening costs or counts,
    `built` by offered plant where building costs. All per day, dry t or GJ.
    """
    with PauseGC():  # thousands of small objects, none of them garbage
        return _build(problem)


def _build(problem: Problem) -> pyo.ConcreteModel:
    model = pyo.ConcreteModel()
    arrays = problem.arrays
    bound = problem.flow_bound
    model.flow = pyo.Var(range(len(bound)), bounds=lambda _, k: (0.0, float(bound[k])))
    model.use = pyo.Var(range(len(arrays.uses.pile)), bounds=(0.0, None))
    model.direct = pyo.Var(range(len(arrays.inputs.pile)), bounds=(0.0, None))
    low, high = problem.lowest, problem.highest
    model.activity = pyo.Var(range(len(low)), bounds=lambda _, i: (float(low[i]), float(high[i])))
    model.dispose = pyo.Var(range(len(problem.outlets)), bounds=(0.0, None))
    model.unplaced = pyo.Var(problem.waste_piles, bounds=(0.0, None))
    model.open = pyo.Var(_switched_links(problem), domain=pyo.Binary)
    model.built = pyo.Var(_switched_lines(problem), domain=pyo.Binary)
    model.sums = Sums(model, problem)
    for add in CONSTRAINTS.values():
        add(model, problem)
    return model


def _switched_links(problem: Problem) -> list[int]:
    """New links that need a binary: opening costs, counts, or obliges to a least flow."""
    wanted = problem.scenario.optimize
    counted = wanted.subject_to.links is not None or wanted.subject_to.links_per_firm is not None
    counted = counted or "fewest_links" in wanted.objectives
    links = problem.arrays.links.links
    return [k for k in problem.new_links if counted or links[k].set_up > 0 or links[k].at_least > 0]


def _switched_lines(problem: Problem) -> list[int]:
    return [row for row in problem.new_lines if problem.arrays.lines.technology[row].set_up > 0]
