"""The table of keys and the types of a park agree, so that neither knows a key that the other does not."""

import ast
import json
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from mfa.files import fields
from mfa.files.shapes import (
    ByYear,
    Date,
    Deviation,
    Either,
    Flag,
    Listing,
    Loose,
    Place,
    Quantity,
    Record,
    Reference,
    Spread,
    Table,
    Text,
    Whole,
)
from mfa.park.distribution import Distribution
from mfa.park.scenario import Scenario
from mfa.park.statistics import STATISTICS
from mfa.park.values import FrozenDict

FILES = Path(fields.__file__).parent
LOCALE = FILES.parent / "locale" / "zh"


def bare(annotation):
    """Return an annotation without Annotated and None."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        kinds = [bare(part) for part in get_args(annotation) if part is not NoneType]
        return kinds[0] if len(kinds) == 1 else tuple(kinds)
    return annotation


MEANT_OTHERWISE = {"Firm": set(fields.LINE_FIELDS), "Material": {"sample"}}
"""Keys that become something else: a firm's one line, the values of a sample."""


def disagreements(shape, annotation, path=""):
    """Yield the paths at which a form and a type do not mean the same."""
    kind = bare(annotation)
    if isinstance(shape, Either):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        inner = [
            one
            for one in kinds
            if get_origin(one) is FrozenDict or (isinstance(one, type) and issubclass(one, BaseModel))
        ]
        yield from disagreements(shape.mapping, inner[0], path)
    elif isinstance(shape, ByYear):
        yield from disagreements(shape.table, kind, path)
    elif isinstance(shape, Record) and get_origin(kind) is FrozenDict:
        if set(shape.fields) != set(STATISTICS):
            yield path, set(shape.fields) ^ set(STATISTICS)
    elif isinstance(shape, Record):
        models = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        wanted = set(models) - {"id"} | ({"id"} & set(shape.fields))
        allowed = set(shape.fields) - MEANT_OTHERWISE.get(kind.__name__, set())
        if wanted != allowed:
            yield path, wanted ^ allowed
        for key in wanted & allowed:
            yield from disagreements(shape.fields[key], models[key], f"{path}.{key}")
    elif isinstance(shape, Table):
        if get_origin(kind) is not FrozenDict:
            yield path, kind
        else:
            yield from disagreements(shape.values, get_args(kind)[1], f"{path}.*")
    elif isinstance(shape, Listing):
        if get_origin(kind) is not tuple:
            yield path, kind
        else:
            yield from disagreements(shape.of, get_args(kind)[0], f"{path}[]")
    elif not isinstance(shape, Loose) and not fits(shape, kind):
        yield path, kind


def fits(shape, kind):
    """Whether values of a form are what a type holds."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    names = {getattr(one, "__name__", str(one)) for one in kinds}
    match shape:
        case Quantity():
            return "float" in names
        case Deviation():
            return set(kind.model_fields) == {"share", "amount"}
        case Whole():
            return kind is int or get_args(kind) == (1,)
        case Flag():
            return kind is bool
        case Date():
            return "date" in names
        case Place():
            return get_args(kind) == (float, float)
        case Spread():
            return kind is Distribution
        case Text() | Reference():
            return kind is str or get_origin(kind) is Literal
    return kind is Any


def test_every_key_is_a_field_of_its_kind():
    assert list(disagreements(fields.SCENARIO, Scenario)) == []


def spoken():
    """Yield the English texts of this room that reach `tr` by name: what is called message, and tables of messages."""
    for file in sorted(FILES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = getattr(target, "id", "")
            if name == "message" and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                yield node.value.value
            if name in ("_KNOWN_ERRORS", "_KIND_WORDS", "_BOUNDS"):
                for value in ast.literal_eval(node.value).values():
                    yield value if isinstance(value, str) else value[0]


def test_every_message_that_is_named_first_has_a_chinese_text():
    known = {text for file in LOCALE.glob("*.json") for text in json.loads(file.read_text(encoding="utf-8"))}
    texts = list(spoken())
    assert len(texts) > 20
    assert [text for text in texts if text not in known] == []
