"""`mfa export-excel`: a scenario leaves as a workbook that every command reads."""

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
