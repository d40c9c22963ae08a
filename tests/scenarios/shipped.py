"""The files of the library and the shipped scenarios, as they stand, for the tests of the data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from mfa.files.library import data_root
from mfa.files.units import read_quantity


def read_yaml(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        return YAML(typ="safe").load(file)


def number(value: float | str) -> float:
    """The number of a library field in base units."""
    return read_quantity(value, water=True) if isinstance(value, str) else float(value)


def shelf(name: str) -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = {}
    for path in sorted((data_root() / "models" / name).glob("*.yaml")):
        for key, entry in read_yaml(path)[name].items():
            assert key not in entries, f"{key} is defined twice"
            entries[key] = entry
    return entries
