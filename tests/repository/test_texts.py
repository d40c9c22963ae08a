"""Everything a user reads exists in English and in Chinese, with the same fields."""

import ast
import json
from pathlib import Path
from string import Formatter

import pytest

from mfa.files.templates import COMMENT, template_text, templates
from mfa.language import chinese, current

ROOT = Path(__file__).parents[2]
ROOMS = sorted((ROOT / "mfa" / "locale" / "zh").glob("*.json"))


def messages():
    """Yield (place, English text, names of the values it is given or None where they are not literal)."""
    for file in sorted((ROOT / "mfa").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr"
            if named and isinstance(node.args[0], ast.Constant):
                given = {keyword.arg for keyword in node.keywords} - {"language"}
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node.args[0].value, None if None in given else given


def fields(text):
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_message_has_a_chinese_text():
    found = list(messages())
    assert len(found) > 40
    assert [f"{place}: {text}" for place, text, _ in found if text not in chinese()] == []


def test_every_message_gets_the_values_it_names():
    wrong = [place for place, text, given in messages() if given is not None and given and fields(text) != given]
    assert wrong == []


def test_a_chinese_text_names_the_same_values():
    assert {english: zh for english, zh in chinese().items() if fields(english) != fields(zh)} == {}


@pytest.mark.parametrize("room", ROOMS, ids=lambda file: file.stem)
def test_a_chinese_text_is_there_and_is_chinese(room):
    texts = json.loads(room.read_text(encoding="utf-8"))
    assert [english for english, zh in texts.items() if not zh.strip()] == []
    assert list(texts) == sorted(texts)


def test_two_rooms_never_translate_one_text_differently():
    seen = {}
    for room in ROOMS:
        for english, zh in json.loads(room.read_text(encoding="utf-8")).items():
            seen.setdefault(english, set()).add(zh)
    assert {english: zh for english, zh in seen.items() if len(zh) > 1} == {}


@pytest.mark.parametrize("name", sorted(templates()))
def test_every_comment_of_a_template_has_a_chinese_text(name):
    text = templates()[name]
    comments = [found["text"] for found in COMMENT.finditer(text)]
    assert len(comments) > 8
    assert [comment for comment in comments if comment not in chinese()] == []


def test_a_template_in_chinese_holds_no_english_comment():
    token = current.set("zh")
    try:
        lines = template_text(templates()["first"], "园区").splitlines()
    finally:
        current.reset(token)
    assert lines[0] == "# yaml-language-server: $schema=mfa.schema.json"
    comments = [line.split("# ", 1)[1] for line in lines[1:] if "# " in line]
    assert all(any("\u4e00" <= character <= "\u9fff" for character in comment) for comment in comments)
