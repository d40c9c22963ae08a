"""One year of a run: its rows, its days, and the stocks at both of its ends."""

import pytest
from building import firm, park, scenario, technology
from tabling import results

from mfa.indicators.utilisation import solid_waste_utilisation
from mfa.results.periods import in_year, spans, whole_years

LAYOUT = park(technology("works", "iron", {"ore": 1.0}, releases={"slag": 0.5}), firm("works", "works", 1))


def run(days, times, record="month"):
    rows = [(time, "works", "works", "slag", 10.0, 20.0) for time in times]
    return results(scenario(LAYOUT, record=record), conversion=rows, days=days,
                   stocks=[(time, "works", "slag", 5.0) for time in (*times, "2022-04-01")])  # fmt: skip


def test_years_that_are_recorded_from_start_to_end():
    found = run(days=549, times=["2020-10-01", "2020-12-01", "2021-01-01", "2021-07-01", "2022-01-01", "2022-03-01"])
    assert spans(found) == {
        2020: ("2020-10-01", "2021-01-01", 92), 2021: ("2021-01-01", "2022-01-01", 365),
        2022: ("2022-01-01", "2022-04-03T00:00:00", 92),
    }  # fmt: skip
    assert whole_years(found) == [2021]


def test_a_year_holds_its_rows_and_the_stocks_at_both_ends():
    found = in_year(run(549, ["2020-10-01", "2021-01-01", "2021-07-01", "2022-01-01"]), 2021)
    assert found.days == 365
    assert found.conversion["time"].tolist() == ["2021-01-01", "2021-07-01"]
    assert found.stocks["time"].tolist() == ["2021-01-01", "2021-07-01", "2022-01-01"]
    assert solid_waste_utilisation(found)[""] == pytest.approx(0.5)


def test_a_year_that_is_not_recorded():
    with pytest.raises(KeyError):
        in_year(run(92, ["2020-10-01"]), 2019)
    assert spans(results(scenario(LAYOUT))) == {}
