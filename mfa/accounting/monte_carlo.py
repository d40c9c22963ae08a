"""Monte Carlo reconciliation: every measured value drawn from its own distribution, every draw reconciled.

For inputs that are not normal; for normal ones and linear equations it meets the Gaussian propagation.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mfa.accounting.equations import System, Vector
from mfa.accounting.estimation import Estimate
from mfa.accounting.search import Solver
from mfa.park.account import Quantity
from mfa.park.distribution import uniforms

QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)
BATCH = 256
"""Draws that are reconciled at once."""


def draw(quantity: Quantity, runs: int, seed: int) -> Vector:
    """Return draws of a measured quantity, the same for a seed and a name whatever else the account holds."""
    return quantity.law.quantile(uniforms(seed, quantity.id, runs))


def reconcile_draws(found: Estimate, quantities: list[Quantity], runs: int, seed: int, solve: Solver | None) -> Vector:
    """Return one row a run with the values of all quantities, NaN for unobservable ones.

    Args:
        found: the estimate from the measured values.
        quantities: in the order of the system.
        runs: how many draws.
        seed: of the draws.
        solve: reconciles one draw from a start; None where the equations are linear and nothing is bounded,
            so that all draws can share one factorisation.
    """
    system, x = found.system, found.system.adjustable
    draws = np.stack([draw(quantities[i], runs, seed) for i in x], axis=1) if x.size else np.zeros((runs, 0))
    if solve is None:
        parts = [_shift(found, draws[start : start + BATCH]) for start in range(0, runs, BATCH)]
        values = np.concatenate(parts)
    else:
        values = np.stack([solve(_with_values(system, row), found.z).z for row in draws])
    values[:, found.structure.unobservable] = np.nan
    return values


def _shift(found: Estimate, draws: Vector) -> Vector:
    """Return the estimates for draws, which differ from the known one by a linear step."""
    system, x, basic = found.system, found.system.adjustable, found.structure.basic
    values = np.tile(found.z, (draws.shape[0], 1))
    values[:, x] = draws
    misfit = system.constant[:, None] + system.linear @ values.T
    answer, _ = found.step.solve(misfit)
    values[:, x] += system.std[x] * answer[: x.size].T
    values[:, basic] += found.step.scale * answer[x.size :].T
    return values


def _with_values(system: System, values: Vector) -> System:
    measured = system.measured.copy()
    measured[system.adjustable] = values
    return replace(system, measured=measured)
