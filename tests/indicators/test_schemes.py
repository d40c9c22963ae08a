"""Schemes: their data, and that a threshold from memory never comes to a verdict, alone or among others."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa.files.holdings import holdings
from mfa.files.library_checks import inspect_library
from mfa.indicators import INDICATORS
from mfa.indicators.measures import scale
from mfa.indicators.scheme_checks import SCHEME_CHECKS
from mfa.indicators.scoring import Found, choice_verdict, index_value, score, total_verdict
from mfa.park.scheme import Choice, Item, Scheme, Threshold
from mfa.park.statistics import STATISTICS

SCHEMES = holdings().schemes
ITEMS = [(scheme, item) for scheme in SCHEMES.values() for item in scheme.items.values()]
BOUNDED = [(scheme, item) for scheme, item in ITEMS if item.threshold]


def names(pairs):
    return [f"{scheme.id}: {item.id}" for scheme, item in pairs]


@pytest.mark.parametrize(("scheme", "item"), ITEMS, ids=names(ITEMS))
def test_an_item_says_what_it_is_and_how_sure_that_is(scheme, item):
    assert item.name.en
    assert item.name.zh
    assert item.source
    assert item.confidence in ("found", "memory")
    assert item.indicator in INDICATORS if item.indicator else item.statistic in STATISTICS
    assert item.group in scheme.groups


@pytest.mark.parametrize(("scheme", "item"), BOUNDED, ids=names(BOUNDED))
def test_a_threshold_has_evidence_of_its_own(scheme, item):
    assert scheme.items[item.id] is item
    assert item.threshold.source
    assert item.threshold.confidence in ("found", "memory")
    assert ("memory" in item.threshold.source) == (item.threshold.confidence == "memory")


def test_hj274_has_the_counts_that_are_published():
    scheme = SCHEMES["hj274"]
    assert Counter(item.group for item in scheme.items.values()) == {
        "economy": 4, "symbiosis": 3, "resources": 9, "environment": 13, "information": 3,
    }  # fmt: skip
    assert sum(item.mandatory for item in scheme.items.values()) == 17
    assert sum(item.choose is not None for item in scheme.items.values()) == 15


def test_only_what_was_read_is_verified_in_hj274():
    verified = {key for key, item in SCHEMES["hj274"].items.items() if item.threshold.is_verified}
    assert verified == {
        "value_added_per_employee", "value_added_growth", "recycling_value_added_share", "new_symbiosis_projects",
        "solid_waste_utilisation", "secondary_resource_recycling", "clean_production_audits", "central_sewage_plant",
    }  # fmt: skip


def test_thresholds_are_read_in_the_units_of_the_items():
    threshold = {
        key: item.threshold.value / scale(item.unit) for key, item in SCHEMES["near-zero-carbon"].items.items()
    }
    assert threshold["energy_intensity"] == pytest.approx(0.35)
    assert threshold["co2_intensity"] == pytest.approx(0.6)
    assert threshold["solid_waste_utilisation"] == pytest.approx(96)
    assert threshold["green_rd_intensity"] == pytest.approx(3.5)


def found(values):
    return {key: Found(value) for key, value in values.items()}


def verdicts(scheme, values):
    scored = score(scheme, found(values))
    choices = [choice_verdict(choice, scored) for choice in scheme.choices.values()]
    return [*choices, total_verdict(scheme, scored)]


NUMBERS = st.one_of(st.none(), st.sampled_from([0.0, 1.0, -1e9, 1e9]), st.floats(-1e12, 1e12))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SCHEMES)), st.data())
def test_a_threshold_from_memory_never_gives_a_verdict(name, data):
    scheme = SCHEMES[name]
    values = {key: data.draw(NUMBERS) for key in scheme.items}
    memory = [key for key, item in scheme.items.items() if item.threshold and item.threshold.confidence == "memory"]
    for one in score(scheme, found(values)):
        if one.item.id in memory:
            assert one.result in ("unverified", "undefined")
    # Nor does it turn a choice or the total: whatever such items come to, these stay as they are.
    others = {**values, **{key: data.draw(NUMBERS) for key in memory}}
    assert verdicts(scheme, values) == verdicts(scheme, others)


def scheme(**items):
    return Scheme(
        id="s", groups={"g": {"en": "G"}},
        choices={"c": Choice(id="c", least=2, confidence="found"), "m": Choice(id="m", confidence="memory")},
        items={key: Item(id=key, group="g", **fields) for key, fields in items.items()},
    )  # fmt: skip


def bound(confidence="found", **limit):
    return Threshold(confidence=confidence, **limit)


def test_two_of_three_by_hand():
    three = scheme(**{key: {"choose": "c", "threshold": bound(at_least=1.0)} for key in "xyz"})
    cases = {(1, 1, None): "pass", (1, 0, None): "open", (0, 0, None): "fail", (1, 0, 0): "fail"}
    for values, expected in cases.items():
        scored = score(three, found(dict(zip("xyz", values, strict=True))))
        assert choice_verdict(three.choices["c"], scored) == expected


def test_a_choice_from_memory_stays_open():
    one = scheme(x={"choose": "m", "threshold": bound(at_least=1.0)})
    assert choice_verdict(one.choices["m"], score(one, found({"x": 5.0}))) == "open"


def test_the_total_fails_by_one_and_passes_only_by_all():
    two = Scheme(
        id="s", groups={"g": {"en": "G"}},
        items={
            "x": Item(id="x", group="g", mandatory=True, threshold=bound(at_most=1.0)),
            "y": Item(id="y", group="g", mandatory=True, threshold=bound("memory", at_most=1.0)),
        },
    )  # fmt: skip
    assert total_verdict(two, score(two, found({"x": 2.0, "y": 0.0}))) == "fail"
    assert total_verdict(two, score(two, found({"x": 0.0, "y": 0.0}))) == "open"
    assert total_verdict(SCHEMES["near-zero-carbon"], []) is None


def test_the_index_is_the_mean_of_values_over_references():
    items = scheme(
        a={"threshold": bound("memory", reference=4.0)}, b={"threshold": bound(reference=3.0, smaller_is_better=True)},
        c={"threshold": bound(reference=2.0)}, d={},
    )  # fmt: skip
    # 100/2 · (2/4 + 3/6); c has no value and d no reference.
    assert index_value(score(items, found({"a": 2.0, "b": 6.0, "d": 9.0}))) == (50.0, 2)
    assert index_value(score(items, {})) is None
    assert score(items, found({"b": 6.0}))[1].result == "reported"


def test_a_gap_is_the_value_less_the_threshold():
    item = scheme(x={"threshold": bound(at_least=0.7)})
    [one] = score(item, found({"x": 0.356}))
    assert (one.result, one.gap) == ("fail", pytest.approx(-0.344))


def test_the_shipped_schemes_pass_the_checks_of_the_library():
    remarks = inspect_library(holdings(), SCHEME_CHECKS).remarks
    assert [fault.message for _, fault in remarks if fault.path.startswith(("schemes", "factors"))] == []


BROKEN = """schemes:
  s:
    name: {en: S, zh: 标准}
    groups: {g: {en: G, zh: 组}}
    choices: {c: {least: 2, source: x, confidence: found}}
    items:
      a: {name: {en: A, zh: 甲}, group: g, unit: tce/10⁴CNY, indicator: energy_intensty, choose: c, source: x,
          confidence: found}
      b: {name: {en: B}, group: g, unit: "%", statistic: employees, source: x, confidence: memory}
      c:
        name: {en: C, zh: 丙}
        group: g
        unit: tce/10⁴CNY
        indicator: energy_intensity
        threshold: {at_most: 0.5 t/10⁴CNY, confidence: found}
        source: x
        confidence: found
      d: {name: {en: D, zh: 丁}, group: g, source: x, confidence: found}
    source: x
    confidence: found
"""


def test_a_broken_scheme_is_answered_line_by_line(tmp_path, monkeypatch):
    from mfa.files import library

    (tmp_path / "models" / "schemes").mkdir(parents=True)
    (tmp_path / "models" / "schemes" / "s.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.setattr(library, "data_root", lambda: tmp_path)
    found = [str(fault.problem) for _, fault in inspect_library(holdings(), SCHEME_CHECKS).remarks]
    at = "models/schemes/s.yaml"
    assert found == [
        f"{at}:5:15: error: schemes.s.choices.c: asks for 2 of 1 items",
        f"{at}:7:61: error: schemes.s.items.a.indicator: there is no indicator 'energy_intensty'; "
        "did you mean 'energy_intensity' or 'energy_elasticity' or 'waste_water_intensity'?",
        f"{at}:9:7: error: schemes.s.items.b: has no name in both languages; write {{en: …, zh: …}}",
        f"{at}:18:7: error: schemes.s.items.d: names neither an indicator nor a statistic; say where its value comes "
        "from",
        f"{at}:15:9: error: schemes.s.items.c.threshold: no source; say where the number comes from",
        f"{at}:15:21: error: schemes.s.items.c.threshold.at_most: expected a quantity in tce/10⁴CNY, got "
        "'0.5 t/10⁴CNY' in t/CNY; write it as 2.5 tce/10⁴CNY",
        f"{at}:9:7: warning: schemes.s.items.b: confidence is memory, and the source does not say so",
    ]
