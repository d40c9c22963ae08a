"""The schema accepts what people write, and nothing that the reader would refuse for its shape."""

import json
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mfa.files.schema import scenario_schema

ROOT = Path(__file__).parents[2]
SCHEMA = scenario_schema()
FILES = sorted((ROOT / "scenarios").rglob("*.yaml"))
TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float), "integer": int
}  # fmt: skip


def plain(value):
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def read(text):
    return plain(YAML(typ="safe").load(text))


def faults(value, schema, path=""):
    """Yield the places where a value breaks the part of JSON Schema that ours uses."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(isinstance(value, TYPES[k]) and (k == "boolean") == isinstance(value, bool) for k in kinds):
        yield f"{path}: not {kinds}"
        return
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        yield f"{path}: not one of the choices"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            yield f"{path}: out of bounds"
        if value <= schema.get("exclusiveMinimum", value - 1):
            yield f"{path}: out of bounds"
    if isinstance(value, dict) and "$ref" in schema:
        yield from faults(value, SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]], path)
    elif isinstance(value, dict):
        yield from (f"{path}.{name}: missing" for name in schema.get("required", ()) if name not in value)
        for key, entry in value.items():
            below = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            yield from [f"{path}.{key}: unknown"] if below is False else faults(entry, below, f"{path}.{key}")
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield from faults(entry, schema.get("items", {}), f"{path}[{index}]")
    alternatives = [list(faults(value, part, path)) for part in schema.get("anyOf", ())]
    if alternatives and all(alternatives):
        yield from min(alternatives, key=len)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_scenario_we_ship_fits_the_schema(file):
    assert list(faults(read(file.read_text(encoding="utf-8")), SCHEMA)) == []


SMALL = "park: {firms: {kiln: {runs: burn, capacity: 10 t/day}}}\ntime: {start: 2025-01-01, end: 2025-12-31}\n"


@pytest.mark.parametrize(
    "text",
    [
        SMALL,
        SMALL + "name: 水泥园区",
        SMALL + "name: {zh: 水泥园区}",
        SMALL + "policies: [{kind: levy, on: bulk_solid_waste, rate: 25 CNY/t}]",
        SMALL + "policies: [{kind: levy, on: [ash, slag], rate: {2025: 0, 2026: 25 CNY/t}}]",
        SMALL + "optimize: {objectives: net_benefit}",
        "extends: base.yaml\nchange: {park.firms.kiln.capacity: 1400 kt/yr}",
        "park: {firms: {table: firms.csv}, links: {table: links.csv}}\ntime: {start: 2025-01-01, end: 2025-12-31}",
        "park: parks/base.yaml\ntime: {start: 2025-01-01, end: 2025-12-31}",
        SMALL.replace(
            "runs: burn, capacity: 10 t/day", "lines: {burn: {runs: burn, capacity: 3.5}}, at: [113.2, 35.1]"
        ),
    ],
)
def test_short_forms_fit_the_schema(text):
    assert list(faults(read(text), SCHEMA)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name: nothing else", ".extends: missing"),
        (SMALL.replace("capacity", "capacty"), ".park.firms.kiln.capacty: unknown"),
        (SMALL.replace("10 t/day", "-1"), ".park.firms.kiln.capacity: out of bounds"),
        (SMALL.replace("10 t/day", "true"), ".park.firms.kiln.capacity: not ['number', 'string', 'object']"),
        (SMALL + "unknown: perhaps", ".unknown: not one of the choices"),
        (SMALL + "mfa: 2", ".mfa: not one of the choices"),
        (SMALL + "optimize: {subject_to: {links: 1.5}}", ".optimize.subject_to.links: not ['integer']"),
    ],
)
def test_what_the_reader_refuses_for_its_shape_does_not_fit(text, fault):
    found = list(faults(read(text), SCHEMA))
    assert any(fault in one for one in found), found


def test_choices_bounds_and_meanings_come_from_the_types():
    park = SCHEMA["properties"]["park"]["anyOf"][0]["properties"]
    material = park["materials"]["additionalProperties"]["properties"]
    assert "bulk_solid_waste" in material["class"]["enum"]
    assert material["moisture"]["minimum"] == 0
    assert park["firms"]["additionalProperties"]["description"].startswith("A firm: lines, inventories and a place.")
    assert "required" not in park["firms"]["additionalProperties"]
    assert park["firms"]["additionalProperties"]["properties"]["lines"]["additionalProperties"]["required"] == [
        "runs",
        "capacity",
    ]


def test_the_command_prints_the_schema(mfa):
    done = mfa("schema")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == SCHEMA
