"""Measurements as people write them: a list of rows, or a mapping with rows, a table of them, or both."""

from __future__ import annotations

from pathlib import Path

from mfa.errors import FolderError
from mfa.files.tables import as_list, beside, read_table
from mfa.files.tree import Fault, Node, join

ROWS, TABLE, SHEET, UNIT = "rows", "table", "sheet", "unit"
AMOUNTS = ("amount", "stock", "std")
"""Cells of a table that are in the unit which its column `unit` gives."""


def with_measurements(root: Node, path: Path, shown: str, faults: list[Fault]) -> Node:
    """Return the tree in which measurements are a mapping with all their rows under `rows`.

    Args:
        root: the tree of the file at `path`.
        path: that file; a table is looked for beside it.
        shown: how messages call it.
        faults: takes what is wrong.
    """
    node = root.get("measurements")
    if node is None or not isinstance(node.content, dict | list):
        return root
    fields = {ROWS: node} if isinstance(node.content, list) else dict(node.content)
    table, sheet = fields.pop(TABLE, None), fields.pop(SHEET, None)
    if table is not None and table.text is not None:
        rows = _read(table, sheet, path, shown, faults)
        if rows is None:
            return root.with_content({key: entry for key, entry in root.fields.items() if key != "measurements"})
        holder = fields.get(ROWS) or table.with_content([])
        fields[ROWS] = holder.with_content([*holder.items, *rows])
    return root.with_content({**root.fields, "measurements": node.with_content(fields)})


def _read(table: Node, sheet: Node | None, path: Path, shown: str, faults: list[Fault]) -> list[Node] | None:
    """Return the rows of a table; None, after noting why, where it cannot be read."""
    file, file_shown = beside(path, shown, table.text or "")
    try:
        rows = read_table(file, file_shown, sheet, faults)
        return [_with_unit(row) for row in as_list(rows, join("measurements", ROWS))]
    except FolderError as error:
        faults.append(Fault(table.mark, table.path, str(error)))
        return None


def _with_unit(row: Node) -> Node:
    """Put the unit of a row of a table behind its numbers that have none."""
    unit = row.word(UNIT)
    if unit is None:
        return row
    fields = {key: entry for key, entry in row.fields.items() if key != UNIT}
    for key in AMOUNTS:
        text = row.word(key)
        if text is not None and text[-1:].isdigit():
            fields[key] = fields[key].with_content(f"{text} {unit}")
    return row.with_content(fields)


def places_of_rows(root: Node) -> tuple[str, ...]:
    """Return where each row of the measurements stands."""
    node = root.get("measurements")
    rows = node.get(ROWS) if node is not None else None
    return tuple(str(row.mark) for row in rows.items) if rows is not None else ()
