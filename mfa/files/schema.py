"""The JSON Schema of scenario files as people write them, for the completion and checks of editors.

What may stand where comes from `mfa.files.fields`, by which the reader goes too; what it may be (choices, bounds, what
is required, what it means) from the types of `mfa.park`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from mfa.files import shapes
from mfa.files.assemble import TABLES
from mfa.files.fields import SCENARIO
from mfa.files.shapes import Quantity, Record, Shape
from mfa.park.distribution import PARAMETERS
from mfa.park.scenario import Scenario

Schema = dict[str, Any]

DETAIL = "detail"
"""Name of the schema of a number that is given with its distribution or basis."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
LONGEST_NAME = 200

COORDINATES: Schema = {
    "anyOf": [
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        {
            "type": "object",
            "properties": {"lon": {"type": "number"}, "lat": {"type": "number"}},
            "required": ["lon", "lat"],
            "additionalProperties": False,
        },
    ]
}


def schema_text() -> str:
    """Return the schema of a scenario file as JSON text."""
    return json.dumps(scenario_schema(), ensure_ascii=False, indent=1) + "\n"


def scenario_schema() -> Schema:
    """Return the JSON Schema of a scenario file."""
    types = Types(Scenario.model_json_schema(by_alias=True))
    schema = written(SCENARIO, types.root, types)
    fields = schema["properties"]
    _allow_tables(fields["park"]["properties"])
    _allow_samples(fields["park"]["properties"]["materials"]["additionalProperties"])
    _allow_rows_alone(fields)
    fields["park"] = {"anyOf": [fields["park"], {"type": "string", "description": "a file that holds the park"}]}
    required = schema.pop("required")
    schema["properties"] = {
        "extends": {"type": "string", "description": "another scenario file; this one then holds only the differences"},
        "change": {"type": "object", "description": "path → value, e.g. park.firms.kiln.capacity: 1400 kt/yr"},
        **fields,
    }
    return {
        "$schema": DIALECT,
        "title": "mfa scenario",
        "$defs": {DETAIL: _detail()},
        **schema,
        "anyOf": [{"required": required}, {"required": ["extends"]}],
    }


def _detail() -> Schema:
    """Return what may stand in the place of a number: its distribution, its value and its basis."""
    number: Schema = {"type": ["number", "string"]}
    laws: Schema = {
        kind: {
            "type": "array", "items": number, "minItems": len(names), "maxItems": len(names),
            "description": f"[{', '.join(names)}]",
        }
        for kind, names in PARAMETERS.items()
    }  # fmt: skip
    values: Schema = {"type": "array", "items": number, "minItems": 1, "description": "equally likely"}
    others = {"values": values, "from": number, "to": number, "value": {}, "basis": {"enum": ["dry", "as_received"]}}
    return {"properties": laws | others, "additionalProperties": False, "minProperties": 1}


def _allow_tables(park: dict[str, Schema]) -> None:
    """Large parts of a park may sit in a file: `firms: {table: park.xlsx, sheet: Firms}`, with entries beside it."""
    table = {
        "table": {"type": "string", "description": "a CSV file or workbook, one row an entry, one column a key"},
        "sheet": {"type": "string", "description": "a sheet of the workbook; by default the first"},
    }
    for part in TABLES:
        if park[part].get("type") == "object":
            park[part]["properties"] = table
        else:
            park[part]["anyOf"].append({"type": "object", "properties": table, "required": ["table"]})


def _allow_samples(material: Schema) -> None:
    """A material that asks for a sample of the library says nothing else."""
    required = material.pop("required")
    material["anyOf"] = [{"required": required}, {"required": ["sample"]}]


def _allow_rows_alone(fields: dict[str, Schema]) -> None:
    """Measurements may be a list of rows alone, and rows may sit in a CSV file beside those of the list."""
    whole = fields["measurements"]
    rows = whole["properties"]["rows"]
    whole["properties"]["table"] = {"type": "string", "description": "a CSV file, one row a measurement"}
    whole.pop("required", None)
    fields["measurements"] = {"anyOf": [whole, rows]}


class Types:
    """The schema that pydantic derives from the types, without its references and its nulls."""

    def __init__(self, root: Schema) -> None:
        self.root = root
        # A firm with one line writes it on itself.
        firm, line = (root["$defs"][name]["properties"] for name in ("Firm", "Line"))
        root["$defs"]["Firm"]["properties"] = {**line, **firm}

    def plain(self, schema: Schema) -> Schema:
        """Return what a schema refers to, or its one alternative that is not null."""
        if "$ref" in schema:
            return self.plain(self.root["$defs"][schema["$ref"].rsplit("/", 1)[1]])
        alternatives = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
        return self.plain(alternatives[0]) if len(alternatives) == 1 else schema

    def entry(self, schema: Schema, name: str) -> Schema:
        """Return the schema of one field, or of the items or values where `name` says so; empty where there is none."""
        plain = self.plain(schema)
        found = (
            plain.get("properties", {}).get(name) if name not in ("items", "additionalProperties") else plain.get(name)
        )
        return self.plain(found) if isinstance(found, dict) else {}


@cache
def bounds_at(at: tuple[str | int, ...]) -> tuple[float | None, float | None]:
    """Return the least and the most that the type of a number of a scenario allows, by its location."""
    types = Types(Scenario.model_json_schema(by_alias=True))
    schema = types.root
    for step in at:
        schema = next(
            (found for name in (str(step), "additionalProperties", "items") if (found := types.entry(schema, name))), {}
        )
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    return low, schema.get("maximum", schema.get("exclusiveMaximum"))


def written(shape: Shape, typed: Schema, types: Types) -> Schema:
    """Return the schema of what a file may write.

    Args:
        shape: the form in the file.
        typed: the schema of the type that it becomes; empty where unknown.
        types: all types.
    """
    match shape:
        case Record():
            return _record(shape, typed, types)
        case shapes.Table():
            values = written(shape.values, types.entry(typed, "additionalProperties"), types)
            return {"type": "object", "additionalProperties": values}
        case shapes.Listing():
            one = written(shape.of, types.entry(typed, "items"), types)
            return {"anyOf": [{"type": "array", "items": one}, one]}
        case shapes.Either():
            return {"anyOf": [written(shape.mapping, typed, types), written(shape.other, typed, types)]}
        case shapes.ByYear():
            one = written(shape.values, types.entry(typed, "additionalProperties"), types)
            return {"anyOf": [{"type": "object", "additionalProperties": one}, one]}
        case _:
            return _single(shape, typed)


def _record(shape: Record, typed: Schema, types: Types) -> Schema:
    properties = {name: written(field, types.entry(typed, name), types) for name, field in shape.fields.items()}
    # An id is the key under which a thing stands; a link without one gets one from its ends.
    required = [name for name in typed.get("required", ()) if name in properties and name != "id"]
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"required": required} if required else {}) | _described(typed)


def _described(typed: Schema) -> Schema:
    return {"description": typed["description"]} if "description" in typed else {}


def _single(shape: Shape, typed: Schema) -> Schema:
    match shape:
        case Quantity():
            unit = (
                {"description": f"a number with a unit; a plain number is in {shape.units[0]}"} if shape.units else {}
            )
            bounds = {key: typed[key] for key in BOUNDS if key in typed}
            return {"type": ["number", "string", "object"], **bounds, **unit, "$ref": f"#/$defs/{DETAIL}"}
        case shapes.Spread():
            return {"type": "object", "$ref": f"#/$defs/{DETAIL}"}
        case shapes.Deviation():
            return {
                "type": ["number", "string"],
                "description": "a standard deviation: in % or in the unit of the value",
            }
        case shapes.Text(name=True) | shapes.Reference():
            return {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
        case shapes.Text():
            return {"enum": typed["enum"]} if "enum" in typed else {"type": "string"}
        case shapes.Whole():
            return {"type": "integer"} | {key: typed[key] for key in (*BOUNDS, "const") if key in typed}
        case shapes.Flag():
            return {"type": "boolean"}
        case shapes.Date():
            return {"type": "string", "format": "date"}
        case shapes.Place():
            return COORDINATES
        case shapes.Loose() | _:
            return {}


def _unit(shape: Quantity) -> str:
    """Return in words what a number may carry and what a plain one means."""
    if not shape.units:
        return "a number, with its unit where it has one"
    if shape.units[0] == "1":
        return "a plain number or a percentage"
    words = {"amount": "t|GJ", "main": "t|GJ", "replaced": "t"}
    plain = "".join(words.get(word, word) for word in re.split(r"\b", shape.units[0]))
    return f"a number with its unit; a plain number is in {plain}"
