"""A park table read, drafted, checked and written: the text of a scenario in which every assumed value is marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mfa.files.emit import Raw, Remarked, emit
from mfa.files.holdings import read_holdings
from mfa.files.park_drafts import Assumption, draft_scenario
from mfa.files.park_tables import read_park_table
from mfa.files.reader import Reading, read_tree
from mfa.files.tree import Fault, Mark, Node, UnreadableError
from mfa.language import tr

PLAIN = re.compile(r"[\w.+-][\w .+/%°·*()-]*")
"""Scalars that YAML reads as what they are, wherever they stand."""


@dataclass(frozen=True)
class Imported:
    """What came of a park table: the reading of the scenario made of it, its text, and what was assumed."""

    reading: Reading
    text: str
    assumed: tuple[Assumption, ...]


def import_park_table(path: Path, sheet: str | None = None) -> Imported:
    """Read a table of firms as a scenario.

    Args:
        path: a CSV file or workbook.
        sheet: the sheet of the firms; by default the first that looks like one.

    Returns:
        The scenario as text and as value, the latter None where the table has errors; these name their cells.

    Raises:
        FolderError: there is no such file, or it cannot be read.
    """
    shown, faults = str(path), list[Fault]()
    try:
        wanted = Node(sheet, Mark("--sheet"), "--sheet") if sheet is not None else None
        table = read_park_table(path, shown, wanted, faults)
        root, assumed = draft_scenario(table, path.stem, path.name, read_holdings(), faults)
    except UnreadableError as error:
        return Imported(Reading(None, (error.fault.problem,)), "", ())
    reading = read_tree(root, shown, faults)
    return Imported(reading, scenario_text_of(root, path.name, {each.path: each for each in assumed}), tuple(assumed))


def scenario_text_of(root: Node, table: str, assumed: Mapping[str, Assumption]) -> str:
    """Return a drafted scenario as YAML; each assumed value is marked at the end of its line."""
    head = [
        tr(
            "Made of {table} by mfa import-excel. Amounts are dry; those without a time are a year's.",
            table=table,
        ),
        tr("What is marked 'assumed' is not in the table: replace it by what you know."),
    ]
    return "".join(f"# {line}\n" for line in head) + emit(_tree(root, assumed))


def _tree(node: Node, assumed: Mapping[str, Assumption]) -> Any:
    tree: Any
    if isinstance(node.content, dict):
        tree = {key: _tree(entry, assumed) for key, entry in node.content.items()}
    elif isinstance(node.content, list):
        tree = [_tree(entry, assumed) for entry in node.content]
    else:
        tree = Raw(node.content) if node.plain and PLAIN.fullmatch(node.content) else node.content
    assumption = assumed.get(node.path)
    return tree if assumption is None else Remarked(tree, remark(assumption))


def remark(assumption: Assumption) -> str:
    """Return the comment on an assumed value."""
    note = assumption.note
    if note.computed:
        return f"{tr('computed')}: {note.why} ({note.source})"
    source = f" [{note.source.split(' ')[0]}: {tr(note.confidence)}]" if note.confidence != "assumed" else ""
    return f"{tr('assumed')}: {note.why}{source}"
