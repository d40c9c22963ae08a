"""Exchanges, replaced inputs, links, money, carbon and transport against numbers worked by hand."""

import pytest
from building import accept, firm, link, market, material, park, scenario, source, steam, technology, town
from tabling import END, YEAR, results, value

from mfa.indicators import indicator_table
from mfa.park.firm import Use
from mfa.park.link import Link

KILN = technology(
    "kiln", "clinker", {"limestone": 1.2, "clay": 0.2, "coal": 0.1},
    accepts=(
        accept("carbide_slag", "limestone", ratio=1.37, up_to=0.6),
        accept("fly_ash", "clay", up_to=0.5),
        accept("tyres", "coal", ratio=0.8, up_to=0.5),
    ),
    emits_per={"limestone": {"co2": 0.44}, "coal": {"co2": 2.0}, "tyres": {"co2": 1.5}},
)  # fmt: skip
MILL = technology("mill", "cement", {"clinker": 0.9, "gypsum": 0.1}, accepts=(
    accept("slag", "clinker", up_to=0.4), accept("slag", "gypsum", ratio=2.0, up_to=0.5)))  # fmt: skip


def cement_park(*more, **fields):
    return park(
        KILN, MILL, material("fly_ash", "bulk_solid_waste", moisture=0.2), material("slag", "solid_waste"),
        material("carbide_slag", "by_product"), steam(), firm("power", at=(0, 0)), firm("kiln", "kiln", 1, at=(3, 4)),
        firm("mill", "mill", 1, at=(0, 0)), town("town", {"steam": 1.0}), market(), *more, **fields,
    )  # fmt: skip


def test_exchanges_are_what_firms_deliver_to_others_by_unit():
    what = cement_park(source("lake", "water"), material("water", "water"), material("hot_water", "energy"))
    table = indicator_table(
        results(
            scenario(what),
            flows=[
                (YEAR, "power", "kiln", "fly_ash", "exchange", 30.0),
                (YEAR, "power", "power", "fly_ash", "internal", 7.0),
                (YEAR, "market", "kiln", "limestone", "virgin", 90.0),
                (YEAR, "kiln", "mill", "carbide_slag", "exchange", 12.0),
                (YEAR, "kiln", "mill", "clinker", "product", 500.0),
                (YEAR, "power", "town", "steam", "exchange", 400.0),
                (YEAR, "lake", "kiln", "water", "virgin", 11.0),
                (YEAR, "kiln", "mill", "water", "exchange", 5.0),
                (YEAR, "power", "kiln", "hot_water", "product", 6.0),
            ],
        )
    )
    assert value(table, "by_products_exchanged") == 42.0
    assert value(table, "by_products_exchanged", "fly_ash") == 30.0
    assert value(table, "energy_exchanged") == 400.0
    assert value(table, "water_exchanged") == 5.0
    assert value(table, "energy_carriers_exchanged", "hot_water") == 6.0


def test_replaced_input_is_ratio_times_use_and_credits_its_carbon():
    table = indicator_table(
        results(
            scenario(cement_park()),
            conversion=[
                (YEAR, "kiln", "kiln", "carbide_slag", 100.0, 0.0),
                (YEAR, "kiln", "kiln", "tyres", 10.0, 0.0),
                (YEAR, "kiln", "kiln", "limestone", 50.0, 0.0),
                (YEAR, "kiln", "kiln", "coal", 20.0, 0.0),
            ],
        )
    )
    assert value(table, "virgin_material_replaced", "limestone") == pytest.approx(137.0, rel=1e-12)
    assert value(table, "virgin_material_replaced", "coal") == pytest.approx(8.0, rel=1e-12)
    assert value(table, "virgin_material_replaced") == pytest.approx(145.0, rel=1e-12)
    # Emitted: 50 × 0.44 + 20 × 2 + 10 × 1.5; avoided: 137 × 0.44 + (8 × 2 − 10 × 1.5).
    assert value(table, "co2_direct", "kiln") == pytest.approx(77.0, rel=1e-12)
    assert value(table, "co2_avoided", "kiln") == pytest.approx(61.28, rel=1e-12)


def test_a_substitute_of_two_inputs_is_split_by_what_each_may_take_at_most():
    # Largest use for clinker 0.4 × 0.9 = 0.36, for gypsum 0.5 × 0.1 ÷ 2 = 0.025: of 77 t, 72 and 5.
    table = indicator_table(results(scenario(cement_park()), conversion=[(YEAR, "mill", "mill", "slag", 77.0, 0.0)]))
    assert value(table, "virgin_material_replaced", "clinker") == pytest.approx(72.0, rel=1e-12)
    assert value(table, "virgin_material_replaced", "gypsum") == pytest.approx(10.0, rel=1e-12)


def test_a_substitute_of_two_inputs_is_split_by_the_planned_mix():
    what = cement_park()
    mix = (Use(material="slag", replaces="clinker", amount=1.0), Use(material="slag", replaces="gypsum", amount=3.0))
    mill = what.firms["mill"]
    planned = mill.replace(lines={"mill": mill.lines["mill"].replace(mix=mix)})
    what = what.replace(firms={**what.firms, "mill": planned})
    table = indicator_table(results(scenario(what), conversion=[(YEAR, "mill", "mill", "slag", 80.0, 0.0)]))
    assert value(table, "virgin_material_replaced", "clinker") == pytest.approx(20.0, rel=1e-12)
    assert value(table, "virgin_material_replaced", "gypsum") == pytest.approx(120.0, rel=1e-12)


LINKS = (
    link("power", "kiln", "fly_ash"),
    link("power", "kiln", "slag", id="belt", mode="conveyor", distance=2.0),
    link("power", "kiln", "slag", id="idle"),
    link("kiln", "town", "steam"),
    link("kiln", "mill", "clinker", status="suggested", distance=0.0),
)


def linked(*extra: Link):
    return results(
        scenario(cement_park(*LINKS, *extra)),
        links=[
            ("power-kiln-fly_ash", None, 80.0),
            ("belt", None, 1000.0),
            ("idle", None, 0.0),
            ("kiln-town-steam", None, 9.0),
            ("kiln-mill-clinker", 500.0, 500.0),
        ],
    )


def test_links_count_where_something_moves_and_pairs_of_firms_once():
    table = indicator_table(linked())
    assert value(table, "links") == 4.0
    assert value(table, "new_links") == 1.0
    assert value(table, "connectance") == pytest.approx(2 / 6)  # power→kiln, kiln→mill; three firms


def test_transport_moves_water_too_and_only_trucks_emit():
    table = indicator_table(linked())
    # Fly ash 80 t dry is 100 t as received over 5 km; slag 1000 t over 2 km of conveyor; steam has no mass.
    assert value(table, "transport_work") == pytest.approx(2500.0, rel=1e-12)
    assert value(table, "transport_co2") == pytest.approx(500.0 * 0.0671 / 1000, rel=1e-12)


def test_one_firm_has_no_connectance():
    assert value(indicator_table(results(scenario(park(firm("alone"))))), "connectance") is None


def test_payments_between_firms_cancel_in_the_net_benefit_of_all():
    table = indicator_table(
        results(
            scenario(cement_park()),
            days=730.0,
            money=[
                (YEAR, "kiln", "power", "exchange", 300.0),
                (YEAR, "power", "landfill", "disposal", 40.0),
                (END, "market", "mill", "sale", 1000.0),
                (END, "mill", "carrier", "transport", 60.0),
            ],
        )
    )
    assert value(table, "income") == 650.0
    assert value(table, "cost") == 200.0
    assert {of: value(table, "net_benefit", of) for of in ("", "kiln", "mill", "power")} == {
        "": 450.0,
        "kiln": -150.0,
        "mill": 470.0,
        "power": 130.0,
    }
