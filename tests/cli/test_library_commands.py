"""`mfa match`, `check-library`, `cite` and `list --search`: what they print, in both languages, and how they end."""

import json
from pathlib import Path

import pytest

from mfa.files.library import data_root

SCENARIOS = data_root() / "scenarios"
FIRST = SCENARIOS / "first_park.yaml"


def test_match_says_who_could_use_what_and_who_is_missing(inside):
    done = inside("match", FIRST)
    assert done.returncode == 0
    assert "Alumina refinery [alumina]: Red mud (Bayer), 100 kt/yr not used" in done.stdout
    assert "kiln instead of Clay; after washing; bounded by: need" in done.stdout
    assert "could take it, but what they need is covered today: Cement works [cement]" in done.stdout
    assert "Missing: firms that would use what is left" in done.stdout


def test_match_for_a_script_is_json_without_holes(inside):
    data = json.loads(inside("match", FIRST, "--material", "电石渣", "--json").stdout)
    assert {row["material"] for row in data["users"]} == {"carbide_slag"}
    [user] = data["users"]
    assert user["amount_per_yr"] == pytest.approx(80e3)
    assert data["unused"] == [
        {"firm": "pvc", "material": "carbide_slag", "amount_per_yr": pytest.approx(90e3), "full": []}
    ]


def test_match_in_chinese_holds_no_english_sentence(inside):
    done = inside("match", FIRST, "--lang", "zh")
    assert "缺少的企业：可利用剩余废物者" in done.stdout
    assert "not used" not in done.stdout


def test_match_of_a_material_that_nobody_makes_is_a_usage_error(inside):
    done = inside("match", FIRST, "--material", "gold")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("mfa: error: no firm here makes 'gold' as a by-product or waste; there are ")


def test_match_of_a_file_that_is_not_there(inside):
    done = inside("match", "nowhere.yaml")
    assert (done.returncode, done.stderr) == (7, "mfa: error: there is no file nowhere.yaml\n")
    assert inside("match", "kalundburg").stderr == (
        "mfa: error: there is no file kalundburg; did you mean 'kalundborg'?\n"
    )


def test_match_of_a_park_without_anything_to_match_says_why(inside):
    assert "what the firms of this park make is not known" in inside("match", "haihua").stdout


def test_match_refuses_steel_slag_in_common_cement_from_the_day_of_gb_175(inside):
    query = ("match", "coal_steel_cement", "--material", "钢渣", "--most", "9")
    until = "Cement clinker: permitted only until 2024-05-31"
    after = inside(*query, "--day", "2024-06-01").stdout
    before = inside(*query, "--day", "2024-05-31").stdout
    assert [line for line in after.splitlines() if "refused" in line and line.endswith(until)]
    assert "refused" not in before
    assert "Addition to common Portland cement (steel slag)" in before


def test_match_of_a_wrong_scenario_tells_its_problems(inside):
    Path("bad.yaml").write_text("mfa: 1\npark: {firms: {a: {rnus: b}}}\n", encoding="utf-8")
    done = inside("match", "bad.yaml")
    assert done.returncode == 3
    assert "bad.yaml:2:20: error: park.firms.a.rnus: unknown key 'rnus'" in done.stderr


def test_check_library_ends_well_and_counts_what_is_from_memory(inside):
    done = inside("check-library", "--json")
    data = json.loads(done.stdout)
    assert (done.returncode, data["valid"]) == (0, True)
    assert data["counts"]["materials"]["memory"] > 0
    assert {finding["level"] for finding in data["findings"]} <= {"warning"}


def test_check_library_ends_with_3_where_something_is_wrong(inside, tmp_path, monkeypatch):
    from mfa.files import library

    (tmp_path / "models").mkdir()
    text = "materials:\n  ash: {name: {en: Ash, zh: 灰}, class: raw}\n"
    (tmp_path / "models" / "materials.yaml").write_text(text, encoding="utf-8")
    for shelf in ("technologies", "routes", "sectors", "needs", "aliases", "codes"):
        (tmp_path / "models" / f"{shelf}.yaml").write_text(f"{shelf}: {{}}\n", encoding="utf-8")
    monkeypatch.setattr(library, "data_root", lambda: tmp_path)
    done = inside("check-library")
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        "models/materials.yaml:2:3: error: materials.ash: no source; say where the number comes from",
        "models/materials.yaml:2:3: error: materials.ash: no confidence; say where the number comes from",
    ]
    assert done.stdout.endswith("2 errors, 0 warnings; 0 values from memory are not verified\n")


def test_cite_tells_sources_by_confidence(inside):
    done = inside("cite", FIRST)
    assert done.returncode == 0
    assert "Found in the source: " in done.stdout
    assert "From memory, not verified: " in done.stdout


def test_cite_as_bibtex_and_json_name_the_same_sources(inside):
    sources = json.loads(inside("cite", FIRST, "--json").stdout)["sources"]
    assert inside("cite", FIRST, "--bibtex").stdout.count("@misc{") == len(sources) > 10


def test_cite_of_a_folder_without_a_run(inside):
    Path("empty").mkdir()
    done = inside("cite", "empty")
    assert (done.returncode, done.stdout) == (7, "")


@pytest.mark.parametrize("query", ["粉煤灰", "fly ash", "Fly_Ash", "fly ahs"])
def test_search_finds_a_material_in_either_language_and_with_a_slip(inside, query):
    assert json.loads(inside("list", "materials", "--search", query, "--json").stdout)[0]["id"] == "fly_ash"


def test_search_of_routes_goes_by_their_use(inside):
    rows = json.loads(inside("list", "routes", "--search", "水泥生料", "--json").stdout)
    assert rows
    assert all("clinker" in row["id"] for row in rows)


def test_search_of_what_cannot_be_searched(inside):
    done = inside("list", "solvers", "--search", "glpk")
    assert done.returncode == 2
    known = "materials, technologies, routes, samples, sectors, needs, schemes, factors, parks, benchmarks, scenarios"
    assert f"--search goes with {known}, not with 'solvers'" in done.stderr


def test_list_samples_shows_typical_values_each_sample_and_the_range(inside):
    rows = json.loads(inside("list", "samples", "--search", "高炉矿渣", "--json").stdout)
    slag = [row for row in rows if row["id"] == "bf_slag"]
    assert [slag[0]["sample"], slag[-1]["sample"]] == ["typical", "low–high"]
    [certified] = [row for row in slag if row["sample"].startswith("certified reference SL-1")]
    assert "SiO2 35.73%" in certified["composition"]
    assert (certified["confidence"], certified["moisture"]) == ("found", "")
    assert "SiO2 30%–40.22%" in slag[-1]["composition"]


def test_list_samples_marks_what_is_from_memory_number_by_number(inside):
    rows = json.loads(inside("list", "samples", "--search", "fly_ash", "--json").stdout)
    typical = next(row for row in rows if row["id"] == "fly_ash")
    assert (typical["confidence"], typical["moisture"]) == ("found", "1%*")
    parts = typical["composition"].split(", ")
    assert {"SiO2 49.0%", "Zn 0.01%*"} <= set(parts)


def test_list_parks_says_how_much_of_each_is_known(inside):
    rows = {row["id"]: row for row in json.loads(inside("list", "parks", "--json").stdout)}
    assert rows["haihua"] | {"purpose": "", "file": ""} == {
        "id": "haihua", "name": "Hai Hua marine chemicals", "real": "yes", "firms with a recipe": "0 of 7",
        "exchanges": "0", "unverified": "0 of 0", "purpose": "", "file": "",
    }  # fmt: skip
    assert rows["synthetic_coal_steel_cement"]["real"] == "no, illustrative"


@pytest.mark.parametrize(("kind", "query", "expected"), [
    ("parks", "粉煤灰", {"kalundborg", "synthetic_coal_steel_cement"}), ("scenarios", "red mud", {"alumina_red_mud"}),
    ("scenarios", "赤泥", {"alumina_red_mud", "coal_steel_cement"}), ("parks", "广西", {"guitang"}),
])  # fmt: skip
def test_parks_and_scenarios_are_found_by_what_is_made_there(inside, kind, query, expected):
    assert expected <= {row["id"] for row in json.loads(inside("list", kind, "--search", query, "--json").stdout)}


def test_a_search_without_a_hit_says_so_and_is_an_empty_array_for_a_script(inside):
    assert (
        inside("list", "parks", "--search", "gold").stdout
        == "nothing is called so; mfa list parks shows all there is\n"
    )
    assert json.loads(inside("list", "parks", "--search", "gold", "--json").stdout) == []


def test_list_says_how_sure_a_number_is_in_words(inside):
    assert "from memory, not verified" in inside("list", "materials").stdout
    assert "凭记忆，未核实" in inside("list", "materials", "--lang", "zh").stdout


def test_list_benchmarks_shows_the_series_of_a_rate_in_both_languages(inside):
    rows = json.loads(inside("list", "benchmarks", "--search", "fly ash", "--json").stdout)
    rates = {(row["year"], row["measure"]): row["value"] for row in rows if row["unit"] == "%"}
    assert rates["2018", "utilisation rate of key enterprises"] == "74.9"
    assert rates["2021", "utilisation rate"] == "71.4"
    shown = inside("list", "benchmarks", "--search", "粉煤灰", "--lang", "zh").stdout
    assert "重点企业综合利用率" in shown


@pytest.mark.parametrize("name", ["match", "check-library", "cite", "list"])
def test_help_is_there_in_both_languages(inside, name):
    english, chinese = inside(name, "--help"), inside(name, "--help", "--lang", "zh")
    assert (english.returncode, chinese.returncode) == (0, 0)
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese.stdout)
