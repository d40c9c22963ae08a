"""Many runs: the base year, the closed loop, run folders, comparisons."""

from mfa.experiments.assessment import evaluate
from mfa.experiments.balanced_park import BaseYear, base_year
from mfa.experiments.closed_loop import Loop, close_loop
from mfa.experiments.comparison import compare
from mfa.experiments.job import Finished, run
from mfa.experiments.measured_flows import measured_table
from mfa.experiments.runs import simulate, suggest

__all__ = [
    "BaseYear", "Finished", "Loop", "base_year", "close_loop", "compare", "evaluate", "measured_table", "run",
    "simulate", "suggest",
]  # fmt: skip
