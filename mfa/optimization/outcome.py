"""What the solver decided, as arrays and planned lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from mfa.optimization.forms import scaled
from mfa.optimization.money import capital
from mfa.optimization.objectives import waste_utilisation
from mfa.optimization.problem import Problem
from mfa.park.firm import Use
from mfa.park.plan import PlannedLine
from mfa.park.values import DAYS_PER_YEAR, SMALLEST_FLOW
from mfa.step.arrays import Floats, tally

DUST = 1e-7
"""Planned amounts below this many tonnes (or GJ) a day are a solver's rounding."""


@dataclass(frozen=True)
class Outcome:
    """The decisions of a plan, per day: `flow` by link, `use` by substitute, `direct` by input, `activity` by line.

    By pile: `made`, `used`, `inflow`, `outflow`. `utilisation` as in semantics §9, empty where nothing is generated.
    """

    flow: Floats
    use: Floats
    direct: Floats
    activity: Floats
    made: Floats
    used: Floats
    inflow: Floats
    outflow: Floats
    unplaced: float
    capital: float
    utilisation: float | None
    lines: tuple[PlannedLine, ...]


def read_outcome(problem: Problem, model: pyo.ConcreteModel) -> Outcome:
    """Return what is loaded in the model; dust is 0."""
    arrays = problem.arrays
    flow, use, direct = _values(model.flow), _values(model.use), _values(model.direct)
    activity, count = _values(model.activity), len(arrays.piles.keys)
    used = tally(arrays.uses.pile, use, count) + tally(arrays.inputs.pile, direct, count)
    terms, _ = waste_utilisation(model, problem)
    used_waste = sum(c * (v.value or 0.0) for c, v in scaled(1.0 / DAYS_PER_YEAR, terms))
    generated = generated_waste(problem, activity)
    return Outcome(
        flow, use, direct, activity,
        tally(arrays.made.pile, arrays.made.per_activity * activity[arrays.made.line], count), used,
        tally(arrays.links.target, flow, count), tally(arrays.links.source, flow * arrays.links.drawn, count),
        float(sum(model.unplaced[p].value or 0.0 for p in model.unplaced)),
        float(sum(c * (v.value or 0.0) for c, v in capital(model, problem))),
        used_waste / generated if generated > SMALLEST_FLOW else None,
        tuple(_lines(problem, use, direct, activity)),
    )  # fmt: skip


def generated_waste(problem: Problem, activity: Floats) -> float:
    """Return the origin tonnes of counted solid waste that production lines generate, t a day (semantics §9)."""
    made, keys = problem.arrays.made, problem.arrays.piles.keys
    rows = zip(made.line, made.pile, made.per_activity, strict=True)
    return sum(
        float(amount * activity[line]) * problem.origin[keys[pile][1]]
        for line, pile, amount in rows
        if problem.arrays.lines.is_production[line]
    )


def _values(variable: Any) -> Floats:
    values = np.array([variable[row].value or 0.0 for row in variable], dtype=np.float64)
    return np.where(values < DUST, 0.0, values)


def _lines(problem: Problem, use: Floats, direct: Floats, activity: Floats) -> list[PlannedLine]:
    arrays, new = problem.arrays, set(problem.new_lines)
    mixes: list[list[Use]] = [[] for _ in arrays.lines.keys]
    for e, (line, of) in enumerate(zip(arrays.uses.line, arrays.uses.input, strict=True)):
        if use[e] > 0:
            replaced = arrays.inputs.material[of]
            mixes[line].append(Use(material=arrays.uses.material[e], replaces=replaced, amount=float(use[e])))
    for j, (line, name) in enumerate(zip(arrays.inputs.line, arrays.inputs.material, strict=True)):
        if direct[j] > 0:
            mixes[line].append(Use(material=name, replaces=name, amount=float(direct[j])))
    return [
        PlannedLine(firm=firm, line=line, runs=arrays.lines.technology[row].id, activity=float(activity[row]),
                    mix=tuple(mixes[row]), new=row in new)
        for row, (firm, line) in enumerate(arrays.lines.keys)
        if row not in new or activity[row] > 0
    ]  # fmt: skip
