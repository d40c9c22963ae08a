"""The unit table, by numbers worked out by hand."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa.files.units import UNITS, UnitError, describe, parse_unit, read_quantity

READ = [
    ("800 kt/yr", "t/day", 800_000 / 365),
    ("365 t/yr", "t/day", 1.0),
    ("12 万吨/年", "t/day", 120_000 / 365),
    ("12万吨/年", "t/day", 120_000 / 365),
    ("12 万 t/a", "t/day", 120_000 / 365),
    ("3 吨每天", "t/day", 3.0),
    ("2 t/h", "t/day", 48.0),
    ("5 t", "t", 5.0),
    ("5 kg", "t", 0.005),
    ("5 亿吨", "t", 5e8),
    ("12 PJ/yr", "GJ/day", 12e6 / 365),
    ("1 MWh", "GJ", 3.6),
    ("1 万千瓦时", "GJ", 36.0),
    ("10 兆瓦时", "GJ", 36.0),
    ("42 亿千瓦时/年", "GJ/yr", 15.12e6),
    ("42 亿kWh", "GJ", 15.12e6),
    ("300 万GJ/年", "GJ/yr", 3e6),
    ("2 万tce", "GJ", 586_152.0),
    ("3 万千瓦", "GJ/day", 2592.0),
    ("12 百万立方米", "m3", 1.2e7),
    ("100 MW", "GJ/day", 8640.0),
    ("1 tce", "GJ", 29.3076),
    ("0.12 t/GJ", "t/GJ", 0.12),
    ("0.12 kg/MJ", "t/GJ", 0.12),
    ("9 months", "day", 273.75),
    ("10 yr", "day", 3650.0),
    ("2 weeks", "day", 14.0),
    ("36 h", "day", 1.5),
    ("1 day", "day", 1.0),
    ("1 天", "day", 1.0),
    ("60 s", "s", 60.0),
    ("2 min", "s", 120.0),
    ("25 km", "km", 25.0),
    ("300 m", "km", 0.3),
    ("300 kCNY", "CNY", 300_000.0),
    ("40 MCNY", "CNY", 4e7),
    ("40 million CNY", "CNY", 4e7),
    ("4000 万元", "CNY", 4e7),
    ("0.4 亿元", "CNY", 4e7),
    ("0.6 CNY/t/km", "CNY/t/km", 0.6),
    ("0.6 元/(t·km)", "CNY/t/km", 0.6),
    ("0.6 CNY/(t km)", "CNY/t/km", 0.6),
    ("85 CNY/(t/yr)", "CNY/(t/day)", 31_025.0),
    ("0.4 CNY/kWh", "CNY/GJ", 0.4 / 0.0036),
    ("30%", "1", 0.3),
    ("7 %", "1", 0.07),
    ("60%", "t/t", 0.6),
    ("5‰", "1", 0.005),
    ("361 ppm", "1", 0.000361),
    ("361 mg/kg", "1", 0.000361),
    ("1.99 tCO2e/t", "tCO2e/t", 1.99),
    ("200 ℃", "°C", 200.0),
    ("-5.5e-3", "CNY/t", -0.0055),
    (".5", "1", 0.5),
    ("5.", "t", 5.0),
    ("1e3", "t", 1000.0),
    ("800", "t/day", 800.0),
]

REFUSED = [
    ("1,5", "1", "'1,5' has a decimal comma; use 1.5"),
    ("1,500 t", "t", "'1,500 t' is ambiguous; use 1500 or 1.500"),
    ("2,000,000 t", "t", "'2,000,000 t' has digit separators; use 2000000"),
    ("1_000", "t", "'1_000' has digit separators; use 1000"),
    ("１２", "t", "'１２' has digits that are not 0-9; use 12"),
    ("010", "t", "'010' is ambiguous with its leading zero; use 10, or quote it where it is text"),
    ("12:30", "day", "expected a number such as 9 months, got '12:30'"),
    ("", "t", "expected a number such as 400 kt, got ''"),
    ("t", "t", "expected a number such as 400 kt, got 't'"),
    ("nan", "t", "expected a finite number, got 'nan'"),
    ("-.INF", "t", "expected a finite number, got '-.INF'"),
    ("5 ton", "t", "unit 'ton' is ambiguous; use t (1000 kg)"),
    ("5 short tons", "t", "unit 'short ton' is ambiguous; use t (1 short ton = 0.90718474 t)"),
    ("5 long ton/yr", "t/day", "unit 'long ton' is ambiguous; use t (1 long ton = 1.0160469088 t)"),
    ("5 USD", "CNY", "unit 'USD' is ambiguous; use CNY"),
    ("5 KT", "t", "unknown unit 'KT'; did you mean 'kt'?"),
    ("5 mwh", "GJ", "unknown unit 'mwh'; did you mean 'MWh'?"),
    ("12 万顿/年", "t/day", "unknown unit '万顿'; did you mean '万吨'?"),
    ("12 萬噸", "t", "unknown unit '萬噸'; did you mean '万吨'?"),
    ("5 furlongs", "km", "unknown unit 'furlongs'"),
    ("5 t/", "t", "unit 't/' is incomplete; write it as CNY/t or t/yr"),
    ("5 t//yr", "t/day", "unit 't//yr' is incomplete; write it as CNY/t or t/yr"),
    ("5 CNY/(t/yr", "CNY", "unit 'CNY/(t/yr' lacks a closing bracket; write it as CNY/(t/yr)"),
    ("5 t)", "t", "unit 't)' has a bracket too many; write it as CNY/(t/yr)"),
    ("3 MWh", "t/day", "expected a quantity in t/day, got '3 MWh' in GJ; write it as 800 kt/yr"),
    ("3 t", "t/day", "expected a quantity in t/day, got '3 t' in t; write it as 800 kt/yr"),
    ("3 t", "1", "expected a number without a unit, or in %, got '3 t' in t"),
    ("3 m3", "t", "expected a quantity in t, got '3 m3' in m3; write it as 400 kt"),
    ("1e300 t", "t", "'1e300 t' is beyond anything real (1.00e+300 t); check the number and its unit, such as 400 kt"),
    ("1e-12", "t", "'1e-12' is beyond anything real (1e-12 t); check the number and its unit, such as 400 kt"),
    ("1e999999999", "t", "'1e999999999' is beyond anything real; check the exponent"),
    ("9" * 5000, "t", "the number has 5000 digits, more than anything real; check it and its unit"),
]


@pytest.mark.parametrize(("text", "unit", "value"), READ)
def test_a_quantity_is_read_exactly(text, unit, value):
    assert read_quantity(text, unit) == pytest.approx(value, rel=1e-15, abs=0)


@pytest.mark.parametrize(("text", "unit", "message"), REFUSED, ids=lambda value: value[:20])
def test_a_quantity_is_refused_with_the_remedy(text, unit, message):
    with pytest.raises(UnitError) as caught:
        read_quantity(text, unit)
    assert str(caught.value) == message


def test_percentages_are_rounded_once():
    assert [read_quantity(f"{n}%", "1") for n in range(101)] == [n / 100 for n in range(101)]


def test_a_plain_number_is_in_the_first_of_several_units_and_a_unit_chooses():
    assert read_quantity("2", "t/day", "GJ/day") == 2
    assert read_quantity("365 GJ/yr", "t/day", "GJ/day") == 1


def test_any_unit_is_read_in_base_units_where_none_is_expected():
    assert read_quantity("300 Bq/kg") == 300
    assert read_quantity("25 MJ/kg") == 25
    assert read_quantity("3.5%") == 0.035


def test_a_cubic_metre_is_a_tonne_of_water_and_of_nothing_else():
    assert read_quantity("730 m3/yr", "t/day", water=True) == 2
    assert read_quantity("4 CNY/m³", "CNY/t", water=True) == 4


def test_what_a_solver_leaves_behind_may_be_tiny():
    assert read_quantity("1e-13", "t/day", tiny=True) == 1e-13


@given(st.floats(min_value=1e-11, max_value=1e14), st.sampled_from(["kt/yr", "万吨/年", "t/h", "kg/s"]))
def test_a_number_and_its_unit_multiply(number, unit):
    factor = parse_unit(unit).factor
    expected = Fraction(str(number)) * factor
    if Fraction("1e-12") < expected <= 10**15:
        assert read_quantity(f"{number!r} {unit}", "t/day") == float(expected)


@given(st.lists(st.sampled_from(sorted(UNITS)), min_size=1, max_size=3))
def test_units_compose_by_division_and_products(names):
    quotient, product = parse_unit("/".join(names)), parse_unit("·".join(names))
    for name in names[1:]:
        quotient *= parse_unit(name)
    assert quotient == parse_unit(names[0])
    for name in names:
        product *= parse_unit(name).inverse()
    assert describe(product.dimension) == "1"
    assert product.factor == 1


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    with suppress(UnitError):
        assert abs(read_quantity(text)) <= 1e15
