"""`mfa evaluate`: scorecards in both languages, as JSON and as a table, and how it ends."""

import csv
import json
from pathlib import Path

import pytest

from mfa.files.library import data_root

FIRST = data_root() / "scenarios" / "first_park.yaml"
FLOWS = "来源,去向,数量,单位\nimport,电厂,120,万吨\n电厂,水泥厂,12,万吨\n水泥厂,export,9,万吨\n"


@pytest.fixture
def park():
    Path("park.yaml").write_text(
        f"mfa: 1\nextends: {FIRST}\nstatistics:\n  industrial_value_added: {{2025: 6.4 亿元}}\n  employees: 800\n"
        "  central_sewage_plant: true\n",
        encoding="utf-8",
    )
    return "park.yaml"


def test_a_scorecard_shows_what_is_asked_met_unverified_and_missing(inside, park):
    done = inside("evaluate", park, "--scheme", "hj274")
    assert done.returncode == 0
    text = done.stdout
    assert "today: the year 2025" in text
    assert "≥ 15 10⁴ CNY/person" in text
    assert "80.0 10⁴ CNY/person" in text
    assert "≤ 0.5 tce/10⁴ CNY (not verified)" in text
    assert "not verified, no verdict" in text
    assert (
        "missing: high_tech_output (gross output of high-tech enterprises), CNY; add statistics.high_tech_output"
        in text
    )
    assert "statistics.industrial_value_added 2025: 640 million CNY; statistics.employees 2025: 800 persons" in text
    assert "today: the whole scheme is open" in text


def test_the_same_in_chinese_holds_no_english_sentence(inside, park):
    done = inside("evaluate", park, "--scheme", "hj274", "--lang", "zh")
    assert "现状：2025 年" in done.stdout
    assert "≤ 0.5 吨标准煤/万元（未核实）" in done.stdout
    assert "缺少：high_tech_output（高新技术企业总产值，元）；请补充 statistics.high_tech_output" in done.stdout
    for english in ("missing", "not verified", "today", "mandatory", "Data used"):
        assert english not in done.stdout


def test_json_holds_numbers_units_data_and_no_holes(inside, park):
    data = json.loads(inside("evaluate", park, "--scheme", "hj274", "--json").stdout)
    items = {row["item"]: row for row in data["items"]}
    assert data["scheme"] == "hj274"
    assert len(items) == 32
    staff = items["value_added_per_employee"]
    assert (staff["value"], staff["threshold"], staff["result"], staff["verified"]) == (80.0, 15.0, "pass", True)
    assert staff["data"][1] == {
        "quantity": "employees", "from": "statistics", "year": 2025, "value": 800.0, "statistics": None,
        "difference": None,
    }  # fmt: skip
    assert items["energy_intensity"]["verified"] is False
    assert items["energy_intensity"]["result"] == "unverified"
    assert items["disclosure"]["missing"] == ["disclosure"]
    assert {row["what"]: row["result"] for row in data["verdicts"]}["economy"] == "pass"


@pytest.mark.parametrize("scheme", ["green-park", "circular-retrofit", "near-zero-carbon"])
def test_every_scheme_has_a_scorecard(inside, park, scheme):
    done = inside("evaluate", park, "--scheme", scheme)
    assert done.returncode == 0
    assert "solid waste" in done.stdout.casefold()


def test_the_green_index_is_marked_unverified(inside, park):
    done = inside("evaluate", park, "--scheme", "green-park")
    assert "Green index of the park GI = " in done.stdout
    assert "references from memory, no verdict" in done.stdout
    assert ["group", "indicator", "reference"] in [line.split()[:3] for line in done.stdout.splitlines()]
    chinese = inside("evaluate", park, "--scheme", "绿色园区评价", "--lang", "zh").stdout
    assert "引领值" in chinese
    assert "要求值" not in chinese


def test_a_flow_table_in_chinese(inside):
    Path("flows.csv").write_text(FLOWS, encoding="utf-8")
    done = inside("evaluate", "flows.csv", "--lang", "zh")
    assert done.returncode == 0
    assert "总流量（TSTp）" in done.stdout
    assert "无法计算：循环利用量、循环物质使用率（CMU）；没有名为 recycling（循环利用）的节点" in done.stdout
    assert "因只流出或只流入而视为系统之外：export, import；可用 --outside 更改" in done.stdout


def test_the_scorecard_is_written_as_a_table(inside):
    Path("flows.csv").write_text(FLOWS, encoding="utf-8")
    assert inside("evaluate", "flows.csv", "--out", "card.csv").returncode == 0
    rows = list(csv.DictReader(Path("card.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert {row["item"]: row["value"] for row in rows}["throughput"] == "1410000.0"
    assert inside("evaluate", "flows.csv", "--out", "nowhere/card.csv").returncode == 7


def test_bad_input_ends_as_it_should(inside, park):
    assert inside("evaluate", "nothing.yaml").returncode == 7
    assert inside("evaluate", "nothing.csv").returncode == 7
    assert inside("evaluate", park, "--scheme", "hj247").stderr.splitlines()[-1] == (
        "mfa: error: there is no scheme 'hj247'; there are circular-retrofit, green-park, hj274, near-zero-carbon; "
        "did you mean 'hj274'?"
    )
    Path("flows.csv").write_text("source,target,amount\na,b,-1\n", encoding="utf-8")
    done = inside("evaluate", "flows.csv", "--lang", "zh")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines()[-1] == (
        "flows.csv:2:3: error: amount: 流量不能为负；请调换方向（互换 source 和 target）"
    )
    Path("flows.csv").write_text(FLOWS, encoding="utf-8")
    assert inside("evaluate", "flows.csv", "--scheme", "hj274").returncode == 2
    assert inside("evaluate", park, "--year", "1999").returncode == 2
