"""What goes in stays or comes out: over any lifetimes, entries, uneven years, series and initial stocks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mfa

ENTRIES = ("end", "middle", "start", "spread")
AMOUNT = st.floats(0, 1e6, allow_nan=False).map(lambda amount: round(amount, 3))


@st.composite
def lifetimes(draw):
    kind = draw(st.sampled_from(["fixed", "normal", "folded_normal", "lognormal", "weibull", "gamma", "logistic"]))
    mean = draw(st.floats(0.5, 60))
    return mfa.Lifetime(kind, mean=mean, std=None if kind == "fixed" else mean * draw(st.floats(0.05, 1.5)))


@st.composite
def years(draw):
    gaps = draw(st.lists(st.sampled_from([1, 1, 1, 2, 5, 0.5]), max_size=15))
    return (1950 + np.cumsum([0, *gaps])).tolist()


@st.composite
def cases(draw):
    index = draw(years())
    names = draw(st.sampled_from([["car"], ["car", "ship"]]))
    amounts = st.lists(AMOUNT, min_size=len(names), max_size=len(names))
    table = pd.DataFrame([draw(amounts) for _ in index], index=index, columns=names)
    initial = pd.DataFrame([draw(amounts) for _ in range(2)], index=[1900, 1940], columns=names)
    return table, draw(lifetimes()), draw(st.sampled_from(ENTRIES)), initial


def assert_conserved(found, initial):
    """Stock at the start + inflow = outflow + stock, in every period."""
    before = found["stock"].shift(fill_value=0.0)
    before.iloc[0] = initial.sum()
    scale = before.abs() + found["inflow"].abs() + found["stock"].abs()
    residual = before + found["inflow"] - found["outflow"] - found["stock"]
    assert (residual.abs() <= 1e-12 * scale).all(axis=None)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_mass_is_conserved_and_cohorts_add_up(case):
    inflow, lifetime, entry, initial = case
    found = mfa.in_use_stock(inflow, lifetime, entry, initial=initial)
    assert_conserved(found, initial)
    assert (found >= 0).all(axis=None)
    cohorts = mfa.in_use_stock(inflow, lifetime, entry, initial=initial, cohorts=True)
    pd.testing.assert_frame_equal(cohorts.groupby("year").sum(), found, rtol=1e-12, atol=1e-9)
    assert sorted(set(cohorts.index.get_level_values("cohort"))) == sorted({*initial.index, *inflow.index})


@settings(max_examples=80, deadline=None)
@given(cases())
def test_the_required_inflow_leads_back_to_the_stock(case):
    stock, lifetime, entry, initial = case
    try:
        found = mfa.required_inflow(stock, lifetime, entry, initial=initial)
    except mfa.InputError as error:
        assert "no inflow keeps a stock" in str(error)  # noqa: PT017 (the other outcome is tested below)
        return
    again = mfa.in_use_stock(found["inflow"], lifetime, entry, initial=initial)
    size = float(found.abs().to_numpy().max())
    pd.testing.assert_frame_equal(found, again, rtol=1e-9, atol=1e-9 * size)
    pd.testing.assert_frame_equal(found["stock"], stock.rename_axis("year"), atol=1e-9 * size, check_names=False)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_early_retirement_meets_the_stock_with_no_negative_inflow(case):
    stock, _, entry, initial = case
    lifetime = mfa.Lifetime("normal", mean=20, std=6)
    found = mfa.required_inflow(stock, lifetime, entry, initial=initial, early_retirement=True)
    size = float(found.to_numpy().max())
    pd.testing.assert_frame_equal(found["stock"], stock, atol=1e-12 * size, rtol=1e-12, check_names=False)
    assert (found["inflow"] >= 0).all(axis=None)
    assert (found["outflow"] >= -1e-12 * size).all(axis=None)
    assert_conserved(found, initial)
    cohorts = mfa.required_inflow(stock, lifetime, entry, initial=initial, early_retirement=True, cohorts=True)
    pd.testing.assert_frame_equal(cohorts.groupby("year").sum(), found, rtol=1e-12, atol=1e-12 * size)


def test_a_falling_stock_by_hand():
    # ODYM's correction raised the stock and lowered the outflow. Lifetime 10: nothing leaves of itself.
    stock = pd.Series([100.0, 60.0, 90.0], index=[2000, 2001, 2002])
    lifetime = mfa.Lifetime("fixed", mean=10)
    plain = mfa.required_inflow(stock, lifetime)
    assert plain["inflow"].tolist() == [100, -40, 30]
    assert plain.attrs["negative_inflow"] == [2001]
    early = mfa.required_inflow(stock, lifetime, early_retirement=True)
    assert early["stock"].tolist() == [100, 60, 90]
    assert early["inflow"].tolist() == [100, 0, 30]
    assert early["outflow"].tolist() == [0, 40, 0]
    assert early.attrs["negative_inflow"] == []


def test_uneven_years_by_hand():
    # flodym's cohorts summed to 2 where the stock was 10. Ages at 2000, 2005, 2006: 0; 5, 0; 6, 1, 0.
    found = mfa.in_use_stock({2000: 10.0, 2005: 20.0, 2006: 30.0}, mfa.Lifetime("fixed", mean=6), cohorts=True)
    assert found["stock"].to_dict() == {
        (2000, 2000): 10, (2005, 2000): 10, (2005, 2005): 20, (2006, 2000): 0, (2006, 2005): 20, (2006, 2006): 30,
    }  # fmt: skip
    kept = mfa.required_inflow({2000: 10.0, 2005: 10.0, 2010: 10.0}, mfa.Lifetime("fixed", mean=5))
    assert kept["inflow"].tolist() == [10, 10, 10]


def test_the_middle_of_a_long_period_is_half_of_it():
    found = mfa.in_use_stock(
        {2000: 0.0, 2004: 1.0, 2008: 0.0}, mfa.Lifetime("table", survival=[1, 0.9, 0.8, 0.7]), "middle"
    )
    assert found["stock"].tolist() == [0, 0.8, 0]


def test_an_initial_stock_goes_on_ageing():
    # Of the cohort of 1990 the share 0.5 is left at the end of 1999, age 9, and 0.25 at the end of 2000.
    survival = pd.Series({0: 1.0, 9: 0.5, 10: 0.25, 11: 0.0})
    found = mfa.in_use_stock({2000: 0.0, 2001: 0.0}, mfa.Lifetime("table", survival=survival), initial={1990: 80.0})
    assert found["stock"].tolist() == [40, 0]
    assert found["outflow"].tolist() == [40, 40]


def test_what_should_long_be_gone_leaves_at_once():
    found = mfa.in_use_stock({2000: 1.0, 2001: 1.0}, mfa.Lifetime("fixed", mean=5), initial={1950: 7.0})
    assert found["outflow"].tolist() == [7, 0]


def test_the_order_of_rows_and_the_form_of_the_table_do_not_matter():
    inflow = pd.Series([1.0, 2.0, 4.0], index=[2000, 2001, 2002])
    lifetime = mfa.Lifetime("weibull", shape=2, scale=3)
    expected = mfa.in_use_stock(inflow, lifetime)
    for same in (inflow.iloc[[2, 0, 1]], dict(inflow), inflow.rename(index=str)):
        pd.testing.assert_frame_equal(mfa.in_use_stock(same, lifetime), expected)
    frame = pd.DataFrame({"year": [2002, 2000, 2001], "car": [4.0, 1.0, 2.0]})
    pd.testing.assert_series_equal(
        mfa.in_use_stock(frame, lifetime)["stock"]["car"], expected["stock"], check_names=False
    )


def test_a_table_may_be_an_array_or_name_its_only_column_after_what_it_holds():
    lifetime = mfa.Lifetime("fixed", mean=2)
    expected = mfa.in_use_stock({2000: 1.0, 2001: 2.0, 2002: 4.0}, lifetime)
    for name, account in (("inflow", mfa.in_use_stock), ("stock", mfa.required_inflow)):
        frame = pd.DataFrame({"year": expected.index, name: expected[name].to_numpy()})
        pd.testing.assert_frame_equal(account(frame, lifetime), expected)
    array = mfa.in_use_stock(np.array([[1.0, 10.0], [2.0, 20.0]]), lifetime)
    assert array["stock"].to_numpy().tolist() == [[1, 10], [3, 30]]


def test_series_keep_the_levels_of_their_names():
    columns = pd.MultiIndex.from_product([["CN", "DE"], ["car", "ship"]], names=["region", "product"])
    inflow = pd.DataFrame([[1.0, 2.0, 3.0, 4.0], [0.0] * 4], index=[2000, 2001], columns=columns)
    lifetime = mfa.Lifetime("fixed", mean=pd.Series({"ship": 2, "car": 1}))
    found = mfa.in_use_stock(inflow, lifetime)
    assert found.columns.names == ["quantity", "region", "product"]
    assert found["stock"].loc[2001].to_dict() == {
        ("CN", "car"): 0, ("CN", "ship"): 2, ("DE", "car"): 0, ("DE", "ship"): 4,
    }  # fmt: skip


def test_a_lifetime_of_zero_leaves_at_once():
    found = mfa.in_use_stock({2000: 5.0, 2001: 3.0}, mfa.Lifetime("fixed", mean=0))
    assert (found["stock"].tolist(), found["outflow"].tolist()) == ([0, 0], [5, 3])


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_convention_is_stated(entry):
    found = mfa.in_use_stock([1.0], mfa.Lifetime("normal", mean=12, std=3.6), entry)
    assert found.attrs["entry"] == entry
    assert found.attrs["age_at_end_of_entry_year"] == {"end": 0, "middle": 0.5, "start": 1, "spread": "0 to 1"}[entry]
    assert found.attrs["lifetime"] == "normal(mean=12, std=3.6)"


REFUSED = [
    ({2000: 1.0, "x": 2.0}, {}, "inflow, x: error: this is not a year; the index holds years such as 1998"),
    (pd.Series([1.0, 2.0], index=[2000, 2000]), {},
     "inflow, 2000: error: this year has two rows; remove one or add them up"),
    ({2000: 1.0, 2001: float("nan")}, {},
     "inflow, 2001: error: expected a finite number, got 'nan'; fill the cell, or leave out the year"),
    (pd.DataFrame({"car": ["many"]}, index=[2000]), {},
     "inflow, 2000: error: car: expected a finite number, got 'many'; fill the cell, or leave out the year"),
    ({}, {}, "inflow: error: there is no amount; give at least one year"),
    ({2000: 1.0}, {"entry": "begin"}, "entry: error: there is no entry 'begin'; use one of end, middle, start, spread"),
    ({2000: 1.0}, {"initial": {2000: 1.0}},
     "initial, 2000: error: a cohort that is in stock at the start entered by 1999; move it"),
    (pd.DataFrame({"car": [1.0]}), {"initial": pd.DataFrame({"ship": [1.0]}, index=[-9])},
     "initial: error: car: give the initial stock with the same series as the table"),
]  # fmt: skip


@pytest.mark.parametrize(("inflow", "more", "message"), REFUSED, ids=range(len(REFUSED)))
def test_a_bad_row_is_named(inflow, more, message):
    with pytest.raises(mfa.InputError) as caught:
        mfa.in_use_stock(inflow, mfa.Lifetime("fixed", mean=5), **more)
    assert str(caught.value) == message


def test_what_is_no_lifetime_is_refused():
    with pytest.raises(mfa.InputError) as caught:
        mfa.in_use_stock({2000: 1.0}, "normal")
    assert str(caught.value) == (
        "lifetime: error: expected a lifetime such as mfa.Lifetime('normal', mean=12, std=3.6)"
    )


def test_a_stock_that_no_inflow_keeps_is_refused():
    with pytest.raises(mfa.InputError) as caught:
        mfa.required_inflow({2000: 5.0}, mfa.Lifetime("fixed", mean=1), "start")
    assert str(caught.value).startswith("stock, 2000: error: nothing that enters in this period is left at its end")
    with pytest.raises(mfa.InputError, match="stock, 2001: error: a stock cannot be negative"):
        mfa.required_inflow({2000: 5.0, 2001: -1.0}, mfa.Lifetime("fixed", mean=3), early_retirement=True)
