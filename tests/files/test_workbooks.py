"""Rows 35 to 38 and 76 of the table of faults: odd and hostile workbooks, as tables that a scenario names."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from mfa.files import load_scenario, read_scenario
from mfa.files.tree import Mark, column_letters
from mfa.files.workbook_writing import Sheet, workbook_bytes
from mfa.files.workbooks import open_workbook

SCENARIO = """
mfa: 1
name: Park
time: {start: 2025-01-01, end: 2025-12-31}
park:
  firms: {table: park.xlsx, sheet: 企业}
  boundary: {market: {kind: market}, dump: {kind: disposal, accepts: [bulk_solid_waste, solid_waste]}}
"""
HEADER = ["id", "name.zh", "runs", "capacity", "utilisation", "at"]
KILN = ["kiln", "窑", "clinker_kiln", "1200 kt/yr", 0.75, "[113.3, 35.2]"]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MFA_LANG", raising=False)
    Path("scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def book_of(*rows, sheet="企业"):
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    return book


def answers(book):
    """Return what a reader says to a scenario whose firms sit in a workbook."""
    if isinstance(book, bytes):
        Path("park.xlsx").write_bytes(book)
    else:
        book.save("park.xlsx")
    return [str(problem) for problem in read_scenario("scenario.yaml").problems]


def rezipped(book, **parts):
    """Return a workbook with parts of its archive put in the place of others."""
    old, new = io.BytesIO(), io.BytesIO()
    book.save(old)
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return new.getvalue()


def test_a_sheet_of_firms_reads_like_a_csv_table():
    book_of(HEADER, KILN).save("park.xlsx")
    Path("firms.csv").write_text(
        ",".join(HEADER) + '\nkiln,窑,clinker_kiln,1200 kt/yr,0.75,"[113.3, 35.2]"\n', encoding="utf-8"
    )
    from_book = load_scenario("scenario.yaml")
    Path("scenario.yaml").write_text(SCENARIO.replace("park.xlsx, sheet: 企业", "firms.csv"), encoding="utf-8")
    assert load_scenario("scenario.yaml") == from_book
    assert from_book.park.firms["kiln"].lines["clinker_kiln"].utilisation == 0.75


def test_numbers_typed_as_text_and_numbers_are_the_same():
    book_of(HEADER, [*KILN[:3], 3000, "0.75"]).save("park.xlsx")
    line = load_scenario("scenario.yaml").park.firms["kiln"].lines["clinker_kiln"]
    assert (line.capacity, line.utilisation) == (3000, 0.75)


def test_errors_name_the_cell():
    assert answers(book_of(HEADER, [*KILN[:3], "1200 kt/yaer", 1.5])) == [
        "park.xlsx:企业!D2: error: park.firms.kiln.capacity: unknown unit 'yaer'; "
        "did you mean 'year' or 'yr' or 'years'?",
        "park.xlsx:企业!E2: error: park.firms.kiln.utilisation: must be at most 1, got 1.5",
    ]


def test_an_unknown_column_is_an_error_with_the_one_that_was_meant():
    problems = answers(book_of([*HEADER[:3], "capacty"], KILN[:4]))
    assert problems[0] == (
        "park.xlsx:企业!D2: error: park.firms.kiln.capacty: unknown key 'capacty'; did you mean 'capacity'?"
    )


def test_a_missing_sheet_is_told_with_those_there_are():
    assert answers(book_of(HEADER, KILN, sheet="企业表")) == [
        "scenario.yaml:6:36: error: park.firms.sheet: park.xlsx has no sheet '企业'; it has '企业表'; "
        "did you mean '企业表'?"
    ]


def test_a_formula_counts_with_the_value_that_was_saved_and_without_one_is_an_error():
    assert answers(book_of(HEADER, [*KILN[:3], "=600*2", 0.75])) == [
        "park.xlsx:企业!A2: error: park.firms.kiln.capacity: required, and not given; add 'capacity'",
        "park.xlsx:企业!D2: error: the formula has no saved value; "
        "open the file in Excel and save it, or type the value",
    ]
    book = book_of(HEADER, [*KILN[:3], "=600*2", 0.75])
    plain = io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    saved = sheet.replace("<f>600*2</f><v />", "<f>600*2</f><v>1200</v>").replace("<v></v>", "<v>1200</v>")
    assert answers(rezipped(book, **{"xl/worksheets/sheet1.xml": saved})) == []
    assert load_scenario("scenario.yaml").park.firms["kiln"].lines["clinker_kiln"].capacity == 1200


def test_an_error_value_is_told_at_its_cell():
    assert "park.xlsx:企业!D2: error: the cell holds the error #DIV/0!; correct it in Excel" in answers(
        book_of(HEADER, [*KILN[:3], "#DIV/0!"])
    )


def test_cells_merged_downwards_say_the_same_in_every_row():
    book = book_of(HEADER, KILN, ["mill", "磨", None, "600 kt/yr"])
    book.active["C2"] = "clinker_kiln"
    book.active.merge_cells("C2:C3")
    assert answers(book) == [
        "park.xlsx:企业!C2: warning: C2:C3 is merged; each of its rows is read with the same value"
    ]
    assert set(load_scenario("scenario.yaml").park.firms["mill"].lines) == {"clinker_kiln"}


def test_hidden_rows_and_columns_are_read_and_told():
    book = book_of(HEADER, KILN, ["mill", "磨", "clinker_kiln", "600 kt/yr"])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["E"].hidden = True
    assert answers(book) == [
        "park.xlsx:企业!E1: warning: hidden columns are read too: E",
        "park.xlsx:企业!A3: warning: hidden rows are read too: 3",
    ]


def test_empty_rows_and_cells_are_passed_over():
    assert answers(book_of(HEADER, [], [None, " "], KILN, [])) == []
    assert set(load_scenario("scenario.yaml").park.firms) == {"kiln"}


def bomb():
    return b'<?xml version="1.0"?><worksheet>' + b"<row/>" * 2_000_000 + b"</worksheet>"


REFUSED = {
    "an old .xls or locked file": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "this is an old .xls file or has a password; save it as .xlsx without a password",
    ),
    "text": (lambda: b"id,runs\nkiln,clinker_kiln\n", "this is not an .xlsx workbook; save it as .xlsx"),
    "macros": (
        lambda: rezipped(book_of(HEADER, KILN), **{"xl/vbaProject.bin": b"x"}),
        "the workbook has macros; save it as .xlsx, which has none",
    ),
    "a bomb": (
        lambda: rezipped(book_of(HEADER, KILN), **{"xl/worksheets/sheet1.xml": bomb()}),
        "the workbook unpacks to 12 MB, far more than its tables need; save its tables as CSV",
    ),
    "entities": (
        lambda: rezipped(
            book_of(HEADER, KILN),
            **{"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><sst>&b;</sst>'},
        ),
        "the workbook defines XML entities, which Excel never does; save it again in Excel",
    ),
    "broken XML": (
        lambda: rezipped(book_of(HEADER, KILN), **{"xl/workbook.xml": b"<workbook"}),
        "the workbook is damaged (ParseError); open it in Excel and save it again",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_harmless_workbook_is_refused(name):
    content, message = REFUSED[name]
    assert answers(content()) == [f"park.xlsx: error: {message}"]


def test_a_cell_at_the_end_of_the_sheet_is_refused_before_anything_walks_there():
    book = book_of(HEADER, KILN)
    book.active["XFD9"] = "x"
    assert answers(book) == ["park.xlsx:企业!ALM1: error: more than 1000 columns; remove what is not part of the table"]
    book.active["A1048576"] = "x"
    assert answers(book) == ["park.xlsx:企业!A100002: error: more than 100000 rows; set MFA_MAX_ROWS to allow more"]


def test_what_is_written_is_read_back_and_never_a_formula():
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "#N/A", "'quoted", "plain", "热电厂"]
    Path("park.xlsx").write_bytes(workbook_bytes({"texts": Sheet(["text"], [[text] for text in texts])}))
    cells = [cell for row in load_workbook("park.xlsx")["texts"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    rows = list(open_workbook(Path("park.xlsx"), "park.xlsx").cells("texts", []))
    assert [row[0].text for row in rows[1:]] == texts


def test_places_in_workbooks_read_as_in_excel():
    assert str(Mark("park.xlsx:企业", 7, 3, is_cell=True)) == "park.xlsx:企业!C7"
    assert [column_letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
