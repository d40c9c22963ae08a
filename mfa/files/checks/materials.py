"""Checks of what materials are said to consist of."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.files.checks.finding import Finding
from mfa.language import tr
from mfa.park.scenario import Scenario

SUM_TOLERANCE = 1e-6
"""By so much the shares of a composition may exceed 1, for what rounding does to them."""

WATER_NAMES = frozenset({"moisture", "water", "humidity", "水分", "水"})
"""What a composition cannot list: it is of dry mass."""


def shares_exceed_one(scenario: Scenario) -> Iterator[Finding]:
    """A composition whose shares sum to more than 1."""
    for key, material in sorted(scenario.park.materials.items()):
        total = sum(share for _, share in sorted(material.composition.items()))
        if total > 1 + SUM_TOLERANCE:
            message = "the shares sum to {total:.6g} (tolerance {tolerance:g}); correct them to sum to at most 1"
            at = ("park", "materials", key, "composition")
            yield Finding(at, tr(message, total=total, tolerance=SUM_TOLERANCE))


def water_in_composition(scenario: Scenario) -> Iterator[Finding]:
    """A composition that lists moisture, which is not part of the dry mass."""
    for key, material in sorted(scenario.park.materials.items()):
        for name in sorted(WATER_NAMES & material.composition.keys()):
            message = tr("a composition is of dry mass; give '{name}' as the material's moisture", name=name)
            yield Finding(("park", "materials", key, "composition", name), message)


def energy_is_in_gj(scenario: Scenario) -> Iterator[Finding]:
    """A material other than energy in GJ, or energy with a composition."""
    for key, material in sorted(scenario.park.materials.items()):
        if material.unit == "GJ" and material.class_ != "energy":
            message = tr("only materials of class energy are in GJ; write  unit: t  or  class: energy")
            yield Finding(("park", "materials", key, "unit"), message)
        if material.unit == "GJ" and (material.composition or material.moisture):
            message = tr("energy in GJ has no mass and so neither composition nor moisture; remove them")
            yield Finding(("park", "materials", key), message)
