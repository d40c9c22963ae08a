"""What to build: candidates, the mixed-integer program, its solution and the reasons for it (design §7)."""

from mfa.optimization import constraints, objectives
from mfa.optimization.forms import CONSTRAINTS, OBJECTIVES, constraint, objective
from mfa.optimization.offers import Offers
from mfa.optimization.offers import offer as candidates
from mfa.optimization.suggestion import suggest

__all__ = [
    "CONSTRAINTS",
    "OBJECTIVES",
    "Offers",
    "candidates",
    "constraint",
    "constraints",
    "objective",
    "objectives",
    "suggest",
]
