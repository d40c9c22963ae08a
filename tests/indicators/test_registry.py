"""The extension point: names, clashes, thresholds, and what every indicator tells of itself."""

import pytest
from building import firm, park, scenario
from tabling import results, value

from mfa.errors import UsageError
from mfa.indicators import INDICATORS, Judged, indicator, indicator_table
from mfa.indicators.measures import MEASURES
from mfa.language import chinese
from mfa.results import check_tables


@pytest.fixture
def registry():
    """Forget what a test registers."""
    known = dict(INDICATORS)
    yield INDICATORS
    INDICATORS.clear()
    INDICATORS.update(known)


def test_one_decorated_function_adds_an_indicator(registry):
    @indicator("firms_there", "firms", "a test")
    def firms_there(found):
        """Number of firms."""
        return float(len(found.scenario.park.firms))

    table = indicator_table(results(scenario(park(firm("a"), firm("b")))))
    assert value(table, "firms_there") == 2.0
    assert table.iloc[-1][["unit", "source"]].to_list() == ["firms", "a test"]
    assert registry["firms_there"].meaning == "Number of firms."


def test_a_name_that_is_taken_is_refused(registry):
    with pytest.raises(UsageError) as caught:
        indicator("links", "links", "a test")(lambda _: 1.0)
    assert str(caught.value) == "there is already an indicator links; give this one another name"
    assert registry["links"].source != "a test"


@pytest.mark.parametrize(
    ("judged", "passes"),
    [
        (Judged(0.7, 0.7), True),
        (Judged(0.69, 0.7), False),
        (Judged(5.0, 8.0, at_least=False), True),
        (Judged(9.0, 8.0, at_least=False), False),
        (Judged(None, 8.0), None),
    ],
)
def test_a_value_passes_its_threshold_or_not(judged, passes):
    assert judged.passes is passes


@pytest.mark.parametrize("known", INDICATORS.values(), ids=lambda known: known.name)
def test_every_indicator_says_what_it_is_in_both_languages(known):
    assert known.unit
    assert known.source
    assert known.meaning.endswith(".")
    assert known.meaning in chinese()
    assert known.title in chinese()


def test_the_table_keeps_its_contract():
    found = results(scenario(park(firm("a"))))
    found = found.with_indicators(indicator_table(found))
    check_tables(found)
    # Targets, measures and efficiencies stand there only where the scenario or the run tells something of them.
    silent = {"target_utilisation", "co2_eco_efficiency", "waste_eco_efficiency", *MEASURES}
    silent |= {name for name, known in INDICATORS.items() if "use_phase" in known.compute.__module__}
    assert list(dict.fromkeys(found.indicators["indicator"])) == [name for name in INDICATORS if name not in silent]
