"""What is collected of products, and what comes back: by hand, and over any lifetimes, entries and shares."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mfa

TWO_YEARS = mfa.Lifetime("fixed", mean=2)
SALES = {2016: 100, 2017: 100, 2018: 100, 2019: 100, 2020: 100}
SHARES = {"collection": {2016: 0.5, 2019: 0.8}, "reuse": 0.1, "remanufacture": 0.5, "yield_": 0.8}


def test_an_inflow_with_a_loop_by_hand():
    """Two years after their entry all leave; of 100, half is collected: 5 are reused, 25 sent, 20 come back."""
    found = mfa.in_use_loop(SALES, TWO_YEARS, **SHARES)
    assert found.loc[2017].tolist() == [200, 100, 0, 0, 0, 0, 0, 0, 0]
    row = found.loc[2018].to_dict()
    assert row == pytest.approx({
        "stock": 225, "inflow": 100, "outflow": 100, "collected": 50, "reused": 5, "cores": 25, "remanufactured": 20,
        "recycled": 25, "lost": 50,
    })  # fmt: skip
    # In 2020 what was sold and what came back in 2018 leaves together: 125, of which 80 % is collected.
    assert found.loc[2020, ["outflow", "collected", "reused", "remanufactured", "stock"]].tolist() == pytest.approx(
        [125, 100, 10, 40, 265 - 125 + 100 + 50]
    )


def test_a_stock_is_kept_with_fewer_new_products_where_some_come_back():
    """Entering in the middle of a year, they leave at 2.5 − 0.5: every second year 100 leave and 25 % come back."""
    found = mfa.in_use_loop(dict.fromkeys(range(2016, 2021), 100), TWO_YEARS, "middle", driven_by="stock", **SHARES)
    assert found["inflow"].tolist() == pytest.approx([100, 0, 75, 0, 60])
    assert (found["reused"] + found["remanufactured"]).tolist() == pytest.approx([0, 0, 25, 0, 40])
    assert found["stock"].tolist() == pytest.approx([100] * 5)


def test_no_more_comes_back_than_a_falling_stock_lacks():
    """In 2018 all 100 leave and 30 are wanted: of the 50 that could come back 30 do, the others are recycled."""
    stock = {2016: 100, 2017: 100, 2018: 30}
    found = mfa.in_use_loop(stock, TWO_YEARS, "middle", driven_by="stock", reuse=0.2, remanufacture=0.3)
    assert found.loc[2018, ["inflow", "reused", "cores", "remanufactured", "recycled"]].tolist() == pytest.approx(
        [0, 12, 18, 18, 70]
    )


def test_a_second_life_is_shorter():
    """What is reused in 2018 stays one year and leaves in 2019, beside the sales of 2017."""
    found = mfa.in_use_loop(SALES, TWO_YEARS, collection=1.0, reuse=0.5, second_life=mfa.Lifetime("fixed", mean=1))
    assert found["outflow"].tolist() == pytest.approx([0, 0, 100, 100 + 50, 100 + 75])


def test_what_is_reused_in_the_year_of_its_entry_may_leave_in_it_again():
    """Where half a year's entry leaves within the year, half of the reused does too: O = 50 + O/2 · 1/2."""
    half = mfa.Lifetime("table", survival=[1.0, 0.5, 0.5])
    found = mfa.in_use_loop({2000: 100}, half, "start", reuse=0.5)
    assert found.loc[2000, "outflow"] == pytest.approx(50 / 0.75)
    assert found.loc[2000, "reused"] == pytest.approx(25 / 0.75)


def test_products_that_leave_early_are_collected():
    stock = {2016: 100, 2017: 40}
    found = mfa.in_use_loop(stock, TWO_YEARS, driven_by="stock", collection=0.5, reuse=1.0, early_retirement=True)
    assert found.loc[2017, ["stock", "inflow", "outflow", "recycled", "lost"]].tolist() == [40, 0, 60, 30, 30]


def test_shares_may_differ_by_series_and_year():
    table = pd.DataFrame({"car": [10, 10], "ship": [20, 20]}, index=[2000, 2001])
    one = mfa.Lifetime("fixed", mean=1)
    found = mfa.in_use_loop(table, one, collection={"car": {2000: 1.0}, "ship": {1990: 0.1, 2001: 0.5}})
    assert found["collected"].loc[2001].tolist() == [10, 10]
    assert found.attrs["comes_back"] == "what comes back enters again in the year in which it is collected"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"collection": 1.2}, "collection: error: a share lies between 0 and 1, got 1.2"),
        ({"yield_": {2016: -1}}, "yield: error: 2016: a share lies between 0 and 1, got -1"),
        ({"reuse": {"cars": 0.1}}, "reuse: error: cars: 'cars' is neither a year nor a series of the table"),
        (
            {"reuse": 0.6, "remanufacture": {2016: 0.4, 2019: 0.5}},
            "reuse: error: 2019: reuse and remanufacture take more than is collected in 2019; lower one",
        ),
        (
            {"reuse": 1.0, "entry": "start", "second_life": mfa.Lifetime("fixed", mean=0.5)},
            "second_life: error: 2016: nothing that comes back in this period is left at its end; give a longer"
            " lifetime or another entry",
        ),
    ],
)
def test_wrong_shares_are_told(fields, message):
    with pytest.raises(mfa.InputError) as caught:
        mfa.in_use_loop(SALES, TWO_YEARS, **fields)
    assert str(caught.value) == message


@st.composite
def loops(draw):
    count = draw(st.integers(1, 25))
    amounts = draw(st.lists(st.floats(0, 1e6), min_size=count, max_size=count))
    life = draw(st.floats(0.7, 20))
    lifetime = mfa.Lifetime("weibull", mean=life, std=life * draw(st.floats(0.2, 1.0)))
    share = st.floats(0, 1)
    reuse = draw(share)
    rates = {
        "collection": draw(share),
        "reuse": reuse,
        "remanufacture": draw(share) * (1 - reuse),
        "yield_": draw(share),
    }
    second = mfa.Lifetime("normal", mean=draw(st.floats(1, 9)), std=1) if draw(st.booleans()) else None
    entry = draw(st.sampled_from(["end", "middle", "start", "spread"]))
    initial = pd.Series({1995: draw(st.floats(0, 1e5))})
    return pd.Series(amounts, range(2000, 2000 + count)), lifetime, entry, rates, second, initial


def assert_closed(found, initial):
    """The stock changes by what enters and leaves; what leaves is lost, recycled or back: to 1e-12."""
    back = found["reused"] + found["remanufactured"]
    before = found["stock"].shift(fill_value=initial.sum())
    change = before + found["inflow"] + back - found["outflow"] - found["stock"]
    assert (change.abs() <= 1e-12 * (before + found["inflow"].abs() + back + found["stock"]).cummax()).all()
    fates = found["lost"] + found["recycled"] + back
    assert np.allclose(fates, found["outflow"], rtol=1e-12, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(loops())
def test_an_inflow_loop_is_closed_and_true_to_its_cohorts(case):
    inflow, lifetime, entry, rates, second, initial = case
    found = mfa.in_use_loop(inflow, lifetime, entry, initial=initial, second_life=second, **rates)
    assert_closed(found, initial)
    assert (found >= -1e-9).all(axis=None)
    back = found["reused"] + found["remanufactured"]
    if second is None:  # the same as if what comes back had been sold as well
        sold = mfa.in_use_stock(inflow + back, lifetime, entry, initial=initial)
        assert np.allclose(found[["stock", "outflow"]], sold[["stock", "outflow"]], rtol=1e-11, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(loops(), st.booleans())
def test_a_stock_loop_keeps_its_stock_and_never_sells_less_than_nothing(case, early):
    stock, lifetime, entry, rates, second, initial = case
    given_fields = {"driven_by": "stock", "initial": initial, "second_life": second, "early_retirement": early}
    found = mfa.in_use_loop(stock, lifetime, entry, **given_fields, **rates)
    assert np.allclose(found["stock"], stock, rtol=1e-9, atol=1e-6)
    assert_closed(found, initial)
    plain = mfa.required_inflow(stock, lifetime, entry, initial=initial, early_retirement=early)
    if second is None:
        entered = found["inflow"] + found["reused"] + found["remanufactured"]
        assert np.allclose(entered, plain["inflow"], rtol=1e-7, atol=1e-3)
    if early:
        assert (found >= -1e-6).all(axis=None)


def test_without_shares_all_is_recycled_and_nothing_else_changes():
    plain = mfa.in_use_stock(SALES, TWO_YEARS)
    found = mfa.in_use_loop(SALES, TWO_YEARS)
    pd.testing.assert_frame_equal(found[["stock", "inflow", "outflow"]], plain)
    assert found["recycled"].tolist() == plain["outflow"].tolist()


def test_remanufacturers_without_a_yield_get_cores_and_bring_nothing_back():
    found = mfa.in_use_loop(SALES, TWO_YEARS, remanufacture=0.5, yield_=0.0)
    assert found.loc[2018, ["cores", "remanufactured", "recycled"]].tolist() == [50, 0, 100]
