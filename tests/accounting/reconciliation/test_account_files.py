"""Account files: what is read, and what broken ones are answered, word for word."""

# ruff: noqa: E501 (messages stand here word for word)

import json

import pytest

import mfa
from mfa.errors import FolderError, InfeasibleError, InputError

TOP = "flow,source,target,value,std\n"
YAML = """kind: account
flows:
  F1: {from: environment, to: A, value: 100, std: 5}
  F2: {from: A, to: environment}
  F3: {from: A, to: environment}
"""


@pytest.fixture
def answer(tmp_path, monkeypatch):
    """Write a file and return the lines that reading it is answered."""
    monkeypatch.chdir(tmp_path)

    def ask(text, name="a.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        try:
            return [str(problem) for problem in mfa.reconcile(name).problems]
        except InputError as error:
            return str(error).splitlines()

    return ask


BROKEN = {
    "": "1:1: error: the file is empty; a table of flows starts with the line flow,source,target,value,std",
    TOP: "1:1: error: the account has no flows; write one row for each",
    "flow,source,target,value\nF1,,A,1\n": (
        "1:1: error: the first line lacks std; it is flow,source,target,value,std, perhaps with layer and unit"
    ),
    TOP + "F1,,A,10,1\nF1,A,,10,1\n": "3:1: error: F1: 'F1' is already given in a.csv:2:1; rename or remove one of the two",
    TOP + "F1,,A,10,-1\nF2,A,,10,1\n": (
        "2:5: error: the standard deviation is negative (-1); write it above 0, or 0 for an exact value"
    ),
    TOP + "F1,,A,10,0\nF2,A,B,12,0\nF3,B,,12,1\n": (
        "3:1: error: F2: balance of A: the exact values F1, F2 contradict each other by 2; "
        "correct one, or give it a standard deviation"
    ),
    TOP + "F1,,A,10,0\nF2,A,B,,\nF3,B,,12,0\n": (
        "4:1: error: F3: balance of A, balance of B: the exact values F1, F3 contradict each other by 2; "
        "correct one, or give it a standard deviation"
    ),
    TOP + "F1,,A,10,1\nF2,A,,10,1\nF3,X,Y,5,1\nF4,Y,X,5,1\n": (
        "4:1: error: F3: the part with X, Y is connected with neither the rest nor the environment; "
        "add the flow that links it, or correct the names of its nodes"
    ),
    TOP + "F1,,A,10,1\nF2,A,,10,1\nF3,,X,5,1\nF4,X,,5,1\n": (
        "4:1: warning: F3: the part with X shares no flow with the rest; check the names of its nodes"
    ),
    TOP + "F1,,A,10,1\nF2,A,,10,1\nF3,A,A,5,1\n": (
        "4:1: warning: F3: the flow leads from 'A' to itself and enters no balance"
    ),
    TOP + "F1,,Mixer,10,1\nF2,Mixer,,10,1\nF3,,Mixr,10,1\n": (
        "4:1: error: F3: nothing leaves 'Mixr', so its balance would be zero; add what leaves it, or write environment; "
        "did you mean 'Mixer'?"
    ),
    TOP + "F1,,A,__import__('os').getcwd(),1\nF2,A,,1,1\n": (
        "2:4: error: expected a number such as 12.5, got '__import__('os').getcwd()'; "
        "leave it empty where nothing was measured"
    ),
    TOP + 'F1,,A,"1,5",1\nF2,A,,1,1\n': "2:4: error: '1,5' has a decimal comma; use 1.5",
    TOP + "F1,,A,nan,1\nF2,A,,1,1\n": (
        "2:4: error: expected a finite number, got 'nan'; leave it empty where nothing was measured"
    ),
    TOP + "F1,,A,1 200,1\nF2,A,,1,1\n": "2:4: error: '1 200' has digit separators; use 1200",
    TOP + "F1，，A，10，1\n": "2:1: error: '，' is U+FF0C FULLWIDTH COMMA; use ','",
    TOP + "F1,[A],A,10,1\n": "2:2: error: expected a text",
    "流,源,汇,值,标准差\nF1,,A,10,1\n": (
        "1:1: error: the first line lacks flow, source, target, value, std; "
        "it is flow,source,target,value,std, perhaps with layer and unit"
    ),
    TOP + "F1,,A,1e400,1\nF2,A,,1,1\n": "2:4: error: '1e400' is beyond anything real; check the exponent",
    TOP + "F1,,A,12 kt,1\nF2,A,,1,1\n": (
        "2:4: error: expected a plain number, got '12 kt'; write the unit under 'unit'"
    ),
    TOP + "F1,,A,12,\nF2,A,,,\n": "2:4: warning: a value without std is taken as exact; write std: 0 to say so",
    TOP + ",,A,12,1\nF2,A,,,\n": "2:1: error: the row names no flow; fill its column 'flow'",
    "flow,source,target,value,std,unit\nF1,,A,10,1,t\nF2,A,,10,1,GJ\nF3,A,,,,t\n": (
        "3:1: error: F2: the flow is in GJ, others of layer 'goods' in t; use one unit in a layer"
    ),
    "flow,source,target,value,std,layer\nF1,,A,10,1,t\nF2,A,,10,1,t\nH1,A,,8,1,heat\n": (
        "4:1: error: H1: nothing enters 'A:heat', so its balance would be zero; "
        "add what enters it, or write environment"
    ),
    "flow,source,target,value,std,layr\nF1,,A,10,1,\nF2,A,,10,1,\n": (
        "1:6: warning: column 'layr' is not read; did you mean 'layer'?"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), BROKEN.items())
def test_a_table_is_answered_with_row_and_remedy(answer, text, line):
    assert answer(text) == [f"a.csv:{line}"]


BROKEN_YAML = {
    "- a\n": "1:1: error: expected a mapping with kind: account and flows",
    "": "1:1: error: the file is empty; write kind: account, and flows",
    YAML.replace("kind: account", "kind: park"): "1:7: error: kind: a file of measured flows says kind: account at its top",
    YAML + "relation: []\n": (
        "6:1: error: relation: unknown key 'relation'; known here: kind, name, description, source, nodes, flows, "
        "transfer_coefficients, relations, layers, non_negative, monte_carlo; did you mean 'relations'?"
    ),
    YAML + "nodes: [A1]\n": "3:7: error: F1: unknown node 'A'; add it to nodes; did you mean 'A1'?",
    YAML + "transfer_coefficients:\n  T: {of: F9, from: F1, value: 0.3, std: 0.03}\n": (
        "7:6: error: T: there is no flow 'F9'"
    ),
    YAML + "transfer_coefficients:\n  T: {of: F1, from: F1, value: 0.3, std: 0.03}\n": (
        "7:6: error: T: a flow cannot be a share of itself; name two flows"
    ),
    YAML + "transfer_coefficients:\n  T: {of: F2}\n": (
        "7:6: error: transfer_coefficients.T: 'from' is missing; a transfer coefficient is the share of flow 'from' "
        "that flow 'of' is"
    ),
    YAML + "relations: ['F2 = os.system(1)']\n": (
        "6:13: error: relations[0]: 'F2 = os.system(1)': 'os.system(1)' is no flow or coefficient of this account, "
        "or stands in the wrong place; write a relation as F6 = 2*F7 + F8"
    ),
    YAML + "relations: ['F1*F2*F3 = 1']\n": (
        "6:13: error: relations[0]: 'F1*F2*F3 = 1' multiplies more than two quantities; name the product of two first"
    ),
    YAML + "relations: ['2 = 3']\n": "6:13: error: relations[0]: '2 = 3' names no flow; write it as F6 = 2*F7 + F8",
    YAML + "monte_carlo: {runs: -1}\n": (
        "6:21: error: monte_carlo.runs: expected a whole number from 0 on, got '-1'"
    ),
    YAML.replace("to: environment}", "}", 1): (
        "4:7: warning: flows.F2: 'to' is missing and taken as environment; name a node, or write so"
    ),
    YAML.replace("from: A, to: environment}", "value: 7}", 1): (
        "4:7: error: flows.F2: 'from' is missing; name a node, or write environment"
    ),
    YAML + "transfer_coefficients:\n  T: {of: F2, from: F1, value: 140%, std: 1%}\n": (
        "7:6: warning: T: a share of what enters a node lies between 0 and 1, not at 1.4; check it"
    ),
    YAML + "transfer_coefficients:\n  T: {of: F2, from: F1, value: 0.4, std: 0}\n"
    "  U: {of: F3, from: [F1], value: 0.7, std: 0}\n": (
        "8:6: error: U: the shares T, U of what enters 'A' add up to 1.1; they must add up to 1"
    ),
    YAML + "relations: ['F3 = 2*F2', 'F3 = 3*F2']\n": (
        "3:7: warning: F1: 100 was measured, but exact values and relations leave nothing but 0; check these"
    ),
    YAML + "relations: ['F1 = F2/0']\n": "6:13: error: relations[0]: 'F1 = F2/0' divides by zero",
    YAML + "layers: {Cu: {concentrations: {F7: {value: 1, std: 1}}}}\n": (
        "6:36: error: layers.Cu.concentrations.F7: there is no flow 'F7'"
    ),
    YAML.replace("value: 100, std: 5", "distribution: uniform, low: 9, high: 1"): (
        "3:7: error: flows.F1: a uniform or triangular value needs low and high, with low below high"
    ),
    YAML.replace("std: 5", "std: 5, distribution: tri"): (
        "3:7: error: flows.F1: there is no distribution 'tri'; there are normal, lognormal, uniform, triangular"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), BROKEN_YAML.items())
def test_an_account_is_answered_with_line_and_remedy(answer, text, line):
    assert answer(text, "a.yaml")[0] == f"a.yaml:{line}"


@pytest.mark.parametrize(
    "text",
    ["F1", "F1 = ", "= F1", "F1 = F2 = F3", "F1 = F2 +", "F1 = * F2", "F1 = F2 F3", "F1 = (F2)", "F1 = 2/F2", "F1 = 1e5e5"],
)  # fmt: skip
def test_what_is_no_relation_is_refused(answer, text):
    (line,) = answer(YAML + f"relations: ['{text}']\n", "a.yaml")
    assert line.startswith("a.yaml:6:13: error: relations[0]: '")


def test_a_relation_is_read_with_signs_factors_and_odd_names(tmp_path):
    text = """kind: account
flows:
  fly ash-1: {from: environment, to: A, value: 12, std: 1}
  渣: {from: A, to: environment}
  F2: {from: A, to: environment}
relations: ["- 渣 + 2*F2/4 = -3 + 0*fly ash-1 - 1.5e0"]
"""
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    flows = mfa.reconcile(path).flows["reconciled"]
    assert -flows["渣"] + flows["F2"] / 2 == pytest.approx(-4.5)
    assert flows["渣"] + flows["F2"] == pytest.approx(12)


def test_columns_in_any_order_other_delimiters_percent_and_a_byte_order_mark(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeffstd;value;flow;target;source\r\n10%;10;F1;A;environment\r\n2;14;F2;;A\r\n".encode())
    flows = mfa.reconcile(path).flows
    assert flows["std"].to_list() == [1, 2]
    assert flows["reconciled"].to_list() == pytest.approx([10.8, 10.8])


def test_layers_of_a_table_balance_on_their_own(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("flow,source,target,value,std,layer,unit\nF1,,A,10,1,goods,t\nF2,A,,12,1,goods,t\n"
                    "F1,,A,3,1,Cu,kg\nF2,A,,1,1,Cu,kg\n", encoding="utf-8")  # fmt: skip
    result = mfa.reconcile(path)
    by_layer = result.flows.set_index("layer", append=True)["reconciled"]
    assert by_layer.to_dict() == pytest.approx(
        {("F1", "goods"): 11, ("F2", "goods"): 11, ("F1", "Cu"): 2, ("F2", "Cu"): 2}
    )
    assert result.covariance.loc["F1", "F2:Cu"] == pytest.approx(0, abs=1e-12)
    assert result.tables()["flows"]["flow"].to_list() == ["F1", "F2", "F1", "F2"]


def test_a_layer_by_content_reads_concentrations_and_masses(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(YAML + """layers:
  Cu: {unit: kg, concentrations: {F1: {value: 0.02, std: 0}, F2: {value: 0.05, std: 0}}, flows: {F3: {value: 1, std: 0}}}
""", encoding="utf-8")  # fmt: skip
    result = mfa.reconcile(path)
    assert result.flows["reconciled"].to_list() == pytest.approx([100, 20, 80, 2, 1, 1])
    assert result.flows["layer"].to_list() == ["goods"] * 3 + ["Cu"] * 3
    assert result.concentrations.loc["Cu/F3", "reconciled"] == pytest.approx(1 / 80)


def test_flows_of_a_layer_are_read_in_one_unit_where_that_can_be_said(answer):
    text = "flow,source,target,value,std,unit\nF1,,A,12,1,kt\nF2,A,,11000,1000,t\nF3,,A,1,10%,万吨\nF4,A,,,,kt\n"
    assert answer(text) == [
        "a.csv:3:1: warning: F2: read in kt, the unit of its layer, rather than in t",
        "a.csv:4:1: warning: F3: read in kt, the unit of its layer, rather than in 万吨",
    ]
    table = mfa.reconcile("a.csv").tables()["flows"].set_index("flow")
    assert table["measured"].to_list()[:3] == [12, 11, 10]
    assert table["std"].to_list()[:3] == [1, 1, 1]
    assert set(table["unit"]) == {"kt"}


@pytest.mark.parametrize(
    "text",
    ["\n\n" + TOP + "F1,,A,10,1\nF2,A,,12,1\n", (TOP + "F1,,A,10,1\nF2,A,,12,1\n").replace("\n", "\r"),
     "Flow;Source;TARGET;Value;Std\nF1;ENV;A;10;1\nF2;A;Environment;12;1\n"],
    ids=["blank lines", "old line ends", "capitals"],
)  # fmt: skip
def test_a_table_is_read_however_it_was_saved(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    assert mfa.reconcile(path).flows["reconciled"].to_dict() == pytest.approx({"F1": 11, "F2": 11})


def test_a_workbook_is_a_table_as_well(tmp_path, monkeypatch):
    from openpyxl import Workbook

    monkeypatch.chdir(tmp_path)
    book = Workbook()
    rows = [["flow", "source", "target", "value", "std"], ["F1", None, "A", 10, 1], ["F2", "A", None, "x", 1]]
    for row in rows:
        book.active.append(row)
    book.save("a.xlsx")
    with pytest.raises(InputError, match=r"a\.xlsx:Sheet!D3: error: expected a number such as 12\.5, got 'x'"):
        mfa.reconcile("a.xlsx")
    book.active["D3"] = 12
    book.save("a.xlsx")
    assert mfa.reconcile("a.xlsx").flows["reconciled"].to_dict() == pytest.approx({"F1": 11, "F2": 11})


def test_a_coefficient_may_be_a_share_of_several_flows(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(YAML + """  F4: {from: environment, to: A, value: 20, std: 0}
transfer_coefficients: {T: {of: F2, from: [F1, F4], value: 30%, std: 10%}}
""", encoding="utf-8")  # fmt: skip
    result = mfa.reconcile(path)
    assert result.flows["reconciled"].to_list() == pytest.approx([100, 36, 84, 20])
    assert result.flows.loc["F2", "reconciled_std"] == pytest.approx(((0.3 * 5) ** 2 + (0.03 * 120) ** 2) ** 0.5)


def test_zero_has_no_sign(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(YAML + "transfer_coefficients: {T: {of: F2, from: F1, value: 0, std: 0}}\n", encoding="utf-8")
    assert [str(value) for value in mfa.reconcile(path).flows["reconciled"]] == ["100.0", "0.0", "100.0"]


def test_what_cannot_be_positive_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TOP + "F1,,A,10,0\nF2,A,,15,0\nF3,A,,,\nF4,A,,,\n", encoding="utf-8")
    with pytest.raises(InfeasibleError, match="no values at or above zero satisfy the balances"):
        mfa.reconcile(path, non_negative=True)


def test_a_file_that_is_not_there_is_named(tmp_path):
    (tmp_path / "flows.csv").write_text(TOP, encoding="utf-8")
    with pytest.raises(FolderError, match=r"flow\.csv does not exist .*near it: flows\.csv"):
        mfa.reconcile(tmp_path / "flow.csv")


def test_the_command_prints_writes_and_draws(tmp_path, monkeypatch, capsys):
    from mfa.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MFA_LANG", raising=False)
    (tmp_path / "a.yaml").write_text(YAML + "transfer_coefficients: {T: {of: F2, from: F1, value: 0.3, std: 0.03}}\n",
                                     encoding="utf-8")  # fmt: skip
    assert main(["reconcile", "a.yaml", "--json", "--out", "runs"]) == 0
    data = json.loads(capsys.readouterr().out)
    result = mfa.reconcile("a.yaml")
    assert [row["flow"] for row in data["flows"]] == ["F1", "F2", "F3"]
    assert [row["reconciled"] for row in data["flows"]] == result.flows["reconciled"].to_list()
    assert (data["transfer_coefficients"][0]["transfer_coefficient"], data["dof"], data["p_value"]) == ("T", 0, None)
    (folder,) = (tmp_path / "runs" / "a").iterdir()
    names = {path.stem for path in (folder / "tables").glob("*.csv")}
    assert names == {"flows", "transfer_coefficients", "balances", "tests", "suspects", "covariance"}
    assert (
        (folder / "tables" / "flows.csv")
        .read_bytes()
        .startswith(b"\xef\xbb\xbfflow,source,target,layer,unit,measured,")
    )
    assert {path.name for path in (folder / "figures").iterdir()} == {
        f"sankey_1.{language}.{kind}" for language in ("en", "zh") for kind in ("png", "svg")
    }
    assert main(["reconcile", "a.yaml", "--lang", "zh", "--out", "runs"]) == 0
    said = capsys.readouterr().out
    assert "平差后的流量" in said
    assert "没有任何校核：F1, T" in said


def test_the_command_names_the_suspect_and_refuses_a_broken_file(tmp_path, monkeypatch, capsys):
    from mfa.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MFA_LANG", raising=False)
    (tmp_path / "a.csv").write_text(TOP + "F1,,A,10,1\nF2,A,B,30,1\nF3,B,,10,1\n", encoding="utf-8")
    assert main(["reconcile", "a.csv"]) == 0
    assert "suspect 1: F2, z = 16.3, too high by about 20; chi² without it 0" in capsys.readouterr().out
    (tmp_path / "b.csv").write_text(TOP, encoding="utf-8")
    assert main(["reconcile", "b.csv"]) == 3
    assert capsys.readouterr().err == "b.csv:1:1: error: the account has no flows; write one row for each\n"
    assert not (tmp_path / "outputs" / "b").exists()


def test_a_value_may_be_a_distribution(tmp_path):
    text = "kind: account\nflows:\n  F: {from: environment, to: A, value: %s}\n  G: {from: A, to: environment}\n"
    fields = {
        "{triangular: [8, 10, 15]}": {"shape": "triangular", "low": 8, "mode": 10, "high": 15, "value": 11},
        "{lognormal: [10, 20%]}": {"shape": "lognormal", "value": 10, "std": 2},
        "{normal: [10, 1]}": {"shape": "normal", "value": 10, "std": 1},
    }
    for form, expected in fields.items():
        path = tmp_path / "account.yaml"
        path.write_text(text % form, encoding="utf-8")
        flow = mfa.load_account(path).flows[0]
        assert {name: getattr(flow, name) for name in expected} == expected


@pytest.mark.parametrize("nothing", ["", "null", "~", '""', "environment"])
def test_an_end_that_is_empty_is_outside(tmp_path, nothing):
    path = tmp_path / "a.yaml"
    path.write_text(f"""kind: account
flows:
  F1: {{from: {nothing}, to: A, value: 10, std: 1}}
  F2: {{from: A, to: {nothing}, value: 12, std: 1}}
""")
    assert list(mfa.reconcile(path).flows["reconciled"]) == pytest.approx([11, 11])


def test_flows_say_the_unit_they_are_in(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("flow,source,target,value,std,unit\nF1,,A,10,1,t\nF2,A,,7000,1000,kg\nF3,A,,5,1,t\n")
    flows = mfa.reconcile(str(path)).flows
    assert list(flows["unit"]) == ["t"] * 3
    assert list(flows["reconciled"]) == pytest.approx([10 + 2 / 3, 7 - 2 / 3, 5 - 2 / 3])
