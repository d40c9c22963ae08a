"""When lines can run (semantics §6.2): every day worked out by hand on a line of 10 units a day."""

from datetime import date

import pytest
from building import amount, firm, line, market, park, rows, scenario, technology

from mfa.results.results import Results
from mfa.simulation import simulate

STONE = technology("quarry", "stone", {"rock": 1.0})
TWO = firm("works", lines=(line("a", "quarry", 10.0), line("b", "quarry", 10.0)))


def run(*disruptions: dict[str, object], days: int = 10, works: object = None, **fields: object) -> Results:
    what = park(STONE, works or firm("works", "quarry", 10.0), market())
    return simulate(scenario(what, days=days, disruptions=disruptions, **fields))


def stop(first: str, **fields: object) -> dict[str, object]:
    return {"firm": "works", "from": first, **fields}


def daily(results: Results, which: str = "quarry") -> list[float]:
    return rows(results.activity, line=which)["output"].tolist()


def test_from_and_until_are_inclusive() -> None:
    assert daily(run(stop("2017-01-03", until="2017-01-05"), days=7)) == pytest.approx([10, 10, 0, 0, 0, 10, 10])


def test_lasts_counts_days_from_the_first() -> None:
    results = run(stop("2017-01-03", lasts=2, availability=0.4), days=6)
    assert daily(results) == pytest.approx([10, 10, 4, 4, 10, 10])
    assert results.activity["availability"].tolist() == pytest.approx([1, 1, 0.4, 0.4, 1, 1])


def test_a_disruption_without_an_end_holds_to_the_end_of_the_run() -> None:
    assert daily(run(stop("2017-01-03"), days=6)) == pytest.approx([10, 10, 0, 0, 0, 0])
    assert daily(run(stop("2016-12-25"), days=6)) == [0.0] * 6


def test_a_disruption_before_the_start_reaches_into_the_run() -> None:
    assert daily(run(stop("2016-12-20", until="2017-01-02"), days=4)) == pytest.approx([0, 0, 10, 10])
    assert daily(run(stop("2010-01-01", until="2010-01-02"), days=2)) == [10.0, 10.0]


def test_a_disruption_after_the_end_does_nothing() -> None:
    assert daily(run(stop("2018-01-01", lasts=9), days=3)) == [10.0] * 3


def test_where_causes_overlap_the_lowest_availability_holds() -> None:
    causes = stop("2017-01-02", lasts=4, availability=0.5), stop("2017-01-03", lasts=1, availability=0.2)
    assert daily(run(*causes, days=6)) == pytest.approx([10, 5, 2, 5, 5, 10])


def test_a_cause_may_name_one_line() -> None:
    results = run(stop("2017-01-01", lasts=1, line="a"), days=2, works=TWO)
    assert daily(results, "a") == pytest.approx([0, 10])
    assert daily(results, "b") == pytest.approx([10, 10])


def test_a_step_of_a_week_runs_for_the_rest_of_the_week() -> None:
    # 2017-01-01 … 07 and so on: stopped on 3 of the first 7 days, at 40 % on all of the second week.
    causes = stop("2017-01-02", lasts=3), stop("2017-01-08", lasts=7, availability=0.4)
    assert daily(run(*causes, days=21, step=7.0)) == pytest.approx([10 * 4, 10 * 7 * 0.4, 70])


def test_a_step_of_six_hours_sees_hours() -> None:
    # 9 h of standstill from midnight: one step of 6 h whole, half of the next.
    steps = daily(run(stop("2017-01-02", lasts=9 / 24), days=2, step=0.25))
    assert steps == pytest.approx([2.5] * 4 + [0.0, 1.25, 2.5, 2.5])


def test_every_year_repeats_the_dates() -> None:
    results = run(stop("2017-12-31", until="2018-01-01", every="year"), days=365 * 3, record="step")
    idle = results.activity[results.activity["output"] == 0]["time"].tolist()
    assert idle == ["2017-12-31", "2018-01-01", "2018-12-31", "2019-01-01", "2019-12-31"]


def test_every_year_starts_in_the_year_of_its_first_date() -> None:
    results = run(stop("2018-03-01", lasts=1, every="year"), days=365 * 3)
    assert results.activity[results.activity["output"] == 0]["time"].tolist() == ["2018-03-01", "2019-03-01"]


def test_the_29th_of_february_is_the_1st_of_march_in_other_years() -> None:
    results = run(stop("2016-02-29", lasts=1, every="year"), days=365 * 5, start=date(2016, 1, 1))
    idle = results.activity[results.activity["output"] == 0]["time"].tolist()
    assert idle == ["2016-02-29", "2017-03-01", "2018-03-01", "2019-03-01", "2020-02-29"]


def test_every_year_ends_on_the_same_date_in_leap_years_and_others() -> None:
    # From the 27th of February until the 2nd of March: 5 days in 2016, 4 in 2017.
    results = run(stop("2016-02-27", until="2016-03-02", every="year"), days=366 + 365, start=date(2016, 1, 1))
    idle = results.activity[results.activity["output"] == 0]["time"].tolist()
    in_2016 = ["2016-02-27", "2016-02-28", "2016-02-29", "2016-03-01", "2016-03-02"]
    assert idle == [*in_2016, "2017-02-27", "2017-02-28", "2017-03-01", "2017-03-02"]


def test_until_the_29th_of_february_is_the_28th_in_other_years() -> None:
    results = run(stop("2016-02-28", until="2016-02-29", every="year"), days=366 + 365, start=date(2016, 1, 1))
    idle = results.activity[results.activity["output"] == 0]["time"].tolist()
    assert idle == ["2016-02-28", "2016-02-29", "2017-02-28"]


def test_until_the_28th_of_february_stays_the_28th_in_leap_years() -> None:
    results = run(stop("2015-02-28", until="2015-02-28", every="year"), days=366, start=date(2016, 1, 1))
    assert results.activity[results.activity["output"] == 0]["time"].tolist() == ["2016-02-28"]


def test_a_cause_longer_than_its_period_holds_all_the_time() -> None:
    assert daily(run(stop("2016-01-01", lasts=800, every="year"), days=3)) == [0.0] * 3


def test_random_breakdowns_do_not_act() -> None:
    random = {"firm": "works", "mean_time_between": 1.0, "lasts": {"exponential": 4.0}}
    assert daily(run(random, days=3)) == [10.0] * 3


def test_maintenance_stops_a_firm_at_intervals() -> None:
    works = firm("works", "quarry", 10.0, maintenance=({"every": 4, "lasts": 1, "first": 1},))
    assert daily(run(works=works, days=7)) == pytest.approx([10, 0, 10, 10, 10, 0, 10])


def test_maintenance_may_stop_one_line_in_part() -> None:
    works = TWO.replace(maintenance=({"line": "b", "every": 100, "lasts": 2, "availability": 0.3},))
    results = run(works=works, days=3)
    assert (daily(results, "a"), daily(results, "b")) == (pytest.approx([10] * 3), pytest.approx([3, 3, 10]))


def test_a_plant_runs_when_it_is_built() -> None:
    # 2.5 days of construction: nothing on days 1 and 2, half of day 3.
    works = firm("works", lines=(line("new", "quarry", 10.0, ready=2.5),))
    assert daily(run(works=works, days=5), "new") == pytest.approx([0, 0, 5, 10, 10])


def test_a_plant_that_is_not_finished_in_time_never_runs() -> None:
    works = firm("works", lines=(line("new", "quarry", 10.0, ready=100.0),))
    assert daily(run(works=works, days=5), "new") == [0.0] * 5


def test_construction_and_a_disruption_overlap() -> None:
    works = firm("works", lines=(line("new", "quarry", 10.0, ready=2.0),))
    results = run(stop("2017-01-02", lasts=2, availability=0.5), works=works, days=4)
    assert daily(results, "new") == pytest.approx([0, 0, 5, 10])


def test_months_show_the_mean_availability() -> None:
    results = run(stop("2017-01-01", until="2017-01-31", availability=0.5), days=59, record="month")
    assert results.activity["time"].tolist() == ["2017-01-01", "2017-02-01"]
    assert results.activity["availability"].tolist() == pytest.approx([0.5, 1.0])
    assert amount(results.activity, "output") == pytest.approx(31 * 5 + 28 * 10)
