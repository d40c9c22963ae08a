"""Plans of small parks whose optimum is known by hand (semantics §7). Rates are per year of 365 days."""

from typing import Any

import pytest
from building import (
    accept,
    firm,
    landfill,
    limit,
    line,
    link,
    market,
    material,
    park,
    scenario,
    source,
    steam,
    technology,
    town,
    treatment,
    user,
)

from mfa.errors import UsageError
from mfa.optimization import suggest
from mfa.park.park import Park
from mfa.park.plan import Plan
from mfa.step.steady_state import steady_state

CHP = technology("chp", "power", {"coal": 1.0}, releases={"ash": 1.0})
BRICKS = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay"),))
STATION = firm("station", "chp", 10.0, at=(0.0, 0.0))
OPEN = {"generate": True}


def plan(what: Park, solver: str = "auto", **fields: Any) -> Plan:
    """Return the optimal plan of a scenario with this park."""
    found = suggest(scenario(what, days=365, **fields), solver=solver)
    assert found.status == "optimal", found.message
    return found


def flows(found: Plan) -> dict[str, float]:
    """Return link → planned flow a day."""
    return {planned.link.id: planned.flow for planned in found.planned_links}


def activity(found: Plan, of: str) -> float:
    return next(planned.activity for planned in found.planned_lines if planned.firm == of)


def works(key: str, capacity: float, at: tuple[float, float] = (0.0, 1.0)) -> Any:
    return firm(key, "bricks", capacity, at=at)


# --- supply, need, ratio, share, limits ---------------------------------------------------------------------------


@pytest.mark.parametrize(("capacity", "used"), [(4.0, 4.0), (10.0, 10.0), (25.0, 10.0)])
def test_supply_or_need_bounds_the_use(capacity: float, used: float) -> None:
    found = plan(park(CHP, BRICKS, STATION, works("works", capacity), market(), landfill()))
    assert found.objective == pytest.approx(used * 365)
    assert found.objectives == {"waste_utilisation": found.objective}
    assert found.units == {"waste_utilisation": "t/yr"}
    assert found.utilisation == pytest.approx(used / 10)
    assert flows(found) == pytest.approx({"station-works-ash": used})


def test_ratio_and_share_cap_bound_the_use() -> None:
    # Need 8 of clay; up to 60 % of it at ratio 1.5: 8 × 0.6 ÷ 1.5 = 3.2.
    bricks = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay", ratio=1.5, up_to=0.6),))
    assert flows(plan(park(CHP, bricks, STATION, works("works", 8.0), market(), landfill()))) == pytest.approx(
        {"station-works-ash": 3.2}
    )


def test_substitutes_share_one_need_and_the_counted_one_is_preferred() -> None:
    # Need 6: ash (solid waste) is counted, dust (a by-product) is not.
    maker = technology("maker", "stone", {"rock": 1.0}, releases={"dust": 1.0})
    bricks = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay"), accept("dust", "clay")))
    what = park(
        CHP,
        maker,
        bricks,
        material("dust", "by_product"),
        STATION,
        firm("quarry", "maker", 9.0),
        works("works", 6.0),
        market(),
        landfill(),
    )
    assert flows(plan(what)) == pytest.approx({"station-works-ash": 6.0})


def test_a_limit_bounds_the_use() -> None:
    # SO3: 0.01·(10 − u) + 0.05 u ≤ 0.03 × 10 → u ≤ 5.
    bricks = BRICKS.replace(limits=(limit("SO3", max=0.03),))
    contents = [
        material("ash", "solid_waste", composition={"SO3": 0.05}),
        material("clay", "raw", composition={"SO3": 0.01}),
    ]
    found = plan(park(CHP, bricks, *contents, STATION, works("works", 10.0), market(), landfill()))
    assert flows(found) == pytest.approx({"station-works-ash": 5.0})
    assert "limit at works: SO3 ≤ 3 % of the product" in found.planned_links[0].limited_by


def test_a_pure_waste_makes_room_for_a_dirty_one() -> None:
    # Chalk (0 % SO3) dilutes: 0.05 u + 0 c + 0.01·(10 − u − c) ≤ 0.03 × 10 with u ≤ 10, c ≤ 2:
    # 0.04 u − 0.01 c ≤ 0.2; with c = 2: u ≤ 5.5. Both count: 7.5.
    maker = technology("maker", "stone", {"rock": 1.0}, releases={"chalk": 1.0})
    bricks = technology(
        "bricks",
        "brick",
        {"clay": 1.0},
        accepts=(accept("ash", "clay"), accept("chalk", "clay")),
        limits=(limit("SO3", max=0.03),),
    )
    shares = {"ash": ("solid_waste", 0.05), "chalk": ("solid_waste", 0.0), "clay": ("raw", 0.01)}
    contents = [material(m, c, composition={"SO3": s}) for m, (c, s) in shares.items()]
    what = park(
        CHP, maker, bricks, *contents, STATION, firm("quarry", "maker", 2.0), works("works", 10.0), market(), landfill()
    )
    assert plan(what).objective == pytest.approx(7.5 * 365)


def test_own_use_needs_no_link_and_counts() -> None:
    both = firm("both", lines=(line("chp", "chp", 10.0), line("bricks", "bricks", 6.0)))
    found = plan(park(CHP, BRICKS, both, market(), landfill()))
    assert (found.objective, flows(found)) == (pytest.approx(6 * 365.0), {})


def test_own_waste_is_used_at_home_before_it_travels() -> None:
    # Two stations of 10 with brick works of 10 each: every tonne is used at home and no link is needed.
    twins = [
        firm(k, lines=(line("chp", "chp", 10.0), line("bricks", "bricks", 10.0)), at=(0, n)) for n, k in enumerate("ab")
    ]
    found = plan(park(CHP, BRICKS, *twins, market(), landfill()))
    assert found.utilisation == pytest.approx(1.0)
    assert flows(found) == {}


def test_hazardous_waste_and_by_products_do_not_count() -> None:
    for class_ in ("hazardous_waste", "by_product"):
        found = plan(park(CHP, BRICKS, material("ash", class_), STATION, works("works", 4.0), market()))
        assert (found.objective, found.utilisation) == (0.0, None)


# --- users, towns, sources ----------------------------------------------------------------------------------------


def test_a_user_gets_no_more_than_it_asks() -> None:
    found = plan(park(CHP, STATION, user("road", {"ash": 3.0}), market(), landfill()))
    assert flows(found) == pytest.approx({"station-road-ash": 3.0})


def test_what_a_user_gets_today_it_gets_in_the_plan() -> None:
    # The road gets 4 today. Bricks would count as much, but the road keeps its 4; 6 are left for the works.
    what = park(
        CHP,
        BRICKS,
        STATION,
        user("road", {"ash": 4.0}),
        works("works", 10.0),
        market(),
        landfill(),
        link("station", "road", "ash"),
    )
    assert flows(plan(what)) == pytest.approx({"station-road-ash": 4.0, "station-works-ash": 6.0})


def test_a_town_keeps_its_steam() -> None:
    chp = technology("chp", "power", {"coal": 1.0}, releases={"steam": 1.0})
    dryer = technology("dryer", "flour", {"grain": 1.0, "steam": 1.0}, releases={"husk": 1.0})
    burner = technology("burner", "char", {"wood": 1.0}, accepts=(accept("husk", "wood"),))
    what = park(
        chp,
        dryer,
        burner,
        steam(),
        STATION,
        town("town", {"steam": 6.0}),
        firm("mill", "dryer", 9.0),
        firm("oven", "burner", 50.0),
        market(),
        landfill(),
        link("station", "town", "steam"),
    )
    found = plan(what)
    assert flows(found)["station-town-steam"] == pytest.approx(6.0)
    assert activity(found, "mill") == pytest.approx(4.0)


def test_imported_waste_is_not_counted() -> None:
    # The works uses 6 t from a heap outside today; that adds nothing. In the plan ash of the park takes its place.
    what = park(
        CHP,
        BRICKS,
        STATION,
        works("works", 6.0),
        source("heap", "ash"),
        market(),
        landfill(),
        link("heap", "works", "ash"),
    )
    found = plan(what)
    assert found.objective == pytest.approx(6 * 365.0)
    assert flows(found) == pytest.approx({"station-works-ash": 6.0})


def test_a_source_gives_what_it_has() -> None:
    mill = technology("mill", "salt", {"brine": 1.0}, releases={"sludge": 1.0})
    bricks = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("sludge", "clay"),))
    what = park(
        mill,
        bricks,
        firm("pans", "mill", 9.0),
        works("works", 50.0),
        source("lake", "brine", supplies={"brine": 5.0}),
        market(sells=("clay",)),
        landfill(),
        link("lake", "pans", "brine"),
    )
    assert plan(what).objective == pytest.approx(5 * 365.0)


# --- activity, treatments -----------------------------------------------------------------------------------------


def test_a_line_that_nobody_supplies_is_started_where_it_helps() -> None:
    # A slag mill stands idle; its product replaces clinker at a mill that the market supplies. 10 slag ÷ 1.25 = 8.
    blast = technology("blast", "iron", {"ore": 1.0}, releases={"slag": 1.0})
    grind = technology("grind", "ggbs", {"slag": 1.25})
    blend = technology("blend", "cement", {"clinker": 1.0}, accepts=(accept("ggbs", "clinker", up_to=0.4),))
    what = park(
        blast,
        grind,
        blend,
        firm("furnace", "blast", 10.0),
        firm("slagmill", "grind", 20.0),
        firm("mill", "blend", 50.0),
        market(sells=("ore", "clinker")),
        landfill(),
    )
    found = plan(what)
    assert activity(found, "slagmill") == pytest.approx(8.0)
    assert found.objective == pytest.approx(10 * 365.0)
    # The slag is used when the slag mill takes it; that its product goes on to the mill takes another objective.
    assert flows(found) == pytest.approx({"furnace-slagmill-slag": 10.0})
    found = plan(what, objectives=("waste_utilisation", "virgin_material_saved"))
    assert flows(found) == pytest.approx({"furnace-slagmill-slag": 10.0, "slagmill-mill-ggbs": 8.0})


def test_a_line_that_markets_supply_runs_at_its_target() -> None:
    found = plan(park(CHP, BRICKS, STATION, works("works", 8.0), market(), landfill(), firm("bystander")))
    assert activity(found, "works") == 8.0


WASH = treatment("wash", "clean", {"ash": 1.25}, releases={"sludge": 0.25}, at="sender")
TILES = technology("tiles", "tile", {"clay": 1.0}, accepts=(accept("clean", "clay"),))


def washing(capacity: float = 50.0, **fields: Any) -> Park:
    return park(
        CHP,
        WASH.replace(**fields),
        TILES,
        material("clean", "solid_waste"),
        STATION,
        firm("tilery", "tiles", capacity, at=(0.0, 3.0)),
        market(),
        landfill(),
    )


def test_a_treatment_is_built_and_origin_tonnes_count() -> None:
    # 10 t of ash → 8 t clean + 2 t sludge; clean carries 1.25 ÷ 1.25 = 1 origin tonne: 8 used, 2 disposed of.
    found = plan(washing(), candidates={"treatments": ("wash",)})
    assert found.objective == pytest.approx(8 * 365.0)
    assert found.utilisation == pytest.approx(0.8)
    assert flows(found) == pytest.approx({"station-tilery-clean": 8.0})
    assert [(p.firm, p.line, p.new) for p in found.planned_lines if p.new] == [("station", "wash", True)]


def test_a_treatment_keeps_to_its_capacity_and_to_what_is_taken() -> None:
    offered = {"treatments": ("wash",)}
    assert plan(washing(capacity=3.0), candidates=offered).objective == pytest.approx(3 * 365.0)
    assert plan(
        washing().replace(technologies={**washing().technologies, "wash": WASH.replace(capacity=5.0)}),
        candidates=offered,
    ).objective == pytest.approx(5 * 365.0)


def test_a_treatment_that_gains_nothing_is_not_built() -> None:
    what = park(CHP, WASH, STATION, market(), landfill())
    found = plan(what, candidates={"treatments": ("wash",)})
    assert [p for p in found.planned_lines if p.new] == []
    assert found.capital == 0.0


def test_a_treatment_that_markets_could_feed_need_not_be_built() -> None:
    # Its only input is sold, so nothing but the plan decides whether it is built; it helps nobody and costs 9 a t.
    mix = treatment("mix", "paste", {"clay": 1.0}, at="works", capacity=5.0, opex=9.0)
    what = park(CHP, BRICKS, mix, STATION, works("works", 4.0), market(), landfill())
    found = plan(what, candidates={"treatments": ("mix",)})
    assert [p for p in found.planned_lines if p.new] == []


# --- opening, budget, payback, numbers, distance ------------------------------------------------------------------


def test_a_link_carries_at_most_its_bound_and_at_least_its_least_flow() -> None:
    what = park(CHP, BRICKS, STATION, works("works", 8.0), market(), landfill())
    assert plan(what, candidates={"defaults": {"at_most": 5.0}}).objective == pytest.approx(5 * 365.0)
    assert plan(what, candidates={"defaults": {"at_least": 8.0}}).objective == pytest.approx(8 * 365.0)
    found = plan(what, candidates={"defaults": {"at_least": 8.5}})
    assert (found.objective, flows(found)) == (0.0, {})


def test_losses_count_at_the_source() -> None:
    # 20 % is lost on the way: 10 t at the station are 8 t at the works.
    what = park(CHP, BRICKS, STATION, works("works", 50.0), market(), landfill())
    assert plan(what, candidates={"defaults": {"loss": 0.2}}).objective == pytest.approx(8 * 365.0)


def choice() -> Park:
    """Return a station with 10 t of ash and works that take 6, 3 and 2 t."""
    far = [works("a", 6.0, at=(9, 0)), works("b", 3.0, at=(0, 1)), works("c", 2.0, at=(0, 2))]
    return park(CHP, BRICKS, STATION, *far, market(), landfill())


@pytest.mark.parametrize(("budget", "used"), [(0.0, 0.0), (99.0, 0.0), (100.0, 6.0), (200.0, 9.0), (300.0, 10.0)])
def test_the_budget_buys_the_best_links(budget: float, used: float) -> None:
    found = plan(choice(), candidates={"defaults": {"set_up": 100.0}}, subject_to={"budget": budget})
    assert found.objective == pytest.approx(used * 365)
    assert found.capital <= budget


def test_the_budget_pays_for_plants_by_what_they_make() -> None:
    # 8 t a day would cost 50 × 8 = 400 and 100 for the link; 300 leave 200 for the plant: 4 t a day.
    offered = {"treatments": ("wash",), "defaults": {"set_up": 100.0}}
    found = plan(washing(capex=50.0), candidates=offered, subject_to={"budget": 300.0})
    assert found.objective == pytest.approx(4 * 365.0)
    assert found.capital == pytest.approx(300.0)


def test_a_plant_with_a_fixed_cost_is_built_whole_or_not_at_all() -> None:
    offered = {"treatments": ("wash",)}
    assert plan(washing(set_up=250.0), candidates=offered, subject_to={"budget": 249.0}).objective == 0.0
    assert plan(washing(set_up=250.0), candidates=offered, subject_to={"budget": 250.0}).objective == pytest.approx(
        8 * 365.0
    )


@pytest.mark.parametrize(("count", "used"), [(0, 0.0), (1, 6.0), (2, 9.0), (3, 10.0)])
def test_the_number_of_new_links_is_bounded(count: int, used: float) -> None:
    assert plan(choice(), subject_to={"links": count}).objective == pytest.approx(used * 365)
    assert plan(choice(), subject_to={"links_per_firm": count}).objective == pytest.approx(used * 365)


def test_users_have_no_bound_on_links_but_the_firm_has() -> None:
    what = park(CHP, STATION, firm("other", "chp", 2.0), user("road", {"ash": 50.0}), market(), landfill())
    assert plan(what, subject_to={"links_per_firm": 1}).objective == pytest.approx(12 * 365.0)


def test_existing_links_do_not_count_as_new() -> None:
    old = choice().replace(links=(link("station", "a", "ash"),))
    assert plan(old, subject_to={"links_per_firm": 1}).objective == pytest.approx(9 * 365.0)


def test_no_new_link_is_longer_than_allowed() -> None:
    found = plan(choice(), subject_to={"within": 5.0})
    assert found.objective == pytest.approx(5 * 365.0)
    assert {(r.target, r.code) for r in found.refusals} == {("a", "distance")}


def test_payback_bounds_the_capital_by_the_yearly_gain() -> None:
    # 4 t of clay at 2 CNY saved a day = 2,920 CNY a year; annuity of 10,000 over 20 years at 0 % = 500: 2,420 net.
    # Payback of 4 years allows 9,680 < 10,000: no link. Of 5 years 12,100: the link.
    what = park(CHP, BRICKS, material("clay", "raw", price=2.0), STATION, works("works", 4.0), market(), landfill())
    wanted = {"candidates": {"defaults": {"set_up": 10_000.0}}, "finance": {"rate": 0.0, "life": 20 * 365.0}}
    assert plan(what, subject_to={"payback": 4 * 365.0}, **wanted).objective == 0.0
    assert plan(what, subject_to={"payback": 5 * 365.0}, **wanted).objective == pytest.approx(4 * 365.0)


# --- disposal -----------------------------------------------------------------------------------------------------


def test_waste_with_nowhere_to_go_is_unplaced() -> None:
    assert plan(park(CHP, STATION, market())).unplaced == pytest.approx(10.0)
    assert plan(park(CHP, STATION, market(), landfill())).unplaced == 0.0
    # 730 t of room over 365 days are 2 t a day.
    assert plan(park(CHP, STATION, market(), landfill(room=730.0))).unplaced == pytest.approx(8.0)


def test_unplaced_waste_is_minimised_after_the_objectives() -> None:
    # Both works count the same; only b keeps ash for which there is no room: mud may be disposed of, ash may not.
    maker = technology("maker", "stone", {"rock": 1.0}, releases={"mud": 1.0})
    both = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay"), accept("mud", "clay")))
    what = park(
        CHP,
        maker,
        both,
        STATION,
        firm("quarry", "maker", 10.0),
        works("works", 10.0),
        market(),
        landfill(accepts=("mud",)),
    )
    found = plan(what)
    assert found.unplaced == 0.0
    assert flows(found) == pytest.approx({"station-works-ash": 10.0})


# --- objectives ---------------------------------------------------------------------------------------------------


def test_net_diversion_minimises_what_is_disposed_of() -> None:
    found = plan(choice(), objectives=("net_diversion",))
    assert found.objective == pytest.approx(0.0, abs=1e-6)
    assert plan(choice(), objectives=("net_diversion",), subject_to={"links": 1}).objective == pytest.approx(4 * 365.0)


def test_fewest_links_after_the_use() -> None:
    # 10 t: a (6) with b (3) and c (2), all three are needed; for 8 t (6 + 2 or 6 + 3) two are enough.
    found = plan(choice(), objectives=("waste_utilisation", "fewest_links"))
    assert found.objectives == pytest.approx({"waste_utilisation": 3650.0, "fewest_links": 3.0})
    small = choice().replace(firms={**choice().firms, "station": firm("station", "chp", 8.0, at=(0, 0))})
    found = plan(small, objectives=("waste_utilisation", "fewest_links"))
    assert found.objectives == pytest.approx({"waste_utilisation": 8 * 365.0, "fewest_links": 2.0})


def test_the_order_of_objectives_decides() -> None:
    found = plan(choice(), objectives=("fewest_links", "waste_utilisation"))
    assert found.objectives == pytest.approx({"fewest_links": 0.0, "waste_utilisation": 0.0})
    assert found.objective == 0.0


def test_virgin_material_saved_counts_what_is_replaced() -> None:
    # Clay may be replaced at ratio 2 (4 t of need), sand at ratio 1 (10 t). 3 t of ash: 2 for 4 of clay, 1 for sand.
    both = technology(
        "bricks", "brick", {"clay": 1.0, "sand": 2.5}, accepts=(accept("ash", "clay", ratio=2.0), accept("ash", "sand"))
    )
    what = park(CHP, both, firm("station", "chp", 3.0), works("works", 4.0), market(), landfill())
    assert plan(what, objectives=("virgin_material_saved",)).objective == pytest.approx(5 * 365.0)


def test_co2_avoided_counts_what_is_no_longer_burnt_less_what_the_substitute_emits() -> None:
    # 4 t of clay at 0.5 t of CO2 a tonne; ash brings 0.1: (1 × 0.5 − 0.1) × 4 = 1.6 a day.
    bricks = BRICKS.replace(emits_per={"clay": {"co2": 0.5}, "ash": {"co2": 0.1}})
    what = park(CHP, bricks, STATION, works("works", 4.0), market(), landfill())
    assert plan(what, objectives=("co2_avoided",)).objective == pytest.approx(1.6 * 365)


def test_net_benefit_counts_purchases_fees_transport_and_the_annuity() -> None:
    # 4 t a day: clay saved 4 × 20 = 80, landfill saved 4 × 18 ÷ 0.8 = 90 (moist), transport 4 ÷ 0.8 × 0.6 × 5 km = 15;
    # 155 × 365 a year less the annuity of 10,000 over 10 years at 0 %: 56,575 − 1,000.
    ash = material("ash", "solid_waste", moisture=0.2)
    what = park(
        CHP,
        BRICKS,
        ash,
        material("clay", "raw", price=20.0),
        STATION,
        works("works", 4.0, at=(3, 4)),
        market(),
        landfill(gate_fee=18.0),
    )
    defaults = {"set_up": 10_000.0, "transport": {"per_t_km": 0.6}}
    found = plan(
        what, objectives=("net_benefit",), candidates={"defaults": defaults}, finance={"rate": 0.0, "life": 3650.0}
    )
    assert found.objective == pytest.approx(155 * 365 - 1000)
    assert found.capital == 10_000.0


def test_a_link_that_costs_more_than_it_saves_is_not_built_for_benefit() -> None:
    what = park(
        CHP, BRICKS, material("clay", "raw", price=1.0), STATION, works("works", 4.0, at=(3, 4)), market(), landfill()
    )
    dear = {"defaults": {"transport": {"per_t_km": 0.6}}}
    assert flows(plan(what, objectives=("net_benefit",), candidates=dear)) == {}
    assert plan(what, objectives=("waste_utilisation", "net_benefit"), candidates=dear).objectives == pytest.approx(
        {"waste_utilisation": 1460.0, "net_benefit": 4 * (1 - 3) * 365.0}
    )


def test_levies_of_the_plan_year_count_in_the_benefit() -> None:
    what = park(CHP, BRICKS, STATION, works("works", 4.0), market(), landfill())
    levy = {"kind": "levy", "on": ["ash"], "when": "disposed", "rate": {2016: 1.0, 2018: 25.0}}
    wanted = {"objectives": ("net_benefit",), "policies": (levy,)}
    assert plan(what, **wanted).objective == pytest.approx(4 * 1 * 365.0)
    assert plan(what, plan_year=2018, **wanted).objective == pytest.approx(4 * 25 * 365.0)


def test_payments_between_firms_cancel_and_those_of_users_count() -> None:
    what = park(CHP, BRICKS, STATION, works("works", 4.0), market(), landfill())
    priced = {"defaults": {"price": 30.0}}
    assert plan(what, objectives=("waste_utilisation", "net_benefit"), candidates=priced).objectives[
        "net_benefit"
    ] == pytest.approx(0.0)
    what = park(CHP, STATION, user("road", {"ash": 3.0}), market(), landfill())
    assert plan(what, objectives=("net_benefit",), candidates=priced).objective == pytest.approx(3 * 30 * 365.0)


def test_an_unknown_objective_is_named_with_the_known_ones() -> None:
    with pytest.raises(
        UsageError, match="there is no objective happiness; known are co2_avoided, fewest_links, net_benefit"
    ):
        suggest(scenario(choice(), objectives=("happiness",)))


# --- ties, today, odd parks ---------------------------------------------------------------------------------------


def test_of_equal_plans_the_one_with_existing_links_is_taken() -> None:
    # a and b take 10 t each; a is linked today, b is nearer: the old link carries all.
    what = park(
        CHP,
        BRICKS,
        STATION,
        works("a", 10.0, at=(9, 9)),
        works("b", 10.0, at=(0, 1)),
        market(),
        landfill(),
        link("station", "a", "ash"),
    )
    assert flows(plan(what)) == pytest.approx({"station-a-ash": 10.0})


def test_of_equal_new_links_the_shorter_haul_is_taken() -> None:
    what = park(CHP, BRICKS, STATION, works("a", 10.0, at=(9, 9)), works("b", 10.0, at=(0, 1)), market(), landfill())
    assert flows(plan(what)) == pytest.approx({"station-b-ash": 10.0})


def test_today_is_never_undercut() -> None:
    # The old link to a serves 6 t; with one new link (b: 3 t or c: 2 t) it is 9, never less than 6.
    old = choice().replace(links=(link("station", "a", "ash", at_most=6.0),))
    today = steady_state(old).flow["station-a-ash"]
    assert today == pytest.approx(6.0)
    assert plan(old, subject_to={"links": 0}).objective == pytest.approx(6 * 365.0)


def test_a_line_that_runs_today_is_not_starved_for_the_objective() -> None:
    # The mill needs slag (nobody sells it) and its cement is no waste use; bricks count, but the mill keeps its 4 t…
    # both count as production use, so nothing is gained by starving it; the user's and the mill's share stay.
    blast = technology("blast", "iron", {"ore": 1.0}, releases={"slag": 1.0})
    grind = technology("grind", "ggbs", {"slag": 1.0})
    bricks = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("slag", "clay"),))
    what = park(
        blast,
        grind,
        bricks,
        firm("furnace", "blast", 6.0),
        firm("mill", "grind", 4.0),
        works("works", 9.0),
        market(sells=("ore", "clay")),
        landfill(),
        link("furnace", "mill", "slag"),
    )
    found = plan(what)
    assert activity(found, "mill") == pytest.approx(4.0)
    assert flows(found) == pytest.approx({"furnace-mill-slag": 4.0, "furnace-works-slag": 2.0})


@pytest.mark.parametrize(
    "what", [park(), park(market()), park(firm("idle")), park(CHP, firm("station", "chp", 0.0), market())]
)
def test_parks_with_nothing_to_plan_have_a_plan(what: Park) -> None:
    found = plan(what)
    assert (found.objective, found.utilisation, flows(found)) == (0.0, None, {})


def test_a_plan_for_a_park_that_follows_one_starts_afresh() -> None:
    # The first plan may open one link; the second, from the park with that plan, two more.
    first = scenario(choice(), days=365, subject_to={"links": 1})
    after = first.with_plan(suggest(first))
    found = suggest(after.replace(optimize=scenario(choice()).optimize))
    assert found.objective == pytest.approx(10 * 365.0)


@pytest.mark.parametrize("step", [0.25, 7.0])
def test_plans_do_not_depend_on_the_step(step: float) -> None:
    old = choice().replace(links=(link("station", "a", "ash", lead_time=3.0),))
    assert plan(old, step=step).objective == pytest.approx(10 * 365.0)


# --- proof, solvers, reasons --------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_both_solvers_prove_the_same_optimum(solver: str) -> None:
    found = plan(
        choice(),
        solver,
        candidates={"defaults": {"set_up": 100.0}},
        subject_to={"budget": 200.0},
        objectives=("waste_utilisation", "net_benefit"),
    )
    assert found.solver.startswith(solver)
    assert found.objectives == pytest.approx(
        {"waste_utilisation": 9 * 365.0, "net_benefit": found.objectives["net_benefit"]}
    )
    assert found.bound == pytest.approx(9 * 365.0)
    assert found.gap == pytest.approx(0.0, abs=1e-9)


def test_every_candidate_is_in_the_plan_or_has_a_reason() -> None:
    found = plan(choice(), candidates={"defaults": {"set_up": 100.0}}, subject_to={"budget": 200.0})
    assert set(flows(found)) == {"station-a-ash", "station-b-ash"}
    assert [(r.target, r.stage, r.code) for r in found.refusals] == [("c", "rejected", "budget")]


@pytest.mark.parametrize(
    ("what", "fields", "code"),
    [
        (choice(), {"subject_to": {"links": 2}}, "number_of_links"),
        (park(CHP, BRICKS, STATION, works("a", 20.0), works("c", 9.0, at=(9, 9)), market(), landfill()), {}, "supply"),
        (
            park(CHP, BRICKS, STATION, firm("d", "chp", 9.0, at=(9, 9)), works("c", 10.0), market(), landfill()),
            {},
            "need",
        ),
        (park(CHP, BRICKS, STATION, works("c", 0.0), market(), landfill()), {}, "idle"),
        (
            park(CHP, BRICKS, STATION, works("c", 4.0, at=(9, 9)), market(), landfill()),
            {"objectives": ("net_benefit",), "candidates": {"defaults": {"transport": {"per_t": 9.0}}}},
            "no_gain",
        ),
    ],
)
def test_a_rejected_candidate_has_its_code(what: Park, fields: dict[str, Any], code: str) -> None:
    assert [r.code for r in plan(what, **fields).refusals] == [code]


def test_a_plan_says_why_and_what_limits_it() -> None:
    found = plan(park(CHP, BRICKS, STATION, works("works", 4.0), market(), landfill())).planned_links[0]
    assert found.why == "replaces 1,460 t clay a year at works"
    assert found.limited_by == "need: works can take no more ash"
    found = plan(park(CHP, BRICKS, STATION, works("works", 14.0), market(), landfill())).planned_links[0]
    assert found.limited_by == "supply: all ash of station is used"


def test_the_benefit_and_the_carbon_of_a_link() -> None:
    # As in the test of net benefit: 155 CNY a day less 1,000 a year; 0.5 t of CO2 a tonne of clay.
    ash, bricks = material("ash", "solid_waste", moisture=0.2), BRICKS.replace(emits_per={"clay": {"co2": 0.5}})
    what = park(
        CHP,
        bricks,
        ash,
        material("clay", "raw", price=20.0),
        STATION,
        works("works", 4.0, at=(3, 4)),
        market(),
        landfill(gate_fee=18.0),
    )
    defaults = {"set_up": 10_000.0, "transport": {"per_t_km": 0.6}}
    found = plan(what, candidates={"defaults": defaults}, finance={"rate": 0.0, "life": 3650.0}).planned_links[0]
    assert (found.benefit, found.co2_avoided) == pytest.approx((155 * 365 - 1000, 2 * 365))


def test_the_tables_of_a_plan() -> None:
    found = plan(choice(), candidates={"defaults": {"set_up": 100.0}}, subject_to={"budget": 200.0})
    assert found.links["promised_per_yr"].tolist() == pytest.approx([6 * 365.0, 3 * 365.0])
    assert found.mix[["firm", "material", "replaces"]].values.tolist() == [["a", "ash", "clay"], ["b", "ash", "clay"]]
    assert found.rejected[["target", "code"]].values.tolist() == [["c", "budget"]]
