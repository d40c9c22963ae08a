"""What a material contains: declared, derived from a fixed recipe, or unknown (semantics §2, §3)."""

import pytest
from building import accept, limit, market, material, park, source, technology

from mfa.park.contents import Contents
from mfa.park.material import Material
from mfa.park.technology import Limit, Technology

ORE = material("ore", "raw", composition={"Fe": 0.5, "S": 0.01})
SLAG = material("slag", "solid_waste", composition={"Fe": 0.1})
BLAST = technology("blast", "iron", {"ore": 2.0}, releases={"slag": 0.5})


def iron(*values: Material | Technology, name: str = "Fe") -> float | None:
    """Return what iron contains in a park with these values."""
    return Contents(park(*values, market(sells=("raw",)))).of("iron", name)


def test_a_declared_composition_is_used_as_declared() -> None:
    assert iron(BLAST, ORE, SLAG, material("iron", "product", composition={"Fe": 0.94})) == 0.94


def test_a_substance_that_a_declared_composition_leaves_out_is_unknown_not_zero() -> None:
    assert iron(BLAST, ORE, SLAG, material("iron", "product", composition={"Fe": 0.94}), name="S") is None


def test_a_product_contains_what_inputs_bring_less_what_releases_take() -> None:
    # 2 × 0.5 − 0.5 × 0.1 = 0.95 a tonne.
    assert iron(BLAST, ORE, SLAG) == pytest.approx(0.95)


def test_an_unknown_part_makes_the_product_unknown() -> None:
    assert iron(BLAST, ORE, SLAG, name="S") is None  # S of slag is unknown
    assert iron(BLAST, SLAG) is None  # and so is the ore
    assert iron(BLAST, ORE) is None


def test_energy_and_inputs_of_amount_zero_bring_nothing() -> None:
    blast = technology("blast", "iron", {"ore": 2.0, "power": 3.0, "clay": 0.0}, releases={"slag": 0.5})
    assert iron(blast, ORE, SLAG, material("power", "energy", unit="GJ")) == pytest.approx(0.95)


def test_a_chain_of_recipes_is_followed() -> None:
    roll = technology("roll", "sheet", {"iron": 1.05})
    contents = Contents(park(BLAST, roll, ORE, SLAG, market()))
    assert contents.of("sheet", "Fe") == pytest.approx(1.05 * 0.95)


def test_a_recipe_with_substitutes_is_not_fixed() -> None:
    blast = technology("blast", "iron", {"ore": 2.0}, accepts=(accept("slag", "ore"),))
    assert iron(blast, ORE, SLAG) is None


def test_two_recipes_for_one_material_leave_it_unknown() -> None:
    assert iron(BLAST, technology("reduce", "iron", {"ore": 1.5}), ORE, SLAG) is None


def test_what_a_market_or_a_source_also_sells_is_unknown() -> None:
    assert Contents(park(BLAST, ORE, SLAG, market(sells=("raw", "iron")))).of("iron", "Fe") is None
    assert Contents(park(BLAST, ORE, SLAG, market(), source("yard", "iron"))).of("iron", "Fe") is None


def test_a_release_without_composition_is_unknown() -> None:
    assert Contents(park(BLAST, ORE, market())).of("slag", "Fe") is None


def test_more_than_there_can_be_is_unknown() -> None:
    assert iron(technology("blast", "iron", {"ore": 3.0}), ORE) is None  # 1.5 t of Fe in a tonne
    assert iron(technology("blast", "iron", {"ore": 0.1}, releases={"slag": 1.0}), ORE, SLAG) is None  # −0.05


def test_a_material_made_from_itself_is_unknown() -> None:
    assert iron(technology("blast", "iron", {"ore": 2.0, "iron": 0.1}), ORE) is None


def test_a_weighted_sum_needs_all_of_its_parts() -> None:
    both = Limit(sum={"Fe": 1.0, "S": 2.0}, max=1.0)
    contents = Contents(park(ORE, SLAG, market()))
    assert contents.weighted("ore", both) == pytest.approx(0.52)
    assert contents.weighted("slag", both) is None
    assert contents.weighted("slag", limit("Fe", max=1.0)) == 0.1


def test_properties_are_looked_up_like_substances() -> None:
    contents = Contents(park(material("ash", "solid_waste", properties={"Ra226": 120.0}), market()))
    assert contents.of("ash", "Ra226") == 120.0
    assert contents.of("ash", "Fe") is None
