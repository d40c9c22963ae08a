"""How much longer the first solve of a real park takes than HiGHS alone on the same matrix.

    python tests/benchmarks/suggestion.py [firms, default 23: about 1,000 candidate links] [rounds, default 5]

Candidate: posing the problem, formulating it, solving the first objective, loading the answer. Floor: HiGHS given the
compiled matrix as arrays. Every candidate link costs money to open and a budget allows for some of them only.
"""

from __future__ import annotations

import statistics
import sys
import time

import pyomo.environ as pyo
from simulation import ring_park

from mfa.optimization.forms import OBJECTIVES, linear
from mfa.optimization.formulation import formulate
from mfa.optimization.problem import pose
from mfa.optimization.solvers import highs, load, solve
from mfa.optimization.solvers.adapter import prepare
from mfa.optimization.solvers.answer import Limits
from mfa.park.scenario import Scenario

GAP = 1e-3
"""Relative gap at which both stop."""


def scenario_of(firms: int) -> Scenario:
    """Return a park without links whose firms lie scattered, with a budget for about one link a firm."""
    park = ring_park(firms).replace(links=())
    places = {key: (n * 0.7 % 13, n * 1.3 % 11) for n, key in enumerate(park.firms)}
    return Scenario.model_validate(
        {
            "park": park.replace(firms={key: firm.replace(at=places[key]) for key, firm in park.firms.items()}),
            "time": {"start": "2021-01-01", "end": "2021-12-31"},
            "candidates": {"defaults": {"set_up": 1000.0}},
            "optimize": {"subject_to": {"budget": firms * 1000.0}},
        }
    )


def model_of(scenario: Scenario) -> pyo.ConcreteModel:
    """Return the model of a scenario with its first objective."""
    problem = pose(scenario)
    model = formulate(problem)
    terms, _ = OBJECTIVES["waste_utilisation"].terms(model, problem)
    model.objective = pyo.Objective(expr=linear(terms), sense=pyo.maximize)
    return model


def measure(firms: int, rounds: int) -> None:
    """Print the median ratio."""
    scenario = scenario_of(firms)
    model = model_of(scenario)
    question = prepare(model)
    answer = highs.ask(question.scaled.matrix, Limits(GAP))
    assert answer.values is not None
    best = abs(question.scaled.matrix.objective(answer.values))
    again = solve(model, solver="highs", gap=GAP)
    values = abs(again.objective or 0.0), abs(question.scaled.objective(best))
    assert abs(values[0] - values[1]) <= GAP * values[0], values
    ratios = []
    for _ in range(rounds):
        begin = time.process_time()
        highs.ask(question.scaled.matrix, Limits(GAP))
        floor = time.process_time() - begin
        begin = time.process_time()
        again = model_of(scenario)
        solution = solve(again, solver="highs", gap=GAP)
        load(again, solution)
        ratios.append((time.process_time() - begin) / floor)
    links = len(model.flow)
    print(f"{links} link variables, {len(model.open)} binaries: {statistics.median(ratios):.2f} × raw HiGHS", end=" ")
    print(f"({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    measure(*(words + [23, 5][len(words) :]))
