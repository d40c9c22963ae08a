"""The JSON Schema of scenario files as people write them, derived from the types of `mfa.park`.

The types hold values as the toolkit keeps them; a file may write them shorter: a number with its unit, a name as
plain text, a firm with its one line, a list of one as the thing itself, ids as keys.
"""

from __future__ import annotations

import json
from typing import Any

from mfa.park.scenario import Scenario

KEYED = ("Material", "Technology", "Firm", "Boundary", "Line")
"""Types that stand under their id, which is not repeated inside."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """Return the schema as JSON text."""
    return json.dumps(scenario_schema(), ensure_ascii=False, indent=1) + "\n"


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file."""
    schema: dict[str, Any] = as_written(Scenario.model_json_schema(by_alias=True))
    types = schema["$defs"]
    for name in KEYED:
        types[name]["properties"].pop("id")
        _make_optional(types[name], "id")
    _make_optional(types["Link"], "id")
    _allow_the_line_of_a_firm(types)
    types["Text"] = {"anyOf": [{"type": "string"}, types["Text"]]}
    types["Park"] = {"anyOf": [types["Park"], {"type": "string", "description": "a file that holds the park"}]}
    return _with_inheritance(schema) | {"$schema": DIALECT, "title": "mfa scenario"}


def as_written(schema: Any) -> Any:
    """Return a schema of values as one of what a file may write for them: units, single items, no explicit nulls."""
    if isinstance(schema, list):
        return [as_written(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: as_written(part) for key, part in schema.items() if key not in ("title", "default")}
    if "properties" in schema:
        kept["properties"] = {name: as_written(part) for name, part in schema["properties"].items()}
    alternatives = [part for part in kept.get("anyOf", ()) if part != {"type": "null"}]
    if len(alternatives) == 1:
        return {key: part for key, part in kept.items() if key != "anyOf"} | alternatives[0]
    if alternatives:
        return kept | {"anyOf": alternatives}
    if kept.get("type") == "number":
        return kept | {"type": ["number", "string"]}
    if kept.get("type") == "array" and kept.get("items", {}).get("type") == "string":
        return {"anyOf": [kept, kept["items"]]}
    return kept


def _make_optional(schema: dict[str, Any], name: str) -> None:
    schema["required"] = [required for required in schema.get("required", ()) if required != name]


def _allow_the_line_of_a_firm(types: dict[str, Any]) -> None:
    """A firm with one line writes it on itself: `runs`, `capacity`, `utilisation`, …."""
    own = types["Firm"]["properties"]
    types["Firm"]["properties"] = {**types["Line"]["properties"], **own}


def _with_inheritance(schema: dict[str, Any]) -> dict[str, Any]:
    """A file that extends another holds only the differences, so it need not name what is required."""
    extends = {"type": "string", "description": "another scenario file; this one then holds only the differences"}
    change = {"type": "object", "description": "path → value, e.g. park.firms.kiln.capacity: 1400 kt/yr"}
    complete = {"required": schema["required"]}
    return {key: part for key, part in schema.items() if key != "required"} | {
        "properties": {"extends": extends, "change": change, **schema["properties"]},
        "anyOf": [complete, {"required": ["extends"]}],
    }
