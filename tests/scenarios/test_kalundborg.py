"""`scenarios/kalundborg.yaml` against the published quantities, written here once more by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import mfa
from mfa.park.scenario import Scenario

PUBLISHED = {  # t or m3 a year, mid-1990s; one row for each link, never an alternative beside it
    ("asnaes", "gyproc", "published_gypsum"): 80_000,
    ("asnaes", "cement", "published_fly_ash"): 170_000,
    ("asnaes", "municipality", "process_steam"): 225_000,
    ("asnaes", "novo", "process_steam"): 215_000,
    ("asnaes", "statoil", "process_steam"): 140_000,
    ("statoil", "asnaes", "cooling_water"): 700_000,
    ("statoil", "asnaes", "treated_water"): 200_000,
    ("statoil", "kemira", "sulphur"): 2_800,
    ("novo", "farms", "sludge"): 1_000_000,
    ("novo", "farms", "yeast"): 5_000,
}
FROM_MEMORY = {
    ("asnaes", "statoil", "process_steam"),
    ("statoil", "asnaes", "treated_water"),
    ("statoil", "kemira", "sulphur"),
}


@pytest.fixture(scope="module")
def scenario(scenarios: Path) -> Scenario:
    return mfa.load_scenario(scenarios / "kalundborg.yaml")


@pytest.fixture(scope="module")
def results(scenario: Scenario) -> mfa.Results:
    return mfa.simulate(scenario)


def test_every_link_carries_what_was_published(results: mfa.Results) -> None:
    realised = results.links.set_index(["source", "target", "material"]).realised_per_yr.to_dict()
    assert realised == pytest.approx(PUBLISHED, rel=1e-9)


def test_the_totals_stand_apart_and_make_nine_tenths_of_the_published_one(
    scenario: Scenario, results: mfa.Results
) -> None:
    links = results.links
    kind = links.material.map(lambda material: scenario.park.materials[material].class_)
    totals = links.realised_per_yr.groupby(kind).sum()
    assert totals.to_dict() == pytest.approx({"by_product": 1_257_800, "water": 900_000, "energy": 580_000})
    assert totals.sum() == pytest.approx(2_737_800)
    assert totals.sum() / 3_000_000 == pytest.approx(0.91, abs=0.005)  # "about 3 Mt a year", IISD


def test_what_comes_from_memory_is_marked(scenario: Scenario) -> None:
    marked = {(x.from_, x.to, x.material) for x in scenario.park.links if x.confidence == "memory"}
    assert marked == FROM_MEMORY
    assert all(link.source for link in scenario.park.links)


def test_utilisation_is_unknown_not_zero_and_not_one(results: mfa.Results) -> None:
    table = results.indicators
    value = table[(table.indicator == "solid_waste_utilisation") & (table.of == "")].value
    assert all(math.isnan(x) for x in value)


def test_nothing_is_disposed_of_or_unaccounted(results: mfa.Results) -> None:
    flows = results.flows
    assert flows[flows.kind.isin(["disposal", "unaccounted"])].dry_amount.sum() == pytest.approx(0.0, abs=1.0)
