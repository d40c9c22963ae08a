"""Names of folders: from any text, only characters that are safe on every file system."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

LONGEST = 60
"""Characters kept of a name: a Chinese one takes three bytes, and file systems allow 255."""

ALLOWED = "a-z0-9\u3400-\u4dbf\u4e00-\u9fff"
"""Small Latin letters, digits and Chinese characters."""

RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for devices."""


def slug(text: str) -> str:
    """Return a folder name for a text: allowed characters, the rest as single underscores; never empty or reserved."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    name = re.sub(f"[^{ALLOWED}]+", "_", plain).strip("_")[:LONGEST].strip("_")
    return f"{name}_" if name in RESERVED else name or "scenario"


def run_name(when: datetime, digest: str) -> str:
    """Return `<UTC time>-<hash>`, e.g. 20260131T080910Z-1f0c2a9e, for a run of the input with that digest."""
    return f"{when:%Y%m%dT%H%M%SZ}-{digest[:8]}"
