"""Routes: references, directions of ratios, limits with standards, and no two that contradict each other."""

from __future__ import annotations

import re
from datetime import date

import pytest
from library_files import Entry, number, shelf

MATERIALS = shelf("materials")
TECHNOLOGIES = shelf("technologies")
ROUTES = shelf("routes")
SECTORS = shelf("sectors")
NEEDS = shelf("needs")

FIELDS = {
    "waste", "use", "receiver", "replaces", "product", "ratio", "up_to", "share", "needs", "treatment", "technology",
    "limits", "incentive", "co2_credit", "from", "until", "source", "year", "confidence", "evidence",
}  # fmt: skip
LIMIT_FIELDS = {
    "substance",
    "property",
    "max",
    "min",
    "of",
    "standard",
    "clause",
    "from",
    "until",
    "source",
    "confidence",
}
SHARES_OF = {"cement", "binder", "raw_meal", "raw_materials", "fuel"}

each_route = pytest.mark.parametrize("key", sorted(ROUTES))


def content(material: str, name: str) -> float | None:
    entry = MATERIALS[material]
    value = {**entry.get("composition", {}), **entry.get("properties", {})}.get(name)
    return None if value is None else number(value)


def treated(route: Entry) -> str:
    """What the waste of a route is when its treatments are done."""
    treatment = route.get("treatment", ())
    return TECHNOLOGIES[treatment[-1]]["product"] if treatment else route["waste"]


def ended(route: Entry) -> bool:
    return "until" in route


@each_route
def test_fields_are_known_and_references_exist(key: str) -> None:
    route = ROUTES[key]
    assert route.keys() <= FIELDS
    assert {
        route["waste"],
        route.get("replaces", route["waste"]),
        route.get("product", route["waste"]),
    } <= MATERIALS.keys()
    assert route["receiver"] in SECTORS
    assert set(route.get("needs", ())) <= NEEDS.keys()
    assert {*route.get("treatment", ()), route.get("technology", "clinker_kiln")} <= TECHNOLOGIES.keys()


@each_route
def test_a_route_says_what_it_replaces_or_makes(key: str) -> None:
    route = ROUTES[key]
    assert "replaces" in route or "product" in route
    assert route.get("replaces") != route["waste"]
    assert key.startswith(f"{route['waste']}-")


@each_route
def test_numbers_are_possible(key: str) -> None:
    route = ROUTES[key]
    assert 0.0 < number(route.get("ratio", 1.0)) <= 2.0
    assert 0.0 < number(route.get("up_to", 1.0)) <= 1.0
    assert 0.0 < number(route.get("co2_credit", "0.5 tCO2e/t")) <= 0.79  # at most the CO2 of quicklime, 44.01 ÷ 56.08
    if "share" in route:
        share = route["share"]
        assert share["of"] in SHARES_OF
        assert number(share.get("min", 0.0)) <= number(share["max"]) <= 1.0


@each_route
def test_limits_name_a_substance_and_a_standard(key: str) -> None:
    for limit in ROUTES[key].get("limits", ()):
        assert limit.keys() <= LIMIT_FIELDS
        assert ("substance" in limit) != ("property" in limit)
        assert "max" in limit or "min" in limit
        assert limit["standard"]
        assert limit.get("of", "material") in {"material", "feed", "product"}
        number(limit.get("max", limit.get("min")))


@each_route
def test_a_recipe_of_the_route_takes_the_waste_or_what_is_made_of_it(key: str) -> None:
    route = ROUTES[key]
    chain = {route["waste"]}
    for step in route.get("treatment", ()):
        assert chain & TECHNOLOGIES[step]["uses"].keys(), f"{step} does not take it"
        chain.add(TECHNOLOGIES[step]["product"])
    if "technology" in route:
        recipe = TECHNOLOGIES[route["technology"]]
        assert chain & ({a["material"] for a in recipe.get("accepts", ())} | recipe.get("uses", {}).keys())


@each_route
def test_routes_and_recipes_do_not_contradict_each_other(key: str) -> None:
    route = ROUTES[key]
    recipe = TECHNOLOGIES.get(route.get("technology", ""), {})
    for acceptance in recipe.get("accepts", ()):
        if (acceptance["material"], acceptance["replaces"]) == (treated(route), route.get("replaces")):
            if "ratio" in route:
                assert number(route["ratio"]) == pytest.approx(number(acceptance["ratio"]), rel=0.01)
            if "up_to" in route:
                assert number(route["up_to"]) == pytest.approx(number(acceptance["up_to"]), abs=0.005)


def test_no_two_routes_say_the_same() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for key, route in ROUTES.items():
        what = (
            route["waste"],
            route["receiver"],
            route.get("replaces", ""),
            route.get("product", ""),
            route["use"]["en"],
        )
        assert what not in seen, f"{key} and {seen.get(what)}"
        seen[what] = key


RATIO_BY_CONTENT = {"limestone": "CaO", "lime": "CaO", "hydrated_lime": "CaO", "iron_ore": "Fe2O3", "coal": "GJ_per_t"}
RECOVERED = {"red_mud-iron": 0.70}
"""Where only part of the content is recovered: the share."""


@pytest.mark.parametrize(
    "key", sorted(k for k, r in ROUTES.items() if "ratio" in r and r.get("replaces") in RATIO_BY_CONTENT)
)
def test_ratios_follow_from_what_both_materials_hold(key: str) -> None:
    route = ROUTES[key]
    substance = RATIO_BY_CONTENT[route["replaces"]]
    held, replaced = content(treated(route), substance), content(route["replaces"], substance)
    assert held is not None
    assert replaced is not None
    if key == "carbide_slag-clinker":  # printed by its source: 432 ÷ 315
        assert number(route["ratio"]) == pytest.approx(432 / 315, abs=1e-3)
        return
    assert number(route["ratio"]) == pytest.approx(held / replaced * RECOVERED.get(key, 1.0), rel=0.01)


def test_calcium_hydroxide_replaces_more_carbonate_than_its_own_weight() -> None:
    calcium_carbonate, calcium_hydroxide = 100.09, 74.09  # g/mol, one CaO in each
    assert calcium_carbonate / calcium_hydroxide == pytest.approx(1.351, abs=5e-4)
    for key in ("carbide_slag-clinker", "carbide_slag-flue_gas", "carbide_slag-lime", "carbide_slag-carbonation"):
        assert number(ROUTES[key]["ratio"]) == pytest.approx(calcium_carbonate / calcium_hydroxide, rel=0.06), key


def test_a_co2_credit_belongs_to_raw_meal() -> None:
    """No credit for a retarder, an addition or a board."""
    for key, route in ROUTES.items():
        if "co2_credit" in route:
            assert key.endswith("-clinker"), key


def test_a_credit_is_at_most_the_carbon_dioxide_of_the_limestone_replaced() -> None:
    for key, route in ROUTES.items():
        if "co2_credit" in route and route.get("replaces") == "limestone" and "ratio" in route:
            assert number(route["co2_credit"]) <= 0.44 * number(route["ratio"]) * 1.02, key


def test_additions_that_gb_175_excludes_have_ended() -> None:
    for waste in ("steel_slag", "phosphorus_slag", "magnesium_slag"):
        route = ROUTES[f"{waste}-gb175_addition"]
        assert str(route["until"]) == "2024-05-31"
        assert f"{waste}-clinker" in ROUTES
        assert not ended(ROUTES[f"{waste}-clinker"])
    for key, route in ROUTES.items():
        if ended(route):
            assert date.fromisoformat(str(route["until"])), key


def test_two_hundred_routes_have_a_source_of_their_own() -> None:
    own = [route for route in ROUTES.values() if route["confidence"] in {"found", "derived"} and not ended(route)]
    assert len(own) >= 200


def test_every_bulk_waste_that_arises_has_a_route() -> None:
    for key in (
        "iron_tailings",
        "waste_rock",
        "coal_gangue",
        "fly_ash",
        "steel_slag",
        "bf_slag",
        "copper_slag",
        "red_mud",
    ):
        assert sum(route["waste"] == key for route in ROUTES.values()) >= 5, key
    for key in ("metallurgical_dust", "phosphogypsum", "fgd_gypsum", "carbide_slag"):
        assert any(route["waste"] == key for route in ROUTES.values()), key


@pytest.mark.parametrize("key", sorted(SECTORS))
def test_sectors_have_codes_and_recipes_that_exist(key: str) -> None:
    sector = SECTORS[key]
    assert re.fullmatch(r"\d{4}", sector["isic"])
    assert re.fullmatch(r"[A-T]\d{2,4}", sector["gbt4754"])
    assert set(sector.get("technologies", ())) <= TECHNOLOGIES.keys()


def test_every_need_and_sector_is_used() -> None:
    assert NEEDS.keys() == {need for route in ROUTES.values() for need in route.get("needs", ())}
    assert SECTORS.keys() >= {route["receiver"] for route in ROUTES.values()}
