"""Two readings of the same text give the same numbers: the engines against the oracle on random parks, to 1e-6.

What is not compared: the rate and the flows of a plan with those of the oracle's plan. Optimal plans are rarely unique,
and an idle line that one of them runs changes what is generated, hence the rate, but not the objective (semantics §8).
"""

from __future__ import annotations

import math
from functools import cache

import pytest
from oracle import clock, rest
from oracle.optimum import brute_force, optimum
from oracle.parks import Features, random_scenario

from mfa.experiments import simulate
from mfa.optimization import suggest
from mfa.park.plan import Plan
from mfa.park.scenario import Scenario
from mfa.results.results import Results
from mfa.step.steady_state import steady_state


def seeds(quick: int, slow: int) -> list[object]:
    """Return the first `quick` seeds, and as slow tests those up to `slow`."""
    return [*range(quick), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(quick, slow))]


@cache
def plan_of(seed: int) -> Plan:
    """Return what the toolkit proposes for a park."""
    return suggest(random_scenario(seed))


@cache
def after(seed: int) -> Results:
    """Return the toolkit's run of the park in which that is built."""
    return simulate(random_scenario(seed).with_plan(plan_of(seed)), "after")


def utilisation(results: Results) -> float:
    """Return the headline indicator; NaN where nothing is generated."""
    rows = results.indicators
    mine = rows[(rows["indicator"] == "solid_waste_utilisation") & (rows["of"] == "")]
    return float(mine["value"].iloc[0]) if len(mine) else math.nan


def close(value: float | None) -> object:
    """Return what a number must equal: `value` to 1e-6, where None is NaN."""
    return pytest.approx(math.nan if value is None else value, rel=1e-6, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("seed", seeds(30, 300))
def test_both_come_to_the_same_rest(seed: int) -> None:
    scenario = random_scenario(seed)
    ours, theirs = steady_state(scenario.park, step=scenario.time.step), rest.steady_state(scenario)
    if not theirs.reached:
        pytest.skip("it creeps to rest more slowly than the oracle waits")
    assert {key: ours.activity[key] for key in theirs.activity} == {k: close(v) for k, v in theirs.activity.items()}
    assert {key: ours.flow[key] for key in theirs.flow} == {k: close(v) for k, v in theirs.flow.items()}


@pytest.mark.parametrize("seed", seeds(8, 200))
def test_both_find_the_same_utilisation_without_a_plan(seed: int) -> None:
    scenario = random_scenario(seed)
    assert utilisation(simulate(scenario)) == close(clock.simulate(scenario).utilisation)


@pytest.mark.parametrize("seed", seeds(10, 200))
def test_both_find_the_same_optimum(seed: int) -> None:
    best = optimum(random_scenario(seed))
    assert best is not None
    assert plan_of(seed).objective == close(best.values["waste_utilisation"])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(0, 200, 4))
def test_the_optimum_equals_brute_force(seed: int) -> None:
    scenario = random_scenario(seed)
    best = optimum(scenario)
    assert best is not None
    if best.binaries > 10:
        pytest.skip("too many subsets")
    assert plan_of(seed).objective == close(brute_force(scenario))


@pytest.mark.parametrize("seed", seeds(8, 200))
def test_the_toolkit_keeps_its_own_promise(seed: int) -> None:
    assert utilisation(after(seed)) == close(plan_of(seed).utilisation)
    links = after(seed).links
    for promised, realised in zip(links["promised_per_yr"], links["realised_per_yr"], strict=True):
        assert realised == pytest.approx(promised, rel=1e-6, abs=365e-6)


@pytest.mark.parametrize("seed", seeds(8, 200))
def test_the_oracle_keeps_the_toolkits_promise(seed: int) -> None:
    _keeps(random_scenario(seed), plan_of(seed), clock.simulate(random_scenario(seed).with_plan(plan_of(seed))))


def _keeps(scenario: Scenario, plan: Plan, run: clock.Run) -> None:
    assert (run.utilisation or 0.0) == close(plan.utilisation or 0.0), scenario.id
    for planned in plan.planned_links:
        assert run.flow[planned.link.id] == close(planned.flow), planned.link.id


@pytest.mark.parametrize("seed", seeds(8, 200))
def test_the_toolkit_keeps_the_oracles_promise(seed: int) -> None:
    scenario = random_scenario(seed)
    best = optimum(scenario)
    assert best is not None
    results = simulate(scenario.with_plan(best.plan), "after")
    assert utilisation(results) == close(best.utilisation)
    realised = dict(zip(results.links["link"], results.links["realised_per_yr"], strict=True))
    for planned in best.plan.planned_links:
        assert realised[planned.link.id] == pytest.approx(planned.flow * 365, rel=1e-6, abs=365e-6), planned.link.id


@pytest.mark.parametrize("seed", seeds(3, 60))
@pytest.mark.parametrize("objectives", [("net_diversion",), ("waste_utilisation", "fewest_links")])
def test_both_agree_on_other_objectives(seed: int, objectives: tuple[str, ...]) -> None:
    scenario = random_scenario(seed)
    asked = scenario.replace(optimize=scenario.optimize.replace(objectives=objectives))
    best = optimum(asked)
    assert best is not None
    found = suggest(asked).objectives
    assert {name: abs(found[name]) for name in objectives} == {n: close(abs(v)) for n, v in best.values.items()}


@pytest.mark.parametrize("seed", seeds(3, 60))
def test_both_agree_under_other_rules_and_over_two_years(seed: int) -> None:
    scenario = random_scenario(seed, Features(rules=True, allow_unknown=True, years=True))
    assert utilisation(simulate(scenario)) == close(clock.simulate(scenario).utilisation)
