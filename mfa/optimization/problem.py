"""The data of the optimisation: the park with its offers as arrays, today's state, and bounds (semantics §7)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mfa.optimization.offers import offer
from mfa.park.origin import counted_origin
from mfa.park.park import Park
from mfa.park.plan import Refusal, without_plan
from mfa.park.scenario import Scenario
from mfa.step.arrays import Floats, ParkArrays, compile_park, tally
from mfa.step.steady_state import SteadyState, steady_state
from mfa.use_phase.supply import park_in


@dataclass(frozen=True)
class Outlet:
    """Where a waste pile may go: a disposal site with its cost, CNY per dry tonne."""

    pile: int
    site: str
    cost: float


@dataclass(frozen=True)
class Problem:
    """What may be decided, in rates per day. Arrays follow the rows of `arrays` (see `mfa.step.arrays`).

    `lowest`, `highest` activity by line; `new_links`, `new_lines` rows that are candidates; `flow_bound` the most a
    link could ever carry; `today` the state at rest without anything new; `origin` counted origin tonnes per tonne
    of each material; `outlets` where waste may be disposed of; `refusals` what was never a candidate.
    """

    scenario: Scenario
    park: Park
    arrays: ParkArrays
    today: SteadyState
    lowest: Floats
    highest: Floats
    new_links: list[int]
    new_lines: list[int]
    flow_bound: Floats
    delivered_today: Floats
    origin: dict[str, float]
    outlets: list[Outlet]
    refusals: tuple[Refusal, ...]

    @cached_property
    def wet(self) -> Floats:
        """Tonnes as received per dry tonne, by link."""
        materials = self.park.materials
        return np.array([materials[link.material].as_received for link in self.arrays.links.links])

    @cached_property
    def waste_piles(self) -> list[int]:
        """Rows of piles of waste that a line makes and no market buys: what is not used must be placed."""
        made = set(self.arrays.made.pile.tolist())
        return [p for p in sorted(made) if must_be_placed(self.park, self.arrays.piles.keys[p][1])]


def pose(scenario: Scenario) -> Problem:
    """Return the optimisation problem of a scenario.

    Raises:
        InputError: origin tonnes contradict each other.
    """
    today_park = park_in(scenario.park, scenario.plan_year)
    offers = offer(scenario.replace(park=without_plan(today_park)))
    park = offers.park
    arrays = compile_park(park, 1.0, scenario.unknown, scenario.allocation, candidates=True)
    today = steady_state(today_park, scenario.unknown, scenario.time.step, scenario.allocation)
    new_lines = [row for row, key in enumerate(arrays.lines.keys) if _is_offered(park, key)]
    lowest, highest = _activity_bounds(arrays, today, new_lines)
    links = arrays.links
    new_links = [row for row, link in enumerate(links.links) if link.status == "candidate"]
    return Problem(
        scenario, park, arrays, today, lowest, highest, new_links, new_lines,
        _flow_bounds(arrays, highest), _delivered_today(arrays, today), counted_origin(park),
        list(_outlets(arrays)), offers.refusals,
    )  # fmt: skip


def _is_offered(park: Park, key: tuple[str, str]) -> bool:
    return park.firms[key[0]].lines[key[1]].status == "candidate"


def _activity_bounds(arrays: ParkArrays, today: SteadyState, new_lines: list[int]) -> tuple[Floats, Floats]:
    """A line whose every need a market meets is fixed at its target; others range from today to their target.

    A plant on offer ranges from nothing to its target, whoever sells what it needs.
    """
    dependent = np.zeros(len(arrays.lines.keys), dtype=bool)
    dependent[arrays.inputs.line[~arrays.inputs.sold]] = True
    now = np.array([today.activity.get(key, 0.0) for key in arrays.lines.keys])
    target = arrays.lines.target
    dependent[new_lines] = True
    lowest = np.where(dependent, np.minimum(now * (1 - 1e-9), target), target)
    return lowest, target.copy()


def _delivered_today(arrays: ParkArrays, today: SteadyState) -> Floats:
    flow = np.array([today.flow.get(link.id, 0.0) for link in arrays.links.links])
    delivered = tally(arrays.links.target, flow, len(arrays.piles.keys))
    return np.where(arrays.piles.is_firm, 0.0, delivered * (1 - 1e-9))


def _flow_bounds(arrays: ParkArrays, highest: Floats) -> Floats:
    """Return the most each link could carry: its own bound, what its source can make, what its target can use."""
    made, claims, links, piles = arrays.made, arrays.claims, arrays.links, arrays.piles
    count = len(piles.keys)
    makes = tally(made.pile, made.per_activity * highest[made.line], count)
    gives = np.where(piles.is_firm, makes, piles.supply)[links.source] / links.drawn
    takes = np.where(piles.is_firm, tally(claims.pile, claims.largest, count), piles.quota)[links.target]
    return np.minimum(np.minimum(links.at_most, gives), takes)


def must_be_placed(park: Park, material: str) -> bool:
    """Whether the surplus of a material goes to a disposal site: waste that no market buys."""
    return park.materials[material].is_waste and park.market_for(material, "buys") is None


def _outlets(arrays: ParkArrays) -> list[Outlet]:
    park = arrays.park
    result = []
    for pile in sorted(set(arrays.made.pile.tolist())):
        name = arrays.piles.keys[pile][1]
        material = park.materials[name]
        if must_be_placed(park, name):
            for site in park.boundaries("disposal"):
                if park.lists(site.accepts, name):
                    result.append(Outlet(pile, site.id, site.gate_fee * material.as_received))
    return result


def room_per_day(problem: Problem, site: str) -> float:
    """Return the room of a disposal site spread over the scenario's time, dry t a day; infinite if none is stated."""
    room = problem.park.boundary[site].room
    return math.inf if room is None else room / problem.scenario.time.days
