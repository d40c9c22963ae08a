"""Named samples of a material: what a scenario gets that asks for one, and what it is told when there is none."""

import pytest

from mfa.errors import InputError
from mfa.files import load_scenario, read_scenario, write_scenario

SCENARIO = """mfa: 1
time: {start: 2025-01-01, end: 2025-01-31}
park:
  materials:
    MATERIAL
    brick: {class: product}
  technologies:
    works: {product: brick, uses: {ash: 1}}
  firms:
    works: {runs: works, capacity: 1 kt/yr}
  boundary:
    market: {kind: market, sells: [ash], buys: [brick]}
"""

ASH = """ash:
      class: raw
      moisture: 10%
      composition: {SiO2: 50%, Cl: 0.1%}
      properties: {LOI: 0.05, mark: 1}
      price: 20 CNY/t
      ranges: {composition.SiO2: [40%, 60%], moisture: [5%, 15%], price: [10 CNY/t, 30 CNY/t]}
      source: book
      confidence: found
      evidence:
        composition.Cl: {source: from memory, confidence: memory}
        price: {source: a trader, confidence: found}
      samples:
        lake: {composition: {SiO2: 44%, CaO: 20%}, properties: {LOI: 0.02},
               source: own analysis, year: 2024, confidence: found}
        hill: {moisture: 2%, source: own scales, confidence: found}"""


@pytest.fixture
def written(tmp_path):
    """Write a scenario with a material in it."""

    def write(material):
        path = tmp_path / "park.yaml"
        path.write_text(SCENARIO.replace("MATERIAL", material), encoding="utf-8")
        return path

    return write


def ash(path, changes=None):
    return load_scenario(path, changes).park.materials["ash"]


def test_without_a_wish_the_typical_values_hold_and_no_sample_travels(written):
    found = ash(written(ASH))
    assert (found.composition, found.samples) == ({"SiO2": 0.5, "Cl": 0.001}, {})


def test_a_sample_takes_the_place_of_the_whole_composition(written):
    found = ash(written(ASH + "\n      sample: lake"))
    assert found.composition == {"SiO2": 0.44, "CaO": 0.20}  # Cl was not measured: unknown, not typical
    assert found.properties == {"LOI": 0.02, "mark": 1.0}
    assert (found.moisture, found.price) == (0.10, 20.0)


def test_a_sample_is_the_evidence_for_what_it_says(written):
    found = ash(written(ASH), {"park.materials.ash.sample": "lake"})
    assert set(found.evidence) == {"composition", "properties.LOI", "price"}
    assert found.evidence["composition"].source == "own analysis"
    assert (found.evidence["composition"].year, found.evidence["price"].source) == (2024, "a trader")
    assert set(found.ranges) == {"moisture", "price"}


def test_a_sample_of_moisture_alone_leaves_the_composition(written):
    found = ash(written(ASH + "\n      sample: hill"))
    assert (found.moisture, found.composition["SiO2"]) == (0.02, 0.5)
    assert set(found.ranges) == {"composition.SiO2", "price"}


def test_a_material_of_the_library_needs_only_the_name_of_a_sample(written):
    text = 'fly_ash: {sample: "class F, Indonesia or India", composition: {Zn: 0.01%}, price: 90 CNY/t}\n    ' + ASH
    fly_ash = load_scenario(written(text)).park.materials["fly_ash"]
    assert fly_ash.composition["SiO2"] == pytest.approx(0.5593)
    assert fly_ash.composition["Zn"] == pytest.approx(1e-4)  # the scenario's own, beside the sample
    assert "Cl" not in fly_ash.composition
    assert (fly_ash.class_, fly_ash.price, fly_ash.name.zh) == ("bulk_solid_waste", 90.0, "粉煤灰")


def test_an_unknown_sample_is_told_with_the_known_ones(written):
    path = written(ASH + "\n      sample: lakes")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{path}:21:7: error: park.materials.ash.sample: ash has no sample 'lakes'; did you mean 'lake'?"
    ]


@pytest.mark.parametrize(
    ("material", "hint"),
    [("brick2: {class: raw, sample: x}", "brick2 has no sample 'x'; it has none"),
     ("red_mud: {sample: Ajka}", "red_mud has no sample 'Ajka'; it has 'Bayer mud, review of Agrawal'")],
)  # fmt: skip
def test_a_sample_that_cannot_be_meant_is_told(written, material, hint):
    reading = read_scenario(written(material + "\n    " + ASH))
    assert [problem.message for problem in reading.errors] == [hint]


def test_a_scenario_with_a_sample_reads_back_equal(written, tmp_path):
    scenario = load_scenario(written(ASH + "\n      sample: lake"))
    write_scenario(scenario, tmp_path / "again.yaml")
    assert load_scenario(tmp_path / "again.yaml") == scenario
