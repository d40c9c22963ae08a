"""`mfa export-excel` and `mfa import-excel`: parks out to spreadsheets and in from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mfa.cli.checking import accept, contents
from mfa.cli.terminal import print_heading, print_json, print_problems, print_table
from mfa.errors import FolderError, InputError, UsageError
from mfa.files.park_drafts import Assumption
from mfa.files.park_imports import import_park_table
from mfa.files.scenario_books import holds_scenario, scenario_book
from mfa.files.writer import scenario_text, write_whole
from mfa.language import tr

MOST_ENTRIES = 4
"""How many entries of an assumed list the terminal shows."""


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


def import_(table: Path, sheet: str | None, out: Path | None, as_json: bool = False) -> None:
    """Write the scenario of a park table, or of a workbook that holds a whole one, and say what was assumed.

    Raises:
        InputError: the table is wrong; nothing is written.
        UsageError: the scenario's name is that of another kind of file.
        FolderError: a file of that name exists, or cannot be written.
    """
    target = out or Path(table.with_suffix(".yaml").name)
    if target.suffix.lower() not in (".yaml", ".yml"):
        raise UsageError(tr("the scenario must be named FILE.yaml, not {file}", file=target))
    refuse_existing(target)
    if sheet is None and holds_scenario(table):
        scenario = accept(table, {}, None)
        write_whole(target, scenario_text(scenario).encode("utf-8"))
        assumed: tuple[Assumption, ...] = ()
    else:
        imported = import_park_table(table, sheet)
        if imported.reading.scenario is None:
            raise InputError(imported.reading.problems)
        scenario, assumed = imported.reading.scenario, imported.assumed
        print_problems(imported.reading.problems)
        write_whole(target, imported.text.encode("utf-8"))
    if as_json:
        print_json({"file": str(target), "assumed": [summary(each) for each in assumed]})
        return
    print(tr("wrote {file}: {contents}", file=target, contents=contents(scenario)))
    show(assumed)
    print(tr("next: mfa validate {file}, mfa match {file}, mfa run {file}", file=target))


def summary(assumption: Assumption) -> dict[str, str]:
    """Return an assumption as JSON data."""
    note = assumption.note
    return {"firm": assumption.firm, "path": assumption.path, "value": assumption.value, "why": note.why,
            "source": note.source, "confidence": note.confidence}  # fmt: skip


def show(assumed: Iterable[Assumption]) -> None:
    """Print what was assumed, and what was computed from the table; the same thing of several firms in one row."""
    heads = [tr(head) for head in ("firm", "what", "value", "why", "confidence", "source")]
    for computed, heading in (
        (False, tr("Assumed, each marked in the file and there to be replaced")),
        (True, tr("Computed from the table")),
    ):
        rows: dict[tuple[str, ...], dict[str, None]] = {}
        for each in assumed:
            note = each.note
            if note.computed == computed:
                row = (what(each), in_brief(each.value), note.why, tr(note.confidence), note.source)
                rows.setdefault(row, {})[each.firm or tr("the park")] = None
        if rows:
            print_heading(heading)
            print_table(heads, [[several(list(firms)), *row] for row, firms in rows.items()])


def what(assumption: Assumption) -> str:
    """Return which value was assumed: of a firm the last part of its path, of its recipe the last two."""
    steps = assumption.path.split(".")
    if not assumption.firm:
        return assumption.path
    return ".".join(steps[-2:]) if steps[1] == "technologies" else steps[-1]


def in_brief(value: str) -> str:
    """Return a long list by its first entries; the file has them all."""
    entries = value.split(", ")
    if len(entries) <= MOST_ENTRIES:
        return value
    return tr("{first} … ({count} in all)", first=", ".join(entries[:MOST_ENTRIES]), count=len(entries))


def several(firms: list[str]) -> str:
    """Return the names of up to two firms, or how many there are."""
    return tr("{count} firms", count=len(firms)) if len(firms) > 2 else ", ".join(firms)
