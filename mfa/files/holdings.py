"""What the library holds, as typed values; parsed entries become values once, and again when a file says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from mfa.errors import InputError
from mfa.files import library
from mfa.files.build import complete_materials, refusals_of
from mfa.files.convert import Conversion
from mfa.files.library import Shelf
from mfa.files.library_fields import LIBRARY
from mfa.files.names import names_of
from mfa.files.tree import Fault, Mark, Node, UnreadableError
from mfa.park.material import Material
from mfa.park.route import Need, Route, Sector
from mfa.park.scheme import Factor, Scheme
from mfa.park.technology import Technology
from mfa.park.values import Value


@dataclass(frozen=True)
class Holdings:
    """The library, by id. Entries that cannot be read are missing and told in `faults`; `root` is the whole tree."""

    materials: Mapping[str, Material]
    technologies: Mapping[str, Technology]
    routes: Mapping[str, Route]
    sectors: Mapping[str, Sector]
    needs: Mapping[str, Need]
    aliases: Mapping[str, list[str]]
    factors: Mapping[str, Factor]
    schemes: Mapping[str, Scheme]
    faults: tuple[Fault, ...]
    root: Node


def holdings() -> Holdings:
    """Return the whole library as it stands in its files now.

    Raises:
        InputError: a file of it is no YAML or lacks its shelf.
    """
    try:
        return read_holdings()
    except UnreadableError as error:
        raise InputError([error.fault.problem]) from error


def read_holdings() -> Holdings:
    """Return the same; raises UnreadableError instead, as readers of files expect it."""
    return _holdings(library.texts())


@lru_cache(maxsize=4)
def _holdings(_said: tuple[tuple[Shelf, str, str], ...]) -> Holdings:
    """Build the values; what the files say is the cache's key, so that nothing goes stale."""
    nowhere = Mark("models")
    root = Node({shelf: Node(dict(library.entries(shelf)), nowhere, shelf) for shelf in library.SHELVES}, nowhere)
    conversion = Conversion(names_of(root))
    plain = conversion.convert(root, LIBRARY)
    complete_materials(plain["materials"])
    faults = conversion.faults
    return Holdings(
        _build(Material, plain, "materials", root, conversion, faults),
        _build(Technology, plain, "technologies", root, conversion, faults),
        _build(Route, plain, "routes", root, conversion, faults),
        _build(Sector, plain, "sectors", root, conversion, faults),
        _build(Need, plain, "needs", root, conversion, faults),
        plain["aliases"],
        _build(Factor, plain, "factors", root, conversion, faults),
        _build(Scheme, plain, "schemes", root, conversion, faults),
        tuple(faults),
        root,
    )


V = TypeVar("V", bound=Value)


def _build(
    kind: type[V], plain: Mapping[str, Any], shelf: Shelf, root: Node, conversion: Conversion, faults: list[Fault]
) -> dict[str, V]:
    """Return the values of a shelf, and note what their type refuses at its place in the tree."""
    values: dict[str, V] = {}
    for key, entry in plain[shelf].items():
        try:
            values[key] = kind.model_validate(entry)
        except ValidationError as error:
            refused = error.errors(include_url=False)
            faults += refusals_of(refused, root.fields[shelf].fields[key], conversion.unread)
    return values
