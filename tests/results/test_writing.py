"""Tables as CSV and Excel: equal bytes, equal texts, nothing that runs."""

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from mfa.errors import FolderError
from mfa.files.cells import neutralise, restore
from mfa.language import chinese
from mfa.results.names import slug
from mfa.results.reading import read_table
from mfa.results.tables import COLUMNS, describe_columns, make_table
from mfa.results.writing import csv_bytes, write_tables, xlsx_bytes

ATTACKS = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "=cmd|' /C calc'!A0", "'=1", "''", '"', "#N/A",
           "NA", "", "a,b", 'say "hi"', "two\nlines", "two\rlines", "赤泥", "=1;2", " =1"]  # fmt: skip
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


def payments(*names):
    return make_table("money", [("before", "2020-01-01", name, "x", name, 0.1 + n / 3) for n, name in enumerate(names)])


def reread(folder, table):
    write_tables(folder, {"money": table}, ())
    return read_table(folder, "money")


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_csv_cell_opens_a_formula_and_every_text_reads_back_equal(tmp_path, attack):
    table = payments(attack)
    assert neutralise(attack)[:1] not in set("=+-@\t\r\n＝＋－＠")
    pd.testing.assert_frame_equal(reread(tmp_path, table), table)


@given(text=NAMES)
def test_neutralised_texts_are_restored(text):
    assert restore(neutralise(text)) == text


@given(names=st.lists(NAMES, max_size=5), value=st.floats(allow_nan=False, allow_infinity=False))
def test_any_table_reads_back_equal(tmp_path_factory, names, value):
    table = payments(*names).assign(amount_cny=value)
    pd.testing.assert_frame_equal(reread(tmp_path_factory.mktemp("run"), table), table)


def test_unknown_numbers_and_flags_read_back_unknown(tmp_path):
    rows = [("before", "x", "", None, "t", None, None, "s"), ("before", "y", "NA", 1.5, "t", 2.0, False, "s")]
    table = make_table("indicators", rows)
    write_tables(tmp_path, {"indicators": table}, ())
    pd.testing.assert_frame_equal(read_table(tmp_path, "indicators"), table)


def test_csv_starts_with_a_byte_order_mark_and_keeps_every_digit():
    assert csv_bytes(payments("赤泥")) == (
        "\ufeffrun,time,payer,payee,item,amount_cny\r\nbefore,2020-01-01,赤泥,x,赤泥,0.1\r\n".encode()
    )


def test_a_workbook_holds_texts_and_numbers_and_no_formula():
    book = load_workbook(io.BytesIO(xlsx_bytes({"money": payments(*ATTACKS)})))
    sheet = book["money"]
    assert sheet.freeze_panes == "A2"
    cells = [row[4] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n", "inlineStr"}
    # XML knows one kind of line break.
    assert [(cell.value or "").replace("\r", "\n") for cell in cells] == [text.replace("\r", "\n") for text in ATTACKS]
    assert all(cell.quotePrefix for cell, text in zip(cells, ATTACKS, strict=True) if text[:1] in ("=", "+", "-", "@"))
    assert sheet["F2"].value == 0.1


def test_characters_that_excel_cannot_hold_are_shown_as_replaced():
    sheet = load_workbook(io.BytesIO(xlsx_bytes({"money": payments("a\x01b")})))["money"]
    assert sheet["C2"].value == "a�b"


def test_equal_tables_give_equal_bytes(monkeypatch):
    first = xlsx_bytes({"money": payments("a", "b")})
    monkeypatch.setattr("openpyxl.writer.excel.datetime", Later)
    assert xlsx_bytes({"money": payments("a", "b")}) == first


class Later:
    """A clock in another year."""

    class datetime:  # noqa: N801 (stands for datetime.datetime)
        @staticmethod
        def now(*_, **__):
            import datetime

            return datetime.datetime(2031, 5, 6, 7, 8, 9, tzinfo=datetime.UTC)

    class timezone:  # noqa: N801 (stands for datetime.timezone)
        utc = None


def test_what_cannot_be_written_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("mfa.results.writing.find_spec", lambda _: None)
    missing = write_tables(tmp_path, {"money": payments("a")}, ("csv", "parquet"))
    assert missing == ['Parquet was asked for but pyarrow is not installed: pip install "mfa-toolkit[parquet]"']
    assert [file.name for file in (tmp_path / "tables").iterdir()] == ["money.csv"]


def test_a_table_with_other_columns_is_refused(tmp_path):
    (tmp_path / "tables").mkdir()
    file = tmp_path / "tables" / "money.csv"
    file.write_text("run,payer\nbefore,x\n", encoding="utf-8")
    with pytest.raises(FolderError) as caught:
        read_table(tmp_path, "money")
    assert str(caught.value) == f"{file}: columns run, payer, expected run, time, payer, payee, item, amount_cny"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Coal, steel & cement", "coal_steel_cement"),
        ("氧化铝-热电 园区", "氧化铝_热电_园区"),
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\x", "c_x"),
        ("CON", "con_"),
        ("nul", "nul_"),
        ("com1", "com1_"),
        ("a. ", "a"),
        ("Ålborg", "alborg"),
        ("", "scenario"),
        ("\0", "scenario"),
        ("x" * 300, "x" * 60),
    ],
)
def test_names_of_folders_hold_only_what_every_file_system_takes(text, name):
    assert slug(text) == name


@given(text=st.text())
def test_any_text_gives_a_safe_name(text):
    name = slug(text)
    assert 0 < len(name) <= 61
    assert len(name.encode()) <= 181
    assert not set(name) & set('/\\:*?"<>|. \0')
    assert name not in {"con", "prn", "aux", "nul"}


def test_the_contract_describes_every_column_in_both_languages():
    described = describe_columns()
    assert len(described) == sum(len(columns) for columns in COLUMNS.values())
    assert set(described["meaning"]) <= set(chinese())
    assert described[described["column"] == "payer"].to_numpy().tolist() == [
        ["money", "payer", "", "who pays: a node or an institution", "付款方：节点或机构"]
    ]
