"""The one ledger through which mass moves: it changes both ends and refuses what cannot be (design §6)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mfa.errors import InvariantError
from mfa.step.arrays import Floats, ParkArrays, tally

ROUNDING = 1e-9
"""Relative excess that counts as rounding; the excess itself is clipped to what is there."""


@dataclass
class Ledger:
    """What the park holds between two steps, dry t or GJ.

    `own` releases and `received` stock by pile, `transit` by slot (due step modulo slots) and link, `tick` steps done.
    """

    arrays: ParkArrays
    own: Floats = field(default_factory=lambda: np.zeros(0))
    received: Floats = field(default_factory=lambda: np.zeros(0))
    transit: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    tick: int = 0

    @classmethod
    def empty(cls, arrays: ParkArrays) -> Ledger:
        """Return a ledger of a park that holds nothing."""
        count = len(arrays.piles.keys)
        return cls(
            arrays, np.zeros(count), np.zeros(count), np.zeros((arrays.longest_lead + 1, len(arrays.links.source)))
        )

    def under_way(self) -> Floats:
        """Return what is in transit, by link."""
        return np.asarray(self.transit.sum(axis=0), dtype=np.float64)

    def arrive(self) -> tuple[Floats, Floats]:
        """Unload what is due: into received piles of firms; return it by link, and by pile what users accept."""
        slot = self.tick % len(self.transit)
        arrived = self.transit[slot].copy()
        self.transit[slot] = 0.0
        coming = tally(self.arrays.links.target, arrived, len(self.own))
        self.received += np.where(self.arrays.piles.is_firm, coming, 0.0)
        return arrived, np.where(self.arrays.piles.is_firm, 0.0, coming)

    def stock(self) -> None:
        """Let firms hold the own releases that they say they hold at the start, where they say so."""
        initial = self.arrays.piles.initial
        self.own = np.where(np.isnan(initial), self.own, initial)

    def convert(self, made: Floats, own_used: Floats, received_used: Floats) -> None:
        """Book one step's production of storable materials: what lines took from each pile and what they made."""
        storable = self.arrays.piles.storable
        self.received -= self._checked("use of received stock", np.where(storable, received_used, 0.0), self.received)
        self.own -= self._checked("use of own releases", np.where(storable, own_used, 0.0), self.own)
        self.own += self._checked("production", np.where(storable, made, 0.0), np.inf)

    def dispatch(self, delivered: Floats, drawn: Floats) -> None:
        """Load links: `drawn` leaves own releases of the source now, `delivered` arrives when the lead is over."""
        links, firm = self.arrays.links, self.arrays.piles.is_firm
        self._checked("dispatch", delivered, np.inf)
        out = np.where(firm, tally(links.source, drawn, len(self.own)), 0.0)
        self.own -= self._checked("dispatch", out, self.own)
        slot = (self.tick + links.lead) % len(self.transit)
        self.transit[slot, np.arange(len(slot))] += delivered

    def withdraw(self, amount: Floats) -> None:
        """Take own releases out of the park: sold or disposed of, by pile."""
        self.own -= self._checked("withdrawal", amount, self.own)

    def _checked(self, what: str, amount: Floats, available: Floats | float) -> Floats:
        excess = amount - available
        if amount.size == 0 or (amount.min() >= 0.0 and excess.max() <= 0.0):
            return amount
        wrong = ~np.isfinite(amount) | (amount < 0.0) | (excess > ROUNDING * np.maximum(1.0, np.abs(amount)))
        if wrong.any():
            row = int(np.argmax(wrong))
            keys = self.arrays.piles.keys
            where = keys[row] if len(amount) == len(keys) else self.arrays.links.links[row].id
            raise InvariantError(
                f"{what} of {amount[row]!r} at {where} in step {self.tick}: more than there is, or no amount"
            )
        return np.minimum(amount, available)
