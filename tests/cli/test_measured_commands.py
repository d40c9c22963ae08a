"""Commands on a scenario with measurements."""

import json

import pytest

from mfa.cli import main

PARK = """mfa: 1
name: Measured
time: {start: 2025-01-01, end: 2025-12-31}
park:
  materials: {ore: {class: raw}, iron: {class: product}, slag: {class: solid_waste}, bricks: {class: product}}
  technologies:
    smelting: {product: iron, uses: {ore: 1.5 t/t}, releases: {slag: 0.5 t/t}}
    brickyard: {product: bricks, uses: {ore: 1 t/t}, accepts: [{material: slag, replaces: ore}]}
  firms:
    works: {name: {en: Works, zh: 钢厂}, runs: smelting, capacity: 2 kt/yr}
    yard: {runs: brickyard, capacity: 1 kt/yr}
  boundary: {market: {kind: market}, tip: {kind: disposal, accepts: [solid_waste]}}
  links: [{from: works, to: yard, material: slag}]
measurements: {recipes: 0%, table: rows.csv}
"""
TABLE = """from,to,material,firm,made,amount,unit,std
,,,works,iron,1,kt/yr,2%
works,yard,slag,,,300,t/yr,10
works,tip,slag,,,240 t/yr,,10
"""


pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "park.yaml").write_text(PARK, encoding="utf-8")
    (tmp_path / "rows.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def test_reconcile_takes_a_scenario(folder, capsys):
    assert main(["reconcile", "park.yaml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["chi2"] == pytest.approx(1600 / 300)
    flows = {row["flow"]: row for row in found["flows"]}
    assert flows["works → yard: slag"]["reconciled"] == pytest.approx(300 - 40 / 3)
    assert (flows["works → tip: slag"]["source"], flows["works → tip: slag"]["target"]) == ("works", "tip")
    assert (flows["works makes iron"]["source"], flows["works makes iron"]["target"]) == ("works.smelting", "works")
    assert list(folder.glob("outputs/park/*/figures/sankey_1.en.svg"))


def test_reconcile_prints_what_the_measurements_determine(capsys):
    assert main(["reconcile", "park.yaml"]) == 0
    said = capsys.readouterr().out
    assert "works → yard: slag" in said
    assert "chi² = 5.333 with 1 checks" in said
    assert "not determined by the data: " in said
    assert "yard makes bricks" in said


def test_run_tells_measured_reconciled_and_simulated(capsys):
    assert main(["--lang", "zh", "run", "park.yaml"]) == 0
    said = capsys.readouterr().out
    assert "实测、平差与仿真（2025 年）" in said
    assert "钢厂产出iron" in said
    assert main(["run", "park.yaml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["base_year"]
    assert (found["year"], found["dof"], found["suspects"]) == (2025, 1, ["works makes iron"])


def test_suggest_starts_from_the_balanced_year(folder):
    assert main(["suggest", "park.yaml", "--out", "plan.yaml"]) == 0
    assert "measurements" not in (folder / "plan.yaml").read_text(encoding="utf-8")


def test_a_missing_table_is_told_at_its_place(folder, capsys):
    (folder / "rows.csv").unlink()
    assert main(["validate", "park.yaml"]) == 3
    assert "park.yaml:14:36: error: measurements.table: rows.csv does not exist" in capsys.readouterr().err


def test_a_row_of_a_table_is_told_at_its_place(folder, capsys):
    (folder / "rows.csv").write_text(TABLE.replace("works,tip", "works,tpi"), encoding="utf-8")
    assert main(["run", "park.yaml"]) == 3
    assert (
        "rows.csv:4:2: error: measurements.rows[2].to: unknown firm or boundary node 'tpi'" in capsys.readouterr().err
    )


def test_a_workbook_of_a_scenario_is_reconciled_as_the_scenario_is(capsys):
    answers = []
    assert main(["export-excel", "park.yaml", "--out", "park.xlsx"]) == 0
    for name in ("park.yaml", "park.xlsx"):
        capsys.readouterr()
        assert main(["reconcile", name, "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    kept = [{key: value for key, value in answer.items() if key not in ("folder", "account")} for answer in answers]
    assert kept[0]["chi2"] > 0
    assert kept[0] == kept[1]


def test_a_sweep_starts_from_the_balanced_year(folder):
    vary = "sweep: {samples: 3, vary: {park.materials.slag.price: {uniform: [0 CNY/t, 10 CNY/t]}}}\n"
    (folder / "park.yaml").write_text(PARK + vary, encoding="utf-8")
    assert main(["sweep", "park.yaml", "--out", "out"]) == 0
    (draws,) = folder.glob("out/**/tables/draws.csv")
    rows = draws.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + 4  # the central run and three samples
