"""How much longer the optimiser's route takes than HiGHS alone on the same matrix.

The route: a Pyomo model of LinearExpressions, its standard form, checks, scaling, HiGHS, the whole numbers fixed and
solved again, the residual on the original numbers, the values loaded. The floor: the same rows as NumPy arrays passed
to highspy. Both run in one process, turn and turn about; equal optima are asserted before anything is timed.

    python tests/benchmarks/optimizer.py [link variables, default 1000] [rounds, default 7]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC
from pyomo.core.expr.numeric_expr import LinearExpression
from scipy.sparse import coo_array

from mfa.optimization.solvers import load, solve

GAP = 1e-3
"""Relative gap at which both stop; published measurements of such models use the same."""


@dataclass(frozen=True)
class Park:
    """Random flows from sources to receivers over links that may need a plant: arrays of one row a link."""

    source: np.ndarray
    target: np.ndarray
    plant: np.ndarray
    ratio: np.ndarray
    worth: np.ndarray
    supply: np.ndarray
    need: np.ndarray
    room: np.ndarray
    cost: np.ndarray
    budget: float


def random_park(links: int, plants: int) -> Park:
    """Return a park of `links` link variables and `plants` plants that may be built (0: none is needed)."""
    random = np.random.default_rng(5)
    ends = max(2, links // 10)
    cost = random.uniform(1e5, 1e7, plants)
    return Park(
        source=random.integers(0, ends, links),
        target=random.integers(0, ends, links),
        plant=random.integers(0, max(plants, 1), links),
        ratio=random.uniform(0.5, 2.0, links),
        worth=random.uniform(0.2, 1.0, links),
        supply=random.uniform(1e3, 1e5, ends),
        need=random.uniform(1e3, 1e5, ends),
        room=random.uniform(1e4, 3e5, plants),
        cost=cost,
        budget=float(cost.sum() / 3),
    )


def by_adapter(park: Park) -> float:
    """Return the optimum by Pyomo and the solver adapter."""
    with PauseGC():
        model = build(park)
    solution = solve(model, solver="highs", gap=GAP)
    load(model, solution)
    assert solution.objective is not None
    return solution.objective


def build(park: Park) -> pyo.ConcreteModel:
    """Return the park as a Pyomo model."""
    model = pyo.ConcreteModel()
    links = range(len(park.source))
    model.flow = pyo.Var(links, domain=pyo.NonNegativeReals)
    model.built = pyo.Var(range(len(park.cost)), domain=pyo.Binary)
    flow, built = list(model.flow.values()), list(model.built.values())
    ratio, room = park.ratio.tolist(), park.room.tolist()

    def grouped(keys: np.ndarray, count: int) -> list[list[int]]:
        order = np.argsort(keys, kind="stable")
        return [part.tolist() for part in np.split(order, np.searchsorted(keys[order], np.arange(1, count)))]

    def weighted(members: list[int], weights: list[float]) -> LinearExpression:
        return LinearExpression(linear_coefs=[weights[j] for j in members], linear_vars=[flow[j] for j in members])

    ones = [1.0] * len(flow)
    model.worth = pyo.Objective(
        expr=LinearExpression(linear_coefs=park.worth.tolist(), linear_vars=flow), sense=pyo.maximize
    )
    supplied, needed = grouped(park.source, len(park.supply)), grouped(park.target, len(park.need))
    supply, need = park.supply.tolist(), park.need.tolist()
    model.supply = pyo.Constraint(range(len(supply)), rule=lambda _, i: (None, weighted(supplied[i], ones), supply[i]))
    model.need = pyo.Constraint(range(len(need)), rule=lambda _, i: (None, weighted(needed[i], ratio), need[i]))
    if built:
        through = grouped(park.plant, len(built))
        model.room = pyo.Constraint(
            range(len(built)), rule=lambda _, i: (None, weighted(through[i], ones) - room[i] * built[i], 0.0)
        )
        model.budget = pyo.Constraint(
            expr=(None, LinearExpression(linear_coefs=park.cost.tolist(), linear_vars=built), park.budget)
        )
    return model


def by_highs(park: Park) -> float:
    """Return the optimum by the same rows as arrays, passed to HiGHS."""
    links, plants = len(park.source), len(park.cost)
    ends, each = len(park.supply), np.arange(links)
    row = [park.source, ends + park.target]
    column, value = [each, each], [np.ones(links), park.ratio]
    if plants:
        row += [2 * ends + park.plant, 2 * ends + np.arange(plants), np.full(plants, 2 * ends + plants)]
        column += [each, links + np.arange(plants), links + np.arange(plants)]
        value += [np.ones(links), -park.room, park.cost]
    height = 2 * ends + (plants + 1 if plants else 0)
    shape = (height, links + plants)
    table = coo_array((np.concatenate(value), (np.concatenate(row), np.concatenate(column))), shape=shape).tocsc()
    right = np.concatenate([park.supply, park.need, np.zeros(plants), [park.budget] if plants else []])
    highs = highspy.Highs()
    for option, setting in (("output_flag", False), ("threads", 1), ("mip_rel_gap", GAP)):
        highs.setOptionValue(option, setting)
    highs.passModel(
        links + plants, height, table.nnz, 1, -1, 0.0,
        np.concatenate([park.worth, np.zeros(plants)]),
        np.zeros(links + plants),
        np.concatenate([np.full(links, np.inf), np.ones(plants)]),
        np.full(height, -np.inf), right,
        table.indptr.astype(np.int32), table.indices.astype(np.int32), table.data,
        np.concatenate([np.zeros(links), np.ones(plants)]).astype(np.int32),
    )  # fmt: skip
    highs.run()
    return highs.getInfo().objective_function_value


def seconds(call: Callable[[Park], float], park: Park) -> float:
    """Return the processor seconds of one call."""
    start = time.process_time()
    call(park)
    return time.process_time() - start


def compare(name: str, park: Park, rounds: int) -> None:
    """Print the median of the ratios of the rounds."""
    ours, floor = by_adapter(park), by_highs(park)
    allowed = 1e-6 if not len(park.cost) else 2 * GAP
    assert abs(ours - floor) <= allowed * abs(floor), (ours, floor)
    ratios, base = [], []
    for _ in range(rounds):
        base.append(seconds(by_highs, park))
        ratios.append(seconds(by_adapter, park) / base[-1])
    print(f"{name}: {statistics.median(ratios):.2f} x raw HiGHS ({min(ratios):.2f} to {max(ratios):.2f}),", end=" ")
    print(f"floor {1000 * statistics.median(base):.1f} ms")


def main() -> None:
    """Compare a linear program and one with a plant to fifty links."""
    links = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    compare(f"{links} links, {links // 50} plants", random_park(links, links // 50), rounds)
    compare(f"{links} links, linear", random_park(links, 0), rounds)


if __name__ == "__main__":
    main()
