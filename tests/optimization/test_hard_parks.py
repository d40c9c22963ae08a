"""Random parks on which a solver once called a worse plan optimal, or a plan was refused: both must agree."""

import numpy as np
import pytest
from oracle.parks import random_scenario
from scipy.sparse import csc_array

from mfa.errors import InvariantError
from mfa.optimization import suggest
from mfa.optimization.solvers.answer import Answer
from mfa.optimization.solvers.branching import furthest_off, make_whole
from mfa.optimization.solvers.matrix import Matrix

THREE = ("waste_utilisation", "net_benefit", "fewest_links")


@pytest.mark.parametrize(
    ("seed", "count"), [(281, 1), (12, 3), (13, 3), (18, 3), (63, 3), (80, 3), (125, 3), (344, 2), (458, 2), (462, 2)]
)
def test_both_solvers_find_the_same_optimum(seed: int, count: int) -> None:
    what = random_scenario(seed)
    what = what.replace(optimize=what.optimize.replace(objectives=THREE[:count]))
    first, second = (suggest(what, solver=solver) for solver in ("glpk", "highs"))
    assert first.status == second.status == "optimal"
    for name in THREE[:count]:
        assert first.objectives[name] == pytest.approx(second.objectives[name], rel=1e-6, abs=1e-3), name


@pytest.mark.parametrize("seed", [14, 25, 51, 71, 107, 137])
def test_a_plan_holds_no_crumbs(seed: int) -> None:
    what = random_scenario(seed)
    plan = suggest(what.replace(optimize=what.optimize.replace(objectives=THREE)))
    assert min((planned.flow for planned in plan.planned_links), default=1.0) > 1e-5
    assert min((line.activity for line in plan.planned_lines if line.new), default=1.0) > 1e-5


# --- whole numbers that are a little off --------------------------------------------------------------------------

OPENING = Matrix(
    cost=np.array([-1.0, 0.0]), constant=0.0, entries=csc_array(np.array([[1.0, -1e6]])), row_lower=np.array([-np.inf]),
    row_upper=np.zeros(1), lower=np.zeros(2), upper=np.array([1e6, 0.5]), whole=np.array([False, True]),
)  # fmt: skip
"""Maximise x ≤ 1e6 · open, where open may not be opened: the optimum is 0."""


def whole_answer(_matrix: Matrix, answer: Answer) -> Answer:
    """Refuse an answer whose x needs a link that is only a little open."""
    assert answer.values is not None
    if answer.values[0] > 1e6 * round(answer.values[1]):
        raise InvariantError("does not hold")
    return answer


@pytest.mark.parametrize("said", [[10.0, 1e-5], [10.0, 0.0]])
def test_a_number_that_is_a_little_off_is_branched_on(said: list[float]) -> None:
    def ask(part: Matrix) -> Answer:
        if part.lower[1] > part.upper[1]:
            return Answer("infeasible", "")
        return Answer("optimal", "", np.zeros(2), 0.0)

    found = make_whole(OPENING, Answer("optimal", "", np.array(said), -10.0), ask, whole_answer)
    assert found.values is not None
    assert (found.values.tolist(), found.bound, found.status) == ([0.0, 0.0], 0.0, "optimal")


def test_what_cannot_be_branched_on_is_refused() -> None:
    closed = Matrix(**{**vars(OPENING), "upper": np.array([1e6, 0.0])})
    answer = Answer("optimal", "", np.array([10.0, 0.0]), -10.0)
    assert furthest_off(closed, answer.values) is None
    with pytest.raises(InvariantError, match="does not hold"):
        make_whole(closed, answer, lambda _: answer, whole_answer)


def test_where_a_side_has_no_answer_the_plan_is_refused() -> None:
    answer = Answer("optimal", "", np.array([10.0, 1e-5]), -10.0)
    with pytest.raises(InvariantError, match="does not hold"):
        make_whole(OPENING, answer, lambda _: Answer("no_plan_found", ""), whole_answer)
