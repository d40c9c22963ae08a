"""Whole numbers that a solver left a little off: branched on until they are whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mfa.errors import InvariantError
from mfa.optimization.solvers.answer import Answer
from mfa.optimization.solvers.matrix import Flags, Floats, Matrix

WHOLE = 1e-9
"""A number this near a whole one is taken for it."""


def make_whole(
    matrix: Matrix, answer: Answer, ask: Callable[[Matrix], Answer], fix: Callable[[Matrix, Answer], Answer]
) -> Answer:
    """Return an answer whose whole numbers are whole.

    Solvers take 1e-5 or 1e-7 for a whole number, and behind a large bound that much opens a link a little. Where the
    plan does not hold with the numbers rounded, the one that is furthest off is fixed below and above instead.

    Args:
        matrix: what to minimise.
        answer: what the solver said of it, with values.
        ask: asks the solver about another matrix.
        fix: rounds the whole numbers of an answer and solves the rest again, or raises InvariantError.

    Raises:
        InvariantError: the plan does not hold with whole numbers, and there is nothing to branch on.
    """
    try:
        return fix(matrix, answer)
    except InvariantError:
        column = furthest_off(matrix, answer.values)
        if column is None:
            raise
        sides = [(part, ask(part)) for part in split(matrix, answer.values, column)]
        sides = [(part, side) for part, side in sides if side.status != "infeasible"]
        if not sides or any(side.values is None for _, side in sides):
            raise
    whole = [make_whole(part, side, ask, fix) for part, side in sides]
    best = min(whole, key=lambda side: cost_of(matrix, side))
    proven = all(side.status == "optimal" for side in whole)
    return replace(best, status="optimal" if proven else "feasible", bound=min(side.bound for side in whole))


def cost_of(matrix: Matrix, answer: Answer) -> float:
    """Return the objective of an answer."""
    return np.inf if answer.values is None else matrix.objective(answer.values)


def furthest_off(matrix: Matrix, values: Floats | None) -> int | None:
    """Return the column of the free number that is least whole, or that rounding makes break a row; else nothing."""
    if values is None:
        return None
    free = matrix.whole & (matrix.lower < matrix.upper)
    off = np.abs(values - np.round(values)) * free
    if off.max(initial=0.0) > WHOLE:
        return int(np.argmax(off))
    return in_broken_row(matrix, np.where(matrix.whole, np.round(values), values), free)


def in_broken_row(matrix: Matrix, values: Floats, free: Flags) -> int | None:
    """Return the free whole number that weighs most in the row that `values` break most; some solvers round them."""
    rows = matrix.rows
    activity = rows @ values
    broken = np.maximum(np.maximum(matrix.row_lower - activity, activity - matrix.row_upper), 0.0)
    for row in np.argsort(-broken, kind="stable"):
        if broken[row] <= WHOLE:
            return None
        weights = np.abs(rows[[row]].toarray()[0]) * free
        if weights.max(initial=0.0) > 0.0:
            return int(np.argmax(weights))
    return None


def split(matrix: Matrix, values: Floats | None, column: int) -> list[Matrix]:
    """Return the matrix with one number at most the whole one below it, and with it at least the one above."""
    assert values is not None
    below = float(np.floor(values[column]))
    upper, lower = matrix.upper.copy(), matrix.lower.copy()
    upper[column], lower[column] = below, below + 1.0
    return [replace(matrix, upper=upper), replace(matrix, lower=lower)]
