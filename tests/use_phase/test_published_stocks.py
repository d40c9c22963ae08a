"""Products in use against published numbers and runs of other tools."""

import json
from pathlib import Path

import pandas as pd
import pytest

import mfa

CASES = Path(__file__).parents[1] / "cases"
CONVENTIONS = {"odym": "end", "flodym_middle": "middle"}


def by_year(path):
    return pd.read_csv(path, index_col="year")


@pytest.mark.parametrize("entry", ["end", "middle"])
def test_inflow_drives_stock_and_outflow(entry):
    inputs = by_year(CASES / "dynamic_stock" / "inputs.csv")
    found = mfa.in_use_stock(inputs["inflow"], mfa.Lifetime("normal", mean=12, std=3.6), entry)
    check_case(found, entry, "inflow_driven", ["stock", "outflow"])


@pytest.mark.parametrize("entry", ["end", "middle"])
def test_stock_drives_inflow_and_outflow(entry):
    inputs = by_year(CASES / "dynamic_stock" / "inputs.csv")
    found = mfa.required_inflow(inputs["stock"], mfa.Lifetime("normal", mean=12, std=3.6), entry)
    check_case(found, entry, "stock_driven", ["inflow", "outflow"])


def check_case(found, entry, mode, variables):
    expected = pd.read_csv(CASES / "dynamic_stock" / "expected.csv")
    expected = expected[(expected["convention"] == entry) & (expected["mode"] == mode)]
    expected = expected.pivot(index="year", columns="variable", values="value")
    assert sorted(expected.columns) == sorted(variables)
    pd.testing.assert_frame_equal(found[variables], expected[variables], rtol=1e-9, atol=1e-9, check_names=False)


@pytest.mark.parametrize("tool", CONVENTIONS)
def test_steel_in_nine_countries(tool):
    folder = CASES / "steel_stock_9_countries"
    mean = json.loads((folder / "lifetimes.json").read_text())["mean"]
    lifetime = mfa.Lifetime("normal", mean=mean, std={country: 0.3 * years for country, years in mean.items()})
    found = mfa.in_use_stock(by_year(folder / "inflow.csv"), lifetime, CONVENTIONS[tool])
    for quantity in ("stock", "outflow"):
        expected = by_year(folder / f"expected_{quantity}_{tool}.csv")
        pd.testing.assert_frame_equal(found[quantity], expected, rtol=1e-9, atol=1e-12, check_names=False)


def test_the_published_stock_of_france():
    folder = CASES / "steel_stock_9_countries"
    inflow = by_year(folder / "inflow.csv")["France"]
    lifetime = mfa.Lifetime("normal", mean=45, std=13.5)
    stocks = [float(mfa.in_use_stock(inflow, lifetime, entry)["stock"][2008]) for entry in ("end", "middle")]
    assert [round(stock, 1) for stock in stocks] == [661_814.9, 655_245.7]
