"""Estimates that keep every quantity at or above zero: quantities are held at zero until no multiplier pulls them off.

Source: block pivoting for convex quadratic programs, L. F. Portugal, J. J. Júdice, L. N. Vicente, Mathematics of
Computation 63 (1994) 625-643.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.linalg import null_space

from mfa.accounting.equations import Indices, System, Vector
from mfa.accounting.estimation import Estimate, estimate
from mfa.errors import InfeasibleError
from mfa.language import tr

PATIENCE = 5
"""Rounds without fewer violations after which quantities change sides one at a time, which always ends."""
MOST_ROUNDS = 500
NEGATIVE = 1e-9
"""A share of the largest quantity of a kind below zero that counts as negative; of the largest pull, as a pull."""
ROUNDED = 1e-2
"""Quantities below this share of what was measured of their kind are judged by that size: rounding comes of it."""
VAGUE = 1e3
"""How many times the largest size of its kind an assumed value of an undetermined quantity may be off."""
TINY = float(np.finfo(float).tiny)


def estimate_above_zero(system: System, start: Vector) -> Estimate:
    """Return the estimate under `z >= 0`; arguments as of `estimate`.

    Where quantities are undetermined, vague values are assumed for them to see what their being above zero forces
    upon the others; only what is so forced is kept.

    Raises:
        InfeasibleError: no such values satisfy the equations.
    """
    found, held = _pivot(system, start, set())
    hidden = found.structure.unobservable
    if not hidden.size:
        return found
    scouted, touched = _pivot(_assuming(system, hidden, found.z), start, held)
    pull = _pull(scouted.system, scouted, _sizes(system))  # not the sizes of what is assumed
    # An assumed value alone pulls with at most 1 / VAGUE² in units of its size.
    forced = {i for i in touched if abs(pull[i]) > 100 / VAGUE**2}
    return found if forced <= held else _pivot(system, start, forced)[0]


def _pivot(system: System, start: Vector, held: set[int]) -> tuple[Estimate, set[int]]:
    """Return the estimate with what is held at zero in it, beginning with `held`."""
    fewest, patience = len(system.names) + 1, PATIENCE
    for _ in range(MOST_ROUNDS):
        found = estimate(system.holding(np.array(sorted(held), dtype=np.int64), 0.0), start)
        torn = found.is_settled and any(int(row) in found.structure.dependent for row in found.broken)
        wrong = [*_negative(found), *(_relieving(found, held) if torn else _pulled(system, found, held))]
        if not wrong and not (torn and held):
            return found, held
        if not wrong:
            break
        if len(wrong) < fewest:
            fewest, patience = len(wrong), PATIENCE
        else:
            patience -= 1
        held = held ^ set(wrong if patience > 0 else [min(wrong)])
    raise InfeasibleError(tr("no values at or above zero satisfy the balances; check the largest exact values"))


def _sizes(system: System) -> Vector:
    """Return for each quantity the largest known value or standard deviation of its kind, else of any kind, else 1."""
    return np.where(system.known > 0, system.known, float(system.known.max(initial=0.0)) or 1.0)


def _assuming(system: System, hidden: Indices, z: Vector) -> System:
    """Return the system with vague values for what is hidden."""
    measured, std = system.measured.copy(), system.std.copy()
    vague = VAGUE * _sizes(system)
    measured[hidden], std[hidden] = np.clip(z[hidden], 0.0, None), vague[hidden]
    return replace(system, measured=measured, std=std, known=vague)


def _negative(found: Estimate) -> list[int]:
    """Return the determined quantities below zero."""
    z = found.z.copy()
    z[found.structure.unobservable] = 0.0
    least = np.maximum(found.system.largest_of_kind(z), ROUNDED * _sizes(found.system))
    return [int(i) for i in np.flatnonzero(z < -NEGATIVE * least)]


def _pulled(system: System, found: Estimate, held: set[int]) -> list[int]:
    """Return the held quantities that the sum of squares would rather see above zero."""
    pull = _pull(system, found, _sizes(system))
    least = -NEGATIVE * max(float(np.abs(pull).max(initial=0.0)), TINY)
    return [i for i in sorted(held) if pull[i] < least]


def _relieving(found: Estimate, held: set[int]) -> list[int]:
    """Return the held quantities that would have to rise for equations to hold which the held zeros contradict."""
    system, dependent = found.system, found.structure.dependent
    clash = set().union(*(dependent.get(int(row), frozenset()) for row in found.broken))
    rows = np.array(sorted(clash), dtype=np.int64)
    jacobian = np.asarray(system.jacobian(found.z)[rows].toarray())
    # Combinations of the clashing equations in which nothing that may move is left.
    silent = null_space(jacobian[:, system.std != 0].T) if rows.size else np.zeros((0, 0))
    slope = jacobian.T @ (silent @ (silent.T @ system.residual(found.z)[rows])) * _sizes(system)
    least = -NEGATIVE * max(float(np.abs(slope).max(initial=0.0)), TINY)
    return [i for i in sorted(held) if slope[i] < least]


def _pull(system: System, found: Estimate, sizes: Vector) -> Vector:
    """Return the slope of half the sum of squares along each quantity in units of its size, the equations kept."""
    slope = found.system.jacobian(found.z).T @ found.multipliers
    own = np.where(system.std > 0, (found.z - system.measured) / np.where(system.std > 0, system.std, 1.0) ** 2, 0.0)
    return np.asarray((slope + own) * sizes)
