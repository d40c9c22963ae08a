"""Cohorts: what entered in one year, and how much of it is left at the end of every year after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Literal

import numpy as np

from mfa.use_phase.lifetimes import Ageing
from mfa.use_phase.survival import Array

Entry = Literal["end", "middle", "start", "spread"]
"""When in its year a cohort enters."""

Entering = Callable[[int, Array, Array], Array]
"""What enters in a period, by series: from its number, the stock without it, and the share of it left at the end."""

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

    Amounts are arrays of cohorts × series or periods × series. The fate of a cohort are the shares of it that are left
    at the end of each period and that leave in it: 2 × periods × series (or × 1).
    """

    calendar: Calendar
    ageing: Ageing
    entry: Entry

    @property
    def earlier(self) -> int:
        """How many cohorts are in stock when the first period starts."""
        return len(self.calendar.earlier)

    @property
    def is_steady(self) -> bool:
        """Whether all cohorts but the earlier ones have the same fate."""
        return self.ageing.is_steady and self.calendar.is_even

    def fates(self) -> Iterator[tuple[int, Array]]:
        """Yield for every cohort the first period it is in, and its fate from there on.

        Shares are of what entered; of an earlier cohort, of what was in stock at the start.
        """
        for cohort in range(self.earlier):
            yield 0, self._fate_of_earlier(cohort)
        if self.is_steady:
            periods, fate = len(self.calendar.ends), self._fate_of(0)
            yield from ((first, fate[:, : periods - first]) for first in range(periods))
        else:
            yield from ((first, self._fate_of(first)) for first in range(len(self.calendar.ends)))

    def _fate_of_earlier(self, cohort: int) -> Array:
        ends, year = self.calendar.ends, self.calendar.earlier[cohort]
        at_start, *after = self._share(cohort, np.concatenate([[self.calendar.start], ends]) - year, 1.0)
        return _fate(np.divide(after, at_start, out=np.zeros((len(ends), len(at_start))), where=at_start > 0))

    def _fate_of(self, period: int) -> Array:
        ends = self.calendar.ends[period:]
        return _fate(self._share(self.earlier + period, ends - ends[0], self.calendar.lengths[period]))

    def _share(self, cohort: int, years_since_entry: Array, length: float) -> Array:
        age = years_since_entry + AGE_AT_END[self.entry] * length
        return self.ageing.share(cohort, age, length if self.entry == "spread" else 0.0)

    def march(self, initial: Array, entering: Entering) -> tuple[Array, Array, Array]:
        """Return what enters, the stock and the outflow of every period, worked out period after period.

        Args:
            initial: in stock when the first period starts, earlier cohorts × series.
            entering: says what enters in each period.
        """
        totals = np.zeros((2, len(self.calendar.ends), initial.shape[1]))
        entered = np.zeros(totals.shape[1:])
        for amount, (_, fate) in zip(initial, self.fates(), strict=False):
            totals += fate * amount
        if self.is_steady:
            _march_alike(self._fate_of(0), totals, entered, entering)
            return entered, *totals
        for period, fate in islice(self.fates(), self.earlier, None):
            entered[period] = entering(period, totals[0, period], fate[0, 0])
            totals[:, period:] += fate * entered[period]
        return entered, *totals

    def by_period(self, entered: Array) -> tuple[Array, Array]:
        """Return stock and outflow by period, cohort and series, from what entered by cohort."""
        stock, outflow = np.zeros((2, len(self.calendar.ends), *entered.shape))
        for cohort, (first, (left, gone)) in enumerate(self.fates()):
            stock[first:, cohort] = left * entered[cohort]
            outflow[first:, cohort] = gone * entered[cohort]
        return stock, outflow

    def first_shares(self) -> Array:
        """Return what is left of every cohort at the end of its entry period: periods (or 1) × series (or × 1)."""
        periods = range(1 if self.is_steady else len(self.calendar.ends))
        at_once, lengths = np.zeros(1), self.calendar.lengths
        return np.concatenate([self._share(self.earlier + period, at_once, lengths[period]) for period in periods])


def _fate(left: Array) -> Array:
    """Return the shares left at the end of each period and those that leave in it."""
    before = np.concatenate([np.ones((1, left.shape[1])), left[:-1]])
    return np.stack([left, before - left])


def _march_alike(fate: Array, totals: Array, entered: Array, entering: Entering) -> None:
    """Complete the totals and what entered where all cohorts have the same fate, which is quicker.

    By sums of our own: a product of matrices would wake BLAS threads, which costs more where cores are busy.
    """
    backwards, last = fate[:, ::-1].copy(), fate.shape[1] - 1
    for period in range(last + 1):
        older = backwards[:, last - period : last]
        totals[:, period] += np.einsum("qck,ck->qk", older, entered[:period])
        entered[period] = entering(period, totals[0, period], fate[0, 0])
        totals[:, period] += fate[:, 0] * entered[period]
