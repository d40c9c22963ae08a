"""The bundled font: known to matplotlib by name, and cut down to the characters of one report."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path

FAMILY = "Mfa Sans SC"
MISSING = "□"
"""What stands for a character that the font lacks, so that no drawing ever warns or shows nothing."""


def font_path() -> Path:
    """Return the bundled font file."""
    return Path(str(resources.files("mfa.views").joinpath("fonts/mfa-sans-sc.otf")))


@cache
def covered() -> frozenset[int]:
    """Return the code points that the font shows."""
    from fontTools.ttLib import TTFont

    with TTFont(font_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """Return `text` on one line with every character that the font lacks replaced."""
    words = " ".join(text.split())
    return "".join(character if ord(character) in covered() else MISSING for character in words)


@cache
def register() -> None:
    """Make the font known to matplotlib by its family name."""
    from matplotlib import font_manager

    font_manager.fontManager.addfont(font_path())


def embedded(texts: Iterable[str]) -> str:
    """Return a `data:` address of the font cut down to the characters of `texts`."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    subsetter = subset.Subsetter(subset.Options(layout_features=[], notdef_outline=True))
    subsetter.populate(unicodes={ord(character) for text in texts for character in text} & covered())
    file = BytesIO()
    with TTFont(font_path(), recalcTimestamp=False) as font:
        subsetter.subset(font)
        font.save(file)
    return "data:font/otf;base64," + b64encode(file.getvalue()).decode("ascii")
