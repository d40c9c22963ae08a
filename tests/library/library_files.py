"""The library as its files say it, with numbers in base units, for the tests of the data."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from mfa.files.library import data_root
from mfa.files.units import read_quantity

Entry = dict[str, Any]
Shelf = dict[str, Entry]

MODELS = data_root() / "models"
CONFIDENCES = {"found", "derived", "memory", "assumed", "illustrative"}
NOT_NUMBERS = {"source", "year", "confidence", "evidence", "name", "use", "codes", "class"}


@cache
def shelf(name: str) -> Shelf:
    """Read a folder of `models/`, or the single file of that name; ids are unique across files."""
    entries: Shelf = {}
    files = sorted((MODELS / name).glob("*.yaml")) or [MODELS / f"{name}.yaml"]
    for path in files:
        for key, entry in read_yaml(path)[name].items():
            assert key not in entries, f"{key} stands in two files"
            entries[key] = entry
    return entries


def read_yaml(path: Path) -> Entry:
    with path.open(encoding="utf-8") as file:
        return YAML(typ="safe", pure=True).load(file)


def number(value: float | str) -> float:
    """A quantity as a number in base units; water may be in m3."""
    return read_quantity(value, water=True) if isinstance(value, str) else float(value)


def numbers(entry: Entry, field: str) -> dict[str, float]:
    """A field that maps names to quantities."""
    return {name: number(value) for name, value in entry.get(field, {}).items()}


def sourced_parts(entry: Entry) -> Iterator[Entry]:
    """The entry and everything in it that brings its own source."""
    yield entry
    yield from entry.get("evidence", {}).values()
    yield from entry.get("samples", {}).values()
    for part in ("accepts", "limits"):
        yield from entry.get(part, ())
    if "incentive" in entry:
        yield entry["incentive"]


def value_at(entry: Entry, path: str) -> Any:
    """What `evidence` or `ranges` mean by a path such as `moisture`, `composition.K2O` or `accepts.ggbs.up_to`."""
    field, *rest = path.split(".")
    value = entry[field]
    if field == "accepts":
        value = {part["material"]: part for part in value}
    if field == "ranges":
        rest = [".".join(rest)] if rest else []
    for name in rest:
        value = value[name]
    return value
