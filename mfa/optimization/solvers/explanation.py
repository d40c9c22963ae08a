"""Why a model has no plan, or no best one, in the names of its constraints and variables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from mfa.optimization.solvers.adapter import SOLVERS, Ask, Question, first_of, prepare
from mfa.optimization.solvers.answer import Limits
from mfa.optimization.solvers.matrix import Floats, Matrix

POSITIVE = 1e-7
"""A slack or a direction above this, in scaled numbers, is not zero."""

PATIENCE = 10.0
"""Seconds that one question of an explanation may take."""


def explain_infeasible(model: pyo.ConcreteModel) -> list[str]:
    """Return the names of constraints that cannot hold together, none of which could be left out.

    Elastic filter, then deletion filter: J. W. Chinneck, Feasibility and Infeasibility in Optimization, Springer 2008,
    chapters 6.2 and 6.3. Bounds of variables and whole numbers count as given. A variable whose bounds cross, or a
    constraint without variables that does not hold, is named alone.

    Args:
        model: a model that has no plan.

    Returns:
        Names of components in the order of the model; empty where the model has a plan, or none of the questions
        could be answered in time.
    """
    question = prepare(model)
    if question.compiled.contradictions:
        return list(question.compiled.contradictions[:1])
    matrix = question.scaled.matrix.without_cost()
    ask = quickest()
    if is_infeasible(ask, matrix.relaxed()):
        matrix = matrix.relaxed()
    suspects = elastic_filter(ask, matrix)
    return names(question, deletion_filter(ask, matrix, suspects))


def quickest() -> Ask:
    """Return the solver that answers many small questions fastest: HiGHS starts no process."""
    ask: Ask = SOLVERS[first_of(("highs", "glpk"))].ask
    return ask


def names(question: Question, rows: Iterable[int]) -> list[str]:
    """Return the names of the constraints behind the rows, each once, in their order."""
    return list(dict.fromkeys(question.compiled.rows[row].name for row in sorted(rows)))


def is_infeasible(ask: Ask, matrix: Matrix) -> bool:
    """Whether it is proven that the matrix has no plan."""
    return ask(matrix, Limits(seconds=PATIENCE)).status == "infeasible"


def elastic_filter(ask: Ask, matrix: Matrix) -> list[int]:
    """Return rows that contain a conflict: stretch all rows as little as possible, forbid what stretched, repeat."""
    rigid: list[int] = []
    while len(rigid) < matrix.entries.shape[0]:
        stretched = elastic(matrix, rigid)
        answer = ask(stretched, Limits(gap=POSITIVE, seconds=PATIENCE))
        if answer.values is None:
            return rigid
        slack = answer.values[matrix.entries.shape[1] :].reshape(2, -1).sum(axis=0)
        found = [int(row) for row in np.flatnonzero(slack > POSITIVE) if int(row) not in rigid]
        if not found:
            return []
        rigid += found
    return rigid


def elastic(matrix: Matrix, rigid: Sequence[int]) -> Matrix:
    """Return the matrix whose rows, but for the rigid ones, may be missed at a cost of one a unit."""
    height, width = matrix.entries.shape
    room = np.full(height, np.inf)
    room[list(rigid)] = 0.0
    slack = eye_array(height, format="csc")
    return replace(
        matrix,
        cost=np.concatenate([np.zeros(width), np.ones(2 * height)]),
        entries=csc_array(hstack([matrix.entries, slack, -slack])),
        lower=np.concatenate([matrix.lower, np.zeros(2 * height)]),
        upper=np.concatenate([matrix.upper, room, room]),
        whole=np.concatenate([matrix.whole, np.zeros(2 * height, dtype=bool)]),
    )


def deletion_filter(ask: Ask, matrix: Matrix, suspects: Sequence[int]) -> list[int]:
    """Return suspects that conflict and would not without any one of them."""
    kept = sorted(suspects)
    for row in list(kept):
        rest = [other for other in kept if other != row]
        if is_infeasible(ask, only(matrix, rest)):
            kept = rest
    return kept


def only(matrix: Matrix, rows: Sequence[int]) -> Matrix:
    """Return the matrix with no limit on any other row."""
    free = np.ones(matrix.entries.shape[0], dtype=bool)
    free[list(rows)] = False
    return replace(
        matrix,
        row_lower=np.where(free, -np.inf, matrix.row_lower),
        row_upper=np.where(free, np.inf, matrix.row_upper),
    )


def explain_unbounded(model: pyo.ConcreteModel) -> list[str]:
    """Return the names of variables that can grow or fall together without end while the objective improves.

    A direction d with A·d inside the open sides of the rows, d inside the open sides of the bounds and cost·d = -1, of
    least length Σ|d|, so that it moves few variables.

    Args:
        model: a model that nothing bounds.

    Returns:
        Names of variables in the order of the model; empty where every direction is bounded.
    """
    question = prepare(model)
    matrix = question.scaled.matrix.relaxed()
    if not matrix.cost.any():
        return []
    answer = quickest()(rays(matrix), Limits(seconds=PATIENCE))
    if answer.values is None:
        return []
    up, down = answer.values.reshape(2, -1)
    return [str(question.compiled.columns[column].name) for column in np.flatnonzero(up + down > POSITIVE)]


def rays(matrix: Matrix) -> Matrix:
    """Return the model whose plans are the improving directions, split into up and down."""
    width = len(matrix.cost)
    upward = vstack([matrix.entries, csr_array(matrix.cost[np.newaxis, :])])
    return Matrix(
        cost=np.ones(2 * width),
        constant=0.0,
        entries=csc_array(hstack([upward, -upward])),
        row_lower=np.append(cone(matrix.row_lower), -1.0),
        row_upper=np.append(cone(matrix.row_upper), -1.0),
        lower=np.zeros(2 * width),
        upper=np.concatenate([cone(matrix.upper), -cone(matrix.lower)]),
        whole=np.zeros(2 * width, dtype=bool),
    )


def cone(limits: Floats) -> Floats:
    """Return zero for a limit and the infinity for none: what limits leave of a direction."""
    return np.where(np.isfinite(limits), 0.0, limits)
