"""The parks of `models/parks`: readable, evidenced link by link, and silent where nothing is known."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from shipped import read_yaml

import mfa
from mfa.files import read_scenario
from mfa.files.library import data_root

PARKS = {path.stem: path for path in sorted((data_root() / "models" / "parks").glob("*.yaml"))}
SYNTHETIC = "synthetic_coal_steel_cement"
CONFIDENCES = {"found", "derived", "memory", "assumed"}

each = pytest.mark.parametrize("name", PARKS)


def scenario_with(park: Path, folder: Path) -> Path:
    """A one-year scenario around a park file."""
    path = folder / "scenario.yaml"
    path.write_text(
        f"mfa: 1\nname: one year\ntime: {{start: 2006-01-01, end: 2006-12-31}}\n"
        f"park: {park}\ncandidates: {{generate: false}}\n",
        encoding="utf-8",
    )
    return path


@each
def test_it_reads_without_errors_and_warns_only_of_firms_without_lines(name: str, tmp_path: Path) -> None:
    reading = read_scenario(scenario_with(PARKS[name], tmp_path))
    assert reading.scenario is not None
    idle = [f"firms.{key}" for key, firm in reading.scenario.park.firms.items() if not firm.lines]
    assert sorted(problem.path for problem in reading.problems) == sorted(idle)


@each
def test_it_has_names_in_both_languages_and_a_source(name: str) -> None:
    park = read_yaml(PARKS[name])
    assert park["source"]
    for named in (*park["firms"].values(), *park.get("boundary", {}).values()):
        assert named["name"]["en"]
        assert named["name"]["zh"]


@each
def test_every_link_has_a_source_and_a_confidence(name: str) -> None:
    for link in read_yaml(PARKS[name]).get("links", ()):
        assert link["confidence"] in (CONFIDENCES if name != SYNTHETIC else {"illustrative"}), link
        assert ("memory" in link["source"]) == (link["confidence"] == "memory"), link


@pytest.mark.parametrize("name", sorted(PARKS.keys() - {SYNTHETIC}))
def test_no_utilisation_rate_is_claimed(name: str, tmp_path: Path) -> None:
    table = mfa.simulate(mfa.load_scenario(scenario_with(PARKS[name], tmp_path))).indicators
    rate = table[(table.of == "") & (table.indicator == "solid_waste_utilisation")].value
    assert [math.isnan(value) for value in rate] == [True]


def test_kawasaki_exchanges_what_we_have_of_the_published_total(tmp_path: Path) -> None:
    results = mfa.simulate(mfa.load_scenario(scenario_with(PARKS["kawasaki"], tmp_path)))
    amounts = results.flows.set_index(["source", "target"]).dry_amount
    assert amounts["jfe_steel", "dc_cement"].sum() == pytest.approx(315_000)
    assert amounts["city"].sum() == pytest.approx(565_000 - 65_000 - 315_000)  # 65 kt have no link that we know


SUPPLIES = {  # kt a year, as the park is described: capacity × coefficient, worked out by hand
    ("coal_mine", "coal_gangue"): 825,  # 5 Mt raw coal × 0.165
    ("power", "fly_ash"): 675,  # 3 Mt coal × 0.225
    ("power", "fgd_gypsum"): 141,  # 3 Mt coal × 1 % S × 90 % × 1.8 × 2.9
    ("steel", "bf_slag"): 1520,  # 5 Mt steel × 0.95 × 0.32
    ("steel", "steel_slag"): 600,  # 5 Mt × 0.12
    ("alumina", "red_mud"): 1300,  # 1 Mt × 1.3
    ("phosphate", "phosphogypsum"): 1500,  # 0.3 Mt P2O5 × 5
    ("pvc", "carbide_slag"): 712,  # 0.4 Mt × 1.78
}


def test_the_synthetic_park_says_so_and_makes_what_it_is_described_to_make(tmp_path: Path) -> None:
    assert read_yaml(PARKS[SYNTHETIC])["illustrative"] is True
    results = mfa.simulate(mfa.load_scenario(scenario_with(PARKS[SYNTHETIC], tmp_path)))
    made = results.conversion.groupby(["firm", "material"]).made.sum()
    for source, amount in SUPPLIES.items():
        assert made[source] / 1e3 == pytest.approx(amount, rel=0.005), source
