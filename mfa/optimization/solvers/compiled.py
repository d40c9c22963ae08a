"""A Pyomo model turned into arrays, with the names of what each row and column stands for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.errors import InfeasibleConstraintException, InvalidConstraintError, InvalidExpressionError
from pyomo.repn import generate_standard_repn
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from mfa.errors import InputError, Problem, UsageError
from mfa.language import tr
from mfa.optimization.solvers.matrix import Flags, Floats, Matrix, nearest_to_zero

PYOMO = Lock()
"""Pyomo's writers pause the garbage collector of the whole process: one thread at a time."""

TOUCH = 1e-9
"""Bounds that cross by less than this, relative to their size, are the same number but for rounding."""


@dataclass(frozen=True)
class Compiled:
    """The arrays of a Pyomo model, always minimising, and the components behind them.

    `objective` times `sign` is what the matrix minimises. `idle` variables occur in no row and in no objective.
    `contradictions` names what cannot hold whatever the plan is.
    """

    matrix: Matrix
    sign: float
    columns: tuple[Any, ...]
    rows: tuple[Any, ...]
    idle: tuple[Any, ...]
    idle_values: Floats
    contradictions: tuple[str, ...]

    def signed(self, minimised: float) -> float:
        """Return a number of the matrix's objective in the sense of the model's own; never -0."""
        return self.sign * minimised + 0.0


def compile_model(model: pyo.ConcreteModel) -> Compiled:
    """Turn a linear Pyomo model into arrays.

    Args:
        model: at most one active objective; linear; continuous, integer or binary variables.

    Returns:
        The arrays and the components behind them.

    Raises:
        UsageError: the model is not linear, or has several objectives.
        InputError: a bound or a fixed value is not a number.
    """
    objective = the_objective(model)
    form, broken = standard_form(model)
    lower, upper = bounds(form.columns)
    whole = np.array([is_whole(variable) for variable in form.columns], dtype=bool)
    idle = idle_variables(model, form.columns)
    idle_lower, idle_upper = bounds(idle)
    lower, upper, crossed = uncross(form.columns, lower, upper)
    matrix = to_matrix(form, lower, upper, whole)
    idle_lower, idle_upper, idle_crossed = uncross(idle, idle_lower, idle_upper)
    return Compiled(
        matrix=matrix,
        sign=-1.0 if objective is not None and objective.sense == pyo.maximize else 1.0,
        columns=tuple(form.columns),
        rows=tuple(entry.constraint for entry in form.rows),
        idle=tuple(idle),
        idle_values=least(idle, idle_lower, idle_upper),
        contradictions=(*broken, *impossible_rows(form, matrix), *crossed, *idle_crossed),
    )


def to_matrix(form: Any, lower: Floats, upper: Floats, whole: Flags) -> Matrix:
    """Return the arrays of Pyomo's standard form: each row an equality, an upper or a lower limit."""
    kind = np.array([entry.bound_type for entry in form.rows], dtype=int)
    has_objective = form.c.shape[0] > 0
    return Matrix(
        cost=form.c.toarray()[0] if has_objective else np.zeros(len(form.columns)),
        constant=float(form.c_offset[0]) if has_objective else 0.0,
        entries=form.A,
        row_lower=np.where(kind == 1, -np.inf, form.rhs),
        row_upper=np.where(kind == -1, np.inf, form.rhs),
        lower=lower,
        upper=upper,
        whole=whole,
    )


def impossible_rows(form: Any, matrix: Matrix) -> list[str]:
    """Return the names of the rows without any coefficient whose limits leave out zero."""
    empty = np.bincount(matrix.entries.indices, minlength=len(form.rows)) == 0
    broken = empty & ((matrix.row_lower > TOUCH) | (matrix.row_upper < -TOUCH))
    return [form.rows[row].constraint.name for row in np.flatnonzero(broken)]


def the_objective(model: pyo.ConcreteModel) -> Any | None:
    """Return the only active objective, or nothing where any plan will do."""
    objectives = list(model.component_data_objects(pyo.Objective, active=True))
    if len(objectives) > 1:
        names = ", ".join(objective.name for objective in objectives)
        raise UsageError(tr("one objective at a time: the model has {names}", names=names))
    return objectives[0] if objectives else None


def standard_form(model: pyo.ConcreteModel) -> tuple[Any, list[str]]:
    """Return Pyomo's standard form and the names of the constant constraints that do not hold."""
    try:
        return write_form(model), []
    except InfeasibleConstraintException:
        constant, broken = constant_constraints(model)
        with switched_off(constant):
            return write_form(model), broken


def write_form(model: pyo.ConcreteModel) -> Any:
    """Return the model in Pyomo's standard form; nothing but numbers may come out of it."""
    try:
        with PYOMO:
            form = LinearStandardFormCompiler().write(model, mixed_form=True)
        form.rhs, form.c_offset = (np.asarray(numbers, dtype=float) for numbers in (form.rhs, form.c_offset))
        return form
    except InfeasibleConstraintException:
        raise
    except (InvalidConstraintError, InvalidExpressionError) as error:
        raise UsageError(tr("the model must be linear: {reason}", reason=error)) from error
    except (ValueError, TypeError) as error:
        if problems := list(valueless(model)):
            raise InputError(problems) from error
        raise UsageError(tr("the model cannot be read: {reason}", reason=error)) from error


def valueless(model: pyo.ConcreteModel) -> Iterator[Problem]:
    """Yield the fixed variables and parameters whose value is no finite number."""
    fixed = (variable for variable in model.component_data_objects(pyo.Var) if variable.fixed)
    parameters = (item for item in model.component_data_objects(pyo.Param) if not isinstance(item, (int, float)))
    for component in (*fixed, *parameters):
        value = component.value
        if not isinstance(value, (int, float)) or not math.isfinite(value):
            yield problem(component.name, tr("{value} is no finite number", value=value))


def problem(name: str, message: str) -> Problem:
    """Return what is wrong with the component called `name`."""
    return Problem(tr("optimisation model"), name, message)


def constant_constraints(model: pyo.ConcreteModel) -> tuple[list[Any], list[str]]:
    """Return the constraints that contain no free variable, and the names of those that do not hold."""
    constant, broken = [], []
    for constraint in model.component_data_objects(pyo.Constraint, active=True):
        lower, body, upper = constraint.to_bounded_expression(evaluate_bounds=True)
        terms = generate_standard_repn(body, quadratic=False)
        if terms.is_constant():
            constant.append(constraint)
            if not between(lower, terms.constant, upper):
                broken.append(constraint.name)
    return constant, broken


def between(lower: float | None, value: float, upper: float | None) -> bool:
    """Whether `value` keeps its bounds but for rounding."""
    low = -math.inf if lower is None else lower - TOUCH * max(1.0, abs(lower))
    high = math.inf if upper is None else upper + TOUCH * max(1.0, abs(upper))
    return low <= value <= high


@contextmanager
def switched_off(constraints: Sequence[Any]) -> Iterator[None]:
    """Leave `constraints` out of the model for a while."""
    try:
        for constraint in constraints:
            constraint.deactivate()
        yield
    finally:
        for constraint in constraints:
            constraint.activate()


def bounds(variables: Sequence[Any]) -> tuple[Floats, Floats]:
    """Return the bounds of the variables, infinite where there are none.

    Raises:
        InputError: a bound is not a number, or is an infinity on the wrong side.
    """
    lower, upper = np.full(len(variables), -np.inf), np.full(len(variables), np.inf)
    problems = []
    for index, variable in enumerate(variables):
        try:
            low, high = variable.bounds
        except ValueError as error:
            problems.append(problem(variable.name, tr("a bound is no finite number: {reason}", reason=error)))
            continue
        if low is not None:
            lower[index] = low
        if high is not None:
            upper[index] = high
    if problems:
        raise InputError(problems)
    return lower, upper


def uncross(variables: Sequence[Any], lower: Floats, upper: Floats) -> tuple[Floats, Floats, list[str]]:
    """Return the bounds with crossings by mere rounding mended, and the names where they really cross."""
    crossed = np.flatnonzero(lower > upper)
    apart = lower[crossed] - upper[crossed] > TOUCH * np.maximum(1.0, np.abs(lower[crossed]))
    return lower, np.maximum(lower, upper), [variables[index].name for index in crossed[apart]]


def is_whole(variable: Any) -> bool:
    """Whether the variable takes whole numbers only."""
    if variable.is_continuous():
        return False
    if variable.is_integer():
        return True
    raise UsageError(
        tr(
            "{name}: a variable is continuous, integer or binary, not {domain}",
            name=variable.name,
            domain=variable.domain,
        )
    )


def idle_variables(model: pyo.ConcreteModel, columns: Sequence[Any]) -> list[Any]:
    """Return the free variables of the model that are no column."""
    used = {id(variable) for variable in columns}
    free = (variable for variable in model.component_data_objects(pyo.Var, active=True) if not variable.fixed)
    return [variable for variable in free if id(variable) not in used]


def least(variables: Sequence[Any], lower: Floats, upper: Floats) -> Floats:
    """Return the values of least magnitude within the bounds, whole where they must be."""
    whole = np.array([is_whole(variable) for variable in variables], dtype=bool)
    return nearest_to_zero(np.where(whole, np.ceil(lower), lower), np.where(whole, np.floor(upper), upper))
