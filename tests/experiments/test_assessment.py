"""Runs, plans, scenarios and flow tables assessed from Python."""

import pandas as pd
import pytest

import mfa
from mfa.experiments.assessment import find_scheme
from mfa.files.library import data_root

FIRST = data_root() / "scenarios" / "first_park.yaml"
STATISTICS = {"industrial_value_added": {2025: 6.4e8}, "employees": 800.0, "solid_waste_utilisation": 0.05}


@pytest.fixture(scope="module")
def loop():
    return mfa.close_loop(mfa.load_scenario(FIRST).replace(statistics=STATISTICS))


def item(card, name, run="before"):
    table = card.table
    [row] = table[(table["item"] == name) & (table["run"] == run) & (table["of"] == "")].to_dict(orient="records")
    return row


def test_before_after_and_the_promise_stand_side_by_side(loop):
    card = mfa.evaluate(loop, "hj274")
    found = {run: item(card, "solid_waste_utilisation", run) for run in ("before", "after", "plan")}
    assert {run: row["value"] for run, row in found.items()} == pytest.approx(
        {"before": 5.6, "after": 40.8, "plan": 40.8}
    )
    assert {row["result"] for row in found.values()} == {"fail"}
    assert found["before"]["gap"] == pytest.approx(5.6 - 70)
    assert found["before"]["year"] == 2025


def test_a_statistic_stands_beside_what_the_run_says(loop):
    [datum] = item(mfa.evaluate(loop, "hj274"), "solid_waste_utilisation")["data"]
    assert (datum.computed, datum.value, datum.told) == (True, pytest.approx(0.056), 0.05)


def test_verdicts_of_the_park_by_hand(loop):
    card = mfa.evaluate(loop.before, "hj274")
    assert item(card, "value_added_per_employee")["value"] == pytest.approx(80)
    verdicts = card.verdicts.set_index("what")
    # One of four passes; the others are open: what they hang on is missing or nobody has verified it.
    assert verdicts.loc["economy", ["passed", "result"]].tolist() == [1, "pass"]
    assert verdicts.loc["symbiosis", ["failed", "result"]].tolist() == [1, "open"]
    assert verdicts.loc["total", "result"] == "open"


def test_an_index_whose_references_are_from_memory_is_unverified(loop):
    index = mfa.evaluate(loop.before, "green-park").verdicts.set_index("what").loc["index"]
    assert index["result"] == "unverified"
    assert index["of"] == 4


def test_every_indicator_of_a_run_with_what_it_lacks(loop):
    card = mfa.evaluate(loop)
    assert item(card, "carbon_inventory")["value"] > 0
    assert item(card, "energy_elasticity")["missing"] == (
        "energy_use (2025, …)", "industrial_value_added (2025, …)",
    )  # fmt: skip
    # All that is exchanged today is fly ash for cement.
    assert item(card, "lost_without_worst_firm")["value"] == pytest.approx(1)
    assert item(card, "recycled_material")["value"] == pytest.approx(14e3)
    assert item(card, "new_links", "plan")["value"] == 2


def test_a_plan_alone_says_what_it_promises(loop):
    card = mfa.evaluate(loop.plan)
    assert item(card, "solid_waste_utilisation", "plan")["value"] == pytest.approx(0.408)
    assert len(card.table) == 4


def test_a_flow_table_gives_its_network_and_names_the_rest():
    flows = pd.DataFrame(
        [("import", "a", 10), ("a", "b", 6), ("recycling", "b", 2), ("b", "export", 8), ("a", "landfill", 4)],
        columns=["source", "target", "amount"],
    )
    card = mfa.evaluate(flows)
    table = card.table.set_index("item")
    assert table.loc["throughflow", "value"] == 18
    assert table.loc["domestic_material_consumption", "value"] == 2
    assert table.loc["circular_material_use", "value"] == pytest.approx(2 / (2 + 2))
    assert table.loc["solid_waste_utilisation", "reason"].startswith("needs a run")
    assert table.loc["energy_intensity", "reason"] == "needs a scenario with statistics"
    assert set(card.table["result"]) == {"reported", "not computable"}
    said = "taken as outside, because they only give or only receive: export, import, landfill, recycling; "
    assert card.notes == (said + "change with --outside",)


@pytest.mark.parametrize(
    ("said", "key"),
    [("绿色园区评价（工信部 2016）", "green-park"), ("绿色园区评价", "green-park"), ("HJ 274-2015", "hj274"),
     ("Green industrial parks", "green-park"), ("国家生态工业示范园区标准", "hj274"), ("HJ274", "hj274"),
     ("园区循环化改造", "circular-retrofit"), ("near-zero-carbon parks", "near-zero-carbon")],
)  # fmt: skip
def test_a_scheme_is_found_by_its_id_its_titles_and_its_standard(said, key):
    assert find_scheme(said).id == key


def test_a_title_that_is_nearly_one_is_told():
    with pytest.raises(mfa.UsageError, match="did you mean '绿色园区评价'"):
        find_scheme("绿色园区")


def test_what_does_not_go_together_is_a_usage_error(loop):
    flows = pd.DataFrame({"source": ["a"], "target": ["b"], "amount": [1.0]})
    with pytest.raises(mfa.UsageError, match=r"there is no scheme 'hj247'.*did you mean 'hj274'"):
        mfa.evaluate(loop, "hj247")
    with pytest.raises(mfa.UsageError, match="a flow table has no years and no statistics"):
        mfa.evaluate(flows, "hj274")
    with pytest.raises(mfa.UsageError, match="the run records no 2030; it has 2025"):
        mfa.evaluate(loop.before, year=2030)
    with pytest.raises(mfa.UsageError, match="--outside goes with a flow table"):
        mfa.evaluate(loop.before, outside={"a"})
    with pytest.raises(mfa.InputError, match="outside: error: c: no flow starts or ends here"):
        mfa.evaluate(flows, outside={"c"})
