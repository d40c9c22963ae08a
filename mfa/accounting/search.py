"""The search for the best estimate, from one place where equations are linear and from several where they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from mfa.accounting.contradictions import refuse_contradictions
from mfa.accounting.equations import Indices, System, Vector
from mfa.accounting.estimation import Estimate
from mfa.accounting.start import GUESSES, guessed, known_first
from mfa.errors import InfeasibleError
from mfa.language import tr
from mfa.park.account import Account

SAME = 1e-6
"""Relative difference of two solutions above which a quantity is not determined by the data."""

Solver = Callable[[System, Vector], Estimate]


def search(system: System, solver: Solver, start: Mapping[str, float], account: Account) -> tuple[Estimate, Indices]:
    """Return the best estimate, and the quantities that it does not determine.

    Where only products of unknowns determine something, the search sets out from several guesses: what differs
    between equally good ends is not determined by the data.

    Raises:
        InputError: exact values contradict each other.
        InfeasibleError: no search came to an end.
    """
    ends: list[Estimate] = []
    for place, needed in _places(system, start):
        end = solver(system, place)
        refuse_contradictions(end, account)
        if end.is_settled and not end.broken.size:
            ends.append(end)
        if len(ends) >= needed:
            break
    if not ends:
        raise InfeasibleError(tr("the search for values that satisfy all equations came to no end; "
                                 "check the coefficients and exact values"))  # fmt: skip
    sums = [float((end.adjustments**2).sum()) for end in ends]
    best = ends[int(np.argmin(sums))]
    hidden = best.structure.unobservable
    for end, total in zip(ends, sums, strict=True):
        if total <= min(sums) * (1 + SAME) + SAME:
            differs = np.abs(end.z - best.z) > SAME * np.maximum(np.abs(end.z), np.abs(best.z))
            hidden = np.union1d(hidden, np.setdiff1d(np.flatnonzero(differs), system.adjustable))
    return best, hidden


def _places(system: System, start: Mapping[str, float]) -> Iterator[tuple[Vector, int]]:
    """Yield places to start from, and how many ends are enough by then: two where anything had to be guessed."""
    known, unknown = known_first(system)
    needed = 2 if unknown.size and not system.is_linear else 1
    for guess in GUESSES if unknown.size else GUESSES[:1]:
        yield guessed(system, known, unknown, guess, start if guess == GUESSES[0] else {}), needed
    if not system.is_linear:
        # What the measured values say at first may lead to a dead end: guess everything.
        for guess in GUESSES:
            yield guessed(system, system.measured, system.unmeasured, guess, {}), needed
