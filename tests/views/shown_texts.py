"""Which texts the views show: literals given to `tr` and `say`, and the named tables of texts."""

from __future__ import annotations

import ast
from pathlib import Path

from mfa.park.statements import MEANINGS
from mfa.views import charts, numbers, palette, park_map
from mfa.views.report import making
from mfa.views.sankey import flows

FOLDER = Path(charts.__file__).parent


def literals() -> set[str]:
    """Return every text that the source gives to `tr`, `say` or a function that passes it on."""
    found: set[str] = set()
    for file in FOLDER.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            found |= _texts(node)
    return found


def _texts(node: ast.AST) -> set[str]:
    """Return texts of a call of `tr` or `say`, and of names and loops whose texts are said later."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = {"tr": 0, "say": 0, "picture": 1, "_change": 1}.get(name)
        arguments = node.args[first : first + 1] if first is not None else []
        return {value for argument in arguments for value in _strings(argument)}
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        said = {"text", "words", "note", "remark", "caption", "headings", "heads", "heading", "HONEST"}
        return _strings(node.value) if node.targets[0].id in said else set()
    if isinstance(node, ast.comprehension) and isinstance(node.iter, (ast.Tuple, ast.List)):
        return _strings(node.iter)
    return set()


def _strings(node: ast.AST) -> set[str]:
    """Return the texts of a literal, a conditional or a tuple; not those within calls."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return _strings(node.body) | _strings(node.orelse)
    if isinstance(node, (ast.Tuple, ast.List)):
        return {text for element in node.elts for text in _strings(element)}
    return set()


def tables() -> set[str]:
    """Return the texts of the named tables."""
    return {
        *palette.CLASS_NAMES.values(),
        *flows.TITLES.values(),
        *charts.CODES.values(),
        *park_map.NAMES.values(),
        *(name for name, _, _ in park_map.MEDIA.values()),
        *MEANINGS.values(),
        *(text for fields in numbers.FIELDS.values() for text in fields.values()),
        *numbers.OF.values(),
        *making.STATUS.values(),
        "materials", "technologies", "substitutions", "limits", "existing links",
        "In the input", "In the simulation of today", "In the simulation with the plan", "Read, but not acted on yet",
    }  # fmt: skip


def shown() -> set[str]:
    """Return every text that has words in it; ids of indicators have none."""
    texts = literals() | tables()
    return {text for text in texts if "_" not in text and any(character.isalpha() for character in text)}
