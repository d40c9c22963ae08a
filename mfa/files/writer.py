"""Writing a scenario: complete, readable YAML that needs no library and reads back equal."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from mfa.errors import FolderError
from mfa.files.convert import NO_SCOPE, NOTHING_KNOWN, Scope, fill_words
from mfa.files.emit import Raw, Tree, emit
from mfa.files.fields import SCENARIO
from mfa.files.names import Facts
from mfa.files.shapes import (
    ByYear,
    Deviation,
    Either,
    Listing,
    Loose,
    New,
    Place,
    Quantity,
    Record,
    Reference,
    Shape,
    Spread,
    Table,
)
from mfa.files.units import parse_unit, read_quantity
from mfa.language import tr
from mfa.park.paths import steps_to
from mfa.park.scenario import Scenario

HEADER = "# A scenario as it was read: complete, with everything it took from the library. Amounts are dry.\n"

LARGER_UNITS = {
    "t": ("Mt", "kt"), "GJ": ("PJ", "TJ"), "t/day": ("Mt/yr", "kt/yr", "t/yr"), "GJ/day": ("PJ/yr", "TJ/yr", "GJ/yr"),
    "CNY": ("MCNY", "kCNY"), "CNY/day": ("MCNY/yr", "CNY/yr"), "CNY/(t/day)": ("CNY/(t/yr)",),
    "CNY/(GJ/day)": ("CNY/(GJ/yr)",), "day": ("yr",), "t/yr": ("Mt/yr", "kt/yr"), "GJ/yr": ("PJ/yr", "TJ/yr"),
}  # fmt: skip
"""Base unit → units in which a number may be shorter."""

SHORT = 9
"""Digits of a number that is worth writing in a larger unit."""


def scenario_text(scenario: Scenario) -> str:
    """Return a scenario as YAML that reads back equal; materials, technologies and nodes by id."""
    return HEADER + emit(scenario_tree(scenario))


def scenario_tree(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as a tree that says all of it, numbers in units that are easy to read."""
    plain = scenario.model_dump(by_alias=True, exclude_defaults=True)
    _spare_class_defaults(plain["park"], scenario)
    tree: dict[str, Any] = Writing(scenario).tree({"mfa": scenario.mfa, **plain}, SCENARIO)
    return tree


def unit_at(scenario: Scenario, path: str) -> str:
    """Return the base unit of the number at a path; empty where it has none."""
    return Writing(scenario).unit_at(path)


def write_scenario(scenario: Scenario, path: str | Path) -> None:
    """Write a scenario to a YAML file that needs no library and reads back equal, whole or not at all.

    Args:
        scenario: any.
        path: of the file; what stood there is replaced.

    Raises:
        FolderError: the file cannot be written; what stood there before still does.
    """
    write_whole(Path(path), scenario_text(scenario).encode("utf-8"))


def write_whole(target: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        FolderError: the file cannot be written; what stood there before still does.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise FolderError(tr("{file} cannot be written: {reason}", file=target, reason=error.strerror)) from error


def _spare_class_defaults(park: dict[str, Any], scenario: Scenario) -> None:
    """Leave out what the class of a material implies, and say what it does not."""
    for key, material in scenario.park.materials.items():
        if material.class_ == "energy":
            written = park["materials"][key]
            for name, value, implied in (("unit", material.unit, "GJ"), ("storable", material.storable, False)):
                written.pop(name, None)
                if value != implied:
                    written[name] = value


class Writing:
    """Turns plain values into YAML trees by the forms of their keys: the way back of `mfa.files.convert`."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, park = scenario, scenario.park
        self.materials = {key: Facts(m.unit, m.moisture, m.class_ == "water") for key, m in park.materials.items()}
        self.products = {key: technology.product for key, technology in park.technologies.items()}

    def tree(self, value: Any, shape: Shape, scope: Scope = NO_SCOPE) -> Any:
        """Return a plain value in base units as a tree for `emit`."""
        match shape:
            case Record():
                return self._record(value, shape, scope)
            case Table():
                return self._table(value, shape, scope)
            case Listing(of):
                return [self.tree(entry, of, scope) for entry in value]
            case Either(mapping, other):
                return self._either(value, mapping, other, scope)
            case ByYear():
                return self._table(value, shape.table, scope)
            case Place():
                return [Raw(_plain(part)) for part in value]
            case Quantity():
                return Raw(_quantity(value, shape, scope))
            case Deviation():
                share = value.get("share")
                return Raw(_plain(value["amount"]) if share is None else f"{Decimal(repr(share)).scaleb(2):f}%")
            case Loose():
                return _loose(value)
        return _scalar(value)

    def unit_at(self, path: str) -> str:
        """Return the base unit of the number at a path; empty where it has none."""
        value: Any = self.scenario.model_dump(by_alias=True)
        shape: Shape = SCENARIO
        scope = NO_SCOPE
        for step in steps_to(self.scenario, path):
            shape = shape.mapping if isinstance(shape, Either) else shape.table if isinstance(shape, ByYear) else shape
            if isinstance(shape, Record):
                scope, shape = self._scope_of(value, shape, scope), shape.fields[str(step)]
            elif isinstance(shape, Table):
                scope, shape = self._scope_under(step, shape, scope), shape.values
            elif isinstance(shape, Listing):
                shape = shape.of
            value = value[step]
        unit = fill_words(shape.units[0], scope) if isinstance(shape, Quantity) and shape.units else None
        return "" if unit in (None, "1") else str(unit)

    def _record(self, value: Mapping[str, Any], shape: Record, scope: Scope) -> Tree:
        scope = self._scope_of(value, shape, scope)
        return {key: self.tree(value[key], of, scope) for key, of in shape.fields.items() if key in value}

    def _scope_of(self, value: Mapping[str, Any], shape: Record, scope: Scope) -> Scope:
        """Return what the words in units mean within a record."""
        if shape.amount:
            material = next((value[key] for key in shape.amount if value.get(key)), None)
            scope = replace(scope, amount=self._facts(material))
        if shape.replaced:
            scope = replace(scope, replaced=self._facts(value.get(shape.replaced)).unit)
        product = value.get(shape.main) if shape.main else None
        if shape.runs:
            product = self.products.get(value.get(shape.runs, ""))
        return scope if product is None else replace(scope, main=self._facts(product).unit)

    def _scope_under(self, key: Any, shape: Table, scope: Scope) -> Scope:
        """Return what the words in units mean under a key of a table."""
        by_material = shape.keys == New("material") or isinstance(shape.keys, Reference)
        return replace(scope, amount=self._facts(key)) if by_material else scope

    def _table(self, value: Mapping[Any, Any], shape: Table, scope: Scope) -> Tree:
        if isinstance(shape.values, Spread):
            return {path: self._law(law, path) for path, law in sorted(value.items())}
        keys = sorted(value) if isinstance(shape.keys, New) else list(value)
        return {key: self.tree(value[key], shape.values, self._scope_under(key, shape, scope)) for key in keys}

    def _law(self, law: Mapping[str, Any], path: str) -> Tree:
        unit = self.unit_at(path)
        return {law["kind"]: [Raw(f"{_plain(number)} {unit}".strip()) for number in law["numbers"]]}

    def _either(self, value: Any, mapping: Record | Table, other: Shape, scope: Scope) -> Any:
        if not isinstance(value, Mapping):
            return self.tree(value, other, scope)
        if isinstance(mapping, Record) and set(value) == {"en"}:
            return self.tree(value["en"], other, scope)
        return self.tree(value, mapping, scope)

    def _facts(self, material: str | None) -> Facts:
        return self.materials.get(material or "", NOTHING_KNOWN)


def _scalar(value: Any) -> str | Raw:
    if isinstance(value, bool):
        return Raw("true" if value else "false")
    return Raw(str(value)) if isinstance(value, int | date) else str(value)


def _loose(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _loose(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_loose(entry) for entry in value]
    return Raw(repr(value)) if isinstance(value, float) else _scalar(value)


def _quantity(value: float, shape: Quantity, scope: Scope) -> str:
    """Return a number in the unit in which it is shortest, if it reads back equal, else in base units."""
    if len(shape.units) != 1:
        return _plain(value)
    unit = fill_words(shape.units[0], scope) or "1"
    if unit == "1":
        percent = _rounded(value, "%", unit) if shape.percent and 0 < value < 1 else None
        return percent if percent and len(percent) <= SHORT - 2 else _plain(value)
    if value:
        for larger in LARGER_UNITS.get(unit, ()):
            written = _rounded(value, larger, unit)
            if written and len(written.split(" ")[0]) <= SHORT and not written.startswith("0."):
                return written
    return f"{_plain(value)} {unit}"


def _plain(value: float) -> str:
    """Return a number as short as it goes without losing any of it."""
    return str(int(value)) if value == int(value) else repr(value)


def _rounded(value: float, unit: str, base: str) -> str | None:
    """Return `value` (in `base`) in another unit with ten digits; None where that is not exact."""
    number = float(Fraction(value) * parse_unit(base).factor / parse_unit(unit).factor)
    digits = f"{number:.10g}"
    written = f"{digits}{unit}" if unit == "%" else f"{digits} {unit}"
    return written if "e" not in digits and read_quantity(written, base, tiny=True) == value else None
