"""Workbooks of Excel as cells with their places: nothing in them is ever computed, and bombs do not go off."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mfa.files.cells import cell_node, most_rows, too_many_rows
from mfa.files.characters import find_forbidden, largest_size, read_bytes
from mfa.files.nearest import did_you_mean
from mfa.files.tree import Fault, Mark, Node, UnreadableError, column_letters
from mfa.language import tr

SUFFIXES = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"})
"""Files that people call workbooks; only the first kind is read."""

OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
"""First bytes of .xls files and of workbooks with a password (OLE compound files)."""

MOST_COLUMNS = 1000
MOST_INFLATED = 20
"""A workbook may unpack to this many times the largest size of a file."""
MOST_RATIO = 200
"""Beyond a megabyte, a part may unpack to this many times its packed size."""


def is_workbook(path: Path) -> bool:
    """Whether the name of a file says that it is a workbook."""
    return path.suffix.lower() in SUFFIXES


@dataclass(frozen=True)
class Workbook:
    """An open workbook: the values that were last saved and, where there are any, the formulas behind them."""

    shown: str
    values: Any
    formulas: Any | None

    @property
    def sheets(self) -> list[str]:
        """The sheets that are not hidden."""
        return [sheet.title for sheet in self.values.worksheets if sheet.sheet_state == "visible"]

    @property
    def hidden(self) -> list[str]:
        """The hidden sheets."""
        return [sheet.title for sheet in self.values.worksheets if sheet.sheet_state != "visible"]

    @property
    def mark(self) -> Mark:
        """The whole file as a place."""
        return Mark(self.shown, 0, 0, is_cell=True)

    def place(self, sheet: str) -> Mark:
        """Return a whole sheet as a place."""
        return Mark(f"{self.shown}:{sheet}", 0, 0, is_cell=True)

    def sheet(self, wanted: Node | None) -> str:
        """Return the name of the sheet that a node asks for, or of the first; raises UnreadableError."""
        known = [*self.sheets, *self.hidden]
        if wanted is None:
            return known[0]
        name = (wanted.text or "").strip()
        if name not in known:
            names = ", ".join(f"'{sheet}'" for sheet in known)
            message = tr("{file} has no sheet '{name}'; it has {known}", file=self.shown, name=name, known=names)
            raise UnreadableError(Fault(wanted.mark, wanted.path, message + did_you_mean(name, known)))
        return name

    def cells(self, name: str, faults: list[Fault]) -> Iterator[list[Node]]:
        """Yield the rows of a sheet that are not empty, each as its filled cells.

        A cell that is merged with one above it says the same; rows and columns that are hidden are read. Both are
        warned of.

        Raises:
            UnreadableError: the sheet has too many rows or columns.
        """
        sheet = self.values[name]
        behind = self.formulas[name] if self.formulas is not None else None
        file = f"{self.shown}:{name}"
        if sheet.max_row > most_rows() + 2:
            raise UnreadableError(Fault(Mark(file, most_rows() + 2, 1, is_cell=True), "", too_many_rows()))
        if sheet.max_column > MOST_COLUMNS:
            message = tr("more than {most} columns; remove what is not part of the table", most=MOST_COLUMNS)
            raise UnreadableError(Fault(Mark(file, 1, MOST_COLUMNS + 1, is_cell=True), "", message))
        _warn_of_hidden(sheet, file, faults)
        above = _merged_with_above(sheet, file, faults)
        for row in sheet.iter_rows():
            cells = []
            for cell in row:
                place = Mark(file, cell.row, cell.column, is_cell=True)
                start = above.get((cell.row, cell.column))
                shown = sheet.cell(*start) if start else cell
                formula = behind is not None and behind.cell(shown.row, shown.column).data_type == "f"
                text = _text(shown.value, shown.data_type, formula, place, faults)
                if text.strip():
                    cells.append(cell_node(text, Mark(file, *start, is_cell=True) if start else place))
            if cells:
                yield cells


def open_workbook(path: Path, shown: str) -> Workbook:
    """Open a workbook, reading what Excel last saved in each cell.

    Raises:
        FolderError: there is no such file, or it cannot be read.
        UnreadableError: it is none, of a kind that is not read, or suspiciously large inside.
    """
    content = read_bytes(path, shown)

    def stop(message: str) -> UnreadableError:
        return UnreadableError(Fault(Mark(shown, 0, 0, is_cell=True), "", message))

    if content.startswith(OLD_OR_LOCKED):
        raise stop(tr("this is an old .xls file or has a password; save it as .xlsx without a password"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            has_formulas = _inspect(archive, stop)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
        raise stop(tr("this is not an .xlsx workbook; save it as .xlsx")) from error
    try:
        book = Workbook(
            shown, _load(content, data_only=True), _load(content, data_only=False) if has_formulas else None
        )
    except Exception as error:  # openpyxl raises whatever its parts raise on broken XML
        message = tr("the workbook is damaged ({kind}); open it in Excel and save it again", kind=type(error).__name__)
        raise stop(message) from error
    if not book.values.worksheets:
        raise stop(tr("the workbook has no sheet with cells"))
    return book


def _inspect(archive: zipfile.ZipFile, stop: Callable[[str], UnreadableError]) -> bool:
    """Refuse an archive that is no harmless workbook, before it is unpacked; return whether it has formulas."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise stop(tr("this is not an .xlsx workbook; save it as .xlsx"))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise stop(tr("the workbook has macros; save it as .xlsx, which has none"))
    most = MOST_INFLATED * largest_size()
    size = sum(part.file_size for part in parts)
    steep = [p for p in parts if p.file_size > 1_000_000 and p.file_size > MOST_RATIO * max(1, p.compress_size)]
    if size > most or steep:
        message = "the workbook unpacks to {size:.0f} MB, far more than its tables need; save its tables as CSV"
        raise stop(tr(message, size=size / 1e6))
    has_formulas = False
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            text = archive.read(part)
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise stop(tr("the workbook defines XML entities, which Excel never does; save it again in Excel"))
            if part.filename.startswith("xl/worksheets/"):
                has_formulas = has_formulas or b"<f>" in text or b"<f " in text or b"<f/>" in text
    return has_formulas


def _load(content: bytes, data_only: bool) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that openpyxl leaves out when it writes, which we do not
        return load_workbook(io.BytesIO(content), data_only=data_only, keep_links=False)


def _text(value: Any, kind: str, has_formula: bool, place: Mark, faults: list[Fault]) -> str:
    """Return a value as a user would type it; nothing, with a note, where it is none."""
    if value is None:
        if has_formula:
            message = tr("the formula has no saved value; open the file in Excel and save it, or type the value")
            faults.append(Fault(place, "", message))
        return ""
    if kind == "e":
        faults.append(Fault(place, "", tr("the cell holds the error {error}; correct it in Excel", error=value)))
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    forbidden = find_forbidden(text)
    if forbidden:
        faults.append(Fault(place, "", forbidden))
    return text


def _merged_with_above(sheet: Any, file: str, faults: list[Fault]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return merged cell → the cell at the top of its column, for cells that are merged downwards."""
    above: dict[tuple[int, int], tuple[int, int]] = {}
    for area in sheet.merged_cells.ranges:
        if area.max_row > area.min_row:
            start = (area.min_row, area.min_col)
            above |= {(row, area.min_col): start for row in range(area.min_row + 1, area.max_row + 1)}
            message = tr("{area} is merged; each of its rows is read with the same value", area=area.coord)
            faults.append(Fault(Mark(file, *start, is_cell=True), "", message, "warning"))
    return above


def _warn_of_hidden(sheet: Any, file: str, faults: list[Fault]) -> None:
    rows = [number for number, row in sheet.row_dimensions.items() if row.hidden]
    columns = [column.min for column in sheet.column_dimensions.values() if column.hidden and column.min]
    if rows:
        message = tr("hidden rows are read too: {rows}", rows=", ".join(map(str, rows[:10])))
        faults.append(Fault(Mark(file, rows[0], 1, is_cell=True), "", message, "warning"))
    if columns:
        message = tr("hidden columns are read too: {columns}", columns=", ".join(map(column_letters, columns[:10])))
        faults.append(Fault(Mark(file, 1, columns[0], is_cell=True), "", message, "warning"))
