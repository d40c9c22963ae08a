"""Circularity of products and economies: worked examples, published accounts, bad input."""

import json
from pathlib import Path

import pandas as pd
import pytest

import mfa

CASES = Path(__file__).parents[1] / "cases"
EXAMPLES = json.loads((CASES / "mci" / "mci_examples.json").read_text(encoding="utf-8"))["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"FR={example['FR']}")
def test_worked_examples_of_the_material_circularity_indicator(example):
    found = mfa.material_circularity(
        example["M"],
        feedstock={"recycled": example["FR"], "reused": example["FU"]},
        end_of_life={"recycled": example["CR"], "reused": example["CU"]},
        recycling_efficiency=example["EC"],
        feedstock_efficiency=example["EF"],
        utility=example["X"],
    )
    assert found.tolist() == pytest.approx([example["V"], example["W"], example["LFI"], example["MCI"]])


def test_losses_of_recycling_by_hand():
    # V = 60, W0 = 50, WC = 100·0.2·0.5 = 10, WF = 100·0.5·0.4/0.5 = 40, W = 75, LFI = 135/(200 + 15), X = 2.
    found = mfa.material_circularity(
        100, feedstock={"recycled": 0.4}, end_of_life={"recycled": 0.5},
        recycling_efficiency=0.8, feedstock_efficiency=0.5, utility=2,
    )  # fmt: skip
    assert found["unrecoverable_waste"] == pytest.approx(75)
    assert found["linear_flow_index"] == pytest.approx(135 / 215)
    assert found["material_circularity"] == pytest.approx(1 - 135 / 215 * 0.45)


def test_a_short_lived_linear_product_is_not_below_zero():
    assert mfa.material_circularity(utility=0.5)["material_circularity"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"feedstock": {"recycled": 1.2}}, "feedstock.recycled: a fraction lies between 0 and 1, got 1.2"),
        ({"feedstock": {"recycled": 0.7, "reused": 0.5}}, "feedstock: the fractions add up to 1.2; at most 1"),
        ({"end_of_life": {"recyled": 0.7}}, "end_of_life.recyled: there is no 'recyled'; use recycled, reused, "
                                            "composted, energy; did you mean 'recycled' or 'reused'?"),
        ({"utility": 0}, "utility: utility must be above 0, got 0"),
        ({"recycling_efficiency": -0.1}, "recycling_efficiency: a fraction lies between 0 and 1, got -0.1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(arguments, message):
    with pytest.raises(mfa.InputError) as caught:
        mfa.material_circularity(**arguments)
    assert str(caught.value) == f"circularity: error: {message}"


def test_the_economy_of_the_netherlands():
    flows = pd.read_csv(CASES / "netherlands_mfa_cbs" / "flows.csv")
    flows = flows.rename(columns={"from": "source", "to": "target", "quantity": "amount"})
    found = mfa.economy_wide(
        flows, imports={"import", "imp_waste"}, extraction={"extract"}, exports={"export"}, processing={"process"},
        recycling={"R3"}, waste_imports={"imp_waste"},
    )  # fmt: skip
    published = {
        "imports": 430.431, "extraction": 116.331, "exports": 354.052, "direct_material_input": 546.762,
        "domestic_material_consumption": 192.710, "processed": 454.027, "recycled": 52.323,
    }  # fmt: skip
    for name, value in published.items():
        assert round(found[name], 3) == value, name
    assert round(100 * found["recycling_share"], 3) == 11.524
    assert found["circular_material_use"] == pytest.approx((52.32279 - 27.49399) / (192.710001 + 24.8288), rel=1e-6)


def test_an_unknown_node_is_named():
    table = pd.DataFrame({"source": ["import"], "target": ["process"], "amount": [1.0]})
    with pytest.raises(
        mfa.InputError, match="imports: error: imprt: no flow starts or ends here; did you mean 'import'"
    ):
        mfa.economy_wide(table, imports={"imprt"}, extraction=(), exports=(), processing={"process"})


def test_the_circular_material_use_rate_of_the_example():
    assert mfa.circular_material_use(30, 168, waste_imports=4, waste_exports=6) == pytest.approx(0.16)
    with pytest.raises(mfa.InputError, match="nothing is consumed"):
        mfa.circular_material_use(0, 0)
