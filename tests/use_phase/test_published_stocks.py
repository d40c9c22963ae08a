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


RISING = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
KNOWN = {  # test_dynamic_stock_model.py of ODYM 1.0.0: stocks and outflows of an inflow of 1, 2 … 10 (MIT)
    "fixed": (
        mfa.Lifetime("fixed", mean=5),
        [1, 3, 6, 10, 15, 20, 25, 30, 35, 40],
        [0, 0, 0, 0, 0, 1, 2, 3, 4, 5],
    ),
    "normal": (
        mfa.Lifetime("normal", mean=5, std=1.5),
        [0.99957094, 2.9953115, 5.96830193, 9.85008113, 14.4793678, 19.60865447, 24.99043368, 30.46342411, 35.95916467,
         41.45873561],
        [4.29060333e-04, 4.25944090e-03, 2.70095728e-02, 1.18220793e-01, 3.70713330e-01, 8.70713330e-01, 1.61822079,
         2.52700957, 3.50425944, 4.50042906],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_what_odym_tests_itself_by(name):
    lifetime, stock, outflow = KNOWN[name]
    found = mfa.in_use_stock(RISING, lifetime)
    assert found["stock"].to_list() == pytest.approx(stock, rel=1e-8)
    assert found["outflow"].to_list() == pytest.approx(outflow, rel=1e-8)
    back = mfa.required_inflow(found["stock"], lifetime)
    assert back["inflow"].to_list() == pytest.approx(RISING, rel=1e-12)


@pytest.mark.parametrize(
    ("mean", "entry", "stationary", "within"),
    [(30, "end", 30.5, 0.01), (30, "middle", 30, 0.01), (30, "start", 29.5, 0.01), (30, "spread", 30, 1e-6),
     (0.3, "spread", 0.3, 1e-6)],
)  # fmt: skip
def test_the_stationary_stock_is_inflow_times_lifetime(mean, entry, stationary, within):
    """test_stocks.py of flodym 1.1.0: entering at one point of the year misses half a year, or short lives (MIT)."""
    lifetime = mfa.Lifetime("lognormal", mean=mean, std=mean / 3)
    found = mfa.in_use_stock(pd.Series(1.0, index=range(1900, 2101)), lifetime, entry)
    assert found["stock"].iloc[-1] == pytest.approx(stationary, abs=within)
