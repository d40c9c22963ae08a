"""Accounts from files, CSV, YAML or a workbook, every error with its place and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mfa.errors import InputError, Problem
from mfa.files.account_checks import check_account
from mfa.files.account_tables import TableReader
from mfa.files.account_trees import TreeReader
from mfa.files.account_units import in_units_of_layers
from mfa.files.characters import read_text
from mfa.files.tables import csv_cells
from mfa.files.tree import Fault, UnreadableError
from mfa.files.workbooks import is_workbook, open_workbook
from mfa.park.account import Account

__all__ = ["AccountReading", "check_account", "load_account", "read_account"]


@dataclass(frozen=True)
class AccountReading:
    """What came of reading a file: the account, None where there are errors, and all problems by place."""

    account: Account | None
    problems: tuple[Problem, ...]


def load_account(path: str | Path) -> Account:
    """Return the account of a file.

    Args:
        path: a CSV table, a workbook or a YAML account.

    Raises:
        InputError: the file says something wrong; holds all problems found.
        FolderError: there is no such file, or it cannot be read.
    """
    reading = read_account(path)
    if reading.account is None:
        raise InputError(problem for problem in reading.problems if problem.level == "error")
    return reading.account


def read_account(path: str | Path) -> AccountReading:
    """Read an account file (`.yaml` or `.yml`, a workbook, anything else as CSV) and say what is wrong with it.

    Raises:
        FolderError: there is no such file, or it cannot be read.
    """
    file, shown = Path(path), str(path)
    faults: list[Fault] = []
    account = None
    try:
        account = _read(file, shown, faults)
    except UnreadableError as error:
        faults.append(error.fault)
    problems = [fault.problem for fault in sorted(faults, key=lambda fault: (fault.mark, fault.path, fault.message))]
    if account is not None:
        account, converted = in_units_of_layers(account)
        problems += [*converted, *check_account(account)]
    is_wrong = any(problem.level == "error" for problem in problems)
    return AccountReading(None if is_wrong else account, tuple(problems))


def _read(file: Path, shown: str, faults: list[Fault]) -> Account | None:
    """Return the account of a file by its suffix; None where something is wrong with it, which is noted."""
    if is_workbook(file):
        book = open_workbook(file, shown)
        return TableReader(shown, faults).read(book.cells(book.sheet(None), faults), file.stem)
    text = read_text(file, shown)
    if file.suffix.lower() in (".yaml", ".yml"):
        return TreeReader(shown, faults).read(text, file.stem)
    return TableReader(shown, faults).read(csv_cells(text, shown), file.stem)
