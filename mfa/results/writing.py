"""Tables as files: CSV that Excel opens well, one workbook, Parquet where asked. Equal tables give equal bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.language import tr
from mfa.results.cells import OPENS_FORMULA, neutralise, printable
from mfa.results.folder import write_new

if TYPE_CHECKING:
    import pandas as pd

ROWS_OF_A_SHEET = 1_048_576
"""Rows that a sheet of Excel holds, its header included."""

FIXED_DATE = datetime(2000, 1, 1)
"""The date written into workbooks, so that equal tables give equal bytes."""


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], formats: Iterable[str]) -> list[str]:
    """Write tables to `tables/*.csv` always, and to `results.xlsx` and `tables/*.parquet` where asked.

    Args:
        folder: an existing folder.
        tables: name → table.
        formats: of `csv`, `xlsx`, `parquet`.

    Returns:
        What was asked for and not written, as sentences.
    """
    formats = set(formats)
    (folder / "tables").mkdir()
    for name, table in tables.items():
        write_new(folder / "tables" / f"{name}.csv", csv_bytes(table))
    missing = []
    if "xlsx" in formats:
        write_new(folder / "results.xlsx", xlsx_bytes(tables))
        missing += [tr("{table} is too long for a sheet of results.xlsx; see tables/{table}.csv", table=name)
                    for name, table in tables.items() if len(table) >= ROWS_OF_A_SHEET]  # fmt: skip
    if "parquet" in formats and find_spec("pyarrow") is None:
        missing.append(tr('Parquet was asked for but pyarrow is not installed: pip install "mfa-toolkit[parquet]"'))
    elif "parquet" in formats:
        for name, table in tables.items():
            write_new(folder / "tables" / f"{name}.parquet", table.to_parquet(index=False))
    return missing


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as CSV (RFC 4180): UTF-8 with byte order mark, numbers to the last bit, no cell that could run."""
    safe = table.copy()
    for column in texts(table):
        safe[column] = table[column].map(neutralise, na_action="ignore")
    return b"\xef\xbb\xbf" + safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def texts(table: pd.DataFrame) -> list[str]:
    """Return the names of the text columns."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return [c for c in table.columns if not (is_numeric_dtype(table[c]) or is_bool_dtype(table[c]))]


def xlsx_bytes(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return a workbook with one sheet a table: frozen header, texts as texts, never a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, column in enumerate(table.columns):
            sheet.column_dimensions[_letter(number)].width = max(12, len(column) + 2)
        sheet.append(list(table.columns))
        for row in _rows(table) if len(table) < ROWS_OF_A_SHEET else ():
            sheet.append([_cell(sheet, value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream.getvalue())


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number + 1))


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    columns = [table[c].astype(object).where(table[c].notna(), None) for c in table.columns]
    return zip(*columns, strict=True)


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
