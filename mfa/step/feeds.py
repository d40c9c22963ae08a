"""What each line may take instead of its inputs, and the limits on its feed as linear rows (semantics §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mfa.language import tr
from mfa.park.contents import Contents
from mfa.park.material import Confidence, Material
from mfa.park.park import Park
from mfa.park.statements import least_sure, mark, of_content
from mfa.park.technology import Acceptance, Limit, Technology

Unknown = Literal["refuse", "allow"]


@dataclass(frozen=True)
class Row:
    """One limit as a linear row: Σ use·`of_use` + Σ rest·`of_input` + activity·`of_activity` ≤ 0 (dry t a day).

    `of_use` is by material, `of_input` by input (for what of it is not replaced), all dry t.
    """

    limit: Limit
    of_use: dict[str, float]
    of_input: dict[str, float]
    of_activity: float


@dataclass(frozen=True)
class Feed:
    """What one technology takes: permitted substitutes, refused ones with the reason, and limit rows."""

    technology: Technology
    permitted: tuple[Acceptance, ...]
    refused: tuple[tuple[Acceptance, str, str], ...]
    rows: tuple[Row, ...]


def feed_of(park: Park, technology: Technology, contents: Contents, unknown: Unknown = "refuse") -> Feed:
    """Return what a technology may take in this park, with a (code, reason) for every refused substitute."""
    limits = [limit for limit in technology.limits if limit.of != "material"]
    virgin = _unknown_virgin(park, technology, contents, limits) if unknown == "refuse" else ""
    permitted, refused = [], []
    for acceptance in technology.accepts:
        code, reason = _refusal(park, technology, acceptance, contents, unknown)
        if virgin and not code:
            code, reason = "unknown", virgin
        if code:
            refused.append((acceptance, code, reason))
        else:
            permitted.append(acceptance)
    materials = [a.material for a in permitted]
    rows = [row for limit in limits for row in _rows(park, technology, limit, materials, contents)]
    return Feed(technology, tuple(permitted), tuple(refused), tuple(rows))


def describe(limit: Limit) -> str:
    """Return a limit in a few words, marked where nobody has verified it: `SO3 ≤ 3.5 %* of the product`."""
    parts = [name if weight == 1 else f"{weight:g} {name}" for name, weight in sorted(limit.weights.items())]
    unsure = mark(limit.confidence)
    bounds = [f"{sign} {say_content(bound)}{unsure}"
              for sign, bound in (("≤", limit.max), ("≥", limit.min)) if bound is not None]  # fmt: skip
    what = f"{' + '.join(parts)} {' '.join(bounds)}"
    if limit.of == "feed":
        return tr("{what} of the feed", what=what)
    return tr("{what} of the product", what=what) if limit.of == "product" else tr("{what} of the material", what=what)


def say_content(content: float) -> str:
    """Return a share in per cent, and a property's value as it is."""
    return f"{content * 100:.4g} %" if abs(content) <= 1 else f"{content:.4g}"


def content_confidence(park: Park, material: str, limit: Limit) -> Confidence | None:
    """Return the least sure confidence of the contents of a material that a limit reads."""
    return least_sure(of_content(park.materials[material], name).confidence for name in limit.weights)


def _mass_inputs(park: Park, technology: Technology) -> list[str]:
    return [m for m, amount in sorted(technology.uses.items()) if park.materials[m].is_mass and amount > 0]


def _unknown_virgin(park: Park, technology: Technology, contents: Contents, limits: list[Limit]) -> str:
    for limit in limits:
        for material in _mass_inputs(park, technology):
            if contents.weighted(material, limit) is None:
                return tr("cannot be checked: {what} of {material}, a feed of {technology}, is unknown",
                          what="+".join(limit.weights), material=material, technology=technology.id)  # fmt: skip
    return ""


def _refusal(
    park: Park, technology: Technology, acceptance: Acceptance, contents: Contents, unknown: Unknown
) -> tuple[str, str]:
    material, replaced = park.materials[acceptance.material], park.materials.get(acceptance.replaces)
    if replaced is not None and _colder(material, replaced):
        return "temperature", tr("{material} at {a:g} °C cannot replace {replaced} at {b:g} °C", material=material.id,
                                 a=material.temperature_c, replaced=replaced.id, b=replaced.temperature_c)  # fmt: skip
    if not material.is_mass:
        return "", ""
    for limit in technology.limits:
        if limit.of == "material" and limit.material not in (None, acceptance.material):
            continue
        content = contents.weighted(acceptance.material, limit)
        if content is None and unknown == "refuse":
            return "unknown", tr("cannot be checked: {what} of {material} is unknown",
                                 what="+".join(limit.weights), material=acceptance.material)  # fmt: skip
        if limit.of == "material" and content is not None and _breaks(limit, content):
            has = say_content(content) + mark(content_confidence(park, acceptance.material, limit))
            return "limit", tr("{material} has {content}, the limit is {limit}",
                               material=acceptance.material, content=has, limit=describe(limit))  # fmt: skip
    return "", ""


def _colder(material: Material, replaced: Material) -> bool:
    a, b = material.temperature_c, replaced.temperature_c
    return a is not None and b is not None and a < b


def _breaks(limit: Limit, content: float) -> bool:
    above = limit.max is not None and content > limit.max * (1 + 1e-12)
    return above or (limit.min is not None and content < limit.min * (1 - 1e-12))


def _rows(park: Park, technology: Technology, limit: Limit, materials: list[str], contents: Contents) -> list[Row]:
    rows = []
    for sign, bound in ((1.0, limit.max), (-1.0, limit.min)):
        if bound is None:
            continue
        held = bound if limit.of == "feed" else 0.0
        released = sum(
            amount * contents.known(m, limit)
            for m, amount in sorted(technology.releases.items())
            if park.materials[m].is_mass
        )
        rows.append(
            Row(
                limit,
                {m: sign * (contents.known(m, limit) - held) for m in materials if park.materials[m].is_mass},
                {m: sign * (contents.known(m, limit) - held) for m in _mass_inputs(park, technology)},
                0.0 if limit.of == "feed" else sign * (-released - bound),
            )
        )
    return rows
