"""Statistical tests for gross errors: global, nodal, measurement test, and elimination in series.

Sources: S. Narasimhan and C. Jordache, Data Reconciliation and Gross Error Detection (2000), ch. 7 and 8; the level of
single tests after Z. Šidák, Journal of the American Statistical Association 62 (1967) 626-633.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.special import gammaincc, gammainccinv, ndtr, ndtri

from mfa.accounting.equations import Equation, Indices, System, Vector
from mfa.accounting.estimation import Estimate
from mfa.accounting.spread import Spread, positions

LEVEL = 0.05
"""Probability of at least one false alarm in a family of tests."""
UNTESTABLE = 1e-9
"""Below this share of a measurement's variance an adjustment is rounding."""
ALIKE = 1e-9
"""Adjustments are indistinguishable where their correlation differs from 1 by less."""
MOST_SUSPECTS = 20
"""So many measurements are taken out in series at most."""


@dataclass(frozen=True)
class Test:
    """One test: its statistic, the value that it must not exceed, and the probability of a larger one by chance."""

    test: str
    of: str
    statistic: float
    critical: float
    p_value: float

    @property
    def rejects(self) -> bool:
        """Whether the statistic exceeds the critical value."""
        return self.statistic > self.critical


@dataclass(frozen=True)
class Suspect:
    """A measurement that may hold a gross error.

    `step` is the round of the series in which it was taken out, `error` by how much it then seems too high, `chi2` and
    `dof` what is left without it and those before it; `alike` names measurements that no test can tell from it.
    """

    name: str
    z: float
    step: int
    error: float
    chi2: float
    dof: int
    alike: tuple[str, ...]


def sidak(tests: int, level: float = LEVEL) -> float:
    """Return the two-sided critical value of each of so many normal tests that together have the given level."""
    return float(ndtri(1 - (1 - (1 - level) ** (1 / max(tests, 1))) / 2))


def chance(z: float) -> float:
    """Return the probability of a normal value at least as far from 0."""
    return float(2 * ndtr(-abs(z)))


def global_test(found: Estimate, held: Vector) -> Test:
    """Test the weighted sum of squared adjustments against chi-squared with as many degrees as there are checks.

    Args:
        found: the estimate.
        held: adjustments, in standard deviations, of measurements held at zero: each is a check of its own.
    """
    dof = int(found.structure.checking.size + held.size)
    chi2 = float((found.adjustments**2).sum() + (held**2).sum())
    if dof == 0:
        return Test("global", "", chi2, np.nan, np.nan)
    return Test("global", "", chi2, float(2 * gammainccinv(dof / 2, LEVEL)), float(gammaincc(dof / 2, chi2 / 2)))


def statistics(found: Estimate, spread: Spread) -> Vector:
    """Return |adjustment| ÷ its standard deviation of each adjustable quantity; NaN for what nothing checks."""
    variance = spread.adjustment_variance
    checked = np.zeros(spread.count, dtype=bool)
    checked[positions(found.system.adjustable, found.structure.redundant)] = True
    usable = checked & (variance > 0)
    return np.where(usable, np.abs(found.adjustments) / np.sqrt(np.where(usable, variance, 1.0)), np.nan)


def measurement_tests(found: Estimate, z: Vector) -> list[Test]:
    """Test each checked measurement by its adjustment, at the level of Šidák."""
    names = found.system.names
    tested = np.flatnonzero(~np.isnan(z))
    critical = sidak(tested.size)
    return [Test("measurement", names[found.system.adjustable[i]], float(z[i]), critical, chance(z[i])) for i in tested]


def nodal_tests(system: System, filled: Vector) -> list[Test]:
    """Test how far the measured values miss each equation, balances merged across unmeasured flows.

    Args:
        system: the equations and what was measured.
        filled: values of all quantities, for the derivatives by products.
    """
    at = np.where(np.isnan(system.measured), filled, system.measured)
    jacobian, missed = sparse.csr_array(system.jacobian(at)), system.residual(at)
    groups = list(_groups(system))
    merged = sparse.csr_array(sparse.csr_array(
        (np.ones(sum(map(len, groups))), np.concatenate(groups), np.cumsum([0, *map(len, groups)])),
        shape=(len(groups), len(system.equations)),
    )) if groups else sparse.csr_array((0, len(system.equations)))  # fmt: skip
    rows = sparse.csr_array(merged @ jacobian)
    unknown = abs(rows[:, system.unmeasured]).sum(axis=1)
    variance = (rows[:, system.adjustable] ** 2) @ system.std[system.adjustable] ** 2
    tested = np.flatnonzero((np.asarray(unknown).ravel() <= 1e-12) & (variance > 0))
    critical, statistic = sidak(tested.size), np.abs(merged @ missed) / np.sqrt(np.where(variance > 0, variance, 1.0))
    return [
        Test("nodal", _title([system.equations[row] for row in groups[i]]), float(statistic[i]), critical,
             chance(statistic[i]))
        for i in tested
    ]  # fmt: skip


def _groups(system: System) -> Iterator[Indices]:
    """Yield the rows of equations that belong together: balances that share an unmeasured flow, others alone."""
    balances = np.array(
        [i for i, equation in enumerate(system.equations) if equation.kind == "balance"], dtype=np.int64
    )
    shared = sparse.csc_array(system.linear)[:, system.unmeasured].tocsr()[balances]
    count, label = connected_components(shared @ shared.T, directed=False) if balances.size else (0, balances)
    for group in range(count):
        yield balances[label == group]
    for row in np.setdiff1d(np.arange(len(system.equations)), balances):
        yield np.array([row])


def _title(equations: list[Equation]) -> str:
    """Return the names of nodes, or of the coefficient or relation, that a test is about."""
    layer = equations[0].layer
    several = len({equation.layer for equation in equations}) > 1
    return " + ".join(f"{e.of} ({e.layer})" if several or layer not in ("", "goods") else e.of for e in equations)


def suspects(found: Estimate, spread: Spread, z: Vector) -> list[Suspect]:
    """Return measurements in the order in which they are taken out until no test rejects the rest.

    Each round takes out the measurement with the largest statistic and corrects all others for its absence, which is
    exact where the equations are linear (R. W. Serth and W. A. Heenan, AIChE Journal 32 (1986) 733-742).
    """
    names = [found.system.names[i] for i in found.system.adjustable]
    std = found.system.std[found.system.adjustable]
    adjustments, variance = found.adjustments, spread.adjustment_variance
    out: list[int] = []
    columns = np.zeros((spread.count, 0))
    ranked: list[Suspect] = []
    total, dof = float((adjustments**2).sum()), int(found.structure.checking.size)
    now, chi2 = z.copy(), total
    while dof > 0 and len(out) < MOST_SUSPECTS and not np.all(np.isnan(now)):
        limit = sidak(int((~np.isnan(now)).sum()))
        largest = float(np.nanmax(now))
        if largest <= limit and not chi2 > 2 * gammainccinv(dof / 2, LEVEL):
            break
        chosen = int(np.flatnonzero(now >= largest * (1 - ALIKE))[0])
        column = spread.adjusted(np.eye(spread.count, 1, -chosen))
        rest = column[:, 0] - (columns @ _solved(columns, out, column[out, 0]) if out else 0.0)
        left = variance - _explained(columns, out)
        alike = [
            names[i] for i in np.flatnonzero(rest**2 >= left * left[chosen] * (1 - ALIKE))
            if i != chosen and not np.isnan(now[i])
        ]  # fmt: skip
        out.append(chosen)
        columns = np.hstack([columns, column])
        weights = _solved(columns, out, adjustments[out])
        chi2, dof = total - float(adjustments[out] @ weights), dof - 1
        ranked.append(Suspect(names[chosen], float(z[chosen]), len(out), float(-weights[-1] * std[chosen]),
                              max(chi2, 0.0), dof, tuple(alike)))  # fmt: skip
        left = variance - _explained(columns, out)
        usable = ~np.isnan(now) & (left > UNTESTABLE * variance)
        usable[out] = False
        moved = np.abs(adjustments - columns @ weights)
        now = np.where(usable, moved / np.sqrt(np.where(usable, left, 1.0)), np.nan)
    return ranked


def _solved(columns: Vector, out: list[int], right: Vector) -> Vector:
    """Return the weights with which the columns of taken-out measurements explain `right` at their own places."""
    return np.asarray(np.linalg.solve(columns[out], right))


def _explained(columns: Vector, out: list[int]) -> Vector:
    """Return the part of each adjustment's variance that falls away with the measurements taken out."""
    if not out:
        return np.zeros(columns.shape[0])
    return np.asarray((columns.T * np.linalg.solve(columns[out], columns.T)).sum(axis=0))
