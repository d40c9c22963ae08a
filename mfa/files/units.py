"""Units: what a number in a file means, by an explicit table of our own.

Base units: t, GJ, day, km, CNY, tCO2e. A plain number is in the unit that the field expects.
Arithmetic is exact and rounded once, so `30%` is 0.3 and `365 t/yr` is 1 t/day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from mfa.files.nearest import did_you_mean
from mfa.language import tr

BASES = ("t", "GJ", "day", "km", "CNY", "tCO2e", "m3", "°C", "kBq")
Dimension = tuple[int, ...]
"""Exponent of each base unit, in the order of `BASES`."""

NO_DIMENSION: Dimension = (0,) * len(BASES)

LARGEST = Fraction("1e15")
SMALLEST = Fraction("1e-12")
"""Numbers beyond these, in base units, are taken for slips of the unit or the exponent."""

MOST_DIGITS = 40


class UnitError(ValueError):
    """A number or unit cannot be read; the message says why and what to write instead."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A factor to base units, and their exponents."""

    factor: Fraction
    dimension: Dimension

    def __mul__(self, other: Unit) -> Unit:
        return Unit(self.factor * other.factor, tuple(map(sum, zip(self.dimension, other.dimension, strict=True))))

    def inverse(self) -> Unit:
        """Return one over this unit."""
        return Unit(1 / self.factor, tuple(-exponent for exponent in self.dimension))


ONE = Unit(Fraction(1), NO_DIMENSION)


def _base(name: str) -> Unit:
    return Unit(Fraction(1), tuple(int(name == base) for base in BASES))


_T, _GJ, _DAY, _KM, _CNY, _CO2, _M3, _DEGREE, _KBQ = map(_base, BASES)

_FAMILIES: tuple[tuple[Unit, dict[str, str]], ...] = (
    (ONE, {
        "%": "1/100", "‰": "1/1000", "ppm": "1e-6", "ppb": "1e-9",
        "thousand": "1e3", "million": "1e6", "billion": "1e9", "万": "1e4", "百万": "1e6", "亿": "1e8",
        "person persons people 人": "1",
    }),
    (_T, {
        "t tonne tonnes 吨": "1", "kt 千吨": "1e3", "Mt 百万吨": "1e6", "Gt": "1e9", "万吨": "1e4", "亿吨": "1e8",
        "kg 千克 公斤": "1e-3", "g 克": "1e-6", "mg 毫克": "1e-9",
    }),
    (_GJ, {
        "J 焦": "1e-9", "kJ 千焦": "1e-6", "MJ 兆焦": "1e-3", "GJ 吉焦": "1", "TJ 太焦": "1e3", "PJ 拍焦": "1e6",
        "EJ": "1e9", "kWh 千瓦时 度": "36e-4", "MWh 兆瓦时": "36e-1", "GWh 吉瓦时": "3600",
        "TWh": "3600000",
        # GB/T 2589-2020: one kilogram of standard coal is 29 307.6 kJ
        "tce 吨标准煤 吨标煤": "29.3076", "ktce": "29307.6", "Mtce": "29307600",
    }),
    (_GJ * _DAY.inverse(), {"kW 千瓦": "864e-4", "MW 兆瓦": "864e-1", "GW 吉瓦": "86400"}),
    (_DAY, {
        "s 秒": "1/86400", "min 分钟": "1/1440", "h hour hours 小时": "1/24", "d day days 天 日": "1",
        "week weeks 周": "7", "month months 月 个月": "365/12", "yr year years a 年": "365",
    }),
    (_KM, {"m 米": "1e-3", "km 公里 千米": "1"}),
    (_KM * _KM, {"m2 m² 平方米": "1e-6", "ha 公顷": "1e-2", "亩": "1/1500", "km2 km² 平方公里 平方千米": "1"}),
    (_CNY, {
        "CNY RMB yuan 元": "1", "kCNY 千元": "1e3", "MCNY 百万元": "1e6", "GCNY 十亿元": "1e9",
        "万元 10⁴CNY 10^4CNY": "1e4", "亿元 10⁸CNY 10^8CNY": "1e8",
    }),
    (_CO2, {"tCO2e tCO2 吨CO2e 吨CO2": "1", "kgCO2e kgCO2": "1e-3", "ktCO2e ktCO2": "1e3", "MtCO2e MtCO2": "1e6"}),
    (_M3, {"m3 m³ 立方米 方": "1"}),
    (_DEGREE, {"°C ℃ degC": "1"}),
    (_KBQ, {"Bq 贝可": "1e-3", "kBq": "1"}),
)  # fmt: skip

UNITS: dict[str, Unit] = {
    name: Unit(Fraction(factor) * family.factor, family.dimension)
    for family, members in _FAMILIES
    for names, factor in members.items()
    for name in names.split()
}

MULTIPLES = {name: Fraction(factor) for name, factor in {"千": 1e3, "万": 1e4, "百万": 1e6, "亿": 1e8}.items()}
"""What may stand right before any unit, as in 万GJ and 亿千瓦时."""

AMBIGUOUS = {
    "ton": "t (1000 kg)", "tons": "t (1000 kg)", "short_ton": "t (1 short ton = 0.90718474 t)",
    "long_ton": "t (1 long ton = 1.0160469088 t)", "lb": "kg (1 lb = 0.45359237 kg)", "M": "million", "mil": "million",
    "Nm3": "t, GJ", "USD": "CNY", "EUR": "CNY", "$": "CNY", "€": "CNY", "¥": "CNY", "￥": "CNY",
    "mile": "km", "miles": "km",
}  # fmt: skip
"""What we refuse to guess → what to write instead."""

MISWRITTEN = str.maketrans("顿噸萬億仟", "吨吨万亿千")
"""Characters that are typed in the place of those of our units, of which words of two characters say too little."""

EXAMPLES = {
    "t": "400 kt", "GJ": "2 PJ", "t/day": "800 kt/yr", "GJ/day": "12 PJ/yr", "day": "9 months", "s": "60 s",
    "km": "25 km", "CNY": "300 kCNY", "CNY/t": "18 CNY/t", "CNY/t/km": "0.6 CNY/t/km", "CNY/day": "5 MCNY/yr",
    "": "12.5", "1": "30%", "t/t": "1.3 t/t", "t/GJ": "0.12 t/GJ", "GJ/t": "7.5 GJ/t", "CNY/(t/day)": "85 CNY/(t/yr)",
    "m3": "1.2 万m3", "km2": "6.2 km2", "tCO2e": "1.2 MtCO2e", "tCO2e/GJ": "0.57 tCO2e/MWh",
    "t/yr": "52 kt/yr", "GJ/yr": "3 PJ/yr",
}  # fmt: skip

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TOKEN = re.compile(r"[()/*·×]|[^\s()/*·×]+")
_SPACED_TON = re.compile(r"\b(short|long)\s+tons?\b")


def read_quantity(text: str, *expected: str, water: bool = False, tiny: bool = False) -> float:
    """Read a number, perhaps with a unit.

    Args:
        text: such as `800 kt/yr`, `12 万吨/年`, `30%`, `4.5`.
        expected: the units that the field may have; the number is returned in the first that fits,
            and one without a unit is in the first. None: any unit, returned in base units.
        water: whether m3 may stand for t (1 m3 of water = 1 t).
        tiny: whether numbers below 1e-12 are meant, as in the results of a solver.

    Returns:
        The finite number, in the expected unit.

    Raises:
        UnitError: it cannot be read, or has another dimension, or is absurd.
    """
    number, rest = split_number(text, expected[0] if expected else "")
    unit = parse_unit(rest) if rest else None
    if unit is not None and water:
        unit = _as_mass(unit)
    targets = [parse_unit(name) for name in expected] or [Unit(Fraction(1), unit.dimension if unit else NO_DIMENSION)]
    if unit is None:
        value = number
    else:
        target = next((t for t in targets if t.dimension == unit.dimension), None)
        if target is None:
            raise UnitError(_mismatch(text, unit, expected))
        value = number * unit.factor / target.factor
    return _in_range(value, text, expected, tiny)


def split_number(text: str, expected: str = "1") -> tuple[Fraction, str]:
    """Return the exact number at the start of `text` and the unit that follows it."""
    text = text.strip()
    match = _NUMBER.match(text)
    if match is None or text[match.end() : match.end() + 1] in tuple(",_:'，"):
        raise UnitError(_not_a_number(text, expected))
    digits = match.group()
    _refuse_odd_digits(digits, text)
    return Fraction(Decimal(digits)), text[match.end() :].strip()


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """Return the unit that `text` composes, such as `CNY/t/km`, `CNY/(t/yr)`, `t·km`, `1`."""
    tokens = _TOKEN.findall(_SPACED_TON.sub(r"\1_ton", text.replace("每", "/")))
    unit, rest = _product(tokens, text)
    if rest:
        raise UnitError(tr("unit '{unit}' has a bracket too many; write it as CNY/(t/yr)", unit=text))
    return unit


def describe(dimension: Dimension) -> str:
    """Return a dimension in base units, such as `t/day`; `1` where there is none."""
    above = "·".join(b if e == 1 else f"{b}^{e}" for b, e in zip(BASES, dimension, strict=True) if e > 0) or "1"
    below = "".join("/" + (b if e == -1 else f"{b}^{-e}") for b, e in zip(BASES, dimension, strict=True) if e < 0)
    return above + below


def _product(tokens: list[str], text: str) -> tuple[Unit, list[str]]:
    """Read terms joined by `/`, `*` or nothing until the end or a closing bracket; a `/` divides by one term."""
    unit, divide, seen = ONE, False, False
    while tokens and tokens[0] != ")":
        token, *tokens = tokens
        if token in "/*·×":
            if (not seen and token != "/") or divide or not tokens:
                raise UnitError(tr("unit '{unit}' is incomplete; write it as CNY/t or t/yr", unit=text))
            divide = token == "/"
            continue
        if token == "(":
            factor, tokens = _product(tokens, text)
            if tokens[:1] != [")"]:
                raise UnitError(tr("unit '{unit}' lacks a closing bracket; write it as CNY/(t/yr)", unit=text))
            tokens = tokens[1:]
        else:
            factor = _unit_named(token)
        unit, divide, seen = unit * (factor.inverse() if divide else factor), False, True
    return unit, tokens


def _unit_named(name: str) -> Unit:
    if name == "1":
        return ONE
    if name in UNITS:
        return UNITS[name]
    for multiple, factor in MULTIPLES.items():
        if name.startswith(multiple) and name.removeprefix(multiple) in UNITS:
            return Unit(factor, NO_DIMENSION) * UNITS[name.removeprefix(multiple)]
    if name in AMBIGUOUS:
        raise UnitError(
            tr("unit '{unit}' is ambiguous; use {remedy}", unit=name.replace("_", " "), remedy=AMBIGUOUS[name])
        )
    meant = name.translate(MISWRITTEN)
    near = did_you_mean(meant, [meant] if meant != name and _is_known(meant) else UNITS)
    raise UnitError(tr("unknown unit '{unit}'", unit=name) + near)


def _is_known(name: str) -> bool:
    return name in UNITS or any(name.removeprefix(multiple) in UNITS for multiple in MULTIPLES)


def _as_mass(unit: Unit) -> Unit:
    mass, volume = BASES.index("t"), BASES.index("m3")
    exponents = list(unit.dimension)
    exponents[mass] += exponents[volume]
    exponents[volume] = 0
    return Unit(unit.factor, tuple(exponents))


def _mismatch(text: str, unit: Unit, expected: tuple[str, ...]) -> str:
    wanted, own = tr(" or ").join(dict.fromkeys(expected)), describe(unit.dimension)
    if expected == ("1",):
        return tr("expected a number without a unit, or in %, got '{got}' in {unit}", got=text, unit=own)
    return tr("expected a quantity in {wanted}, got '{got}' in {unit}; write it as {example}",
              wanted=wanted, got=text, unit=own, example=example_of(expected[0]))  # fmt: skip


def example_of(expected: str) -> str:
    """Return a quantity as a user would write it."""
    return EXAMPLES.get(expected, f"2.5 {expected}")


def _not_a_number(text: str, expected: str) -> str:
    shown = text if len(text) <= 60 else text[:57] + "..."
    if re.match(r"[-+]?\.?(nan|inf)", text, re.IGNORECASE):
        return tr("expected a finite number, got '{got}'", got=shown)
    thousands = re.match(r"[-+]?\d{1,3}(?:[,，]\d{3}){2,}(?!\d)", text)
    if thousands:
        plain = re.sub("[,，]", "", thousands.group())
        return tr("'{got}' has digit separators; use {plain}", got=shown, plain=plain)
    comma = re.match(r"([-+]?\d+)[,，](\d+)", text)
    if comma:
        whole, part = comma.groups()
        if len(part) == 3:
            return tr("'{got}' is ambiguous; use {whole}{part} or {whole}.{part}", got=shown, whole=whole, part=part)
        return tr("'{got}' has a decimal comma; use {whole}.{part}", got=shown, whole=whole, part=part)
    underscore = re.match(r"[-+]?\d+(?:[_']\d+)+", text)
    if underscore:
        plain = re.sub("[_']", "", underscore.group())
        return tr("'{got}' has digit separators; use {plain}", got=shown, plain=plain)
    return tr("expected a number such as {example}, got '{got}'", example=example_of(expected), got=shown)


def _refuse_odd_digits(digits: str, text: str) -> None:
    if not digits.isascii():
        plain = "".join(str(int(c)) if c.isdigit() else c for c in digits)
        raise UnitError(tr("'{got}' has digits that are not 0-9; use {plain}", got=text, plain=plain))
    mantissa, _, exponent = digits.lower().partition("e")
    if len(exponent.strip("+-")) > 3:
        raise UnitError(tr("'{got}' is beyond anything real; check the exponent", got=text[:60]))
    if len(mantissa) > MOST_DIGITS:
        raise UnitError(
            tr("the number has {count} digits, more than anything real; check it and its unit", count=len(mantissa))
        )
    if re.match(r"[-+]?0\d", digits):
        plain = digits.lstrip("+-0") or "0"
        raise UnitError(tr("'{got}' is ambiguous with its leading zero; use {plain}, or quote it where it is text",
                           got=text, plain=plain))  # fmt: skip


def _in_range(value: Fraction, text: str, expected: tuple[str, ...], tiny: bool) -> float:
    size = abs(value)
    if size > LARGEST or (not tiny and 0 < size <= SMALLEST):
        unit = expected[0] if expected else "1"
        message = "'{got}' is beyond anything real ({value} {unit}); check the number and its unit, such as {example}"
        raise UnitError(tr(message, got=text, value=_short(value), unit=unit, example=example_of(unit)))
    return float(value)


def _short(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.3g}".lower()
