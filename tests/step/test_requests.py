"""What firms ask of links and what short sources give (semantics §6.4), worked out by hand."""

from collections.abc import Mapping

import numpy as np
import pytest
from building import accept, firm, line, link, market, park, source, technology, user

from mfa.park.park import Park
from mfa.step.arrays import compile_park
from mfa.step.ledger import Ledger
from mfa.step.phases import advance
from mfa.step.requests import demand, largest_use, share_as_planned, share_out

ASH = technology("burn", "power", {"coal": 1.0}, releases={"ash": 1.0})
BRICKS = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay"),))


def asked_of(what: Park, pile: tuple[str, str], stock: Mapping[str, float] | None = None, step: float = 1.0) -> float:
    """Return what is asked for a pile that holds `own`, `received`, with `transit` under way over its first link."""
    arrays, stock = compile_park(what, step), stock or {}
    row, zero = arrays.piles.keys.index(pile), np.zeros(len(arrays.piles.keys))
    own, received, transit = zero.copy(), zero.copy(), np.zeros(len(arrays.links.links))
    own[row], received[row] = stock.get("own", 0.0), stock.get("received", 0.0)
    transit[arrays.links.target == row] = stock.get("transit", 0.0)
    largest = largest_use(arrays, np.ones(len(arrays.lines.keys)))
    return float(demand(arrays, largest, own, received, transit)[0][row])


def bricks(lead_time: float = 0.0) -> Park:
    """Return a brick works that may use 10 t of ash a day, with one link from a power station."""
    return park(ASH, BRICKS, firm("power", "burn", 50.0), firm("works", "bricks", 10.0), market(),
                link("power", "works", "ash", lead_time=lead_time))  # fmt: skip


@pytest.mark.parametrize(
    ("lead_time", "stock", "asked"),
    [
        (0.0, {}, 10.0),  # lead 1 step: base stock 2 n = 20, n = 10 is the most asked at once
        (0.0, {"received": 10.0}, 10.0),  # 20 − 10
        (0.0, {"received": 10.0, "transit": 6.0}, 4.0),  # 20 − 10 − 6
        (0.0, {"received": 25.0}, 0.0),
        (3.0, {"received": 10.0, "transit": 20.0}, 10.0),  # (3 + 1)·10 − 30
        (3.0, {"received": 10.0, "transit": 25.0}, 5.0),
        (0.0, {"own": 4.0}, 6.0),  # n = 10 − 4
        (0.0, {"own": 4.0, "received": 7.0}, 5.0),  # 2·6 − 7
        (0.0, {"own": 12.0}, 0.0),
    ],
)
def test_demand_tops_up_a_base_stock(lead_time: float, stock: dict[str, float], asked: float) -> None:
    assert asked_of(bricks(lead_time), ("works", "ash"), stock) == pytest.approx(asked)


def test_the_longest_lead_of_all_links_counts() -> None:
    what = bricks()
    what = what.replace(links=(*what.links, link("power", "works", "ash", id="slow", lead_time=4.0)))
    # (4 + 1)·10 − 25 − 2·9 (9 t under way on each link) = 7.
    assert asked_of(what, ("works", "ash"), {"received": 25.0, "transit": 9.0}) == pytest.approx(7.0)


def test_lead_times_are_rounded_up_to_whole_steps() -> None:
    # lead_time 1 day in steps of 6 h = 4 steps; n = 2.5 t; (4 + 1)·2.5 − 11 = 1.5. In weeks: 1 step, n = 70.
    assert asked_of(bricks(1.0), ("works", "ash"), {"received": 11.0}, step=0.25) == pytest.approx(1.5)
    assert asked_of(bricks(1.0), ("works", "ash"), {"received": 100.0}, step=7.0) == pytest.approx(40.0)


def test_a_user_asks_for_its_quantity_whatever_is_under_way() -> None:
    what = park(ASH, firm("power", "burn", 50.0), user("road", {"ash": 4.0}), market(), link("power", "road", "ash"))
    assert asked_of(what, ("road", "ash"), {"transit": 8.0}, step=0.5) == pytest.approx(2.0)


def test_uses_of_several_inputs_and_lines_add_up_in_n() -> None:
    # a: clay 10 × 0.5 ÷ 1 + sand 5 × 1 ÷ 2 = 5 + 2.5; b: 20 × 0.25 = 5. Σ = 12.5.
    accepts = (accept("ash", "clay", up_to=0.5), accept("ash", "sand", ratio=2.0))
    a = technology("a", "tile", {"clay": 1.0, "sand": 0.5}, accepts=accepts)
    b = technology("b", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay", up_to=0.25),))
    works = firm("works", lines=(line("a", "a", 10.0), line("b", "b", 20.0)))
    what = park(ASH, a, b, firm("power", "burn", 50.0), works, market(), link("power", "works", "ash"))
    assert asked_of(what, ("works", "ash")) == pytest.approx(12.5)


# --- sharing ------------------------------------------------------------------------------------------------------


def shared(asked: list[float], room: list[float], available: list[float], source: list[int], target: list[int],
           rank: list[int] | None = None, loss: float = 0.0) -> list[float]:  # fmt: skip
    """Return what each link is granted; piles of sources and targets are numbered apart."""
    drawn = np.full(len(source), 1.0 / (1.0 - loss))
    index = np.array(source, np.intp), np.array(target, np.intp), np.array(rank or [0] * len(source), np.intp)
    return share_out(np.array(asked), np.array(room), np.array(available), *index, drawn).tolist()


def test_demand_is_asked_in_proportion_to_what_links_can_carry() -> None:
    # Demand 9 at pile 2, links can carry 10 and 5: 6 and 3.
    assert shared([0, 0, 9.0], [10.0, 5.0], [100.0, 100.0, 0], [0, 1], [2, 2]) == pytest.approx([6.0, 3.0])


def test_a_short_source_shares_pro_rata() -> None:
    # Source 0 has 8; asked 12 by pile 1 and 4 by pile 2: 6 and 2.
    assert shared([0, 12.0, 4.0], [99.0, 99.0], [8.0, 0, 0], [0, 0], [1, 2]) == pytest.approx([6.0, 2.0])


def test_what_one_source_lacks_is_asked_of_the_other() -> None:
    # Demand 10, both can carry 10: asked 5 + 5. Source 0 gives 2; the missing 3 come from source 1: 8.
    assert shared([0, 0, 10.0], [10.0, 10.0], [2.0, 100.0, 0], [0, 1], [2, 2]) == pytest.approx([2.0, 8.0])


def test_the_second_round_is_shared_again_and_stays_within_what_links_carry() -> None:
    # Pile 3 asks 10 of sources 0 (2 t) and 1 (links of 10 and 7), pile 4 asks 3 of source 1 (6.5 t in all).
    # Round 1: 3 asks 100/17 of 0 and 70/17 of 1; 0 gives 2; 1 has 6.5 < 70/17 + 3 = 7.118: × 0.9132.
    # Round 2: source 0 and 1 are empty. So 3 gets 2 + 3.760, 4 gets 2.740; together 8.5 = all there is.
    granted = shared([0, 0, 0, 10.0, 3.0], [10.0, 7.0, 9.0], [2.0, 6.5, 0, 0, 0], [0, 1, 1], [3, 3, 4])
    scale = 6.5 / (70 / 17 + 3)
    assert granted == pytest.approx([2.0, 70 / 17 * scale, 3 * scale])


def test_lower_ranks_are_served_first_and_share_within_a_rank() -> None:
    # 10 t: rank 0 asks 4; rank 1 asks 8 and 4 of the remaining 6: 4 and 2.
    granted = shared([0, 4.0, 8.0, 4.0], [99.0] * 3, [10.0, 0, 0, 0], [0, 0, 0], [1, 2, 3], rank=[0, 1, 1])
    assert granted == pytest.approx([4.0, 4.0, 2.0])


def test_losses_are_drawn_at_the_source() -> None:
    # 20 % is lost: 10 t at the source deliver 8.
    assert shared([0, 50.0], [99.0], [10.0, 0], [0], [1], loss=0.2) == pytest.approx([8.0])


def test_nobody_gets_what_nobody_asks() -> None:
    assert shared([0, 0.0], [99.0], [10.0, 0], [0], [1]) == [0.0]


def test_a_plan_shares_a_short_source_in_proportion_to_planned_flow() -> None:
    # Planned 6 and 3 of 6 t: 4 and 2, though the second asks for as much as the first.
    index = np.array([0, 0], np.intp)
    granted = share_as_planned(np.array([6.0, 3.0]), np.array([6.0, 3.0]), np.array([6.0]), index, np.ones(2))
    assert granted.tolist() == pytest.approx([4.0, 2.0])


def test_a_plan_gives_what_one_link_does_not_ask_to_the_other() -> None:
    # Planned 6 and 3; the first asks 1 only: 1, and the rest of 5 t to the second up to its 3.
    index = np.array([0, 0], np.intp)
    granted = share_as_planned(np.array([1.0, 3.0]), np.array([6.0, 3.0]), np.array([5.0]), index, np.ones(2))
    assert granted.tolist() == pytest.approx([1.0, 3.0])


# --- allocation rules ---------------------------------------------------------------------------------------------


def granted(rule: str, first: dict[str, float], second: dict[str, float]) -> tuple[float, float]:
    """Return what two works get of 12 t of ash when each asks for 10."""
    what = park(ASH, BRICKS, firm("power", "burn", 12.0, at=(0, 0)), firm("a", "bricks", 10.0, at=(9, 0)),
                firm("b", "bricks", 10.0, at=(0, 3)), market(),
                link("power", "a", "ash", **first), link("power", "b", "ash", **second))  # fmt: skip
    ledger = Ledger.empty(compile_park(what, rule=rule))
    moves = advance(ledger, np.ones(3))
    return float(moves.dispatched[0]), float(moves.dispatched[1])


def test_pro_rata_is_blind_to_priority_distance_and_price() -> None:
    assert granted("pro_rata", {"priority": 1, "price": 5.0}, {"priority": 2}) == pytest.approx((6.0, 6.0))


def test_priority_serves_low_numbers_first() -> None:
    assert granted("priority", {"priority": 2}, {"priority": 1}) == pytest.approx((2.0, 10.0))


def test_nearest_serves_short_ways_first() -> None:
    assert granted("nearest", {}, {}) == pytest.approx((2.0, 10.0))
    assert granted("nearest", {"distance": 1.0}, {}) == pytest.approx((10.0, 2.0))


def test_best_price_serves_who_pays_most() -> None:
    assert granted("best_price", {"price": 3.0}, {"price": -1.0}) == pytest.approx((10.0, 2.0))


def test_a_firm_keeps_what_its_own_lines_could_use_next() -> None:
    # The power station makes 12 t of ash and a brick line of its own could use 7 tomorrow: 5 t may leave.
    own = firm("power", lines=(line("burn", "burn", 12.0), line("bricks", "bricks", 7.0)))
    what = park(ASH, BRICKS, own, firm("a", "bricks", 10.0), market(), link("power", "a", "ash"))
    assert advance(Ledger.empty(compile_park(what)), np.ones(3)).dispatched.tolist() == pytest.approx([5.0])


def test_received_material_is_not_forwarded() -> None:
    # a gets ash and makes none; its link to b stays empty although b asks.
    what = park(ASH, BRICKS, firm("power", "burn", 30.0), firm("a", "bricks", 10.0), firm("b", "bricks", 10.0),
                market(), link("a", "b", "ash"), link("power", "a", "ash"))  # fmt: skip
    ledger, dispatched = Ledger.empty(compile_park(what)), []
    for _ in range(4):
        dispatched.append(advance(ledger, np.ones(3)).dispatched.tolist())
    assert [row[0] for row in dispatched] == [0.0] * 4
    assert dispatched[0][1] == pytest.approx(10.0)


def test_own_releases_are_drawn_before_received_stock() -> None:
    own = firm("power", lines=(line("burn", "burn", 3.0), line("bricks", "bricks", 7.0)))
    what = park(ASH, BRICKS, own, firm("other", "burn", 99.0), market(), link("other", "power", "ash"))
    ledger = Ledger.empty(compile_park(what))
    row = ledger.arrays.piles.keys.index(("power", "ash"))
    ledger.own[row], ledger.received[row] = 4.0, 10.0
    moves = advance(ledger, np.ones(3))
    assert (moves.own_used[row], moves.received_used[row]) == pytest.approx((4.0, 3.0))


def test_what_is_released_in_a_step_is_used_in_the_next_one() -> None:
    own = firm("power", lines=(line("burn", "burn", 3.0), line("bricks", "bricks", 7.0)))
    ledger = Ledger.empty(compile_park(park(ASH, BRICKS, own, market())))
    row = ledger.arrays.piles.keys.index(("power", "ash"))
    used = [float(advance(ledger, np.ones(2)).own_used[row]) for _ in range(3)]
    assert used == pytest.approx([0.0, 3.0, 3.0])


@pytest.mark.parametrize("lead_time", [0.0, 1.0, 2.5])
def test_a_shipment_arrives_after_its_lead(lead_time: float) -> None:
    ledger = Ledger.empty(compile_park(bricks(lead_time)))
    arrived = [float(advance(ledger, np.ones(2)).arrived[0]) for _ in range(5)]
    lead = {0.0: 1, 1.0: 1, 2.5: 3}[lead_time]
    assert arrived == pytest.approx([0.0] * lead + [10.0] * (5 - lead))


def test_a_source_gives_what_it_has_and_other_boundary_nodes_give_nothing() -> None:
    salt = technology("salt", "salt", {"brine": 2.0})
    lake, pond = source("lake", "brine", supplies={"brine": 6.0}), source("pond", "brine")
    works = firm("works", "salt", 10.0)
    from_lake = park(salt, works, lake, link("lake", "works", "brine"))
    assert advance(Ledger.empty(compile_park(from_lake)), np.ones(1)).dispatched.tolist() == pytest.approx([6.0])
    from_pond = park(salt, works, pond, link("pond", "works", "brine"))
    assert advance(Ledger.empty(compile_park(from_pond)), np.ones(1)).dispatched.tolist() == pytest.approx([20.0])
    bought = park(salt, works, market(sells=("brine",)), link("market", "works", "brine"))
    assert advance(Ledger.empty(compile_park(bought)), np.ones(1)).dispatched.tolist() == [0.0]


def test_a_firm_that_links_to_itself_moves_nothing_round() -> None:
    own = firm("power", lines=(line("burn", "burn", 30.0), line("bricks", "bricks", 7.0)))
    ledger = Ledger.empty(compile_park(park(ASH, BRICKS, own, market(), link("power", "power", "ash"))))
    flows = [float(advance(ledger, np.ones(2)).dispatched[0]) for _ in range(5)]
    assert flows == [0.0] * 5
