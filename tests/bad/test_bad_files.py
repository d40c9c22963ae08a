"""Rows 1 to 33 of the table of faults: what each broken file is answered, word for word."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mfa.cli import main
from mfa.errors import FolderError, InputError
from mfa.files import load_scenario, read_scenario

HERE = Path(__file__).parent
FOLDER = HERE / "files"
CASES = YAML(typ="safe").load(HERE / "cases.yaml")["cases"]
GENERATED_ROWS = {8, 9}


@pytest.fixture(autouse=True)
def in_the_folder(monkeypatch):
    monkeypatch.chdir(FOLDER)
    monkeypatch.delenv("MFA_LANG", raising=False)


def expected_lines(case):
    return [line.replace("{here}", str(FOLDER)) for line in case.get("lines", ())]


def test_every_row_has_a_file_and_every_file_a_row():
    assert {case["row"] for case in CASES.values()} | GENERATED_ROWS == set(range(1, 34))
    missing = {name for name, case in CASES.items() if case["exit"] == FolderError.exit_code}
    assert {path.name for path in FOLDER.iterdir()} == set(CASES) - missing


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_answered_word_for_word(name):
    case = CASES[name]
    if case["exit"] == FolderError.exit_code:
        with pytest.raises(FolderError) as caught:
            read_scenario(name)
        assert [str(caught.value)] == expected_lines(case)
        return
    reading = read_scenario(name)
    assert [str(problem) for problem in reading.problems] == expected_lines(case)
    assert (reading.scenario is None) == (case["exit"] == InputError.exit_code)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["exit"] == InputError.exit_code])
def test_loading_raises_with_all_errors(name):
    with pytest.raises(InputError) as caught:
        load_scenario(name)
    errors = [line for line in expected_lines(CASES[name]) if ": warning: " not in line]
    assert str(caught.value).splitlines() == errors


@pytest.mark.parametrize("name", CASES)
def test_the_command_says_the_same_and_writes_nothing(name, capsys):
    before = sorted(FOLDER.iterdir())
    assert main(["validate", name]) == CASES[name]["exit"]
    said = capsys.readouterr()
    assert [line.removeprefix("mfa: error: ") for line in said.err.splitlines()] == expected_lines(CASES[name])
    assert "Traceback" not in said.out
    assert sorted(FOLDER.iterdir()) == before


@pytest.mark.parametrize("name", CASES)
def test_the_answer_exists_in_chinese(name, capsys):
    assert main(["validate", name, "--lang", "zh"]) == CASES[name]["exit"]
    for line in capsys.readouterr().err.splitlines():
        assert any("\u4e00" <= character <= "\u9fff" for character in line)
