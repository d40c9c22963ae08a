"""The state at rest (semantics §7) of small parks with known closed forms."""

import numpy as np
import pytest
from building import accept, firm, line, link, market, park, source, steam, technology, user

from mfa.step.arrays import compile_park
from mfa.step.ledger import Ledger
from mfa.step.phases import advance
from mfa.step.steady_state import steady_state

ASH = technology("burn", "power", {"coal": 1.0}, releases={"ash": 0.5})
BRICKS = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay", up_to=0.8),))


def test_a_park_without_links_rests_at_its_targets() -> None:
    rest = steady_state(park(ASH, firm("power", lines=(line("burn", "burn", 10.0, utilisation=0.7),)), market()))
    assert rest.activity == {("power", "burn"): 7.0}
    assert (rest.flow, rest.short, rest.at_rest) == ({}, [], True)


def test_an_empty_park_rests() -> None:
    rest = steady_state(park())
    assert (rest.activity, rest.flow, rest.at_rest) == ({}, {}, True)


@pytest.mark.parametrize("step", [0.25, 1.0, 7.0])
@pytest.mark.parametrize("lead_time", [0.0, 3.0])
def test_a_link_carries_what_source_and_cap_allow(step: float, lead_time: float) -> None:
    # The source makes 10 a day, the works may use 0.8 × 9 = 7.2 a day; rates do not depend on step or lead.
    what = park(ASH, BRICKS, firm("power", "burn", 20.0), firm("works", "bricks", 9.0), market(),
                link("power", "works", "ash", lead_time=lead_time))  # fmt: skip
    rest = steady_state(what, step=step)
    assert rest.flow["power-works-ash"] == pytest.approx(7.2)
    assert rest.used["works", "bricks", "ash", "clay"] == pytest.approx(7.2)
    assert rest.at_rest


def test_a_line_that_nobody_supplies_is_short() -> None:
    mill = technology("mill", "ggbs", {"slag": 1.0})
    rest = steady_state(park(mill, firm("mill", "mill", 6.0), market()))
    assert rest.activity == {("mill", "mill"): 6.0}  # the market sells raw materials, and slag is made up as raw
    rest = steady_state(park(mill, firm("mill", "mill", 6.0)))
    assert rest.activity == {("mill", "mill"): 0.0}
    assert rest.short == [("mill", "mill", "slag")]


def test_a_mill_runs_on_what_it_is_sent() -> None:
    mill = technology("mill", "cement", {"ash": 0.8})
    what = park(
        ASH, mill, firm("power", "burn", 8.0), firm("mill", "mill", 50.0), market(), link("power", "mill", "ash")
    )
    rest = steady_state(what)
    assert rest.activity["mill", "mill"] == pytest.approx(4.0 / 0.8)  # 8 × 0.5 t of ash
    assert rest.short == [("mill", "mill", "ash")]


@pytest.mark.parametrize("gain", [0.2, 0.5, 0.9])
def test_a_loop_with_fresh_supply_rests_at_the_geometric_sum(gain: float) -> None:
    # A wash line needs 1 t of water a unit and gives back `gain` t of it; 6 t a day come fresh: a = 6 + g·a.
    wash = technology("wash", "sand", {"water": 1.0}, releases={"water": gain})
    what = park(wash, firm("works", "wash", 1000.0), source("lake", "water", supplies={"water": 6.0}),
                link("lake", "works", "water"))  # fmt: skip
    rest = steady_state(what)
    assert rest.activity["works", "wash"] == pytest.approx(6 / (1 - gain), rel=1e-9)
    assert rest.at_rest


def test_a_loop_of_two_firms_rests_at_its_closed_form() -> None:
    # a = 4 (fresh) + 0.6 b of c; b = 0.5 a of d (a releases 0.5 d a unit, b 0.6 c a unit): a = 4 + 0.3 a = 4 ÷ 0.7.
    a = technology("a", "iron", {"c": 1.0}, releases={"d": 0.5})
    b = technology("b", "zinc", {"d": 1.0}, releases={"c": 0.6})
    what = park(a, b, firm("fa", "a", 100.0), firm("fb", "b", 100.0), source("mine", "c", supplies={"c": 4.0}),
                link("mine", "fa", "c"), link("fa", "fb", "d"), link("fb", "fa", "c"))  # fmt: skip
    rest = steady_state(what)
    assert rest.activity["fa", "a"] == pytest.approx(4 / 0.7, rel=1e-9)
    assert rest.activity["fb", "b"] == pytest.approx(2 / 0.7, rel=1e-9)


def test_a_loop_without_fresh_supply_decays_to_zero() -> None:
    a = technology("a", "iron", {"c": 1.0}, releases={"d": 0.5})
    b = technology("b", "zinc", {"d": 1.0}, releases={"c": 0.6})
    what = park(a, b, firm("fa", "a", 100.0), firm("fb", "b", 100.0), link("fa", "fb", "d"), link("fb", "fa", "c"))
    rest = steady_state(what)
    assert rest.activity["fa", "a"] == pytest.approx(0.0, abs=1e-8)
    assert {("fa", "a", "c"), ("fb", "b", "d")} == set(rest.short)


def test_a_loop_with_gain_one_keeps_turning() -> None:
    # What goes out comes back: at rest it runs at the smaller target.
    a = technology("a", "iron", {"c": 1.0}, releases={"d": 1.0})
    b = technology("b", "zinc", {"d": 1.0}, releases={"c": 1.0})
    what = park(a, b, firm("fa", "a", 5.0), firm("fb", "b", 3.0), link("fa", "fb", "d"), link("fb", "fa", "c"))
    rest = steady_state(what)
    assert rest.activity["fa", "a"] == pytest.approx(3.0)
    assert rest.activity["fb", "b"] == pytest.approx(3.0)


def test_users_get_no_more_than_they_ask_and_no_more_than_there_is() -> None:
    what = park(ASH, firm("power", "burn", 10.0), user("road", {"ash": 2.0}), user("dam", {"ash": 6.0}), market(),
                link("power", "road", "ash"), link("power", "dam", "ash"))  # fmt: skip
    rest = steady_state(what)
    assert rest.flow == pytest.approx({"power-road-ash": 5 * 2 / 8, "power-dam-ash": 5 * 6 / 8})


def test_candidate_links_carry_nothing_today() -> None:
    what = park(ASH, BRICKS, firm("power", "burn", 20.0), firm("works", "bricks", 9.0), market(),
                link("power", "works", "ash", status="candidate"))  # fmt: skip
    assert steady_state(what).flow == {}


def test_parallel_links_share_by_what_they_can_carry() -> None:
    what = park(ASH, BRICKS, firm("power", "burn", 20.0), firm("works", "bricks", 10.0), market(),
                link("power", "works", "ash", id="belt", at_most=6.0),
                link("power", "works", "ash", id="truck", at_most=2.0))  # fmt: skip
    assert steady_state(what).flow == pytest.approx({"belt": 6.0, "truck": 2.0})  # 8 = 0.8 × 10


def test_steam_settles_within_the_step_of_the_rest() -> None:
    chp = technology("chp", "power", {"coal": 1.0}, releases={"steam": 2.0})
    dryer = technology("dryer", "flour", {"grain": 1.0, "steam": 3.0})
    what = park(chp, dryer, steam(), firm("power", "chp", 6.0), firm("mill", "dryer", 9.0), market(),
                link("power", "mill", "steam"))  # fmt: skip
    rest = steady_state(what)
    assert rest.activity["mill", "dryer"] == pytest.approx(4.0)
    assert rest.flow["power-mill-steam"] == pytest.approx(12.0)


# --- under a plan -------------------------------------------------------------------------------------------------


def planned(mix: list[tuple[str, str, float]], flow: float, ash: float = 20.0, **fields: object) -> float:
    """Return what brick works of 10 a day use of ash on day 6 under a plan."""
    works = firm("works", lines=(line("bricks", "bricks", 10.0, planned=10.0, mix=[use(*row) for row in mix]),))
    what = park(
        ASH, BRICKS, firm("power", "burn", ash), works, market(), link("power", "works", "ash", planned=flow, **fields)
    )
    ledger = Ledger.empty(compile_park(what))
    for _ in range(6):
        moves = advance(ledger, np.ones(2))
    return float(moves.intake.use[0])


def use(material: str, replaces: str, amount: float) -> dict[str, object]:
    return {"material": material, "replaces": replaces, "amount": amount}


def test_a_plan_takes_the_planned_mix_and_nothing_above_it() -> None:
    assert planned([("ash", "clay", 3.0)], flow=3.0) == pytest.approx(3.0)  # though 8 are permitted and 10 are made


def test_a_short_material_of_a_plan_is_scaled_down() -> None:
    assert planned([("ash", "clay", 3.0)], flow=3.0, ash=4.0) == pytest.approx(2.0)  # 4 × 0.5 t of ash are made


def test_a_plan_without_a_mix_for_a_line_takes_nothing() -> None:
    assert planned([], flow=0.0) == 0.0


def test_a_plan_asks_no_more_than_its_cap() -> None:
    # A stopped works: planned 3 a day at lead 2 → (2 + 1)·3 = 9 in stock and under way, then no more is asked.
    works = firm("works", lines=(line("bricks", "bricks", 10.0, planned=10.0, mix=[use("ash", "clay", 3.0)]),))
    what = park(ASH, BRICKS, firm("power", "burn", 20.0), works, market(),
                link("power", "works", "ash", planned=3.0, lead_time=2.0))  # fmt: skip
    ledger = Ledger.empty(compile_park(what))
    sent = [float(advance(ledger, np.array([1.0, 0.0])).dispatched[0]) for _ in range(6)]
    assert sent == pytest.approx([3.0, 3.0, 3.0, 0.0, 0.0, 0.0])


def test_half_the_activity_takes_half_the_mix() -> None:
    works = firm("works", lines=(line("bricks", "bricks", 10.0, planned=10.0, mix=[use("ash", "clay", 3.0)]),))
    what = park(ASH, BRICKS, firm("power", "burn", 20.0), works, market(), link("power", "works", "ash", planned=3.0))
    ledger = Ledger.empty(compile_park(what))
    for _ in range(6):
        moves = advance(ledger, np.array([1.0, 0.5]))
    assert float(moves.intake.use[0]) == pytest.approx(1.5)


def test_one_short_material_of_a_mix_is_scaled_alone() -> None:
    both = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay"), accept("mud", "clay")))
    mix = [use("ash", "clay", 3.0), use("mud", "clay", 4.0)]
    works = firm("works", lines=(line("bricks", "bricks", 10.0, planned=10.0, mix=mix),), initial_stock={"mud": 0.0})
    what = park(ASH, both, firm("power", "burn", 20.0), works, market(), link("power", "works", "ash", planned=3.0))
    rest = steady_state(what)
    assert rest.used["works", "bricks", "ash", "clay"] == pytest.approx(3.0)
    assert rest.used["works", "bricks", "mud", "clay"] == 0.0


def test_from_own_releases_a_plan_takes_planned_use_less_planned_inflow() -> None:
    # Own ash 4 a day, planned use 6, planned inflow 3: at most 3 of the own, and 1 is left over for others.
    both = firm("works", lines=(line("burn", "burn", 8.0), line("bricks", "bricks", 10.0, planned=10.0,
                                                                mix=[use("ash", "clay", 6.0)])))  # fmt: skip
    what = park(ASH, BRICKS, both, firm("power", "burn", 20.0), user("road", {"ash": 9.0}), market(),
                link("power", "works", "ash", planned=3.0), link("works", "road", "ash", planned=1.0))  # fmt: skip
    ledger = Ledger.empty(compile_park(what))
    for _ in range(6):
        moves = advance(ledger, np.ones(3))
    row = ledger.arrays.piles.keys.index(("works", "ash"))
    assert (moves.own_used[row], moves.received_used[row]) == pytest.approx((3.0, 3.0))
    assert moves.dispatched.tolist() == pytest.approx([3.0, 1.0])
