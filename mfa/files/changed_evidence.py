"""Evidence of numbers that a change put in the place of others: a source speaks for the number that it gave alone."""

from __future__ import annotations

from collections.abc import Iterable

from mfa.files.fields import PROVENANCE
from mfa.files.tree import Mark, Node, Step, join

Steps = tuple[Step, ...]

NO_NUMBERS = frozenset({"name", "description", "codes", "class", "kind", "sample", "ranges", "evidence", *PROVENANCE})
"""Parts of an entry that its evidence is not about."""
SHELVES = {"materials", "technologies"}
"""Entries of these may state evidence number by number."""


def owner_of(root: Node, steps: Steps, changed: Iterable[Steps]) -> Steps:
    """Return where the innermost entry stands whose evidence is about a changed number; nothing where none is.

    Nor where the changes themselves say where the number is from.
    """
    depth, node = 0, root
    for number, step in enumerate(steps[:-1], start=1):
        entry = node.items[step] if isinstance(step, int) else node.get(str(step))
        if entry is None:
            break
        node = entry
        if {"source", "confidence"} & node.fields.keys():
            depth = number
    owner = steps[:depth]
    told = {("source",), ("confidence",), ("evidence", _field(steps, owner))}
    if not owner or steps[depth] in NO_NUMBERS or any(s[:depth] == owner and s[depth:] in told for s in changed):
        return ()
    return owner


def assumed(owner: Steps, steps: Steps, old: str | None, entry: Node | None, path: str) -> Node:
    """Return an entry in which a changed number is assumed: by evidence of its own, or as all of a small entry."""
    entry = entry or Node({}, Mark(""), path)
    stated = {"source": f"changed from {old}" if old else "set by a change", "confidence": "assumed"}
    texts = {key: Node(text, entry.mark, join(entry.path, key), plain=False) for key, text in stated.items()}
    if len(owner) != 3 or owner[1] not in SHELVES:
        return entry.with_content({**{k: v for k, v in entry.fields.items() if k not in PROVENANCE}, **texts})
    field = _field(steps, owner)
    evidence = entry.get("evidence") or Node({}, entry.mark, join(entry.path, "evidence"))
    kept = {key: node for key, node in evidence.fields.items() if key != field and not key.startswith(f"{field}.")}
    kept[field] = Node(dict(texts), entry.mark, join(evidence.path, field))
    return entry.with_content({**entry.fields, "evidence": evidence.with_content(kept)})


def _field(steps: Steps, owner: Steps) -> str:
    return ".".join(map(str, steps[len(owner) :]))
