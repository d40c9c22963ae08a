"""What a scenario says and a run reads, checks and does not act on yet."""

from __future__ import annotations

from mfa.language import tr
from mfa.park.scenario import Scenario


def unacted(scenario: Scenario) -> tuple[str, ...]:
    """Return one sentence for each part of a scenario that a run does not act on yet."""
    return ()
