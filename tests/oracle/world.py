"""A park as the oracle's clock reads it, and what the clock keeps: stocks, and what happened in a step."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from mfa.park.firm import Line
from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.park.technology import Technology
from oracle import recipes
from oracle.recipes import TEXT, LineKey, Option, Reading, Stock, Way

NOTHING = 1e-12
"""What "nothing moves" means (semantics §7)."""
PATIENCE = 3000
"""Steps after which a park that has not come to rest is given up."""


@dataclass(frozen=True)
class World:
    """A park as the clock reads it."""

    park: Park
    step: float
    unknown: str = "refuse"
    allocation: str = "pro_rata"
    reading: Reading = TEXT

    @cached_property
    def lines(self) -> dict[LineKey, tuple[Line, Technology]]:
        return recipes.lines(self.park)

    @cached_property
    def answers(self) -> dict[tuple, tuple[float, dict[Option, float]]]:
        """What lines did with what was there, so that nothing is worked out twice."""
        return {}

    @cached_property
    def ways(self) -> dict[LineKey, dict[Option, Way]]:
        return {key: recipes.ways(self.park, tech, self.unknown) for key, (_, tech) in self.lines.items()}

    @cached_property
    def bounds(self) -> dict[LineKey, list[recipes.Bound]]:
        return {key: recipes.bounds(self.park, tech) for key, (_, tech) in self.lines.items()}

    @cached_property
    def sold(self) -> set[str]:
        return {m for m in self.park.materials if recipes.is_sold(self.park, m)}

    @cached_property
    def links(self) -> dict[str, Link]:
        return {
            link.id: link for link in sorted(self.park.links, key=lambda link: link.id) if link.status != "candidate"
        }

    @cached_property
    def leads(self) -> dict[str, int]:
        return {key: recipes.lead_steps(link, self.step) for key, link in self.links.items()}

    @cached_property
    def into(self) -> dict[Stock, list[str]]:
        """(receiver, material) → links, by id."""
        found: dict[Stock, list[str]] = {}
        for key, link in self.links.items():
            found.setdefault((link.to, link.material), []).append(key)
        return found

    @cached_property
    def planned(self) -> bool:
        """Whether a plan stands in the park: it has planned links or mixes."""
        return any(link.planned is not None for link in self.links.values()) or any(
            line.mix is not None for line, _ in self.lines.values()
        )

    @cached_property
    def longest_lead(self) -> int:
        return max(self.leads.values(), default=1)

    def storable(self, material: str) -> bool:
        return self.park.materials[material].storable

    def target(self, key: LineKey) -> float:
        """Units of main product a step."""
        return self.lines[key][0].target * self.step

    def at(self, firm: str) -> list[LineKey]:
        return [key for key in self.lines if key[0] == firm]

    @cached_property
    def mixes(self) -> dict[LineKey, dict[Option, float]]:
        """Planned use per unit of main product; 0 ÷ 0 = 0 (semantics §4)."""
        found = {}
        for key, (line, _) in self.lines.items():
            planned = line.planned or 0.0
            found[key] = {(u.material, u.replaces): u.amount / planned for u in line.mix or () if planned > 0}
        return found

    @cached_property
    def planned_own(self) -> dict[Stock, float]:
        """Per step: planned use − planned inflow of each (firm, material), at least 0."""
        total: dict[Stock, float] = {}
        for key, (line, _) in self.lines.items():
            for use in line.mix or ():
                at = (key[0], use.material)
                total[at] = total.get(at, 0.0) + use.amount * self.step
        for at in total:
            inflow = sum(self.links[k].planned or 0.0 for k in self.into.get(at, ()))
            total[at] = max(0.0, total[at] - inflow * self.step)
        return total

    @cached_property
    def could_use(self) -> dict[LineKey, dict[str, float]]:
        """A step's largest use of each material by each line: permitted use, or the mix under a plan."""
        found: dict[LineKey, dict[str, float]] = {}
        for key, (_, tech) in self.lines.items():
            found[key] = {}
            for m in sorted({m for m, _ in self.ways[key]}):
                if self.planned:
                    rate = sum(amount for (n, _), amount in self.mixes[key].items() if n == m)
                else:
                    rate = recipes.permitted_use(tech, self.ways[key], m)
                found[key][m] = rate * self.target(key)
        return found

    def largest_use(self, firm: str, material: str) -> float:
        """A step's largest permitted use of a material by all lines of a firm."""
        return sum(self.could_use[key].get(material, 0.0) for key in self.at(firm))

    def reserve(self, firm: str, material: str) -> float:
        """Own releases kept for the own next step before anything is sent, sold or disposed of."""
        if self.planned:
            return self.planned_own.get((firm, material), 0.0)
        return self.largest_use(firm, material)


@dataclass
class State:
    """Stocks at a moment; `transit[link][k]` arrives at the start of the k-th step from now."""

    own: dict[Stock, float] = field(default_factory=dict)
    received: dict[Stock, float] = field(default_factory=dict)
    transit: dict[str, list[float]] = field(default_factory=dict)
    placed: dict[str, float] = field(default_factory=dict)


@dataclass
class Step:
    """What happened in one step (amounts per step)."""

    activity: dict[LineKey, float] = field(default_factory=dict)
    used: dict[tuple[str, str, str, str], float] = field(default_factory=dict)
    sent: dict[str, float] = field(default_factory=dict)
    accepted: dict[Stock, float] = field(default_factory=dict)
    made: dict[tuple[str, str, str], float] = field(default_factory=dict)
    disposed: dict[Stock, float] = field(default_factory=dict)
    sold: dict[Stock, float] = field(default_factory=dict)
    lost: dict[Stock, float] = field(default_factory=dict)
    bought: dict[tuple[str, str, str], float] = field(default_factory=dict)


def world_of(scenario: Scenario, reading: Reading = TEXT) -> World:
    """Return the scenario's park as the clock reads it."""
    return World(scenario.park, scenario.time.step, scenario.unknown, scenario.allocation, reading)


def next_use(world: World, state: State, at: Stock) -> float:
    """One step's largest permitted use of a material at a firm, less own releases at hand."""
    return max(0.0, world.largest_use(*at) - state.own.get(at, 0.0))


def quantity(world: World, at: Stock) -> float:
    return world.park.boundary[at[0]].uses.get(at[1], 0.0) * world.step


def cap(world: World, key: str) -> float:
    at_most = world.links[key].at_most
    return inf if at_most is None else at_most * world.step


def planned_flow(world: World, key: str) -> float:
    return (world.links[key].planned or 0.0) * world.step


def add(account: dict, key: object, amount: float) -> None:
    account[key] = account.get(key, 0.0) + amount
