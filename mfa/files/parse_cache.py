"""Parsed files of the library, kept between runs by what the files and the parser say, so that none can be stale."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import ruamel.yaml

from mfa.files import characters, tree, yaml_tree
from mfa.files.tree import Mark, Node, join


def parse_once(text: str, shown: str, parse: Callable[[], Node]) -> Node:
    """Return the tree of a file: as kept by an earlier run that read the same text, else parsed now and kept.

    Args:
        text: what the file says; a hash of it, of its name and of the parser's own source is the name it is kept by.
        shown: how messages call the file.
        parse: reads it anew; what it raises is not kept.
    """
    kept = f"{_digest(text, shown)}.json"
    with suppress(OSError, RuntimeError, ValueError, LookupError, TypeError):  # not kept, or damaged: parsed again
        return _unpacked(json.loads((folder() / kept).read_text(encoding="utf-8")), shown, "")
    node = parse()
    with suppress(OSError, RuntimeError):  # a place that cannot be written, or no home: that only costs time
        _keep(folder() / kept, json.dumps(_packed(node), ensure_ascii=False, separators=(",", ":")))
    return node


def folder() -> Path:
    """Return where parsed files are kept: `MFA_CACHE`, else the place for caches of the system.

    Raises RuntimeError where the user has no home.
    """
    named = os.environ.get("MFA_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "mfa" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mfa"


def _digest(text: str, shown: str) -> str:
    return hashlib.sha256(f"{_parser()}\n{shown}\n{text}".encode()).hexdigest()


@cache
def _parser() -> str:
    """Return a hash of all that makes a tree of a text, and of this module, which keeps it."""
    sources = [Path(str(module.__file__)) for module in (characters, tree, yaml_tree)]
    parts = [path.read_bytes() for path in (*sources, Path(__file__))]
    return hashlib.sha256(b"\n".join([ruamel.yaml.__version__.encode(), *parts])).hexdigest()


def _keep(file: Path, text: str) -> None:
    """Write a file whole or not at all, whoever else writes it too, and forget the oldest where many are kept."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)
    for old in sorted(file.parent.glob("*.json"), key=lambda kept: kept.stat().st_mtime)[:-MOST_KEPT]:
        old.unlink(missing_ok=True)


MOST_KEPT = 256
"""So many parsed files are kept."""


def _packed(node: Node) -> list[Any]:
    content = node.content
    if isinstance(content, dict):
        inside: Any = {key: _packed(entry) for key, entry in content.items()}
    else:
        inside = [_packed(entry) for entry in content] if isinstance(content, list) else content
    named = (node.key.line, node.key.column) if node.key else (0, 0)
    return [inside, node.mark.line, node.mark.column, *named, node.plain]


def _unpacked(packed: list[Any], file: str, path: str) -> Node:
    inside, line, column, key_line, key_column, plain = packed
    if isinstance(inside, dict):
        inside = {key: _unpacked(entry, file, f"{path}.{key}" if path else key) for key, entry in inside.items()}
    elif isinstance(inside, list):
        inside = [_unpacked(entry, file, join(path, i)) for i, entry in enumerate(inside)]
    key = Mark(file, key_line, key_column) if key_line else None
    return Node(inside, Mark(file, line, column), path, key, plain)
