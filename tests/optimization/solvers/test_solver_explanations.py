"""Why there is no plan, in the names of the model."""

import pyomo.environ as pyo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solver_models import empty

from mfa.optimization.solvers import explain_infeasible, explain_unbounded, solve


def test_the_conflict_is_named_and_nothing_else():
    model = empty(3)
    model.supply = pyo.Constraint([0, 1, 2], rule=lambda m, j: m.x[j] <= 4)
    model.target = pyo.Constraint(expr=model.x[0] + model.x[1] >= 9)
    model.other = pyo.Constraint(expr=model.x[2] >= 1)
    assert explain_infeasible(model) == ["supply[0]", "supply[1]", "target"]


def test_a_conflict_with_a_bound_names_the_constraint():
    model = empty(2)
    model.fine = pyo.Constraint(expr=model.x[0] >= 1)
    model.target = pyo.Constraint(expr=model.x[1] >= 11)
    assert explain_infeasible(model) == ["target"]


def test_a_conflict_of_whole_numbers_is_found():
    model = empty(2, upper=1)
    for variable in model.x.values():
        variable.domain = pyo.Integers
    model.parity = pyo.Constraint(expr=2 * model.x[0] + 2 * model.x[1] == 1)
    model.fine = pyo.Constraint(expr=model.x[0] <= 1)
    assert explain_infeasible(model) == ["parity"]


def test_a_range_is_named_once():
    model = empty(1)
    model.range = pyo.Constraint(expr=(3, model.x[0], 4))
    model.range2 = pyo.Constraint(expr=(5, model.x[0], 6))
    assert explain_infeasible(model) == ["range", "range2"]


def test_a_contradiction_is_named_alone():
    model = empty()
    model.x[1].setlb(11)
    assert explain_infeasible(model) == ["x[1]"]
    model.never = pyo.Constraint(expr=0 * model.x[0] >= 1)
    assert explain_infeasible(model) == ["never"]


def test_a_feasible_model_has_nothing_to_explain():
    model = empty()
    model.row = pyo.Constraint(expr=model.x[0] >= 1)
    assert explain_infeasible(model) == []


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-4, 8), st.booleans()), min_size=1, max_size=7)
)
def test_the_named_constraints_conflict_and_none_is_superfluous(rows):
    model = empty(3, upper=5)

    def rule(m, i):
        one, two, right, at_most = rows[i]
        body = m.x[one] + m.x[two]
        return body <= right if at_most else body >= right

    model.row = pyo.Constraint(range(len(rows)), rule=rule)
    named = explain_infeasible(model)
    assert bool(named) == (solve(model, solver="highs").status == "infeasible")
    for left_out in (None, *named):
        for constraint in model.row.values():
            constraint.deactivate()
        for name in named:
            if name != left_out:
                model.find_component(name).activate()
        status = solve(model, solver="highs").status
        assert status == ("infeasible" if named and left_out is None else "optimal")


@pytest.mark.parametrize("sense", [pyo.minimize, pyo.maximize])
def test_what_is_unbounded_is_named(sense):
    model = empty(4, upper=None, sense=sense)
    sign = 1 if sense == pyo.maximize else -1
    model.objective.set_value(sign * (model.x[0] + model.x[1] - 2 * model.x[3]))
    model.x[0].setub(5)
    model.tied = pyo.Constraint(expr=model.x[1] == model.x[2])
    assert solve(model).status == "unbounded"
    assert explain_unbounded(model) == ["x[1]", "x[2]"]


def test_a_bounded_model_has_no_free_direction():
    assert explain_unbounded(empty()) == []
    model = empty(upper=None)
    model.objective.set_value(0)
    assert explain_unbounded(model) == []
