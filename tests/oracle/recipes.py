"""What clock and optimiser of the oracle both read off a park: ways to cover inputs, limits, origins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import ceil, inf
from typing import Literal

from mfa.park.firm import Firm, Line
from mfa.park.link import Link
from mfa.park.material import Material
from mfa.park.park import Park
from mfa.park.technology import Limit, Technology

LineKey = tuple[str, str]
Option = tuple[str, str]
"""(material, replaced input); the two are equal where the input is taken as itself."""
Stock = tuple[str, str]
"""(firm, material)."""


@dataclass(frozen=True)
class Reading:
    """The choices made where the text leaves room; each field is explained in README.md."""

    direct: Literal["before", "in_group", "after"] = "after"
    set_aside: bool = True
    rest: Literal["flows", "stocks"] = "stocks"
    reserve_first: bool = True
    first_ask: Literal["every_link", "sources_with_stock"] = "every_link"
    steam_need: Literal["less_own", "whole"] = "less_own"


TEXT = Reading()
"""The text as the oracle reads it."""


@dataclass(frozen=True)
class Way:
    """One permitted way to cover an input: a tonne covers `ratio` tonnes, up to a share of the need."""

    ratio: float
    up_to: float
    priority: int


@dataclass(frozen=True)
class Bound:
    """A limit as Σ weight·fed + constant·activity ≤ 0."""

    weights: dict[str, float]
    constant: float


def is_sold(park: Park, material: str) -> bool:
    """Whether a market sells the material."""
    return park.market_for(material, "sells") is not None


def lines(park: Park) -> dict[LineKey, tuple[Line, Technology]]:
    """Return every installed line with its technology, by firm and line id."""
    return {
        (firm.id, key): (line, park.technologies[line.runs])
        for _, firm in sorted(park.firms.items())
        for key, line in sorted(firm.lines.items())
    }


def lead_steps(link: Link, step: float) -> int:
    """Lead in whole steps, at least one (semantics §6)."""
    return max(1, ceil(link.lead_time / step - 1e-9))


# --- substitution -------------------------------------------------------------------------------------------------


def refusal(park: Park, tech: Technology, material: str, unknown: str) -> str | None:
    """Why an accepted material may not be fed to the technology, or None (semantics §3)."""
    for limit in tech.limits:
        if limit.of == "material":
            if limit.material == material and not _meets(limit, park.materials[material], unknown):
                return "limit"
        elif unknown == "refuse":
            feeds = [material, *(i for i in tech.uses if park.materials[i].is_mass)]
            for feed in feeds:
                if park.materials[feed].is_mass and _content(limit, park.materials[feed]) is None:
                    return "unknown"
    return None


def _content(limit: Limit, material: Material) -> float | None:
    known = {name: material.content(name) for name in limit.weights}
    if any(value is None for value in known.values()):
        return None
    return sum(weight * (known[name] or 0.0) for name, weight in limit.weights.items())


def _known_content(limit: Limit, material: Material) -> float:
    return sum(weight * (material.content(name) or 0.0) for name, weight in limit.weights.items())


def _meets(limit: Limit, material: Material, unknown: str) -> bool:
    value = _content(limit, material)
    if value is None:
        return unknown == "allow"
    return (limit.max is None or value <= limit.max) and (limit.min is None or value >= limit.min)


def ways(park: Park, tech: Technology, unknown: str) -> dict[Option, Way]:
    """Return every permitted way to cover the inputs from stock: substitutes, and each input as itself."""
    found: dict[Option, Way] = {(i, i): Way(1.0, 1.0, 1) for i, amount in sorted(tech.uses.items()) if amount > 0}
    for accepted in tech.accepts:
        if tech.uses.get(accepted.replaces, 0.0) <= 0 or accepted.up_to <= 0:
            continue
        if refusal(park, tech, accepted.material, unknown) is None:
            found[accepted.material, accepted.replaces] = Way(accepted.ratio, accepted.up_to, accepted.priority)
    return found


def permitted_use(tech: Technology, options: dict[Option, Way], material: str) -> float:
    """Largest use of a material per unit of the main product: recipe and share caps, limits ignored (semantics §6)."""
    return sum(way.up_to * tech.uses[i] / way.ratio for (m, i), way in options.items() if m == material)


def bounds(park: Park, tech: Technology) -> list[Bound]:
    """Return the limits on feed and product as linear bounds on what is fed (semantics §3)."""
    found = []
    for limit in tech.limits:
        if limit.of == "material":
            continue
        for edge, sign in ((limit.max, 1.0), (limit.min, -1.0)):
            if edge is None:
                continue
            of_feed = limit.of == "feed"
            weights = {
                m: sign * (_known_content(limit, material) - (edge if of_feed else 0.0))
                for m, material in park.materials.items()
                if material.is_mass
            }
            released = sum(
                amount * _known_content(limit, park.materials[m])
                for m, amount in tech.releases.items()
                if park.materials[m].is_mass
            )
            found.append(Bound(weights, 0.0 if of_feed else -sign * (released + edge)))
    return found


# --- origin -------------------------------------------------------------------------------------------------------


def origins(park: Park) -> dict[str, dict[str, float]]:
    """Return material → origin material → origin tonnes per tonne, for counted wastes and what is made of them."""
    treatments = [park.technologies[key] for key in sorted(park.technologies)]
    makers = {m: t for t in treatments if t.kind == "treatment" for m in t.outputs if park.materials[m].is_mass}

    @cache
    def origin(material: str) -> tuple[tuple[str, float], ...]:
        if material not in makers:
            return ((material, 1.0),) if park.materials[material].is_counted else ()
        tech = makers[material]
        made = sum(amount for m, amount in tech.outputs.items() if park.materials[m].is_mass)
        total: dict[str, float] = {}
        for m, amount in tech.uses.items():
            for source, share in origin(m):
                total[source] = total.get(source, 0.0) + amount * share / made
        return tuple(sorted(total.items()))

    return {m: dict(origin(m)) for m in sorted(park.materials)}


def worth(park: Park) -> dict[str, float]:
    """Origin tonnes of counted waste per tonne of each material."""
    return {m: sum(shares.values()) for m, shares in origins(park).items()}


# --- where things are made and taken ------------------------------------------------------------------------------


def makes(park: Park, firm: Firm) -> set[str]:
    """What the installed lines of a firm make."""
    return {
        m for line in firm.lines.values() for m, amount in park.technologies[line.runs].outputs.items() if amount > 0
    }


def takes(park: Park, techs: Iterable[Technology], unknown: str) -> set[str]:
    """What technologies can take from a link: permitted substitutes, and inputs that no market sells."""
    return {m for tech in techs for (m, i) in ways(park, tech, unknown) if m != i or not is_sold(park, m)}


def supply_rate(park: Park, node: str, material: str) -> float:
    """What a boundary source can send of a material per day."""
    return park.boundary[node].supplies.get(material, inf)
