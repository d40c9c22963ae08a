"""Laws of survival, their parameters, and what a lifetime refuses."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import mfa


def survival(lifetime, years=40, entry="end"):
    """The share of a single cohort that is left at the end of each year, entry year first."""
    inflow = pd.Series(0.0, index=range(2000, 2000 + years))
    inflow[2000] = 1.0
    return mfa.in_use_stock(inflow, lifetime, entry)["stock"].to_numpy()


AGES = np.arange(40)
SIGMA = math.sqrt(math.log(1 + (4 / 10) ** 2))
LAWS = [
    (mfa.Lifetime("normal", mean=10, std=4), stats.norm(10, 4)),
    (mfa.Lifetime("folded_normal", mean=10, std=4), stats.foldnorm(10 / 4, scale=4)),
    (mfa.Lifetime("lognormal", mean=10, std=4), stats.lognorm(SIGMA, scale=10 * math.exp(-(SIGMA**2) / 2))),
    (mfa.Lifetime("lognormal", shape=0.4, scale=9), stats.lognorm(0.4, scale=9)),
    (mfa.Lifetime("weibull", shape=2.5, scale=11), stats.weibull_min(2.5, scale=11)),
    (mfa.Lifetime("gamma", shape=6.25, scale=1.6), stats.gamma(6.25, scale=1.6)),
    (mfa.Lifetime("gamma", mean=10, std=4), stats.gamma(6.25, scale=1.6)),
    (mfa.Lifetime("logistic", mean=10, scale=2), stats.logistic(10, 2)),
    (mfa.Lifetime("logistic", mean=10, std=4), stats.logistic(10, 4 * math.sqrt(3) / math.pi)),
]


@pytest.mark.parametrize(("lifetime", "law"), LAWS, ids=lambda value: str(value)[:40])
def test_a_law_is_that_of_the_textbook(lifetime, law):
    for entry, age in (("end", 0.0), ("middle", 0.5), ("start", 1.0)):
        np.testing.assert_allclose(survival(lifetime, entry=entry), law.sf(AGES + age), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("lifetime", "law"), LAWS, ids=lambda value: str(value)[:40])
def test_a_spread_entry_is_the_mean_over_the_year(lifetime, law):
    fine = (np.arange(20_000) + 0.5) / 20_000
    expected = [law.sf(age + fine).mean() for age in AGES[:15]]
    np.testing.assert_allclose(survival(lifetime, 15, "spread"), expected, rtol=1e-7, atol=1e-12)


def test_a_steep_start_is_averaged_too():
    expected = 18 * (1 - math.exp(-1 / 3) * (1 / 3 + 1))  # ∫ exp(−√(x/9)) dx from 0 to 1
    assert survival(mfa.Lifetime("weibull", shape=0.5, scale=9), 1, "spread")[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("kind", ["lognormal", "weibull", "gamma"])
@pytest.mark.parametrize(("mean", "std"), [(10, 4), (30, 3), (5, 7)])
def test_mean_and_std_are_those_of_the_law_itself(kind, mean, std):
    # The mean lifetime is the area below the survival curve; ODYM has mean²/std² where std²/mean² belongs.
    left = survival(mfa.Lifetime(kind, mean=mean, std=std), 4000, "spread")
    assert left.sum() == pytest.approx(mean, rel=2e-3)


def test_the_lognormal_stock_is_not_off_by_a_quarter():
    # Steady inflow of 1 a year: the stock tends to the mean lifetime.
    stock = mfa.in_use_stock(pd.Series(1.0, index=range(300)), mfa.Lifetime("lognormal", mean=10, std=4), "spread")
    assert stock["stock"].iloc[-1] == pytest.approx(10, rel=1e-6)


def test_a_fixed_lifetime_ends_all_at_once():
    assert survival(mfa.Lifetime("fixed", mean=3), 6).tolist() == [1, 1, 1, 0, 0, 0]
    assert survival(mfa.Lifetime("fixed", mean=3), 6, "start").tolist() == [1, 1, 0, 0, 0, 0]
    assert survival(mfa.Lifetime("fixed", mean=2.25), 5, "spread").tolist() == [1, 1, 0.25, 0, 0]


def test_a_table_is_linear_between_ages_and_ends():
    lifetime = mfa.Lifetime("table", survival=[1, 0.8, 0.2, 0.2])
    assert survival(lifetime, 6).tolist() == [1, 0.8, 0.2, 0.2, 0, 0]
    assert survival(lifetime, 6, "middle") == pytest.approx([0.9, 0.5, 0.2, 0, 0, 0])
    assert survival(lifetime, 6, "spread") == pytest.approx([0.9, 0.5, 0.2, 0, 0, 0])
    by_age = mfa.Lifetime("table", survival=pd.Series({0: 1.0, 2: 0.5, 4: 0.0}))
    assert survival(by_age, 6).tolist() == [1, 0.75, 0.5, 0.25, 0, 0]
    assert survival(by_age, 6, "spread") == pytest.approx([0.875, 0.625, 0.375, 0.125, 0, 0])


def test_parameters_follow_the_entry_year():
    inflow = pd.Series([1.0, 1.0, 1.0, 1.0], index=range(2000, 2004))
    for mean in ([1, 2, 3, 4], {2003: 4, 2002: 3, 2001: 2, 2000: 1}, pd.Series([1, 2, 3, 4], index=inflow.index)):
        found = mfa.in_use_stock(inflow, mfa.Lifetime("fixed", mean=mean), cohorts=True)
        assert found["stock"].unstack("cohort").loc[2003].tolist() == [0, 0, 1, 1]


def test_parameters_follow_series_a_level_of_them_or_both():
    columns = pd.MultiIndex.from_product([["car", "ship"], ["Fe", "Cu"]], names=["product", "element"])
    inflow = pd.DataFrame(1.0, index=range(4), columns=columns)
    found = mfa.in_use_stock(inflow, mfa.Lifetime("fixed", mean={"ship": 3, "car": 1}))
    assert found.columns.names == ["quantity", "product", "element"]
    assert found["stock"].iloc[-1].tolist() == [1, 1, 3, 3]
    single = inflow["car"]
    both = pd.DataFrame({"Cu": [1, 1, 2, 2], "Fe": [4, 4, 1, 1]})
    found = mfa.in_use_stock(single, mfa.Lifetime("fixed", mean=both))
    assert found["stock"].iloc[-1].to_dict() == {"Fe": 3, "Cu": 2}  # of Fe those of 0, 1 and 3; of Cu those of 2 and 3


def test_a_survival_table_by_series():
    table = pd.DataFrame({"b": [1, 0.5, 0], "a": [1, 1, 0]})
    found = mfa.in_use_stock(pd.DataFrame({"a": [1.0, 0, 0], "b": [1.0, 0, 0]}), mfa.Lifetime("table", survival=table))
    assert found["stock"]["a"].tolist() == [1, 1, 0]
    assert found["stock"]["b"].tolist() == [1, 0.5, 0]


SERIES = pd.Series([1.0, 2.0], index=[2000, 2001])
REFUSED = [
    ({"kind": "norml", "mean": 3}, "kind: there is no kind 'norml'; use one of fixed, normal, folded_normal, "
                                   "lognormal, weibull, gamma, logistic, table"),
    ({"kind": "normal", "mean": 3}, "a normal lifetime takes mean + std, got mean"),
    ({"kind": "fixed"}, "a fixed lifetime takes mean, got -"),
    ({"kind": "weibull", "mean": 3, "scale": 2},
     "a weibull lifetime takes mean + std or shape + scale, got mean + scale"),
    ({"kind": "normal", "mean": 3, "std": -1}, "std: std must be above 0, got -1"),
    ({"kind": "normal", "mean": math.nan, "std": 1},
     "mean: mean holds something that is not a finite number; give one"),
    ({"kind": "fixed", "mean": "long"}, "mean: mean holds something that is not a number: long"),
    ({"kind": "fixed", "mean": [1, 2, 3]},
     "mean: mean has the shape (3,); give one value, or one for each of the 2 years"),
    ({"kind": "fixed", "mean": {2000: 3}}, "mean: mean has no value for 2001; add one"),
    ({"kind": "fixed", "mean": {"car": 3}}, "mean: mean: 'car' is neither a year nor a series of the table"),
    ({"kind": "table", "survival": [1, 1.2]}, "survival: survival is a share between 0 and 1, got 1.2"),
    ({"kind": "table", "survival": [1, 0.4, 0.5]}, "survival: survival rises at age 2; it may only fall with age"),
    ({"kind": "table", "survival": {1: 1, 2: 0}}, "survival: a survival table starts at age 0; add that row"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=lambda value: str(value)[:50])
def test_what_is_no_lifetime_is_refused(arguments, message):
    with pytest.raises(mfa.InputError) as caught:
        mfa.in_use_stock(SERIES, mfa.Lifetime(**arguments))
    assert str(caught.value) == f"lifetime: error: {message}"


def test_a_series_without_a_lifetime_is_named():
    with pytest.raises(mfa.InputError, match="mean has no value for ship; add one"):
        mfa.in_use_stock(pd.DataFrame({"car": [1.0], "ship": [1.0]}), mfa.Lifetime("fixed", mean={"car": 3}))


def test_a_very_wide_weibull_law_still_has_its_mean():
    from mfa.use_phase.survival import weibull_from_moments

    shape, scale = weibull_from_moments(np.array([10.0]), np.array([50.0]))
    assert stats.weibull_min(shape[0], scale=scale[0]).mean() == pytest.approx(10)
    assert stats.weibull_min(shape[0], scale=scale[0]).std() == pytest.approx(50)
    assert 0 < shape[0] < 1


def test_far_beyond_a_very_narrow_weibull_law_nothing_is_left():
    left = survival(mfa.Lifetime("weibull", mean=5, std=0.01), years=100)
    assert left[:5] == pytest.approx([1] * 5)
    assert (left[6:] == 0).all()
