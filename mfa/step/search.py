"""The greatest activity of every line at once: a bracket that narrows around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mfa.step.arrays import Bools, Floats, Ints

NARROW = 1e-10
"""Relative width at which a bracket is closed."""


@dataclass
class Bracket:
    """By line: `low` is covered; `high` and, before it, `above` are not (after so many `falls`); `trial` is next.

    What a line lacks grows with its activity almost as a straight line near the answer, so a trial is the secant
    through the two lowest uncovered points. Share caps, groups and limits can bend it: where a line is `doubtful`,
    a covered trial is only believed when a little more is not covered, and else the bracket is halved.
    """

    trial: Floats
    doubtful: Bools
    low: Floats
    high: Floats
    gap: Floats
    above: Floats
    gap_above: Floats
    falls: Ints
    probing: Bools
    closed: Bools

    @classmethod
    def up_to(cls, most: Floats, doubtful: Bools) -> Bracket:
        """Return the bracket from nothing to `most`, which is the first trial."""
        zero, no = np.zeros(len(most)), np.zeros(len(most), dtype=bool)
        return cls(most, doubtful, zero, zero, zero, zero, zero, np.zeros(len(most), dtype=np.intp), no, no)

    def narrow(self, lacking: Floats, enough: float) -> bool:
        """Learn what share of its need each line lacked at the trial; return whether the trial was the answer."""
        tried, was_closed = self.trial, self.closed
        fell, held = (lacking > enough) & ~was_closed, (lacking <= enough) & ~was_closed
        self.above, self.gap_above = np.where(fell, self.high, self.above), np.where(fell, self.gap, self.gap_above)
        self.high, self.gap = np.where(fell, tried, self.high), np.where(fell, tried * lacking, self.gap)
        self.low, self.falls = np.where(held, tried, self.low), self.falls + fell
        margin = NARROW * self.high
        believed = held & ((self.falls == 0) | ~self.doubtful)
        narrow = (self.falls > 0) & (self.high - self.low <= 2.0 * margin)
        self.closed = was_closed | believed | narrow | (fell & self.probing)
        secant = self._secant()
        probing = np.where(fell, secant <= 0.0, ~self.probing)
        step = np.where(fell & (secant > self.low), secant, 0.5 * (self.low + self.high))
        step = np.where(probing, self.low + margin, step)
        self.probing, self.trial = probing, np.where(self.closed, self.low, step)
        return bool(self.closed.all() and (tried == self.low).all())

    def _secant(self) -> Floats:
        """Return where the line through the two lowest uncovered points (or through the origin) lacks nothing."""
        rise, run = self.gap_above - self.gap, self.above - self.high
        slope = np.divide(rise, run, out=np.ones_like(run), where=(self.falls > 1) & (run > 0))
        step = np.divide(self.gap, slope, out=self.gap.copy(), where=slope > 0)
        return self.high - np.maximum(step, self.gap)
