"""Estimates that keep every quantity at or above zero: quantities are held at zero until no multiplier pulls them off.

Source: block pivoting for convex quadratic programs, L. F. Portugal, J. J. Júdice, L. N. Vicente, Mathematics of
Computation 63 (1994) 625-643.
"""

from __future__ import annotations

import numpy as np

from mfa.accounting.equations import Indices, System, Vector
from mfa.accounting.estimation import SMALL, Estimate, estimate
from mfa.errors import InfeasibleError
from mfa.language import tr

PATIENCE = 5
"""Rounds without fewer violations after which quantities change sides one at a time, which always ends."""
MOST_ROUNDS = 500
NEGATIVE = 1e-9
"""A share of the largest quantity below zero that counts as negative; of the largest pull, as a pull."""


def estimate_above_zero(system: System, start: Vector) -> Estimate:
    """Return the estimate under `z >= 0`; arguments as of `estimate`.

    Raises:
        InfeasibleError: no such values satisfy the equations.
    """
    held: set[int] = set()
    fewest, patience = len(system.names) + 1, PATIENCE
    for _ in range(MOST_ROUNDS):
        found = estimate(system.holding(np.array(sorted(held), dtype=np.int64), 0.0), start)
        wrong = [*_negative(found), *_pulled(system, found, held)]
        if not wrong:
            return found
        if len(wrong) < fewest:
            fewest, patience = len(wrong), PATIENCE
        else:
            patience -= 1
        held ^= set(wrong if patience > 0 else [min(wrong)])
    raise InfeasibleError(tr("no values at or above zero satisfy the balances; check the largest exact values"))


def _negative(found: Estimate) -> list[int]:
    """Return the determined quantities below zero."""
    z = found.z.copy()
    z[found.structure.unobservable] = 0.0
    return [int(i) for i in np.flatnonzero(z < -NEGATIVE * max(float(np.abs(z).max(initial=0.0)), SMALL))]


def _pulled(system: System, found: Estimate, held: set[int]) -> list[int]:
    """Return the held quantities that the sum of squares would rather see above zero."""
    slope = found.system.jacobian(found.z).T @ found.multipliers
    own = np.where(system.std > 0, -system.measured / np.where(system.std > 0, system.std, 1.0) ** 2, 0.0)
    pull = np.asarray(slope + own)
    indices: Indices = np.array(sorted(held), dtype=np.int64)
    least = -NEGATIVE * max(float(np.abs(own).max(initial=0.0)), np.finfo(float).tiny)
    return [int(i) for i in indices if pull[i] < least]
