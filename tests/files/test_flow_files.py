"""Flow tables in files: columns in two languages, units, and every bad row with its remedy."""

import pytest

import mfa
from mfa.files.flow_files import read_flow_file


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text, encoding="utf-8"):
        (tmp_path / "flows.csv").write_text(text, encoding=encoding)
        return "flows.csv"

    return write


def test_columns_in_chinese_and_in_english_say_the_same(file):
    english = read_flow_file(file("source,target,amount,unit,material\na,b,1.2,kt,ash\nb,c,30,t,\n"))
    chinese = read_flow_file(file("来源;去向;数量;单位;物料\na;b;1.2;千吨;ash\nb;c;30;吨;\n", "utf-8-sig"))
    assert english.rows == chinese.rows == (("a", "b", "ash", 1200.0), ("b", "c", "", 30.0))
    assert english.unit == chinese.unit == "t"


def test_amounts_may_carry_their_unit_or_none(file):
    assert read_flow_file(file("from,to,value\na,b,12 万吨\n")).rows == (("a", "b", "", 120000.0),)
    plain = read_flow_file(file("from,to,value\na,b,12\n"))
    assert (plain.rows[0][3], plain.unit) == (12.0, "")


def test_a_column_that_is_not_read_is_told(file):
    [warning] = read_flow_file(file("source,target,amount,yaer\na,b,1,2020\n")).warnings
    assert str(warning) == "flows.csv:1:4: warning: column 'yaer' is not read"


BAD = {
    "source,target,amout\na,b,1\n": [
        "flows.csv:1:1: error: column 'amount' is missing; the first line is source,target,amount, perhaps with "
        "material and unit; did you mean 'amout'?"
    ],
    "": ["flows.csv:1:1: error: column 'source' is missing; the first line is source,target,amount, perhaps with "
         "material and unit"],
    "source,target,amount\n": ["flows.csv:1:1: error: the table has no flows; write one row for each"],
    "source,target,amount,unit\n,c,2,t\na,,x,t\na,c,-3,t\nb,c,5,GJ\nb,c,,t\nb,c,\"1,5\",t\nb,c,1,tt\n": [
        "flows.csv:2:1: error: source: the node has no name; give one",
        "flows.csv:3:1: error: target: the node has no name; give one",
        "flows.csv:3:3: error: amount: expected a number such as 400 kt, got 'x t'",
        "flows.csv:4:3: error: amount: a flow is not negative; turn it round (swap source and target)",
        "flows.csv:5:3: error: unit: this amount is in GJ, others in t; keep one unit in a table",
        "flows.csv:6:1: error: amount: the row has no amount; give one, or remove the row",
        "flows.csv:7:3: error: amount: '1,5 t' has a decimal comma; use 1.5",
        "flows.csv:8:3: error: amount: unknown unit 'tt'; did you mean 't'?",
    ],
    "source,target,amount,unit\na,b,1,t\nb,c,2,\n": [
        "flows.csv:3:3: error: unit: this amount is in no unit, others in t; keep one unit in a table"
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "lines"), BAD.items(), ids=range(len(BAD)))
def test_bad_rows_are_answered_word_for_word(file, text, lines):
    with pytest.raises(mfa.InputError) as caught:
        read_flow_file(file(text))
    assert str(caught.value).splitlines() == lines
