"""Distributions against what the laws are by definition, and against numerical quadrature where they are cut off."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mfa.park.distribution import Distribution, uniforms

MIDPOINTS = (np.arange(200_000) + 0.5) / 200_000

LAWS = {
    "normal": (Distribution(kind="normal", numbers=(5, 2)), 5, 5, 2),
    "lognormal": (Distribution(kind="lognormal", numbers=(5, 2)), 5, 5, 2),
    "uniform": (Distribution(kind="uniform", numbers=(2, 8)), 5, 5, 6 / 12**0.5),
    "triangular": (Distribution(kind="triangular", numbers=(1, 3, 5)), 3, 3, (2 / 3) ** 0.5),
    "leaning": (Distribution(kind="triangular", numbers=(0, 0, 3)), 0, 1, 0.5**0.5),
    "values": (Distribution(kind="values", numbers=(1, 2, 6)), 3, 3, (14 / 3) ** 0.5),
}


@pytest.mark.parametrize("name", LAWS)
def test_central_value_mean_and_std_are_those_of_the_law(name):
    law, central, mean, std = LAWS[name]
    assert (law.central, law.mean, law.std) == pytest.approx((central, mean, std))


@pytest.mark.parametrize("name", LAWS)
def test_quantiles_have_the_mean_and_std_of_the_law(name):
    law = LAWS[name][0]
    drawn = law.quantile(MIDPOINTS)
    assert (drawn.mean(), drawn.std()) == pytest.approx((law.mean, law.std), rel=2e-3)


@pytest.mark.parametrize("kind", ["normal", "lognormal"])
@pytest.mark.parametrize("bounds", [(0.0, None), (None, 9.0), (2.0, 9.0)])
def test_a_law_that_is_cut_off_stays_within_and_knows_its_mean_and_std(kind, bounds):
    law = Distribution(kind=kind, numbers=(5, 1.6)).within(*bounds)
    drawn = law.quantile(MIDPOINTS)
    assert drawn.min() >= (bounds[0] or -np.inf)
    assert drawn.max() <= (bounds[1] or np.inf)
    assert (drawn.mean(), drawn.std()) == pytest.approx((law.mean, law.std), rel=1e-3)
    assert law.central == 5


def test_scaling_scales_everything():
    law = Distribution(kind="normal", numbers=(5, 2)).within(0.5, None)
    assert law.scaled(3).mean == pytest.approx(3 * law.mean)
    assert law.scaled(3).least == 1.5


@settings(max_examples=30)
@given(st.sampled_from(list(LAWS)), st.floats(0, 1), st.floats(0, 1))
def test_quantiles_never_fall(name, one, other):
    low, high = LAWS[name][0].quantile(np.array([min(one, other), max(one, other)]))
    assert low <= high


REFUSED = {
    "normal takes [mean, std], got 3 numbers": ("normal", (1, 2, 3)),
    "the standard deviation must be above 0, got 0": ("normal", (1, 0)),
    "the mean of a lognormal value must be above 0, got -1": ("lognormal", (-1, 1)),
    "numbers go from low to high, got 3, 2": ("uniform", (3, 2)),
    "numbers go from low to high, got 1, 4, 3": ("triangular", (1, 4, 3)),
    "numbers go from low to high, got 2, 2": ("uniform", (2, 2)),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_is_no_law_is_refused(message):
    kind, numbers = REFUSED[message]
    with pytest.raises(ValidationError) as caught:
        Distribution(kind=kind, numbers=numbers)
    assert message in str(caught.value)


def test_a_law_with_ends_may_not_reach_beyond_what_the_value_can_be():
    with pytest.raises(ValueError, match="reaches beyond 0, which the value cannot; stay within"):
        Distribution(kind="triangular", numbers=(-1, 1, 2)).within(0, None)
    with pytest.raises(ValueError, match="reaches beyond 1,"):
        Distribution(kind="values", numbers=(0.5, 1.5)).within(0, 1)


def test_a_law_without_ends_may_lose_a_little():
    wide = "beyond 0, which the value cannot be, with a chance of 16%"
    with pytest.raises(ValueError, match=wide):
        Distribution(kind="normal", numbers=(1, 1)).within(0, None)
    assert Distribution(kind="normal", numbers=(2, 1)).within(0, None).least == 0


def test_draws_depend_on_seed_and_name_alone():
    assert np.array_equal(uniforms(1, "ratio", 50)[:20], uniforms(1, "ratio", 20))
    assert not np.array_equal(uniforms(1, "ratio", 20), uniforms(2, "ratio", 20))
    assert not np.array_equal(uniforms(1, "ratio", 20), uniforms(1, "rate", 20))
