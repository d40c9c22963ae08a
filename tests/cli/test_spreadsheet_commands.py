"""`mfa export-excel`, `mfa import-excel`: scenarios leave as workbooks, tables of firms become scenarios."""

import json
from pathlib import Path

import pytest

from mfa.cli import main
from mfa.files import load_scenario
from mfa.files.library import data_root

FIRST_PARK = data_root() / "scenarios" / "first_park.yaml"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MFA_LANG", raising=False)


def test_an_exported_scenario_is_valid_and_equal(capsys):
    assert main(["export-excel", str(FIRST_PARK), "--out", "park.xlsx"]) == 0
    assert "wrote park.xlsx: 4 firms" in capsys.readouterr().out
    assert main(["validate", "park.xlsx"]) == 0
    assert load_scenario("park.xlsx") == load_scenario(FIRST_PARK)


def test_nothing_is_written_over_and_no_other_kind_of_file_is_written(capsys):
    Path("park.xlsx").write_text("mine", encoding="utf-8")
    assert main(["export-excel", str(FIRST_PARK), "--out", "park.xlsx"]) == 7
    assert main(["export-excel", str(FIRST_PARK), "--out", "park.csv"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "mfa: error: park.xlsx exists already; choose another name",
        "mfa: error: the workbook must be named FILE.xlsx, not park.csv",
    ]
    assert Path("park.xlsx").read_text(encoding="utf-8") == "mine"


def table(text="firm,product,amount\nGreen,cement,2 Mt/yr\nRed,steel,3 Mt/yr\n"):
    Path("park.csv").write_text(text, encoding="utf-8")
    return ["import-excel", "park.csv"]


def test_an_imported_table_is_accepted_by_the_other_commands_at_once(capsys):
    assert main(table()) == 0
    said = capsys.readouterr().out
    assert "wrote park.yaml: 2 firms" in said
    assert "such a firm usually makes its own Cement clinker" in said
    assert main(["validate", "park.yaml"]) == 0
    assert main(["match", "park.yaml"]) == 0
    assert main(["suggest", "park.yaml"]) == 0
    assert capsys.readouterr().err.count("error") == 0


def test_a_script_reads_what_was_assumed(capsys):
    assert main([*table(), "--json", "--out", "other.yaml"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == "other.yaml"
    assert {"firm": "", "path": "candidates.within", "value": "25 km"}.items() <= next(
        each for each in told["assumed"] if each["path"] == "candidates.within"
    ).items()


def test_nothing_is_written_of_a_table_with_errors(capsys):
    assert main(table("firm,product,amount\nA,qqqq,1 Mt\nB,cement,1\n")) == 3
    assert [line.split(": ")[0] for line in capsys.readouterr().err.splitlines()] == ["park.csv:2:2", "park.csv:3:3"]
    assert not Path("park.yaml").exists()


def test_a_scenario_goes_out_and_comes_back(capsys):
    assert main(["export-excel", str(FIRST_PARK), "--out", "park.xlsx"]) == 0
    assert main(["import-excel", "park.xlsx"]) == 0
    assert load_scenario("park.yaml") == load_scenario(FIRST_PARK)
    assert main(["import-excel", "park.xlsx"]) == 7
    assert "park.yaml exists already" in capsys.readouterr().err


def test_a_template_is_written_in_both_languages_and_says_what_comes_next(capsys):
    assert main(["new", "park", "--template", "table"]) == 0
    assert capsys.readouterr().out.splitlines() == ["wrote park.xlsx; fill it in", "next: mfa import-excel park.xlsx"]
    assert main(["import-excel", "park.xlsx"]) == 3
    assert "names no firm" in capsys.readouterr().err
