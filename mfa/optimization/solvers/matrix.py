"""A linear model as arrays: what a solver is given."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Matrix:
    """Minimise `cost @ x + constant` where `row_lower <= entries @ x <= row_upper` and `lower <= x <= upper`.

    `entries` has one row a constraint and one column a variable; a missing bound is an infinity; the columns marked in
    `whole` take whole numbers only.
    """

    cost: Floats
    constant: float
    entries: csc_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    whole: Flags

    @property
    def rows(self) -> csr_array:
        """The entries, row by row."""
        return self.entries.tocsr()

    def objective(self, values: Floats) -> float:
        """Return the objective at `values`."""
        return float(self.cost @ values) + self.constant

    def without_cost(self) -> Matrix:
        """Return the same question without an objective: is there any plan at all?"""
        return replace(self, cost=np.zeros_like(self.cost), constant=0.0)

    def with_whole_fixed(self, values: Floats) -> Matrix:
        """Return the linear program that is left when the whole numbers are fixed at `values`, rounded."""
        rounded = np.round(values)
        return replace(
            self,
            lower=np.where(self.whole, rounded, self.lower),
            upper=np.where(self.whole, rounded, self.upper),
            whole=np.zeros_like(self.whole),
        )

    def relaxed(self) -> Matrix:
        """Return the same model with fractions allowed everywhere."""
        return replace(self, whole=np.zeros_like(self.whole))


def nearest_to_zero(lower: Floats, upper: Floats) -> Floats:
    """Return the values of least magnitude within the bounds."""
    return np.asarray(np.clip(0.0, lower, upper), dtype=np.float64)
