"""Where own releases go that nobody in the park takes (semantics §5), worked out by hand."""

import pytest
from building import amount, firm, landfill, line, link, market, material, park, rows, scenario, steam, technology, user

from mfa.park.park import Park
from mfa.results.results import Results
from mfa.simulation import simulate

ASH = technology("burn", "power", {"coal": 1.0}, releases={"ash": 0.5})
POWER = firm("power", "burn", 20.0, at=(0.0, 0.0))  # 10 t of ash a day


def run(*values: object, days: int = 10, **fields: object) -> Results:
    return simulate(scenario(park(ASH, *values), days=days, **fields))


def disposed(results: Results, site: str) -> float:
    return amount(results.flows, kind="disposal", target=site)


def test_surplus_waste_goes_to_the_cheapest_site() -> None:
    results = run(POWER, market(), landfill("near", gate_fee=9.0, at=(1, 0)), landfill("far", gate_fee=8.0, at=(9, 0)))
    assert (disposed(results, "near"), disposed(results, "far")) == pytest.approx((0.0, 100.0))


def test_equally_cheap_sites_are_chosen_by_distance_and_then_by_id() -> None:
    results = run(POWER, market(), landfill("a", at=(9, 0)), landfill("c", at=(0, 1)), landfill("b", at=(1, 0)))
    assert {site: disposed(results, site) for site in "abc"} == pytest.approx({"a": 0.0, "b": 100.0, "c": 0.0})


def test_a_site_takes_only_what_it_accepts() -> None:
    results = run(POWER, market(), landfill("cheap", accepts=("hazardous_waste",)), landfill("dear", gate_fee=99.0))
    assert disposed(results, "dear") == pytest.approx(100.0)
    results = run(POWER, market(), landfill("by_name", accepts=("ash",)))
    assert disposed(results, "by_name") == pytest.approx(100.0)


def test_room_runs_full_and_the_next_site_takes_over() -> None:
    # 35 t of room at 10 t a day: 3 days whole, 5 t on the fourth; the rest of 100 t goes to the dearer site.
    results = run(POWER, market(), landfill("cheap", room=35.0), landfill("dear", gate_fee=9.0))
    assert (disposed(results, "cheap"), disposed(results, "dear")) == pytest.approx((35.0, 65.0))
    fourth = rows(results.flows, time="2017-01-04", kind="disposal")
    assert dict(zip(fourth["target"], fourth["dry_amount"], strict=True)) == pytest.approx({"cheap": 5.0, "dear": 5.0})
    assert results.warnings == ()


def test_firms_share_the_last_room_pro_rata() -> None:
    # 12 t of room; 10 t from one firm and 5 t from the other on the first day: 8 and 4.
    other = firm("other", "burn", 10.0)
    results = run(POWER, other, market(), landfill("cheap", room=12.0), landfill("dear", gate_fee=9.0))
    cheap = rows(results.flows, target="cheap")
    assert dict(zip(cheap["source"], cheap["dry_amount"], strict=True)) == pytest.approx({"power": 8.0, "other": 4.0})


def test_the_warm_up_uses_no_room() -> None:
    results = run(POWER, market(), landfill("cheap", room=35.0), landfill("dear", gate_fee=9.0), warm_up=60.0)
    assert disposed(results, "cheap") == pytest.approx(35.0)


def test_waste_with_nowhere_to_go_stays_and_is_reported() -> None:
    results = run(POWER, market(), landfill(room=35.0), warm_up=0.0)
    held = rows(results.stocks, node="power", material="ash")
    grown = held["dry_amount"].iloc[-1] - held["dry_amount"].iloc[0]
    assert grown == pytest.approx(65.0)
    assert results.warnings == (
        "ash of power has nowhere to go from 2017-01-04 on: it stays at the firm, beyond its storage",
    )


def test_a_site_without_room_is_closed() -> None:
    results = run(POWER, market(), landfill("none", room=0.0), landfill("dear", gate_fee=9.0))
    assert (disposed(results, "none"), disposed(results, "dear")) == pytest.approx((0.0, 100.0))


def test_storage_fills_before_anything_is_disposed_of() -> None:
    # 25 t of storage are full before the run starts (the warm-up fills them), so all of 100 t goes.
    keeps = firm("power", "burn", 20.0, storage={"ash": 25.0})
    results = run(keeps, market(), landfill(), warm_up=5.0)
    assert disposed(results, "landfill") == pytest.approx(100.0)
    held = rows(results.stocks, node="power", material="ash")["dry_amount"]
    assert held.tolist() == pytest.approx([25.0] * 11)


def test_what_links_ask_leaves_before_the_surplus_is_disposed_of() -> None:
    results = run(POWER, user("road", {"ash": 4.0}), market(), landfill(), link("power", "road", "ash"))
    assert disposed(results, "landfill") == pytest.approx(60.0)
    assert amount(results.flows, source="power", target="road") == pytest.approx(40.0)


def test_a_market_buys_products_and_the_by_products_that_it_lists() -> None:
    results = run(POWER, market(buys=("product", "ash")), landfill())
    sold = rows(results.flows, kind="product", target="market")
    assert dict(sold.groupby("material")["dry_amount"].sum()) == pytest.approx({"ash": 100.0, "power": 200.0})
    assert disposed(results, "landfill") == 0.0


def test_products_that_nobody_buys_are_kept() -> None:
    results = run(POWER, market(sells=("coal",), buys=("gold",)), landfill(), warm_up=0.0)
    held = rows(results.stocks, node="power", material="power")["dry_amount"]
    assert held.iloc[-1] - held.iloc[0] == pytest.approx(200.0)


def test_a_by_product_is_no_waste() -> None:
    # A by-product that no market buys and no site lists stays without a breach: nothing says that it must go.
    results = run(POWER, material("ash", "by_product"), market(), landfill())
    assert disposed(results, "landfill") == 0.0
    assert results.warnings == ()


def test_water_gas_and_energy_go_to_the_environment() -> None:
    chp = technology("chp", "power", {"coal": 1.0}, releases={"steam": 2.0, "gas": 0.5, "water": 3.0})
    what = park(chp, steam(), material("gas", "gas"), material("water", "water"), firm("power", "chp", 10.0), market(),
                landfill(accepts=("gas", "water", "energy")))  # fmt: skip
    results = simulate(scenario(what, days=2))
    gone = rows(results.flows, target="environment", kind="emission")
    assert dict(gone.groupby("material")["dry_amount"].sum()) == pytest.approx(
        {"steam": 40.0, "gas": 10.0, "water": 60.0}
    )


def test_received_material_is_never_disposed_of() -> None:
    # The works is stopped for the whole run: what it received stays, however little storage it has.
    bricks = technology("bricks", "brick", {"ash": 1.0})
    works = firm("works", "bricks", 4.0, storage={"ash": 0.0})
    stop = {"firm": "works", "from": "2017-01-03", "until": "2017-12-31"}
    results = run(
        POWER, bricks, works, market(sells=("coal",)), landfill(), link("power", "works", "ash"), disruptions=(stop,)
    )
    assert amount(results.flows, source="works", kind="disposal") == 0.0
    assert rows(results.stocks, time="2017-01-11", node="works", material="ash")["dry_amount"].sum() > 0.0


def test_moist_waste_is_disposed_of_with_its_water() -> None:
    # 10 t dry at 20 % moisture are 12.5 t as received.
    results = run(POWER, material("ash", "solid_waste", moisture=0.2), market(), landfill())
    assert amount(results.flows, "amount", kind="disposal") == pytest.approx(125.0)
    assert amount(results.flows, "dry_amount", kind="disposal") == pytest.approx(100.0)


# --- initial stock, blocks ----------------------------------------------------------------------------------------


def test_initial_stock_is_what_the_firm_holds_at_the_start() -> None:
    keeps = firm("power", "burn", 20.0, storage={"ash": 500.0}, initial_stock={"ash": 300.0})
    results = run(keeps, user("road", {"ash": 4.0}), market(), landfill(), link("power", "road", "ash"), warm_up=30.0)
    held = rows(results.stocks, node="power", material="ash")["dry_amount"].tolist()
    # 300 at the start; 10 − 4 a day are added.
    assert (held[0], held[-1]) == pytest.approx((300.0, 360.0))


def test_old_stock_is_drawn_down_within_the_run_only() -> None:
    heap = firm("heap", initial_stock={"ash": 50.0}, storage={"ash": 50.0})
    results = run(heap, user("road", {"ash": 4.0}), market(), link("heap", "road", "ash"), warm_up=30.0)
    assert amount(results.flows, source="heap") == pytest.approx(40.0)
    held = rows(results.stocks, node="heap", material="ash")["dry_amount"].tolist()
    assert (held[0], held[-1]) == pytest.approx((50.0, 10.0))


def blocking(storage: float) -> Park:
    """Return a power station that stops when its ash store is full; 4 t of 10 t a day leave."""
    keeps = firm("power", "burn", 20.0, storage={"ash": storage}, blocks=("ash",))
    return park(ASH, keeps, user("road", {"ash": 4.0}), market(), link("power", "road", "ash"))


def test_a_full_store_stops_the_line_that_fills_it_where_the_firm_says_so() -> None:
    results = simulate(scenario(blocking(8.0), days=30, warm_up=30.0))
    held = rows(results.stocks, node="power", material="ash")["dry_amount"]
    assert held.max() <= 8.0 + 1e-9
    # In the long run what leaves is what is made: 4 t of ash, 8 of power a day.
    assert amount(results.activity, "output") / 30 == pytest.approx(8.0, rel=0.05)


def test_no_output_blocks_a_line_unless_the_firm_says_so() -> None:
    free = blocking(8.0)
    free = free.replace(firms={"power": free.firms["power"].replace(blocks=())})
    results = simulate(scenario(free, days=10))
    assert amount(results.activity, "output") == pytest.approx(200.0)


def test_several_lines_of_a_firm_fill_one_store() -> None:
    two = firm(
        "power", lines=(line("a", "burn", 20.0), line("b", "burn", 20.0)), storage={"ash": 12.0}, blocks=("ash",)
    )
    results = simulate(scenario(park(ASH, two, market()), days=10, warm_up=0.0))
    assert rows(results.stocks, node="power", material="ash")["dry_amount"].max() <= 12.0 + 1e-9
    assert amount(results.activity, "output", line="a") == pytest.approx(amount(results.activity, "output", line="b"))
