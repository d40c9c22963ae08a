"""Cells of tables: texts read from them, and texts put into them that no spreadsheet runs as a formula.

Source: OWASP, "CSV Injection" (characters that open a formula in Excel and LibreOffice).
"""

from __future__ import annotations

import os
import re

from mfa.files.tree import Mark, Node
from mfa.language import tr

ROWS_OPTION = "MFA_MAX_ROWS"
"""Environment variable with the largest number of rows of a table that is read."""

OPENS_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""First characters that make a spreadsheet read a CSV cell as a formula."""

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that a workbook (XML 1.0) cannot hold."""


def cell_node(text: str, place: Mark) -> Node:
    """Return what a cell says, without blanks around it."""
    return Node(text.strip(), place, key=place, plain=False)


def most_rows() -> int:
    """Return the largest number of rows of a table that is read."""
    wanted = os.environ.get(ROWS_OPTION, "")
    return int(wanted) if re.fullmatch(r"\d{1,9}", wanted) else 100_000


def too_many_rows() -> str:
    """Say that a table is too long."""
    return tr("more than {most} rows; set {option} to allow more", most=most_rows(), option=ROWS_OPTION)


def neutralise(text: str) -> str:
    """Return a text that no spreadsheet runs: a leading apostrophe where it could open a formula (or has one)."""
    return f"'{text}" if text[:1] in OPENS_FORMULA or text[:1] == "'" else text


def restore(text: str) -> str:
    """Return the text that `neutralise` was given."""
    return text.removeprefix("'")


def printable(text: str) -> str:
    """Return the text with what a workbook cannot hold shown as �."""
    return UNPRINTABLE.sub("�", text)
