"""Whether a plan really keeps the model, judged on the original numbers and not on what a solver believed."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from mfa.errors import InvariantError
from mfa.language import tr
from mfa.optimization.solvers.compiled import Compiled
from mfa.optimization.solvers.matrix import Floats, Matrix

TOLERANCE = 1e-6
"""Relative to the largest term of the row, to the bound, or to one."""


def check_residual(compiled: Compiled, values: Floats) -> None:
    """Raise InvariantError naming the worst row or variable that `values` break.

    Args:
        compiled: the model as it was given, not scaled.
        values: one a column, in the model's own units.
    """
    matrix = compiled.matrix
    for components, excess in (
        (compiled.rows, row_excess(matrix, values)),
        (compiled.columns, bound_excess(matrix, values)),
        (compiled.columns, fraction_excess(matrix, values)),
    ):
        if excess.size and not excess.max() <= TOLERANCE:
            worst = int(np.argmax(np.where(np.isnan(excess), np.inf, excess)))
            raise InvariantError(
                tr(
                    "the solver's plan breaks {name} by {excess:.2g} of its size: the plan is refused",
                    name=components[worst].name,
                    excess=excess[worst],
                )
            )


def row_excess(matrix: Matrix, values: Floats) -> Floats:
    """Return by how much each row is broken, relative to its size.

    A row is first divided by its largest coefficient, so that a row written in small numbers is judged as strictly as
    the same row written in large ones; its size is its largest term or limit then, at least one.
    """
    rows = matrix.rows
    terms = abs(rows.multiply(values[np.newaxis, :])).tocsr()
    unit = largest(abs(rows))
    unit[unit == 0.0] = 1.0
    activity = rows @ values
    broken = np.maximum(np.maximum(matrix.row_lower - activity, activity - matrix.row_upper), 0.0)
    limit = np.abs(np.where(np.isfinite(matrix.row_upper), matrix.row_upper, matrix.row_lower))
    limit[~np.isfinite(limit)] = 0.0
    return np.asarray(broken / np.maximum(unit, np.maximum(largest(terms), limit)), dtype=np.float64)


def largest(rows: csr_array) -> Floats:
    """Return the largest number of each sparse row of numbers that are not negative."""
    if 0 in rows.shape:
        return np.zeros(rows.shape[0])
    return np.asarray(rows.max(axis=1).toarray(), dtype=np.float64).ravel()


def bound_excess(matrix: Matrix, values: Floats) -> Floats:
    """Return by how much each value leaves its bounds, relative to the bound or to one."""
    bound = np.where(values < matrix.lower, matrix.lower, np.where(values > matrix.upper, matrix.upper, values))
    return np.abs(values - bound) / np.maximum(1.0, np.abs(bound))


def fraction_excess(matrix: Matrix, values: Floats) -> Floats:
    """Return how far each value that must be whole is from a whole number."""
    return np.where(matrix.whole, np.abs(values - np.round(values)), 0.0)
