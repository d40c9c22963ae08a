"""Linear forms over the decisions of a plan, and the registers that extensions join."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from mfa.errors import UsageError
from mfa.language import tr
from mfa.optimization.problem import Problem

Terms = list[tuple[float, Any]]
"""Coefficients and Pyomo variables."""


def linear(terms: Iterable[tuple[float, Any]], constant: float = 0.0) -> Any:
    """Return Σ coefficient · variable + constant as one Pyomo expression, terms with coefficient 0 left out."""
    kept = [(float(c), v) for c, v in terms if c != 0.0]
    return LinearExpression(constant=constant, linear_coefs=[c for c, _ in kept], linear_vars=[v for _, v in kept])


Constraint = Callable[[pyo.ConcreteModel, Problem], None]
Objective = Callable[[pyo.ConcreteModel, Problem], tuple[Terms, float]]


@dataclass(frozen=True)
class NamedObjective:
    """An objective: its terms per year, its unit and whether more is better."""

    name: str
    unit: str
    sense: Literal["max", "min"]
    terms: Objective


CONSTRAINTS: dict[str, Constraint] = {}
OBJECTIVES: dict[str, NamedObjective] = {}


def constraint(name: str) -> Callable[[Constraint], Constraint]:
    """Register a constraint of the optimiser: a function that adds Pyomo constraints to the model.

    Args:
        name: found by this name, shown by `mfa list`.

    Raises:
        UsageError: the name is taken.
    """

    def register(function: Constraint) -> Constraint:
        if name in CONSTRAINTS:
            raise UsageError(tr("a constraint named {name} exists already", name=name))
        CONSTRAINTS[name] = function
        return function

    return register


def objective(name: str, unit: str, sense: Literal["max", "min"]) -> Callable[[Objective], Objective]:
    """Register an objective: a function that returns its terms and a constant, per year.

    Args:
        name: found by this name in `optimize.objectives`.
        unit: unit of the value.
        sense: whether more (`max`) or less (`min`) is better.

    Raises:
        UsageError: the name is taken.
    """

    def register(function: Objective) -> Objective:
        if name in OBJECTIVES:
            raise UsageError(tr("an objective named {name} exists already", name=name))
        OBJECTIVES[name] = NamedObjective(name, unit, sense, function)
        return function

    return register


class Sums:
    """Sums that several constraints and objectives share, as lists of terms by row."""

    def __init__(self, model: pyo.ConcreteModel, problem: Problem) -> None:
        arrays = problem.arrays
        count = len(arrays.piles.keys)
        self.inflow: list[Terms] = [[] for _ in range(count)]
        self.outflow: list[Terms] = [[] for _ in range(count)]
        self.used: list[Terms] = [[] for _ in range(count)]
        self.made: list[Terms] = [[] for _ in range(count)]
        self.covered: list[Terms] = [[] for _ in arrays.inputs.material]
        for k, (source, target) in enumerate(zip(arrays.links.source, arrays.links.target, strict=True)):
            self.outflow[source].append((float(arrays.links.drawn[k]), model.flow[k]))
            self.inflow[target].append((1.0, model.flow[k]))
        for e, (pile, row) in enumerate(zip(arrays.uses.pile, arrays.uses.input, strict=True)):
            self.used[pile].append((1.0, model.use[e]))
            self.covered[row].append((float(arrays.uses.ratio[e]), model.use[e]))
        for j, pile in enumerate(arrays.inputs.pile):
            self.used[pile].append((1.0, model.direct[j]))
        for line, pile, amount in zip(arrays.made.line, arrays.made.pile, arrays.made.per_activity, strict=True):
            self.made[pile].append((float(amount), model.activity[line]))


def minus(terms: Terms) -> Terms:
    """Return the terms with their signs turned."""
    return [(-c, v) for c, v in terms]


def scaled(factor: float, terms: Terms) -> Terms:
    """Return the terms times a factor."""
    return [(factor * c, v) for c, v in terms]
