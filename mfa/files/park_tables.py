"""Tables of a park's firms as people keep them: which row is the header, what its columns mean, what amounts they hold.

The words that columns and sheets may be called stand in `models/park_tables.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mfa.files import library
from mfa.files.characters import read_text
from mfa.files.makers import words
from mfa.files.nearest import did_you_mean, nearest, told_near
from mfa.files.search import plain
from mfa.files.tables import csv_cells
from mfa.files.tree import Fault, Mark, Node, UnreadableError
from mfa.files.units import BASES, UnitError, parse_unit, split_number
from mfa.files.workbooks import Workbook, is_workbook, open_workbook
from mfa.language import tr

Part = Literal["firms", "links", "wastes"]
PARTS: tuple[Part, ...] = ("firms", "links", "wastes")

ROWS_BEFORE_HEADER = 10
"""A title and notes may stand above the header."""

NEEDED: dict[Part, tuple[tuple[str, ...], ...]] = {
    "firms": (("firm", "product", "sector", "technology"), ("amount", "capacity", "product")),
    "links": (("from",), ("to",), ("material",)),
    "wastes": (("firm",), ("waste",), ("waste_amount",)),
}
"""A header has at least one column of each group."""

MAIN: dict[Part, tuple[str, ...]] = {
    "firms": ("firm", "product", "amount"),
    "links": ("from", "to", "material"),
    "wastes": ("firm", "waste", "waste_amount"),
}
"""The columns that a misspelt Chinese header is compared with: its words are short, and many others are like them."""

WITHOUT_HEADER = {2: ("product", "amount"), 3: ("firm", "product", "amount"), 4: ("firm", "product", "amount", "unit")}
"""Number of columns → what they are in a table of firms that has no header."""

UNREADABLE = ""
"""What stands for an amount that could not be read, which has been told."""

PER_YEAR = frozenset({"amount", "capacity", "waste_amount"})
UNITS: dict[str, str] = {"distance": "km", "price": "CNY/t", "utilisation": ""}
"""Columns whose numbers need no unit → the unit that they are then in."""

_BRACKETED = re.compile(r"\(([^()]*)\)")
BETWEEN = re.compile(r"[、;；\n]")
"""What parts several products, or several amounts, in one cell."""

_TIMES = re.compile(r"^(\d+)\s*[×xX*]\s*(\d+(?:\.\d+)?)(.*)$", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """One row: its place, and column → cell; amounts are complete with their unit."""

    place: Mark
    cells: Mapping[str, Node]

    def word(self, column: str) -> str:
        """Return the text of a cell, empty where there is none."""
        return (self.cells[column].text or "") if column in self.cells else ""


@dataclass(frozen=True)
class ParkTable:
    """What a file says of a park: its firms, and perhaps what is linked and how much waste was measured."""

    firms: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    wastes: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """What a column holds, and the unit that its header names."""

    name: str
    unit: str = ""


Lines = list[list[Node]]


def settings() -> Mapping[str, Node]:
    """Return what `models/park_tables.yaml` says."""
    return library.entries("park_tables")


def read_park_table(path: Path, shown: str, sheet: Node | None, faults: list[Fault]) -> ParkTable:
    """Read a table of firms from a CSV file or a workbook, with its sheets of links and wastes where it has them.

    Args:
        path: the file.
        shown: how messages call it.
        sheet: names the sheet of firms; without it, the first that looks like one.
        faults: takes what is wrong, and what was passed over.

    Raises:
        FolderError: there is no such file, or it cannot be read.
        UnreadableError: it holds no table of firms.
    """
    if not is_workbook(path):
        return ParkTable(
            firms=list(_rows("firms", list(csv_cells(read_text(path, shown), shown)), Mark(shown), faults))
        )
    book = open_workbook(path, shown)
    named = {part: _sheet_called(part, book) for part in PARTS}
    firms = book.sheet(sheet) if sheet is not None else named["firms"] or _first_of_firms(book, named)
    found: dict[Part, list[Row]] = {}
    for part, name in {**named, "firms": firms}.items():
        lines = list(book.cells(name, faults)) if name else []
        found[part] = list(_rows(part, lines, book.place(name), faults)) if lines and name else []
    if not found["firms"]:
        raise UnreadableError(Fault(book.place(firms), "", tr("the table names no firm; write one row for each")))
    passed = {plain(word) for word in words(settings()["sheets"].get("passed_over"))}
    for name in (*book.sheets, *book.hidden):
        if name not in (firms, *named.values()) and not set(plain(name).split()) <= passed:
            faults.append(Fault(book.place(name), "", tr("the sheet '{name}' is not read", name=name), "warning"))
    return ParkTable(found["firms"], found["links"], found["wastes"])


def _sheet_called(part: Part, book: Workbook) -> str | None:
    """Return the sheet whose name, or each word of it, is one that such a sheet may have."""
    known = {plain(word) for word in words(settings()["sheets"].get(part))}
    return next((name for name in book.sheets if plain(name) in known or set(plain(name).split()) <= known), None)


def _first_of_firms(book: Workbook, named: Mapping[Part, str | None]) -> str:
    """Return the first visible sheet that has a header of firms, else the first."""
    others = [name for name in book.sheets if name not in named.values()] or book.sheets
    return next((name for name in others if _header_of("firms", list(book.cells(name, [])))[0] >= 0), others[0])


def _rows(part: Part, lines: Lines, sheet: Mark, faults: list[Fault]) -> Iterator[Row]:
    """Yield the rows below the header; totals are passed over, and a firm left out is the one above."""
    at, columns = _header_of(part, lines)
    if at < 0:
        columns = _without_header(lines) if part == "firms" else {}
    if not columns:
        told = ", ".join(" / ".join(words(settings()[part].get(group[0]))[:1]) for group in NEEDED[part])
        message = tr("no header with the columns {columns} was found", columns=told)
        raise UnreadableError(Fault(sheet, "", message + _misspelt(part, lines)))
    if at >= 0:
        _check_header(part, lines[at], columns, faults)
    general = _unit_above(lines[: max(at, 0)])
    totals = {plain(word) for word in words(settings()["totals"])}
    last: Node | None = None
    for line in lines[at + 1 :]:
        if any(plain(cell.text or "") in totals for cell in line[:2]):
            continue
        cells = {columns[cell.mark.column].name: cell for cell in line if cell.mark.column in columns}
        if "firm" in {column.name for column in columns.values()}:
            if "firm" not in cells and last is not None and cells.keys() - {"unit"}:
                message = tr("no firm is named; the row is read as one of '{firm}'", firm=last.text)
                faults.append(Fault(line[0].mark, "", message, "warning"))
                cells["firm"] = last
            last = cells.get("firm", last)
        if cells:
            yield _with_amounts(Row(line[0].mark, cells), columns.values(), general, faults)


def _header_of(part: Part, lines: Lines) -> tuple[int, dict[int, Column]]:
    """Return the position of the header and column number → column; -1 and nothing where there is none."""
    for at, line in enumerate(lines[:ROWS_BEFORE_HEADER]):
        columns = {cell.mark.column: column for cell in line if (column := _column(part, cell.text or "")) is not None}
        names = {column.name for column in columns.values()}
        if all(names & set(group) for group in NEEDED[part]) and len(columns) > 1:
            return at, columns
    return -1, {}


def _column(part: Part, text: str) -> Column | None:
    """Return what a header means: `产量（万吨/年）`, `企业 firm`, `capacity, kt/yr`."""
    folded = unicodedata.normalize("NFKC", text)
    unit = next((inner for inner in _BRACKETED.findall(folded) if _is_unit(inner)), "")
    bare = _BRACKETED.sub(" ", folded).strip()
    known = {plain(word): name for name, node in settings()[part].fields.items() for word in words(node)}
    if plain(bare) in known:
        return Column(known[plain(bare)], unit)
    # Either both languages beside each other, or a unit after the name.
    for position in range(1, len(bare)):
        name, rest = known.get(plain(bare[:position])), bare[position:].strip(" /,:，：")
        if name is not None and rest:
            if known.get(plain(rest)) == name:
                return Column(name, unit)
            if _is_unit(rest):
                return Column(name, rest)
    return None


def _is_unit(text: str) -> bool:
    try:
        parse_unit(text.strip())
    except UnitError:
        return False
    return bool(text.strip())


def _without_header(lines: Lines) -> dict[int, Column]:
    """Return the columns of a table that starts with a firm or product and an amount; nothing where it does not."""
    first = lines[0] if lines else []
    names = WITHOUT_HEADER.get(len(first), ())
    amounts = [cell for cell, name in zip(first, names, strict=False) if name == "amount"]
    if not amounts or not re.match(r"[\d.]", unicodedata.normalize("NFKC", amounts[0].text or "")):
        return {}
    return {cell.mark.column: Column(name) for cell, name in zip(first, names, strict=True)}


def _check_header(part: Part, line: list[Node], columns: Mapping[int, Column], faults: list[Fault]) -> None:
    """Note columns that say the same, and those that are not read: an error where one of ours may be meant."""
    passed = {plain(word) for word in words(settings()["passed_over"])}
    known = [word for node in settings()[part].fields.values() for word in words(node)]
    named = {column.name for column in columns.values()}
    seen: set[str] = set()
    for cell in line:
        text, column = cell.text or "", columns.get(cell.mark.column)
        if column is not None and column.name in seen:
            faults.append(Fault(cell.mark, "", tr("two columns are called '{name}'; rename one", name=text)))
        elif column is not None:
            seen.add(column.name)
        elif plain(text) not in passed:
            near = did_you_mean(text, known) if text.isascii() else told_near(_near(part, text, named))
            message = tr("column '{name}' is not read", name=text) + near
            faults.append(Fault(cell.mark, "", message, "error" if near and text.isascii() else "warning"))


def _near(part: Part, text: str, named: Collection[str] = ()) -> list[str]:
    """Return the words for main columns, but those that are named, which a header is like."""
    bare = _BRACKETED.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    likeness = 0.6 if text.isascii() else 0.5
    meant = [word for name in MAIN[part] if name not in named for word in words(settings()[part].get(name))]
    return nearest(bare, meant, likeness)


def _misspelt(part: Part, lines: Lines) -> str:
    """Return a hint on each cell that may be a misspelt header, of the first line that has one."""
    for line in lines[:ROWS_BEFORE_HEADER]:
        named = {column.name for cell in line if (column := _column(part, cell.text or "")) is not None}
        unread = [cell.text or "" for cell in line if _column(part, cell.text or "") is None]
        hints = [
            tr("'{name}' means {names}", name=text, names=tr(" or ").join(f"'{word}'" for word in near))
            for text in unread
            if (near := _near(part, text, named))
        ]
        if hints and len(line) > 1:
            return tr("; perhaps {hints}", hints=tr(", ").join(hints))
    return ""


def _unit_above(lines: Lines) -> str:
    """Return the unit that a note above the header gives for the whole table: `单位：万吨`."""
    for cell in (cell for line in lines for cell in line):
        found = re.search(r"(?:单位|units?)\s*:\s*([^\s,;)]+)", unicodedata.normalize("NFKC", cell.text or ""), re.I)
        if found and _is_unit(found[1]):
            return found[1]
    return ""


def _with_amounts(row: Row, columns: Iterable[Column], general: str, faults: list[Fault]) -> Row:
    """Return the row with every amount as a number with its unit; what cannot be read is noted."""
    cells = dict(row.cells)
    for column in columns:
        cell = cells.get(column.name)
        if cell is None or column.name not in PER_YEAR | UNITS.keys():
            continue
        if cell.mark.line != row.place.line:
            message = tr("one amount is merged over several rows; give each row its own")
            faults.append(Fault(cell.mark._replace(line=row.place.line), "", message))
            cells[column.name] = cell.with_content(UNREADABLE)
            continue
        own = row.word("unit") if column.name in PER_YEAR else ""
        try:
            unit = own or column.unit or general
            text = "; ".join(_amount(part, column, unit) for part in BETWEEN.split(cell.text or "") if part.strip())
        except UnitError as error:
            faults.append(Fault(cell.mark, "", str(error)))
            text = UNREADABLE
        cells[column.name] = Node(text, cell.mark, key=cell.mark)
    return Row(row.place, cells)


def _amount(text: str, column: Column, unit: str) -> str:
    """Return an amount with its unit, a year where it names no time; raises UnitError."""
    text = unicodedata.normalize("NFKC", text).strip()
    several = _TIMES.match(text)  # 2×350 MW
    if several:
        text = f"{int(several[1]) * float(several[2]):g}{several[3]}"
    number, rest = split_number(text, "t/day" if column.name in PER_YEAR else "1")
    digits = text[: len(text) - len(rest)].strip() if rest else text
    unit = rest or unicodedata.normalize("NFKC", unit).strip() or UNITS.get(column.name, "")
    if column.name == "utilisation":
        return f"{digits}{unit}" if unit else f"{digits}%" if number > 2 else digits
    if not unit:
        message = "'{got}' has no unit; write it as {example}, or name the unit in the header or a column unit"
        raise UnitError(tr(message, got=text, example=tr("200 kt/yr")))
    dimension = parse_unit(unit).dimension
    if column.name in PER_YEAR and not dimension[BASES.index("day")]:
        unit += tr("/yr")
    return f"{digits} {unit}"
