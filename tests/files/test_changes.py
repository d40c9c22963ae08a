"""Inheritance, changes by path, park files and tables."""

import pytest

from mfa.files import read_scenario
from mfa.park.statements import statements


def messages(reading):
    return [str(problem) for problem in reading.problems]


def test_a_change_is_made_and_logged(read):
    reading = read(add="change: {park.firms.works.capacity: 730 kt/yr, seed: 7}\n")
    assert reading.scenario.park.firms["works"].lines["smelting"].capacity == 2000
    assert reading.scenario.seed == 7
    assert reading.changes == ("park.firms.works.capacity: 365 kt/yr → 730 kt/yr", "seed: not set → 7")


PATHS = {
    "park.firms.works.lines.smelting.capacity": ("365 kt/yr", "1 Mt/yr"),
    "park.links[0].at_most": ("not set", "5 kt/yr"),
    "park.links.works-yard-slag-2.at_most": ("not set", "5 kt/yr"),
    "park.technologies.brickyard.accepts[0].up_to": ("50%", "60%"),
    "park.technologies.brickyard.accepts.slag.up_to": ("50%", "60%"),
    "park.firms.yard.storage.bricks": ("not set", "5 kt"),
    "park.boundary.town.uses.heat": ("36.5 TJ/yr", "73 TJ/yr"),
    "park.firms.yard.at": ("[3, 4]", "[6, 8]"),
    "finance.rate": ("not set", "5%"),
    "name.zh": ("not set", "园区"),
    "park.materials.slag.composition": ("{SiO2: 40%}", "{SiO2: 30%, CaO: 30%}"),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_leads_to_its_value(read, path):
    old, new = PATHS[path]
    reading = read(("name: Small park", "name: {en: Small park}"), changes={path: new})
    assert messages(reading) == []
    assert reading.changes == (f"{path}: {old} → {new}",)


def test_what_the_library_defines_can_be_changed(read):
    uses = ("{ore: 1 t/t}", "{ore: 1 t/t, coal: 0.1 t/t}")
    reading = read(uses, changes={"park.materials.coal.moisture": "12%"})
    assert reading.scenario.park.materials["coal"].moisture == 0.12
    assert read(uses).scenario.park.materials["coal"].moisture != 0.12


LOST = {
    "park.firms.work.capacity": "the path leads nowhere: there is no 'work'; did you mean 'works'?",
    "park.firms.works.capcity": "the path leads nowhere: there is no 'capcity'; did you mean 'capacity'?",
    "park.links[7].at_most": "the path leads nowhere: 'park.links[7].at_most' asks for entry 7 of 3, counted from 0",
    "park.links.works-yard-slog.at_most": "the path leads nowhere: there is no 'works-yard-slog'; "
    "did you mean 'works-yard-slag' or 'works-yard-slag-2'?",
    "": "the path is empty",
    "zzz": "the path leads nowhere: there is no 'zzz'",
}


@pytest.mark.parametrize("path", LOST)
def test_a_path_that_leads_nowhere_is_told(read, path):
    assert messages(read(changes={path: "1"})) == [
        f"--set {path}:1:1: error: {path}: {LOST[path]}".replace(": : ", ": ")
    ]


def test_a_wrong_value_of_a_change_is_told_where_the_change_stands(read):
    assert messages(read(changes={"park.firms.works.capacity": "many"})) == [
        "--set park.firms.works.capacity:1:1: error: park.firms.works.capacity: "
        "expected a number such as 800 kt/yr, got 'many'"
    ]
    assert messages(read(add="change:\n  park.firms.works.capacity: many\n")) == [
        "scenario.yaml:30:30: error: park.firms.works.capacity: expected a number such as 800 kt/yr, got 'many'"
    ]


def test_one_place_is_changed_once(read):
    again = {"park.links.works-yard-slag.at_most": "5 kt/yr"}
    reading = read(add="change: {'park.links[0].at_most': 3 kt/yr}\n", changes=again)
    assert messages(reading) == [
        "--set park.links.works-yard-slag.at_most:1:1: error: park.links.works-yard-slag.at_most: "
        "changed twice, also at scenario.yaml:29:10; keep one change"
    ]
    within = {"park.firms.yard.at": "[1, 1]", "park.firms.yard": "{at: [2, 2], runs: brickyard, capacity: 1}"}
    assert "changed twice" in messages(read(changes=within))[0]


def test_the_seed_is_a_change(read):
    reading = read(add="seed: 3\n", seed=5)
    assert (reading.scenario.seed, reading.changes) == (5, ("seed: 3 → 5",))


def test_a_scenario_holds_only_its_differences(folder):
    (folder / "more.yaml").write_text(
        "extends: park.yaml\nname: More\npark: {firms: {works: {capacity: 730 kt/yr}}}\nseed: 4\n", encoding="utf-8"
    )
    base, more = read_scenario("park.yaml").scenario, read_scenario("more.yaml").scenario
    assert more.park.firms["works"].lines["smelting"].capacity == 2000
    assert more.park.firms["works"].at == base.park.firms["works"].at
    assert (more.name.en, more.seed, more.park.links) == ("More", 4, base.park.links)


def test_a_base_makes_its_own_changes_first(folder):
    base = (folder / "park.yaml").read_text(encoding="utf-8") + "change: {park.firms.works.utilisation: 50%}\n"
    (folder / "base.yaml").write_text(base, encoding="utf-8")
    (folder / "more.yaml").write_text(
        "extends: base.yaml\nchange: {park.firms.works.utilisation: 60%}\n", encoding="utf-8"
    )
    reading = read_scenario("more.yaml")
    assert reading.scenario.park.firms["works"].lines["smelting"].utilisation == 0.6
    assert reading.changes == (
        "park.firms.works.utilisation: 80% → 50%",
        "park.firms.works.utilisation: 50% → 60%",
    )


def test_problems_of_a_base_are_told_in_the_base(folder):
    base = (folder / "park.yaml").read_text(encoding="utf-8").replace("365 kt/yr", "many")
    (folder / "sub").mkdir()
    (folder / "sub" / "base.yaml").write_text(base, encoding="utf-8")
    (folder / "more.yaml").write_text("extends: sub/base.yaml\n", encoding="utf-8")
    assert messages(read_scenario("more.yaml")) == [
        "sub/base.yaml:19:51: error: park.firms.works.capacity: expected a number such as 800 kt/yr, got 'many'"
    ]


def test_only_one_level_of_inheritance(folder):
    (folder / "b.yaml").write_text("extends: park.yaml\n", encoding="utf-8")
    (folder / "c.yaml").write_text("extends: b.yaml\n", encoding="utf-8")
    assert messages(read_scenario("c.yaml"))[0] == (
        "c.yaml:1:10: error: extends: the file that it extends extends another; only one level is allowed"
    )


def test_the_park_may_be_a_file(folder, read):
    text = (folder / "park.yaml").read_text(encoding="utf-8")
    head, park = text.split("park:\n")
    (folder / "parks").mkdir()
    (folder / "parks" / "small.yaml").write_text(park.replace("\n  ", "\n")[2:], encoding="utf-8")
    reading = read(text=head + "park: parks/small.yaml\n")
    assert messages(reading) == []
    assert reading.scenario == read_scenario("park.yaml").scenario
    assert messages(read(text=head + "park: parks/smal.yaml\n"))[0] == (
        f"scenario.yaml:4:7: error: park: parks/smal.yaml does not exist (in {folder}); near it: small.yaml"
    )


FIRMS = """id,name.en,name.zh,at,runs,capacity,utilisation,storage.slag
works,NA,钢厂,"[0, 0]",smelting,365 kt/yr,80%,5 kt
yard,None,,"{x: 3, y: 4}",brickyard,73 kt/yr,,
"""
LINKS = """from;to;material;transport.per_t_km
works;yard;slag;0.6
works;town;heat;
works;yard;slag;
"""


@pytest.fixture
def with_tables(folder, read):
    """Read the small park with its firms and links in tables, as texts or bytes."""

    def call(firms=FIRMS, links=LINKS):
        (folder / "firms.csv").write_bytes(firms if isinstance(firms, bytes) else firms.encode("utf-8-sig"))
        (folder / "links.csv").write_text(links, encoding="utf-8")
        text = (folder / "park.yaml").read_text(encoding="utf-8")
        start, rest = text.split("  firms:\n")
        boundary = "  boundary:\n" + rest.split("  boundary:\n")[1].split("  links:\n")[0]
        return read(text=start + "  firms: {table: firms.csv}\n" + boundary + "  links: {table: links.csv}\n")

    return call


def test_firms_and_links_may_be_tables(with_tables):
    park = with_tables().scenario.park
    assert (park.firms["works"].name.en, park.firms["works"].name.zh) == ("NA", "钢厂")
    assert park.firms["yard"].name.en == "None"
    assert (park.firms["yard"].at, park.firms["works"].storage["slag"]) == ((3, 4), 5000)
    plain = read_scenario("park.yaml").scenario.park
    assert park.links == plain.links
    assert {key: firm.lines for key, firm in park.firms.items()} == {k: f.lines for k, f in plain.firms.items()}


def test_problems_of_a_table_have_its_row_and_column(with_tables):
    firms = FIRMS.replace("365 kt/yr", "many").replace("brickyard", "brickyrd").replace("yard,None", ",None")
    assert [message for message in messages(with_tables(firms=firms)) if message.startswith("firms")] == [
        "firms.csv:2:6: error: park.firms.works.capacity: expected a number such as 800 kt/yr, got 'many'",
        "firms.csv:3:1: error: park.firms: the row has no id; fill its column 'id'",
    ]


def test_rows_with_one_id_are_told(with_tables):
    doubled = FIRMS + "works,,,,smelting,1 kt/yr,,\n"
    assert messages(with_tables(firms=doubled)) == [
        "firms.csv:4:1: error: park.firms.works: 'works' is already given in line 2; remove one of the two"
    ]


def test_columns_that_nobody_knows_are_told(with_tables):
    firms = FIRMS.replace("utilisation", "utilization")
    assert messages(with_tables(firms=firms)) == [
        "firms.csv:2:7: error: park.firms.works.utilization: unknown key 'utilization'; did you mean 'utilisation'?"
    ]
    firms = FIRMS.replace("name.zh", "name.en")
    assert messages(with_tables(firms=firms))[0] == (
        "firms.csv:1:3: error: name.en: two columns are called 'name.en'; rename one"
    )
    firms = FIRMS.replace("73 kt/yr,,", "73 kt/yr,,,,,here")
    assert messages(with_tables(firms=firms)) == [
        "firms.csv:3:11: error: the cell 'here' stands in a column without a name"
    ]


def test_a_table_that_is_none_is_told(with_tables):
    assert messages(with_tables(firms=FIRMS + '"works,x\n'))[0].startswith(
        "firms.csv:4:1: error: this is not a CSV table: "
    )
    assert messages(with_tables(firms=FIRMS.encode("utf-16")))[0] == (
        "firms.csv:1:1: error: the file is UTF-16 (byte 0); in Excel: Save As → CSV UTF-8 (Comma delimited)"
    )


def test_a_formula_in_a_table_is_only_text(with_tables):
    park = with_tables(firms=FIRMS.replace("NA", "=1+1")).scenario.park
    assert park.firms["works"].name.en == "=1+1"


def sources(reading):
    """Return name → (source, confidence) of every statement of a park."""
    return {stated.name: (stated.source, stated.confidence) for stated in statements(reading.scenario.park)}


KILN = """
mfa: 1
name: Kiln
time: {start: 2025-01-01, end: 2025-12-31}
park:
  coordinates: km
  firms:
    kiln: {at: [0, 0], runs: clinker_kiln, capacity: 600 kt/yr}
    pvc:  {at: [3, 4], runs: pvc_carbide, capacity: 220 kt/yr}
  boundary:
    market: {kind: market, sells: [raw, calcium_carbide, hydrogen_chloride], buys: [product]}
  links: [{from: pvc, to: kiln, material: carbide_slag}]
"""
LIBRARY_NUMBERS = {
    "park.technologies.pvc_carbide.releases.carbide_slag": (
        "pvc_carbide: releases.carbide_slag", "1.78 t/t", "1.5 t/t"),
    "park.materials.carbide_slag.moisture": ("carbide_slag: moisture", "35%", "20%"),
    "park.technologies.clinker_kiln.accepts.carbide_slag.ratio": (
        "clinker_kiln <- carbide_slag for limestone", "1.371", "1.1"),
    "park.technologies.clinker_kiln.limits[0].max": ("clinker_kiln: Na2O+K2O: product", "0.6%", "0.7%"),
}  # fmt: skip


@pytest.mark.parametrize("path", LIBRARY_NUMBERS)
def test_the_source_of_a_library_number_does_not_speak_for_the_one_put_in_its_place(read, path):
    name, old, new = LIBRARY_NUMBERS[path]
    before, after = sources(read(text=KILN)), sources(read(text=KILN, changes={path: new}))
    assert after[name] == (f"changed from {old}", "assumed")
    assert {key: told for key, told in after.items() if key != name} == {k: t for k, t in before.items() if k != name}
    assert sources(read(text=KILN, add=f"change: {{'{path}': {new}}}\n")) == after


def test_a_change_may_say_where_its_number_is_from(read):
    path = "park.technologies.clinker_kiln.accepts.carbide_slag"
    told = {f"{path}.ratio": "1.1", f"{path}.source": "own trial", f"{path}.confidence": "found"}
    assert sources(read(text=KILN, changes=told))["clinker_kiln <- carbide_slag for limestone"] == (
        "own trial",
        "found",
    )


def test_names_and_own_numbers_are_changed_without_a_word_on_evidence(read):
    changes = {"park.firms.kiln.capacity": "500 kt/yr", "park.technologies.clinker_kiln.name.en": "Kiln 1"}
    assert sources(read(text=KILN, changes=changes)) == sources(read(text=KILN))
