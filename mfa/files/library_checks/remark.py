"""What a check of the library finds, and how far two numbers may be apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SAME = 0.01
"""Two values of one number that differ by less, relative, are rounded."""


@dataclass(frozen=True)
class Remark:
    """One thing that a check found: `at` leads from the root of the library to it."""

    kind: str
    at: tuple[str | int, ...]
    message: str
    level: Literal["error", "warning"] = "error"
