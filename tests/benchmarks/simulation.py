"""Prints what SimPy's clock, recording and outlets cost beside the bare arithmetic of a step.

    python tests/benchmarks/simulation.py [firms ...]

Floor: a plain loop over the array kernels of phases 1 to 5, in the same process, on the same park.
`clock`: the same loop under a SimPy clock process. `run`: the whole simulation with disposal, sales and recording,
without the shortcut for steps that repeat. `rest`: the whole simulation as it is, on a park at rest.
Rounds are interleaved; the figure is the median of the ratios of each round. Nothing is asserted about time.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import simpy

from mfa.park.firm import Boundary, Firm, Line
from mfa.park.link import Link
from mfa.park.material import Material
from mfa.park.park import Park
from mfa.park.scenario import Scenario, Time
from mfa.park.technology import Acceptance, Technology
from mfa.simulation import clock
from mfa.step.arrays import ParkArrays, compile_park
from mfa.step.ledger import Ledger
from mfa.step.phases import Moves, advance
from mfa.step.repetition import Stepper
from mfa.step.steady_state import find_rest, starting_stock

STEPS = 365
ROUNDS = 5


def ring_park(firms: int) -> Park:
    """Return a park of `firms` firms, each with two outputs, two inputs and four links to its neighbours."""
    wastes = [Material(id=f"waste{n}", **{"class": "solid_waste"}, storable=True) for n in range(2)]
    materials = [Material(id="ore", **{"class": "raw"}), Material(id="good", **{"class": "product"}), *wastes]
    technology = Technology(
        id="make", product="good", uses={"ore": 1.0}, releases={"waste0": 0.2, "waste1": 0.1},
        accepts=(
            Acceptance(material="waste0", replaces="ore", up_to=0.15),
            Acceptance(material="waste1", replaces="ore", up_to=0.2, priority=2),
        ),
    )  # fmt: skip
    nodes = {
        f"f{n:05d}": Firm(id=f"f{n:05d}", lines={"l": Line(id="l", runs="make", capacity=50 + n % 7)})
        for n in range(firms)
    }
    links = [
        Link(
            id=f"{source}-{material}-{hop}",
            from_=source,
            to=f"f{(n + hop) % firms:05d}",
            material=material,
            at_most=6.0,
        )
        for n, source in enumerate(nodes)
        for material in ("waste0", "waste1")
        for hop in (1, 3)
    ]
    boundary = {
        "market": Boundary(id="market", kind="market"),
        "tip": Boundary(id="tip", kind="disposal", accepts=("solid_waste",)),
    }
    return Park(
        coordinates="km", materials={m.id: m for m in materials}, technologies={"make": technology}, firms=nodes,
        boundary=boundary, links=tuple(links),
    )  # fmt: skip


class Computing(Stepper):
    """A stepper that computes every step."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._held = ledger

    def advance(self, availability: Any) -> Moves:
        """Take the step without looking whether it repeats."""
        return advance(self._held, availability)


def fresh(arrays: ParkArrays) -> Ledger:
    """Return a ledger at rest."""
    moves, ledger, _ = find_rest(arrays, np.ones(len(arrays.lines.keys)))
    return starting_stock(arrays, moves, ledger)


def floor(arrays: ParkArrays, ledger: Ledger) -> None:
    """Step without a clock."""
    ones = np.ones(len(arrays.lines.keys))
    for _ in range(STEPS):
        advance(ledger, ones)


def clocked(arrays: ParkArrays, ledger: Ledger) -> None:
    """Step under a SimPy process."""
    ones, env = np.ones(len(arrays.lines.keys)), simpy.Environment()

    def tick() -> Iterator[Any]:
        for _ in range(STEPS):
            advance(ledger, ones)
            yield env.timeout(1)

    env.process(tick())
    env.run()


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def measure(firms: int) -> None:
    """Print the ratios for one size."""
    park = ring_park(firms)
    scenario = Scenario(park=park, time=Time(start="2021-01-01", end="2021-12-31"))
    arrays = compile_park(park)
    start = fresh(arrays)
    ratios: dict[str, list[float]] = {"clock": [], "run": [], "rest": []}
    per_step = []
    for _ in range(ROUNDS):
        base = seconds(lambda: floor(arrays, copy_of(start)))
        per_step.append(base / STEPS * 1e6)
        ratios["clock"].append(seconds(lambda: clocked(arrays, copy_of(start))) / base)
        ratios["run"].append(seconds(lambda: whole(scenario, arrays, start, Computing)) / base)
        ratios["rest"].append(seconds(lambda: whole(scenario, arrays, start, Stepper)) / base)
    shown = "  ".join(f"{name} {statistics.median(values):5.2f} ×" for name, values in ratios.items())
    print(f"{firms:6d} firms  floor {statistics.median(per_step):7.0f} µs a step  {shown}")


def copy_of(ledger: Ledger) -> Ledger:
    """Return a ledger that holds the same."""
    return Ledger(ledger.arrays, ledger.own.copy(), ledger.received.copy(), ledger.transit.copy(), ledger.tick)


def whole(scenario: Scenario, arrays: ParkArrays, start: Ledger, stepper: type[Stepper]) -> None:
    """Run the clock of the simulation from a given state."""
    usual = clock.Stepper
    clock.Stepper = stepper  # type: ignore[misc]
    try:
        clock.run_from(scenario, arrays, copy_of(start))
    finally:
        clock.Stepper = usual  # type: ignore[misc]


if __name__ == "__main__":
    for size in [int(word) for word in sys.argv[1:]] or [10, 100, 1000]:
        measure(size)
