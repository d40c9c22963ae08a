"""Numbers that no solver may see, numbers that need scaling, and plans that do not hold."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from solver_models import empty, facility

from mfa.errors import InputError, InvariantError, UsageError
from mfa.language import current
from mfa.optimization.solvers import highs, load, solve
from mfa.optimization.solvers.adapter import bracket, check_agreement, prepare
from mfa.optimization.solvers.answer import Answer
from mfa.optimization.solvers.compiled import compile_model
from mfa.optimization.solvers.residual import check_residual
from mfa.optimization.solvers.scaling import scale

NAN, INF = math.nan, math.inf


def coefficient(model, value):
    model.row = pyo.Constraint(expr=value * model.x[0] + model.x[1] <= 3)


def objective(model, value):
    model.objective.set_value(value * model.x[0] + model.x[1])


def constant(model, value):
    model.objective.set_value(model.x[0] + value)


def limit(model, value):
    model.row = pyo.Constraint(expr=model.x[0] <= value)


def bound(model, value):
    model.x[0].setub(value)


def fixed(model, value):
    model.x[0].fix(value, skip_validation=True)
    model.row = pyo.Constraint(expr=model.x[0] + model.x[1] <= 3)


def parameter(model, value):
    model.p = pyo.Param(initialize=value, mutable=True, within=pyo.Any)
    model.row = pyo.Constraint(expr=model.p * model.x[0] + model.x[1] <= 3)


UNUSABLE = [
    (coefficient, NAN, "row: the coefficient nan of x[0] is no finite number"),
    (coefficient, INF, "row: the coefficient inf of x[0] is no finite number"),
    (objective, NAN, "objective: the coefficient nan of x[0] is no finite number"),
    (objective, INF, "objective: the coefficient inf of x[0] is no finite number"),
    (constant, NAN, "objective: nan is no finite number"),
    (limit, NAN, "row: the limit nan is no finite number"),
    (limit, -INF, "row: the limit -inf is no finite number"),
    (bound, NAN, "x[0]: a bound is no finite number: Var 'x[0]' created with an invalid non-finite upper bound (nan)."),
    (
        bound,
        -INF,
        "x[0]: a bound is no finite number: Var 'x[0]' created with an invalid non-finite upper bound (-inf).",
    ),
    (fixed, NAN, "x[0]: nan is no finite number"),
    (fixed, None, "x[0]: None is no finite number"),
    (parameter, NAN, "p: nan is no finite number"),
    (bound, 1e308, "x[0]: the limit 1e+308 is as good as none: leave it out"),
    (limit, 1e30, "row: the limit 1e+30 is as good as none: leave it out"),
]


@pytest.mark.parametrize(("spoil", "value", "message"), UNUSABLE)
def test_an_unusable_number_never_reaches_a_solver(monkeypatch, spoil, value, message):
    monkeypatch.setattr("mfa.optimization.solvers.adapter.SOLVERS", {})
    model = empty()
    spoil(model, value)
    with pytest.raises(InputError) as caught:
        solve(model)
    assert [str(problem) for problem in caught.value.problems] == [f"optimisation model: error: {message}"]


def test_an_infinity_on_its_own_side_is_no_limit(solver):
    model = empty()
    model.above = pyo.Constraint(expr=model.x[0] <= INF)
    model.below = pyo.Constraint(expr=model.x[1] >= -INF)
    model.row = pyo.Constraint(expr=model.x[0] + model.x[1] <= 7)
    assert solve(model, solver=solver).objective == pytest.approx(7)


def test_tiny_coefficients_are_not_lost(solver):
    """HiGHS alone answers 0 here: it drops what is below 1e-9."""
    model = pyo.ConcreteModel()
    model.a, model.b, model.t = pyo.Var(bounds=(0, 1e6)), pyo.Var(), pyo.Var()
    model.objective = pyo.Objective(expr=model.t, sense=pyo.maximize)
    model.first = pyo.Constraint(expr=model.b == 1e-9 * model.a)
    model.second = pyo.Constraint(expr=model.t == 1e9 * model.b)
    assert solve(model, solver=solver).objective == pytest.approx(1e6, rel=1e-9)


def test_a_tiny_coefficient_alone_in_its_row_still_counts(solver):
    model = empty(1)
    model.row = pyo.Constraint(expr=1e-10 * model.x[0] <= 0)
    assert solve(model, solver=solver).objective == pytest.approx(0, abs=1e-9)


def test_numbers_too_far_apart_are_refused_by_name():
    model = empty(2)
    model.y = pyo.Var([0, 1], domain=pyo.Binary)
    model.steel = pyo.Constraint(expr=1e-9 * model.y[0] + 1e9 * model.y[1] <= 5)
    with pytest.raises(InputError) as caught:
        solve(model)
    assert [str(problem) for problem in caught.value.problems] == [
        "optimisation model: error: steel: the coefficient 1e-09 of y[0] is too small beside the others; "
        "check its unit",
        "optimisation model: error: steel: the coefficient 1000000000.0 of y[1] is too large beside the others; "
        "check its unit",
    ]


def test_messages_are_chinese_where_chinese_is_asked_for():
    model = empty()
    coefficient(model, NAN)
    token = current.set("zh")
    try:
        with pytest.raises(InputError) as caught:
            solve(model)
    finally:
        current.reset(token)
    assert str(caught.value) == "优化模型: error: row: x[0] 的系数 nan 不是有限数值"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda m: m.add_component("c", pyo.Constraint(expr=m.x[0] * m.x[1] <= 3)), "^the model must be linear: "),
        (lambda m: m.objective.set_value(m.x[0] ** 2), "^the model must be linear: "),
        (lambda m: m.add_component("o", pyo.Objective(expr=m.x[1])), "^one objective at a time: .* objective, o$"),
        (
            lambda m: setattr(m.x[0], "domain", pyo.Any),
            r"^x\[0\]: a variable is continuous, integer or binary, not Any$",
        ),
        (lambda m: m.add_component("s", pyo.SOSConstraint(var=m.x, sos=1)), "^the model cannot be read: "),
    ],
)
def test_a_model_that_is_no_linear_one_is_refused(spoil, message):
    model = empty()
    spoil(model)
    with pytest.raises(UsageError, match=message):
        solve(model)


# Scaling

numbers = st.floats(1e-4, 1e4).flatmap(lambda size: st.sampled_from([size, -size]))


@given(
    st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(numbers, min_size=3, max_size=3),
)
def test_scaling_is_exact_and_reversible(table, costs):
    model = empty(3)
    model.x[2].domain = pyo.Integers
    model.row = pyo.Constraint(range(len(table)), rule=lambda m, i: sum(table[i][j] * m.x[j] for j in range(3)) <= 5)
    model.objective.set_value(sum(costs[j] * model.x[j] for j in range(3)))
    matrix = compile_model(model).matrix
    scaled = scale(matrix)
    values = np.array([0.3, 7.1, 2.0])
    inside = np.ldexp(values, -scaled.columns)
    assert np.array_equal(scaled.values(inside), values)
    assert inside[2] == 2.0
    assert scaled.objective(scaled.matrix.objective(inside)) == pytest.approx(
        matrix.objective(values), rel=1e-12, abs=1e-9
    )
    ratio = (scaled.matrix.entries @ inside) / scaled.matrix.row_upper
    assert ratio == pytest.approx((matrix.entries @ values) / matrix.row_upper, rel=1e-12, abs=1e-12)
    mantissas = np.frexp(scaled.matrix.entries.data)[0] / np.frexp(matrix.entries.data)[0]
    assert set(mantissas) <= {1.0}


def test_another_unit_gives_the_same_answer(solver):
    answers = []
    for unit in (1.0, 2.0**20, 2.0**-20):
        model = pyo.ConcreteModel()
        model.flow = pyo.Var([0, 1], bounds=(0, 800 / unit))
        model.open = pyo.Var([0, 1], domain=pyo.Binary)
        model.objective = pyo.Objective(
            expr=sum(unit * model.flow[j] - 100 * model.open[j] for j in (0, 1)), sense=pyo.maximize
        )
        model.only = pyo.Constraint([0, 1], rule=lambda m, j, unit=unit: unit * m.flow[j] <= 700 * m.open[j])
        model.all = pyo.Constraint(expr=unit * (model.flow[0] + model.flow[1]) <= 900)
        answers.append(solve(model, solver=solver).objective)
    assert answers == [pytest.approx(700, rel=1e-12)] * 3


# What a solver says is not believed


def question(whole=False):
    model = empty()
    model.x[0].domain = pyo.Integers if whole else pyo.Reals
    model.row = pyo.Constraint(expr=1e-10 * model.x[0] + 1e-10 * model.x[1] <= 8e-10)
    return prepare(model)


@pytest.mark.parametrize(
    ("values", "name"),
    [([5, 3.1], "row"), ([-0.1, 3], "x[0]"), ([2, -0.1], "x[1]"), ([2.1, 3], "x[0]"), ([NAN, 3], "row")],
)
def test_a_plan_that_breaks_the_model_is_refused(values, name):
    compiled = question(True).compiled
    with pytest.raises(InvariantError, match=r"^the solver's plan breaks ") as caught:
        check_residual(compiled, np.array(values, dtype=float))
    assert f" {name} by " in str(caught.value)


def test_a_plan_within_tolerance_is_taken():
    check_residual(question(True).compiled, np.array([5, 3 + 1e-7]))


def lying(monkeypatch, **answers):
    """Let HiGHS answer with the given values, first to whole numbers, then to the linear program."""

    def ask(matrix, _):
        key = "whole" if matrix.whole.any() else "linear"
        values = np.array(answers[key], dtype=float)
        return Answer("optimal", "0", values, matrix.objective(values))

    monkeypatch.setattr("mfa.optimization.solvers.highs.ask", ask)


def test_a_false_optimum_is_refused(monkeypatch):
    lying(monkeypatch, linear=[10, 10])
    model = empty()
    model.row = pyo.Constraint(expr=model.x[0] + model.x[1] <= 8)
    with pytest.raises(InvariantError, match=r"^the solver's plan breaks row by "):
        solve(model, solver="highs")
    assert model.x[0].value is None


def test_an_optimum_that_whole_numbers_do_not_carry_is_refused(monkeypatch):
    lying(monkeypatch, whole=[0.9999, 0], linear=[0, 0])
    model = empty()
    model.x[0].domain = pyo.Binary
    with pytest.raises(InvariantError, match=r"^the solver's optimum 0.9999 becomes 0 with whole numbers"):
        solve(model, solver="highs")


def test_nearly_whole_numbers_are_rounded_and_solved_again(monkeypatch):
    """0.9999997 of a binary opens a link of 1e6 t only almost: the plan that is returned opens it."""
    honest = highs.ask

    def nearly(matrix, limits):
        answer = honest(matrix, limits)
        if matrix.whole.any():
            answer.values[matrix.whole] -= 3e-7
        return answer

    monkeypatch.setattr(highs, "ask", nearly)
    model = empty(1, upper=1e6)
    model.open = pyo.Var(domain=pyo.Binary)
    model.only_if_open = pyo.Constraint(expr=model.x[0] <= 1e6 * model.open)
    solution = solve(model, solver="highs")
    load(model, solution)
    assert (model.open.value, model.x[0].value, solution.objective) == (1.0, 1e6, 1e6)


def test_a_proven_optimum_may_not_get_better_either():
    with pytest.raises(InvariantError):
        check_agreement(question(), 5.0, 4.0, proven=True)
    check_agreement(question(), 5.0, 4.0, proven=False)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_bound_must_bracket_the_objective(sign):
    assert bracket("feasible", sign, sign * 10, sign * 8, 0.0, 10.0) == sign * 8
    assert bracket("optimal", sign, sign * 10, sign * (10 - 1e-10), 0.0, 10.0) == sign * 10
    for status, bound in (("optimal", 9.9), ("feasible", 10.1)):
        with pytest.raises(InvariantError, match=r"^the solver's bound "):
            bracket(status, sign, sign * 10, sign * bound, 0.0, 10.0)


def test_the_matrix_is_the_model():
    """The compiled rows say the same as Pyomo's own evaluation of the constraints."""
    model = facility("cap62")
    compiled = compile_model(model)
    random = np.random.default_rng(0)
    values = random.random(len(compiled.columns))
    for variable, value in zip(compiled.columns, values, strict=True):
        variable.set_value(value, skip_validation=True)
    activity = compiled.matrix.entries @ values
    for row in random.choice(len(compiled.rows), 50, replace=False):
        slack = min(compiled.matrix.row_upper[row] - activity[row], activity[row] - compiled.matrix.row_lower[row])
        assert slack == pytest.approx(compiled.rows[row].slack(), abs=1e-9)
    assert compiled.matrix.objective(values) == pytest.approx(pyo.value(model.cost))
