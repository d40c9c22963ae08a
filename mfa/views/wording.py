"""How numbers and names are written in figures and reports, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite, log10

from mfa.language import Language, current, tr
from mfa.park.scenario import Scenario
from mfa.park.values import ENVIRONMENT

ROUNDS_UP = 0.9995
"""Share of a larger unit that three significant digits already write as one."""
NOTHING, MINUS = "–", "\N{MINUS SIGN}"

SCALES: dict[Language, dict[str, tuple[tuple[float, str], ...]]] = {
    "en": {
        "t": ((1e6, "Mt"), (1e3, "kt"), (1.0, "t")),
        "GJ": ((1e6, "PJ"), (1e3, "TJ"), (1.0, "GJ")),
        "CNY": ((1e9, "billion CNY"), (1e6, "million CNY"), (1e3, "thousand CNY"), (1.0, "CNY")),
        "tCO2e": ((1e6, "Mt CO₂e"), (1e3, "kt CO₂e"), (1.0, "t CO₂e")),
        "t·km": ((1e6, "million t km"), (1.0, "t km")),
    },
    "zh": {
        "t": ((1e4, "万吨"), (1.0, "吨")),
        "GJ": ((1e4, "万吉焦"), (1.0, "吉焦")),
        "CNY": ((1e8, "亿元"), (1e4, "万元"), (1.0, "元")),
        "tCO2e": ((1e4, "万吨CO₂当量"), (1.0, "吨CO₂当量")),
        "t·km": ((1e4, "万吨公里"), (1.0, "吨公里")),
    },
}
"""Language → unit → larger units with their factors, the largest first."""

UNITS: dict[str, tuple[str, str]] = {
    "1": ("", ""),
    "fraction": ("", ""),
    "t": ("t", "吨"),
    "t/yr": ("t/yr", "吨/年"),
    "GJ": ("GJ", "吉焦"),
    "GJ/yr": ("GJ/yr", "吉焦/年"),
    "CNY": ("CNY", "元"),
    "CNY/yr": ("CNY/yr", "元/年"),
    "CNY/t": ("CNY/t", "元/吨"),
    "tCO2e": ("t CO₂e", "吨CO₂当量"),
    "tCO2e/yr": ("t CO₂e/yr", "吨CO₂当量/年"),
    "t CO2e/yr": ("t CO₂e/yr", "吨CO₂当量/年"),
    "km": ("km", "公里"),
    "links": ("links", "条"),
    "%": ("%", "%"),
    "10⁴CNY/tce": ("10⁴ CNY/tce", "万元/吨标准煤"),
    "tce/10⁴CNY": ("tce/10⁴ CNY", "吨标准煤/万元"),
    "10⁴CNY/person": ("10⁴ CNY/person", "万元/人"),
    "10⁸CNY/km2": ("10⁸ CNY/km²", "亿元/平方公里"),
    "CNY/m3": ("CNY/m³", "元/立方米"),
    "m3/10⁴CNY": ("m³/10⁴ CNY", "立方米/万元"),
    "t/10⁴CNY": ("t/10⁴ CNY", "吨/万元"),
    "tCO2e/10⁴CNY": ("t CO₂e/10⁴ CNY", "吨CO₂当量/万元"),
    "m3": ("m³", "立方米"),
    "km2": ("km²", "平方公里"),
    "person": ("persons", "人"),
    "tCO2e/GJ": ("t CO₂e/GJ", "吨CO₂当量/吉焦"),
    "t·bit": ("t·bit", "吨·比特"),
    "bit": ("bit", "比特"),
    "count": ("", ""),
    "share": ("", ""),
    "yes or no": ("", ""),
}
"""Unit in a table → how it is written in English and in Chinese."""


def number(value: float | None, signed: bool = False) -> str:
    """Write a number with thousands separators and about three significant digits; a dash for none."""
    if value is None or not isfinite(value):
        return NOTHING
    size = abs(value) if abs(value) >= 1000 else float(f"{abs(value):.3g}")
    decimals = 0 if size >= 100 or size == 0 else min(6, 2 - int(log10(size) // 1))
    text = f"{size:,.{decimals}f}"
    if size < 1:
        text = text.rstrip("0").rstrip(".") if "." in text else text
    if not float(text.replace(",", "")):
        return "0"
    return _sign(value, signed) + text


def _sign(value: float, signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if signed else ""


def share(value: float | None, language: Language, signed: bool = False) -> str:
    """Write a fraction as a percentage with one decimal; a dash for none."""
    if value is None or not isfinite(value):
        return NOTHING
    text = f"{abs(value) * 100:.1f}"
    return f"{_sign(value, signed) if float(text) else ''}{text}{' ' if language == 'en' else ''}%"


def brief(value: float | None, unit: str, language: Language, per_year: bool = False, exact: bool = False) -> str:
    """Write an amount in a larger unit where that reads better: `812 kt`, `81.2 万吨`.

    `per_year` names the year; `exact` is for round numbers on axes and scales, and leaves out closing zeros.
    """
    if value is None or not isfinite(value):
        return NOTHING
    steps = SCALES[language].get(unit, ((1.0, unit_name(unit, language)),))
    factor, name = next((step for step in steps if abs(value) >= ROUNDS_UP * step[0]), steps[-1])
    year = {"en": "/yr", "zh": "/年"}[language] if per_year else ""
    size = f"{value / factor:g}" if exact else number(value / factor)
    return f"{size} {name}{year}".strip()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Write in `language` within the block what other rooms write in the current one."""
    token = current.set(language)
    try:
        yield
    finally:
        current.reset(token)


def unit_name(unit: str, language: Language) -> str:
    """Return how a unit is written in `language`."""
    english, chinese = UNITS.get(unit, (unit, unit))
    return chinese if language == "zh" else english


def listed(words: Sequence[str], language: Language) -> str:
    """Join words into a list."""
    return ("、" if language == "zh" else ", ").join(words)


def clauses(words: Sequence[str], language: Language) -> str:
    """Join clauses into a sentence."""
    return ("；" if language == "zh" else "; ").join(words)


@dataclass(frozen=True)
class Names:
    """The names that a scenario gives to its nodes and materials, in one language."""

    scenarios: tuple[Scenario, ...]
    language: Language

    def node(self, key: str) -> str:
        """Return the name of a firm or boundary node; its id where it has none."""
        if key == ENVIRONMENT:
            return tr("environment", self.language)
        for scenario in self.scenarios:
            found = scenario.park.firms.get(key) or scenario.park.boundary.get(key)
            if found is not None:
                return found.name.in_language(self.language) or tr(readable(key), self.language)
        return tr(readable(key), self.language)

    def material(self, key: str) -> str:
        """Return the name of a material; its id where it has none."""
        for scenario in self.scenarios:
            if key in scenario.park.materials:
                return scenario.park.materials[key].name.in_language(self.language) or readable(key)
        return tr(readable(key), self.language)

    def technology(self, key: str) -> str:
        """Return the name of a technology; its id where it has none."""
        for scenario in self.scenarios:
            if key in scenario.park.technologies:
                return scenario.park.technologies[key].name.in_language(self.language) or readable(key)
        return readable(key)

    def product(self, key: str) -> str:
        """Return the name of a product in use; its id where it has none."""
        for scenario in self.scenarios:
            if key in scenario.park.in_use:
                return scenario.park.in_use[key].name.in_language(self.language) or readable(key)
        return readable(key)

    def class_of(self, material: str) -> str | None:
        """Return the class of a material; None for one that the park does not know."""
        known = (s.park.materials[material] for s in self.scenarios if material in s.park.materials)
        return next((entry.class_ for entry in known), None)


def readable(key: str) -> str:
    """Return an id as words."""
    return key.replace("_", " ")
