"""The library whole: kept parses, typed values, what its checks find, and what routes add to a scenario."""

import pytest

from mfa.errors import InputError
from mfa.files import load_scenario, write_scenario
from mfa.files.holdings import holdings
from mfa.files.library_checks import inspect_library
from mfa.files.search import search
from mfa.optimization import candidates

HAND = "source: hand, confidence: found"


def test_the_shipped_library_has_no_errors_and_enough_routes():
    found = inspect_library(holdings())
    assert [str(fault.problem) for _, fault in found.remarks if fault.level == "error"] == []
    with_use = [r for r in holdings().routes.values() if r.use.en and r.source and (r.replaces or r.product)]
    assert len(with_use) >= 200
    assert (len(holdings().materials), len(holdings().technologies)) >= (100, 50)


def found(kind):
    return [str(fault.problem).split(": ", 1)[1] for name, fault in inspect_library(holdings()).remarks if name == kind]


def test_a_number_without_a_source_is_an_error(edit):
    edit(
        "models/materials/all.yaml", "stone:      {class: raw, price: 30 CNY/t, source: hand, ", "stone: {class: raw, "
    )
    assert found("source") == ["error: materials.stone: no source; say where the number comes from"]


def test_a_source_from_memory_with_another_confidence_is_told(edit):
    edit(
        "models/materials/all.yaml", "ore:        {class: raw, source: hand,", "ore: {class: raw, source: from memory,"
    )
    message = "warning: materials.ore: the source says from memory, and the confidence is found"
    assert found("source") == [message]


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


ENTRIES = ("models/materials/all.yaml", "models/technologies/all.yaml", "models/routes/all.yaml")
MATERIALS, TECHNOLOGIES, ROUTES = ENTRIES

BREAKS = {
    "evidence of nothing": (
        MATERIALS, "evidence: {price:", "evidence: {composition.K2O: {source: hand, confidence: found}, price:",
        "source",
        "error: materials.clay.evidence.composition.K2O: 'composition.K2O' is no value of this entry; "
        "correct the name or remove the line",
    ),
    "a range of nothing": (
        MATERIALS, "price: 20 CNY/t,", "price: 20 CNY/t, ranges: {composition.SiO3: [1%, 2%]},", "contradiction",
        "error: materials.clay.ranges.composition.SiO3: 'composition.SiO3' is no number of this entry; "
        "correct the name or remove the line",
    ),
    "a number outside its range": (
        MATERIALS, "price: 20 CNY/t,", "price: 20 CNY/t, ranges: {price: [21 CNY/t, 30 CNY/t]},", "contradiction",
        "error: materials.clay.ranges.price: 20 is outside its range of 21 to 30",
    ),
    "a share of an acceptance outside its range": (
        TECHNOLOGIES, "product: brick\n", "product: brick\n    ranges: {accepts.ash.up_to: [50%, 60%]}\n",
        "contradiction",
        "error: technologies.brickworks.ranges.accepts.ash.up_to: 0.4 is outside its range of 0.5 to 0.6",
    ),
    "a sample without a source": (
        MATERIALS, "codes: {cn: SW02},", "codes: {cn: SW02}, samples: {lake: {moisture: 5%, confidence: found}},",
        "source",
        "error: materials.ash.samples.lake: no source; say where the number comes from",
    ),
    "a sample outside the range": (
        MATERIALS, "codes: {cn: SW02},", "codes: {cn: SW02}, ranges: {composition.Cl: [0.1%, 0.2%]}, "
        "samples: {lake: {composition: {Cl: 0.3%}, source: hand, confidence: found}},", "contradiction",
        "warning: materials.ash.samples.lake: composition.Cl is 0.003, outside the material's range of 0.001 to 0.002",
    ),
    "a sample above one": (
        MATERIALS, "codes: {cn: SW02},", "codes: {cn: SW02}, "
        "samples: {lake: {composition: {Cl: 60%, SiO2: 60%}, source: hand, confidence: found}},", "composition",
        "error: materials.ash.samples.lake.composition: adds up to 120.00% of the dry mass",
    ),
    "no room for the loss on ignition": (
        MATERIALS, "composition: {Cl: 0.1%},", "composition: {SiO2: 90%}, properties: {LOI: 0.2},", "composition",
        "error: materials.ash.properties.LOI: oxides and loss on ignition add up to 110.00% of the dry mass",
    ),
    "hazardous by its code alone": (
        MATERIALS, "cn: SW02", "cn: HW03", "code",
        "warning: materials.ash.codes.cn: 'HW03' marks hazardous waste, the class is bulk_solid_waste",
    ),
    "hazardous by its class alone": (
        MATERIALS, "class: bulk_solid_waste, composition: {Cl: 0.1%}",
        "class: hazardous_waste, composition: {Cl: 0.1%}", "code",
        "warning: materials.ash.codes.cn: the class is hazardous_waste, and 'SW02' is no code of hazardous waste",
    ),
    "a route to nothing": (
        ROUTES, "waste: dust", "waste: dust", "route",
        "warning: routes.dust-paint: names neither what it replaces nor what is made of it; add one",
    ),
    "a route that ends before it begins": (
        ROUTES, "until: 2020-12-31", "from: 2021-01-01, until: 2020-12-31", "route",
        "error: routes.ash-ended.until: ends before it begins",
    ),
    "a share upside down": (
        ROUTES, "until: 2020-12-31", "share: {of: binder, min: 40%, max: 20%}, until: 2020-12-31", "route",
        "error: routes.ash-ended.share: min is above max",
    ),
    "a technology that does not take the waste": (
        ROUTES, "up_to: 50%,", "up_to: 50%, technology: smelter,", "contradiction",
        "error: routes.ash-road.technology: smelter does not take ash; "
        "add it to its accepts or uses, or leave the name out here",
    ),
    "a treatment that does not take the waste": (
        ROUTES, "receiver: paints", "receiver: paints, treatment: [washing]", "contradiction",
        "error: routes.dust-paint.treatment[0]: washing does not take dust; "
        "add it to its accepts or uses, or leave the name out here",
    ),
    "a route said twice": (
        ROUTES, "{en: Old road, zh: 旧路}, receiver: roads, replaces: stone,",
        "{en: Road base, zh: 道路基层}, receiver: roads, replaces: stone, product: road_base,", "contradiction",
        "warning: routes.ash-road: says the same as ash-ended",
    ),
    "a credit for a road": (
        ROUTES, "up_to: 50%,", "up_to: 50%, co2_credit: 0.1 tCO2e/t,", "credit",
        "warning: routes.ash-road.co2_credit: a credit belongs to the raw meal of clinker, not to road_base",
    ),
    "an incentive without a source": (
        ROUTES, "up_to: 50%,", "up_to: 50%, incentive: {kind: vat_refund, refund: 70%, confidence: found},", "source",
        "error: routes.ash-road.incentive: no source; say where the number comes from",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_each_kind_of_fault_is_told_with_its_place_and_remedy(edit, name):
    file, old, new, kind, message = BREAKS[name]
    edit(file, old, new)
    edit("models/codes.yaml", "[SW02, SW03]", "[SW02, SW03, HW03]")
    assert message in found(kind)


def test_a_ratio_turned_over_is_an_error(edit):
    """1 t of dry Ca(OH)2 holds the CaO of 1.35 t of CaCO3, and so replaces more limestone than its own weight."""
    edit(MATERIALS, "  brine: ", f"  limestone: {{class: raw, composition: {{CaO: 56.03%}}, {HAND}}}\n"
         f"  slaked: {{class: solid_waste, composition: {{CaO: 75.69%}}, {HAND}}}\n  brine: ")  # fmt: skip
    edit(ROUTES, "  dust-paint:", "  slaked-lime: {waste: slaked, receiver: paints, replaces: limestone, ratio: 0.74, "
         f"{HAND}}}\n  dust-paint:")  # fmt: skip
    message = "0.74 looks upside down: 1 t of slaked holds as much CaO as 1.35 t of limestone"
    assert found("ratio") == [f"error: routes.slaked-lime.ratio: {message}"]
    edit(ROUTES, "ratio: 0.74", "ratio: 1.35")
    assert found("ratio") == []
    edit(ROUTES, "ratio: 1.35", "ratio: 1.6")
    message = "1.6 does not fit: 1 t of slaked holds as much CaO as 1.35 t of limestone"
    assert found("ratio") == [f"warning: routes.slaked-lime.ratio: {message}"]


def test_a_credit_above_the_carbonates_that_are_saved_is_told(edit):
    edit(MATERIALS, "composition: {Cl: 0.1%}", "composition: {CaO: 10%}")
    edit(MATERIALS, "  brine: ", f"  clinker: {{class: product, {HAND}}}\n  brine: ")
    edit(ROUTES, "product: road_base, ratio: 1,", "product: clinker, co2_credit: 0.24 tCO2e/t,")
    message = "0.24 t CO2 is more than the 0.0785 t of the carbonates that are saved"
    assert found("credit") == [f"warning: routes.ash-road.co2_credit: {message}"]
    edit(ROUTES, "co2_credit: 0.24", "co2_credit: 0.08")
    assert found("credit") == []


def test_a_limit_that_nothing_can_exceed_is_an_error(edit):
    edit(TECHNOLOGIES, "max: 0.02%", "max: 2")
    message = "at most 2 t per t bounds nothing; write a share, such as 0.04%"
    assert found("contradiction") == [f"error: technologies.brickworks.limits[0]: {message}"]


def test_a_boiler_that_gives_more_heat_than_its_fuel_is_told(edit):
    edit(MATERIALS, "  brine: ", f"  coal: {{class: raw, properties: {{GJ_per_t: 20}}, {HAND}}}\n"
         f"  heat: {{class: energy, {HAND}}}\n  brine: ")  # fmt: skip
    edit(TECHNOLOGIES, "  road_mixer:", f"  boiler: {{product: heat, uses: {{coal: 0.04}}, {HAND}}}\n  road_mixer:")
    told = "warning: technologies.boiler: 1 GJ out of 0.8 GJ that its fuels and energy bring"
    assert told in found("balance")


def test_a_name_in_one_language_is_told(edit):
    edit(MATERIALS, "{en: Fly ash, zh: 粉煤灰}", "Fly ash")
    assert "warning: materials.ash: no name in 'zh'; write  name: {en: …, zh: …}" in found("language")


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
