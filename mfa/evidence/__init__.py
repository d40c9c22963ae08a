"""How much of a result rests on which numbers: the share that nobody has verified, and the numbers that weigh most."""

from mfa.evidence.resting import Resting, Weight, rest_of
from mfa.evidence.tables import evidence_tables

__all__ = ["Resting", "Weight", "evidence_tables", "rest_of"]
