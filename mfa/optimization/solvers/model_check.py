"""What is checked before a solver sees a model: every number finite, and none lost beside the others.

HiGHS answers "optimal" to a model with NaN or infinite coefficients and drops what is below 1e-9 without a word.
"""

from __future__ import annotations

import numpy as np

from mfa.errors import InputError, Problem
from mfa.language import tr
from mfa.optimization.solvers.compiled import Compiled, problem
from mfa.optimization.solvers.matrix import Flags, Floats
from mfa.optimization.solvers.scaling import Scaled

SMALLEST, LARGEST = 1e-6, 1e6
"""Scaled coefficients outside this range are lost beside the others, or swallow them."""

ENDLESS = 1e15
"""A bound beyond this is no bound: solvers take 1e20 for infinity."""

SHOWN = 50
"""Problems listed at most."""


def check_finite(compiled: Compiled) -> None:
    """Raise InputError that names every coefficient, limit and bound that is no finite number."""
    matrix = compiled.matrix
    entries = matrix.entries.tocoo()
    bad = ~np.isfinite(entries.data)
    problems = [
        coefficient_problem(compiled, row, column, value)
        for row, column, value in zip(entries.row[bad], entries.col[bad], entries.data[bad], strict=True)
    ]
    for column in np.flatnonzero(~np.isfinite(matrix.cost)).tolist():
        problems.append(coefficient_problem(compiled, -1, column, compiled.sign * matrix.cost[column]))
    if not np.isfinite(matrix.constant):
        problems.append(problem(tr("objective"), tr("{value} is no finite number", value=matrix.constant)))
    for row in np.flatnonzero(senseless(matrix.row_lower, matrix.row_upper)):
        limit = matrix.row_upper[row] if np.isneginf(matrix.row_lower[row]) else matrix.row_lower[row]
        problems.append(problem(compiled.rows[row].name, tr("the limit {value} is no finite number", value=limit)))
    if problems:
        raise InputError(problems[:SHOWN])


def senseless(lower: Floats, upper: Floats) -> Flags:
    """Mark limits that are NaN or that no number can keep; an infinity on its own side is no limit."""
    return np.isnan(lower) | np.isnan(upper) | np.isposinf(lower) | np.isneginf(upper)


def coefficient_problem(compiled: Compiled, row: int, column: int, value: float) -> Problem:
    """Return that the coefficient in a row (the objective: -1) is not finite."""
    name = tr("objective") if row < 0 else compiled.rows[row].name
    variable = name_of(compiled, column)
    text = tr("the coefficient {value} of {variable} is no finite number", value=value, variable=variable)
    return problem(name, text)


def name_of(compiled: Compiled, column: int) -> str:
    """Return the name of a variable."""
    return str(compiled.columns[column].name)


def check_range(compiled: Compiled, scaled: Scaled) -> None:
    """Raise InputError that names the two worst coefficients, or the bounds that are as good as infinite."""
    if problems := [*spread(compiled, scaled), *endless(compiled, scaled)]:
        raise InputError(problems[:SHOWN])


def spread(compiled: Compiled, scaled: Scaled) -> list[Problem]:
    """Return the smallest and the largest coefficient where even scaling leaves them too far apart."""
    entries, original = scaled.matrix.entries.tocoo(), compiled.matrix.entries
    sizes = np.abs(np.concatenate([entries.data, scaled.matrix.cost]))
    if not (some := sizes[sizes > 0.0]).size or (some.min() >= SMALLEST and some.max() <= LARGEST):
        return []
    row = np.append(entries.row, np.full(len(scaled.matrix.cost), -1))
    column = np.append(entries.col, np.arange(len(scaled.matrix.cost)))
    value = np.append(original.data, compiled.sign * compiled.matrix.cost)
    worst = (int(np.argmin(np.where(sizes > 0.0, sizes, np.inf))), int(np.argmax(sizes)))
    words = (
        tr("the coefficient {value} of {variable} is too small beside the others; check its unit"),
        tr("the coefficient {value} of {variable} is too large beside the others; check its unit"),
    )
    return [
        problem(
            tr("objective") if row[at] < 0 else compiled.rows[row[at]].name,
            text.format(value=value[at], variable=name_of(compiled, column[at])),
        )
        for at, text in zip(worst, words, strict=True)
    ]


def endless(compiled: Compiled, scaled: Scaled) -> list[Problem]:
    """Return the finite bounds and limits that are so large that solvers take them for infinite or lose digits."""
    matrix, given = scaled.matrix, compiled.matrix
    text = tr("the limit {value} is as good as none: leave it out")
    found = []
    for components, pairs in (
        (compiled.columns, ((matrix.lower, given.lower), (matrix.upper, given.upper))),
        (compiled.rows, ((matrix.row_lower, given.row_lower), (matrix.row_upper, given.row_upper))),
    ):
        for size, value in pairs:
            for index in np.flatnonzero(np.isfinite(value) & (np.maximum(np.abs(size), np.abs(value)) >= ENDLESS)):
                found.append(problem(components[index].name, text.format(value=value[index])))
    return found
