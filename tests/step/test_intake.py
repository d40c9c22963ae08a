"""What lines take from given stocks (semantics §3, §4). Every number is worked out by hand beside it."""

import numpy as np
import pytest
from building import accept, firm, limit, line, market, material, park, technology

from mfa.park.park import Park
from mfa.park.technology import Limit
from mfa.step.arrays import compile_park
from mfa.step.intake import allot, take


def taken(what: Park, available: float = 1.0, step: float = 1.0, unknown: str = "refuse") -> dict[object, float]:
    """Return what lines take in one step from the firms' initial stocks.

    Keys: (firm, line) → activity; (firm, line, material, replaced) → use; (firm, line, material) → bought.
    """
    arrays = compile_park(what, step, unknown)
    availability = np.full(len(arrays.lines.keys), available)
    intake = take(arrays, allot(arrays, np.nan_to_num(arrays.piles.initial), availability), availability)
    found: dict[object, float] = dict(zip(arrays.lines.keys, intake.activity.tolist(), strict=True))
    uses, inputs = arrays.uses, arrays.inputs
    for row, (number, name) in enumerate(zip(uses.line, uses.material, strict=True)):
        found[(*arrays.lines.keys[number], name, inputs.material[uses.input[row]])] = float(intake.use[row])
    for row, (number, name) in enumerate(zip(inputs.line, inputs.material, strict=True)):
        found[(*arrays.lines.keys[number], name, name)] = float(intake.direct[row])
        found[(*arrays.lines.keys[number], name)] = float(intake.bought[row])
    return found


def kiln(stock: dict[str, float], *accepts: object, uses: dict[str, float] | None = None, **fields: object) -> Park:
    """Return a park with one kiln of 10 t of clinker a day, 2 t of clay a tonne, and a market that sells raw."""
    made = technology("burn", "clinker", uses or {"clay": 2.0}, accepts=accepts, **fields)
    return park(made, firm("kiln", "burn", 10.0, initial_stock=stock), market())


def use(found: dict[object, float], name: str, replaced: str = "clay") -> float:
    return found["kiln", "burn", name, replaced]


def test_one_tonne_of_substitute_replaces_ratio_tonnes_of_the_input() -> None:
    # Need 2 × 10 = 20 t of clay; 5 t of ash at ratio 1.37 replace 6.85 t; 13.15 t are bought.
    found = taken(kiln({"ash": 5.0}, accept("ash", "clay", ratio=1.37)))
    assert use(found, "ash") == pytest.approx(5.0)
    assert found["kiln", "burn", "clay"] == pytest.approx(13.15)
    assert found["kiln", "burn"] == 10.0


def test_the_share_cap_holds_for_what_is_replaced_not_for_what_is_used() -> None:
    # up_to 0.6 of 20 t of need = 12 t replaced = 12 ÷ 1.5 = 8 t used, of 100 t there.
    found = taken(kiln({"ash": 100.0}, accept("ash", "clay", ratio=1.5, up_to=0.6)))
    assert use(found, "ash") == pytest.approx(8.0)
    assert found["kiln", "burn", "clay"] == pytest.approx(8.0)


def test_substitutes_never_replace_more_than_the_need() -> None:
    # 100 t at ratio 0.5 and no cap: 20 ÷ 0.5 = 40 t, nothing is bought.
    found = taken(kiln({"ash": 100.0}, accept("ash", "clay", ratio=0.5)))
    assert use(found, "ash") == pytest.approx(40.0)
    assert found["kiln", "burn", "clay"] == pytest.approx(0.0, abs=1e-12)


def test_groups_of_equal_priority_are_served_in_order() -> None:
    # Need 20. Group 1: mud, up to 0.3 × 20 = 6. Group 2: ash takes min(18, remaining 14) = 14.
    found = taken(kiln({"ash": 18.0, "mud": 99.0}, accept("ash", "clay", priority=2), accept("mud", "clay", up_to=0.3)))
    assert (use(found, "mud"), use(found, "ash")) == pytest.approx((6.0, 14.0))


def test_priority_numbers_need_not_be_consecutive() -> None:
    found = taken(
        kiln({"ash": 18.0, "mud": 18.0}, accept("ash", "clay", priority=9), accept("mud", "clay", priority=4))
    )
    assert (use(found, "mud"), use(found, "ash")) == pytest.approx((18.0, 2.0))


def test_substitutes_of_one_input_are_scaled_pro_rata_to_the_need() -> None:
    # Wants: ash min(20, 15) = 15 replacing 15; mud min(20 ÷ 2, 30) = 10 replacing 20. Σ = 35 > 20: × 20/35.
    found = taken(kiln({"ash": 15.0, "mud": 30.0}, accept("ash", "clay"), accept("mud", "clay", ratio=2.0)))
    assert use(found, "ash") == pytest.approx(15 * 20 / 35)
    assert use(found, "mud") == pytest.approx(10 * 20 / 35)
    assert found["kiln", "burn", "clay"] == pytest.approx(0.0, abs=1e-12)


def test_one_material_that_replaces_two_inputs_is_scaled_pro_rata_to_what_is_there() -> None:
    # Needs: clay 20, sand 10. Wants of ash: min(20, 12) = 12 and min(10, 12) = 10; × 12/22 for the 12 t there.
    found = taken(kiln({"ash": 12.0}, accept("ash", "clay"), accept("ash", "sand"), uses={"clay": 2.0, "sand": 1.0}))
    assert use(found, "ash", "clay") == pytest.approx(12 * 12 / 22)
    assert use(found, "ash", "sand") == pytest.approx(10 * 12 / 22)


def test_wants_of_a_material_are_scaled_before_wants_of_an_input() -> None:
    # ash: 12 for clay, 10 for sand, × 12/22 → 72/11, 60/11. Then clay: ash 72/11 + mud 20 = 292/11 > 20 → × 220/292.
    what = kiln({"ash": 12.0, "mud": 20.0}, accept("ash", "clay"), accept("ash", "sand"), accept("mud", "clay"),
                uses={"clay": 2.0, "sand": 1.0})  # fmt: skip
    found = taken(what)
    assert use(found, "ash", "clay") == pytest.approx(72 / 11 * 220 / 292)
    assert use(found, "mud", "clay") == pytest.approx(20 * 220 / 292)
    assert use(found, "ash", "sand") == pytest.approx(60 / 11)


def test_half_the_availability_halves_the_need() -> None:
    found = taken(kiln({"ash": 100.0}, accept("ash", "clay", up_to=0.5)), available=0.5)
    assert found["kiln", "burn"] == pytest.approx(5.0)
    assert use(found, "ash") == pytest.approx(5.0)


def test_a_step_of_six_hours_takes_a_quarter_of_a_day() -> None:
    found = taken(kiln({"ash": 100.0}, accept("ash", "clay", up_to=0.5)), step=0.25)
    assert found["kiln", "burn"] == pytest.approx(10.0)  # a rate per day
    assert use(found, "ash") == pytest.approx(2.5)


# --- limits -------------------------------------------------------------------------------------------------------

CLAY = material("clay", "raw", composition={"SO3": 0.01})
ASH = material("ash", "solid_waste", composition={"SO3": 0.05})
MUD = material("mud", "solid_waste", composition={"SO3": 0.03})


def limited(stock: dict[str, float], bound: Limit, *accepts: object, **fields: object) -> Park:
    """Return the kiln with clay of 1 %, ash of 5 % and mud of 3 % SO3, and one limit."""
    made = technology("burn", "clinker", {"clay": 2.0}, accepts=accepts, limits=(bound,), **fields)
    return park(made, CLAY, ASH, MUD, firm("kiln", "burn", 10.0, initial_stock=stock), market())


def test_a_limit_of_the_product_scales_the_use() -> None:
    # SO3 of 10 t product: 0.01·(20 − u) + 0.05·u = 0.2 + 0.04 u ≤ 0.03 × 10 → u ≤ 2.5.
    found = taken(limited({"ash": 100.0}, limit("SO3", max=0.03), accept("ash", "clay")))
    assert use(found, "ash") == pytest.approx(2.5)
    assert found["kiln", "burn"] == 10.0


def test_a_limit_of_the_feed_counts_all_of_the_feed() -> None:
    # Feed = 20 − u + u = 20 t: 0.2 + 0.04 u ≤ 0.02 × 20 → u ≤ 5.
    found = taken(limited({"ash": 100.0}, limit("SO3", "feed", max=0.02), accept("ash", "clay")))
    assert use(found, "ash") == pytest.approx(5.0)


def test_a_limit_of_the_feed_sees_a_ratio_above_one_shrink_the_feed() -> None:
    # u replaces 2 u: SO3 = 0.01·(20 − 2u) + 0.05 u = 0.2 + 0.03 u ≤ 0.02·(20 − u) = 0.4 − 0.02 u → u ≤ 4.
    found = taken(limited({"ash": 100.0}, limit("SO3", "feed", max=0.02), accept("ash", "clay", ratio=2.0)))
    assert use(found, "ash") == pytest.approx(4.0)


def test_fuel_counts_in_the_feed_and_energy_does_not() -> None:
    # Feed = 20 clay + 5 coal = 25 t, SO3 = 0.2 + 5 × 0.02 + 0.04 u ≤ 0.02 × 25 → u ≤ 5. Power is in GJ.
    made = technology("burn", "clinker", {"clay": 2.0, "coal": 0.5, "power": 3.0}, accepts=(accept("ash", "clay"),),
                      limits=(limit("SO3", "feed", max=0.02),))  # fmt: skip
    coal = material("coal", "raw", composition={"SO3": 0.02})
    power = material("power", "energy", unit="GJ")
    what = park(made, CLAY, ASH, coal, power, firm("kiln", "burn", 10.0, initial_stock={"ash": 100.0}),
                market(sells=("raw", "power")))  # fmt: skip
    assert use(taken(what), "ash") == pytest.approx(5.0)


def test_what_a_release_takes_along_leaves_the_product() -> None:
    # Per t of clinker 0.5 t of dust with 10 % SO3 leaves: 0.2 + 0.04 u − 0.1 × 5 … ≤ 0.01 × 10 → u ≤ 10.
    dust = {"releases": {"dust": 0.5}}
    made = technology(
        "burn", "clinker", {"clay": 2.0}, accepts=(accept("ash", "clay"),), limits=(limit("SO3", max=0.01),), **dust
    )
    what = park(made, CLAY, ASH, material("dust", "solid_waste", composition={"SO3": 0.1}),
                firm("kiln", "burn", 10.0, initial_stock={"ash": 100.0}), market())  # fmt: skip
    assert use(taken(what), "ash") == pytest.approx(10.0)


def test_what_is_unknown_in_a_release_stays_in_the_product() -> None:
    bound = limit("SO3", max=0.03)
    found = taken(limited({"ash": 100.0}, bound, accept("ash", "clay"), releases={"dust": 0.5}))
    assert use(found, "ash") == pytest.approx(2.5)  # as if there were no dust


def test_a_group_is_scaled_by_one_factor_to_keep_the_limit() -> None:
    # Wants: ash 4, mud 6. SO3 = 0.2 + f·(0.16 + 0.12) = 0.2 + 0.28 f ≤ 0.3 → f = 1/2.8.
    found = taken(
        limited({"ash": 4.0, "mud": 6.0}, limit("SO3", max=0.03), accept("ash", "clay"), accept("mud", "clay"))
    )
    assert (use(found, "ash"), use(found, "mud")) == pytest.approx((4 / 2.8, 6 / 2.8))


def test_a_later_group_gets_what_room_an_earlier_one_leaves() -> None:
    # Mud first: 0.02 × 3 = 0.06 of 0.1 room; ash: 0.04 u ≤ 0.04 → 1.
    found = taken(
        limited(
            {"ash": 9.0, "mud": 3.0}, limit("SO3", max=0.03), accept("ash", "clay", priority=2), accept("mud", "clay")
        )
    )
    assert (use(found, "mud"), use(found, "ash")) == pytest.approx((3.0, 1.0))


def test_a_minimum_scales_what_dilutes() -> None:
    # SO3 of ash-rich feed must stay ≥ 0.6 %: clay with 0.2 %: 0.01·(20 − u) + 0.002 u = 0.2 − 0.008 u ≥ 0.12 → u ≤ 10.
    chalk = material("chalk", "solid_waste", composition={"SO3": 0.002})
    made = technology(
        "burn", "clinker", {"clay": 2.0}, accepts=(accept("chalk", "clay"),), limits=(limit("SO3", "feed", min=0.006),)
    )
    what = park(made, CLAY, chalk, firm("kiln", "burn", 10.0, initial_stock={"chalk": 99.0}), market())
    assert use(taken(what), "chalk") == pytest.approx(10.0)


def test_a_weighted_sum_is_limited_like_a_substance() -> None:
    # Na2O + 0.658 K2O: clay 0; mud 0.08 + 0.658 × 0.1 = 0.1458 a tonne; ≤ 0.006 × 10 → u = 0.06 ÷ 0.1458.
    mud = material("mud", "solid_waste", composition={"Na2O": 0.08, "K2O": 0.1})
    clay = material("clay", "raw", composition={"Na2O": 0.0, "K2O": 0.0})
    alkali = Limit(sum={"Na2O": 1.0, "K2O": 0.658}, max=0.006, of="product")
    made = technology("burn", "clinker", {"clay": 2.0}, accepts=(accept("mud", "clay"),), limits=(alkali,))
    what = park(made, mud, clay, firm("kiln", "burn", 10.0, initial_stock={"mud": 99.0}), market())
    assert use(taken(what), "mud") == pytest.approx(0.06 / 0.1458)


def test_properties_mix_by_dry_mass() -> None:
    # Ra-226 of the feed: 20 × (20 − u) + 300 u = 400 + 280 u ≤ 100 × 20 → u = 1600/280.
    clay, ash = (
        material(m, c, properties={"Ra226": v}) for m, c, v in (("clay", "raw", 20.0), ("ash", "solid_waste", 300.0))
    )
    made = technology(
        "burn", "clinker", {"clay": 2.0}, accepts=(accept("ash", "clay"),), limits=(limit("Ra226", "feed", max=100.0),)
    )
    what = park(made, clay, ash, firm("kiln", "burn", 10.0, initial_stock={"ash": 99.0}), market())
    assert use(taken(what), "ash") == pytest.approx(1600 / 280)


# --- unknown is not zero ------------------------------------------------------------------------------------------


def test_a_substitute_of_unknown_content_is_not_taken() -> None:
    found = taken(
        limited({"slag": 9.0, "ash": 1.0}, limit("SO3", max=0.03), accept("slag", "clay"), accept("ash", "clay"))
    )
    assert ("kiln", "burn", "slag", "clay") not in found
    assert use(found, "ash") == pytest.approx(1.0)


def test_a_virgin_feed_of_unknown_content_refuses_every_substitute() -> None:
    made = technology(
        "burn", "clinker", {"clay": 2.0}, accepts=(accept("ash", "clay"),), limits=(limit("SO3", max=0.03),)
    )
    what = park(made, ASH, firm("kiln", "burn", 10.0, initial_stock={"ash": 9.0}), market())
    assert ("kiln", "burn", "ash", "clay") not in taken(what)
    assert taken(what)["kiln", "burn", "clay"] == pytest.approx(20.0)


def test_unknown_allow_takes_what_cannot_be_checked() -> None:
    bound = limit("SO3", max=0.03)
    found = taken(limited({"slag": 9.0}, bound, accept("slag", "clay")), unknown="allow")
    assert use(found, "slag") == pytest.approx(9.0)


# --- shared stocks, inputs that nobody sells ----------------------------------------------------------------------


def test_lines_of_a_firm_share_a_short_stock_pro_rata_to_what_they_could_use() -> None:
    # Could use: a 10 × 1 × 0.5 = 5 (cap), b 30 × 1 = 30; 14 t there: a 14 × 5/35 = 2, b 14 × 30/35 = 12.
    a = technology("a", "tiles", {"clay": 1.0}, accepts=(accept("ash", "clay", up_to=0.5),))
    b = technology("b", "bricks", {"clay": 1.0}, accepts=(accept("ash", "clay"),))
    works = firm("works", lines=(line("a", "a", 10.0), line("b", "b", 30.0)), initial_stock={"ash": 14.0})
    found = taken(park(a, b, works, market()))
    assert found["works", "a", "ash", "clay"] == pytest.approx(2.0)
    assert found["works", "b", "ash", "clay"] == pytest.approx(12.0)


def test_what_one_line_leaves_of_its_share_is_not_shared_again() -> None:
    # Shares as above: a 2, b 12; but a may only take SO3 for 1 t (limit), and b still gets 12 ("once").
    a = technology(
        "a",
        "tiles",
        {"clay": 1.0},
        accepts=(accept("ash", "clay", up_to=0.5),),
        limits=(limit("SO3", "feed", max=0.014),),
    )
    b = technology("b", "bricks", {"clay": 1.0}, accepts=(accept("ash", "clay"),))
    works = firm("works", lines=(line("a", "a", 10.0), line("b", "b", 30.0)), initial_stock={"ash": 14.0})
    found = taken(park(a, b, CLAY, ASH, works, market()))
    # a: 0.01 × 10 + 0.04 u ≤ 0.014 × 10 → u ≤ 1.
    assert found["works", "a", "ash", "clay"] == pytest.approx(1.0)
    assert found["works", "b", "ash", "clay"] == pytest.approx(12.0)


def test_an_input_that_nobody_sells_bounds_the_activity() -> None:
    mill = technology("mill", "ggbs", {"slag": 1.25})
    found = taken(park(mill, firm("kiln", "mill", 10.0, initial_stock={"slag": 5.0}), market(sells=("clay",))))
    assert found["kiln", "mill"] == pytest.approx(4.0)
    assert found["kiln", "mill", "slag", "slag"] == pytest.approx(5.0)


def test_an_unsold_input_with_a_capped_substitute_gives_the_greatest_activity() -> None:
    # a ≤ 10; substitute ≤ min(0.5 a, 4); slag ≤ 3: 0.5 a + 3 = a → a = 6.
    mill = technology("burn", "ggbs", {"slag": 1.0}, accepts=(accept("ash", "slag", up_to=0.5),))
    what = park(mill, firm("kiln", "burn", 10.0, initial_stock={"slag": 3.0, "ash": 4.0}), market(sells=("clay",)))
    found = taken(what)
    assert found["kiln", "burn"] == pytest.approx(6.0, rel=1e-9)
    assert use(found, "ash", "slag") == pytest.approx(3.0, rel=1e-9)
    assert use(found, "slag", "slag") == pytest.approx(3.0, rel=1e-9)


def test_an_unsold_input_with_a_limited_substitute_gives_the_greatest_activity() -> None:
    # Feed limit 2 %: slag 1 % (6 t), ash 5 % (9 t): 0.01 s + 0.05 u ≤ 0.02 (s + u) → u ≤ s/3 = 2; a = 8.
    slag = material("slag", "solid_waste", composition={"SO3": 0.01})
    mill = technology(
        "burn", "ggbs", {"slag": 1.0}, accepts=(accept("ash", "slag"),), limits=(limit("SO3", "feed", max=0.02),)
    )
    stock = {"slag": 6.0, "ash": 9.0}
    found = taken(park(mill, slag, ASH, firm("kiln", "burn", 10.0, initial_stock=stock), market(sells=("clay",))))
    assert found["kiln", "burn"] == pytest.approx(8.0, rel=1e-9)
    assert use(found, "ash", "slag") == pytest.approx(2.0, rel=1e-9)


def test_the_scarcest_of_two_unsold_inputs_bounds_the_activity() -> None:
    mill = technology("burn", "ggbs", {"slag": 1.0, "brine": 0.5})
    what = park(mill, firm("kiln", "burn", 10.0, initial_stock={"slag": 6.0, "brine": 2.0}), market(sells=("clay",)))
    found = taken(what)
    assert found["kiln", "burn"] == pytest.approx(4.0)
    assert use(found, "slag", "slag") == pytest.approx(4.0)  # no more than the activity needs


def test_without_stock_a_line_that_nobody_supplies_stands_still() -> None:
    mill = technology("burn", "ggbs", {"slag": 1.0})
    assert taken(park(mill, firm("kiln", "burn", 10.0), market(sells=("clay",))))["kiln", "burn"] == 0.0


def test_own_stock_of_a_sold_input_is_taken_before_the_market_is_asked() -> None:
    found = taken(kiln({"clay": 7.0, "ash": 4.0}, accept("ash", "clay")))
    # 20 = 4 ash + 7 clay of the stock + 9 bought: substitutes come before the input itself.
    assert (use(found, "ash"), use(found, "clay", "clay"), found["kiln", "burn", "clay"]) == pytest.approx(
        (4.0, 7.0, 9.0)
    )


def test_a_material_that_is_an_input_and_a_substitute_is_drawn_once() -> None:
    # ash: 10 t needed as itself (nobody sells it), and it may replace 20 t of clay; 16 t there.
    # Claims are one pile of one line: substitutes come first and take 16 of 16 unless that stops the line.
    what = kiln({"ash": 16.0}, accept("ash", "clay", up_to=0.2), uses={"clay": 2.0, "ash": 1.0})
    found = taken(what)
    # At activity a: replaced 0.2 × 2 a = 0.4 a, direct a: 1.4 a ≤ 16 → a = 10 (14 ≤ 16).
    assert found["kiln", "burn"] == 10.0
    assert (use(found, "ash"), use(found, "ash", "ash")) == pytest.approx((4.0, 10.0))


@pytest.mark.parametrize("capacity", [0.0, 1e-12])
def test_a_line_without_capacity_takes_next_to_nothing(capacity: float) -> None:
    made = technology("burn", "clinker", {"clay": 2.0}, accepts=(accept("ash", "clay"),))
    found = taken(park(made, firm("kiln", "burn", capacity, initial_stock={"ash": 5.0}), market()))
    assert found["kiln", "burn"] == capacity
    assert use(found, "ash") <= 2e-12


def test_a_line_without_inputs_runs_at_target() -> None:
    assert taken(park(technology("burn", "stone"), firm("kiln", "burn", 3.0)))["kiln", "burn"] == 3.0


def test_a_colder_heat_cannot_replace_a_warmer_one() -> None:
    hot, tepid = (material(m, "energy", unit="GJ", temperature_c=t) for m, t in (("hot", 180.0), ("tepid", 90.0)))
    made = technology("burn", "clinker", {"hot": 1.0}, accepts=(accept("tepid", "hot"),))
    what = park(made, hot, tepid, firm("kiln", "burn", 10.0, initial_stock={"tepid": 5.0}), market(sells=("hot",)))
    assert ("kiln", "burn", "tepid", "hot") not in taken(what)
    assert taken(what)["kiln", "burn", "hot"] == pytest.approx(10.0)
