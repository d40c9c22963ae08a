"""What results rest on, against parks traced by hand."""

import pytest
from building import (
    accept,
    firm,
    landfill,
    limit,
    line,
    market,
    material,
    park,
    scenario,
    technology,
    treatment,
    user,
)
from tabling import YEAR, results

from mfa.evidence import evidence_tables, rest_of
from mfa.experiments import simulate
from mfa.files import load_scenario
from mfa.files.library import data_root
from mfa.park.material import Evidence

MEMORY = {"confidence": "memory", "source": "from memory"}
FOUND = {"confidence": "found", "source": "a book"}
ASH = material("ash", "solid_waste", composition={"Cl": 0.001}, **MEMORY)
CLAY = material("clay", "raw", composition={"Cl": 0.0}, price=20.0, **FOUND)
SURE = technology("sure", "heat", {"coal": 1.0}, releases={"ash": 0.5}, **FOUND)
GUESSED = technology("guessed", "power", {"coal": 1.0}, releases={"ash": 0.2}, **MEMORY)
BRICKS = technology("brick", "bricks", {"clay": 1.0}, accepts=(accept("ash", "clay").replace(**FOUND),), **FOUND)
PLANTS = (firm("old", "sure", 1), firm("new", "guessed", 1))
MADE = [(YEAR, "old", "sure", "ash", 0.0, 50.0), (YEAR, "new", "guessed", "ash", 0.0, 100.0)]


def rests(what, **tables):
    """Return result → (unverified, verified, own), rounded, and the results themselves."""
    found = {one.result: one for one in rest_of(results(scenario(what), **tables))}
    return {name: (one.unverified, one.verified, one.own) for name, one in found.items()}, found


def heaviest(one):
    return {weight.number.name: weight.amount for weight in one.weights}


def test_what_is_generated_rests_on_the_release_of_the_line_that_made_it():
    shares, found = rests(park(ASH, SURE, GUESSED, *PLANTS, landfill()), conversion=MADE)
    assert shares["waste_generated"] == pytest.approx((100.0, 50.0, 0.0))
    assert heaviest(found["waste_generated"]) == pytest.approx({"guessed: releases.ash": 100.0})


def brickworks(bricks=BRICKS, *others):
    return park(
        ASH, CLAY, SURE, GUESSED, bricks, *PLANTS, firm("brickworks", "brick", 1), landfill(), market(), *others
    )


def burnt(used=40.0, old=10.0, new=30.0):
    """Ash that the brickworks took from the two plants, of what they made."""
    return {
        "conversion": [*MADE, (YEAR, "brickworks", "brick", "ash", used, 0.0)],
        "flows": [
            (YEAR, "old", "brickworks", "ash", "exchange", old),
            (YEAR, "new", "brickworks", "ash", "exchange", new),
        ],
    }


def test_what_is_used_rests_on_the_releases_of_its_sources_pro_rata():
    shares, found = rests(brickworks(), **burnt())
    assert shares["waste_used"] == pytest.approx((30.0, 10.0, 0.0))
    assert heaviest(found["waste_used"]) == pytest.approx({"guessed: releases.ash": 30.0})


def test_a_rate_counts_tonnes_by_their_use_or_else_by_their_release():
    # 40 t used: 30 rest on memory. 110 t not used: two thirds of all ash, 73.3 t, rest on memory.
    shares, _ = rests(brickworks(), **burnt())
    assert shares["solid_waste_utilisation"] == pytest.approx((30 + 110 * 100 / 150, 10 + 110 * 50 / 150, 0.0))


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"accepts": (accept("ash", "clay").replace(**MEMORY),)}, "brick <- ash for clay"),
        ({"evidence": {"uses.clay": Evidence(**MEMORY)}}, "brick: uses.clay"),
        ({"evidence": {"uses": Evidence(**MEMORY)}}, "brick: uses.clay"),
        ({"limits": (limit("Cl", "feed", max=0.1).replace(**MEMORY),)}, "brick: Cl: feed"),
        ({"limits": (limit("Cl", "product", max=0.1).replace(**FOUND),)}, "ash: composition.Cl"),
        ({"limits": (limit("Cl", "material", max=0.1, material="ash").replace(**FOUND),)}, "ash: composition.Cl"),
        ({"limits": (limit("Zn", "feed", max=0.1).replace(**FOUND),)}, "ash: composition.Zn"),
    ],
)
def test_a_use_rests_on_its_ratio_the_need_the_limits_and_what_they_read(change, number):
    shares, found = rests(brickworks(BRICKS.replace(**change)), **burnt())
    assert shares["waste_used"] == pytest.approx((40.0, 0.0, 0.0))
    assert heaviest(found["waste_used"])[number] == pytest.approx(40.0)


def test_a_limit_on_another_material_is_not_read():
    other = limit("Cl", "material", max=0.1, material="clay").replace(**MEMORY)
    shares, _ = rests(brickworks(BRICKS.replace(limits=(other,))), **burnt())
    assert shares["waste_used"] == pytest.approx((30.0, 10.0, 0.0))


def test_an_undeclared_content_rests_on_the_recipe_that_fixes_it():
    # The limit reads the chlorine of paste, which has no composition: what clay brings, by the recipe of the mixer.
    mixer = technology("mixer", "paste", {"clay": 1.0}, **MEMORY)
    bricks = technology("brick", "bricks", {"paste": 1.0}, accepts=(accept("ash", "paste").replace(**FOUND),),
                        limits=(limit("Cl", "feed", max=0.1).replace(**FOUND),), **FOUND)  # fmt: skip
    what = brickworks(bricks, material("paste", "product"), mixer, firm("mill", "mixer", 1))
    tables = burnt()
    tables["conversion"].append((YEAR, "brickworks", "brick", "paste", 5.0, 0.0))
    _, found = rests(what.replace(boundary={k: v for k, v in what.boundary.items() if k != "market"}), **tables)
    assert heaviest(found["waste_used"])["mixer"] == pytest.approx(40.0)


def test_a_treatment_adds_its_recipe_and_keeps_the_release():
    # 100 t ash of the guessed release washed to 80 t and 20 t of brine; 80 t washed stand for 80 t of ash.
    washing = treatment("washing", "washed", {"ash": 1.25}, releases={"brine": 0.25}, **FOUND)
    taking = BRICKS.replace(accepts=(accept("washed", "clay").replace(**FOUND),))
    what = park(
        ASH, CLAY, material("washed", "solid_waste"), material("brine", "solid_waste"), GUESSED, taking, washing,
        firm("new", lines=[line("guessed", "guessed", 1), line("washing", "washing", 1)]),
        firm("brickworks", "brick", 1), landfill(), market(),
    )  # fmt: skip
    tables = {
        "conversion": [
            MADE[1], (YEAR, "new", "washing", "ash", 100.0, 0.0), (YEAR, "new", "washing", "washed", 0.0, 80.0),
            (YEAR, "new", "washing", "brine", 0.0, 20.0), (YEAR, "brickworks", "brick", "washed", 80.0, 0.0),
        ],
        "flows": [
            (YEAR, "new", "brickworks", "washed", "exchange", 80.0),
            (YEAR, "new", "landfill", "brine", "disposal", 20.0),
        ],
    }  # fmt: skip
    shares, found = rests(what, **tables)
    assert heaviest(found["waste_used"]) == pytest.approx({"guessed: releases.ash": 80.0})
    assert heaviest(found["waste_disposed"]) == pytest.approx({"guessed: releases.ash": 20.0})
    doubtful = what.replace(technologies={**what.technologies, "washing": washing.replace(**MEMORY)})
    _, found = rests(doubtful, **tables)
    assert heaviest(found["waste_disposed"]) == pytest.approx(
        {"guessed: releases.ash": 20.0, "washing: releases.brine": 20.0, "washing: uses.ash": 20.0}
    )
    assert shares["waste_used"] == pytest.approx((80.0, 0.0, 0.0))


def test_what_a_user_accepts_and_what_old_stock_gives_rest_on_no_more_than_they_must():
    # 30 t go to a mine: 10 t of what the old plant makes and 20 t of a heap that stood at another firm.
    what = park(ASH, SURE, firm("old", "sure", 1), firm("heap"), user("mine", {"ash": 1.0}), landfill())
    shares, _ = rests(
        what, conversion=[MADE[0], (YEAR, "mine", "", "ash", 30.0, 0.0)],
        flows=[(YEAR, "old", "mine", "ash", "exchange", 10.0), (YEAR, "heap", "mine", "ash", "exchange", 20.0)],
    )  # fmt: skip
    assert shares["waste_used"] == pytest.approx((0.0, 10.0, 20.0))


def test_values_without_a_confidence_are_the_scenarios_own():
    own = technology("own", "heat", {"coal": 1.0}, releases={"ash": 0.5})
    shares, found = rests(park(ASH, own, firm("plant", "own", 1)), conversion=[(YEAR, "plant", "own", "ash", 0.0, 7.0)])
    assert shares["waste_generated"] == pytest.approx((0.0, 0.0, 7.0))
    assert found["waste_generated"].weights == ()


def test_avoided_co2_rests_on_the_factor_and_on_the_use():
    # 40 t of ash replace 40 t of clay at 0.5 t each.
    bricks = BRICKS.replace(emits_per={"clay": {"co2": 0.5}}, evidence={"emits_per.clay": Evidence(**MEMORY)})
    shares, found = rests(brickworks(bricks), **burnt())
    assert shares["co2_avoided"] == pytest.approx((20.0, 0.0, 0.0))
    assert heaviest(found["co2_avoided"]) == pytest.approx(
        {"brick: emits_per.clay": 20.0, "guessed: releases.ash": 15.0}
    )


def test_money_rests_on_prices_with_moisture_and_on_the_recipe_that_is_paid_for():
    wet = CLAY.replace(moisture=0.2, evidence={"moisture": Evidence(**MEMORY)})
    tables = {
        "flows": [(YEAR, "market", "brickworks", "clay", "virgin", 8.0)],
        "money": [(YEAR, "brickworks", "market", "purchase", 200.0), (YEAR, "brickworks", "market", "levy", 50.0)],
    }
    shares, found = rests(brickworks().replace(materials={**brickworks().materials, "clay": wet}), **tables)
    assert shares["net_benefit"] == pytest.approx((200.0, 0.0, 50.0))
    assert heaviest(found["net_benefit"]) == pytest.approx({"clay: moisture": 200.0})
    shares, _ = rests(brickworks(), **tables)  # dry clay: price and recipe are found
    assert shares["net_benefit"] == pytest.approx((0.0, 200.0, 50.0))


def test_a_fee_rests_on_the_releases_of_what_is_disposed_of_and_payments_between_firms_cancel():
    tables = {
        "conversion": MADE,
        "flows": [(YEAR, "new", "landfill", "ash", "disposal", 60.0)],
        "money": [(YEAR, "new", "landfill", "disposal", 600.0), (YEAR, "brickworks", "new", "exchange", 90.0)],
    }
    shares, found = rests(brickworks(), **tables)
    assert shares["net_benefit"] == pytest.approx((600.0, 0.0, 0.0))
    assert heaviest(found["net_benefit"]) == pytest.approx({"guessed: releases.ash": 600.0})


def test_equal_weights_stand_in_one_order_and_amounts_are_a_year():
    bricks = BRICKS.replace(accepts=(accept("ash", "clay").replace(**MEMORY),),
                            limits=(limit("Cl", "feed", max=0.1).replace(**MEMORY),))  # fmt: skip
    one = next(one for one in rest_of(results(scenario(brickworks(bricks)), days=730.0, **burnt()))
               if one.result == "waste_used")  # fmt: skip
    assert [(weight.number.name, weight.amount) for weight in one.weights] == [
        ("brick <- ash for clay", pytest.approx(20.0)), ("brick: Cl: feed", pytest.approx(20.0)),
        ("ash: composition.Cl", pytest.approx(20.0)), ("guessed: releases.ash", pytest.approx(15.0)),
    ]  # fmt: skip


def test_the_tables_of_a_run_hold_every_share_and_every_unverified_number():
    tables = evidence_tables({"before": rest_of(results(scenario(brickworks()), **burnt()))})
    row = tables["evidence"].set_index("result").loc["waste_used"]
    assert (row.amount, row.unit, row.share_unverified) == (pytest.approx(40.0), "t/yr", pytest.approx(0.75))
    numbers = tables["evidence_numbers"]
    assert list(numbers[numbers.result == "waste_used"].iloc[0]) == [
        "before", "waste_used", 1, "technologies", "guessed: releases.ash", pytest.approx(30.0), "t/yr",
        pytest.approx(0.75), "memory", None, "from memory",
    ]  # fmt: skip


def test_what_rests_adds_up_to_the_indicators():
    found = simulate(load_scenario(data_root() / "scenarios" / "lessons" / "01_ratio.yaml"))
    table = found.indicators[found.indicators["of"] == ""].set_index("indicator")["value"]
    amounts = {one.result: one.amount for one in rest_of(found)}
    for name in ("waste_generated", "waste_used", "waste_disposed", "co2_avoided"):
        assert amounts.get(name, 0.0) == pytest.approx(table[name], rel=1e-9)
    paid = found.money
    firms = found.scenario.park.firms
    crossing = paid[paid["payer"].isin(firms) != paid["payee"].isin(firms)]
    assert amounts["net_benefit"] == pytest.approx(crossing["amount_cny"].sum() / (found.days / 365), rel=1e-9)
