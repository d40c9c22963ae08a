"""HiGHS, called through its own Python package with arrays: one instance a solve, nothing printed, nothing captured."""

from __future__ import annotations

import time
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from threading import Event, Thread
from typing import Any

import numpy as np

from mfa.language import tr
from mfa.optimization.solvers.answer import Answer, Limits, Status
from mfa.optimization.solvers.matrix import Matrix

FEASIBILITY = (1e-9, 1e-7)
"""Largest violation that HiGHS may leave in the scaled numbers: the strict one first, and its default where its own
last check finds that missed by a hair and calls the whole solve an error."""

WHOLE_FEASIBILITY = (1e-7, 1e-6)
"""The same where there are whole numbers: asked for 1e-9, HiGHS 1.15 calls plans optimal that are 3 % off (observed);
the linear program that is left when the whole numbers are fixed is strict again."""

OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_abs_gap": 1e-9}

TOLERANCES = ("primal_feasibility_tolerance", "dual_feasibility_tolerance", "mip_feasibility_tolerance")

COLUMNWISE, MINIMISE = 1, 1


def find() -> str | None:
    """Return the version of HiGHS, or nothing where it is not installed."""
    return None if find_spec("highspy") is None else package_version()


@cache
def package_version() -> str:
    """Return the version that the installed package states; looking it up reads files."""
    try:
        return version("highspy")
    except PackageNotFoundError:
        return tr("unknown version")


def ask(matrix: Matrix, limits: Limits) -> Answer:
    """Let HiGHS solve a matrix.

    Args:
        matrix: what to minimise; finite, scaled, with at least one column.
        limits: when to stop.

    Returns:
        The answer in the numbers of `matrix`.
    """
    started = time.monotonic()
    for tolerance in WHOLE_FEASIBILITY if matrix.whole.any() else FEASIBILITY:
        left = limits.seconds and max(0.0, limits.seconds - (time.monotonic() - started))
        answer = solve_once(matrix, Limits(limits.gap, left), tolerance)
        if answer.status != "failed":
            break
    return answer


def solve_once(matrix: Matrix, limits: Limits, tolerance: float) -> Answer:
    """Return the answer of one fresh instance."""
    import highspy

    highs = quiet_instance()
    for option, value in options(limits, tolerance).items():
        highs.setOptionValue(option, value)
    if pass_matrix(highs, matrix) != highspy.HighsStatus.kOk:
        return Answer("failed", find() or "", message=tr("HiGHS did not take the model as it is"))
    run(highs)
    return read(highs, matrix)


def quiet_instance() -> Any:
    """Return a fresh instance that prints nothing.

    Since 1.16 it prints a banner as its constructor turns callbacks on, before anybody could set an option.
    """
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 (the name that HiGHS gives it)
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Quiet()  # type: ignore[no-untyped-call]


def options(limits: Limits, tolerance: float) -> dict[str, Any]:
    """Return the options of one solve."""
    limit = {} if limits.seconds is None else {"time_limit": float(limits.seconds)}
    return OPTIONS | dict.fromkeys(TOLERANCES, tolerance) | {"mip_rel_gap": float(limits.gap)} | limit


def pass_matrix(highs: Any, matrix: Matrix) -> Any:
    """Hand the arrays over and return what HiGHS says about them."""
    entries = matrix.entries
    height, width = entries.shape
    return highs.passModel(
        width,
        height,
        entries.nnz,
        COLUMNWISE,
        MINIMISE,
        matrix.constant,
        matrix.cost,
        matrix.lower,
        matrix.upper,
        matrix.row_lower,
        matrix.row_upper,
        entries.indptr.astype(np.int32),
        entries.indices.astype(np.int32),
        entries.data,
        matrix.whole.astype(np.int32),
    )


def run(highs: Any) -> None:
    """Run HiGHS in a thread beside this one, so that Ctrl-C stops it at once."""
    done = Event()

    def work() -> None:
        try:
            highs.run()
        finally:
            done.set()

    highs.HandleUserInterrupt = True
    Thread(target=work, daemon=True).start()
    try:
        while not done.wait(0.1):
            pass  # waiting in slices lets signals through on every system
    except BaseException:
        highs.cancelSolve()
        done.wait()
        raise


def read(highs: Any, matrix: Matrix) -> Answer:
    """Return what HiGHS found."""
    from highspy import HighsModelStatus, SolutionStatus

    status, info = highs.getModelStatus(), highs.getInfo()
    verdicts: dict[Any, Status] = {
        HighsModelStatus.kOptimal: "optimal",
        HighsModelStatus.kInfeasible: "infeasible",
        HighsModelStatus.kUnbounded: "unbounded",
        HighsModelStatus.kUnboundedOrInfeasible: "unbounded",
        HighsModelStatus.kTimeLimit: "no_plan_found",
    }
    verdict = verdicts.get(status, "failed")
    message = highs.modelStatusToString(status)
    if verdict == "no_plan_found" and info.primal_solution_status == SolutionStatus.kSolutionStatusFeasible:
        verdict = "feasible"
    if verdict not in ("optimal", "feasible"):
        bound = info.mip_dual_bound if matrix.whole.any() and verdict == "no_plan_found" else -np.inf
        return Answer(verdict, highs.version(), bound=bound, message=message)
    values = np.array(highs.getSolution().col_value)
    bound = matrix.objective(values) if verdict == "optimal" else -np.inf
    return Answer(verdict, highs.version(), values, info.mip_dual_bound if matrix.whole.any() else bound, message)
