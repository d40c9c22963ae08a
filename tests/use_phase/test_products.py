"""Products in use as a park gives them: their amounts over the years, their account, and what their producers owe."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest
from building import firm, link, material, park, product, scenario, source, technology
from tabling import results, value

import mfa
from mfa.indicators import indicator_table
from mfa.park.in_use import ProductLifetime
from mfa.park.policy import Policy
from mfa.park.scenario import Scenario
from mfa.simulation import simulate
from mfa.use_phase.products import amounts_until, lifetime_over, products_in_use
from mfa.use_phase.responsibility import dues, responsibilities

CARS = product(
    "cars", 2.0, {"hulks": 1.5}, inflow={2015: 1000.0, 2016: 2000.0}, collection={2015: 0.5, 2018: 0.4},
    unit="cars",
)  # fmt: skip
"""1000 and 2000 cars leave in 2017 and 2018; 500 and 800 are collected."""
EPR = Policy(
    kind="producer_responsibility", name="makers", on=("cars",), collection={2018: 0.7}, recycling={2017: 0.5},
    fee={2010: 10.0, 2018: 12.0}, penalty={2010: 300.0}, payer="car makers", payee="fund",
)  # fmt: skip


def city(*policies: Policy) -> Scenario:
    what = park(
        material("hulks", "solid_waste"), technology("shredding", "scrap", {"hulks": 1.5}),
        firm("shredder", "shredding", 100.0), source("depot", "hulks"), CARS, link("depot", "shredder", "hulks"),
    )  # fmt: skip
    return scenario(what, days=730, record="year", start=date(2017, 1, 1), policies=policies)


def test_amounts_go_straight_between_the_years_given_and_grow_after_them() -> None:
    what = product("cars", 2.0, {"hulks": 1.0}, stock={2000: 10.0, 2002: 20.0}, growth=0.1, collection={2000: 1.0})
    assert amounts_until(what, 2004) == pytest.approx({2000: 10, 2001: 15, 2002: 20, 2003: 22, 2004: 24.2})


def test_a_lifetime_may_change_with_the_year_of_entry() -> None:
    life = ProductLifetime(kind="fixed", mean={2000: 2.0, 2002: 5.0})
    assert str(lifetime_over(life, [1999, 2000, 2001, 2002, 2003])) == "fixed(mean=2…5)"
    assert lifetime_over(life, [1999, 2001, 2003]).mean == {1999: 2.0, 2001: 2.0, 2003: 5.0}
    with pytest.raises(mfa.InputError, match="a fixed lifetime takes mean, got mean \\+ std"):
        lifetime_over(life.replace(std={2000: 1.0}), [2000])


def test_the_table_holds_every_year_of_every_product() -> None:
    table = products_in_use(city()).set_index("year")
    assert set(table["product"]) == {"cars"}
    assert table.index.tolist() == [2015, 2016, 2017, 2018]
    assert table.loc[2018, ["stock", "inflow", "outflow", "collected", "recycled", "lost"]].tolist() == [
        4000, 2000, 2000, 800, 800, 1200,
    ]  # fmt: skip
    assert table.loc[2018, ["unit", "t_per_unit", "entry"]].tolist() == ["cars", 1.5, "end"]
    assert products_in_use(scenario(park(firm("a")))).empty


def test_fee_and_penalty_by_hand() -> None:
    """2018: 2000 new cars at 12; 70 % of 2000 asked, 800 collected: 600 cars of 1.5 t short, at 300."""
    assert dict(dues(city().park, EPR, 2018)) == pytest.approx({"fee makers": 24_000, "penalty makers": 270_000})
    assert dict(dues(city().park, EPR, 2017)) == pytest.approx({"fee makers": 20_000, "penalty makers": 0})


def test_producers_pay_in_the_run() -> None:
    money = simulate(city(EPR)).money
    mine = money[money["payer"] == "car makers"]
    assert set(mine["payee"]) == {"fund"}
    paid = {(row.time[:4], row.item): row.amount_cny for row in mine.itertuples()}
    assert paid == pytest.approx(
        {("2017", "fee makers"): 20_000, ("2018", "fee makers"): 24_000, ("2018", "penalty makers"): 270_000}
    )


def test_targets_and_gaps_by_year() -> None:
    table = responsibilities(city(EPR)).set_index(["rate", "year"])
    assert table["gap"].to_dict() == pytest.approx(
        {("recycling", 2017): 0.0, ("collection", 2018): -0.3, ("recycling", 2018): -0.1}
    )
    assert table.loc[("collection", 2018), "gap_t"] == pytest.approx(-900)


def test_indicators_are_judged_by_the_targets_of_the_last_year() -> None:
    table = indicator_table(results(city(EPR)))
    rows = table[(table["of"] == "cars") & table["indicator"].str.endswith("rate")].set_index("indicator")
    assert rows["value"].to_dict() == pytest.approx(
        {"collection_rate": 0.4, "recycling_rate": 0.4, "remanufacturing_rate": 0.0}
    )
    assert rows["threshold"]["collection_rate"] == 0.7
    assert rows["threshold"]["recycling_rate"] == 0.5
    assert math.isnan(rows["threshold"]["remanufacturing_rate"])
    assert not rows["passes"]["collection_rate"]
    assert value(table, "collection_rate") == pytest.approx(0.4)


def test_a_total_rate_goes_by_mass() -> None:
    what = city()
    boats = product("boats", 2.0, {"hulks": 10.0}, inflow={2015: 100.0}, collection={2015: 1.0})
    both = what.replace(park=what.park.replace(in_use={"cars": CARS, "boats": boats}))
    # 2018: 2000 cars of 1.5 t and 100 boats of 10 t leave; 800 cars and all boats are collected.
    assert value(indicator_table(results(both)), "collection_rate") == pytest.approx((1200 + 1000) / (3000 + 1000))


def test_a_park_without_products_has_no_such_indicator() -> None:
    table = indicator_table(results(scenario(park(firm("a")))))
    assert not table["indicator"].isin(["collection_rate", "collected_material_taken"]).any()
    assert isinstance(table, pd.DataFrame)
