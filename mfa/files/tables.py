"""Tables in CSV files: one row a firm or link, one column a key; `name.zh` is a key within a key."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mfa.files.tree import Fault, Mark, Node, UnreadableError, join
from mfa.files.yaml_tree import parse_yaml
from mfa.language import tr

ROWS_OPTION = "MFA_MAX_ROWS"
"""Environment variable with the largest number of rows of a table that is read."""

ID = "id"


@dataclass(frozen=True)
class Row:
    """One row of a table: its cells as a tree, and the cell that holds its id."""

    node: Node
    id: Node | None


def most_rows() -> int:
    """Return the largest number of rows of a table that is read."""
    wanted = os.environ.get(ROWS_OPTION, "")
    return int(wanted) if re.fullmatch(r"\d{1,9}", wanted) else 100_000


def read_rows(text: str, file: str, faults: list[Fault]) -> Iterator[Row]:
    """Yield the rows of a CSV text; empty cells are left out and every other cell is text (`NA` too).

    Args:
        text: the text; cells are parted by `,`, `;` or tabs, whichever the first line has most of.
        file: how messages call it; a place in it is `file:line:number of the column`.
        faults: takes what is wrong in single cells.

    Raises:
        UnreadableError: there are too many rows, or a quote is never closed.
    """
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if header is None:
                header = _header(cells, file, faults)
            elif any(cell.strip() for cell in cells):
                yield _row(header, cells, Mark(file, line), faults)
            line = reader.line_num + 1
            if line > most_rows() + 2:
                message = tr("more than {most} rows; set {option} to allow more", most=most_rows(), option=ROWS_OPTION)
                raise UnreadableError(Fault(Mark(file, line), "", message))
    except csv.Error as error:
        message = tr("this is not a CSV table: {reason}", reason=str(error))
        raise UnreadableError(Fault(Mark(file, line), "", message)) from error


def as_mapping(rows: Iterator[Row], path: str, faults: list[Fault]) -> dict[str, Node]:
    """Return the rows by their ids, noting ids that are missing or given twice."""
    entries: dict[str, Node] = {}
    for row in rows:
        key = row.id.text if row.id is not None else None
        if row.id is None or key is None:
            faults.append(Fault(row.node.mark, path, tr("the row has no id; fill its column 'id'")))
        elif key in entries:
            first = entries[key].named_at.line
            message = tr("'{key}' is already given in line {line}; remove one of the two", key=key, line=first)
            faults.append(Fault(row.id.mark, join(path, key), message))
        else:
            entries[key] = _placed(row.node, join(path, key), row.id.mark)
    return entries


def as_list(rows: Iterator[Row], path: str) -> list[Node]:
    """Return the rows in order, each with its id, where it has one, as an entry."""
    entries: list[Node] = []
    for row in rows:
        fields = row.node.fields if row.id is None else {ID: row.id, **row.node.fields}
        entries.append(_placed(row.node.with_content(fields), join(path, len(entries)), None))
    return entries


def _header(cells: list[str], file: str, faults: list[Fault]) -> list[str]:
    names = [cell.strip() for cell in cells]
    for column, name in enumerate(names, start=1):
        if name and name in names[: column - 1]:
            message = tr("two columns are called '{name}'; rename one", name=name)
            faults.append(Fault(Mark(file, 1, column), name, message))
    return names


def _row(header: list[str], cells: list[str], mark: Mark, faults: list[Fault]) -> Row:
    fields: dict[str, Node] = {}
    identity: Node | None = None
    for column, cell in enumerate(cells, start=1):
        if not cell.strip():
            continue
        place = Mark(mark.file, mark.line, column)
        name = header[column - 1] if column <= len(header) else ""
        if not name:
            faults.append(Fault(place, "", tr("the cell '{got}' stands in a column without a name", got=cell[:60])))
            continue
        node = _cell(cell.strip(), place, faults)
        if name == ID:
            identity = node
        else:
            _put(fields, name.split("."), node)
    return Row(Node(fields, mark), identity)


def _cell(text: str, place: Mark, faults: list[Fault]) -> Node:
    """Read a cell: one that starts with a bracket is a list or mapping, any other is text."""
    if text[0] not in "[{":
        return Node(text, place, key=place, plain=False)
    try:
        node, found = parse_yaml(text, place.file)
    except UnreadableError as error:
        faults.append(Fault(place, "", error.fault.message))
        return Node(text, place, key=place, plain=False)
    faults.extend(replace(fault, mark=place) for fault in found)
    return _marked(node, place)


def _marked(node: Node, place: Mark) -> Node:
    content = node.content
    if isinstance(content, dict):
        content = {key: _marked(entry, place) for key, entry in content.items()}
    elif isinstance(content, list):
        content = [_marked(entry, place) for entry in content]
    return replace(node, content=content, mark=place, key=place)


def _put(fields: dict[str, Node], names: list[str], node: Node) -> None:
    first, *rest = names
    if not rest:
        fields[first] = node
        return
    inner = dict(fields[first].fields) if first in fields else {}
    _put(inner, rest, node)
    fields[first] = Node(inner, node.mark, key=node.mark)


def _placed(node: Node, path: str, key: Mark | None) -> Node:
    """Return the node at its path in the tree that it now belongs to."""
    content = node.content
    if isinstance(content, dict):
        content = {name: _placed(entry, join(path, name), entry.key) for name, entry in content.items()}
    elif isinstance(content, list):
        content = [_placed(entry, join(path, i), entry.key) for i, entry in enumerate(content)]
    return replace(node, content=content, path=path, key=key)
