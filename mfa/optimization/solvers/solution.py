"""What a solve gave, in the words of the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyomo.environ as pyo

from mfa.errors import InfeasibleError, SolverError, UsageError
from mfa.language import tr
from mfa.optimization.solvers.answer import Status
from mfa.optimization.solvers.matrix import Floats


@dataclass(frozen=True)
class Solution:
    """What a solve gave.

    `objective` and `bound` are in the model's own unit and sense: no plan is better than `bound`. `gap` is their
    distance relative to the larger of the two. Where there is no plan, `objective`, `gap` and `values` are missing.
    """

    status: Status
    objective: float | None
    bound: float | None
    gap: float | None
    solver: str
    version: str
    seconds: float
    message: str
    variables: tuple[Any, ...] = field(default=(), repr=False)
    values: Floats | None = field(default=None, repr=False)

    @property
    def has_plan(self) -> bool:
        """Whether there are values to load."""
        return self.values is not None


def relative_gap(objective: float, bound: float) -> float:
    """Return |objective - bound| ÷ max(|objective|, |bound|): 0 where they meet, at most 1 where their signs agree."""
    return 0.0 if objective == bound else min(abs(objective - bound) / max(abs(objective), abs(bound)), float("inf"))


def load(model: pyo.ConcreteModel, solution: Solution) -> None:
    """Set every free variable of `model` to its value in `solution`.

    Raises:
        InfeasibleError: there is no plan, or none is best.
        SolverError: the solver found none.
        UsageError: the solution is of another model.
    """
    if solution.values is None:
        wrong = InfeasibleError if solution.status in ("infeasible", "unbounded") else SolverError
        raise wrong(solution.message)
    if solution.variables and solution.variables[0].model() is not model:
        raise UsageError(tr("the solution belongs to another model"))
    for variable, value in zip(solution.variables, solution.values.tolist(), strict=True):
        variable.set_value(value, skip_validation=True)
