"""Scenarios as workbooks: what is written is read back equal, and edited cells count."""

from pathlib import Path

import pytest
from files.test_writer import SHIPPED, scenarios
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from mfa.files import load_scenario, read_scenario, reader
from mfa.files.scenario_books import scenario_book


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MFA_LANG", raising=False)
    return tmp_path


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(scenario=scenarios())
def test_any_scenario_reads_back_equal_from_a_workbook(scenario, monkeypatch):
    monkeypatch.setattr(reader, "check", lambda _: ())  # made-up parks need not make sense
    Path("park.xlsx").write_bytes(scenario_book(scenario))
    reading = read_scenario("park.xlsx")
    assert reading.errors == ()
    assert reading.scenario == scenario


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_reads_back_equal_from_a_workbook(path, monkeypatch, folder):
    scenario = load_scenario(path)
    Path("park.xlsx").write_bytes(scenario_book(scenario))
    monkeypatch.setattr("mfa.files.library.data_root", lambda: folder)
    assert load_scenario("park.xlsx") == scenario


def first_park():
    path = next(path for path in SHIPPED if path.stem == "first_park")
    Path("park.xlsx").write_bytes(scenario_book(load_scenario(path)))
    return load_workbook("park.xlsx")


def test_an_edited_cell_counts_and_a_wrong_one_is_told_by_its_place():
    book = first_park()
    lines = book["lines"]
    column = [cell.value for cell in lines[1]].index("capacity") + 1
    lines.cell(2, column).value = "123 kt/yr"
    book.save("park.xlsx")
    firm, line = lines.cell(2, 1).value, lines.cell(2, 2).value
    assert load_scenario("park.xlsx").park.firms[firm].lines[line].capacity == 123_000 / 365
    lines.cell(2, column).value = "123 kt/mo"
    lines.cell(3, 1).value = "nobody"
    book.save("park.xlsx")
    told = [str(problem) for problem in read_scenario("park.xlsx").errors]
    assert f"park.xlsx:lines!D2: error: park.firms.{firm}.lines.{line}.capacity: unknown unit 'mo'; " in told[0]
    assert told[1] == "park.xlsx:lines!A3: error: lines: there is no firm 'nobody'"


def test_a_workbook_without_a_scenario_says_what_to_do_first():
    book = first_park()
    del book["scenario"]
    book.save("park.xlsx")
    assert [str(problem) for problem in read_scenario("park.xlsx").errors] == [
        "park.xlsx: error: the workbook has no sheet 'scenario'; "
        "make a scenario of a park table first: mfa import-excel park.xlsx"
    ]
