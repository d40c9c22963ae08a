"""Whether tables keep their contract: columns, types, known names, amounts, units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa.errors import InvariantError
from mfa.park.park import Park
from mfa.park.values import ENVIRONMENT
from mfa.results.results import Results
from mfa.results.tables import COLUMNS, FLOW_KINDS, TABLES, Column

if TYPE_CHECKING:
    import pandas as pd

ROUNDING = 1e-9
"""Largest relative difference between a wet amount and dry amount ÷ (1 − moisture)."""


def check_tables(results: Results) -> None:
    """Check every table of a run against the contract.

    Raises:
        InvariantError: naming the table, the column and the first row that breaks it.
    """
    for name, table in results.tables().items():
        if list(table.columns) != COLUMNS[name]:
            raise InvariantError(f"table {name}: columns {list(table.columns)}, expected {COLUMNS[name]}")
        for column in TABLES[name]:
            _check_column(name, column, table)
        _refuse(name, "run", table, table["run"] != results.run, f"is not the run {results.run!r}")
    _check_names(results)
    for name in ("flows", "stocks"):
        _check_moisture(name, getattr(results, name), results.scenario.park)


def _check_column(name: str, column: Column, table: pd.DataFrame) -> None:
    values = table[column.name]
    if column.type == "text":
        _refuse(name, column.name, table, ~values.map(lambda v: isinstance(v, str)).astype(bool), "is not a text")
        if not column.may_be_empty:
            _refuse(name, column.name, table, values == "", "is empty")
    elif column.type == "number" and values.dtype != "float64":
        raise InvariantError(f"table {name}, column {column.name}: holds {values.dtype}, expected float64")
    elif column.type == "number":
        _refuse(name, column.name, table, values.abs() == float("inf"), "is infinite")
        if not column.may_be_empty:
            _refuse(name, column.name, table, values.isna(), "is empty")
        if not column.signed:
            _refuse(name, column.name, table, values < 0, "is negative")


def _check_names(results: Results) -> None:
    park = results.scenario.park
    links = {link.id: link for link in park.links}
    nodes = {*park.firms, *park.boundary, ENVIRONMENT}
    flows = results.flows
    _refuse("flows", "kind", flows, ~flows["kind"].isin(FLOW_KINDS), f"is none of {', '.join(FLOW_KINDS)}")
    for table, column, known in (
        ("flows", "source", nodes),
        ("flows", "target", nodes),
        ("stocks", "node", {*nodes, *links}),
        ("stocks", "material", {*park.materials}),
        ("conversion", "firm", nodes),
        ("activity", "firm", {*park.firms}),
        ("links", "link", {*links}),
        ("links", "material", {*park.materials}),
    ):
        frame = getattr(results, table)
        _refuse(table, column, frame, ~frame[column].isin(known), "is not in the park")


def _check_moisture(name: str, table: pd.DataFrame, park: Park) -> None:
    """Check that water travels with its material: amount = dry amount ÷ (1 − moisture) (semantics §1)."""
    wet = {m: material.as_received for m, material in park.materials.items()}
    expected = table["dry_amount"] * table["material"].map(lambda m: wet.get(m, 1.0)).astype("float64")
    wrong = (table["amount"] - expected).abs() > ROUNDING * expected.abs().clip(lower=1.0)
    _refuse(name, "amount", table, wrong, "is not dry_amount ÷ (1 − moisture)")
    units = {m: material.unit for m, material in park.materials.items()}
    _refuse(name, "unit", table, table["unit"] != table["material"].map(lambda m: units.get(m, "t")),
            "is not the unit of the material")  # fmt: skip


def _refuse(name: str, column: str, table: pd.DataFrame, wrong: pd.Series, complaint: str) -> None:
    if wrong.any():
        row = table[wrong.to_numpy()].iloc[0]
        raise InvariantError(f"table {name}, column {column}: {row[column]!r} {complaint}; row {row.to_dict()}")
