"""Single values that are not quantities: names, whole numbers, truth values, days, and what is kept as it stands."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from mfa.files.tree import Node
from mfa.files.units import UnitError, split_number
from mfa.language import tr

LONGEST_NAME = 200
LONGEST_WHOLE = 18


def name_fault(name: str) -> str | None:
    """Return why a text cannot be a name; None where it can."""
    if not name.strip():
        return tr("a name is blank; give one")
    if len(name) > LONGEST_NAME:
        message = "a name of {count} characters; at most {most} are allowed"
        return tr(message, count=len(name), most=LONGEST_NAME)
    return None


def read_whole(text: str) -> int:
    """Return a whole number; raises UnitError."""
    try:
        number, rest = split_number(text)
    except UnitError:
        if re.match(r"[-+]?[\d.]", text):
            raise
        raise UnitError(tr("expected a whole number, got '{got}'", got=text[:60])) from None
    if rest or number.denominator != 1 or abs(number) >= 10**LONGEST_WHOLE:
        raise UnitError(tr("expected a whole number, got '{got}'", got=text[:60]))
    return int(number)


def read_flag(text: str) -> bool:
    """Return true or false; raises UnitError."""
    if text.lower() not in ("true", "false"):
        raise UnitError(tr("expected true or false, got '{got}'", got=text[:60]))
    return text.lower() == "true"


def read_date(text: str) -> date:
    """Return a day; raises UnitError."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d[Tt ].*", text):
        raise UnitError(tr("expected a day without time or zone, got '{got}'; use {day}", got=text[:60], day=text[:10]))
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise UnitError(tr("expected a day such as 2016-01-31, got '{got}'", got=text[:60])) from None


def loose(node: Node) -> Any:
    """Return a tree as plain values; plain scalars become numbers and truth values as YAML 1.2 has them."""
    if isinstance(node.content, dict):
        return {key: loose(entry) for key, entry in node.content.items()}
    if isinstance(node.content, list):
        return [loose(entry) for entry in node.content]
    text = node.content
    if not node.plain:
        return text
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"[-+]?\d{1,18}", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"[-+]?(\d{1,18}\.\d{0,18}|\.\d{1,18}|\d{1,18})([eE][-+]?\d{1,2})?", text, re.ASCII):
        return float(text)
    return text
