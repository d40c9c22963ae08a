"""The library whole: kept parses, typed values, what its checks find, and what routes add to a scenario."""

import pytest

from mfa.errors import InputError
from mfa.files import library, load_scenario, write_scenario
from mfa.files.holdings import holdings
from mfa.files.library import entries
from mfa.files.library_checks import inspect_library
from mfa.files.search import search
from mfa.optimization import candidates


def test_the_shipped_library_has_no_errors_and_enough_routes():
    found = inspect_library(holdings())
    assert [str(fault.problem) for _, fault in found.remarks if fault.level == "error"] == []
    with_use = [r for r in holdings().routes.values() if r.use.en and r.source and (r.replaces or r.product)]
    assert len(with_use) >= 200
    assert (len(holdings().materials), len(holdings().technologies)) >= (100, 50)


def test_a_parse_is_kept_and_never_stale(shelves, edit):
    assert holdings().materials["clay"].price == 20
    kept = sorted((shelves / "cache").glob("*.json"))
    assert len(kept) == len(list((shelves / "models").rglob("*.yaml")))
    edit("models/materials/all.yaml", "price: 20", "price: 40")
    assert holdings().materials["clay"].price == 40
    assert len(list((shelves / "cache").glob("*.json"))) == len(kept) + 1


@pytest.mark.parametrize("damage", ["", "not json", "[1, 2]", '{"a": 1}'])
def test_a_damaged_parse_is_read_again(shelves, damage):
    before = dict(entries("materials"))
    for file in (shelves / "cache").glob("*.json"):
        file.write_text(damage, encoding="utf-8")
    library._parsed.cache_clear()
    assert entries("materials") == before


@pytest.mark.usefixtures("shelves")
def test_a_kept_parse_is_the_same_tree_with_the_same_places():
    before = dict(entries("technologies"))
    library._parsed.cache_clear()
    assert dict(entries("technologies")) == before


def found(kind):
    return [str(fault.problem).split(": ", 1)[1] for name, fault in inspect_library(holdings()).remarks if name == kind]


def test_a_number_without_a_source_is_an_error(edit):
    edit(
        "models/materials/all.yaml", "stone:      {class: raw, price: 30 CNY/t, source: hand, ", "stone: {class: raw, "
    )
    assert found("source") == ["error: materials.stone: no source; say where the number comes from"]


def test_an_open_recipe_is_told_with_its_gap(edit):
    edit("models/technologies/all.yaml", "uses: {ore: 1.6}", "uses: {ore: 1.75}")
    assert found("balance") == [
        "warning: technologies.smelter: 1.75 t in, 1.6 t out and emitted per unit: +0.15 t are open"
    ]


def test_an_unknown_code_is_told(edit):
    edit("models/materials/all.yaml", "cn: SW02", "cn: SW99")
    assert found("code") == ["error: materials.ash.codes.cn: 'SW99' is not in the catalogue"]


def test_an_unknown_receiver_is_told(edit):
    edit("models/routes/all.yaml", "receiver: paints", "receiver: paint")
    assert found("name") == ["error: routes.dust-paint.receiver: unknown sector 'paint'; did you mean 'paints'?"]


def test_an_unknown_material_of_a_route_is_told_as_everywhere(edit):
    edit("models/routes/all.yaml", "waste: dust", "waste: dusst")
    assert found("form") == ["error: routes.dust-paint.waste: unknown material 'dusst'; did you mean 'dust'?"]


def test_a_composition_above_one_is_an_error(edit):
    edit("models/materials/all.yaml", "composition: {Cl: 0.1%}", "composition: {Cl: 0.1%, SiO2: 99.95%}")
    assert found("composition") == ["error: materials.ash.composition: adds up to 100.05% of the dry mass"]


def test_two_values_of_one_number_are_told(edit):
    edit("models/routes/all.yaml", "replaces: stone, product: road_base", "replaces: clay, technology: brickworks")
    edit("models/routes/all.yaml", "up_to: 50%", "up_to: 40%")
    assert found("contradiction") == ["warning: routes.ash-road.ratio: ratio is 1 here and 0.8 in brickworks"]


def test_two_origin_factors_are_an_error(edit):
    second = "  rinsing: {kind: treatment, product: washed_ash, uses: {ash: 1.1}, source: hand, confidence: found}\n"
    edit("models/technologies/all.yaml", "  washing:", second + "  washing:")
    assert [text.split(": ")[:2] for text in found("contradiction")] == [["error", "materials.washed_ash"]]


def test_gb_175_permits_no_steel_slag_as_an_addition(edit):
    edit("models/materials/all.yaml", "  dust: ", "  clinker: {class: product, source: hand, confidence: found}\n"
         "  cement: {class: product, source: hand, confidence: found}\n"
         "  steel_slag: {class: bulk_solid_waste, source: hand, confidence: found}\n  dust: ")  # fmt: skip
    edit("models/routes/all.yaml", "  dust-paint:", "  slag-cement: {waste: steel_slag, receiver: paints, "
         "replaces: clinker, product: cement, source: hand, confidence: found}\n  dust-paint:")  # fmt: skip
    message = "GB 175-2023 permits no steel_slag in common Portland cement; add  until: 2024-05-31"
    assert found("standard") == [f"error: routes.slag-cement: {message}"]
    edit("models/routes/all.yaml", "product: cement, source", "product: cement, until: 2024-05-31, source")
    assert found("standard") == []


def test_a_library_that_is_no_yaml_is_an_input_error(edit):
    edit("models/sectors.yaml", "sectors:", "sectors: [")
    with pytest.raises(InputError, match=r"models/sectors\.yaml"):
        holdings()


@pytest.mark.usefixtures("shelves")
def test_confidences_are_counted_with_every_number_that_has_its_own():
    counts = inspect_library(holdings()).counts
    assert counts["materials"] == {"found": 10, "memory": 1}
    assert counts["technologies"] == {"found": 4 + 3 + 1}


@pytest.mark.usefixtures("shelves")
def test_routes_reach_the_optimiser_only_where_a_scenario_asks():
    def targets(scenario):
        return {(link.to, link.material) for link in candidates(scenario).park.links}

    without, asked = load_scenario("park.yaml"), load_scenario("park.yaml", {"candidates.routes": "true"})
    assert targets(asked) - targets(without) == {("road", "ash")}
    [added] = asked.park.technologies["road_mixer"].accepts
    assert (added.replaces, added.ratio, added.up_to, added.confidence) == ("stone", 1.0, 0.5, "found")
    assert added.source == "route ash-road: hand"
    [limit] = asked.park.technologies["road_mixer"].limits
    assert (limit.substance, limit.max, limit.of, limit.material) == ("Cl", 0.002, "material", "ash")


@pytest.mark.usefixtures("shelves")
def test_a_scenario_with_routes_reads_back_equal():
    asked = load_scenario("park.yaml", {"candidates.routes": "true"})
    write_scenario(asked, "written.yaml")
    assert load_scenario("written.yaml") == asked


def test_a_route_without_a_share_says_that_it_is_assumed(edit):
    edit("models/routes/all.yaml", "up_to: 50%, ", "")
    [added] = load_scenario("park.yaml", {"candidates.routes": "true"}).park.technologies["road_mixer"].accepts
    assert (added.up_to, added.confidence) == (1.0, "assumed")
    assert added.source == "route ash-road: hand; share not stated, taken as 100 %"


@pytest.mark.parametrize("obstacle", ["needs: [drying], ", "until: 2024-12-31, "])
def test_a_route_with_an_obstacle_stays_out(edit, obstacle):
    edit("models/routes/all.yaml", "{waste: ash, use: {en: Road base", f"{{{obstacle}waste: ash, use: {{en: Road base")
    asked = load_scenario("park.yaml", {"candidates.routes": "true"})
    assert asked.park.technologies["road_mixer"].accepts == ()


def test_search_prefers_what_is_named_so():
    names = {"a": ["Fly ash", "粉煤灰"], "b": ["Ground fly ash"], "c": ["Steel slag", "钢渣"]}
    assert search("fly_ash", names) == ["a", "b"]
    assert search("粉媒灰", names) == ["a"]
    assert search("steel slg", names) == ["c"]
    assert search("", names) == ["a", "b", "c"]
    assert search("paper", names) == []
