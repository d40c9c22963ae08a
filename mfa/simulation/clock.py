"""Run a scenario through time."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np
import simpy

from mfa.park.scenario import Scenario
from mfa.results.results import Results
from mfa.simulation.availability import Availability, start_causes
from mfa.simulation.carried import start_carrying
from mfa.simulation.outlets import Outlets, clear, find_outlets
from mfa.simulation.record import Record, Recorder
from mfa.simulation.supply import start_supply
from mfa.simulation.tables import write_tables
from mfa.step.arrays import Floats, ParkArrays, tally
from mfa.step.ledger import Ledger
from mfa.step.repetition import Stepper
from mfa.step.steady_state import park_at_rest, starting_stock
from mfa.use_phase.supply import park_in

Progress = Callable[[float], None]


def simulate(scenario: Scenario, run: str = "before", progress: Progress | None = None) -> Results:
    """Run a scenario from its state at rest over its whole time, and return its tables.

    Args:
        scenario: what to run; a park with planned links follows its plan.
        run: name of the run in the tables.
        progress: called with the share done, 0 to 1.

    Raises:
        InvariantError: mass was made or lost; a bug of the toolkit.
    """
    park = park_in(scenario.park, scenario.time.start.year)
    rest = park_at_rest(park, scenario.unknown, scenario.time.step, scenario.allocation)
    record = run_from(scenario, rest.arrays, starting_stock(rest.arrays, rest.moves, rest.ledger), progress)
    return write_tables(scenario, rest.arrays, record, run)


def run_from(scenario: Scenario, arrays: ParkArrays, ledger: Ledger, progress: Progress | None = None) -> Record:
    """Let the SimPy clock tick from what a ledger holds, through warm-up and recorded time, and return the record."""
    outlets = find_outlets(arrays)
    recorder = Recorder(scenario, arrays, outlets, start_carrying(arrays))
    env = simpy.Environment()
    causes = start_causes(env, scenario, arrays, warm_up_steps(scenario, arrays))
    start_supply(env, scenario, ledger, warm_up_steps(scenario, arrays))
    env.process(_clock(env, Run(scenario, ledger, outlets, recorder, causes), progress))
    env.run()
    return recorder.close(ledger)


def warm_up_steps(scenario: Scenario, arrays: ParkArrays) -> int:
    """Return the steps before `start`: as the scenario says, at least the longest lead plus two (semantics §1)."""
    asked = math.ceil((scenario.time.warm_up or 0.0) / scenario.time.step - 1e-9)
    return max(asked, arrays.longest_lead + 2)


@dataclass(frozen=True)
class Run:
    """What one run of the clock works on."""

    scenario: Scenario
    ledger: Ledger
    outlets: Outlets
    recorder: Recorder
    causes: Availability


def _clock(env: simpy.Environment, run: Run, progress: Progress | None) -> Generator[simpy.Event, None, None]:
    ledger, recorder, stepper = run.ledger, run.recorder, Stepper(run.ledger)
    warm_up, steps = warm_up_steps(run.scenario, ledger.arrays), run.scenario.time.steps
    for tick in range(warm_up + steps):
        recorded = tick >= warm_up
        if tick == warm_up:
            held = ledger.own.copy()
            ledger.stock()
            recorder.restock(held, ledger.own)
        if recorded:
            recorder.begin(tick - warm_up, ledger)
        own, received = ledger.own.copy(), ledger.received.copy()
        availability = np.minimum(run.causes.now, blocked(ledger))
        moves = stepper.advance(availability)
        outflow = clear(run.outlets, ledger, moves, counts_room=recorded)
        recorder.follow(own, received, moves, outflow)
        if recorded:
            recorder.add(moves, outflow, availability, ledger)
        if progress is not None and tick % 64 == 0:
            progress(tick / (warm_up + steps))
        yield env.timeout(1)


def blocked(ledger: Ledger) -> Floats:
    """Return by line the availability that full stores of blocking outputs leave (semantics §5)."""
    arrays = ledger.arrays
    factor = np.ones(len(arrays.lines.keys))
    firms = arrays.park.firms
    if not any(firm.blocks for firm in firms.values()):
        return factor
    blocks = np.array([node in firms and m in firms[node].blocks for node, m in arrays.piles.keys])
    made = arrays.made
    largest = made.per_activity * arrays.lines.target[made.line] * arrays.step
    total = tally(made.pile, largest, len(ledger.own))
    room = np.maximum(arrays.piles.storage - ledger.own, 0.0)
    share = np.divide(room, total, out=np.ones_like(total), where=blocks & (total > room))
    np.minimum.at(factor, made.line, share[made.pile])
    return factor
