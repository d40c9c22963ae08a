"""`mfa export-excel`: scenarios as workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mfa.cli.checking import accept, contents
from mfa.errors import FolderError, UsageError
from mfa.files.scenario_books import scenario_book
from mfa.files.writer import write_whole
from mfa.language import tr


def export(file: Path, changes: Mapping[str, str], out: Path | None) -> None:
    """Write a scenario as a workbook.

    Raises:
        InputError: the scenario is wrong.
        UsageError: the workbook's name is that of another kind of file.
        FolderError: a file of that name exists, or cannot be written.
    """
    target = out or Path(file.with_suffix(".xlsx").name)
    if target.suffix.lower() != ".xlsx":
        raise UsageError(tr("the workbook must be named FILE.xlsx, not {file}", file=target))
    scenario = accept(file, changes, None)
    refuse_existing(target)
    write_whole(target, scenario_book(scenario))
    print(tr("wrote {file}: {contents}", file=target, contents=contents(scenario)))
    print(tr("edit it in Excel; then: mfa validate {file}", file=target))


def refuse_existing(target: Path) -> None:
    """Refuse to write over a file; raises FolderError."""
    if target.exists():
        raise FolderError(tr("{path} exists already; choose another name", path=target))
