"""Plain values as YAML text that people read: short things on one line, long ones as blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

WIDTH = 118

_PLAIN = re.compile(r"[^\W\d_][\w./+°%()–-]*(?: [\w./+°%()–-]+)*")
_RESERVED = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"])


@dataclass(frozen=True)
class Raw:
    """A scalar that is written as it stands: a number with its unit, a day, a truth value."""

    text: str


@dataclass(frozen=True)
class Remarked:
    """A value with a comment at the end of the line that it stands in, or starts in."""

    value: Any
    remark: str


Tree = str | Raw | Remarked | Mapping[str, Any] | list[Any]
"""Texts, raw scalars, and mappings and lists of them, remarked or not."""


def emit(tree: Mapping[str, Tree]) -> str:
    """Return a mapping as the text of a YAML file."""
    return "".join(f"{line}\n" for line in _block(tree, 0))


def text(value: str) -> str:
    """Return a text as a YAML scalar, quoted unless it can only be read as that text."""
    if _PLAIN.fullmatch(value) and value.casefold() not in _RESERVED:
        return value
    return json.dumps(value, ensure_ascii=False)


def _block(tree: Tree, indent: int) -> Iterator[str]:
    """Yield the lines of a mapping or list."""
    margin = " " * indent
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _entry(f"{margin}{_key(key)}:", value, indent)
    elif isinstance(tree, list):
        for value in tree:
            yield from _entry(f"{margin}-", value, indent)


def _entry(head: str, value: Tree, indent: int) -> Iterator[str]:
    remark = ""
    if isinstance(value, Remarked):
        remark = "  # " + " ".join(value.remark.split())
        value = value.value
    line = f"{head} {flow(value)}"
    if _is_scalar(value) or (_levels(value) <= 2 and len(line) <= WIDTH):
        yield line + remark
        return
    inner = list(_block(value, indent + 2))
    if head.endswith("-"):  # the first entry stands beside the dash
        yield f"{head} {inner[0].lstrip()}"
        yield from inner[1:]
    else:
        yield head + remark
        yield from inner


def flow(value: Tree) -> str:
    """Return a value as YAML on one line, without remarks."""
    if isinstance(value, Remarked):
        return flow(value.value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return value.text if isinstance(value, Raw) else text(value)


def _key(key: str | int) -> str:
    return str(key) if isinstance(key, int) else text(key)


def _is_scalar(value: Tree) -> bool:
    return isinstance(value, str | Raw) or not value


def _levels(value: Tree) -> int:
    """Return how deep mappings and lists stand in each other; what has a remark needs a line of its own."""
    if isinstance(value, Remarked):
        return 9
    if isinstance(value, Mapping):
        return 1 + max((_levels(entry) for entry in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_levels, value), default=0)
    return 0
