"""The closed loop: before, plan, after, and the promise held against what came true."""

import pytest
from building import START
from examples import ash_scenario
from tabling import value

from mfa.experiments import close_loop, simulate
from mfa.park.plan import Plan
from mfa.park.scenario import Disruption


def test_the_loop_builds_the_link_and_keeps_its_promise():
    stages = []
    loop = close_loop(ash_scenario(), progress=lambda stage, _: stages.append(stage))
    # 10 t of ash a day; the kiln needs 10 t of clay, of which ash covers up to 40 %: 4 of 10 t are used.
    assert loop.plan.status == "optimal"
    assert value(loop.before.indicators, "solid_waste_utilisation") == 0.0
    assert value(loop.after.indicators, "solid_waste_utilisation") == pytest.approx(0.4, abs=1e-6)
    assert [results.run for results in loop.runs] == ["before", "after"]
    assert loop.cause == ""
    promise = loop.promise.set_index("item")
    assert promise["kept"].all()
    assert promise.loc["utilisation", "promised"] == pytest.approx(0.4, abs=1e-6)
    assert promise.loc["link", ["of", "unit"]].to_list() == ["power-kiln-ash", "t/yr"]
    assert promise.loc["link", "realised"] == pytest.approx(1460.0, rel=1e-6)
    assert list(dict.fromkeys(stages)) == ["before", "suggest", "after"]
    assert loop.disturbances == ()


def test_a_disruption_breaks_the_promise_and_is_named():
    stop = Disruption(firm="kiln", from_=START, lasts=73.0)
    loop = close_loop(ash_scenario(disruptions=(stop,)))
    promise = loop.promise.set_index("item")
    assert not promise["kept"].any()
    assert promise.loc["link", "gap"] == pytest.approx(-0.2, abs=0.01)
    assert loop.disturbances == ("disruptions stop or slow lines",)


def test_a_plan_without_a_solution_leaves_the_run_before_it_and_the_cause(monkeypatch):
    answer = Plan(status="infeasible", solver="highs", message="the budget is too small")
    monkeypatch.setattr("mfa.optimization.suggest", lambda *_: answer)
    loop = close_loop(ash_scenario())
    assert (loop.after, loop.cause) == (None, "the budget is too small")
    assert [results.run for results in loop.runs] == ["before"]
    assert loop.promise.empty
    assert loop.disturbances == ()


def test_a_run_is_named_after_the_park_it_runs():
    what = ash_scenario()
    plan = close_loop(what).plan
    assert simulate(what).run == "before"
    assert simulate(what.with_plan(plan)).run == "after"
    assert simulate(what, "layout").run == "layout"


def test_a_run_is_recounted_and_judged():
    results = simulate(ash_scenario())
    assert 0.0 <= results.worst_imbalance <= 1e-9
    assert value(results.indicators, "waste_generated") == pytest.approx(3650.0)
    assert value(results.indicators, "co2_direct") == pytest.approx(14600.0)
