"""Designs and what they say, against formulas worked out by hand."""

import numpy as np
import pytest

from mfa.accounting.designs import SHARES, Input, plan_design, summarise, weigh
from mfa.park.distribution import Distribution

A = Input("a", Distribution(kind="normal", numbers=(2, 0.1)))
B = Input("b", Distribution(kind="uniform", numbers=(1, 3)))
C = Input("c", Distribution(kind="triangular", numbers=(0, 1, 5)))
GIVEN = Input("given", Distribution(kind="values", numbers=(1, 4)))


def test_linear_propagation_is_exact_for_a_plane():
    design = plan_design([A, B], "linear", 0, 0)
    answers = (3 * design.rows[:, :1] - design.rows[:, 1:]) + 7
    found, influence = summarise(design, answers), weigh(design, answers)
    variance = 0.3**2 + (2 / 12**0.5) ** 2
    assert (found.mean[0], found.std[0]) == pytest.approx((11, variance**0.5))
    assert influence.slope[:, 0] == pytest.approx([3, -1])
    assert influence.share[:, 0] == pytest.approx([0.09 / variance, (1 / 3) / variance])
    assert found.quantiles[:, 0] == pytest.approx(
        [11 + z * variance**0.5 for z in (-1.644854, -0.67449, 0, 0.67449, 1.644854)]
    )


def test_slopes_on_either_side_show_a_limit():
    design = plan_design([A], "linear", 0, 0)
    influence = weigh(design, np.minimum(design.rows, 2))
    assert (influence.below[0, 0], influence.above[0, 0]) == pytest.approx((1, 0))


def test_what_does_not_vary_has_no_contributions():
    for method in ("linear", "random"):
        design = plan_design([A, B], method, 20, 0)
        assert np.isnan(weigh(design, np.full((len(design.rows), 1), 3.0)).share).all()


def test_a_linear_answer_is_explained_in_full_by_its_regression():
    design = plan_design([A, B, C], "latin_hypercube", 400, 5)
    answers = design.rows @ np.array([[3.0], [-1.0], [0.5]])
    influence = weigh(design, answers)
    parts = np.array([3, -1, 0.5]) * [item.law.std for item in (A, B, C)]
    assert influence.explained[0] == pytest.approx(1)
    assert influence.slope[:, 0] == pytest.approx([3, -1, 0.5])
    assert influence.share[:, 0] == pytest.approx(parts**2 / (parts**2).sum(), abs=0.05)


def test_too_few_runs_say_nothing_of_contributions():
    design = plan_design([A, B, C], "random", 4, 0)
    assert np.isnan(weigh(design, design.rows[:, :1]).share).all()


@pytest.mark.parametrize("method", ["random", "latin_hypercube"])
def test_the_mean_is_within_five_standard_errors_of_its_closed_form(method):
    design = plan_design([A, B], method, 500, 11)
    found = summarise(design, design.rows[:, :1] * design.rows[:, 1:] ** 2)
    exact = 2 * 13 / 3  # E[a] · E[b²], b² of a uniform law on 1 to 3
    assert abs(found.mean[0] - exact) < 5 * found.standard_error[0]


def test_a_latin_hypercube_draws_once_from_every_slice():
    rows = plan_design([B], "latin_hypercube", 50, 3).rows[:, 0]
    assert sorted(np.floor((rows - 1) / 2 * 50)) == list(range(50))


def test_another_input_changes_no_draw_of_the_others():
    for method in ("random", "latin_hypercube"):
        alone, beside = plan_design([A], method, 30, 1), plan_design([C, A, B], method, 30, 1)
        assert np.array_equal(alone.rows[:, 0], beside.rows[:, 1])


def test_a_grid_takes_all_combinations_within_the_number_of_samples():
    rows = plan_design([B, GIVEN], "grid", 7, 0).rows
    assert rows.tolist() == [[1, 1], [1, 4], [2, 1], [2, 4], [3, 1], [3, 4]]


def test_runs_without_an_answer_are_left_out():
    design = plan_design([A], "random", 40, 2)
    answers = design.rows.copy()
    answers[::4] = np.nan
    found = summarise(design, np.hstack([answers, np.full_like(answers, np.nan)]))
    assert found.count.tolist() == [30, 0]
    assert found.mean[0] == pytest.approx(np.nanmean(answers))
    assert np.isnan(found.mean[1])
    assert weigh(design, answers).slope[0, 0] == pytest.approx(1)


def test_quantiles_are_ordered():
    design = plan_design([A, C], "random", 60, 4)
    quantiles = summarise(design, design.rows**3).quantiles
    assert len(quantiles) == len(SHARES)
    assert (np.diff(quantiles, axis=0) >= 0).all()


def test_shares_of_few_draws_still_add_up_to_what_is_explained():
    # Draws are correlated by chance, so that raw squared coefficients would add up to more or less.
    design = plan_design([A, C], "random", 20, 1)
    answers = design.rows @ np.array([[1.0], [2.0]])
    found = weigh(design, answers)
    assert found.share.sum(axis=0) == pytest.approx(found.explained)
    assert found.explained == pytest.approx([1.0])
