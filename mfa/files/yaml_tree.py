"""YAML 1.2 without its traps: no aliases, merge keys, tags or second documents; every value keeps its place.

ruamel.yaml scans and parses into events; the tree is ours. Texts stay texts here: whether `NO`, `12:30` or `1e3`
is a number is decided by the field it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from mfa.files.characters import find_forbidden, find_odd, find_odd_in_key
from mfa.files.tree import Fault, Mark, Node, UnreadableError, join
from mfa.language import tr

DEEPEST = 64
"""Mappings and lists may stand in each other this deep."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""Plain scalars that are no value in YAML 1.2."""

_NOT_A_KEY = re.compile(r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?")

_KNOWN_ERRORS = {
    "mapping values are not allowed here": "a ':' too many, or none in the line above; quote text that contains ': '",
    "could not find expected ':'": "the line above has no ':'; write key: value",
    "found character '\\t' that cannot start any token": "a tab stands here; indent with spaces",
    "found unexpected end of stream": "a quote that was opened is never closed",
    "expected <block end>, but found '?'": "indented unlike the lines above it",
    "expected '<document start>', but found ('<block mapping start>',)": "indented unlike the lines above it",
}
"""What the parser says → what a user can act on."""


def parse_yaml(text: str, file: str, start: Mark | None = None) -> tuple[Node, list[Fault]]:
    """Read one YAML document.

    Args:
        text: the document.
        file: how messages call it.
        start: where the text begins, if it stands inside another file.

    Returns:
        The tree and the faults that did not end the reading, such as a key given twice.

    Raises:
        UnreadableError: the text is not YAML, or uses what scenario files do not allow.
    """
    return _Composer(text, file, start).compose()


def is_null(node: Node) -> bool:
    """Whether a node is a plain scalar without a value."""
    return node.plain and node.content in NULLS if isinstance(node.content, str) else False


def _repaired(key: str, value: Node) -> tuple[str, Node]:
    """Return the key and value that a wrong colon or space made one key of; an empty key where there is no telling."""
    parts = re.fullmatch(r"([^:：]+)[:：]\s*(.*)", key)
    if parts is None or not is_null(value):
        return "", value
    name, text = parts.groups()
    return name, replace(value, content=text, path=value.path.removesuffix(key) + name)


class _Composer:
    """Builds the tree of one document from parser events."""

    def __init__(self, text: str, file: str, start: Mark | None) -> None:
        self.text = text
        self.file = file
        self.start = start
        self.faults: list[Fault] = []
        self.events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(text))

    def compose(self) -> tuple[Node, list[Fault]]:
        try:
            self._next()  # the stream starts
            event = self._next()
            if not hasattr(event, "version"):
                return Node("", self._mark(event)), self.faults
            if event.version and tuple(event.version) != (1, 2):
                raise self._stop(event, tr("the file asks for another YAML version; remove its %YAML line"))
            root = self._node(self._next(), "", None, 0)
            self._next()  # the document ends
            event = self._next()
            if hasattr(event, "version"):
                raise self._stop(event, tr("a second document starts here; keep one document in a file"))
        except MarkedYAMLError as error:
            raise UnreadableError(self._syntax_fault(error)) from error
        except YAMLError as error:
            raise UnreadableError(
                Fault(Mark(self.file), "", tr("this is not YAML: {reason}", reason=str(error)))
            ) from error
        return root, self.faults

    def _next(self) -> Any:
        return next(self.events)

    def _mark(self, event: Any) -> Mark:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if self.start is None:
            return Mark(self.file, line, column)
        return Mark(self.file, self.start.line + line - 1, column + (self.start.column - 1 if line == 1 else 0))

    def _stop(self, event: Any, message: str, path: str = "") -> UnreadableError:
        return UnreadableError(Fault(self._mark(event), path, message))

    def _node(self, event: Any, path: str, key: Mark | None, depth: int) -> Node:
        kind = type(event).__name__
        self._refuse_references(event, kind, path)
        if kind == "ScalarEvent":
            return self._scalar(event, path, key)
        if depth >= DEEPEST:
            raise self._stop(event, tr("nested deeper than {depth} levels; flatten it", depth=DEEPEST))
        content = self._mapping(path, depth) if kind == "MappingStartEvent" else self._list(path, depth)
        return Node(content, self._mark(event), path, key)

    def _refuse_references(self, event: Any, kind: str, path: str) -> None:
        if kind == "AliasEvent" or event.anchor is not None:
            message = tr("anchors and aliases (& and *) are not allowed; write the value out")
            raise self._stop(event, message, path)
        if event.tag is not None:
            raise self._stop(event, tr("tags (!) are not allowed; a scenario is data and runs no code"), path)

    def _scalar(self, event: Any, path: str, key: Mark | None) -> Node:
        node = Node(event.value, self._mark(event), path, key, plain=event.style is None)
        message = find_forbidden(event.value)
        if message:
            self.faults.append(Fault(node.mark, path, message))
        return node

    def _list(self, path: str, depth: int) -> list[Node]:
        items: list[Node] = []
        while type(event := self._next()).__name__ != "SequenceEndEvent":
            items.append(self._node(event, join(path, len(items)), None, depth + 1))
        return items

    def _mapping(self, path: str, depth: int) -> dict[str, Node]:
        fields: dict[str, Node] = {}
        while type(event := self._next()).__name__ != "MappingEndEvent":
            key, is_good = self._key(event, path)
            value = self._node(self._next(), join(path, key), self._mark(event), depth + 1)
            if not is_good:
                key, value = _repaired(key, value)
            if not key:
                continue
            if key in fields:
                first = fields[key].named_at
                message = tr("'{key}' is already given in line {line}; remove one of the two", key=key, line=first.line)
                self.faults.append(Fault(self._mark(event), value.path, message))
            else:
                fields[key] = value
        return fields

    def _key(self, event: Any, path: str) -> tuple[str, bool]:
        """Return a key and whether it is one; where it is not, that has been noted."""
        if type(event).__name__ != "ScalarEvent":
            raise self._stop(event, tr("a key must be text"), path)
        self._refuse_references(event, "", path)
        key: str = event.value
        plain = event.style is None
        if plain and key == "<<":
            raise self._stop(event, tr("merge keys (<<) are not allowed; write the values out"), path)
        message = find_forbidden(key) or (find_odd_in_key(key) if plain else None)
        if message is None and plain and not key:
            message = tr("a key is empty; give it a name")
        elif message is None and plain and _NOT_A_KEY.fullmatch(key):
            message = tr("the key '{key}' is not text; quote it", key=key)
        if message:
            self.faults.append(Fault(self._mark(event), path, message))
        return key, message is None

    def _syntax_fault(self, error: MarkedYAMLError) -> Fault:
        place = error.problem_mark or error.context_mark
        problem = str(error.problem or error.context)
        line = place.line if place else 0
        mark = Mark(self.file, line + 1, place.column + 1 if place else 1)
        if self.start is not None:
            mark = self.start
        lines = self.text.split("\n")[max(0, line - 1) : line + 1]
        message = next((odd for odd in map(find_odd, reversed(lines)) if odd), None)
        if message is None:
            known = _KNOWN_ERRORS.get(problem)
            message = tr(known) if known else tr("this is not YAML: {reason}", reason=problem)
        if error.context_mark and error.context_mark.line != line and "flow" in str(error.context):
            opened = error.context_mark.line + 1
            message += tr(" (the bracket opened in line {line} may lack its end)", line=opened)
        return Fault(mark, "", message)
