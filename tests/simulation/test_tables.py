"""The tables of a run (design §8): kinds, intervals, units, stocks, links — worked out by hand."""

from datetime import date

import pandas as pd
import pytest
from building import (
    accept,
    amount,
    firm,
    landfill,
    line,
    link,
    market,
    material,
    park,
    rows,
    scenario,
    source,
    steam,
    technology,
    town,
    user,
)

from mfa.park.park import Park
from mfa.park.values import DAYS_PER_YEAR
from mfa.results.checks import check_tables
from mfa.results.recount import recount
from mfa.results.results import Results
from mfa.simulation import simulate

CHP = technology("chp", "power", {"coal": 1.0}, releases={"ash": 0.5, "steam": 2.0})
BRICKS = technology(
    "bricks", "brick", {"clay": 1.0, "steam": 0.5}, accepts=(accept("ash", "clay", ratio=1.25, up_to=0.5),)
)
ASH = material("ash", "bulk_solid_waste", moisture=0.2)


def town_park() -> Park:
    """Return a power station (20 a day), brick works (10 a day) and a town, with ash and steam between them."""
    return park(
        CHP, BRICKS, ASH, steam(), firm("station", "chp", 20.0), firm("works", "bricks", 10.0), landfill(),
        town("town", {"steam": 6.0}), market(buys=("brick", "power")), link("station", "works", "ash", lead_time=2.0),
        link("station", "works", "steam"), link("station", "town", "steam"),
    )  # fmt: skip


def checked(results: Results) -> Results:
    """Return the results after the contract and the balances of their tables have been checked."""
    check_tables(results)
    assert recount(results) <= 1e-9
    return results


def run(what: Park, **fields: object) -> Results:
    return checked(simulate(scenario(what, **fields)))


def test_every_flow_has_its_kind_and_amount() -> None:
    # Per day: ash 10 made, 0.5 × 10 ÷ 1.25 = 4 used; clay 10 − 5 = 5 bought; steam 40 made, 5 used, 6 to the town.
    # Gaps: station 20 coal − 20 power − 10 ash = −10; works 5 + 4 − 10 = −1, both supplied by the environment.
    flows = run(town_park(), days=1).flows
    found = {(r.source, r.target, r.material, r.kind): r.dry_amount for r in flows.itertuples()}
    assert found == pytest.approx({
        ("market", "station", "coal", "virgin"): 20.0,
        ("market", "works", "clay", "virgin"): 5.0,
        ("station", "market", "power", "product"): 20.0,
        ("works", "market", "brick", "product"): 10.0,
        ("station", "works", "ash", "exchange"): 4.0,
        ("station", "works", "steam", "exchange"): 5.0,
        ("station", "town", "steam", "exchange"): 6.0,
        ("station", "landfill", "ash", "disposal"): 6.0,
        ("station", "environment", "steam", "emission"): 29.0,
        ("environment", "station", "unaccounted", "unaccounted"): 10.0,
        ("environment", "works", "unaccounted", "unaccounted"): 1.0,
    })  # fmt: skip


def test_amounts_are_as_received_and_dry() -> None:
    flows = run(town_park(), days=1).flows
    ash = rows(flows, target="works", material="ash").iloc[0]
    assert (ash["amount"], ash["dry_amount"], ash["unit"]) == (pytest.approx(5.0), pytest.approx(4.0), "t")
    heat = rows(flows, target="town").iloc[0]
    assert (heat["amount"], heat["dry_amount"], heat["unit"]) == (pytest.approx(6.0), pytest.approx(6.0), "GJ")


def test_conversion_shows_what_each_line_used_and_made_and_what_a_town_accepted() -> None:
    table = run(town_park(), days=1).conversion
    found = {(r.firm, r.line, r.material): (r.used, r.made) for r in table.itertuples()}
    assert found["works", "bricks", "ash"] == pytest.approx((4.0, 0.0))
    assert found["works", "bricks", "brick"] == pytest.approx((0.0, 10.0))
    assert found["station", "chp", "steam"] == pytest.approx((0.0, 40.0))
    assert found["town", "", "steam"] == pytest.approx((6.0, 0.0))


def test_stocks_are_those_at_the_start_of_each_interval_and_at_the_end() -> None:
    # At rest 4 t a day over a lead of 2 days are 8 t on the way; what arrives in a step is used in it.
    stocks = run(town_park(), days=3).stocks
    assert sorted(set(stocks["time"])) == ["2017-01-01", "2017-01-02", "2017-01-03", "2017-01-04"]
    assert rows(stocks, node="station-works-ash")["dry_amount"].tolist() == pytest.approx([8.0] * 4)
    assert rows(stocks, node="works", material="ash")["dry_amount"].tolist() == pytest.approx([0.0] * 4)
    assert "steam" not in set(stocks["material"])


def test_links_show_rates_per_year() -> None:
    results = run(town_park(), days=73)
    ash = rows(results.links, link="station-works-ash").iloc[0]
    assert ash["realised_per_yr"] == pytest.approx(4 * DAYS_PER_YEAR)
    assert pd.isna(ash["capacity_per_yr"])
    assert pd.isna(ash["promised_per_yr"])


def test_links_show_capacity_promise_and_distance() -> None:
    ash = technology("burn", "power", {"coal": 1.0}, releases={"ash": 1.0})
    what = park(ash, firm("a", "burn", 9.0, at=(0, 0)), user("u", {"ash": 5.0}, at=(3, 4)), market(), landfill(),
                link("a", "u", "ash", at_most=2.0, planned=1.5), detour_factor=1.2)  # fmt: skip
    found = run(what).links.iloc[0]
    assert found["distance_km"] == pytest.approx(6.0)
    assert found["capacity_per_yr"] == pytest.approx(730.0)
    assert (found["promised_per_yr"], found["realised_per_yr"]) == pytest.approx((547.5, 547.5))
    assert found["limited_by"] == "plan"


def test_a_delivery_from_a_source_is_virgin() -> None:
    salt = technology("salt", "salt", {"brine": 2.0})
    what = park(salt, material("brine", "water"), firm("pans", "salt", 5.0), source("lake", "brine"), market(),
                link("lake", "pans", "brine"))  # fmt: skip
    assert amount(run(what, days=1).flows, source="lake", target="pans", kind="virgin") == pytest.approx(10.0)


def test_the_product_of_a_line_over_a_link_is_a_product() -> None:
    grind = technology("grind", "cement", {"clinker": 1.0})
    burn = technology("burn", "clinker", {"lime": 1.0})
    trade = market(sells=("lime",), buys=("cement",))
    what = park(
        burn, grind, firm("kiln", "burn", 5.0), firm("mill", "grind", 5.0), trade, link("kiln", "mill", "clinker")
    )
    assert amount(run(what, days=1).flows, source="kiln", target="mill", kind="product") == pytest.approx(5.0)


def test_what_a_link_loses_goes_to_the_environment() -> None:
    burn = technology("burn", "power", {"coal": 1.0}, releases={"ash": 1.0})
    what = park(
        burn, firm("a", "burn", 9.0), user("u", {"ash": 4.0}), market(), landfill(), link("a", "u", "ash", loss=0.2)
    )
    flows = run(what, days=1).flows
    # 4 delivered of 5 drawn; the other 4 of 9 are disposed of.
    assert amount(flows, source="a", target="u") == pytest.approx(4.0)
    assert amount(flows, source="a", target="environment", material="ash") == pytest.approx(1.0)
    assert amount(flows, source="a", target="landfill") == pytest.approx(4.0)


def test_own_use_is_an_internal_flow() -> None:
    burn = technology("burn", "power", {"coal": 1.0}, releases={"ash": 1.0})
    bricks = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay"),))
    works = firm("works", lines=(line("burn", "burn", 9.0), line("bricks", "bricks", 4.0)))
    flows = run(park(burn, bricks, works, market(), landfill()), days=1).flows
    assert amount(flows, source="works", target="works", material="ash", kind="internal") == pytest.approx(4.0)


# --- closure of a line --------------------------------------------------------------------------------------------


def test_emissions_follow_the_inputs_that_were_used() -> None:
    # 13 limestone − 5 slag × ratio 1.3 = 6.5 t of limestone bought: CO2 0.44 × 6.5; slag brings none. Coal 2 × 1.99.
    emits_per = {"limestone": {"co2": 0.44}, "coal": {"co2": 1.99, "so2": 0.01}}
    kiln = technology("burn", "clinker", {"limestone": 1.3, "coal": 0.2}, takes={"air": 0.4}, emits_per=emits_per,
                      accepts=(accept("slag", "limestone", ratio=1.3),))  # fmt: skip
    blast = technology("blast", "iron", {"ore": 1.0}, releases={"slag": 1.0})
    what = park(kiln, blast, firm("furnace", "blast", 5.0), firm("kiln", "burn", 10.0), market(), landfill(),
                link("furnace", "kiln", "slag"))  # fmt: skip
    results = run(what, days=1)
    assert amount(results.flows, source="kiln", material="co2", kind="emission") == pytest.approx(0.44 * 6.5 + 1.99 * 2)
    assert amount(results.flows, source="kiln", material="so2") == pytest.approx(0.02)
    assert amount(results.flows, target="kiln", material="air", kind="taken") == pytest.approx(4.0)
    # In: 6.5 + 5 + 2 + 4 air = 17.5; out: 10 clinker + 6.84 CO2 + 0.02 SO2; the gap leaves.
    gap = 17.5 - 10 - (0.44 * 6.5 + 1.99 * 2) - 0.02
    assert amount(results.flows, source="kiln", kind="unaccounted") == pytest.approx(gap)


def test_energy_is_no_part_of_the_gap() -> None:
    chp = technology("chp", "power", {"coal": 1.0}, releases={"steam": 8.0}, takes={"heat": 3.0})
    what = park(chp, steam(), material("heat", "energy", unit="GJ"), firm("a", "chp", 1.0), market())
    flows = run(what, days=1).flows
    assert amount(flows, kind="unaccounted") == 0.0  # 1 t of coal in, 1 t of "power" out
    assert rows(flows, kind="taken")["unit"].tolist() == ["GJ"]


# --- substances ---------------------------------------------------------------------------------------------------

ORE = material("ore", "raw", composition={"Fe": 0.6})
SLAG = material("slag", "solid_waste", composition={"Fe": 0.02})


def test_substances_are_counted_in_and_out_with_the_remainder_shown() -> None:
    # 10 t of ore with 60 % Fe in; 5 t of iron with 95 % and 3 t of slag with 2 % out: 6 − 4.75 − 0.06 = 1.19 remain.
    blast = technology("blast", "iron", {"ore": 2.0}, releases={"slag": 0.6})
    iron = material("iron", "product", composition={"Fe": 0.95})
    what = park(blast, ORE, iron, SLAG, firm("works", "blast", 5.0), market(), landfill())
    row = run(what, days=1).substances.iloc[0]
    assert (row["node"], row["substance"]) == ("works", "Fe")
    assert (row["in_t"], row["out_t"], row["stock_change_t"], row["remainder_t"]) == pytest.approx(
        (6.0, 4.81, 0.0, 1.19)
    )


def test_a_product_of_undeclared_composition_takes_what_is_left_along() -> None:
    # As above without a declared composition of iron: 5.94 t of Fe leave with it and nothing remains.
    blast = technology("blast", "iron", {"ore": 2.0}, releases={"slag": 0.6})
    what = park(blast, ORE, SLAG, firm("works", "blast", 5.0), market(), landfill())
    row = run(what, days=1).substances.iloc[0]
    assert (row["in_t"], row["out_t"], row["remainder_t"]) == pytest.approx((6.0, 6.0, 0.0), abs=1e-12)


def test_a_product_of_a_changing_feed_contains_what_the_feed_brought() -> None:
    # 20 t of clay with 1 % S, of which ash with 5 % replaces 4 t: 0.16 + 0.2 = 0.36 t of S a day leave with clinker.
    burn = technology("burn", "clinker", {"clay": 2.0}, accepts=(accept("ash", "clay"),))
    chp = technology("chp", "power", {"coal": 1.0}, releases={"ash": 1.0})
    sulphur = {"clay": 0.01, "coal": 0.05, "ash": 0.05}
    classes = {"clay": "raw", "coal": "raw", "ash": "solid_waste"}
    materials = [material(m, classes[m], composition={"S": s}) for m, s in sulphur.items()]
    firms = firm("kiln", "burn", 10.0), firm("station", "chp", 4.0)
    what = park(burn, chp, *materials, *firms, market(), landfill(), link("station", "kiln", "ash"))
    kiln = rows(run(what, days=2).substances, node="kiln", time="2017-01-02").iloc[0]
    assert (kiln["in_t"], kiln["out_t"], kiln["remainder_t"]) == pytest.approx((0.36, 0.36, 0.0), abs=1e-12)


def test_without_compositions_there_are_no_substances() -> None:
    assert run(town_park(), days=1).substances.empty


# --- recording intervals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "first", "count"), [("step", "2017-01-15", 400), ("month", "2017-01-15", 14), ("year", "2017-01-15", 2)]
)
def test_intervals_start_with_the_run_and_then_with_the_calendar(record: str, first: str, count: int) -> None:
    results = run(town_park(), days=400, start=date(2017, 1, 15), record=record)
    times = sorted(set(results.flows["time"]))
    assert (times[0], len(times)) == (first, count)
    assert times[1] == {"step": "2017-01-16", "month": "2017-02-01", "year": "2018-01-01"}[record]
    assert max(results.stocks["time"]) == "2018-02-19"  # the day after the last
    assert amount(results.activity, "output", line="chp") == pytest.approx(400 * 20.0)


def test_intervals_add_up_to_the_same_totals() -> None:
    totals = [
        run(town_park(), days=100, record=record)
        .flows.groupby(["source", "target", "material", "kind"])["dry_amount"]
        .sum()
        for record in ("step", "month", "year")
    ]
    for other in totals[1:]:
        pd.testing.assert_series_equal(totals[0], other, rtol=1e-9)


def test_a_step_of_six_hours_is_labelled_with_its_hour() -> None:
    results = run(town_park(), days=1, step=0.25)
    assert sorted(set(results.flows["time"])) == [f"2017-01-01T{h:02d}:00" for h in (0, 6, 12, 18)]
    assert max(results.stocks["time"]) == "2017-01-02T00:00"
    assert amount(results.flows, target="works", material="ash") == pytest.approx(4.0)


def test_a_run_in_weeks_leaves_out_a_last_week_that_is_not_whole() -> None:
    results = run(town_park(), days=17, step=7.0)
    assert results.days == 14
    assert sorted(set(results.flows["time"])) == ["2017-01-01", "2017-01-08"]
    assert amount(results.flows, target="works", material="ash") == pytest.approx(14 * 4.0)


def test_a_step_longer_than_the_run_is_one_step() -> None:
    results = run(town_park(), days=3, step=7.0, record="month")
    assert (results.days, sorted(set(results.stocks["time"]))) == (7, ["2017-01-01", "2017-01-08"])


def test_a_run_shorter_than_a_month_is_one_interval() -> None:
    results = run(town_park(), days=2, record="month")
    assert sorted(set(results.flows["time"])) == ["2017-01-01"]
    assert max(results.stocks["time"]) == "2017-01-03"


def test_a_step_of_five_hours_ends_within_the_day() -> None:
    # Four steps of five hours fit into one day; the run ends at 20:00, on the day it began.
    results = run(town_park(), days=1, step=5 / 24, record="month")
    assert results.days == pytest.approx(20 / 24)
    assert len(set(results.stocks["time"])) == 2
    assert rows(results.links, link="station-works-ash")["realised_per_yr"].iloc[0] == pytest.approx(4 * DAYS_PER_YEAR)


def test_a_lead_longer_than_the_run_is_on_the_way_at_the_start() -> None:
    what = town_park()
    slow = [k.replace(lead_time=30.0) if k.material == "ash" else k for k in what.links]
    results = run(what.replace(links=tuple(slow)), days=3)
    assert amount(results.conversion, "used", firm="works", material="ash") == pytest.approx(12.0)
    assert rows(results.stocks, node="station-works-ash")["dry_amount"].tolist() == pytest.approx([120.0] * 4)


# --- small and odd parks ------------------------------------------------------------------------------------------


def test_an_empty_park_gives_empty_tables() -> None:
    results = run(park(), days=2)
    assert all(table.empty for table in results.tables().values())


def test_a_firm_without_lines_does_nothing() -> None:
    results = run(park(firm("idle"), market()), days=2)
    assert results.flows.empty
    assert results.activity.empty


def test_a_line_without_capacity_does_nothing() -> None:
    what = park(CHP, steam(), firm("station", "chp", 0.0), market())
    assert run(what, days=2).flows.empty


def test_a_park_without_market_or_links_stands_still() -> None:
    what = park(CHP, steam(), firm("station", "chp", 5.0))
    results = run(what, days=2)
    assert results.flows.empty
    assert results.activity["output"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    "ends", [("market", "station"), ("station", "market"), ("station", "landfill"), ("town", "station")]
)
def test_links_that_cannot_carry_carry_nothing(ends: tuple[str, str]) -> None:
    what = park(
        CHP,
        steam(),
        firm("station", "chp", 5.0),
        market(),
        landfill(),
        town("town", {"steam": 1.0}),
        link(*ends, "ash"),
    )
    assert run(what, days=2).links["realised_per_yr"].tolist() == [0.0]


def test_what_was_promised_and_not_kept_is_a_disturbance() -> None:
    burn = technology("burn", "power", {"coal": 1.0}, releases={"ash": 1.0})
    stop = {"firm": "a", "from": "2017-01-02", "lasts": 1}
    what = park(
        burn, firm("a", "burn", 9.0), user("u", {"ash": 9.0}), market(), landfill(), link("a", "u", "ash", planned=9.0)
    )
    found = run(what, days=4, disruptions=(stop,)).links.iloc[0]
    assert found["realised_per_yr"] == pytest.approx(9.0 * 365 * 3 / 4)
    assert found["limited_by"] == "disturbance"


def test_two_runs_are_identical_to_the_last_bit() -> None:
    first, second = (simulate(scenario(town_park(), days=40, record="month")) for _ in range(2))
    for name, table in first.tables().items():
        pd.testing.assert_frame_equal(table, second.tables()[name], check_exact=True)


def test_progress_is_told_in_shares() -> None:
    told: list[float] = []
    simulate(scenario(town_park(), days=300), progress=told.append)
    assert told[0] == 0.0
    assert told == sorted(told)
    assert told[-1] <= 1.0
