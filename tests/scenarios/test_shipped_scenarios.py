"""Every shipped scenario reads without a complaint, says what it is for, and gives the numbers it gave before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from golden import GOLDEN, headlines, shipped

import mfa
from mfa.files import read_scenario
from mfa.use_phase.supply import park_in

SCENARIOS = shipped()
KNOWN = json.loads(GOLDEN.read_text(encoding="utf-8"))
TOLERANCE = 1e-5
"""Relative: far below anything a reader sees, far above what solvers differ by."""

each = pytest.mark.parametrize("path", SCENARIOS.values(), ids=SCENARIOS)


GROWING = ("shredder", "engines", "batteries", "electronics", "plastics", "aluminium")
IDLE = {
    "coal_steel_cement": ["park.firms.gangue_power", "park.firms.slag_mill"],
    "urban_mine_growing": [f"park.firms.{firm}" for firm in GROWING],
    "03_collection": ["park.firms.dismantler", "park.firms.granulator"],
}
"""Lines that wait for links, or for products in use to come to their end: what is short there is what it is about."""


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_reads_with_no_complaint_but_lines_that_wait_for_links(name: str) -> None:
    problems = read_scenario(SCENARIOS[name]).problems
    assert [problem.path for problem in problems] == IDLE.get(name, [])
    assert {problem.level for problem in problems} <= {"warning"}


@each
def test_its_purpose_stands_in_the_first_line(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert len(first) > 40


@each
def test_it_has_a_name_and_a_description_in_both_languages(path: Path) -> None:
    scenario = mfa.load_scenario(path)
    assert scenario.name.en
    assert scenario.name.zh
    assert scenario.description.en
    assert scenario.description.zh


@pytest.mark.parametrize("name", SCENARIOS)
def test_headlines_are_as_before(name: str) -> None:
    found, known = headlines(SCENARIOS[name]), KNOWN[name]
    assert found.keys() == known.keys()
    for key, value in known.items():
        assert found[key] == (value if value is None else pytest.approx(value, rel=TOLERANCE, abs=1e-6)), key


def test_the_main_job_starts_after_its_cement_standard() -> None:
    """GB 175-2023 has been in force since 2024-06-01."""
    assert mfa.load_scenario(SCENARIOS["coal_steel_cement"]).time.start.isoformat() >= "2024-06-01"


def test_the_main_job_holds_the_nine_bulk_wastes() -> None:
    nine = {
        "尾矿": ["iron_tailings"],
        "废石": ["waste_rock"],
        "煤矸石": ["coal_gangue"],
        "粉煤灰": ["fly_ash"],
        "冶炼渣": ["bf_slag", "steel_slag"],
        "冶金尘泥": ["metallurgical_dust"],
        "赤泥": ["red_mud"],
        "工业副产石膏": ["fgd_gypsum", "phosphogypsum"],
        "化工废渣": ["carbide_slag"],
    }
    park = mfa.load_scenario(SCENARIOS["coal_steel_cement"]).park
    made = {m for f in park.firms.values() for line in f.lines.values() for m in park.technologies[line.runs].releases}
    for name, materials in nine.items():
        assert set(materials) <= made, name
        assert all(park.materials[m].class_ == "bulk_solid_waste" for m in materials), name


def test_the_main_job_has_room_to_rise_and_rises() -> None:
    known = KNOWN["coal_steel_cement"]
    assert known["before.solid_waste_utilisation"] < 0.5
    assert known["after.solid_waste_utilisation"] > 0.7
    assert known["after.solid_waste_utilisation"] < known["promised_utilisation"]  # winter stops the kiln


def undisturbed(scenario: mfa.Scenario) -> mfa.Scenario:
    """Return a scenario without stops and building times, in which products in use supply what they do in plan_year."""
    technologies = {key: tech.replace(build_time=0.0) for key, tech in scenario.park.technologies.items()}
    park = park_in(scenario.park, scenario.plan_year).replace(technologies=technologies, in_use={})
    return scenario.replace(disruptions=(), park=park)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_promise_is_kept_where_nothing_disturbs_it(name: str) -> None:
    """Semantics §8, on every shipped scenario."""
    promise = mfa.close_loop(undisturbed(mfa.load_scenario(SCENARIOS[name])), gap=0.0).promise
    assert len(promise)
    assert promise[~promise.kept].to_dict("records") == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_both_solvers_prove_the_same_optimum(name: str) -> None:
    scenario = mfa.load_scenario(SCENARIOS[name])
    glpk, highs = (mfa.suggest(scenario, solver=solver, gap=0.0) for solver in ("glpk", "highs"))
    assert glpk.status == highs.status == "optimal"
    assert glpk.objective == pytest.approx(highs.objective, rel=1e-6, abs=1e-6)
