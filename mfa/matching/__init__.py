"""Who could use what: the wastes of a park, the routes of the library, and the firms that are there or missing."""

from mfa.matching.matches import Check, Match, Matches, Recruit
from mfa.matching.matchmaker import match

__all__ = ["Check", "Match", "Matches", "Recruit", "match"]
