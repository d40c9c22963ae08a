"""Indicators as a reader sees them: looked up in the table of a run, named and written with their unit."""

from __future__ import annotations

from math import isfinite

from mfa.language import Language, tr
from mfa.results.results import Results
from mfa.views.wording import NOTHING, number, readable, share, unit_name

HEADLINE = "solid_waste_utilisation"
"""The indicator that leads every report."""
FRACTIONS = ("fraction", "1")
"""Units of a share, written as a percentage."""


def values_of(results: Results, indicator: str) -> dict[str, float]:
    """Return what an indicator is about (empty: the whole park) → its value, those without a value left out."""
    table = results.indicators
    rows = table[table["indicator"] == indicator][["of", "value"]].itertuples(index=False)
    return {str(of): float(value) for of, value in rows if value is not None and isfinite(value)}


def headline(results: Results | None) -> float | None:
    """Return the utilisation of solid waste in a run; None where there is no run or no waste."""
    return values_of(results, HEADLINE).get("") if results else None


def title(indicator: str, language: Language) -> str:
    """Return the name of an indicator in words."""
    words = tr(readable(indicator), language)
    return words[:1].upper() + words[1:]


def written(value: float | None, unit: str, language: Language, signed: bool = False) -> str:
    """Return a value with its unit; shares as percentages, a dash for none."""
    if value is None or not isfinite(value):
        return NOTHING
    if unit in FRACTIONS:
        return share(value, language, signed)
    return f"{number(value, signed)} {unit_name(unit, language)}".strip()
