"""Where the numbers of the library come from: everything that must say so, and whether it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mfa.files.holdings import Holdings
from mfa.files.library_checks.remark import Remark
from mfa.language import tr
from mfa.park.stated import stated
from mfa.park.statements import VERIFIED

SHELVES = ("materials", "technologies", "routes")


def counts(holdings: Holdings) -> dict[str, dict[str, int]]:
    """Return how often each confidence stands in a shelf, a number with evidence of its own counted by itself."""
    tallies: dict[str, dict[str, int]] = {}
    for shelf in SHELVES:
        tally = Counter(part.confidence or "unstated" for _, part in _parts(holdings, shelf))
        tallies[shelf] = dict(sorted(tally.items()))
    items = [item for scheme in holdings.schemes.values() for item in scheme.items.values()]
    others: dict[str, list[Any]] = {
        "factors": list(holdings.factors.values()),
        "indicators of schemes": items,
        "thresholds of schemes": [item.threshold for item in items if item.threshold],
    }
    for name, parts in others.items():
        tallies[name] = dict(sorted(Counter(part.confidence or "unstated" for part in parts).items()))
    return tallies


def _parts(holdings: Holdings, shelf: str) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield everything in a shelf that must state a source and a confidence, with its address."""
    for key, entry in sorted(getattr(holdings, shelf).items()):
        yield (shelf, key), entry
        for name in ("evidence", "samples"):
            for inner, part in sorted(getattr(entry, name, {}).items()):
                yield (shelf, key, name, inner), part
        for name in ("accepts", "limits"):
            for i, part in enumerate(getattr(entry, name, ())):
                yield (shelf, key, name, i), part
        if getattr(entry, "incentive", None) is not None:
            yield (shelf, key, "incentive"), entry.incentive


def without_source(holdings: Holdings) -> Iterator[Remark]:
    """A number without a source or a confidence, or where source and confidence disagree on what is from memory."""
    for shelf in SHELVES:
        for at, part in _parts(holdings, shelf):
            yield from unsourced(at, part)


def unsourced(at: tuple[str | int, ...], part: Any) -> Iterator[Remark]:
    """Yield what a part lacks of source and confidence, or says in one of them and denies in the other."""
    for field in ("source", "confidence"):
        if not getattr(part, field):
            yield Remark("source", at, tr("no {field}; say where the number comes from", field=field))
    if part.confidence == "memory" and part.source and "memory" not in part.source:
        yield Remark("source", at, tr("confidence is memory, and the source does not say so"), "warning")
    if part.confidence in VERIFIED and "from memory" in (part.source or ""):
        text = tr("the source says from memory, and the confidence is {name}", name=part.confidence)
        yield Remark("source", at, text, "warning")


def evidence_of_nothing(holdings: Holdings) -> Iterator[Remark]:
    """Evidence for a value that the entry does not have."""
    for shelf in SHELVES:
        for key, entry in sorted(getattr(holdings, shelf).items()):
            for path in sorted(entry.evidence):
                if _is_missing(entry, path):
                    text = tr("'{path}' is no value of this entry; correct the name or remove the line", path=path)
                    yield Remark("source", (shelf, key, "evidence", path), text)


def _is_missing(entry: Any, path: str) -> bool:
    field, _, rest = path.partition(".")
    if field == "ranges" and rest:
        return rest not in entry.ranges
    return stated(entry, path) in (None, {}, ())
