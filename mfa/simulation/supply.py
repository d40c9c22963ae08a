"""What products in use supply, as a SimPy process: the sources of a park give another amount from each year on."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from itertools import pairwise

import simpy

from mfa.park.scenario import Scenario
from mfa.step.arrays import ParkArrays
from mfa.step.ledger import Ledger
from mfa.use_phase.supply import supply_in


def start_supply(env: simpy.Environment, scenario: Scenario, ledger: Ledger, first_step: int) -> None:
    """Start the process that gives the park in `ledger` each year's supply; nothing without products in use.

    Args:
        env: the clock, in steps.
        scenario: its products in use supply.
        ledger: of a park that starts with the supply of the first year.
        first_step: step of the clock at which the record begins.
    """
    if scenario.park.in_use:
        env.process(_supply(env, scenario, ledger, first_step))


def _supply(
    env: simpy.Environment, scenario: Scenario, ledger: Ledger, first_step: int
) -> Generator[simpy.Event, None, None]:
    years = [scenario.time.date_of(step).year for step in range(scenario.time.steps)]
    for step, (before, year) in enumerate(pairwise(years), start=1):
        if year != before:
            yield env.timeout(first_step + step - env.now)
            ledger.arrays = supplied(ledger.arrays, scenario, year)


def supplied(arrays: ParkArrays, scenario: Scenario, year: int) -> ParkArrays:
    """Return the arrays of a park in which sources give the supply of a year."""
    amounts = supply_in(scenario.park, year)
    supply = arrays.piles.supply.copy()
    for row, key in enumerate(arrays.piles.keys):
        supply[row] = amounts.get(key, supply[row])
    return replace(arrays, piles=replace(arrays.piles, supply=supply))
