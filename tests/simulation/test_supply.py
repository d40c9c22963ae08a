"""A park fed by products in use: it receives what each year's account says, and the plan is for one year of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from building import firm, link, material, park, product, scenario, source, technology

from mfa.experiments import close_loop
from mfa.indicators.use_phase import collected_supply
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.results.results import Results
from mfa.simulation import simulate
from mfa.step.steady_state import steady_state
from mfa.use_phase.supply import park_in, supply_in

SALES = {2015: 1000.0, 2016: 2000.0, 2017: 2500.0}
"""Cars that last two years: 1000, 2000 and 2500 leave in 2017, 2018 and 2019."""


def city(capacity: float = 100.0, **fields: Any) -> Park:
    """Return a shredder and an engine works that live of the cars of a city, each of 1.2 t."""
    cars = product("cars", 2.0, {"hulks": 1.2}, inflow=SALES, collection={2017: 0.5, 2018: 0.8}, **fields)
    return park(
        material("hulks", "solid_waste"), material("cores", "solid_waste"),
        technology("shredding", "scrap", {"hulks": 1.5}), technology("renewal", "engines", {"cores": 1.25}),
        firm("shredder", "shredding", capacity), firm("works", "renewal", capacity), source("depot", "hulks", "cores"),
        cars, link("depot", "shredder", "hulks"), link("depot", "works", "cores"),
    )  # fmt: skip


def years(what: Park, days: int = 3 * 365, **fields: Any) -> Scenario:
    return scenario(what, days=days, record="month", start=date(2017, 1, 1), **fields)


def received(results: Results, what: str) -> dict[str, float]:
    """Return what left the depot, by year."""
    flows = results.flows[(results.flows["source"] == "depot") & (results.flows["material"] == what)]
    return {str(year): float(sum(rows)) for year, rows in flows.groupby(flows["time"].str[:4])["dry_amount"]}


def test_the_park_receives_the_tonnes_of_each_year() -> None:
    """Of 1000, 2000 and 2500 cars 50, 80 and 80 % are collected, of 1.2 t each."""
    results = simulate(years(city()))
    expected = {"2017": 500 * 1.2, "2018": 1600 * 1.2, "2019": 2000 * 1.2}
    assert received(results, "hulks") == pytest.approx(expected, rel=1e-9)


def test_cores_go_to_remanufacturers_and_the_rest_to_recyclers() -> None:
    results = simulate(
        years(city(remanufacture={2017: 0.25}, **{"yield": {2017: 0.8}}, reuse={2017: 0.1}, cores="cores"))
    )
    assert received(results, "cores")["2018"] == pytest.approx(1600 * 0.25 * 1.2, rel=1e-9)
    assert received(results, "hulks")["2018"] == pytest.approx(1600 * 0.65 * 1.2, rel=1e-9)


def test_without_cores_what_is_not_remanufactured_elsewhere_is_recycled_here() -> None:
    what = city(remanufacture={2017: 0.25}, **{"yield": {2017: 0.8}}, reuse={2017: 0.1})
    assert supply_in(what, 2018) == {("depot", "hulks"): pytest.approx(1600 * (1 - 0.1 - 0.2) * 1.2 / 365)}


@pytest.mark.parametrize("step", [1.0, 7.0])
def test_a_run_starts_at_rest_and_changes_with_the_first_step_of_a_year(step: float) -> None:
    results = simulate(years(city(), step=step).replace(outputs={"record": "step"}))
    hulks = results.flows[results.flows["material"] == "hulks"].set_index("time")["dry_amount"]
    assert hulks[hulks.index < "2018"].to_numpy() == pytest.approx(600 * step / 365, rel=1e-9)
    assert hulks[(hulks.index >= "2018") & (hulks.index < "2019")].to_numpy() == pytest.approx(
        1920 * step / 365, rel=1e-9
    )
    made = results.activity[results.activity["firm"] == "shredder"].set_index("time")["output"]
    assert made.iloc[0] == pytest.approx(600 * step / 365 / 1.5, rel=1e-9)


def test_a_leap_year_gives_as_much_a_day_as_any_other() -> None:
    results = simulate(years(city(), days=4 * 365 + 1))  # 2017 to 2020
    assert received(results, "hulks")["2020"] == pytest.approx(2000 * 1.2 * 366 / 365, rel=1e-9)


def test_what_recyclers_cannot_take_is_told() -> None:
    """A shredder of 2 t a day takes 3 t of hulks a day: all of 2017, and 1095 t a year afterwards."""
    table = collected_supply(simulate(years(city(capacity=2.0))))
    hulks = table[table["material"] == "hulks"].set_index("year")
    assert hulks["account_t"].to_dict() == pytest.approx({2017: 600, 2018: 1920, 2019: 2400})
    assert hulks["park_t"].to_dict() == pytest.approx({2017: 600, 2018: 1095, 2019: 1095})
    assert hulks["difference_t"][2019] == pytest.approx(1095 - 2400)


def test_what_comes_back_is_told_beside_what_the_account_says() -> None:
    what = city(remanufacture={2017: 0.25}, **{"yield": {2017: 0.9}}, cores="cores")
    table = collected_supply(simulate(years(what))).set_index(["flow", "year"])
    # 0.25 · 1600 cars come to 480 t of cores; 90 % of them by the account, 1 ÷ 1.25 by the recipe, a step later.
    assert table.loc[("returned", 2018), "account_t"] == pytest.approx(480 * 0.9)
    before = 0.25 * 500 * 1.2 / 365  # of the last day of 2017, made on the first of 2018
    assert table.loc[("returned", 2018), "park_t"] == pytest.approx((480 * 364 / 365 + before) / 1.25)


def test_a_plan_is_made_for_its_year_and_kept_in_a_year_like_it() -> None:
    loop = close_loop(years(city(), plan_year=2018))
    promised = loop.plan.links.set_index("link")["promised_per_yr"]
    assert promised["depot-shredder-hulks"] == pytest.approx(1920, rel=1e-6)
    assert loop.after is not None
    assert received(loop.after, "hulks") == pytest.approx({"2017": 600, "2018": 1920, "2019": 1920}, rel=1e-6)
    assert loop.disturbances == ("products in use supply what each year brings, and the plan is for 2018",)


def test_supply_that_does_not_change_keeps_the_promise() -> None:
    same = product("cars", 2.0, {"hulks": 1.2}, inflow=dict.fromkeys(range(2010, 2020), 1000.0), collection={2010: 0.5})
    what = city().replace(in_use={"cars": same})
    assert close_loop(years(what, days=730)).promise["kept"].all()


def test_a_park_without_products_is_the_same_park() -> None:
    what = city().replace(in_use={})
    assert park_in(what, 2018) is what


def test_rest_is_that_of_the_year() -> None:
    rest = steady_state(park_in(city(), 2019))
    assert rest.flow["depot-shredder-hulks"] == pytest.approx(2000 * 1.2 / 365, rel=1e-9)
