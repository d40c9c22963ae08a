"""What a file says, before anyone asks what it means: a tree of texts, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from mfa.errors import Problem

Step = str | int
"""One step of a path through a tree: a key or a position in a list."""


class Mark(NamedTuple):
    """A place in a file; line and column count from 1.

    In a workbook it is a cell, and `file` names the sheet too: `park.xlsx:Firms`; line 0 is the whole file or sheet.
    """

    file: str
    line: int = 1
    column: int = 1
    is_cell: bool = False

    def __str__(self) -> str:
        if self.is_cell:
            return f"{self.file}!{column_letters(self.column)}{self.line}" if self.line else self.file
        return f"{self.file}:{self.line}:{self.column}"


def column_letters(number: int) -> str:
    """Return what a spreadsheet calls a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a file: a text, a mapping or a list of nodes.

    `path` is the key path as the file's reader would write it, `key` the place of the key that names it;
    `plain` is False for quoted text and for text that was never YAML.
    """

    content: str | dict[str, Node] | list[Node]
    mark: Mark
    path: str = ""
    key: Mark | None = None
    plain: bool = True

    @property
    def text(self) -> str | None:
        """The text of a scalar; None for a mapping or list."""
        return self.content if isinstance(self.content, str) else None

    @property
    def fields(self) -> dict[str, Node]:
        """The entries of a mapping; empty for anything else."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The entries of a list; empty for anything else."""
        return self.content if isinstance(self.content, list) else []

    @property
    def named_at(self) -> Mark:
        """Where the key stands that names this value, else where the value stands."""
        return self.key or self.mark

    def get(self, key: str) -> Node | None:
        """Return the entry of a mapping; None where there is none."""
        return self.fields.get(key)

    def word(self, key: str) -> str | None:
        """Return the text of an entry of a mapping; None where there is none."""
        entry = self.fields.get(key)
        return entry.text if entry is not None else None

    def with_content(self, content: str | dict[str, Node] | list[Node]) -> Node:
        """Return the node with another content in the same place."""
        return replace(self, content=content)


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem and the place it will be sorted by."""

    mark: Mark
    path: str
    message: str
    level: Literal["error", "warning"] = "error"

    @property
    def problem(self) -> Problem:
        """The fault as the user sees it."""
        return Problem(str(self.mark), self.path, self.message, self.level)


class UnreadableError(Exception):
    """A fault after which the rest of the file makes no sense."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


Address = tuple[str, str]
"""The file that a value stands in and its path there."""


def address(node: Node | Fault, *more: Step) -> Address:
    """Return where a node or fault stands, or an entry of it that may not be there."""
    path = node.path
    for step in more:
        path = join(path, step)
    return node.mark.file, path


def join(path: str, step: Step) -> str:
    """Return `path` extended by a key or a position."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step


def walk(node: Node, steps: Iterable[Step]) -> Iterator[Node]:
    """Yield the nodes along `steps`, from `node` as deep as the tree goes."""
    yield node
    for step in steps:
        entries = node.content
        if isinstance(entries, dict) and str(step) in entries:
            node = entries[str(step)]
        elif isinstance(entries, list) and isinstance(step, int) and step < len(entries):
            node = entries[step]
        else:
            return
        yield node


def moved(node: Node, path: str, key: Mark | None) -> Node:
    """Return the node as it stands at another path, its entries with it."""
    content = node.content
    if isinstance(content, dict):
        content = {name: moved(entry, join(path, name), entry.key) for name, entry in content.items()}
    elif isinstance(content, list):
        content = [moved(entry, join(path, i), entry.key) for i, entry in enumerate(content)]
    return replace(node, content=content, path=path, key=key)
