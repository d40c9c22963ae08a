"""How far reconciled quantities may be off: covariance of the result by Gaussian propagation.

With the equations linearised at the result, unmeasured quantities eliminated (Crowe's projection) and measurements in
standard deviations, R δ = q are the equations that check. The adjustments have the covariance Q = Rᵀ (R Rᵀ)⁻¹ R, the
reconciled measurements H = I - Q. Source: Narasimhan and Jordache (2000), ch. 3 and 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import splu

from mfa.accounting.equations import Indices, Vector
from mfa.accounting.estimation import Estimate

FEW = 5e8
"""Up to this product of measurements and squared checks, an orthonormal basis is affordable, and more accurate."""
BATCH = 256
"""Quantities whose response is worked out at once."""
NOTHING = 1e-14
"""Entries below this share of the largest are rounding."""


@dataclass(frozen=True)
class Spread:
    """Covariances of an estimate; `hidden` are the quantities that the data do not determine."""

    found: Estimate
    hidden: Indices

    @property
    def count(self) -> int:
        """The number of adjustable quantities."""
        return int(self.found.system.adjustable.size)

    @cached_property
    def _blocks(self) -> tuple[sparse.csr_array, sparse.csr_array]:
        """The scaled equations: by the adjustable quantities, and by the basic ones, of all rows."""
        system, structure = self.found.system, self.found.structure
        jacobian = sparse.csc_array(system.jacobian(self.found.z))
        x = system.adjustable
        by_measured = sparse.csr_array(jacobian[:, x] @ sparse.diags_array(system.std[x]))
        by_basic = sparse.csr_array(jacobian[:, structure.basic] @ sparse.diags_array(self.found.step.scale))
        return by_measured, by_basic

    @cached_property
    def _solver(self) -> Any:
        """The factorised rows that solve for the basic quantities."""
        return splu(sparse.csc_matrix(self._blocks[1][self.found.structure.solving]))

    @cached_property
    def checks(self) -> sparse.csr_array:
        """R: the rows that check the measurements, each scaled to length 1."""
        structure, (by_measured, by_basic) = self.found.structure, self._blocks
        rows = by_measured[structure.checking]
        if structure.basic.size and structure.checking.size:
            coupled = sparse.csr_array(by_basic[structure.checking])
            parts = [self._without_basic(coupled[start : start + BATCH]) for start in range(0, coupled.shape[0], BATCH)]
            rows = sparse.csr_array(rows - sparse.vstack(parts))
        length = np.sqrt(np.asarray((rows * rows).sum(axis=1)).ravel())
        return sparse.csr_array(sparse.diags_array(1 / np.where(length > 0, length, 1.0)) @ rows)

    def _without_basic(self, coupled: sparse.csr_array) -> sparse.csr_array:
        """Return what some rows say about the measurements by way of the basic quantities."""
        weights = self._solver.solve(coupled.toarray().T, trans="T").T
        weights[np.abs(weights) < NOTHING * np.abs(weights).max(initial=0.0)] = 0.0
        return sparse.csr_array(sparse.csr_array(weights) @ self._blocks[0][self.found.structure.solving])

    @cached_property
    def _basis(self) -> Vector | None:
        """An orthonormal basis of what the checks see, a column each; None where there are too many."""
        rows, columns = self.checks.shape
        if columns * rows**2 > FEW:
            return None
        return np.asarray(linalg.qr(self.checks.toarray().T, mode="economic", check_finite=False)[0])

    @cached_property
    def _inverse(self) -> Vector:
        """(R Rᵀ)⁻¹."""
        normal = linalg.cho_factor((self.checks @ self.checks.T).toarray(), lower=True, check_finite=False)
        inverse, _ = linalg.lapack.dpotri(normal[0], lower=True)
        return np.asarray(np.tril(inverse) + np.tril(inverse, -1).T)

    def adjusted(self, directions: Vector) -> Vector:
        """Return Q @ directions: the part of each direction that reconciliation takes away."""
        if not self.checks.shape[0]:
            return np.zeros_like(directions)
        if self._basis is not None:
            return np.asarray(self._basis @ (self._basis.T @ directions))
        return np.asarray(self.checks.T @ (self._inverse @ (self.checks @ directions)))

    @cached_property
    def adjustment_variance(self) -> Vector:
        """The diagonal of Q: variances of the adjustments, in squared standard deviations of the measurements."""
        if not self.checks.shape[0]:
            return np.zeros(self.count)
        if self._basis is not None:
            return np.asarray((self._basis**2).sum(axis=1))
        at = sparse.coo_array(self.checks)
        products = at.data * (self._inverse @ self.checks)[at.coords]
        return np.bincount(at.coords[1], products, minlength=self.count).astype(np.float64)

    @cached_property
    def measured_variance(self) -> Vector:
        """The diagonal of H: variances of the reconciled measurements, in the same units."""
        if self._basis is None:
            return np.clip(1.0 - self.adjustment_variance, 0.0, None)
        kept = np.eye(self.count) - self.adjusted(np.eye(self.count))
        return np.asarray((kept**2).sum(axis=0))  # H = H², without the cancellation of 1 - Q

    def _basic_responses(self) -> Iterator[tuple[slice, Vector]]:
        """Yield, in batches, how basic quantities (columns) move with each measurement (rows), after reconciliation."""
        structure, by_measured = self.found.structure, self._blocks[0]
        size = structure.basic.size
        for start in range(0, size, BATCH):
            batch = slice(start, min(start + BATCH, size))
            load = np.zeros((size, batch.stop - start))
            load[np.arange(start, batch.stop), np.arange(batch.stop - start)] = self.found.step.scale[batch]
            moves = -(by_measured[structure.solving].T @ self._solver.solve(load, trans="T"))
            yield batch, moves - self.adjusted(moves)

    @cached_property
    def basic_variance(self) -> Vector:
        """Variances of the basic quantities, in their own units squared."""
        variance = np.zeros(self.found.structure.basic.size)
        for batch, moves in self._basic_responses():
            variance[batch] = (moves**2).sum(axis=0)
        return variance

    def covariance(self) -> Vector:
        """Return the covariance of all quantities in their own units: 0 for exact, NaN for unobservable ones."""
        system, basic = self.found.system, self.found.structure.basic
        x, whole = system.adjustable, np.eye(self.count)
        kept = (whole - self.adjusted(whole)) * system.std[x]
        moves = np.zeros((self.count, basic.size))
        for batch, part in self._basic_responses():
            moves[:, batch] = part
        covariance = np.zeros((len(system.names), len(system.names)))
        # H = H², exact to the last digit by the product, quick without it; H leaves the moves as they are.
        covariance[np.ix_(x, x)] = kept.T @ kept if self._basis is not None else system.std[x][:, None] * kept
        covariance[np.ix_(x, basic)] = system.std[x][:, None] * moves
        covariance[np.ix_(basic, x)] = covariance[np.ix_(x, basic)].T
        covariance[np.ix_(basic, basic)] = moves.T @ moves
        covariance[self.hidden, :] = covariance[:, self.hidden] = np.nan
        return covariance

    def std(self) -> Vector:
        """Return the standard deviations of all quantities: 0 for exact, NaN for unobservable ones."""
        system, structure = self.found.system, self.found.structure
        std = np.zeros(len(system.names))
        std[system.adjustable] = np.sqrt(self.measured_variance) * system.std[system.adjustable]
        std[structure.basic] = np.sqrt(self.basic_variance)
        std[self.hidden] = np.nan
        return std


def positions(all_of: Indices, some: Indices) -> Indices:
    """Return where sorted indices stand in a sorted list of indices that holds them."""
    return np.searchsorted(all_of, some)
