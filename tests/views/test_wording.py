"""How numbers, units and names are written, in English and Chinese."""

import pytest
from views.example_park import scenario

from mfa.views.measures import difference, title, written
from mfa.views.wording import Names, brief, listed, number, share


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.9999999, "1.00"), (99.99999, "100"),
        (1234567.8, "1,234,568"), (999.6, "1,000"), (99.94, "99.9"), (3.14159, "3.14"), (0.05, "0.05"),
        (0.00182563, "0.00183"), (-12.5, "−12.5"), (-1e-9, "0"), (None, "–"), (float("nan"), "–"), (float("inf"), "–"),
    ],
)  # fmt: skip
def test_numbers_have_about_three_significant_digits(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (812_300, "t", "812 kt/yr", "81.2 万吨/年"),
        (1_234_567, "t", "1.23 Mt/yr", "123 万吨/年"),
        (640, "t", "640 t/yr", "640 吨/年"),
        (-2_400_000, "CNY", "−2.40 million CNY/yr", "−240 万元/年"),
        (5_981_000_000, "CNY", "5.98 billion CNY/yr", "59.8 亿元/年"),
        (5_280_000, "GJ", "5.28 PJ/yr", "528 万吉焦/年"),
        (0, "t", "0 t/yr", "0 吨/年"),
        (None, "t", "–", "–"),
    ],
)
def test_amounts_are_written_in_units_that_read_well(value, unit, english, chinese):
    assert brief(value, unit, "en", per_year=True) == english
    assert brief(value, unit, "zh", per_year=True) == chinese


@pytest.mark.parametrize(
    ("value", "english", "chinese"), [(0.7321, "73.2 %", "73.2%"), (1, "100.0 %", "100.0%"), (None, "–", "–")]
)
def test_shares_are_percentages(value, english, chinese):
    assert (share(value, "en"), share(value, "zh")) == (english, chinese)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.364, "fraction", "+36.4 percentage points"),
        (-0.0101, "fraction", "−1.0 percentage points"),
        (0.0, "fraction", "0.0 percentage points"),
        (1.5e6, "t/yr", "+1.50 Mt/yr"),
        (-1.5e6, "t/yr", "−1.50 Mt/yr"),
        (0.0, "t/yr", "0 t/yr"),
        (23.0, "links", "+23"),
        (0.116, "t/10⁴CNY", "+0.116 t/10⁴ CNY"),
        (0.0, "t/10⁴CNY", "0 t/10⁴ CNY"),
        (-0.4366, "1", "−0.437"),
        (0.375, "1", "+0.375"),
    ],
)
def test_a_change_has_a_sign_and_a_share_changes_by_points(value, unit, text):
    assert difference(value, unit, "en") == text


@pytest.mark.parametrize(
    ("unit", "text"), [("links", "39"), ("fraction", "3900.0 %"), ("t·km/yr", "39.0 t km/yr"), ("h", "39.0 h")]
)
def test_a_value_is_written_by_its_unit(unit, text):
    assert written(39.0, unit, "en") == text


def test_indicators_are_named_in_words():
    assert title("by_products_exchanged", "en") == "By-products exchanged"
    assert title("co2_direct", "en") == "CO₂ direct"
    assert title("solid_waste_utilisation", "zh") == "一般工业固体废物综合利用率"
    assert title("my_own_number", "zh") == "My own number"


def test_names_come_from_the_scenario_and_ids_stand_in():
    names = Names((scenario(),), "zh")
    assert names.node("kiln") == "熟料生产线"
    assert names.node("environment") == "环境"
    assert names.node("not_there") == "not there"
    assert names.material("red_mud") == "赤泥"
    assert names.class_of("red_mud") == "bulk_solid_waste"
    assert names.class_of("not_there") is None
    assert listed(["赤泥", "钢渣"], "zh") == "赤泥、钢渣"
