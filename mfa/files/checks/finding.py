"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that a scenario gets wrong; `at` leads from the scenario to the value that it stands at."""

    at: tuple[str | int, ...]
    message: str
    level: Literal["error", "warning"] = "error"
