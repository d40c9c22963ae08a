"""A step that starts like the last one ends like it: at rest nothing is computed again."""

from __future__ import annotations

import numpy as np

from mfa.step.arrays import Floats
from mfa.step.ledger import Ledger
from mfa.step.phases import Moves, advance


class Stepper:
    """Advances a ledger, and repeats the last step where stocks, transit, availability and supply are the same bits.

    A step is a function of these alone, so the result is the same as computing it; only sooner.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._start: tuple[Floats, ...] | None = None
        self._end: tuple[Floats, Floats] | None = None
        self._moves: Moves | None = None
        self._streak = 0
        self._slots = len(ledger.transit)

    def advance(self, availability: Floats) -> Moves:
        """Take phases 1 to 5 of one step (see `mfa.step.phases.advance`)."""
        ledger, moves = self._ledger, self._moves
        start = (ledger.own.copy(), ledger.received.copy(), availability.copy(), ledger.arrays.piles.supply)
        if moves is not None and self._streak > self._slots and self._starts_alike(start):
            self._repeat()
            return moves
        now = advance(ledger, availability)
        same = moves is not None and np.array_equal(moves.dispatched, now.dispatched)
        self._streak = self._streak + 1 if same else 0
        self._start, self._end, self._moves = start, (ledger.own.copy(), ledger.received.copy()), now
        return now

    def _starts_alike(self, start: tuple[Floats, ...]) -> bool:
        return self._start is not None and all(map(np.array_equal, self._start, start))

    def _repeat(self) -> None:
        """End as the last step did; every link has sent the same for longer than its lead, so transit only moves on."""
        assert self._end is not None
        ledger = self._ledger
        ledger.own, ledger.received = self._end[0].copy(), self._end[1].copy()
        ledger.transit = np.roll(ledger.transit, 1, axis=0)
        ledger.tick += 1
