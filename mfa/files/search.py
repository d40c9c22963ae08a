"""Tolerant search: in either language, without regard to case, width, signs between words, or a slip of spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from mfa.files import library
from mfa.files.tree import Node

ALIKE = 0.75
"""Likeness (difflib) from which a misspelt word is taken for another."""
ALIKE_CHARACTERS = 0.6
"""The same for Chinese, where a character weighs more than a letter."""
SHORTEST_PART = 3
"""A name that is part of what was asked for says something from so many letters on (two Chinese characters)."""


def plain(text: str) -> str:
    """Return a text as it is compared: NFKC, case folded, every sign between words a blank."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()


def search(query: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the ids that a query means, best first.

    Args:
        query: some words in English or Chinese.
        names: id → all that it is called.
    """
    wanted = plain(query)
    if not wanted:
        return list(names)
    ranks = {key: min((_rank(wanted, plain(name)) for name in called), default=9.0) for key, called in names.items()}
    return sorted((key for key, rank in ranks.items() if rank < 9), key=lambda key: (ranks[key], key))


def _rank(wanted: str, name: str) -> float:
    """Return how far a name is from what is wanted: 0 the same, below 3 a hit, below 4 alike, 9 another."""
    if not name:
        return 9.0
    if wanted == name:
        return 0.0
    if name.startswith(wanted):
        return 1.0
    if wanted in name or all(word in name for word in wanted.split()):
        return 2.0
    if name in wanted and len(name) >= (2 if is_chinese(name) else SHORTEST_PART):
        return 2.5
    alike = max(likeness(wanted, part) for part in (name, *name.split()))
    return 4.0 - alike if alike >= (ALIKE_CHARACTERS if is_chinese(wanted) else ALIKE) else 9.0


def likeness(a: str, b: str) -> float:
    """Return how alike two texts are, from 0 to 1 (difflib)."""
    matcher = SequenceMatcher(None, a[:100], b[:100], autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() > ALIKE_CHARACTERS else 0.0


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def called(key: str, entry: Node) -> list[str]:
    """Return all that an entry of the library is called: id, names in both languages, aliases, codes."""
    words = [key]
    for field in ("name", "use", "codes"):
        node = entry.get(field)
        if node is not None:
            words += [node.text] if node.text else [part.text for part in node.fields.values() if part.text]
    other = library.entries("aliases").get(key)
    return words + [part.text for part in (other.items if other else ()) if part.text]
