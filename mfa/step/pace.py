"""Rounds that creep: where each moves by a steady share of the one before, most of the way that is left is leapt."""

from __future__ import annotations

import numpy as np

from mfa.step.arrays import Floats

PATIENCE = 20
"""So many rounds are taken one by one before the first leap."""
STEADY = 0.01
"""Two moves are alike when one is a multiple of the other but for this share of it."""
LEAST_RATIO = 0.5
LEAP = 0.8
"""Part of the remaining way that is leapt: what lies beyond the end is not looked for."""


class Pace:
    """Where each round of a fixed-point iteration starts.

    Moves d that shrink by a ratio r end d·r ÷ (1 − r) further on (Aitken 1926, Proc. R. Soc. Edinburgh 46:289). A leap
    counts only if the round after it moves the same way and by less; else it is taken back and the next waits longer.
    """

    def __init__(self) -> None:
        self._move: Floats | None = None
        self._retreat: Floats | None = None
        self._wait = self._patience = PATIENCE

    def onward(self, asked: Floats, got: Floats) -> Floats:
        """Return where the next round starts, after a round that started at `asked` and came to `got`."""
        before, self._move = self._move, got - asked
        retreat, self._retreat = self._retreat, None
        self._wait -= 1
        if retreat is not None and before is not None and not _goes_on(before, self._move):
            self._move, self._patience = None, 2 * self._patience
            self._wait = self._patience
            return retreat
        if retreat is not None or before is None or self._wait > 0:
            return got
        ratio = _ratio(before, self._move)
        if ratio is None:
            return got
        self._retreat = got
        return np.maximum(got + LEAP * ratio / (1.0 - ratio) * self._move, 0.0)


def _goes_on(before: Floats, move: Floats) -> bool:
    return bool((before * move >= 0.0).all() and np.linalg.norm(move) <= np.linalg.norm(before))


def _ratio(before: Floats, move: Floats) -> float | None:
    """Return the ratio of two moves of which one is a shrunken other; None where they are not alike."""
    size = float(before @ before)
    ratio = float(move @ before) / size if size > 0.0 else 0.0
    if not LEAST_RATIO < ratio < 1.0 or np.linalg.norm(move - ratio * before) > STEADY * np.linalg.norm(move):
        return None
    return ratio
