"""Every kind of answer, from both solvers, and what is loaded of it."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest
from solver_models import empty, facility, knapsack, market_split, transport

from mfa.errors import InfeasibleError, SolverError, UsageError
from mfa.optimization.solvers import load, solve
from mfa.optimization.solvers.solution import relative_gap


def test_transport_case_has_its_published_optimum(solver):
    model = transport()
    solution = solve(model, solver=solver)
    assert (solution.status, solution.solver) == ("optimal", solver)
    assert solution.objective == pytest.approx(153.675, rel=1e-12)
    assert solution.bound == solution.objective
    load(model, solution)
    assert pyo.value(model.cost) == pytest.approx(153.675, rel=1e-12)


@pytest.mark.parametrize(("case", "optimum"), [("cap62", 977_799.4), ("cap71", 932_615.75), ("cap131", 793_439.5625)])
def test_facility_cases_have_their_published_optima(solver, case, optimum):
    model = facility(case)
    solution = solve(model, solver=solver)
    assert solution.status == "optimal"
    assert solution.objective == pytest.approx(optimum, rel=1e-9)
    assert solution.gap == 0.0
    load(model, solution)
    assert {model.open[i].value for i in model.open} == {0.0, 1.0}
    assert pyo.value(model.cost) == pytest.approx(solution.objective, rel=1e-12)


def test_maximising_counts_constants_ranges_and_equalities(solver):
    model = empty(3)
    model.range = pyo.Constraint(expr=(1, model.x[0] + 3, 5))
    model.equal = pyo.Constraint(expr=model.x[1] - model.x[0] == 1)
    model.lower = pyo.Constraint(expr=-model.x[2] >= -4)
    model.objective.set_value(model.x[0] + 2 * model.x[1] + model.x[2] + 100)
    solution = solve(model, solver=solver)
    load(model, solution)
    assert solution.objective == pytest.approx(2 + 2 * 3 + 4 + 100)
    assert [model.x[j].value for j in range(3)] == pytest.approx([2, 3, 4])


def test_minimising_and_maximising_the_negative_are_the_same(solver):
    down, up = empty(sense=pyo.minimize), empty(sense=pyo.maximize)
    for model, sign in ((down, 1), (up, -1)):
        model.row = pyo.Constraint(expr=model.x[0] + 2 * model.x[1] >= 3)
        model.objective.set_value(sign * (model.x[0] + model.x[1] - 0.25))
    assert solve(down, solver=solver).objective == pytest.approx(1.25)
    assert solve(up, solver=solver).objective == pytest.approx(-1.25)


def test_whole_numbers_stay_whole(solver):
    model = empty(2, upper=7)
    model.x[0].domain = pyo.Integers
    model.row = pyo.Constraint(expr=2 * model.x[0] + 2 * model.x[1] <= 9.5)
    model.objective.set_value(3 * model.x[0] + 2 * model.x[1])
    solution = solve(model, solver=solver)
    load(model, solution)
    assert model.x[0].value == 4.0
    assert model.x[1].value == pytest.approx(0.75)
    assert solution.objective == pytest.approx(13.5)


@pytest.mark.parametrize("whole", [False, True])
def test_infeasible_is_said_and_loads_nothing(solver, whole):
    model = empty()
    model.x[0].domain = pyo.Integers if whole else pyo.Reals
    model.x[0].value = 0.5 if not whole else 1
    model.row = pyo.Constraint(expr=model.x[0] + model.x[1] >= 21)
    before = model.x[0].value
    solution = solve(model, solver=solver)
    assert (solution.status, solution.objective, solution.gap, solution.values) == ("infeasible", None, None, None)
    with pytest.raises(InfeasibleError, match=r"^no plan satisfies all constraints$"):
        load(model, solution)
    assert model.x[0].value == before
    assert model.x[1].value is None


@pytest.mark.parametrize("domain", [pyo.Reals, pyo.Integers])
def test_unbounded_is_said_and_loads_nothing(solver, domain):
    model = empty(upper=None)
    model.x[0].domain = domain
    model.row = pyo.Constraint(expr=model.x[0] - model.x[1] <= 3)
    solution = solve(model, solver=solver)
    assert (solution.status, solution.objective, solution.bound) == ("unbounded", None, None)
    with pytest.raises(InfeasibleError, match=r"^nothing limits the objective$"):
        load(model, solution)
    assert model.x[1].value is None


def test_infeasible_with_a_free_direction_is_infeasible_not_unbounded(solver):
    model = empty(3, upper=None)
    model.row = pyo.Constraint(expr=model.x[0] + model.x[1] <= 1)
    model.other = pyo.Constraint(expr=model.x[0] + model.x[1] >= 2)
    assert solve(model, solver=solver).status == "infeasible"


def test_crossing_bounds_are_infeasible(solver):
    model = empty()
    model.x[0].setlb(11)
    assert solve(model, solver=solver).status == "infeasible"


def test_bounds_that_cross_by_rounding_are_one_number(solver):
    model = empty()
    model.x[0].setlb(0.1 + 0.2)
    model.x[0].setub(0.3)
    solution = solve(model, solver=solver)
    assert solution.objective == pytest.approx(10.3)


def test_constant_constraints_hold_or_are_infeasible(solver):
    model = empty()
    model.holds = pyo.Constraint(expr=0 * model.x[0] <= 0)
    model.rounding = pyo.Constraint(expr=0 * model.x[0] <= -1e-17)
    assert solve(model, solver=solver).objective == pytest.approx(20)
    assert model.rounding.active
    model.broken = pyo.Constraint(expr=0 * model.x[0] >= 1)
    assert solve(model, solver=solver).status == "infeasible"
    assert model.broken.active


def test_an_objective_is_not_needed(solver):
    model = empty()
    model.row = pyo.Constraint(expr=model.x[0] + model.x[1] >= 3)
    model.objective.deactivate()
    solution = solve(model, solver=solver)
    load(model, solution)
    assert (solution.status, solution.objective) == ("optimal", 0.0)
    assert model.x[0].value + model.x[1].value >= 3 - 1e-6


def test_an_empty_objective_and_idle_variables_get_values(solver):
    model = empty(3)
    model.x[2].setlb(4)
    model.whole = pyo.Var(domain=pyo.Integers, bounds=(0.5, 3))
    model.objective.set_value(0 * model.x[0] + 5)
    solution = solve(model, solver=solver)
    load(model, solution)
    assert solution.objective == 5.0
    assert [model.x[2].value, model.whole.value] == [4.0, 1.0]
    assert model.x[0].value == 0.0


def test_a_model_without_variables_is_its_constant():
    model = pyo.ConcreteModel()
    model.objective = pyo.Objective(expr=3.0)
    solution = solve(model)
    assert (solution.status, solution.objective, solution.bound) == ("optimal", 3.0, 3.0)


def test_fixed_variables_count_and_stay(solver):
    model = empty()
    model.x[0].fix(4)
    model.row = pyo.Constraint(expr=model.x[0] + model.x[1] <= 6)
    solution = solve(model, solver=solver)
    load(model, solution)
    assert solution.objective == pytest.approx(6)
    assert [model.x[0].value, model.x[1].value] == pytest.approx([4, 2])


def test_time_limit_without_a_plan_loads_nothing(solver):
    model = market_split()
    solution = solve(model, solver=solver, time_limit=1)
    assert (solution.status, solution.objective, solution.values) == ("no_plan_found", None, None)
    assert solution.bound == pytest.approx(18, rel=1e-6)
    with pytest.raises(SolverError, match=f"^{solver} found no plan in "):
        load(model, solution)
    assert {variable.value for variable in model.y.values()} == {None}


def test_time_limit_with_a_plan_gives_plan_bound_and_gap(solver):
    model = knapsack()
    solution = solve(model, solver=solver, time_limit=1)
    assert solution.status == "feasible"
    assert 8000 < solution.objective < solution.bound < 8300
    assert solution.gap == pytest.approx((solution.bound - solution.objective) / solution.bound)
    assert solution.message == f"not proven best: a limit came first; the best may differ by {solution.gap:.2%}"
    load(model, solution)
    assert pyo.value(model.objective) == pytest.approx(solution.objective, rel=1e-12)


def test_a_gap_is_kept_and_reported(solver):
    solution = solve(knapsack(), solver=solver, gap=0.02)
    assert solution.status == "optimal"
    assert 0 < solution.gap <= 0.02
    assert solution.objective <= 8267 <= solution.bound + 1e-6 * 8267 or solution.bound >= solution.objective
    assert solution.message == f"proven to be within {solution.gap:.2%} of the best"


def test_a_second_solve_is_bit_identical(solver):
    first, second = (solve(facility("cap71"), solver=solver) for _ in range(2))
    assert np.array_equal(first.values, second.values)


def test_a_solution_belongs_to_its_model(solver):
    solution = solve(empty(), solver=solver)
    with pytest.raises(UsageError, match=r"^the solution belongs to another model$"):
        load(empty(), solution)


@pytest.mark.parametrize(("objective", "bound", "gap"), [(0, 0, 0), (0, 1, 1), (8, 10, 0.2), (-10, -8, 0.2), (3, 3, 0)])
def test_gap_is_relative_to_the_larger(objective, bound, gap):
    assert relative_gap(objective, bound) == pytest.approx(gap)


@pytest.mark.parametrize("limit", [0, -1, math.nan])
def test_a_time_limit_is_above_zero(limit):
    with pytest.raises(UsageError, match=r"^the time limit is a number of seconds above 0, not "):
        solve(empty(), time_limit=limit)


@pytest.mark.parametrize("gap", [-0.1, math.nan, math.inf])
def test_a_gap_is_a_fraction(gap):
    with pytest.raises(UsageError, match=r"^the gap is a fraction of 0 or more, not "):
        solve(empty(), gap=gap)
