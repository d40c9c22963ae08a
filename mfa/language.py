"""What a user reads, in English and Chinese.

The English text is the key; `mfa/locale/zh/*.json` hold the Chinese ones, one file a room.
"""

from __future__ import annotations

import json
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

current: ContextVar[Language] = ContextVar("language", default="en")
"""The language in which messages are written where none is named."""


@cache
def chinese() -> dict[str, str]:
    """Return English text → Chinese text, of all rooms."""
    texts: dict[str, str] = {}
    for file in sorted(resources.files("mfa").joinpath("locale/zh").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            texts |= json.loads(file.read_text(encoding="utf-8"))
    return texts


def tr(text: str, language: Language | None = None, **values: object) -> str:
    """Return `text` in `language` (by default the current one), with `{name}` fields filled from `values`."""
    template = chinese().get(text, text) if (language or current.get()) == "zh" else text
    return template.format(**values) if values else template
