"""The library: materials and technologies that every scenario may use without defining them, and routes of wastes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import mfa
from mfa.errors import FolderError
from mfa.files.characters import read_text
from mfa.files.parse_cache import parse_once
from mfa.files.shapes import Kind
from mfa.files.tree import Fault, Mark, Node, UnreadableError
from mfa.files.yaml_tree import parse_yaml
from mfa.language import tr

Shelf = Literal[
    "materials", "technologies", "routes", "sectors", "needs", "aliases", "codes", "factors", "schemes", "makers",
    "park_tables",
]  # fmt: skip
SHELVES: tuple[Shelf, ...] = get_args(Shelf)
Entries = Mapping[str, Node]
"""Id → what the library says of it, as it stands in its file."""


def data_root() -> Path:
    """Return the folder that holds `models/` and `scenarios/`: inside an installed package, else the checkout."""
    package = Path(mfa.__file__).parent
    installed = package / "data"
    return installed if (installed / "models").is_dir() else package.parent


def materials() -> Entries:
    """Return the materials of the library; raises UnreadableError where one of its files is broken."""
    return entries("materials")


def technologies() -> Entries:
    """Return the technologies of the library; raises UnreadableError where one of its files is broken."""
    return entries("technologies")


def entries(shelf: Shelf) -> Entries:
    """Return what `models/<shelf>/*.yaml` and `models/<shelf>.yaml` define; a file counts as it stands now."""
    root = data_root()
    found: dict[str, Node] = {}
    for path in files(shelf):
        for key, node in read_shelf(path, path.relative_to(root).as_posix(), shelf).items():
            if key in found:
                message = tr("'{name}' is already defined in {place}; remove one of the two",
                             name=key, place=found[key].named_at)  # fmt: skip
                raise UnreadableError(Fault(node.named_at, node.path, message))
            found[key] = node
    return found


def files(shelf: Shelf) -> list[Path]:
    """Return the files that define a shelf, by name."""
    models = data_root() / "models"
    whole = models / f"{shelf}.yaml"
    return sorted((models / shelf).glob("*.yaml")) + ([whole] if whole.is_file() else [])


def names() -> dict[Kind, frozenset[str]]:
    """Return the ids that the library has, by kind."""
    return {"material": frozenset(materials()), "technology": frozenset(technologies())}


def texts() -> tuple[tuple[Shelf, str, str], ...]:
    """Return what all files of the library say now: shelf, file, text; raises UnreadableError."""
    root = data_root()
    return tuple(
        (shelf, shown := path.relative_to(root).as_posix(), _text(path, shown))
        for shelf in SHELVES
        for path in files(shelf)
    )


def read_shelf(path: Path, shown: str, shelf: Shelf) -> Entries:
    """Return what one file defines; raises UnreadableError where it is broken."""
    return _parsed(_text(path, shown), shown, shelf)


def _text(path: Path, shown: str) -> str:
    try:
        return read_text(path, shown)
    except FolderError as error:
        raise UnreadableError(Fault(Mark(shown), "", str(error))) from error


@lru_cache(maxsize=1024)
def _parsed(text: str, shown: str, shelf: Shelf) -> dict[str, Node]:
    """Read what a file says; its whole text is the cache's key, so that nothing goes stale."""
    root = parse_once(text, shown, lambda: _without_faults(text, shown))
    shelf_node = root.get(shelf)
    if shelf_node is None:
        message = tr("expected a mapping with the key '{key}'", key=shelf)
        raise UnreadableError(Fault(root.mark, "", message))
    return shelf_node.fields


def _without_faults(text: str, shown: str) -> Node:
    root, faults = parse_yaml(text, shown)
    if faults:
        raise UnreadableError(faults[0])
    return root
