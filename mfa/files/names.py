"""What the ids in a file mean, as far as its units and references need to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mfa.files.fields import CLASSES
from mfa.files.shapes import Kind, Listing, Record, Reference, Shape, Table
from mfa.files.tree import Node
from mfa.files.units import UnitError, read_quantity


@dataclass(frozen=True)
class Facts:
    """What the units of a material's amounts depend on; `unit` is None where the material is unknown."""

    unit: str | None = None
    moisture: float = 0.0
    water: bool = False


NOTHING: Mapping[Kind, frozenset[str]] = {}


@dataclass(frozen=True)
class Names:
    """What ids mean in a file: facts on materials, products of technologies, and the names of each kind.

    `offered` are the names that the library has, for hints.
    """

    materials: Mapping[str, Facts]
    products: Mapping[str, str | None]
    known: Mapping[Kind, frozenset[str]]
    offered: Mapping[Kind, frozenset[str]]
    first_year: int = 1


def names_of(park: Node, offered: Mapping[Kind, frozenset[str]] = NOTHING, first_year: int = 1) -> Names:
    """Return what the ids that a park's tree defines mean."""
    materials = {key: facts_of(node) for key, node in _entries(park, "materials").items()}
    technologies = _entries(park, "technologies")
    known: dict[Kind, frozenset[str]] = {
        "material": frozenset(materials), "class": CLASSES, "technology": frozenset(technologies),
        "firm": frozenset(_entries(park, "firms")), "boundary": frozenset(_entries(park, "boundary")),
        "environment": frozenset({"environment"}), "product": frozenset(_entries(park, "in_use")),
    }  # fmt: skip
    return Names(
        materials, {key: node.word("product") for key, node in technologies.items()}, known, offered, first_year
    )


def _entries(park: Node, key: str) -> dict[str, Node]:
    node = park.get(key)
    return node.fields if node is not None else {}


def facts_of(material: Node) -> Facts:
    """Return the facts on a material; a moisture that cannot be read counts as 0 here and is reported elsewhere."""
    class_ = material.word("class")
    unit = material.word("unit") or (("GJ" if class_ == "energy" else "t") if class_ in CLASSES else None)
    try:
        moisture = read_quantity(material.word("moisture") or "0")
    except UnitError:
        moisture = 0.0
    return Facts(unit if unit in ("t", "GJ") else None, moisture if 0 <= moisture < 1 else 0.0, class_ == "water")


def references(node: Node, shape: Shape) -> Iterator[tuple[tuple[Kind, ...], str]]:
    """Yield what a tree refers to: the kinds that a name may have, and the name."""
    match shape:
        case Record(fields):
            for key, entry in node.fields.items():
                if key in fields:
                    yield from references(entry, fields[key])
        case Table(keys, values):
            for key, entry in node.fields.items():
                if isinstance(keys, Reference):
                    yield keys.to, key
                yield from references(entry, values)
        case Listing(of):
            for entry in node.items if isinstance(node.content, list) else [node]:
                yield from references(entry, of)
        case Reference(to) if node.text is not None:
            yield to, node.text
