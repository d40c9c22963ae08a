"""What could be built, and every reason why not (semantics §7)."""

import pytest
from building import (
    accept,
    firm,
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

from mfa.optimization import candidates
from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.plan import Refusal
from mfa.park.technology import Limit

CHP = technology("chp", "power", {"coal": 1.0}, releases={"ash": 1.0})
BRICKS = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay"),))
STATION = firm("station", "chp", 10.0, at=(0.0, 0.0))
WORKS = firm("works", "bricks", 10.0, at=(3.0, 4.0))
WASH = treatment("wash", "clean", {"ash": 1.25}, releases={"sludge": 0.25})
TILES = technology("tiles", "tile", {"clay": 1.0}, accepts=(accept("clean", "clay"),))


def new_links(what: Park, **fields: object) -> list[Link]:
    return [k for k in candidates(scenario(what, **fields)).park.links if k.status == "candidate"]


def ids(what: Park, **fields: object) -> list[str]:
    return [k.id for k in new_links(what, **fields)]


def refused(what: Park, **fields: object) -> list[Refusal]:
    return list(candidates(scenario(what, **fields)).refusals)


def plants(what: Park, *treatments: str) -> list[tuple[str, str]]:
    offered = candidates(scenario(what, candidates={"treatments": treatments})).park
    return sorted((f, n) for f, one in offered.firms.items() for n, k in one.lines.items() if k.status == "candidate")


# --- candidate links ----------------------------------------------------------------------------------------------


def test_a_release_may_go_to_who_accepts_it() -> None:
    assert ids(park(CHP, BRICKS, STATION, WORKS, market())) == ["station-works-ash"]


def test_a_product_may_go_to_who_needs_what_no_market_sells() -> None:
    burn, grind = technology("burn", "clinker", {"lime": 1.0}), technology("grind", "cement", {"clinker": 1.0})
    kiln, mill = firm("kiln", "burn", 5.0), firm("mill", "grind", 5.0)
    assert ids(park(burn, grind, kiln, mill, market(sells=("raw",)), material("clinker", "product"))) == [
        "kiln-mill-clinker"
    ]
    sold = market(sells=("lime", "clinker"))
    assert ids(park(burn, grind, kiln, mill, sold)) == []


def test_users_and_towns_may_be_served() -> None:
    chp = technology("chp", "power", {"coal": 1.0}, releases={"ash": 1.0, "steam": 2.0})
    what = park(chp, steam(), STATION, market(), user("road", {"ash": 3.0}), town("town", {"steam": 3.0, "water": 1.0}))
    assert ids(what) == ["station-road-ash", "station-town-steam"]


def test_nobody_is_linked_to_itself_and_sources_are_no_makers() -> None:
    both = firm("both", lines=(line("chp", "chp", 5.0), line("bricks", "bricks", 5.0)))
    assert ids(park(CHP, BRICKS, both, market(), source("heap", "ash"))) == []


def test_beside_an_unlimited_link_there_is_no_candidate() -> None:
    assert ids(park(CHP, BRICKS, STATION, WORKS, market(), link("station", "works", "ash"))) == []


def test_beside_limited_links_there_is_one_with_a_number() -> None:
    belt = link("station", "works", "ash", at_most=3.0)
    truck = link("station", "works", "ash", id="station-works-ash-2", at_most=3.0)
    assert ids(park(CHP, BRICKS, STATION, WORKS, market(), belt)) == ["station-works-ash-2"]
    assert ids(park(CHP, BRICKS, STATION, WORKS, market(), belt, truck)) == ["station-works-ash-3"]
    free = link("station", "works", "ash", id="free")
    assert ids(park(CHP, BRICKS, STATION, WORKS, market(), belt, free)) == []


def test_a_candidate_of_the_file_stands_alone() -> None:
    mine = link("station", "works", "ash", id="mine", status="candidate", at_most=3.0)
    assert ids(park(CHP, BRICKS, STATION, WORKS, market(), mine)) == ["mine"]
    assert ids(park(CHP, BRICKS, STATION, WORKS, market(), mine), candidates={"generate": False}) == ["mine"]


def test_nothing_is_generated_where_the_scenario_says_so() -> None:
    offers = candidates(scenario(park(CHP, BRICKS, STATION, WORKS, market()), candidates={"generate": False}))
    assert (offers.park.links, offers.refusals) == ((), ())


def test_new_links_are_as_the_defaults_say() -> None:
    defaults = {"transport": {"per_t_km": 0.6}, "detour_factor": 1.3, "set_up": 300.0, "lead_time": 2.0, "at_most": 7.0,
                "at_least": 1.0, "lot": 30.0, "mode": "truck", "price": 4.0, "loss": 0.1}  # fmt: skip
    found = new_links(park(CHP, BRICKS, STATION, WORKS, market()), candidates={"defaults": defaults})[0]
    assert found.distance == pytest.approx(5.0 * 1.3)
    assert (found.set_up, found.lead_time, found.at_most, found.at_least, found.lot, found.mode, found.price,
            found.loss, found.transport.per_t_km) == (300.0, 2.0, 7.0, 1.0, 30.0, "truck", 4.0, 0.1, 0.6)  # fmt: skip


# --- refusals -----------------------------------------------------------------------------------------------------


def test_too_far_is_refused_with_both_distances() -> None:
    what = park(CHP, BRICKS, STATION, WORKS, market())
    wanted = {"within": 6.0, "defaults": {"detour_factor": 1.3}}
    assert ids(what, candidates=wanted) == []
    refusal = refused(what, candidates=wanted)[0]
    assert (refusal.source, refusal.target, refusal.material) == ("station", "works", "ash")
    assert (refusal.code, refusal.reason) == ("distance", "6.5 km away, at most 6 km allowed")
    assert ids(what, candidates=wanted | {"within": 6.5}) == ["station-works-ash"]


def refusing(bound: Limit, **contents: float) -> Park:
    bricks = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay"),), limits=(bound,))
    materials = [
        material(m, "solid_waste" if m == "ash" else "raw", composition={"Cl": c}) for m, c in contents.items()
    ]
    return park(CHP, bricks, *materials, STATION, WORKS, market())


def test_a_limit_of_the_material_refuses_at_once() -> None:
    refusal = refused(refusing(limit("Cl", "material", max=0.02), ash=0.05, clay=0.0))[0]
    assert (refusal.code, refusal.replaces) == ("limit", "clay")
    assert refusal.reason == "ash has 5 %, the limit is Cl ≤ 2 % of the material"
    assert refused(refusing(limit("Cl", "material", min=0.1), ash=0.05, clay=0.0))[0].code == "limit"
    assert refused(refusing(limit("Cl", "material", max=0.05), ash=0.05, clay=0.0)) == []


def test_a_limit_of_one_material_does_not_touch_another() -> None:
    bound = Limit(substance="Cl", max=0.02, of="material", material="slag")
    assert refused(refusing(bound, ash=0.05, clay=0.0)) == []


def test_a_limit_of_the_feed_refuses_nothing_that_can_be_checked() -> None:
    assert refused(refusing(limit("Cl", "feed", max=0.02), ash=0.5, clay=0.0)) == []


def test_what_cannot_be_checked_is_refused() -> None:
    refusal = refused(refusing(limit("Cl", "feed", max=0.02), clay=0.0))[0]
    assert (refusal.code, refusal.reason) == ("unknown", "cannot be checked: Cl of ash is unknown")
    refusal = refused(refusing(limit("Cl", "feed", max=0.02), ash=0.0))[0]
    assert (refusal.code, refusal.reason) == ("unknown", "cannot be checked: Cl of clay, a feed of bricks, is unknown")


def test_unknown_allow_offers_what_cannot_be_checked() -> None:
    what = refusing(limit("Cl", "feed", max=0.02), clay=0.0)
    assert ids(what, unknown="allow") == ["station-works-ash"]
    assert refused(what, unknown="allow") == []


def test_a_colder_heat_is_refused() -> None:
    chp = technology("chp", "power", {"coal": 1.0}, releases={"tepid": 1.0})
    bricks = technology("bricks", "brick", {"hot": 1.0}, accepts=(accept("tepid", "hot"),))
    heats = [material(m, "energy", unit="GJ", temperature_c=t) for m, t in (("hot", 180.0), ("tepid", 90.0))]
    refusal = refused(park(chp, bricks, *heats, STATION, WORKS, market(sells=("coal", "hot"))))[0]
    assert (refusal.code, refusal.reason) == ("temperature", "tepid at 90 °C cannot replace hot at 180 °C")


def test_one_line_that_may_take_it_is_enough() -> None:
    strict = technology(
        "strict", "tile", {"clay": 1.0}, accepts=(accept("ash", "clay"),), limits=(limit("Cl", max=0.1),)
    )
    works = firm("works", lines=(line("a", "strict", 5.0), line("b", "bricks", 5.0)))
    assert ids(park(CHP, BRICKS, strict, STATION, works, market())) == ["station-works-ash"]


# --- plants on offer ----------------------------------------------------------------------------------------------


def test_a_treatment_may_stand_with_the_sender() -> None:
    assert plants(park(CHP, BRICKS, WASH, TILES, STATION, WORKS, market()), "wash") == [("station", "wash")]


def test_a_treatment_may_stand_with_the_receiver() -> None:
    wash = WASH.replace(at="receiver")
    what = park(CHP, wash, TILES, STATION, firm("tilery", "tiles", 5.0), market())
    assert plants(what, "wash") == [("tilery", "wash")]
    assert set(ids(what, candidates={"treatments": ("wash",)})) == {"station-tilery-ash"}


def test_a_treatment_may_stand_with_a_named_firm() -> None:
    what = park(CHP, WASH.replace(at="yard"), TILES, STATION, firm("yard"), firm("tilery", "tiles", 5.0), market())
    assert plants(what, "wash") == [("yard", "wash")]
    assert set(ids(what, candidates={"treatments": ("wash",)})) == {"station-yard-ash", "yard-tilery-clean"}


def test_a_treatment_that_is_there_is_not_offered_again() -> None:
    station = firm("station", lines=(line("chp", "chp", 10.0), line("old", "wash", 2.0)))
    assert plants(park(CHP, WASH, station, market()), "wash") == []


def test_plants_on_offer_may_feed_one_another() -> None:
    dry = treatment("dry", "dried", {"clean": 1.2})
    assert plants(park(CHP, WASH, dry, STATION, market()), "dry", "wash") == [("station", "dry"), ("station", "wash")]


def test_only_treatments_that_the_scenario_names_are_offered() -> None:
    assert plants(park(CHP, WASH, STATION, market())) == []


def test_the_largest_plant_is_as_large_as_the_park_could_feed_it_unless_stated() -> None:
    what = park(CHP, WASH, STATION, market())
    offered = candidates(scenario(what, candidates={"treatments": ("wash",)})).park
    assert offered.firms["station"].lines["wash"].capacity == pytest.approx(10 / 1.25)
    small = park(CHP, WASH.replace(capacity=3.0), STATION, market())
    offered = candidates(scenario(small, candidates={"treatments": ("wash",)})).park
    assert offered.firms["station"].lines["wash"].capacity == 3.0
