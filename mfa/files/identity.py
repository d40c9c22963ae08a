"""Ids that cannot be told apart: the same in other letters, given to two things, or mixed from several scripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from mfa.files.tree import Fault, Mark, Node
from mfa.language import tr
from mfa.park.values import ENVIRONMENT

_LOOKALIKES = ("LATIN", "CYRILLIC", "GREEK")
"""Scripts whose letters look like one another's."""


def check_ids(park: Node) -> Iterator[Fault]:
    """Yield what is wrong with the ids and names of a park's tree."""
    for part in ("materials", "technologies", "in_use"):
        yield from _clashes(_named(park, part))
    yield from _clashes([*_named(park, "firms"), *_named(park, "boundary")])
    yield from _clashes(_link_ids(park))
    for key, node in (*_named(park, "firms"), *_named(park, "boundary")):
        if key == ENVIRONMENT and node.word("kind") != ENVIRONMENT:
            message = tr("'environment' names what is outside every park; choose another id")
            yield Fault(node.named_at, node.path, message)
    for part in ("materials", "technologies", "firms", "boundary", "in_use"):
        for key, node in _named(park, part):
            yield from _mixed(key, node.named_at, node.path)
            yield from _mixed_name(node)


def _named(park: Node, part: str) -> list[tuple[str, Node]]:
    node = park.get(part)
    return list(node.fields.items()) if node is not None else []


def _link_ids(park: Node) -> list[tuple[str, Node]]:
    links = park.get("links")
    ids = [link.get("id") for link in links.items] if links is not None else []
    return [(node.text, node) for node in ids if node is not None and node.text is not None]


def _clashes(named: list[tuple[str, Node]]) -> Iterator[Fault]:
    seen: dict[str, tuple[str, Node]] = {}
    for key, node in named:
        folded = unicodedata.normalize("NFKC", key).casefold()
        if folded not in seen:
            seen[folded] = (key, node)
            continue
        other, first = seen[folded]
        if key == other:
            message = tr("'{key}' is already given in {place}; rename one of the two", key=key, place=first.named_at)
        else:
            message = tr("'{key}' differs from '{other}' in {place} only in the form of its letters; rename one",
                         key=key, other=other, place=first.named_at)  # fmt: skip
        yield Fault(node.named_at, node.path, message)


def _mixed_name(node: Node) -> Iterator[Fault]:
    name = node.get("name")
    for text in [name, *name.fields.values()] if name is not None else []:
        if text.text is not None:
            yield from _mixed(text.text, text.mark, text.path)


def _mixed(text: str, mark: Mark, path: str) -> Iterator[Fault]:
    if text.isascii():
        return
    for word in re.findall(r"[^\W\d_]+", text):
        letters = {script: c for c in word for script in _LOOKALIKES if unicodedata.name(c, "").startswith(script)}
        if len(letters) > 1:
            shown = tr(" and ").join(f"{script} '{letter}'" for script, letter in sorted(letters.items()))
            message = tr("'{word}' mixes letters that look alike: {letters}; retype it", word=word, letters=shown)
            yield Fault(mark, path, message, "warning")
            return
