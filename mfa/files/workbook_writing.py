"""Writing workbooks: frozen headers, texts as texts, never a formula; equal sheets give equal bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mfa.files.cells import OPENS_FORMULA, printable
from mfa.files.tree import column_letters

FIXED_DATE = datetime(2000, 1, 1)
"""The date written into workbooks, so that equal sheets give equal bytes."""

ROWS_OFFERED = 1000
"""So many rows below the header offer the choices of their column."""


@dataclass(frozen=True)
class Sheet:
    """A sheet to write: `rows` below `columns`; `choices` is column → the cells that Excel offers for it."""

    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    choices: Mapping[str, str] = field(default_factory=dict)


def workbook_bytes(sheets: Mapping[str, Sheet]) -> bytes:
    """Return a workbook of these sheets."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, content in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, column in enumerate(content.columns, start=1):
            sheet.column_dimensions[column_letters(number)].width = max(12, _width(column) + 2)
        for column, cells in content.choices.items():
            _offer(sheet, column_letters(content.columns.index(column) + 1), cells)
        for row in (content.columns, *content.rows):
            sheet.append([_cell(sheet, value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream.getvalue())


def _width(text: str) -> int:
    return sum(2 if character > "\u2e80" else 1 for character in text)


def _offer(sheet: Any, letters: str, cells: str) -> None:
    """Offer a list of choices in a column, without forbidding anything else."""
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation(type="list", formula1=cells, allow_blank=True, showErrorMessage=False)
    choice.add(f"{letters}2:{letters}{ROWS_OFFERED}")
    sheet.data_validations.append(choice)


def _cell(sheet: Any, value: Any) -> Any:
    """Return a cell value; a text that Excel would run or take for an error is typed as text and marked so."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    if text[:1] not in OPENS_FORMULA and text[:1] not in ("#", "'"):
        return text or None
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _undated(workbook: bytes) -> bytes:
    """Return a workbook without the moment of its writing, which openpyxl puts in."""
    stream = io.BytesIO()
    stamp = f"{FIXED_DATE.isoformat()}Z".encode()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(?<=>)\d{4}-\d\d-\d\dT[\d:.]+Z(?=<)", stamp, data)
            entry = zipfile.ZipInfo(name, date_time=FIXED_DATE.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return stream.getvalue()
