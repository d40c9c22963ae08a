"""Utilisation, diversion and waste amounts against accounts worked by hand (semantics §9)."""

import pytest
from building import (
    accept,
    firm,
    landfill,
    line,
    link,
    market,
    material,
    park,
    scenario,
    source,
    technology,
    treatment,
    user,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from tabling import END, YEAR, results, value

from mfa.indicators import indicator_table
from mfa.indicators.utilisation import solid_waste_utilisation
from mfa.park.policy import Policy

RED_MUD = material("red_mud", "bulk_solid_waste")
ALUMINA = technology("bayer", "alumina", {"bauxite": 2.0}, releases={"red_mud": 1.0})
BRICKS = technology("brick", "bricks", {"clay": 1.0}, accepts=(accept("red_mud", "clay"), accept("washed", "clay")))
WASHING = treatment("washing", "washed", {"red_mud": 1.0}, releases={"residue": 0.08 / 0.92})
REFINERY = firm("refinery", lines=[line("bayer", "bayer", 1), line("washing", "washing", 1)])
BRICKWORKS = firm("brickworks", "brick", 1)


def red_mud_park(**fields):
    return park(
        RED_MUD, material("washed", "bulk_solid_waste"), material("residue", "solid_waste"), ALUMINA, BRICKS, WASHING,
        REFINERY, BRICKWORKS, landfill(), market(), **fields,
    )  # fmt: skip


def heap(*dry):
    """Stocks of red mud at the refinery at the start of 2020, 2021 and 2022."""
    return [(time, "refinery", "red_mud", amount) for time, amount in zip((YEAR, END, "2022-01-01"), dry, strict=True)]


def account(what, **tables):
    return indicator_table(results(scenario(what), **tables))


def test_a_treatment_hands_on_origin_tonnes_and_its_residue_keeps_its_share():
    # 1 t red mud for 1 t washed and 0.0870 t residue, so one tonne of either stands for 0.92 t of red mud:
    # 100 t red mud in, 100 t washed used (92 t), 8.696 t residue disposed of (8 t).
    residue = 100 * 0.08 / 0.92
    table = account(
        red_mud_park(),
        conversion=[
            (YEAR, "refinery", "bayer", "red_mud", 0.0, 100.0),
            (YEAR, "refinery", "washing", "red_mud", 100.0, 0.0),
            (YEAR, "refinery", "washing", "washed", 0.0, 100.0),
            (YEAR, "refinery", "washing", "residue", 0.0, residue),
            (YEAR, "brickworks", "brick", "washed", 100.0, 0.0),
        ],
        flows=[(YEAR, "refinery", "landfill", "residue", "disposal", residue)],
    )
    assert value(table, "waste_generated") == 100.0
    assert value(table, "waste_used") == pytest.approx(92.0, rel=1e-12)
    assert value(table, "waste_disposed") == pytest.approx(8.0, rel=1e-12)
    assert value(table, "solid_waste_utilisation") == pytest.approx(0.92, rel=1e-12)
    assert value(table, "solid_waste_utilisation", "red_mud") == pytest.approx(0.92, rel=1e-12)
    assert set(table[table["indicator"] == "solid_waste_utilisation"]["of"]) == {"", "red_mud"}


def test_own_use_by_another_line_counts_and_a_treatment_does_not():
    works = firm("works", lines=[line("bayer", "bayer", 1), line("brick", "brick", 1), line("washing", "washing", 1)])
    what = park(RED_MUD, material("washed", "bulk_solid_waste"), material("residue", "solid_waste"), ALUMINA, BRICKS,
                WASHING, works)  # fmt: skip
    table = account(
        what,
        conversion=[
            (YEAR, "works", "bayer", "red_mud", 0.0, 50.0),
            (YEAR, "works", "brick", "red_mud", 20.0, 0.0),
            (YEAR, "works", "washing", "red_mud", 10.0, 0.0),
        ],
    )
    assert value(table, "waste_used") == 20.0
    assert value(table, "solid_waste_utilisation") == 0.4


def test_a_user_counts_what_it_accepts_and_a_town_does_not():
    what = park(RED_MUD, ALUMINA, firm("refinery", "bayer", 1), user("road", {"red_mud": 1.0}))
    table = account(
        what,
        conversion=[
            (YEAR, "refinery", "bayer", "red_mud", 0.0, 80.0),
            (YEAR, "road", "", "red_mud", 20.0, 0.0),
        ],
    )
    assert value(table, "solid_waste_utilisation") == 0.25


def imported(used, delivered, at="brickworks", taking="brick", more=(), sent=0.0):
    heap = {"old_heap": source("old_heap", "red_mud")}
    links = (link("old_heap", at, "red_mud"), link("refinery", "brickworks", "washed"))
    what = red_mud_park().replace(boundary={**red_mud_park().boundary, **heap}, links=links)
    return account(
        what,
        conversion=[
            (YEAR, "refinery", "bayer", "red_mud", 0.0, 100.0),
            (YEAR, at, taking, "red_mud", used, 0.0),
            *more,
        ],
        flows=[
            (YEAR, "old_heap", at, "red_mud", "virgin", delivered),
            (YEAR, "refinery", "brickworks", "washed", "product", sent),
        ],
    )


def test_imported_waste_is_in_neither_term():
    table = imported(used=50.0, delivered=30.0)
    assert value(table, "waste_generated") == 100.0
    assert value(table, "waste_used") == pytest.approx(20.0, rel=1e-12)
    assert value(table, "solid_waste_utilisation") == pytest.approx(0.2, rel=1e-12)


def test_imported_waste_stays_imported_through_a_treatment():
    # Half of what is washed is imported, so half of the washed mud that the brickworks use is.
    more = [
        (YEAR, "refinery", "washing", "washed", 0.0, 92.0),
        (YEAR, "refinery", "washing", "residue", 0.0, 8.0),
        (YEAR, "brickworks", "brick", "washed", 92.0, 0.0),
    ]
    table = imported(used=100.0, delivered=50.0, at="refinery", taking="washing", more=more, sent=92.0)
    assert value(table, "waste_used") == pytest.approx(0.5 * 92.0 * 0.92, rel=1e-12)


def test_use_of_old_stock_joins_the_denominator():
    # HJ 274-2015 as worked in the evidence: 90 generated, 72 used of which 10 from old stock: 72 ÷ (90 + 10).
    table = account(
        red_mud_park(),
        conversion=[
            (YEAR, "refinery", "bayer", "red_mud", 0.0, 90.0),
            (YEAR, "brickworks", "brick", "red_mud", 72.0, 0.0),
        ],
        flows=[(YEAR, "refinery", "landfill", "red_mud", "disposal", 28.0)],
        stocks=[(YEAR, "refinery", "red_mud", 500.0), (END, "refinery", "red_mud", 490.0)],
    )
    assert value(table, "solid_waste_utilisation") == pytest.approx(0.72, rel=1e-12)


@pytest.mark.parametrize(("stock", "rate"), [(0.0, 72 / 90), (4.0, 72 / 94), (10.0, 0.72)])
def test_no_more_comes_from_old_stock_than_stood_there(stock, rate):
    table = account(
        red_mud_park(),
        conversion=[
            (YEAR, "refinery", "bayer", "red_mud", 0.0, 90.0),
            (YEAR, "brickworks", "brick", "red_mud", 72.0, 0.0),
        ],
        flows=[(YEAR, "refinery", "landfill", "red_mud", "disposal", 28.0)],
        stocks=[(YEAR, "refinery", "red_mud", stock), (END, "refinery", "red_mud", 0.0)],
    )
    assert value(table, "solid_waste_utilisation") == pytest.approx(rate, rel=1e-12)


def test_old_stock_is_counted_year_by_year():
    # 2020: 100 generated, 40 used. 2021: 10 generated, 70 used, so 60 come from the 60 that stood at its start.
    table = account(
        red_mud_park(),
        days=730.0,
        conversion=[
            (YEAR, "refinery", "bayer", "red_mud", 0.0, 100.0),
            (YEAR, "brickworks", "brick", "red_mud", 40.0, 0.0),
            (END, "refinery", "bayer", "red_mud", 0.0, 10.0),
            (END, "brickworks", "brick", "red_mud", 70.0, 0.0),
        ],
        stocks=heap(0.0, 60.0, 0.0),
    )
    assert value(table, "solid_waste_utilisation") == pytest.approx(110 / (110 + 60), rel=1e-12)
    assert value(table, "waste_used") == 55.0


def test_nothing_generated_leaves_the_rate_empty_and_amounts_zero():
    table = account(red_mud_park())
    assert value(table, "solid_waste_utilisation") is None
    assert value(table, "net_diversion") is None
    assert value(table, "waste_used") == 0.0


def test_hazardous_waste_is_shown_apart():
    dross = technology("smelter", "aluminium", releases={"dross": 0.1})
    what = park(material("dross", "hazardous_waste"), dross, firm("smelter", "smelter", 1),
                user("recycler", {"dross": 1.0}))  # fmt: skip
    table = account(
        what,
        conversion=[(YEAR, "smelter", "smelter", "dross", 0.0, 8.0), (YEAR, "recycler", "", "dross", 2.0, 0.0)],
    )
    assert value(table, "solid_waste_utilisation") is None
    assert value(table, "waste_generated") == 0.0
    assert value(table, "hazardous_waste_utilisation") == 0.25
    assert value(table, "hazardous_waste_generated") == 8.0


def test_a_by_product_is_no_waste():
    brewing = technology("brew", "beer", releases={"yeast": 0.1})
    what = park(material("yeast", "by_product"), brewing, firm("brewery", "brew", 1))
    table = account(what, conversion=[(YEAR, "brewery", "brew", "yeast", 0.0, 8.0)])
    assert value(table, "waste_generated") == 0.0


def test_net_diversion_exposes_ash_of_burnt_waste():
    # 100 t gangue generated and burnt, 60 t ash disposed of: utilisation 100 ÷ 160, diversion 1 − 60 ÷ 100.
    mine = technology("mine", "coal", releases={"gangue": 1.0})
    boiler = technology("boiler", "heat", {"gangue": 1.0}, releases={"ash": 0.6})
    gangue, works = material("gangue", "bulk_solid_waste"), (firm("mine", "mine", 1), firm("plant", "boiler", 1))
    what = park(gangue, mine, boiler, *works, landfill())
    table = account(
        what,
        conversion=[
            (YEAR, "mine", "mine", "gangue", 0.0, 100.0),
            (YEAR, "plant", "boiler", "gangue", 100.0, 0.0),
            (YEAR, "plant", "boiler", "ash", 0.0, 60.0),
        ],
        flows=[(YEAR, "plant", "landfill", "ash", "disposal", 60.0)],
    )
    assert value(table, "solid_waste_utilisation") == pytest.approx(0.625, rel=1e-12)
    assert value(table, "net_diversion") == pytest.approx(0.4, rel=1e-12)


def test_what_is_stockpiled_is_not_diverted():
    table = account(
        red_mud_park(),
        conversion=[(YEAR, "refinery", "bayer", "red_mud", 0.0, 100.0)],
        stocks=[(YEAR, "refinery", "red_mud", 5.0), (END, "refinery", "red_mud", 105.0)],
    )
    assert value(table, "net_diversion") == 0.0
    assert value(table, "unplaced") == 100.0


def test_waste_within_the_storage_of_its_firm_is_placed():
    what = red_mud_park()
    what = what.replace(firms={**what.firms, "refinery": REFINERY.replace(storage={"red_mud": 80.0})})
    table = account(
        what,
        days=730.0,
        stocks=heap(0.0, 60.0, 90.0),
    )
    assert value(table, "unplaced") == 5.0
    assert value(table, "unplaced", "red_mud") == 5.0


def test_a_target_stands_beside_the_rate_of_its_year():
    goal = Policy(kind="target", on=("bulk_solid_waste",), utilisation={2020: 0.5, 2021: 0.9})
    what = scenario(red_mud_park(), policies=(goal,))
    table = indicator_table(
        results(
            what,
            days=730.0,
            conversion=[
                (YEAR, "refinery", "bayer", "red_mud", 0.0, 100.0),
                (YEAR, "brickworks", "brick", "red_mud", 60.0, 0.0),
                (END, "refinery", "bayer", "red_mud", 0.0, 100.0),
                (END, "brickworks", "brick", "red_mud", 80.0, 0.0),
            ],
        )
    )
    rows = table[table["indicator"] == "target_utilisation"].set_index("of")
    assert rows["value"].to_dict() == {"bulk_solid_waste 2020": 0.6, "bulk_solid_waste 2021": 0.8}
    assert rows["threshold"].to_dict() == {"bulk_solid_waste 2020": 0.5, "bulk_solid_waste 2021": 0.9}
    assert rows["passes"].to_dict() == {"bulk_solid_waste 2020": True, "bulk_solid_waste 2021": False}


AMOUNT = st.floats(1.0, 1e6)


@settings(deadline=None)
@given(
    made=AMOUNT, used=AMOUNT, disposed=AMOUNT, stock=AMOUNT, order=st.randoms(use_true_random=False),
    name=st.sampled_from(["x", "赤泥"]),
)  # fmt: skip
def test_rates_stay_between_nothing_and_all_and_know_neither_order_nor_names(made, used, disposed, stock, order, name):
    def tables(key):
        conversion = [
            (YEAR, "refinery", "bayer", key, 0.0, made),
            (YEAR, "refinery", "washing", key, 3.0, 0.0),
            (YEAR, "brickworks", "brick", key, used, 0.0),
            ("2020-02-01", "brickworks", "brick", key, used / 3, 0.0),
        ]
        return {
            "conversion": conversion,
            "flows": [(YEAR, "refinery", "landfill", key, "disposal", disposed)],
            "stocks": [(YEAR, "refinery", key, stock), (END, "refinery", key, 0.0)],
        }

    bricks = technology("brick", "bricks", {"clay": 1.0}, accepts=(accept(name, "clay"),))
    renamed = park(
        material(name, "bulk_solid_waste"), technology("bayer", "alumina", releases={name: 1.0}), bricks,
        treatment("washing", "washed", {name: 1.0}), REFINERY, BRICKWORKS, landfill(), market(),
    )  # fmt: skip
    straight = solid_waste_utilisation(results(scenario(red_mud_park()), **tables("red_mud")))
    shuffled = {key: order.sample(rows, len(rows)) for key, rows in tables(name).items()}
    other = solid_waste_utilisation(results(scenario(renamed), **shuffled))
    assert other == pytest.approx({of.replace("red_mud", name): rate for of, rate in straight.items()}, rel=1e-12)
    if made + stock >= used * 4 / 3:
        assert 0.0 <= straight[""] <= 1.0 + 1e-12


def test_a_year_of_the_record_counts_as_365_days():
    table = account(red_mud_park(), days=73.0, conversion=[(YEAR, "refinery", "bayer", "red_mud", 0.0, 10.0)])
    assert value(table, "waste_generated") == pytest.approx(50.0)
