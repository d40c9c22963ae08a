"""GLPK: Pyomo writes the model as an LP file, glpsol reads and answers it.

Formats: GNU Linear Programming Kit Reference Manual 5.0, glp_write_prob (names of the columns) and glp_write_mip,
glp_write_sol (values).
"""

from __future__ import annotations

import math
import re
from io import StringIO
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression
from pyomo.repn.plugins.lp_writer import LPWriter

from mfa.errors import SolverError
from mfa.language import tr
from mfa.optimization.solvers import glpsol
from mfa.optimization.solvers.answer import Answer, Limits, Status
from mfa.optimization.solvers.compiled import PYOMO
from mfa.optimization.solvers.matrix import Floats, Matrix, nearest_to_zero

LONGEST = 86_400
"""Seconds after which glpsol stops where no limit was asked for: a day."""

PRINTED = 1e-9
"""Relative error of a number in the log, which has ten digits."""

SAID: dict[str, Status] = {
    "HAS NO PRIMAL FEASIBLE": "infeasible",
    "HAS NO FEASIBLE": "infeasible",
    "HAS NO INTEGER FEASIBLE": "infeasible",
    "HAS NO DUAL FEASIBLE": "unbounded",
    "HAS UNBOUNDED": "unbounded",
    "TIME LIMIT EXCEEDED": "no_plan_found",
}
"""What glpsol says in its log where it gives no values; "no dual feasible" may still mean infeasible."""

PROGRESS = re.compile(r"mip =.{18} [<>]= *(tree is empty|\S+)")
PLAIN = ("--noscale", "--nopresol", "--nointopt")
"""The matrix comes scaled. GLPK 5.0's own scaling and presolvers made it miss the optimum of 8 in 400 random models
whose numbers spread over seven decades, and break off (`q->lb < q->ub` in npp3.c) on infeasible ones; without, none."""

END = "e o f\n"
TAIL = 800
"""Characters of the log that an error message keeps."""


def find() -> str | None:
    """Return the version of glpsol, or nothing where it is not installed."""
    program = glpsol.find()
    return None if program is None else glpsol.version(program)


def ask(matrix: Matrix, limits: Limits) -> Answer:
    """Let GLPK solve a matrix.

    Args:
        matrix: what to minimise; finite, scaled, with at least one column.
        limits: when to stop; seconds are rounded up to whole ones.

    Returns:
        The answer in the numbers of `matrix`.
    """
    program = glpsol.find()
    if program is None:
        raise SolverError(tr("glpsol is not there"))
    seconds = LONGEST if limits.seconds is None else min(LONGEST, max(1, math.ceil(limits.seconds)))
    ended = glpsol.run(program, arguments(limits.gap, seconds), lp_text(matrix), seconds + glpsol.GRACE)
    return read(ended, matrix, glpsol.version(program))


def arguments(gap: float, seconds: int) -> list[str]:
    """Return the arguments: model from standard input, log to standard output, names and values to standard error.

    Names and values are not mixed with the log: glpsol keeps two buffers for one stream.
    """
    tolerance = ["--mipgap", repr(float(gap))] if gap > 0.0 else []
    streams = ["--lp", "/dev/stdin", "--wglp", "/dev/stderr", "--write", "/dev/stderr"]
    return [*streams, *PLAIN, "--tmlim", str(seconds), *tolerance]


def lp_text(matrix: Matrix) -> str:
    """Return the LP file that Pyomo writes for the matrix; column j is called xj, whatever the model called it."""
    out = StringIO()
    with PYOMO:
        LPWriter().write(to_pyomo(matrix), out, labeler=label)
    return out.getvalue()


def label(component: Any) -> str:
    """Return a plain name made of the component and its number."""
    index = component.index()
    return str(component.parent_component().local_name) + ("" if index is None else str(index))


def to_pyomo(matrix: Matrix) -> pyo.ConcreteModel:
    """Return the matrix as a Pyomo model whose components are numbered."""
    model = pyo.ConcreteModel()
    domains = [pyo.Integers if whole else pyo.Reals for whole in matrix.whole.tolist()]
    limits = list(zip(finite(matrix.lower), finite(matrix.upper), strict=True))
    model.x = pyo.Var(range(len(domains)), domain=lambda _, j: domains[j], bounds=lambda _, j: limits[j])
    columns = list(model.x.values())
    model.cost = pyo.Objective(expr=linear(matrix.constant, matrix.cost.tolist(), columns))
    rows, low, high = matrix.rows, finite(matrix.row_lower), finite(matrix.row_upper)

    def row(_: pyo.ConcreteModel, i: int) -> Any:
        span = slice(rows.indptr[i], rows.indptr[i + 1])
        terms = [columns[j] for j in rows.indices[span]]
        if not terms or (low[i] is None and high[i] is None):
            return pyo.Constraint.Skip
        body = linear(0.0, rows.data[span].tolist(), terms)
        return body == low[i] if low[i] == high[i] else pyo.inequality(low[i], body, high[i])

    model.row = pyo.Constraint(range(len(low)), rule=row)
    return model


def linear(constant: float, coefficients: list[float], variables: list[Any]) -> LinearExpression:
    """Return constant + Σ coefficient · variable."""
    return LinearExpression(constant=constant, linear_coefs=coefficients, linear_vars=variables)


def finite(numbers: Floats) -> list[float | None]:
    """Return the numbers with none in place of an infinity."""
    return [number if math.isfinite(number) else None for number in numbers.tolist()]


def read(ended: glpsol.Ended, matrix: Matrix, version: str) -> Answer:
    """Return what glpsol found, `failed` where its words make no sense."""
    if ended.code is None:
        return Answer("no_plan_found", version, message=tr("glpsol went on beyond its time limit and was ended"))
    tail = ended.output[-TAIL:].strip() or ended.errors[-TAIL:].strip()
    if ended.code != 0:
        return Answer("failed", version, message=tr("glpsol ended with code {code}: {log}", code=ended.code, log=tail))
    try:
        return interpret(ended, matrix, version)
    except (ValueError, LookupError) as error:
        reason = tr("glpsol gave an answer that cannot be read ({reason}): {log}", reason=error, log=tail)
        return Answer("failed", version, message=reason)


def interpret(ended: glpsol.Ended, matrix: Matrix, version: str) -> Answer:
    """Return the answer that glpsol wrote.

    Raises:
        ValueError, LookupError: it is incomplete or makes no sense.
    """
    log = ended.output
    problem, _, solution = ended.errors.partition(END)
    lines = solution.removesuffix(END).splitlines()
    head = next((line.split() for line in lines if line.startswith("s ")), [])
    if not head or not solution.endswith(END):
        raise ValueError(tr("it breaks off"))
    verdict = verdict_of(head, log)
    if verdict not in ("optimal", "feasible"):
        return Answer(verdict, version, bound=log_bound(log, -math.inf), message=last_words(log))
    values = read_values(lines, read_names(problem, int(head[3])), matrix)
    known = matrix.objective(values) if verdict == "optimal" else -math.inf
    return Answer(verdict, version, values, log_bound(log, known), last_words(log))


def verdict_of(head: list[str], log: str) -> Status:
    """Return the status from `s bas rows columns primal dual objective` or `s mip rows columns status objective`."""
    basic = head[1] == "bas"
    if head[4] == "o" or (basic and head[4:6] == ["f", "f"]):
        return "optimal"
    if head[4] == "f" and not (basic and head[5] == "n"):
        return "optimal" if "GAP TOLERANCE REACHED" in log else "feasible"
    if head[4] == "n":
        return "infeasible"
    return next((verdict for words, verdict in SAID.items() if words in log), "failed")


def last_words(log: str) -> str:
    """Return the line in capitals in which glpsol sums up."""
    return next((line for line in reversed(log.splitlines()) if line.isupper() and " " in line), "")


def log_bound(log: str, otherwise: float) -> float:
    """Return the bound of the last progress line, rounded outwards, or `otherwise` where there is none."""
    found = PROGRESS.findall(log)
    if not found or found[-1] == "tree is empty":
        return otherwise
    bound = float(found[-1])
    return bound - PRINTED * abs(bound) if math.isfinite(bound) else -math.inf


def read_names(problem: str, width: int) -> dict[int, int]:
    """Return column of glpsol → column of the matrix, from lines such as `n j 3 x17`."""
    pairs = re.findall(r"^n j (\d+) x(\d+)$", problem, re.MULTILINE)
    if len(pairs) < width - 1:  # Pyomo adds one column for a constant
        raise ValueError(tr("names are missing"))
    return {int(column): int(name) for column, name in pairs}


def read_values(lines: list[str], names: dict[int, int], matrix: Matrix) -> Floats:
    """Return the values of the columns; those that occur in no row and at no cost are not in the file."""
    values = nearest_to_zero(matrix.lower, matrix.upper)
    written = {int(words[1]): words for words in map(str.split, lines) if words[:1] == ["j"]}
    for column, name in names.items():
        words = written[column]
        values[name] = float(words[3] if len(words) == 5 else words[2])
    if not np.isfinite(values).all():
        raise ValueError(tr("a value is no number"))
    return values
