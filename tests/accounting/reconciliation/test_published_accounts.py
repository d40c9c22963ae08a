"""Published reconciliation problems, read from files as users write them."""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mfa
from mfa.accounting.balances import node_balances, unbalanced
from mfa.park.account import Account, Flow

CASES = Path(__file__).parents[2] / "cases"
PUBLISHED = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((CASES / "reconciliation").glob("*_*.json"))
}


def write_table(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["flow", "source", "target", "value", "std"])
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return path


def rows_of(case, without=()):
    return [
        (f["flow"], f["source"], f["target"], *((None, None) if f["flow"] in without else (f["value"], f["std"])))
        for f in case["flows"]
    ]


@pytest.fixture
def p4(tmp_path):
    case = json.loads((CASES / "reconciliation" / "p4.json").read_text(encoding="utf-8"))
    matrix = np.array(case["balance_matrix_A"])
    rows = [
        (
            f"F{j + 1}",
            next((f"N{i + 1}" for i in np.flatnonzero(matrix[:, j] < 0)), ""),
            next((f"N{i + 1}" for i in np.flatnonzero(matrix[:, j] > 0)), "environment"),
            case["measured"][j],
            case["std"][j],
        )
        for j in range(matrix.shape[1])
    ]
    return case, mfa.reconcile(write_table(tmp_path / "p4.csv", rows))


def test_six_streams_come_out_as_published(p4):
    case, result = p4
    assert result.flows["reconciled"].to_numpy() == pytest.approx(case["reconciled_published_repo"], rel=1e-9)
    assert result.flows["reconciled_std"].to_numpy() == pytest.approx(case["closed_form"]["std"], rel=1e-9)
    adjustments = np.array(case["reconciled_published_repo"]) - np.array(case["measured"])
    assert result.flows["adjustment"].to_numpy() == pytest.approx(adjustments, abs=1e-9)
    assert (result.chi2, result.dof) == (pytest.approx(case["closed_form"]["chi2"]), case["closed_form"]["dof"])


def test_six_streams_pass_the_published_tests(p4):
    case, result = p4
    expected, tests = case["gross_error_tests"], result.tests.set_index("test")
    assert result.p_value == pytest.approx(expected["p_value"], rel=1e-9)
    assert tests.loc["global", "critical"] == pytest.approx(expected["chi2_critical_95"], rel=1e-9)
    assert bool(tests.loc["global", "rejects"]) is expected["global_test_rejects"]
    assert result.flows["z"].to_numpy() == pytest.approx(expected["measurement_test_z"], rel=1e-9)
    assert tests.loc["measurement", "critical"].to_numpy() == pytest.approx(np.full(6, expected["sidak_critical"]))
    assert tests.loc["nodal", "statistic"].to_numpy() == pytest.approx(expected["nodal_test_z"], rel=1e-9)
    assert list(result.suspects.index) == expected["measurement_suspects_1based"] == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_problem_comes_out_as_published(tmp_path, name):
    case = PUBLISHED[name]
    result = mfa.reconcile(write_table(tmp_path / "flows.csv", rows_of(case, case.get("leave_out", ()))))
    published = [flow["published"] for flow in case["flows"]]
    tolerance = {"rel": case.get("relative", 1e-12), "abs": case.get("absolute", 1e-12)}
    assert result.flows["reconciled"].to_numpy() == pytest.approx(published, **tolerance)
    assert result.unobservable == ()


def test_the_flow_that_the_paper_blames_is_the_first_suspect(tmp_path):
    result = mfa.reconcile(write_table(tmp_path / "flows.csv", rows_of(PUBLISHED["yang_1995"])))
    assert result.p_value < 1e-4
    # Upstream and downstream of two unmeasured flows: by these data F1 and F6 cannot be told apart.
    assert (list(result.suspects.index), result.suspects.loc["F1", "alike"]) == (["F1"], "F6")
    assert result.suspects.loc["F1", "error"] == pytest.approx(110.1 - 98.3709, abs=1e-3)
    assert result.suspects.loc["F1", "chi2"] < 1


def test_stan_s_worked_example_comes_out_as_published():
    """The peer's run prints seven digits; its fork knows F6 = F7 as a coefficient of exactly 1."""
    result = mfa.reconcile(CASES / "reconciliation" / "cencic_2016.yaml")
    values = [102.425960, 50, 302.416229, 149.990270, 152.425960, 76.212980, 76.212980]
    spread = [7.882792, 0, 22.608614, 21.213297, 7.882792, 3.941396, 3.941396]
    assert result.flows["reconciled"].to_numpy() == pytest.approx(values, abs=6e-7)
    assert result.flows["reconciled_std"].to_numpy() == pytest.approx(spread, abs=6e-7)
    share = result.transfer_coefficients.loc["TC"]
    assert (share["reconciled"], share["reconciled_std"]) == (
        pytest.approx(0.495973, abs=6e-7),
        pytest.approx(0.037681, abs=6e-7),
    )
    statuses = ["measured", "exact", "measured", "computed", "measured", "computed", "computed"]
    assert list(result.flows["status"]) == statuses


DUTCH_OUTSIDE = {"import", "imp_waste", "extract", "export", "waste", "stock"}


def dutch_flows():
    table = pd.read_csv(CASES / "netherlands_mfa_cbs" / "flows.csv")
    ends = table[["from", "to"]].where(~table[["from", "to"]].isin(DUTCH_OUTSIDE), "environment")
    names = table["from"] + " > " + table["to"]
    return list(zip(names, ends["from"], ends["to"], table["quantity"], table["substance"], strict=True))


def test_the_dutch_account_balances_as_it_is_and_is_recovered_when_perturbed():
    rng = np.random.default_rng(7)
    true, flows = [], []
    for name, source, target, amount, layer in dutch_flows():
        std = 0.05 * amount + 0.01
        flows.append(
            Flow(id=name, source=source, target=target, layer=layer, value=amount + std * rng.normal(), std=std)
        )
        true.append(amount)
    result = mfa.reconcile(Account(name="Netherlands", flows=tuple(flows)))
    measured, found, off = (result.flows[c].to_numpy() for c in ("measured", "reconciled", "reconciled_std"))
    weights = 1 / result.flows["std"].to_numpy() ** 2
    truth = np.array(true)
    assert unbalanced(result.balances, 1e-9).empty
    assert np.sum(weights * (found - truth) ** 2) < np.sum(weights * (measured - truth) ** 2)
    checked = off > 0
    assert np.mean(np.abs(found - truth)[checked] <= 2 * off[checked]) > 0.9
    assert 0.001 < result.p_value < 0.999
    assert sorted(result.flows["layer"].unique()) == ["Biomass", "Fossil", "Metals", "Mineral"]


def test_the_petrochemical_objects_that_do_not_balance_are_named():
    folder = CASES / "petrochem_global_baseline"
    table = pd.read_csv(folder / "expected_flows.csv")
    expected = pd.read_csv(folder / "expected_object_balance.csv").set_index("object")
    table = table[table["flow_t"] > 0]
    flows = [
        Flow(id=f"{process} {role} {item}", value=amount, **{"source" if role == "consumes" else "target": item})
        for process, role, item, amount in table[["process", "role", "object", "flow_t"]].itertuples(index=False)
    ]  # fmt: skip
    balances = node_balances(Account(flows=tuple(flows))).set_index("node")
    present = expected.loc[balances.index]
    assert balances["difference"].to_numpy() == pytest.approx(present["residual_t"].to_numpy(), rel=1e-6, abs=1.0)
    markets = balances[present["has_market"]].reset_index()
    named = unbalanced(markets[(markets["inflow"] > 0) & (markets["outflow"] > 0)], 1e-3)
    assert sorted(named["node"]) == [
        "Benzene", "BuildingsAndConstructionProducts", "ConsumerAndInstitutionalProducts",
        "ElectricalAndElectronicProducts", "IndustrialMachinery", "NaturalGas", "OtherProducts", "TextileProducts",
        "TransportationProducts",
    ]  # fmt: skip
    assert named["node"].iloc[0] == "BuildingsAndConstructionProducts"
