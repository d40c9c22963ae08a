"""Rows and columns multiplied by powers of two, so that a solver sees numbers near one and loses no digit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from mfa.optimization.solvers.matrix import Floats, Matrix

Exponents = NDArray[np.int64]

SWEEPS = 10
"""Alternating sweeps over rows and columns; the exponents are rounded, more sweeps would not move them."""

FARTHEST = 1000
"""Largest exponent: beyond it a double overflows."""


@dataclass(frozen=True)
class Scaled:
    """A matrix in scaled numbers: a value is 2**columns × scaled value, a scaled objective 2**cost × objective."""

    matrix: Matrix
    columns: Exponents
    cost: int

    def values(self, scaled: Floats) -> Floats:
        """Return the original values."""
        return np.ldexp(scaled, self.columns)

    def objective(self, scaled: float) -> float:
        """Return the original objective or bound."""
        return float(np.ldexp(scaled, -self.cost))


def scale(matrix: Matrix) -> Scaled:
    """Scale rows, columns and objective so that their logarithms centre on zero; whole numbers stay whole.

    Least squares on the logarithms: A. R. Curtis, J. K. Reid, On the automatic scaling of matrices for Gaussian
    elimination, J. Inst. Maths Applics 10 (1972) 118-124. The right-hand side counts as a column, the objective as a
    row.
    """
    rows, columns = exponents(matrix)
    cost, rows = int(rows[-1]), rows[:-1]
    entries = matrix.entries
    data = np.ldexp(entries.data, rows[entries.indices] + np.repeat(columns, np.diff(entries.indptr)))
    scaled = replace(
        matrix,
        cost=np.ldexp(matrix.cost, columns + cost),
        constant=float(np.ldexp(matrix.constant, cost)),
        entries=csc_array((data, entries.indices, entries.indptr), shape=entries.shape),
        row_lower=np.ldexp(matrix.row_lower, rows),
        row_upper=np.ldexp(matrix.row_upper, rows),
        lower=np.ldexp(matrix.lower, -columns),
        upper=np.ldexp(matrix.upper, -columns),
    )
    return Scaled(scaled, columns, cost)


def exponents(matrix: Matrix) -> tuple[Exponents, Exponents]:
    """Return the exponents of the rows (the objective last) and of the columns."""
    row, column, size = table(matrix)
    height, width = matrix.entries.shape
    row_shift, column_shift = np.zeros(height + 1), np.zeros(width + 1)
    movable = np.append(~matrix.whole, False)
    in_row = np.maximum(np.bincount(row, minlength=height + 1), 1)
    in_column = np.maximum(np.bincount(column, minlength=width + 1), 1)
    for _ in range(SWEEPS):
        row_shift = -np.bincount(row, size + column_shift[column], height + 1) / in_row
        column_shift = -np.bincount(column, size + row_shift[row], width + 1) / in_column * movable
    return whole_exponents(row_shift), whole_exponents(column_shift[:-1])


def table(matrix: Matrix) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return row, column and log2 of the size of each number that is not zero: entries, right-hand sides and costs."""
    entries = matrix.entries.tocoo()
    height, width = entries.shape
    right = np.where(np.isfinite(matrix.row_upper), matrix.row_upper, matrix.row_lower)
    right[~np.isfinite(right)] = 0.0
    row = np.concatenate([entries.row, np.arange(height), np.full(width, height)])
    column = np.concatenate([entries.col, np.full(height, width), np.arange(width)])
    number = np.concatenate([entries.data, right, matrix.cost])
    some = number != 0.0
    return row[some], column[some], np.log2(np.abs(number[some]))


def whole_exponents(shift: Floats) -> Exponents:
    """Return the nearest whole exponents within the range of doubles."""
    return np.clip(np.rint(shift), -FARTHEST, FARTHEST).astype(np.int64)
