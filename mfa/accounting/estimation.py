"""Weighted least squares under the equations of an account: Gauss-Newton steps with Lagrange multipliers.

Each step solves min Σ((z - measured) / std)² under the linearised equations as one sparse symmetric system; at rest
the equations hold exactly and no starting value is left in any observable quantity. Sources: O. Cencic, Sustainable
Environment Research 26 (2016) 291-298; S. Narasimhan and C. Jordache, Data Reconciliation and Gross Error Detection
(2000), ch. 3, 5 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from mfa.accounting.elimination import Structure, classify, largest
from mfa.accounting.equations import Indices, System, Vector

MOST_STEPS = 200
ASTRAY = 1e60
"""A search that comes to values beyond this will not come back."""
SETTLED = 1e-12
"""A relative step below which the search rests."""
STALLED = 1e-8
"""A relative step below which a search that comes no nearer rests as well: the rest is rounding."""
SMALL = 1e-6
"""Quantities below this share of the largest of their kind are judged by that size."""
HOLDS = 1e-9
"""A residual below this share of the terms of an equation is none."""


@dataclass(frozen=True)
class Estimate:
    """Values that satisfy the equations, with the factorised step that led there.

    `z` is NaN nowhere: unobservable quantities hold what they started from. `multipliers` belong to the equations,
    0 for dependent ones.
    """

    system: System
    z: Vector
    step: Step
    multipliers: Vector
    is_settled: bool

    @property
    def structure(self) -> Structure:
        """What the linearised equations say about which quantity."""
        return self.step.structure

    @property
    def adjustments(self) -> Vector:
        """The adjustments of the adjustable quantities, in standard deviations."""
        x = self.system.adjustable
        return np.asarray((self.z[x] - self.system.measured[x]) / self.system.std[x])

    @property
    def broken(self) -> Indices:
        """The equations that do not hold, the most broken first."""
        system = self.system
        known = np.where(np.isnan(system.measured), self.z, system.measured)
        largest = np.maximum(system.largest_of_kind(self.z), system.known)
        size = np.maximum(system.size(self.z), system.size(known))
        least = np.maximum(SMALL * system.size(largest), np.finfo(float).tiny)
        share = np.abs(system.residual(self.z)) / np.maximum(size, least)
        found = np.flatnonzero(share > HOLDS)
        return np.asarray(found[np.argsort(-share[found], kind="stable")])


@dataclass(frozen=True)
class Step:
    """One linearised problem: unknowns are adjustments in std, changes of basic quantities in `scale`, multipliers."""

    system: System
    structure: Structure
    weighted: sparse.csr_array
    scale: Vector
    row_scale: Vector

    @cached_property
    def factors(self) -> Any:
        """The factorised system [[I, Aᵀ], [A, 0]], with nothing in I for basic quantities."""
        x, rows = self.system.adjustable.size, self.weighted.shape[0]
        identity = sparse.diags_array(np.concatenate([np.ones(x), np.zeros(self.structure.basic.size)]))
        corner = sparse.csr_array((rows, rows))
        matrix = sparse.block_array([[identity, self.weighted.T], [self.weighted, corner]])
        return splu(sparse.csc_matrix(matrix), permc_spec="MMD_AT_PLUS_A")

    @property
    def unknowns(self) -> int:
        """The number of adjustable and basic quantities."""
        return int(self.weighted.shape[1])

    def solve(self, misfit: Vector) -> tuple[Vector, Vector]:
        """Return adjustments with changes, and multipliers, where each equation is missed by `misfit`."""
        if not self.weighted.shape[0]:
            return np.zeros((self.unknowns, *misfit.shape[1:])), np.zeros(misfit.shape)
        scaled = (misfit.T * self.row_scale).T[self.structure.independent]
        load = np.concatenate([np.zeros((self.unknowns, *misfit.shape[1:])), -scaled])
        answer = self.factors.solve(load)
        multipliers = np.zeros(misfit.shape)
        rows = self.structure.independent
        multipliers[rows] = (answer[self.unknowns :].T * self.row_scale[rows]).T
        return answer[: self.unknowns], multipliers


def step_at(system: System, z: Vector) -> Step:
    """Return the linearised problem at z."""
    jacobian = system.jacobian(z)
    structure = classify(jacobian, system.unmeasured, system.adjustable)
    x, basic, rows = system.adjustable, structure.basic, structure.independent
    scale = _scales(system, z)[basic]
    columns = np.concatenate([x, basic])
    weighted = sparse.csc_array(jacobian)[:, columns] @ sparse.diags_array(np.concatenate([system.std[x], scale]))
    row_scale = 1.0 / _or_one(largest(weighted, 1))
    weighted = sparse.csr_array(sparse.diags_array(row_scale) @ weighted)[rows]
    return Step(system, structure, weighted, scale, row_scale)


def _scales(system: System, z: Vector) -> Vector:
    """Return for each quantity a step, a power of two, as far from its kind's size as measured ones are uncertain."""
    size, x = system.largest_of_kind(z), system.adjustable
    shares = system.std[x] / _or_one(size[x])
    return np.asarray(np.exp2(np.round(np.log2(_or_one(size) * (np.median(shares) if x.size else 1.0)))))


def _or_one(sizes: Vector) -> Vector:
    return np.where(sizes > 0, sizes, 1.0)


def estimate(system: System, start: Vector) -> Estimate:
    """Return the weighted least squares estimate.

    Args:
        system: the equations and what was measured.
        start: where unmeasured quantities start; others start at their measured values.
    """
    z = np.where(np.isnan(system.measured), start, system.measured)
    step = step_at(system, z)
    multipliers = np.zeros(len(system.equations))
    last = np.inf
    for _ in range(MOST_STEPS):
        try:
            moved, multipliers = _advance(step, z)
        except RuntimeError:  # SuperLU met an exactly singular step: the search has gone astray
            break
        change = _relative(system, moved - z, moved)
        z = moved
        if change <= SETTLED or last / 2 < change <= STALLED:
            return Estimate(system, z, step, multipliers, True)
        last = change
        if not np.isfinite(change) or np.abs(z).max(initial=0.0) > ASTRAY:
            break
        if not system.is_linear:
            step = step_at(system, z)
    return Estimate(system, z, step, multipliers, False)


def _relative(system: System, change: Vector, z: Vector) -> float:
    """Return the largest change, each relative to its quantity or to a small share of the largest one of its kind.

    The largest measured one counts, too: where all that is left of a layer is rounding, that has no size of its own.
    """
    largest = np.maximum(system.largest_of_kind(z), system.known)
    least = np.maximum(SMALL * largest, np.sqrt(np.finfo(float).tiny))
    size = np.maximum(np.abs(z), least)
    return float(np.divide(np.abs(change), size, out=np.zeros_like(z), where=change != 0).max(initial=0.0))


def _advance(step: Step, z: Vector) -> tuple[Vector, Vector]:
    """Return the next values and the multipliers, in the units of the equations."""
    system, x, basic = step.system, step.system.adjustable, step.structure.basic
    back = np.zeros_like(z)
    back[x] = system.measured[x] - z[x]
    misfit = system.residual(z) + system.jacobian(z) @ back
    answer, multipliers = step.solve(misfit)
    moved = z.copy()
    moved[x] = system.measured[x] + system.std[x] * answer[: x.size]
    moved[basic] = z[basic] + step.scale * answer[x.size :]
    return moved, multipliers
