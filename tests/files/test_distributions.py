"""Distributions in files: every form, what they read as, and what is wrong with them."""

import pytest

from mfa.files import scenario_text
from mfa.park.distribution import Distribution

SLAG = "park.technologies.smelting.releases.slag"
CAPACITY = "park.firms.works.lines.smelting.capacity"


def law(kind, *numbers, **cut):
    return Distribution(kind=kind, numbers=numbers, **cut)


FORMS = {
    "{normal: [0.4 t/t, 0.05 t/t]}": (0.4, law("normal", 0.4, 0.05)),
    "{normal: [0.4, 10%]}": (0.4, law("normal", 0.4, 0.04)),
    "{lognormal: [400 kg/t, 10%]}": (0.4, law("lognormal", 0.4, 0.04)),
    "{uniform: [0.3 t/t, 0.6 t/t]}": (0.45, law("uniform", 0.3, 0.6)),
    "{from: 0.3 t/t, to: 0.6 t/t}": (0.45, law("uniform", 0.3, 0.6)),
    "{triangular: [0.3 t/t, 0.4 t/t, 0.6 t/t]}": (0.4, law("triangular", 0.3, 0.4, 0.6)),
    "{values: [0.2 t/t, 0.6 t/t]}": (0.4, law("values", 0.2, 0.6)),
    "{value: 0.35 t/t, triangular: [0.3 t/t, 0.4 t/t, 0.6 t/t]}": (0.35, law("triangular", 0.3, 0.4, 0.6)),
    "{triangular: [0.6 t/t, 0.8 t/t, 1.2 t/t], basis: as_received}": (0.4, law("triangular", 0.3, 0.4, 0.6)),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_number_reads_as_its_central_value_and_keeps_its_distribution(read, form):
    central, expected = FORMS[form]
    reading = read(("slag: 0.4 t/t", f"slag: {form}"))
    assert [str(problem) for problem in reading.problems] == []
    scenario = reading.scenario
    assert scenario.park.technologies["smelting"].releases["slag"] == pytest.approx(central)
    assert scenario.uncertainty.values.keys() == {SLAG}
    found = scenario.uncertainty.values[SLAG]
    assert (found.kind, found.numbers) == (expected.kind, pytest.approx(expected.numbers))


def test_distributions_by_path_leave_the_value_as_it_stands(read):
    reading = read(
        add="uncertainty:\n  values:\n    park.firms.works.capacity: {normal: [400 kt/yr, 5%]}\n"
        f"    {SLAG}: {{uniform: [0.3, 0.6]}}\n"
    )
    scenario = reading.scenario
    assert scenario.park.firms["works"].lines["smelting"].capacity == 1000
    assert scenario.uncertainty.values[CAPACITY].mean == pytest.approx(400_000 / 365)
    assert scenario.uncertainty.values[SLAG] == law("uniform", 0.3, 0.6)


def test_a_sweep_varies_what_may_be_uncertain_as_well(read):
    reading = read(
        ("slag: 0.4 t/t", "slag: {uniform: [0.3, 0.7]}"),
        add=f"sweep: {{method: grid, samples: 9, vary: {{{SLAG}: {{from: 0.1, to: 0.2}}}}}}\n",
    )
    scenario = reading.scenario
    assert scenario.park.technologies["smelting"].releases["slag"] == 0.5
    assert scenario.uncertainty.values == {SLAG: law("uniform", 0.3, 0.7)}
    assert scenario.sweep.vary == {SLAG: law("uniform", 0.1, 0.2)}
    assert (scenario.sweep.method, scenario.sweep.samples) == ("grid", 9)


def test_a_rate_for_all_years_may_be_uncertain(read):
    add = "policies: [{kind: levy, name: tip, on: slag, when: disposed, rate: {uniform: [10 CNY/t, 30 CNY/t]}}]\n"
    scenario = read(add=add).scenario
    assert scenario.policies[0].rate == {2025: 20}
    assert scenario.uncertainty.values == {"policies.tip.rate.2025": law("uniform", 10, 30)}


def test_what_cannot_be_negative_or_above_one_is_cut_off(read):
    scenario = read(("utilisation: 80%", "utilisation: {normal: [80%, 0.1]}")).scenario
    (found,) = scenario.uncertainty.values.values()
    assert (found.least, found.most) == (0, 1)


def test_a_scenario_with_distributions_reads_back_equal(read):
    first = read(
        ("slag: 0.4 t/t", "slag: {uniform: [0.3, 0.7]}"),
        ("utilisation: 80%", "utilisation: {normal: [80%, 0.1]}"),
        add="sweep: {samples: 5, plan: each, vary: {park.firms.yard.capacity: {from: 10 kt/yr, to: 80 kt/yr}}}\n",
    ).scenario
    assert read(text=scenario_text(first)).scenario == first


def test_a_run_says_that_it_takes_central_values(read):
    reading = read(
        ("slag: 0.4 t/t", "slag: {uniform: [0.3, 0.7]}"),
        add="sweep: {vary: {park.firms.yard.capacity: {from: 10 kt/yr, to: 80 kt/yr}}}\n",
    )
    assert reading.unacted == (
        f"uncertain values ({SLAG}): each stands at its central value (mean; mode of a triangular one);"
        " mfa sweep shows what their distributions make of the results",
        "sweep: one run has the values that the scenario gives; mfa sweep varies them",
    )


BROKEN = {
    "{gaussian: [1, 2]}": "expected one value, got a mapping; a distribution is one of normal, lognormal, uniform,"
    " triangular, values",
    "{normal: [0.4 t/t]}": "normal takes [mean, std], got 1 numbers",
    "{normal: 0.4 t/t}": "expected a list of numbers such as {triangular: [1.0 t/t, 1.3 t/t, 1.5 t/t]}",
    "{normal: [0.4 t/t, 3 GJ]}": "expected a quantity in t/t, got '3 GJ' in GJ; write it as 1.3 t/t",
    "{normal: [0.4 t/t, 0]}": "the standard deviation must be above 0, got 0",
    "{normal: [0.4 t/t, 0.4 t/t]}": "beyond 0, which the value cannot be, with a chance of 16%;"
    " give a smaller std, or lognormal or triangular",
    "{uniform: [-0.1 t/t, 0.4 t/t]}": "reaches beyond 0, which the value cannot; stay within",
    "{triangular: [0.5, 0.4, 0.6]}": "numbers go from low to high, got 0.5, 0.4, 0.6",
    "{normal: [40%, 5%]}": "'5%' may mean points or a share of the mean; write points as a plain number, such as 0.05",
    "{uniform: [0.3, 0.5], normal: [0.4, 0.1]}": "a distribution has one key of normal, lognormal, uniform, triangular,"
    " values, or from and to; got normal, uniform",
    "{from: 0.3 t/t}": "a distribution has one key of normal, lognormal, uniform, triangular, values, or from and to;"
    " got from",
    "{uniform: [0.3, 0.5], unit: t}": "unknown key 'unit'; only value, basis and a distribution stand here",
    "{values: []}": "expected a list of numbers such as {triangular: [1.0 t/t, 1.3 t/t, 1.5 t/t]}",
    "{values: [[1]]}": "expected a number such as 1.3 t/t, got a list or mapping",
}


@pytest.mark.parametrize("form", BROKEN)
def test_what_is_no_distribution_is_told(told, form):
    (message,) = told(("slag: 0.4 t/t", f"slag: {form}"))
    assert message.endswith(BROKEN[form])
    assert message.startswith("13:")


BROKEN_BY_PATH = {
    "sweep: {vary: {park.firms.works.capcity: {from: 1, to: 2}}}": (
        "29:16: error: sweep.vary.park.firms.works.capcity: the path leads nowhere: there is no 'capcity';"
        " did you mean 'capacity'?"
    ),
    "sweep: {vary: {park.firms.works.capacity: 400 kt/yr}}": (
        "29:43: error: sweep.vary.park.firms.works.capacity: expected a distribution such as"
        " {triangular: [1.0 t/t, 1.3 t/t, 1.5 t/t]}"
    ),
    "uncertainty: {values: {park.firms.works.capacity: {from: -1 kt/yr, to: 2 kt/yr}}}": (
        "29:51: error: uncertainty.values.park.firms.works.capacity: reaches beyond 0, which the value cannot;"
        " stay within"
    ),
    "sweep: {vary: [1]}": "29:15: error: sweep.vary: expected a mapping from paths to distributions",
    "sweep: {method: sobol}": "29:17: error: sweep.method: 'sobol' is not one of latin_hypercube, random, grid",
    "sweep: {samples: 0}": "29:18: error: sweep.samples: must be at least 1, got 0",
}


@pytest.mark.parametrize("line", BROKEN_BY_PATH)
def test_what_is_wrong_under_a_path_is_told_where_it_stands(told, line):
    assert told(add=line) == [BROKEN_BY_PATH[line]]
