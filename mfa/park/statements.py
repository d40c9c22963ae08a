"""What a park says of where its numbers come from: a source and a confidence for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from mfa.park.material import Confidence, Material
from mfa.park.park import Park
from mfa.park.technology import Acceptance, Limit, Technology

MEANINGS = {
    "found": "found in the source",
    "derived": "derived from a source",
    "memory": "from memory, not verified",
    "illustrative": "illustrative",
    "assumed": "assumed",
    "": "nothing stated: the scenario's own",
}
"""Confidence of a number → what it means, the surest first; empty where nothing is stated."""
CONFIDENCES = tuple(MEANINGS)
VERIFIED = frozenset({"found", "derived"})
"""Confidences of numbers that somebody has read or computed: on these alone a verdict may rest."""
UNVERIFIED = frozenset({"memory", "illustrative", "assumed"})
"""Confidences of numbers that nobody has verified: they are never shown without a mark."""
MARK = "*"
"""Stands after what rests on an unverified number."""


def mark(*confidences: str | None) -> str:
    """Return what stands after something that rests on numbers of these confidences: the mark, or nothing."""
    return MARK if UNVERIFIED.intersection(confidences) else ""


def least_sure(confidences: Iterable[str | None]) -> Confidence | None:
    """Return the least sure of some confidences; what states none is the scenario's own and does not count."""
    stated = [name for name in confidences if name]
    order: dict[str, Confidence] = {name: name for name in get_args(Confidence)}
    return order[max(stated, key=CONFIDENCES.index)] if stated else None


@dataclass(frozen=True)
class Statement:
    """A number, or all numbers of an entry of a park that state nothing else, with where they come from.

    `kind` is the shelf, `of` the ids of what it is about, `field` the number (empty: all of the entry).
    """

    kind: str
    of: tuple[str, ...]
    field: str
    source: str
    year: int | None
    confidence: str

    @property
    def name(self) -> str:
        """What it is about, in ids: `fly_ash: moisture`, `clinker_kiln <- fly_ash for clay`."""
        if self.kind == "substitutions":
            technology, material, replaced = self.of
            return f"{technology} <- {material} for {replaced}"
        return ": ".join((*self.of, *([self.field] if self.field else ())))

    @property
    def is_verified(self) -> bool:
        """Whether the number was found in its source or derived from one."""
        return self.confidence in VERIFIED


def statements(park: Park) -> Iterator[Statement]:
    """Yield everything in a park that states a source or a confidence, or should; candidate links do not count.

    An entry is one, and each of its numbers that has evidence of its own.
    """
    for key, material in sorted(park.materials.items()):
        yield from _all_of("materials", key, material)
    for key, technology in sorted(park.technologies.items()):
        yield from _all_of("technologies", key, technology)
        yield from (of_acceptance(technology, acceptance) for acceptance in technology.accepts)
        yield from (of_limit(technology, limit) for limit in technology.limits)
    for link in sorted(park.links, key=lambda link: link.id):
        if link.status == "existing":
            yield _stated("existing links", (link.id,), "", link)


def of_material(material: Material, field: str) -> Statement:
    """Return where one number of a material comes from: `price`, `composition.Cl`."""
    return _stated("materials", (material.id,), field, material)


def of_content(material: Material, name: str) -> Statement:
    """Return where the content of a substance, or a property, of a material comes from."""
    return of_material(material, f"{'properties' if name in material.properties else 'composition'}.{name}")


def of_technology(technology: Technology, field: str) -> Statement:
    """Return where one number of a technology comes from: `opex`, `releases.fly_ash`."""
    return _stated("technologies", (technology.id,), field, technology)


def of_acceptance(technology: Technology, acceptance: Acceptance) -> Statement:
    """Return where ratio and share of a substitute come from."""
    return _stated("substitutions", (technology.id, acceptance.material, acceptance.replaces), "", acceptance)


def of_limit(technology: Technology, limit: Limit) -> Statement:
    """Return where a limit comes from."""
    return _stated("limits", (technology.id, "+".join(limit.weights), limit.of), "", limit)


def count(stated: Iterable[Statement]) -> dict[str, int]:
    """Return confidence → number of statements, the surest first."""
    tally = Counter(statement.confidence for statement in stated)
    return {confidence: tally[confidence] for confidence in CONFIDENCES if tally[confidence]}


def _all_of(kind: str, key: str, entry: Material | Technology) -> Iterator[Statement]:
    for field in ("", *sorted(entry.evidence)):
        yield _stated(kind, (key,), field, entry)


def _stated(kind: str, of: tuple[str, ...], field: str, entry: Any) -> Statement:
    """Return the evidence of a number: its own, else that of the field it is one value of, else that of the entry."""
    evidence = getattr(entry, "evidence", {})
    best = evidence.get(field) or evidence.get(field.partition(".")[0]) or entry
    return Statement(kind, of, field, best.source or "", getattr(best, "year", None), best.confidence or "")
