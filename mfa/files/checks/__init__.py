"""What a scenario must make sense of beyond its form: one small function a check, each finding with its place."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.files.checks.finding import Finding
from mfa.files.checks.unacted import unacted
from mfa.park.scenario import Scenario

__all__ = ["Finding", "check", "unacted"]


def check(scenario: Scenario) -> Iterator[Finding]:
    """Yield what is wrong or doubtful in a scenario."""
    yield from ()
