"""The library: materials and technologies that every scenario may use without defining them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

import mfa
from mfa.errors import FolderError
from mfa.files.characters import read_text
from mfa.files.shapes import Kind
from mfa.files.tree import Fault, Mark, Node, UnreadableError
from mfa.files.yaml_tree import parse_yaml
from mfa.language import tr

Shelf = Literal["materials", "technologies"]
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
    """Return what the files of `models/<shelf>/` define; each file is read again only when it has changed."""
    root = data_root()
    found: dict[str, Node] = {}
    for path in sorted((root / "models" / shelf).glob("*.yaml")):
        status = path.stat()
        shown = path.relative_to(root).as_posix()
        for key, node in _read(path, shown, shelf, status.st_mtime_ns, status.st_size).items():
            if key in found:
                message = tr("'{name}' is already defined in {place}; remove one of the two",
                             name=key, place=found[key].named_at)  # fmt: skip
                raise UnreadableError(Fault(node.named_at, node.path, message))
            found[key] = node
    return found


def names() -> dict[Kind, frozenset[str]]:
    """Return the ids that the library has, by kind."""
    return {"material": frozenset(materials()), "technology": frozenset(technologies())}


@lru_cache(maxsize=1024)
def _read(path: Path, shown: str, shelf: Shelf, _changed: int, _size: int) -> dict[str, Node]:
    """Read one file; its time of change and size are part of the cache's key, so that nothing goes stale."""
    try:
        root, faults = parse_yaml(read_text(path, shown), shown)
    except FolderError as error:
        raise UnreadableError(Fault(Mark(shown), "", str(error))) from error
    if faults:
        raise UnreadableError(faults[0])
    shelf_node = root.get(shelf)
    if shelf_node is None:
        message = tr("expected a mapping with the key '{key}'", key=shelf)
        raise UnreadableError(Fault(root.mark, "", message))
    return shelf_node.fields
