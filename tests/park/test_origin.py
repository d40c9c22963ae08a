"""Origin tonnes (semantics §9), worked out by hand."""

import pytest
from building import accept, market, material, park, technology, treatment

from mfa.errors import InputError
from mfa.park.origin import counted_origin, origins
from mfa.park.park import Park
from mfa.park.technology import Technology

MAKER = technology("bayer", "alumina", {"bauxite": 2.0}, releases={"mud": 1.3})
WASH = treatment("wash", "clean", {"mud": 1.087}, releases={"residue": 0.087})
WASTES = [material(m, "bulk_solid_waste") for m in ("mud", "clean", "residue")]


def of(*technologies: Technology, **classes: str) -> Park:
    others = [material(m, c) for m, c in classes.items()]
    return park(*technologies, *WASTES, *others, market())


def test_a_generated_waste_stands_for_itself_and_a_product_for_nothing() -> None:
    found = origins(of(MAKER))
    assert (found["mud"], found["alumina"], found["bauxite"]) == ({"mud": 1.0}, {}, {})


def test_a_tonne_of_red_mud_is_092_used_and_008_residue() -> None:
    # 1.087 t of mud give 1 t clean + 0.087 t residue: 1.087 ÷ 1.087 = 1 origin tonne each; 1 ÷ 1.087 = 0.92.
    found = origins(of(MAKER, WASH))
    assert (found["clean"]["mud"], found["residue"]["mud"]) == pytest.approx((1.0, 1.0))
    assert 1 / 1.087 * found["clean"]["mud"] == pytest.approx(0.92, abs=1e-4)
    assert 0.087 / 1.087 * found["residue"]["mud"] == pytest.approx(0.08, abs=1e-4)


def test_lost_and_added_mass_spread_the_origin_over_what_comes_out() -> None:
    # 2 t of mud and 1 t of lime give 1 t clean and 0.25 t residue: 2 ÷ 1.25 = 1.6 origin tonnes a tonne.
    wash = treatment("wash", "clean", {"mud": 2.0, "lime": 1.0}, releases={"residue": 0.25})
    assert origins(of(MAKER, wash))["clean"] == pytest.approx({"mud": 1.6})


def test_energy_that_a_treatment_releases_carries_nothing_off() -> None:
    burn = treatment("burn", "clean", {"mud": 1.0}, releases={"heat": 5.0})
    found = origins(park(MAKER, burn, *WASTES, material("heat", "energy", unit="GJ"), market()))
    assert found["clean"] == pytest.approx({"mud": 1.0})


def test_treatments_in_a_row_multiply() -> None:
    # wash: 1.087 ÷ 1.087 = 1; dry: 1.5 t of clean give 1 t of dried: 1.5 origin tonnes of mud.
    dry = treatment("dry", "dried", {"clean": 1.5})
    assert origins(of(MAKER, WASH, dry, dried="bulk_solid_waste"))["dried"] == pytest.approx({"mud": 1.5})


def test_a_blend_stands_for_each_of_its_wastes() -> None:
    power = technology("chp", "power", {"coal": 1.0}, releases={"ash": 0.2})
    blend = treatment("blend", "clean", {"mud": 0.5, "ash": 0.75})
    found = origins(of(MAKER, power, blend, ash="hazardous_waste"))
    assert found["clean"] == pytest.approx({"mud": 0.5, "ash": 0.75})


def test_only_solid_waste_is_counted() -> None:
    power = technology("chp", "power", {"coal": 1.0}, releases={"ash": 0.2})
    blend = treatment("blend", "clean", {"mud": 0.5, "ash": 0.75})
    found = counted_origin(of(MAKER, power, blend, ash="hazardous_waste"))
    assert (found["clean"], found["ash"], found["mud"], found["power"]) == pytest.approx((0.5, 0.0, 1.0, 0.0))


def test_a_production_line_that_eats_waste_generates_its_own() -> None:
    kiln = technology("kiln", "clinker", {"clay": 1.0}, accepts=(accept("mud", "clay"),), releases={"dust": 0.1})
    found = origins(of(MAKER, kiln, dust="solid_waste"))
    assert (found["dust"], found["clinker"]) == ({"dust": 1.0}, {})


def test_a_waste_from_outside_stands_for_itself() -> None:
    assert origins(of())["mud"] == {"mud": 1.0}


def test_two_treatments_may_agree() -> None:
    twin = treatment("twin", "clean", {"mud": 2.174}, releases={"residue": 1.174})
    assert origins(of(MAKER, WASH, twin))["clean"] == pytest.approx({"mud": 1.0})


def test_two_treatments_that_disagree_are_an_input_error() -> None:
    twin = treatment("twin", "clean", {"mud": 2.0})
    with pytest.raises(InputError) as raised:
        origins(of(MAKER, WASH, twin))
    assert [(p.path, p.message) for p in raised.value.problems] == [
        (
            "park.materials.clean",
            "2 mud and 1 mud origin tonnes in one tonne: give one of the two materials another name",
        )
    ]


def test_a_material_that_is_both_generated_and_treated_is_an_input_error() -> None:
    other = technology("other", "brick", {"clay": 1.0}, releases={"clean": 0.1})
    with pytest.raises(InputError) as raised:
        origins(of(MAKER, WASH, other))
    assert raised.value.problems[0].path == "park.materials.clean"


def test_treatments_that_feed_each_other_are_an_input_error() -> None:
    back = treatment("back", "mud", {"clean": 1.0})
    with pytest.raises(InputError) as raised:
        origins(of(WASH, back))
    message = "treatments feed each other (clean → mud → clean), so its origin has no end"
    assert [(p.path, p.message) for p in raised.value.problems] == [("park.materials.clean", message)]
