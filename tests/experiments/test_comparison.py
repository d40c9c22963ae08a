"""Runs side by side, from memory and from folders."""

import pytest
from building import park, scenario
from examples import ash_scenario
from tabling import results

from mfa.errors import UsageError
from mfa.experiments import close_loop, compare
from mfa.results.tables import make_table


def judged(values, run="before", name="x"):
    """Return results with these indicators only: (name, of, unit) → value."""
    rows = [(run, indicator, of, number, unit, None, None, "s") for (indicator, of, unit), number in values.items()]
    return results(scenario(park(), name=name), run=run).with_indicators(make_table("indicators", rows))


RATE, CLAY, SLAG = ("rate", "", "fraction"), ("replaced", "clay", "t/yr"), ("replaced", "slag", "t/yr")


def test_two_runs_have_a_change():
    table = compare(judged({RATE: 0.25, CLAY: 10.0}), judged({RATE: 0.75, CLAY: 4.0}, run="after"))
    assert table.columns.to_list() == ["indicator", "of", "unit", "before", "after", "change"]
    assert table.to_numpy().tolist() == [
        ["rate", "", "fraction", 0.25, 0.75, 0.5],
        ["replaced", "clay", "t/yr", 10.0, 4.0, -6.0],
    ]


def test_two_runs_of_one_name_are_before_and_after():
    assert compare(judged({RATE: 1.0}), judged({RATE: 2.0})).columns[3:].to_list() == ["before", "after", "change"]


def test_more_runs_have_a_column_each_and_no_change():
    layouts = [judged({RATE: number}, run=run) for number, run in ((1.0, "a"), (2.0, "b"), (3.0, "c"))]
    assert compare(*layouts).to_numpy().tolist() == [["rate", "", "fraction", 1.0, 2.0, 3.0]]
    assert compare(*layouts).columns[3:].to_list() == ["a", "b", "c"]


def test_runs_of_one_name_are_told_apart_by_their_scenario():
    table = compare(judged({RATE: 1.0}, name="north"), judged({RATE: 2.0}, name="south"))
    assert table.columns[3:].to_list() == ["north: before", "south: before", "change"]
    table = compare(*[judged({RATE: 1.0})] * 3)
    assert table.columns[3:].to_list() == ["1: before", "2: before", "3: before"]


def test_a_run_may_not_take_the_name_of_a_column():
    assert compare(judged({RATE: 1.0}, run="unit")).columns[3:].to_list() == ["x: unit"]


def test_an_amount_that_one_run_does_not_know_is_nothing_and_a_rate_is_unknown():
    some = ("rate", "clay", "fraction")
    table = compare(judged({RATE: None, CLAY: 5.0, some: 0.5}), judged({RATE: 0.5, SLAG: 7.0}, run="after"))
    table = table.astype(object).where(table.notna(), None)
    assert table.to_numpy().tolist() == [
        ["rate", "", "fraction", None, 0.5, None],
        ["rate", "clay", "fraction", 0.5, None, None],
        ["replaced", "clay", "t/yr", 5.0, 0.0, -5.0],
        ["replaced", "slag", "t/yr", 0.0, 7.0, 7.0],
    ]


def test_units_are_never_mixed():
    table = compare(judged({("sent", "", "t/yr"): 1.0}), judged({("sent", "", "GJ/yr"): 2.0}, run="after"))
    assert table["unit"].to_list() == ["GJ/yr", "t/yr"]


def test_nothing_cannot_be_compared():
    with pytest.raises(UsageError, match="there is nothing to compare"):
        compare()


def test_a_loop_is_its_two_runs():
    loop = close_loop(ash_scenario())
    assert compare(loop).equals(compare(loop.before, loop.after))
