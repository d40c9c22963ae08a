"""Routes of the library, and what technologies accept: names, chains, direction of ratios, two values of a number."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from mfa.files.holdings import Holdings
from mfa.files.library_checks.gb175 import is_excluded_addition
from mfa.files.library_checks.recipes import HEAT_VALUE, named_materials
from mfa.files.library_checks.remark import SAME, Remark
from mfa.files.nearest import did_you_mean
from mfa.files.route_acceptances import treated
from mfa.language import tr
from mfa.park.material import Material
from mfa.park.route import Route

MAIN_PART = 0.25
"""A material is bought for the largest part of its composition, where that is so much of it."""
BY_CONTENT = frozenset({"CaO", "Fe2O3", HEAT_VALUE})
"""What a raw material is replaced by in proportion; clay or sand is replaced by mass as well."""
FROM, TO = 0.6, 1.15
"""A ratio by content lies so far from that of the contents: losses lower it, impure inputs raise it a little."""
CALCINATION = 0.44
"""t CO2 per t of CaCO3 (44.01 ÷ 100.09)."""
CARBONATE = {"CaO": 44.01 / 56.08, "MgO": 44.01 / 40.30}
"""t CO2 that a t of the oxide would have brought as carbonate."""


def unknown_names(holdings: Holdings) -> Iterator[Remark]:
    """A receiver or a need that is not defined."""
    for key, route in sorted(holdings.routes.items()):
        if route.receiver not in holdings.sectors:
            text = tr("unknown sector '{name}'", name=route.receiver) + did_you_mean(route.receiver, holdings.sectors)
            yield Remark("name", ("routes", key, "receiver"), text)
        for i, need in enumerate(route.needs):
            if need not in holdings.needs:
                text = tr("unknown need '{name}'", name=need) + did_you_mean(need, holdings.needs)
                yield Remark("name", ("routes", key, "needs", i), text)


def incomplete(holdings: Holdings) -> Iterator[Remark]:
    """A route that saves and makes nothing, or whose dates, shares or bounds leave nothing possible."""
    for key, route in sorted(holdings.routes.items()):
        at = ("routes", key)
        if not route.replaces and not route.product:
            yield Remark("route", at, tr("names neither what it replaces nor what is made of it; add one"), "warning")
        if route.from_ and route.until and route.until < route.from_:
            yield Remark("route", (*at, "until"), tr("ends before it begins"))
        share = route.share
        if share and share.min is not None and share.max is not None and share.min > share.max:
            yield Remark("route", (*at, "share"), tr("min is above max"))
        for i, limit in enumerate(route.limits):
            if limit.min is not None and limit.max is not None and limit.min > limit.max:
                yield Remark("route", (*at, "limits", i), tr("min is above max"))


def broken_chains(holdings: Holdings) -> Iterator[Remark]:
    """A treatment or a technology that does not take what the route brings it."""
    for key, route in sorted(holdings.routes.items()):
        brought = {route.waste}
        for i, name in enumerate(route.treatment):
            recipe = holdings.technologies.get(name)
            if recipe is not None and not brought & set(recipe.uses):
                yield _not_taken(("routes", key, "treatment", i), name, route.waste)
            brought |= {recipe.product} if recipe is not None else set()
        technology = holdings.technologies.get(route.technology or "")
        if technology is not None and not brought & named_materials(technology):
            yield _not_taken(("routes", key, "technology"), technology.id, route.waste)


def _not_taken(at: tuple[str | int, ...], technology: str, material: str) -> Remark:
    message = "{technology} does not take {material}; add it to its accepts or uses, or leave the name out here"
    return Remark("contradiction", at, tr(message, technology=technology, material=material))


def said_twice(holdings: Holdings) -> Iterator[Remark]:
    """Two routes of one waste to one use at one receiver."""
    seen: dict[tuple[str | None, ...], str] = {}
    for key, route in sorted(holdings.routes.items()):
        other = seen.setdefault((route.waste, route.receiver, route.replaces, route.product, route.use.en), key)
        if other != key:
            yield Remark("contradiction", ("routes", key), tr("says the same as {other}", other=other), "warning")


def two_ratios(holdings: Holdings) -> Iterator[Remark]:
    """A route that says another ratio or share than the technology that it names."""
    for key, route in sorted(holdings.routes.items()):
        technology = holdings.technologies.get(route.technology or "")
        if technology is None:
            continue
        material = treated(holdings, route) or route.waste
        for acceptance in technology.accepts:
            if (acceptance.material, acceptance.replaces) != (material, route.replaces):
                continue
            for field, mine in (("ratio", route.ratio), ("up_to", route.up_to)):
                theirs = getattr(acceptance, field)
                if mine is not None and abs(mine - theirs) > SAME * max(mine, theirs):
                    text = tr("{field} is {mine:g} here and {theirs:g} in {technology}", field=field, mine=mine,
                              theirs=theirs, technology=technology.id)  # fmt: skip
                    yield Remark("contradiction", ("routes", key, field), text, "warning")


def unlikely_ratios(holdings: Holdings) -> Iterator[Remark]:
    """A ratio that does not fit what the two materials hold, or only when it is turned over."""
    for key, route in sorted(holdings.routes.items()):
        if route.ratio and route.replaces:
            waste = treated(holdings, route) or route.waste
            yield from _unlikely(holdings, ("routes", key, "ratio"), waste, route.replaces, route.ratio)
    for key, technology in sorted(holdings.technologies.items()):
        for i, given in enumerate(technology.accepts):
            at = ("technologies", key, "accepts", i, "ratio")
            yield from _unlikely(holdings, at, given.material, given.replaces, given.ratio)


def _unlikely(
    holdings: Holdings, at: tuple[str | int, ...], material: str, replaced: str, ratio: float
) -> Iterator[Remark]:
    if material not in holdings.materials or replaced not in holdings.materials:
        return
    part = _bought_for(holdings.materials[replaced])
    held = holdings.materials[material].content(part) if part else None
    needed = holdings.materials[replaced].content(part) if part else None
    if not held or not needed:
        return
    expected = held / needed
    as_it_is, turned_over = abs(log(ratio / expected)), abs(log(ratio * expected))
    if turned_over < as_it_is - 0.05:
        message = (
            "{ratio:g} looks upside down: 1 t of {material} holds as much {part} as {expected:.3g} t of {replaced}"
        )
        text = tr(message, ratio=ratio, material=material, part=part, expected=expected, replaced=replaced)
        yield Remark("ratio", at, text)
    elif (
        part in BY_CONTENT
        and holdings.materials[replaced].class_ == "raw"
        and not FROM * expected <= ratio <= TO * expected
    ):
        message = "{ratio:g} does not fit: 1 t of {material} holds as much {part} as {expected:.3g} t of {replaced}"
        text = tr(message, ratio=ratio, material=material, part=part, expected=expected, replaced=replaced)
        yield Remark("ratio", at, text, "warning")


def _bought_for(material: Material) -> str | None:
    """Return the substance or property that a substitute must bring; None where that is not clear."""
    if HEAT_VALUE in material.properties:
        return HEAT_VALUE
    largest = max(material.composition, key=lambda name: material.composition[name], default=None)
    return largest if largest and material.composition[largest] >= MAIN_PART else None


def wrong_credits(holdings: Holdings) -> Iterator[Remark]:
    """A CO2 credit for what is no raw meal, or above what its oxides would have brought as carbonates."""
    for key, route in sorted(holdings.routes.items()):
        if route.co2_credit is None:
            continue
        at = ("routes", key, "co2_credit")
        if route.product != "clinker":
            yield Remark("credit", at, tr("a credit belongs to the raw meal of clinker, not to {use}",
                                          use=route.product or route.replaces or "?"), "warning")  # fmt: skip
            continue
        most = _carbonate(holdings, route)
        if most is not None and route.co2_credit > most * TO:
            text = tr("{credit:g} t CO2 is more than the {most:.3g} t of the carbonates that are saved",
                      credit=route.co2_credit, most=most)  # fmt: skip
            yield Remark("credit", at, text, "warning")


def _carbonate(holdings: Holdings, route: Route) -> float | None:
    """Return the t CO2 of the limestone that a t of waste saves, by its ratio or by its oxides; None where unknown."""
    if route.replaces == "limestone" and route.ratio:
        return CALCINATION * route.ratio
    waste = holdings.materials.get(route.waste)
    if waste is None or "CaO" not in waste.composition:
        return None
    return sum(waste.composition.get(oxide, 0.0) * share for oxide, share in CARBONATE.items())


def ended_additions(holdings: Holdings) -> Iterator[Remark]:
    """A route that adds to common Portland cement what GB 175-2023 has not permitted since 2024-06-01."""
    for key, route in sorted(holdings.routes.items()):
        if is_excluded_addition(holdings, route):
            text = tr("GB 175-2023 permits no {material} in common Portland cement; add  until: 2024-05-31",
                      material=route.waste)  # fmt: skip
            yield Remark("standard", ("routes", key), text)
