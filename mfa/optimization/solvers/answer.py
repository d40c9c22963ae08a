"""What a solver is told and what it says, before anything is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mfa.optimization.solvers.matrix import Floats

Status = Literal["optimal", "feasible", "infeasible", "unbounded", "no_plan_found", "failed"]
"""optimal: proven within the asked gap; feasible: a limit came first, the best so far is there; infeasible and
unbounded: proper answers; no_plan_found: a limit came before any plan; failed: the solver broke."""


@dataclass(frozen=True)
class Limits:
    """When a solver may stop: at a relative `gap`, or after `seconds` (none: as long as it takes)."""

    gap: float = 0.0
    seconds: float | None = None


@dataclass(frozen=True)
class Answer:
    """What a solver said about a matrix. `bound`: no plan has a lower objective; -inf where nothing is known."""

    status: Status
    version: str
    values: Floats | None = None
    bound: float = float("-inf")
    message: str = ""
