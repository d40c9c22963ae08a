"""The reference simulation over time: a warm-up from the state at rest, then the recorded years (semantics §1, §6)."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from mfa.park.scenario import Scenario
from oracle.rates import Year, stocked, utilisation
from oracle.recipes import TEXT, LineKey, Reading
from oracle.rest import drifting, moving, same, steady_state
from oracle.step import advance
from oracle.world import State, Step, World, world_of


@dataclass(frozen=True)
class Run:
    """A simulated span: its recorded steps and the rates read from them."""

    world: World
    days: float
    steps: list[Step]
    years: list[Year]

    @cached_property
    def flow(self) -> dict[str, float]:
        """Dispatched per day by each link, as delivered."""
        return {key: sum(s.sent.get(key, 0.0) for s in self.steps) / self.days for key in self.world.links}

    @cached_property
    def activity(self) -> dict[LineKey, float]:
        return {key: sum(s.activity[key] for s in self.steps) / self.days for key in self.world.lines}

    @cached_property
    def utilisation(self) -> float | None:
        """solid_waste_utilisation over the whole run (semantics §9); None where nothing is generated."""
        return utilisation(self.world, self.years)


def simulate(scenario: Scenario, reading: Reading = TEXT) -> Run:
    """Run the warm-up and the recorded days from the steady state."""
    world = world_of(scenario, reading)
    state = steady_state(scenario, reading).state
    shortest = (world.longest_lead + 2) * world.step
    warm_up = max(scenario.time.warm_up or 0.0, shortest)
    for _ in range(ceil(warm_up / world.step - 1e-9)):
        advance(world, state)
    for firm in world.park.firms.values():
        for m, amount in firm.initial_stock.items():
            state.own[firm.id, m] = amount
    years: list[Year] = []
    for count in _steps_by_year(scenario):
        stock = stocked(world, state)
        years.append(Year(_record(world, state, count), stock))
    return Run(world, scenario.time.days, [step for year in years for step in year.steps], years)


def _steps_by_year(scenario: Scenario) -> list[int]:
    """How many recorded steps begin in each calendar year."""
    years = [scenario.time.date_of(step).year for step in range(scenario.time.steps)]
    return [years.count(year) for year in sorted(set(years))]


def _record(world: World, state: State, count: int) -> list[Step]:
    """Do `count` steps; once nothing moves any more, and no site can fill up, the rest of them are the same."""
    steps: list[Step] = []
    fills_up = any(site.room is not None for site in world.park.boundaries("disposal"))
    still, before = 0, None
    while len(steps) < count:
        earlier = deepcopy(state)
        steps.append(advance(world, state, recording=True))
        now = moving(steps[-1], Reading(rest="stocks"))
        still, before = still + 1 if same(now, before) else 0, now
        if still >= world.longest_lead + 2 and not fills_up and not drifting(world, earlier, state):
            return steps + [steps[-1]] * (count - len(steps))
    return steps
