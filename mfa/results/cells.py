"""Texts in cells: what a spreadsheet would run as a formula is kept a text, and reads back equal.

Source: OWASP, "CSV Injection" (characters that open a formula in Excel and LibreOffice).
"""

from __future__ import annotations

import re

OPENS_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""First characters that make a spreadsheet read a CSV cell as a formula."""

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that a workbook (XML 1.0) cannot hold."""


def neutralise(text: str) -> str:
    """Return a text that no spreadsheet runs: a leading apostrophe where it could open a formula (or has one)."""
    return f"'{text}" if text[:1] in OPENS_FORMULA or text[:1] == "'" else text


def restore(text: str) -> str:
    """Return the text that `neutralise` was given."""
    return text.removeprefix("'")


def printable(text: str) -> str:
    """Return the text with what a workbook cannot hold shown as �."""
    return UNPRINTABLE.sub("�", text)
