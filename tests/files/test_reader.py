"""Reading a scenario: what the words of a file become, in base units."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from mfa.errors import FolderError, InputError
from mfa.files import load_scenario, read_scenario
from mfa.language import current
from mfa.park.distribution import Distribution
from mfa.park.park import Park

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXAMPLE = HERE / "example_scenario.yaml"


@pytest.fixture(scope="module")
def example():
    reading = read_scenario(EXAMPLE)
    assert reading.errors == ()
    return reading


def test_the_example_is_read_without_errors_and_its_doubts_are_told(example):
    told = [str(problem).removeprefix(f"{EXAMPLE}:") for problem in example.problems]
    assert told == [
        "3:21: warning: name.en: the comma before 'power' is taken as part of the text; quote the text",
        "3:28: warning: name.en: the comma before 'cement and steel park' is taken as part of the text; quote the text",
        "36:5: warning: park.technologies.clinker_kiln: makes mass: "
        "1.831 t out with emissions, 1.68 t in per unit; environment gives 0.1507 t",
        "81:5: warning: park.firms.slag: short of 'bf_slag', which nobody sells: runs at 0.0% of its target",
    ]


def test_what_the_example_asks_in_vain_is_named(example):
    assert example.unacted == (
        "policies[1]: nothing is paid or forced for policies of kind subsidy",
        "random breakdowns: breakdowns at random times do not happen yet",
        "lots (power-mill-fly_ash): any amount is carried, not only whole lots",
        "sweep: one run has the values that the scenario gives; mfa sweep varies them",
    )


def test_the_example_has_its_texts(example):
    scenario = example.scenario
    assert scenario.name.en == "Alumina, power, cement and steel park"
    assert scenario.name.zh == "氧化铝-热电-水泥-钢铁循环经济园区"
    assert scenario.park.firms["alumina"].name.zh == "氧化铝厂"


def test_the_example_has_its_times_and_money(example):
    scenario = example.scenario
    assert (scenario.time.start, scenario.time.end) == (date(2016, 1, 1), date(2020, 12, 31))
    assert (scenario.time.step, scenario.time.warm_up) == (1, 60)
    assert (scenario.finance.rate, scenario.finance.life) == (0.08, 3650)
    assert (scenario.seed, scenario.currency) == (2016, "CNY")


def test_the_example_has_its_materials(example):
    materials = example.scenario.park.materials
    assert materials["red_mud"].moisture == 0.3
    assert materials["red_mud"].composition["Na2O"] == 0.08
    assert (materials["steam"].unit, materials["steam"].storable) == ("GJ", False)
    assert (materials["fly_ash"].unit, materials["fly_ash"].class_) == ("t", "bulk_solid_waste")


def test_the_example_has_its_recipes(example):
    technologies = example.scenario.park.technologies
    assert technologies["bayer_alumina"].uses == {"bauxite": 2.3, "steam": 7.5}
    assert technologies["clinker_kiln"].limits[0].weights == {"Na2O": 1, "K2O": 0.658}
    assert technologies["clinker_kiln"].limits[0].max == 0.006
    assert technologies["clinker_kiln"].accepts[0].ratio == 1.37
    dealkalisation = technologies["dealkalisation"]
    assert (dealkalisation.capex, dealkalisation.opex, dealkalisation.build_time) == (85 * 365, 38, 273.75)


def test_the_example_has_its_firms_and_links(example):
    park = example.scenario.park
    assert park.firms["alumina"].lines["bayer_alumina"].capacity == 800_000 / 365
    assert park.firms["power"].lines["coal_chp"].capacity == 12e6 / 365
    assert park.firms["alumina"].storage == {"red_mud": 400_000}
    assert set(park.firms["steel"].lines) == {"furnace", "converter"}
    assert park.boundary["landfill"].room == 30e6
    assert park.boundary["town"].uses == {"steam": 2e6 / 365}
    assert [link.id for link in park.links] == [
        "power-alumina-steam", "power-town-steam", "kiln-mill-clinker", "power-mill-fly_ash",
    ]  # fmt: skip
    ash = park.links[3]
    assert (ash.at_most, ash.price, ash.lead_time, ash.lot) == (60_000 / 365, 15, 1, 30)
    assert ash.transport.per_t_km == 0.6


def test_the_example_has_its_candidates_policies_and_aims(example):
    scenario = example.scenario
    assert (scenario.candidates.within, scenario.candidates.treatments) == (25, ("dealkalisation",))
    assert scenario.candidates.defaults.set_up == 300_000
    levy, subsidy, target = scenario.policies
    assert (levy.rate, levy.on) == ({2016: 0, 2018: 25}, ("bulk_solid_waste",))
    assert (subsidy.rate, subsidy.budget) == ({2016: 20}, 5e6 / 365)
    assert (target.utilisation, target.hard) == ({2020: 0.73}, False)
    winter, strike, random = scenario.disruptions
    assert (winter.from_, winter.until, winter.every) == (date(2017, 11, 15), date(2018, 3, 15), "year")
    assert (strike.lasts, strike.availability) == (42, 0.4)
    assert (random.lasts, random.mean_time_between) == ({"exponential": 4}, 200)
    assert scenario.optimize.objectives == ("waste_utilisation", "net_benefit")
    subject_to = scenario.optimize.subject_to
    assert (subject_to.budget, subject_to.links_per_firm, subject_to.payback) == (40e6, 4, 1825)
    assert (scenario.optimize.solver.time_limit, scenario.optimize.solver.gap) == (60, 0)
    assert (scenario.sweep.method, scenario.sweep.samples, scenario.sweep.replications) == ("latin_hypercube", 200, 5)
    assert scenario.sweep.vary == {
        "policies.illustrative landfill levy.rate.2018": Distribution(kind="uniform", numbers=(0, 100)),
        "park.technologies.bayer_alumina.releases.red_mud": Distribution(kind="triangular", numbers=(1.0, 1.3, 1.5)),
    }


def test_the_small_park_is_sound(told):
    assert told() == []


def test_parallel_links_are_numbered_in_the_order_of_the_file(read):
    links = read().scenario.park.links
    assert [link.id for link in links] == ["works-yard-slag", "works-town-heat", "works-yard-slag-2"]


def test_a_link_may_have_the_id_that_another_would_get(read):
    links = read(("- {from: works, to: town", "- {id: works-yard-slag, from: works, to: town")).scenario.park.links
    assert [link.id for link in links] == ["works-yard-slag-2", "works-yard-slag", "works-yard-slag-3"]


def test_amounts_as_received_become_dry(read):
    uses = read(("{ore: 1.5 t/t}", "{ore: {value: 1.875 t/t, basis: as_received}}")).scenario.park.technologies
    assert uses["smelting"].uses["ore"] == pytest.approx(1.5)  # 20 % moisture
    stored = ("capacity: 365 kt/yr", "capacity: 365 kt/yr, storage: {slag: {value: 6 t, basis: as_received}}")
    assert read(stored).scenario.park.firms["works"].storage["slag"] == 3  # 50 % moisture
    link = ("material: slag}", "material: slag, at_most: {value: 730 t/yr, basis: as_received}}")
    assert read(link).scenario.park.links[2].at_most == 1


def test_a_composition_as_received_becomes_one_of_dry_mass(read):
    materials = read(("SiO2: 40%", "SiO2: {value: 30%, basis: as_received}")).scenario.park.materials
    assert materials["slag"].composition["SiO2"] == 0.6
    materials = read(("SiO2: 40%", "SiO2: {value: 30%, basis: dry}")).scenario.park.materials
    assert materials["slag"].composition["SiO2"] == 0.3


def test_cubic_metres_are_tonnes_of_water_only(read, told):
    water = "iron: {class: product}\n    water: {class: water}"
    source = "{kind: market}\n    lake: {kind: source, sells: [water], supplies: {water: 730 m3/yr}}"
    reading = read(("iron: {class: product}", water), ("{kind: market}", source))
    assert reading.scenario.park.boundary["lake"].supplies["water"] == 2
    assert told(("{ore: 1.5 t/t}", "{ore: 1.5 m3/t}")) == [
        "13:43: error: park.technologies.smelting.uses.ore: "
        "expected a quantity in t/t, got '1.5 m3/t' in m3/t; write it as 1.3 t/t"
    ]


def test_a_place_may_be_longitude_and_latitude_by_name(read):
    assert read(("at: [3, 4]", "at: {x: 3, y: 4}")).scenario.park.firms["yard"].at == (3, 4)
    assert read(("at: [3, 4]", "at: {lat: 35.5, lon: 113}")).scenario.park.firms["yard"].at == (113, 35.5)


def test_a_single_value_stands_for_a_list_of_one(read):
    assert read(("accepts: [solid_waste]", "accepts: solid_waste")).scenario.park.boundary["tip"].accepts == (
        "solid_waste",
    )


def test_what_only_looks_like_yaml_values_stays_text(read):
    firms = read(("works: {at:", "works: {name: NO, sector: 0610, park: on, at:")).scenario.park.firms
    works = firms["works"]
    assert (works.name.en, works.sector, works.park) == ("NO", "0610", "on")


@pytest.mark.parametrize("key", ["NA", "None", "001", "=cmd", "厂", "a.b", "a b", "NaN"])
def test_odd_ids_are_kept_as_text(read, key):
    reading = read(("works", f"'{key}'"))
    assert reading.errors == ()
    assert key in reading.scenario.park.firms


def test_definitions_in_the_file_replace_those_of_the_library_wholly(read):
    uses_library = ("{ore: 1 t/t}", "{ore: 1 t/t, coal: 0.1 t/t}")
    assert read(uses_library).scenario.park.materials["coal"].composition
    own = ("iron: {class: product}", "iron: {class: product}\n    coal: {class: raw}")
    coal = read(uses_library, own).scenario.park.materials["coal"]
    assert (coal.composition, coal.price, coal.moisture) == ({}, None, 0)


def test_a_technology_of_the_library_brings_its_materials(read):
    park = read(("    yard:", "    kiln: {runs: clinker_kiln, capacity: 5 kt/yr}\n    yard:")).scenario.park
    technology = park.technologies["clinker_kiln"]
    assert {technology.product, *technology.uses, *(a.material for a in technology.accepts)} <= park.materials.keys()


def test_energy_is_in_gj_and_not_stored_unless_said(read):
    assert read().scenario.park.materials["heat"].unit == "GJ"
    heat = read(("{class: energy}", "{class: energy, storable: true}")).scenario.park.materials["heat"]
    assert (heat.unit, heat.storable) == ("GJ", True)


def test_the_order_of_firms_and_links_changes_no_value(read):
    lines = ("    works: {at: [0, 0], runs: smelting, capacity: 365 kt/yr, utilisation: 80%}\n",
             "    yard: {at: [3, 4], runs: brickyard, capacity: 73 kt/yr}\n")  # fmt: skip
    assert read().scenario == read(("".join(lines), "".join(reversed(lines)))).scenario


def test_all_problems_come_at_once_and_by_place(told):
    assert told(("365 kt/yr", "many"), ("{class: energy}", "{clas: energy}"), ("[3, 4]", "[3]"), ("80%", "180%")) == [
        "10:12: error: park.materials.heat.clas: unknown key 'clas'; did you mean 'class'?",
        "19:51: error: park.firms.works.capacity: expected a number such as 800 kt/yr, got 'many'",
        "19:70: error: park.firms.works.utilisation: must be at most 1, got 180%",
        "20:16: error: park.firms.yard.at: expected two coordinates such as [113.25, 35.23]",
    ]


def test_no_more_than_fifty_errors_are_told(told):
    many = "\n".join(f"  - {{firm: nobody{n}, from: 2025-01-01}}" for n in range(60))
    problems = told(add=f"disruptions:\n{many}\n")
    assert len(problems) == 51
    assert problems[-1] == "80:12: error: 10 more from here on"


def test_load_raises_with_every_error(folder):
    (folder / "bad.yaml").write_text("mfa: 2\npark: {}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario("bad.yaml")
    assert str(caught.value).splitlines() == [
        "bad.yaml:1:1: error: time: required, and not given; add 'time'",
        "bad.yaml:1:6: error: mfa: '2' is not one of 1",
    ]


def test_a_missing_file_names_the_folder_and_what_is_near(folder):
    with pytest.raises(FolderError) as caught:
        load_scenario("parc.yaml")
    assert str(caught.value) == f"parc.yaml does not exist (in {folder}); near it: park.yaml"


def test_messages_are_chinese_where_chinese_is_spoken(told):
    token = current.set("zh")
    try:
        assert told(("capacity: 365 kt/yr", "capcity: 365 kt/yr")) == [
            "19:41: error: park.firms.works.capcity: 未知的键 “capcity”；是否想写 'capacity'？"
        ]
    finally:
        current.reset(token)


def test_reading_loads_neither_pandas_networkx_pyomo_nor_matplotlib():
    code = f"import sys; from mfa.files import load_scenario; load_scenario({str(EXAMPLE)!r}); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert not {"pandas", "networkx", "pyomo", "matplotlib", "simpy"} & set(done.stdout.split())


def test_the_graph_of_what_was_read_has_every_node_and_link(read):
    park: Park = read().scenario.park
    assert (park.graph.number_of_nodes(), park.graph.number_of_edges()) == (5, 3)
    assert park.distance(park.links[0]) == 5


def test_errors_of_form_hide_no_errors_of_sense(told):
    """A file with both is told both, but nothing about entries that could only be read in part."""
    stock = "utilisation: 80%, storage: {slag: 5 kt}, initial_stock: {slag: 6 kt}"
    composition = "{SiO2: 70%, CaO: 50%}"
    late = "disruptions: [{firm: yard, from: 2026-01-01, lasts: 3 days}, {firm: yerd, from: 2025-01-01}]\n"
    assert told(("utilisation: 80%", stock), ("{SiO2: 40%}", composition), ("73 kt/yr", "-73 kt/yr"), add=late) == [
        "9:47: error: park.materials.slag.composition: "
        "the shares sum to 1.2 (tolerance 1e-06); correct them to sum to at most 1",
        "19:119: error: park.firms.works.initial_stock.slag: "
        "starts with 6000 t, more than its storage of 5000 t; make room",
        "20:51: error: park.firms.yard.capacity: must be at least 0, got -73 kt/yr",
        "29:69: error: disruptions[1].firm: unknown firm 'yerd'; did you mean 'yard'?",
    ]
