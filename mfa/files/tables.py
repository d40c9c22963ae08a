"""Tables in CSV files and workbooks: one row a firm or link, one column a key; `name.zh` is a key within a key."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mfa.files.cells import cell_node, most_rows, too_many_rows
from mfa.files.characters import find_odd, read_text
from mfa.files.tree import Fault, Mark, Node, UnreadableError, join, moved
from mfa.files.workbooks import is_workbook, open_workbook
from mfa.files.yaml_tree import parse_yaml
from mfa.language import tr

ID = "id"
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})


@dataclass(frozen=True)
class Row:
    """One row of a table: its cells as a tree, and the cell that holds its id."""

    node: Node
    id: Node | None


def is_text_table(path: Path) -> bool:
    """Whether a path names a table in a text file, by its ending."""
    return path.suffix.lower() in TEXT_SUFFIXES


def read_table(path: Path, shown: str, sheet: Node | None, faults: list[Fault]) -> Iterator[Row]:
    """Yield the rows of a CSV file, or of one sheet of a workbook.

    Args:
        path: the file.
        shown: how messages call it.
        sheet: names the sheet; without it, the first that is not hidden.
        faults: takes what is wrong in single cells.

    Raises:
        FolderError: there is no such file, or it cannot be read.
        UnreadableError: it is no table, or too large.
    """
    if not is_workbook(path):
        return read_rows(read_text(path, shown), shown, faults)
    book = open_workbook(path, shown)
    return rows_of(book.cells(book.sheet(sheet), faults), faults)


def read_rows(text: str, file: str, faults: list[Fault]) -> Iterator[Row]:
    """Yield the rows of a CSV text; a place in it is `file:line:number of the column`; arguments as of `csv_cells`.

    Raises:
        UnreadableError: there are too many rows, or a quote is never closed.
    """
    return rows_of(csv_cells(text, file), faults)


def rows_of(cells: Iterable[list[Node]], faults: list[Fault], as_column: Callable[[str], str] = str) -> Iterator[Row]:
    """Yield the rows of a table under its header; empty cells are left out, every other is text (`NA` too).

    Args:
        cells: the lines of the table.
        faults: takes what is wrong in single cells.
        as_column: makes the name of a column from what the header says.
    """
    header: dict[int, str] | None = None
    for line in cells:
        if header is None:
            header = _header([cell.with_content(as_column(cell.text or "")) for cell in line], faults)
        else:
            yield _row(header, line, faults)


def csv_cells(text: str, file: str) -> Iterator[list[Node]]:
    """Yield the lines of a CSV text that are not empty, each as its filled cells.

    Args:
        text: the text; cells are parted by `,`, `;` or tabs, whichever the first line has most of.
        file: how messages call it.

    Raises:
        UnreadableError: there are too many rows, or a quote is never closed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first_line = text.lstrip("\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for texts in reader:
            cells = [cell_node(cell, Mark(file, line, column)) for column, cell in enumerate(texts, start=1)]
            if filled := [cell for cell in cells if cell.text]:
                yield filled
            line = reader.line_num + 1
            if line > most_rows() + 2:
                raise UnreadableError(Fault(Mark(file, line), "", too_many_rows()))
    except csv.Error as error:
        message = tr("this is not a CSV table: {reason}", reason=str(error))
        raise UnreadableError(Fault(Mark(file, line), "", message)) from error


def beside(path: Path, shown: str, name: str) -> tuple[Path, str]:
    """Return the file that `name` means in the file at `path`, and how messages call it."""
    shown_folder = os.path.dirname(shown)  # noqa: PTH120 (the text a user gave, kept as it is)
    return path.parent / name, Path(os.path.normpath(os.path.join(shown_folder, name))).as_posix()  # noqa: PTH118


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
            entries[key] = moved(row.node, join(path, key), row.id.mark)
    return entries


def as_list(rows: Iterator[Row], path: str) -> list[Node]:
    """Return the rows in order, each with its id, where it has one, as an entry."""
    entries: list[Node] = []
    for row in rows:
        fields = row.node.fields if row.id is None else {ID: row.id, **row.node.fields}
        entries.append(moved(row.node.with_content(fields), join(path, len(entries)), None))
    return entries


def _header(cells: list[Node], faults: list[Fault]) -> dict[int, str]:
    names: dict[int, str] = {}
    for cell in cells:
        name = cell.text or ""
        if name in names.values():
            faults.append(Fault(cell.mark, name, tr("two columns are called '{name}'; rename one", name=name)))
        names[cell.mark.column] = name
    return names


def _row(header: dict[int, str], cells: list[Node], faults: list[Fault]) -> Row:
    fields: dict[str, Node] = {}
    identity: Node | None = None
    odd = find_odd(cells[0].text or "") if len(cells) == 1 < len(header) else None
    if odd is not None:
        faults.append(Fault(cells[0].mark, "", odd))
    for cell in cells:
        name = header.get(cell.mark.column, "")
        if not name:
            message = tr("the cell '{got}' stands in a column without a name", got=(cell.text or "")[:60])
            faults.append(Fault(cell.mark, "", message))
            continue
        node = _read(cell, faults)
        if name == ID:
            identity = node
        else:
            put_in(fields, name.split("."), node)
    return Row(Node(fields, cells[0].mark._replace(column=1)), identity)


def _read(cell: Node, faults: list[Fault]) -> Node:
    """Read a cell: one that starts with a bracket is a list or mapping, any other is text, quoted or not."""
    text = cell.text or ""
    if text[:1] not in ("[", "{"):
        return cell.with_content(_unquoted(text))
    try:
        node, found = parse_yaml(text, cell.mark.file)
    except UnreadableError as error:
        faults.append(Fault(cell.mark, "", error.fault.message))
        return cell
    faults.extend(replace(fault, mark=cell.mark) for fault in found)
    return _marked(node, cell.mark)


def _unquoted(text: str) -> str:
    """Return a text that stands in quotes (so that it may be blank, or start with a bracket), any other as it is."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        with suppress(ValueError):
            return str(json.loads(text))
    return text


def _marked(node: Node, place: Mark) -> Node:
    content = node.content
    if isinstance(content, dict):
        content = {key: _marked(entry, place) for key, entry in content.items()}
    elif isinstance(content, list):
        content = [_marked(entry, place) for entry in content]
    return replace(node, content=content, mark=place, key=place)


def put_in(fields: dict[str, Node], names: list[str], node: Node) -> None:
    """Put a node into a mapping, or into those within it that `names` leads through."""
    first, *rest = names
    if not rest:
        fields[first] = node
        return
    inner = dict(fields[first].fields) if first in fields else {}
    put_in(inner, rest, node)
    fields[first] = Node(inner, node.mark, key=node.mark)
