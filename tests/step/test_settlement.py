"""Flows that nobody can store (semantics §6.3): made, shared and used within the step."""

from collections.abc import Callable

import numpy as np
import pytest
from building import accept, firm, line, link, market, park, source, steam, technology, town

from mfa.park.park import Park
from mfa.step.arrays import compile_park
from mfa.step.ledger import Ledger
from mfa.step.phases import Moves, advance

CHP = technology("chp", "power", {"coal": 1.0}, releases={"steam": 2.0})
DRYER = technology("dryer", "flour", {"grain": 1.0, "steam": 3.0})
TOWN = town("town", {"steam": 6.0})


def one_step(what: Park, available: float = 1.0, step: float = 1.0) -> tuple[Moves, Callable[[str], float]]:
    """Return the moves of one step from empty stocks, and a function firm → activity of its first line."""
    arrays = compile_park(what, step)
    moves = advance(Ledger.empty(arrays), np.full(len(arrays.lines.keys), available))
    firms = [name for name, _ in arrays.lines.keys]
    return moves, lambda name: float(moves.intake.activity[firms.index(name)])


def at(what: Park, amounts: np.ndarray, node: str, name: str = "steam") -> float:
    """Return the amount of one pile."""
    return float(amounts[compile_park(what).piles.keys.index((node, name))])


def test_steam_is_made_and_used_in_the_same_step() -> None:
    # 6 of power → 12 GJ of steam; the mill asks 3 × 4 = 12.
    what = park(CHP, DRYER, steam(), firm("power", "chp", 6.0), firm("mill", "dryer", 4.0), market(),
                link("power", "mill", "steam"))  # fmt: skip
    moves, activity = one_step(what)
    assert activity("mill") == pytest.approx(4.0)
    assert moves.dispatched.tolist() == pytest.approx([12.0])
    assert at(what, moves.surplus, "power") == pytest.approx(0.0, abs=1e-12)


def test_own_lines_come_before_links() -> None:
    # 12 GJ of steam; an own dryer of 3 takes 9, the mill gets 3 and runs at 1.
    own = firm("power", lines=(line("chp", "chp", 6.0), line("dryer", "dryer", 3.0)))
    what = park(CHP, DRYER, steam(), own, firm("mill", "dryer", 4.0), market(), link("power", "mill", "steam"))
    moves, activity = one_step(what)
    assert activity("mill") == pytest.approx(1.0)
    assert at(what, moves.own_used, "power") == pytest.approx(9.0)


def test_a_short_source_shares_pro_rata_between_firms_and_the_town() -> None:
    # Asked: mill 12, town 6 of 12 GJ: 8 and 4; the mill runs at 8/3.
    what = park(CHP, DRYER, steam(), firm("power", "chp", 6.0), firm("mill", "dryer", 4.0), TOWN,
                market(), link("power", "mill", "steam"), link("power", "town", "steam"))  # fmt: skip
    moves, activity = one_step(what)
    assert activity("mill") == pytest.approx(8 / 3)
    assert at(what, moves.accepted, "town") == pytest.approx(4.0)


def test_named_rules_do_not_apply_to_what_nobody_can_store() -> None:
    what = park(CHP, DRYER, steam(), firm("power", "chp", 6.0), firm("mill", "dryer", 4.0), TOWN,
                market(), link("power", "mill", "steam", priority=2), link("power", "town", "steam"))  # fmt: skip
    arrays = compile_park(what, rule="priority")
    moves = advance(Ledger.empty(arrays), np.ones(2))
    assert moves.dispatched.tolist() == pytest.approx([8.0, 4.0])


def test_a_line_that_gets_little_of_one_flow_asks_less_of_the_other() -> None:
    # The mill needs steam 3 and heat 1 a tonne; heat for 1 t only. So it asks 3 GJ of steam, and the town gets its 6.
    boiler = technology("boiler", "ashes", {"coal": 1.0}, releases={"heat": 1.0})
    mill = technology("mill", "flour", {"grain": 1.0, "steam": 3.0, "heat": 1.0})
    what = park(CHP, boiler, mill, steam(), steam("heat"), firm("power", "chp", 6.0), firm("house", "boiler", 1.0),
                firm("mill", "mill", 4.0), town("town", {"steam": 6.0}), market(), link("power", "mill", "steam"),
                link("house", "mill", "heat"), link("power", "town", "steam"))  # fmt: skip
    moves, activity = one_step(what)
    # Round 1 asks 12 + 6 of 12: 8 and 4. What was granted is the ask of the next round: the mill's 8 shrink to 3 for
    # want of heat, the town's ask stays at the 4 it was granted.
    assert activity("mill") == pytest.approx(1.0)
    assert at(what, moves.accepted, "town") == pytest.approx(4.0)
    assert at(what, moves.surplus, "power") == pytest.approx(12 - 3 - 4)


def test_a_shortage_runs_down_the_chain() -> None:
    # chp → steam → turbine → power2 → pump: 12 GJ of 24 asked halves the turbine, hence the pump.
    turbine = technology("turbine", "drive", {"steam": 4.0})
    pump = technology("pump", "lift", {"drive": 2.0})
    what = park(CHP, turbine, pump, steam(), steam("drive"), firm("power", "chp", 6.0), firm("turbine", "turbine", 6.0),
                firm("pump", "pump", 3.0), market(), link("power", "turbine", "steam"),
                link("turbine", "pump", "drive"))  # fmt: skip
    _, activity = one_step(what)
    assert activity("turbine") == pytest.approx(3.0)
    assert activity("pump") == pytest.approx(1.5)


def test_a_link_carries_no_more_than_it_can() -> None:
    what = park(CHP, DRYER, steam(), firm("power", "chp", 6.0), firm("mill", "dryer", 4.0), market(),
                link("power", "mill", "steam", at_most=6.0))  # fmt: skip
    assert one_step(what)[1]("mill") == pytest.approx(2.0)
    moves, activity = one_step(what, step=0.25)
    assert activity("mill") == pytest.approx(2.0)
    assert moves.dispatched.tolist() == pytest.approx([1.5])


def test_surplus_goes_to_the_environment_and_nothing_is_kept() -> None:
    what = park(CHP, DRYER, steam(), firm("power", "chp", 6.0), firm("mill", "dryer", 1.0), market(),
                link("power", "mill", "steam"))  # fmt: skip
    arrays = compile_park(what)
    ledger = Ledger.empty(arrays)
    moves = advance(ledger, np.ones(2))
    assert at(what, moves.surplus, "power") == pytest.approx(9.0)
    assert at(what, ledger.own, "power") == 0.0
    assert ledger.under_way().tolist() == [0.0]


def test_losses_are_drawn_at_the_source() -> None:
    # 12 GJ at the source, a quarter lost: 9 arrive.
    what = park(CHP, DRYER, steam(), firm("power", "chp", 6.0), firm("mill", "dryer", 4.0), market(),
                link("power", "mill", "steam", loss=0.25))  # fmt: skip
    moves, activity = one_step(what)
    assert activity("mill") == pytest.approx(3.0)
    assert moves.drawn.tolist() == pytest.approx([12.0])


def test_steam_may_replace_what_a_market_sells() -> None:
    # 12 GJ of steam at ratio 0.5 replace 6 of the 10 t of coal; the rest is bought.
    kiln = technology("kiln", "lime", {"coal": 1.0}, accepts=(accept("steam", "coal", ratio=0.5),))
    what = park(CHP, kiln, steam(), firm("power", "chp", 6.0), firm("kiln", "kiln", 10.0), market(),
                link("power", "kiln", "steam"))  # fmt: skip
    moves, activity = one_step(what)
    assert activity("kiln") == 10.0
    assert moves.intake.use.tolist() == pytest.approx([12.0])
    assert moves.intake.bought.tolist() == pytest.approx([4.0, 6.0])  # by line: the kiln's, the power station's


def test_a_source_may_give_what_nobody_can_store() -> None:
    what = park(DRYER, steam(), firm("mill", "dryer", 4.0), source("well", "steam", supplies={"steam": 6.0}), market(),
                link("well", "mill", "steam"))  # fmt: skip
    assert one_step(what)[1]("mill") == pytest.approx(2.0)


def test_a_loop_of_steam_with_a_gain_below_one_still_runs_what_the_stocks_permit() -> None:
    # a makes 2 GJ of steam a unit and needs 1 of drive; b makes 1 of drive a unit and needs 1 of steam. Both have
    # targets of 5: a makes 10 of steam, b needs 5, makes 5 of drive, a needs 5: the settled state is the target.
    a = technology("a", "steel", {"drive": 1.0}, releases={"steam": 2.0})
    b = technology("b", "air", {"steam": 1.0}, releases={"drive": 1.0})
    what = park(a, b, steam(), steam("drive"), firm("a", "a", 5.0), firm("b", "b", 5.0), link("a", "b", "steam"),
                link("b", "a", "drive"))  # fmt: skip
    _, activity = one_step(what)
    assert (activity("a"), activity("b")) == pytest.approx((5.0, 5.0))


def test_a_loop_of_steam_that_loses_comes_to_nothing() -> None:
    # As above, but a makes only 0.5 GJ of steam a unit: each round halves both.
    a = technology("a", "steel", {"drive": 1.0}, releases={"steam": 0.5})
    b = technology("b", "air", {"steam": 1.0}, releases={"drive": 1.0})
    what = park(a, b, steam(), steam("drive"), firm("a", "a", 5.0), firm("b", "b", 5.0), link("a", "b", "steam"),
                link("b", "a", "drive"))  # fmt: skip
    _, activity = one_step(what)
    assert (activity("a"), activity("b")) == pytest.approx((0.0, 0.0), abs=1e-9)
