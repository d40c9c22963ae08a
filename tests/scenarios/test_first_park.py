"""`scenarios/first_park.yaml` against its solution by hand (scenarios/first_park.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

import mfa
from mfa.park.plan import Plan
from mfa.park.scenario import Scenario

GENERATED = 90e3 + 60e3 + 100e3
"""Carbide slag, fly ash and red mud, t a year."""
USED = {"pvc-cement-carbide_slag": 80e3, "power-cement-fly_ash": 12e3, "alumina-cement-washed_red_mud": 10e3}
"""Link → t a year: limestone 100 ÷ 1.25, clay 20 − 0.8 × 10, share cap 40 % × 20 ÷ 0.8."""


@pytest.fixture(scope="module")
def scenario(scenarios: Path) -> Scenario:
    return mfa.load_scenario(scenarios / "first_park.yaml")


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    return mfa.suggest(scenario)


def utilisation(results: mfa.Results) -> float:
    table = results.indicators
    return table[(table.indicator == "solid_waste_utilisation") & (table.of == "")].value.item()


def test_today_the_kiln_takes_its_cap_of_fly_ash(scenario: Scenario) -> None:
    before = mfa.simulate(scenario)
    assert before.links.set_index("link").realised_per_yr.to_dict() == pytest.approx({"power-cement-fly_ash": 14e3})
    assert utilisation(before) == pytest.approx(14e3 / GENERATED)


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_the_plan_is_the_one_found_by_hand(scenario: Scenario, solver: str) -> None:
    plan = mfa.suggest(scenario, solver=solver, gap=0.0)
    assert plan.status == "optimal"
    assert plan.links.set_index("link").promised_per_yr.to_dict() == pytest.approx(USED, rel=1e-6)
    assert plan.objective == pytest.approx(102e3, rel=1e-6)
    assert plan.utilisation == pytest.approx(102e3 / GENERATED, rel=1e-6)
    assert plan.capital == pytest.approx(2e6, rel=1e-5)
    assert plan.unplaced == pytest.approx(0.0, abs=1e-6)


def test_the_washing_plant_takes_a_quarter_more_than_it_gives(plan: Plan) -> None:
    mix = plan.mix.set_index(["firm", "material"]).per_yr
    assert mix["alumina", "red_mud"] == pytest.approx(12.5e3, rel=1e-5)


def test_the_promise_is_kept_when_simulated_again(scenario: Scenario, plan: Plan) -> None:
    after = mfa.simulate(scenario.with_plan(plan), run="after")
    assert after.links.set_index("link").realised_per_yr.to_dict() == pytest.approx(USED, rel=1e-6)
    assert utilisation(after) == pytest.approx(102e3 / GENERATED, rel=1e-6)
