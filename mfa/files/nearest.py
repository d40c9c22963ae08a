"""Near names: what a mistyped word was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from mfa.language import tr

MOST_COMPARED = 5000
"""Comparing a word with more names than this would take seconds."""


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> list[str]:
    """Return up to three known words that look like `word`, best first; those that differ only in case come first."""
    names = sorted(set(known))[:MOST_COMPARED]
    same = [name for name in names if name.casefold() == word.casefold()]
    return list(dict.fromkeys(same + get_close_matches(word[:100], names, n=3, cutoff=likeness)))[:3]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'a' or 'b'?`, or nothing where no known word is near."""
    return told_near(nearest(word, known))


def told_near(near: Iterable[str]) -> str:
    """Return `; did you mean 'a' or 'b'?` of the words that are near, or nothing where there are none."""
    if not near:
        return ""
    return tr("; did you mean {names}?", names=tr(" or ").join(f"'{name}'" for name in near))
