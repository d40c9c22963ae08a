"""The one solver adapter: Pyomo models solved by GLPK or HiGHS, every number checked before and after.

A model becomes arrays (`compiled`), is checked (`model_check`) and scaled by powers of two (`scaling`), goes to a
solver (`glpk`, `highs`), is solved again with the whole numbers fixed, and is judged on its original numbers
(`residual`). `adapter` strings these together; `explanation` says why there is no plan.
"""

from mfa.optimization.solvers.adapter import Choice, available, solve
from mfa.optimization.solvers.answer import Status
from mfa.optimization.solvers.explanation import explain_infeasible, explain_unbounded
from mfa.optimization.solvers.solution import Solution, load

__all__ = ["Choice", "Solution", "Status", "available", "explain_infeasible", "explain_unbounded", "load", "solve"]
