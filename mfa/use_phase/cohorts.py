"""Cohorts: what entered in one year, and how much of it is left at the end of every year after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from mfa.use_phase.lifetimes import Ageing
from mfa.use_phase.survival import Array

Entry = Literal["end", "middle", "start", "spread"]
"""When in its year a cohort enters."""

AGE_AT_END: Mapping[str, float] = {"end": 0.0, "middle": 0.5, "start": 1.0, "spread": 0.0}
"""Age at the end of the entry year, in years; of the youngest where the entry is spread over the year."""


@dataclass(frozen=True)
class Calendar:
    """Years as the ends of periods; a period lasts since the year before, the first as long as the second.

    `earlier` are the entry years, one year long, of cohorts that are in stock when the first period starts.
    """

    ends: Array
    earlier: Array

    @cached_property
    def lengths(self) -> Array:
        """Length of every period, years."""
        if len(self.ends) == 1:
            return np.ones(1)
        gaps = np.diff(self.ends)
        return np.concatenate([gaps[:1], gaps])

    @property
    def start(self) -> float:
        """The year at whose end the first period starts."""
        return float(self.ends[0] - self.lengths[0])

    @property
    def is_even(self) -> bool:
        """Whether all periods are equally long."""
        return bool((self.lengths == self.lengths[0]).all())


@dataclass(frozen=True)
class Cohorts:
    """The cohorts of a calendar, the earlier ones first, as they age.

    Amounts are arrays of cohorts × series or periods × series.
    """

    calendar: Calendar
    ageing: Ageing
    entry: Entry

    @property
    def earlier(self) -> int:
        """How many cohorts are in stock when the first period starts."""
        return len(self.calendar.earlier)

    def left(self) -> Iterator[tuple[int, Array, Array]]:
        """Yield for every cohort the first period it is in, and the shares left and leaving in each period from there.

        Shares are periods × series (or × 1), of what entered; of an earlier cohort, of what was in stock at the start.
        """
        ends, lengths = self.calendar.ends, self.calendar.lengths
        for cohort, year in enumerate(self.calendar.earlier):
            at_start, *after = self._share(cohort, np.concatenate([[self.calendar.start], ends]) - year, 1.0)
            share = np.divide(after, at_start, out=np.zeros((len(ends), len(at_start))), where=at_start > 0)
            yield 0, share, leaving(share)
        if self.ageing.is_steady and self.calendar.is_even:
            share = self._share(0, ends - ends[0], lengths[0])
            out = leaving(share)
            yield from ((first, share[: len(ends) - first], out[: len(ends) - first]) for first in range(len(ends)))
            return
        for first, (end, length) in enumerate(zip(ends, lengths, strict=True)):
            share = self._share(self.earlier + first, ends[first:] - end, length)
            yield first, share, leaving(share)

    def _share(self, cohort: int, years_since_entry: Array, length: float) -> Array:
        age = years_since_entry + AGE_AT_END[self.entry] * length
        return self.ageing.share(cohort, age, length if self.entry == "spread" else 0.0)

    def sums(self, entered: Array) -> tuple[Array, Array]:
        """Return stock and outflow of every period, from what entered by cohort."""
        # By loops of our own: a product of matrices would wake BLAS threads, which costs more where cores are busy.
        stock, outflow = np.zeros((2, len(self.calendar.ends), entered.shape[1]))
        for amount, (first, left, gone) in zip(entered, self.left(), strict=True):
            stock[first:] += left * amount
            outflow[first:] += gone * amount
        return stock, outflow

    def by_period(self, entered: Array) -> tuple[Array, Array]:
        """Return stock and outflow by period, cohort and series, from what entered by cohort."""
        shape = (len(self.calendar.ends), *entered.shape)
        stock, outflow = np.zeros(shape), np.zeros(shape)
        for cohort, (first, left, gone) in enumerate(self.left()):
            stock[first:, cohort] = left * entered[cohort]
            outflow[first:, cohort] = gone * entered[cohort]
        return stock, outflow

    def entered(self, stock: Array, initial: Array) -> Array:
        """Return what must enter by cohort for the stocks that are asked for, by forward substitution.

        Nothing is left of a cohort at the end of its entry period where no stock can be kept: the share is then 0 and
        the caller has to refuse it (`first_shares`).
        """
        lacking = stock.copy()
        entered = np.vstack([initial, np.zeros_like(stock)])
        for cohort, (first, left, _) in enumerate(self.left()):
            if cohort >= self.earlier:
                entered[cohort] = lacking[first] / left[0]
            lacking[first:] -= left * entered[cohort]
        return entered

    def first_shares(self) -> Array:
        """Return what is left of every cohort at the end of its entry period, periods × series (or × 1)."""
        own = [left[0] for cohort, (_, left, _) in enumerate(self.left()) if cohort >= self.earlier]
        return np.array(own)


def leaving(share: Array) -> Array:
    """Return the shares that leave in each period, from the shares left at the end of each."""
    out = np.empty_like(share)
    out[0] = 1.0 - share[0]
    np.subtract(share[:-1], share[1:], out=out[1:])
    return out
