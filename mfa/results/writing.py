"""Tables as files: CSV that Excel opens well, one workbook, Parquet where asked; JSON. Equal data give equal bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.files.cells import neutralise
from mfa.files.workbook_writing import Sheet, workbook_bytes
from mfa.language import tr
from mfa.results.folder import write_new

if TYPE_CHECKING:
    import pandas as pd

ROWS_OF_A_SHEET = 1_048_576
"""Rows that a sheet of Excel holds, its header included."""


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


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """Return data as the bytes of a JSON file."""
    return (json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


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
    """Return a workbook with one sheet a table; one too long for a sheet has its header alone."""
    return workbook_bytes({
        name: Sheet(list(table.columns), _rows(table) if len(table) < ROWS_OF_A_SHEET else ())
        for name, table in tables.items()
    })  # fmt: skip


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    columns = [table[c].astype(object).where(table[c].notna(), None) for c in table.columns]
    return zip(*columns, strict=True)
