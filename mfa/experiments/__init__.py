"""Many runs: the closed loop, run folders, comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mfa.experiments.assessment import evaluate
from mfa.experiments.closed_loop import Loop, close_loop
from mfa.experiments.comparison import compare
from mfa.experiments.job import Finished, run
from mfa.experiments.runs import simulate

if TYPE_CHECKING:
    from mfa.optimization import suggest

__all__ = ["Finished", "Loop", "close_loop", "compare", "evaluate", "run", "simulate", "suggest"]


def __getattr__(name: str) -> Any:
    """Load the optimiser, and Pyomo with it, only when a plan is asked for."""
    if name == "suggest":
        from mfa.optimization import suggest

        return suggest
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
