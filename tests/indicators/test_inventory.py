"""The carbon inventory of a park by hand: scopes, processes, other gases, and what is no part of it."""

import pytest
from building import accept, firm, link, market, material, park, scenario, steam, technology
from tabling import YEAR, results, value

from mfa.indicators import indicator_table
from mfa.indicators.inventory import carbon_by_process, carbon_inventory

KILN = technology(
    "kiln", "clinker", {"limestone": 1.0, "coal": 0.1}, accepts=(accept("slag", "limestone", ratio=1.0),),
    emits_per={"limestone": {"co2": 0.44}, "coal": {"co2": 2.0}},
)  # fmt: skip
ACID = technology("acid", "nitric_acid", {"ammonia": 0.3}, emits_per={"ammonia": {"n2o": 0.02, "water_vapour": 1.0}})


def inventory(**statistics):
    layout = park(
        KILN, ACID, market(), firm("works", "kiln", 1, at=(0, 0)), firm("chem", "acid", 1, at=(0, 10)),
        material("coal", "raw", properties={"GJ_per_t": 20.0}), material("slag", "bulk_solid_waste"),
        material("electricity", "energy", unit="GJ", storable=False), steam("steam", temperature_c=160),
        material("ammonia", "product", properties={"tCO2e_per_t": 2.0}), link("chem", "works", "slag"),
    )  # fmt: skip
    return results(
        scenario(layout, statistics=statistics),
        flows=[
            (YEAR, "market", "works", "electricity", "virgin", 3600.0),
            (YEAR, "market", "works", "steam", "virgin", 500.0),
            (YEAR, "market", "chem", "ammonia", "virgin", 30.0),
            (YEAR, "chem", "works", "steam", "exchange", 400.0),
            (YEAR, "chem", "works", "slag", "exchange", 200.0),
        ],
        conversion=[
            (YEAR, "works", "kiln", "limestone", 800.0, 0.0),
            (YEAR, "works", "kiln", "slag", 200.0, 0.0),
            (YEAR, "works", "kiln", "coal", 100.0, 0.0),
            (YEAR, "chem", "acid", "ammonia", 30.0, 0.0),
        ],
        links=[("chem-works-slag", None, 200.0)],
    )


def test_scopes_by_hand():
    found = carbon_inventory(inventory())
    # 800 · 0.44 of limestone and 30 · 0.02 · 273 of ammonia; 100 · 2 of coal; 1 GWh at 0.5366 t/MWh; 500 GJ at 0.11.
    assert found["scope 1 process"] == pytest.approx(352 + 163.8)
    assert found["scope 1 fuel"] == pytest.approx(200)
    assert found["scope 2 electricity"] == pytest.approx(536.6)
    assert found["scope 2 heat"] == pytest.approx(55)
    assert found["scope 3 materials"] == pytest.approx(60)
    assert found["scope 3 transport"] == pytest.approx(200 * 10 * 0.0671 / 1000)
    assert found[""] == pytest.approx(352 + 163.8 + 200 + 536.6 + 55)


def test_what_is_avoided_stands_outside_the_inventory():
    run = inventory()
    table = indicator_table(run)
    assert value(table, "co2_avoided") == pytest.approx(200 * 0.44)
    assert value(table, "carbon_inventory") == pytest.approx(carbon_inventory(run)[""])


def test_each_process_is_named():
    assert carbon_by_process(inventory()) == pytest.approx(
        {"": 715.8, "chem.acid": 163.8, "works.kiln": 552.0}
    )  # fmt: skip


def test_a_factor_of_the_user_goes_before_the_library():
    found = carbon_inventory(inventory(electricity_co2_factor={2020: 0.2}, heat_co2_factor=0.1))
    assert (found["scope 2 electricity"], found["scope 2 heat"]) == pytest.approx((720, 50))


def test_waste_that_is_burnt_is_fuel():
    boiler = technology("boiler", "heat", {"gangue": 1.0}, emits_per={"gangue": {"co2": 0.8}})
    gangue = material("gangue", "bulk_solid_waste", properties={"GJ_per_t": 8.0})
    layout = park(boiler, gangue, firm("works", "boiler", 1))
    run = results(scenario(layout), conversion=[(YEAR, "works", "boiler", "gangue", 10.0, 0.0)])
    assert carbon_inventory(run)["scope 1 fuel"] == pytest.approx(8)
