"""What `evidence` and `ranges` name: a value of an entry, by a path such as `moisture` or `accepts.fly_ash.ratio`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfa.park.values import Value


def stated(entry: Value, path: str) -> Any:
    """Return what stands at a path of an entry; None where nothing does.

    An acceptance goes by its material: `accepts.fly_ash.up_to`.
    """
    found: Any = entry
    for step in path.split("."):
        match found:
            case Mapping():
                found = found.get(step)
            case tuple():
                found = next((part for part in found if getattr(part, "material", None) == step), None)
            case _:
                found = getattr(found, step, None)
    return found


def number(entry: Value, path: str) -> float | None:
    """Return the number that stands at a path of an entry, in base units; None where none does."""
    found = stated(entry, path)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
