"""The record of a run: what moved in each recording interval, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from mfa.park.scenario import Scenario
from mfa.simulation.carried import Carried, begin_interval, follow, restock
from mfa.simulation.outlets import Outflow, Outlets
from mfa.step.arrays import Floats, ParkArrays
from mfa.step.ledger import Ledger
from mfa.step.phases import Moves


@dataclass
class Interval:
    """Sums over one recording interval, dry t or GJ (activity: units of main product).

    By line: `activity`, `available` (availability × days). By use, input: `use`, `direct`, `bought`. By link:
    `dispatched`, `drawn`, `arrived`. By pile: `own_used`, `accepted`, `sold`, `released`; by pile and site: `disposed`.
    `own`, `received`, `transit` are the stocks at its start.
    """

    label: str
    days: float
    own: Floats
    received: Floats
    transit: Floats
    activity: Floats
    available: Floats
    use: Floats
    direct: Floats
    bought: Floats
    dispatched: Floats
    drawn: Floats
    arrived: Floats
    own_used: Floats
    accepted: Floats
    sold: Floats
    released: Floats
    disposed: Floats


@dataclass
class Record:
    """All intervals of a run, the stocks at its end, and since when waste of a pile has nowhere to go."""

    intervals: list[Interval] = field(default_factory=list)
    end_label: str = ""
    own: Floats = field(default_factory=lambda: np.zeros(0))
    received: Floats = field(default_factory=lambda: np.zeros(0))
    transit: Floats = field(default_factory=lambda: np.zeros(0))
    breaches: dict[int, str] = field(default_factory=dict)
    carried: Carried | None = None

    def total(self, name: str) -> Floats:
        """Return the sum of one field over all intervals."""
        return np.asarray(sum(getattr(interval, name) for interval in self.intervals), dtype=np.float64)

    @property
    def days(self) -> float:
        """Recorded days."""
        return sum(interval.days for interval in self.intervals)


class Recorder:
    """Adds each step to the interval it belongs to."""

    def __init__(self, scenario: Scenario, arrays: ParkArrays, outlets: Outlets, carried: Carried | None) -> None:
        self.record = Record(carried=carried)
        self._scenario, self._arrays, self._outlets = scenario, arrays, outlets
        self._may_stay = arrays.piles.storage + 1e-6
        waste = [m != "" and arrays.park.materials[m].is_waste for _, m in arrays.piles.keys]
        self._waste = np.array(waste) & arrays.piles.is_firm

    def begin(self, step: int, ledger: Ledger) -> None:
        """Open a new interval before `step` where one begins."""
        label = self._label(step)
        if self.record.intervals and self.record.intervals[-1].label == label:
            return
        arrays = self._arrays
        lines, links, piles = len(arrays.lines.keys), len(arrays.links.source), len(ledger.own)
        zero = np.zeros
        self.record.intervals.append(
            Interval(
                label, 0.0, ledger.own.copy(), ledger.received.copy(), ledger.under_way(),
                zero(lines), zero(lines), zero(len(arrays.uses.pile)), zero(len(arrays.inputs.pile)),
                zero(len(arrays.inputs.pile)), zero(links), zero(links), zero(links), zero(piles), zero(piles),
                zero(piles), zero(piles), zero((piles, len(self._outlets.sites))),
            )
        )  # fmt: skip
        if self.record.carried is not None:
            begin_interval(self.record.carried)

    def restock(self, before: Floats, after: Floats) -> None:
        """Let substances follow own releases that are set anew at the start, dry t by pile."""
        if self.record.carried is not None:
            restock(self.record.carried, before, after)

    def follow(self, own: Floats, received: Floats, moves: Moves, outflow: Outflow) -> None:
        """Let the substances in materials of undeclared composition follow what one step moved."""
        if self.record.carried is not None:
            follow(self.record.carried, own, received, moves, outflow)

    def add(self, moves: Moves, outflow: Outflow, availability: Floats, ledger: Ledger) -> None:
        """Add what one step moved."""
        days, interval = self._arrays.step, self.record.intervals[-1]
        interval.days += days
        interval.activity += moves.intake.activity * days
        interval.available += availability * days
        interval.use += moves.intake.use
        interval.direct += moves.intake.direct
        interval.bought += moves.intake.bought
        interval.dispatched += moves.dispatched
        interval.drawn += moves.drawn
        interval.arrived += moves.arrived
        interval.own_used += moves.own_used
        interval.accepted += moves.accepted
        interval.sold += outflow.sold
        interval.released += outflow.released
        interval.disposed += outflow.disposed
        for pile in np.flatnonzero(self._waste & (ledger.own - moves.keep > self._may_stay)):
            self.record.breaches.setdefault(int(pile), interval.label)

    def close(self, ledger: Ledger) -> Record:
        """Write down the stocks at the end and return the record."""
        record = self.record
        record.end_label = self._moment(self._scenario.time.steps)
        record.own, record.received = ledger.own.copy(), ledger.received.copy()
        record.transit = ledger.under_way()
        if record.carried is not None:
            begin_interval(record.carried)
        return record

    def _label(self, step: int) -> str:
        time, every = self._scenario.time, self._scenario.outputs.record
        day: date = time.date_of(step)
        if every == "step":
            return self._moment(step)
        begin = day.replace(day=1) if every == "month" else day.replace(month=1, day=1)
        return max(begin, time.start).isoformat()

    def _moment(self, step: int) -> str:
        """Return when a step begins; with the hour where steps are no whole days."""
        time = self._scenario.time
        day, hours = time.date_of(step), round(step * time.step * 24) % 24
        return f"{day.isoformat()}T{hours:02d}:00" if time.step % 1 else day.isoformat()
