"""Both solvers and brute force agree; one solver's word is never enough (O4, O5, O6, O7)."""

from itertools import product

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from mfa.optimization.solvers import available, load, solve
from mfa.optimization.solvers.compiled import compile_model

pytestmark = pytest.mark.skipif(None in available().values(), reason="needs both solvers")


def random_model(seed):
    """Return a fixed-charge model: flows with bounds and big-M rows, binaries with costs, mixed rows."""
    random = np.random.default_rng(seed)
    flows, links = int(random.integers(1, 7)), int(random.integers(1, 6))
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(flows), bounds=lambda *_: (0, float(10 ** random.uniform(0, 4))))
    model.y = pyo.Var(range(links), domain=pyo.Binary)
    variables = [*model.x.values(), *model.y.values()]
    price = random.normal(size=len(variables)) * 10 ** random.uniform(-1, 2, len(variables))
    model.objective = pyo.Objective(
        expr=sum(float(p) * v for p, v in zip(price, variables, strict=True)) + float(random.normal()),
        sense=pyo.maximize if random.random() < 0.5 else pyo.minimize,
    )
    model.rows = pyo.ConstraintList()
    for _ in range(int(random.integers(1, 6))):
        chosen = random.choice(len(variables), size=int(random.integers(1, len(variables) + 1)), replace=False)
        weight = random.normal(size=len(chosen)) * 10 ** random.uniform(-1, 1)
        body = sum(float(w) * variables[j] for w, j in zip(weight, chosen, strict=True))
        model.rows.add(body <= float(np.abs(weight).sum() * random.uniform(-0.2, 20)))
    for j in range(min(flows, links)):
        model.rows.add(model.x[j] <= float(10 ** random.uniform(0, 4)) * model.y[j])
    return model


def brute_force(model):
    """Return the best objective over every choice of the binaries, by scipy's linear programs; nothing if none."""
    compiled = compile_model(model)
    matrix, best = compiled.matrix, np.inf
    whole = np.flatnonzero(matrix.whole)
    above, below = np.isfinite(matrix.row_upper), np.isfinite(matrix.row_lower)
    rows = matrix.entries.toarray()
    table = np.vstack([rows[above], -rows[below]])
    right = np.concatenate([matrix.row_upper[above], -matrix.row_lower[below]])
    for choice in product((0.0, 1.0), repeat=len(whole)):
        bounds = np.column_stack([matrix.lower, matrix.upper])
        bounds[whole] = np.array(choice)[:, np.newaxis]
        found = linprog(matrix.cost, table, right, bounds=bounds)
        if found.status == 0:
            best = min(best, found.fun + matrix.constant)
    return None if np.isinf(best) else compiled.signed(best)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_glpk_highs_and_brute_force_agree(seed):
    answers = [solve(random_model(seed), solver=solver) for solver in ("glpk", "highs")]
    best = brute_force(random_model(seed))
    for answer in answers:
        assert answer.status == ("infeasible" if best is None else "optimal")
        assert answer.objective == (None if best is None else pytest.approx(best, rel=1e-6, abs=1e-6))
        assert answer.bound == answer.objective


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_allowing_fractions_never_worsens_the_optimum(seed):
    model = random_model(seed)
    whole = solve(model, solver="highs")
    for variable in model.y.values():
        variable.domain = pyo.UnitInterval
    relaxed = solve(model, solver="highs")
    if whole.objective is not None:
        sign = 1 if model.objective.sense == pyo.maximize else -1
        assert sign * (relaxed.objective - whole.objective) >= -1e-6 * max(1, abs(whole.objective))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_a_loaded_plan_keeps_pyomos_own_constraints(seed):
    model = random_model(seed)
    solution = solve(model)
    if solution.has_plan:
        load(model, solution)
        assert pyo.value(model.objective) == pytest.approx(solution.objective, rel=1e-9, abs=1e-9)
        assert all(constraint.slack() >= -1e-5 for constraint in model.rows.values())
        assert all(variable.value in (0.0, 1.0) for variable in model.y.values())
