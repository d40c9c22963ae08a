"""Every error the toolkit raises, and the exit code that each one means.

MfaError
├── UsageError       2  the command was not understood
├── InputError       3  a file says something wrong; carries every problem found
├── InfeasibleError  4  a proper answer: no plan can satisfy what is asked
├── SolverError      5  no solver, or it failed
├── LimitReached     6  a limit was reached; the best so far is written
├── FolderError      7  a file or folder cannot be read or written
└── InvariantError   8  the toolkit broke its own rules: a bug of ours
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, where, and what to do about it.

    `place` is `file:line:column` or `file.xlsx:Sheet!C7`; `path` the key path in the file (`park.firms.kiln.capacity`).
    """

    place: str
    path: str
    message: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{self.place}: {self.level}: {where}{self.message}"


class MfaError(Exception):
    """The root of the toolkit's errors."""

    exit_code: ClassVar[int] = 8


class UsageError(MfaError):
    """The command or the call was not understood."""

    exit_code = 2


class InputError(MfaError):
    """A file or a value says something wrong; `problems` holds everything found, in order of place."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        # The arguments must make the error anew: SimPy and pickle do so.
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class InfeasibleError(MfaError):
    """No plan satisfies what is asked, or nothing bounds it; the message names the cause."""

    exit_code = 4


class SolverError(MfaError):
    """No solver is there, or it failed; the message says how to mend it."""

    exit_code = 5


class LimitReached(MfaError):  # noqa: N818 (a limit is a proper end, not an error)
    """A time limit was reached; the best plan so far has been written."""

    exit_code = 6


class FolderError(MfaError):
    """A file or folder cannot be read or written."""

    exit_code = 7


class InvariantError(MfaError):
    """The toolkit broke one of its own rules, such as conservation of mass; please report it."""

    exit_code = 8
