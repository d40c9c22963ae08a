"""The matchmaker against matches worked out by hand."""

from datetime import date

import pytest

import mfa
from mfa.errors import UsageError
from mfa.files import load_park, load_scenario
from mfa.park.values import DAYS_PER_YEAR


@pytest.fixture
def scenario(shelves):
    return load_scenario(shelves / "park.yaml")


def users(matches, material="ash"):
    table = matches.users
    return table[(table.material == material) & (table.fits != "no")].set_index(["user", "treatment"])


def test_what_is_made_and_not_used_is_matched(scenario):
    assert {pair: amount * DAYS_PER_YEAR for pair, amount in mfa.match(scenario).unused.items()} == pytest.approx(
        {("smelter", "ash"): 500.0, ("smelter", "dust"): 100.0}
    )


def test_a_share_bounds_what_a_line_takes_after_treatment(scenario):
    washed = users(mfa.match(scenario)).loc["bricks", "washing"]
    assert washed.amount_per_yr == pytest.approx(0.4 * 600 * 1.25)  # 240 t washed, made of 300 t
    assert washed.bounded_by == "at most 40 % of the need"
    assert washed.arrives_as == "washed_ash"


def test_a_limit_of_the_feed_bounds_what_a_line_takes_as_it_is(scenario):
    raw = users(mfa.match(scenario)).loc["bricks", ""]
    # 0.1 % of x is at most 0.02 % of the feed, 600 - 0.8 x clay and x ash
    assert raw.amount_per_yr == pytest.approx(0.02 * 600 / (0.1 - 0.02 * 0.2))
    assert raw.bounded_by == "Cl ≤ 0.02 % of the feed"
    assert raw.limits == "Cl ≤ 0.02 % of the feed: kept up to this amount, it holds 0.1 %"


def test_money_is_clay_and_gate_fee_less_transport_and_marked_by_the_price(scenario):
    raw = users(mfa.match(scenario)).loc["bricks", ""]
    assert raw.benefit_cny_per_yr == pytest.approx(125.0 * (0.8 * 20 + 10 - 0.4 * 5))
    assert raw.price_confidence == "memory"


def test_a_treatment_costs_its_operation(scenario):
    washed = users(mfa.match(scenario)).loc["bricks", "washing"]
    assert washed.benefit_cny_per_yr == pytest.approx(300 * (0.8 * 20 + 10 - 0.8 * 4 - 0.4 * 5))


def test_a_route_finds_a_firm_whose_recipe_does_not_list_the_waste(scenario):
    road = users(mfa.match(scenario)).loc["road", ""]
    assert (road.route, road.technology, road.fits, road.limits) == (
        "ash-road", "road_mixer", "yes", "Cl ≤ 0.2 % of the material: kept, it holds 0.1 %",
    )  # fmt: skip
    assert road.amount_per_yr == pytest.approx(100.0)
    assert road.distance_km == pytest.approx(10.0)


def test_unknown_is_not_zero(scenario):
    dust = users(mfa.match(scenario), "dust").loc["bricks", ""]
    assert dust.fits == "unknown"
    assert dust.limits == "Cl ≤ 0.02 % of the feed: cannot be checked"


def by_route(matches, route):
    table = matches.users.set_index("route").loc[[route]]
    return table[["fits", "limits"]].to_numpy().tolist()


def test_a_route_that_has_ended_is_refused_with_its_date(scenario, edit):
    ended = [["no", "permitted only until 2020-12-31"]]
    assert by_route(mfa.match(scenario), "ash-ended") == ended
    assert by_route(mfa.match(scenario, day=date(2020, 12, 31)), "ash-ended") != ended
    edit("models/routes/all.yaml", "until: 2020-12-31", "until: 2025-12-31")
    assert by_route(mfa.match(scenario), "ash-ended") == [["unknown", "none stated: cannot be checked"]]


def test_a_route_that_begins_later_is_refused_with_its_date(scenario, edit):
    edit("models/routes/all.yaml", "until: 2020-12-31", "from: 2030-01-01")
    assert by_route(mfa.match(scenario), "ash-ended") == [["no", "permitted only from 2030-01-01 on"]]


def test_what_breaks_a_limit_is_refused_with_the_figure(scenario, edit):
    edit("models/routes/all.yaml", "max: 0.2%", "max: 0.05%")
    table = mfa.match(scenario, most=2).users
    road = table[(table.route == "ash-road")].iloc[0]
    assert (road.fits, road.limits) == ("no", "Cl ≤ 0.05 % of the material: broken, it holds 0.1 %")
    assert table[(table.material == "ash") & (table.fits != "no")].user.tolist() == ["bricks", "bricks"]


def test_what_is_not_verified_is_marked_where_it_is_printed(edit):
    edit("models/technologies/all.yaml", "max: 0.02%, of: feed, source: hand, confidence: found",
         "max: 0.02%, of: feed, source: memory, confidence: memory")  # fmt: skip
    edit("models/materials/all.yaml", "codes: {cn: SW02}, source: hand, confidence: found",
         "codes: {cn: SW02}, source: memory, confidence: memory")  # fmt: skip
    edit("models/technologies/all.yaml", "ratio: 0.8, up_to: 40%, source: hand, confidence: found",
         "ratio: 0.8, up_to: 4%, source: memory, confidence: memory")  # fmt: skip
    raw = users(mfa.match(load_scenario("park.yaml"))).loc["bricks", ""]
    assert raw.limits == "Cl ≤ 0.02 %* of the feed: kept up to this amount, it holds 0.1 %*"
    assert raw.bounded_by == "at most 4 %* of the need"


def test_who_could_take_it_but_is_full_is_named(edit):
    edit("park.yaml", "    bricks:  {at: [3, 4], runs: brickworks, capacity: 600 t/yr}\n", "")
    link = "  links: [{from: smelter, to: road, material: ash}]\ncandidates:"
    edit("park.yaml", "candidates:", link)
    edit("park.yaml", "runs: road_mixer", "runs: ash_mixer")
    mixer = "  technologies: {ash_mixer: {product: road_base, uses: {stone: 1},"
    edit("park.yaml", "  firms:", mixer + " accepts: [{material: ash, replaces: stone, ratio: 1}]}}\n  firms:")
    matches = mfa.match(load_scenario("park.yaml"))
    assert users(matches).empty
    assert dict(matches.full) == {("smelter", "ash"): ("road",)}


def test_users_are_ranked_by_what_fits_then_tonnes(scenario):
    assert users(mfa.match(scenario)).amount_per_yr.tolist() == pytest.approx([300.0, 125.0, 100.0])


def test_what_is_linked_today_is_deducted_and_marked(edit):
    link = "  links: [{from: smelter, to: bricks, material: ash, at_most: 50 t/yr}]\ncandidates:"
    edit("park.yaml", "candidates:", link)
    matches = mfa.match(load_scenario("park.yaml"))
    raw = users(matches).loc["bricks", ""]
    assert matches.unused["smelter", "ash"] * DAYS_PER_YEAR == pytest.approx(450.0, rel=1e-6)
    assert raw.amount_per_yr == pytest.approx(75.0, rel=1e-6)
    assert raw.linked


def test_the_missing_firm_is_sized_by_its_tightest_bound(edit):
    edit("park.yaml", "    bricks:  {at: [3, 4], runs: brickworks, capacity: 600 t/yr}\n", "")
    edit("park.yaml", "    road:    {at: [0, 10], runs: road_mixer, capacity: 200 t/yr}\n", "")
    missing = mfa.match(load_scenario("park.yaml")).missing.set_index("technology")
    bricks = missing.loc["brickworks"]
    # share 0.8·500 ÷ 0.4 = 1,000; chlorine (0.1 - 0.02·0.2)·500 ÷ 0.02 = 2,400
    assert bricks.capacity_per_yr == pytest.approx(2400.0)
    assert (bricks.counted_t_per_yr, bricks.unchecked_per_yr) == pytest.approx((500.0, 100.0))
    assert bricks.utilisation_gain == pytest.approx(500 / 600)
    assert missing.loc["road_mixer"].capacity_per_yr == pytest.approx(1000.0)


def test_a_missing_plant_is_no_larger_than_its_recipe_says_or_than_is_usual(edit):
    edit("park.yaml", "    bricks:  {at: [3, 4], runs: brickworks, capacity: 600 t/yr}\n", "")
    edit("models/technologies/all.yaml", "road_mixer: {", "road_mixer: {capacity: 300 t/yr, ")
    road = mfa.match(load_scenario("park.yaml")).missing.set_index("technology").loc["road_mixer"]
    # half the stone of 300 t; the road that is there takes 100 t
    assert (road.capacity_per_yr, road.amount_per_yr) == pytest.approx((300.0, 150.0))
    assert road.is_largest
    edit("park.yaml", "runs: smelter, capacity: 1000 t/yr", "runs: smelter, capacity: 10 Mt/yr")
    bricks = mfa.match(load_scenario("park.yaml")).missing.set_index("technology").loc["brickworks"]
    assert (bricks.capacity_per_yr, bool(bricks.is_largest)) == (pytest.approx(2e6), True)
    assert bricks.amount_per_yr == pytest.approx(2e6 * 0.0002 / (0.001 - 0.0002 * 0.2))


def test_only_what_the_firms_there_cannot_take_calls_for_another(edit):
    edit("park.yaml", "runs: smelter, capacity: 1000", "runs: smelter, capacity: 1200")
    matches = mfa.match(load_scenario("park.yaml"))
    # the bricks take 300 t washed and 125 t raw, the road 100 t
    assert matches.left["smelter", "ash"] * DAYS_PER_YEAR == pytest.approx(600 - 300 - 125 - 100)
    assert bool(matches.missing.set_index("technology").loc["brickworks"].present)


def test_a_kind_of_firm_without_a_recipe_is_named_by_its_sector_and_not_vouched_for(scenario):
    paints = mfa.match(scenario).missing.set_index("sector").loc["paints"]
    assert (paints.wastes, paints.amount_per_yr, paints.unchecked_per_yr) == ("dust", 0.0, pytest.approx(100.0))


def test_other_parks_of_a_region_come_after_the_own(edit):
    edit("park.yaml", "smelter: {at", "smelter: {park: north, at")
    edit("park.yaml", "road:    {at", "road:    {park: north, at")
    edit("park.yaml", "bricks:  {at", "bricks:  {park: south, at")
    table = users(mfa.match(load_scenario("park.yaml"))).reset_index()
    assert table[["where", "user"]].to_numpy().tolist() == [
        ["inside", "road"], ["region", "bricks"], ["region", "bricks"],
    ]  # fmt: skip


def test_users_too_far_away_are_left_out(scenario):
    assert set(mfa.match(scenario, within=6).users.user) == {"bricks"}


@pytest.mark.parametrize("query", ["ash", "Fly Ash", "粉煤灰", "煤灰", "pfa", "fly ahs", "ＡＳＨ"])
def test_a_material_is_named_in_either_language_and_spelt_about_right(scenario, query):
    assert set(mfa.match(scenario, material=query).users.material) == {"ash"}


def test_a_material_that_is_not_there_is_told(scenario):
    with pytest.raises(UsageError, match=r"^no firm here makes 'gold' as a by-product or waste; there are ash, dust$"):
        mfa.match(scenario, material="gold")


def test_a_material_of_the_park_counts_as_the_one_whose_name_it_bears(edit):
    own = "  materials: {my_ash: {name: {zh: 煤灰}, class: bulk_solid_waste, composition: {Cl: 0.05%}}}\n"
    own += "  technologies: {furnace: {product: metal, uses: {ore: 1.5}, releases: {my_ash: 0.5}}}\n  firms:"
    edit("park.yaml", "  firms:", own)
    edit("park.yaml", "runs: smelter", "runs: furnace")
    matches = mfa.match(load_scenario("park.yaml"))
    assert matches.assumptions == ("my_ash is taken for ash of the library, whose name it bears",)
    raw = users(matches, "my_ash").loc["bricks", ""]
    # half the chlorine: (0.05 - 0.02·0.2) x = 0.02·600 would be 261 t; the share 0.4·600 ÷ 0.8 is 300 t
    assert raw.amount_per_yr == pytest.approx(0.02 * 600 / (0.05 - 0.02 * 0.2))


def test_a_park_alone_is_matched_as_the_scenario_is_but_for_its_costs(shelves, scenario):
    lines = (shelves / "park.yaml").read_text(encoding="utf-8").split("park:\n")[1].split("candidates:")[0]
    (shelves / "alone.yaml").write_text("\n".join(line[2:] for line in lines.splitlines()), encoding="utf-8")
    park = load_park("alone.yaml")
    assert park == scenario.park
    same = ["user", "route", "treatment", "amount_per_yr"]
    assert mfa.match(park).users[same].equals(mfa.match(scenario).users[same])
