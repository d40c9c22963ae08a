"""Where the search for unmeasured quantities starts: at what the measured values say, else at several guesses."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from mfa.accounting.elimination import classify
from mfa.accounting.equations import Indices, System, Vector

GUESSES = (1.0, 0.37, 2.3, 7.1, 0.053)
"""Multiples of the typical size from which quantities are looked for that only products of unknowns determine."""
NONE = np.array([], dtype=np.int64)


def known_first(system: System) -> tuple[Vector, Indices]:
    """Return starting values and the quantities that are still unknown (NaN).

    Equations are solved in turn for what stands in them alone, counting what the last turn found as known.
    """
    z = system.measured.copy()
    while True:
        unknown = np.flatnonzero(np.isnan(z))
        found = _solve_linear(system, z, unknown) if unknown.size else {}
        if not found:
            return z, unknown
        z[list(found)] = list(found.values())


def _solve_linear(system: System, z: Vector, unknown: Indices) -> dict[int, float]:
    """Return the values of the unknown quantities that equations linear in them determine."""
    missing = np.isnan(z)
    both = missing[system.first] & missing[system.second]
    usable = np.setdiff1d(np.arange(len(system.equations)), system.row[both])
    filled = np.where(missing, 0.0, z)
    jacobian = sparse.csr_array(system.jacobian(filled))[usable]
    structure = classify(jacobian, unknown, NONE)
    settled = np.setdiff1d(structure.basic, structure.unobservable)
    if not settled.size:
        return {}
    # By least squares over all equations: a few alone may point to a far end where two of them nearly agree.
    block = sparse.csc_array(jacobian)[:, structure.basic]
    both_ways = sparse.block_array([[sparse.eye_array(usable.size), block], [block.T, None]])
    load = np.concatenate([-system.residual(filled)[usable], np.zeros(structure.basic.size)])
    try:
        values = splu(sparse.csc_matrix(both_ways)).solve(load)[usable.size :]
    except RuntimeError:  # SuperLU takes what is nearly dependent for dependent: a guess will do
        return {}
    found = dict(zip(structure.basic.tolist(), values.tolist(), strict=True))
    return {index: found[index] for index in settled.tolist() if np.isfinite(found[index])}


def guessed(system: System, z: Vector, unknown: Indices, guess: float, start: Mapping[str, float]) -> Vector:
    """Return starting values with a guess, or what `start` names, for what is unknown.

    A quantity that only ever multiplies another is a share and starts below 1, any other at the size of its kind.
    Linear equations need no guess: what they leave unknown stays unknown from anywhere, and starts at 0.
    """
    if system.is_linear:
        return np.nan_to_num(z)
    filled = z.copy()
    typical = _typical(system, z)
    alone = set(sparse.csc_array(system.linear).nonzero()[1].tolist())
    for index in unknown.tolist():
        size = typical[index] if index in alone else 0.5
        spread = 1.0 + 0.1 * ((index * 7) % 10) / 10  # no two alike, so that no difference vanishes by accident
        filled[index] = start.get(system.names[index], guess * size * spread)
    return filled


def _typical(system: System, z: Vector) -> Vector:
    """Return for each quantity the median of what is known of its kind, else of all, else 1."""
    size = np.where(z == 0, np.nan, np.abs(z))
    typical = np.full(z.size, 1.0 if np.isnan(size).all() else np.nanmedian(size))
    for kind in np.unique(system.kind[~np.isnan(size)]):
        typical[system.kind == kind] = np.nanmedian(size[system.kind == kind])
    return typical
