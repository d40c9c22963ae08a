"""Indicators as a reader sees them: looked up in the table of a run, named and written with their unit."""

from __future__ import annotations

from math import isfinite

from mfa.indicators import INDICATORS
from mfa.indicators.utilisation import HEADLINE
from mfa.language import Language, tr
from mfa.results.results import Results
from mfa.views.wording import MINUS, NOTHING, brief, readable, share, speaking

SPELLINGS = {"by products": "by-products", "CO2": "CO₂"}
"""What an id cannot spell → how it is written."""
COUNTS = ("links", "count")
"""Units of a count, not named beside the number."""
FRACTION = "fraction"
"""Unit of a share, written as a percentage."""
PLAIN = "1"
"""Unit of a ratio that is no share, such as an elasticity: a bare number."""


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
    with speaking(language):
        words = INDICATORS[indicator].title if indicator in INDICATORS else readable(indicator)
    for plain, proper in SPELLINGS.items():
        words = words.replace(plain, proper)
    return words[:1].upper() + words[1:]


OBJECTIVES = {
    "waste_utilisation": "waste used",
    "net_diversion": "waste disposed of, stockpiled or unplaced",
    "net_benefit": "net benefit",
    "fewest_links": "new links",
    "virgin_material_saved": "virgin material replaced",
    "co2_avoided": "CO2 avoided",
}
"""Objective → what its value is."""


def objective_title(objective: str, language: Language) -> str:
    """Return in words what the value of an objective is."""
    words = tr(OBJECTIVES.get(objective, readable(objective)), language).replace("CO2", "CO₂")
    return words[:1].upper() + words[1:]


def meaning(indicator: str, language: Language) -> str:
    """Return what an indicator means, in one line."""
    with speaking(language):
        return INDICATORS[indicator].meaning.replace("CO2", "CO₂")


def written(value: float | None, unit: str, language: Language) -> str:
    """Return a value with its unit; shares as percentages, counts as whole numbers, a dash for none."""
    if value is None or not isfinite(value):
        return NOTHING
    base = unit.removesuffix("/yr")
    if base == FRACTION:
        return share(value, language)
    if base == PLAIN:
        return f"{value:,.3g}".replace("-", MINUS)
    if base in COUNTS:
        return f"{value:,.0f}"
    return brief(value, base, language, per_year=unit != base)


def difference(value: float, unit: str, language: Language) -> str:
    """Return a change with its sign; that of a share in percentage points."""
    if unit == FRACTION:
        points = f"{abs(value) * 100:.1f}"
        sign = "" if not float(points) else "+" if value > 0 else MINUS
        return tr("{number} percentage points", language, number=sign + points)
    text = written(value, unit, language)
    return f"+{text}" if value > 0 and text.partition(" ")[0].strip("0.,") else text
