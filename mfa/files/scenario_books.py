"""A whole scenario as a workbook, and back: plain tables for what there are many of, path and value for the rest.

Sheet `scenario` has the columns `path` and `value`; every other sheet one row an entry and one column a key, as in
CSV tables. A firm's lines are the rows of `lines` that name it. What is nested stands in its cell as YAML.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mfa.errors import FolderError
from mfa.files.emit import Raw, Tree, flow
from mfa.files.fields import LINE_FIELDS, NAME, SCENARIO
from mfa.files.nearest import did_you_mean
from mfa.files.shapes import Either, Listing, Place, Record, Shape, Table
from mfa.files.tables import as_list, as_mapping, put_in, rows_of
from mfa.files.tree import Fault, Mark, Node, UnreadableError, join, moved
from mfa.files.workbook_writing import Sheet, workbook_bytes
from mfa.files.workbooks import Workbook, is_workbook, open_workbook
from mfa.files.writer import scenario_tree
from mfa.language import tr
from mfa.park.scenario import Scenario

SINGLE = "scenario"
"""The sheet of single values."""

LINES = "lines"
SHEETS: dict[str, tuple[str, ...]] = {
    "firms": ("park", "firms"),
    LINES: (),
    "links": ("park", "links"),
    "boundary": ("park", "boundary"),
    "materials": ("park", "materials"),
    "technologies": ("park", "technologies"),
    "policies": ("policies",),
    "disruptions": ("disruptions",),
}
"""Sheet → where its entries stand in a scenario; lines stand in their firms."""


def scenario_book(scenario: Scenario) -> bytes:
    """Return a scenario as a workbook that reads back equal."""
    tree = scenario_tree(scenario)
    sheets = {SINGLE: Sheet(["path", "value"], [[path, _value(value)] for path, value in _single(tree, SCENARIO, "")])}
    axes = ("lon", "lat") if scenario.park.coordinates == "lonlat" else ("x", "y")
    for name, steps in SHEETS.items():
        rows, record = (_lines(tree), _LINE) if name == LINES else _entries(tree, steps)
        if rows:
            sheets[name] = _sheet([dict(_columns(row, record, axes)) for row in rows], record)
    return workbook_bytes(sheets)


_LINE = Record(LINE_FIELDS)


def _shape_of(steps: Iterable[str]) -> Shape:
    shape: Shape = SCENARIO
    for step in steps:
        assert isinstance(shape, Record)
        shape = shape.fields[step]
    return shape


def _single(tree: Tree, shape: Shape, path: str) -> Iterator[tuple[str, Tree]]:
    """Yield path and value of all that has no sheet of its own."""
    record = shape.mapping if isinstance(shape, Either) else shape
    if isinstance(record, Record) and isinstance(tree, Mapping):
        for key, value in tree.items():
            at = join(path, key)
            if tuple(at.split(".")) not in SHEETS.values():
                yield from _single(value, record.fields[key], at)
    else:
        yield path, tree


def _entries(tree: Any, steps: Iterable[str]) -> tuple[list[dict[str, Tree]], Record]:
    """Return the entries of a sheet as key → value, and the form of one."""
    shape = _shape_of(steps)
    for step in steps:
        tree = tree.get(step, {})
    if isinstance(shape, Table):
        assert isinstance(shape.values, Record)
        return [{"id": key, **_without_lines(entry)} for key, entry in tree.items()], shape.values
    assert isinstance(shape, Listing)
    assert isinstance(shape.of, Record)
    return list(tree), shape.of


def _without_lines(firm: Mapping[str, Tree]) -> dict[str, Tree]:
    return {key: value for key, value in firm.items() if key != LINES}


def _lines(tree: Any) -> list[dict[str, Tree]]:
    return [
        {"firm": firm, "id": key, **line}
        for firm, entry in tree["park"].get("firms", {}).items()
        for key, line in entry.get(LINES, {}).items()
    ]


def _sheet(rows: list[dict[str, Any]], record: Record) -> Sheet:
    """Return rows of column → cell as a sheet whose columns stand in the order of the keys of a scenario file."""
    order = ["firm", "id", *record.fields]
    seen = dict.fromkeys(column for row in rows for column in row)
    columns = sorted(seen, key=lambda column: order.index(column.split(".")[0]))
    return Sheet(columns, [[row.get(column) for column in columns] for row in rows])


def _columns(row: Mapping[str, Tree], record: Record, axes: tuple[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield column and cell; a name has a column for each language, a place one for each coordinate."""
    for key, value in row.items():
        shape = record.fields.get(key)
        if shape is NAME:
            names = value if isinstance(value, Mapping) else {"en": value}
            yield from ((f"{key}.{language}", _value(text)) for language, text in names.items())
        elif isinstance(shape, Place) and isinstance(value, list):
            yield from ((f"{key}.{axis}", _value(part)) for axis, part in zip(axes, value, strict=True))
        else:
            yield key, _value(value)


def _value(tree: Tree) -> Any:
    """Return a value as a cell: numbers as numbers, texts as they are, what is nested as YAML on one line."""
    if isinstance(tree, Raw):
        return _number(tree.text)
    if isinstance(tree, str):
        plain = tree and tree == tree.strip() and tree[0] not in '[{"'
        return tree if plain else json.dumps(tree, ensure_ascii=False)
    return flow(tree)


def _number(text: str) -> float | str:
    """Return a number as such where a workbook keeps all of its digits (sixteen), any other scalar as text."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if abs(number) < 1e15 and float(f"{number:.16g}") == number else text


def holds_scenario(path: Path) -> bool:
    """Whether a file is a workbook of a whole scenario; what cannot be read is none, and told when it is read."""
    try:
        return is_workbook(path) and SINGLE in open_workbook(path, str(path)).sheets
    except (FolderError, UnreadableError):
        return False


def read_book(path: Path, shown: str, faults: list[Fault]) -> Node:
    """Read a workbook as the tree of a scenario.

    Raises:
        FolderError: there is no such file, or it cannot be read.
        UnreadableError: it holds no scenario.
    """
    book = open_workbook(path, shown)
    if SINGLE not in book.sheets:
        text = "the workbook has no sheet '{name}'; make a scenario of a park table first: mfa import-excel {file}"
        message = tr(text, name=SINGLE, file=shown)
        raise UnreadableError(Fault(book.mark, "", message))
    fields = _read_single(book, faults)
    for sheet in book.sheets:
        if sheet in SHEETS and sheet != LINES:
            _put_sheet(fields, book, sheet, faults)
        elif sheet not in (SINGLE, LINES):
            message = tr("the sheet '{name}' is not read", name=sheet) + did_you_mean(sheet, SHEETS)
            faults.append(Fault(book.place(sheet), "", message, "warning"))
    root = Node(fields, book.mark)
    return _with_lines(root, book, faults) if LINES in book.sheets else root


def _read_single(book: Workbook, faults: list[Fault]) -> dict[str, Node]:
    """Return the values of the first sheet at their paths."""
    fields: dict[str, Node] = {}
    for row in rows_of(book.cells(SINGLE, faults), faults):
        path, value = row.node.word("path"), row.node.get("value")
        if path and value is not None:
            put_in(fields, path.split("."), value)
        else:
            faults.append(Fault(row.node.mark, "", tr("a row here has a path and a value; fill both")))
    return {key: moved(node, key, node.key) for key, node in fields.items()}


def _put_sheet(fields: dict[str, Node], book: Workbook, sheet: str, faults: list[Fault]) -> None:
    """Put the entries of a sheet where they stand in a scenario."""
    steps = SHEETS[sheet]
    path = ".".join(steps)
    rows = rows_of(book.cells(sheet, faults), faults)
    content = as_mapping(rows, path, faults) if isinstance(_shape_of(steps), Table) else as_list(rows, path)
    place = book.place(sheet)
    node = Node(content, place, path, place)
    if len(steps) == 1:
        fields[sheet] = node
        return
    park = fields.get("park") or Node({}, book.mark, "park")
    fields["park"] = park.with_content({**park.fields, steps[-1]: node})


def _with_lines(root: Node, book: Workbook, faults: list[Fault]) -> Node:
    """Return the tree with the rows of the sheet `lines` in the firms that they name."""
    park = root.get("park") or Node({}, book.mark, "park")
    firms = park.get("firms") or Node({}, book.mark, "park.firms")
    lines: dict[str, dict[str, Node]] = {}
    for row in rows_of(book.cells(LINES, faults), faults):
        firm = row.node.word("firm")
        if firm is None or row.id is None or row.id.text is None:
            faults.append(Fault(row.node.mark, LINES, tr("a line has a firm and an id; fill both columns")))
        elif firm not in firms.fields:
            message = tr("there is no firm '{name}'", name=firm) + did_you_mean(firm, firms.fields)
            faults.append(Fault(row.node.fields["firm"].mark, LINES, message))
        elif row.id.text in lines.setdefault(firm, {}):
            message = tr("'{firm}' has two lines '{name}'; rename one", firm=firm, name=row.id.text)
            faults.append(Fault(row.id.mark, LINES, message))
        else:
            path = f"park.firms.{firm}.lines.{row.id.text}"
            content = {key: entry for key, entry in row.node.fields.items() if key != "firm"}
            lines[firm][row.id.text] = moved(row.node.with_content(content), path, row.id.mark)
    filled = {
        key: firm.with_content({**firm.fields, LINES: _holder(lines[key], firm)}) if key in lines else firm
        for key, firm in firms.fields.items()
    }
    filled_park = park.with_content({**park.fields, "firms": firms.with_content(filled)})
    return root.with_content({**root.fields, "park": filled_park})


def _holder(lines: Mapping[str, Node], firm: Node) -> Node:
    first: Mark = next(iter(lines.values())).mark
    return Node(dict(lines), first, join(firm.path, LINES), first)
