"""Technologies: recipes against molar masses, references, treatments."""

from __future__ import annotations

import pytest
from library_files import Entry, number, numbers, shelf

MATERIALS = shelf("materials")
TECHNOLOGIES = shelf("technologies")

MOLAR = {
    "CaO": 56.08, "CO2": 44.01, "CaCO3": 100.09, "CaOH2": 74.09, "C": 12.011, "CaC2": 64.10, "CO": 28.01, "H2O": 18.015,
    "C2H2": 26.04, "NaCl": 58.44, "NaOH": 40.00, "Cl2": 70.90, "H2": 2.016, "HCl": 36.46, "NH3": 17.031, "urea": 60.06,
    "HNO3": 63.01, "FeCl2": 126.75, "Fe2O3": 159.69, "O2": 32.00, "H2SO4": 98.08, "ammonium_sulphate": 132.14,
    "gypsum": 172.17, "hemihydrate": 145.15, "ethanol": 46.07,
}  # fmt: skip

STOICHIOMETRY = [
    # technology, field, material, moles and substance of it, moles and substance of the main product
    ("carbide_furnace", "uses", "lime", (1, "CaO"), (1, "CaC2")),
    ("carbide_furnace", "uses", "coke", (3, "C"), (1, "CaC2")),
    ("carbide_furnace", "releases", "furnace_gas_co", (1, "CO"), (1, "CaC2")),
    ("acetylene_plant", "uses", "calcium_carbide", (1, "CaC2"), (1, "C2H2")),
    ("acetylene_plant", "takes", "water", (2, "H2O"), (1, "C2H2")),
    ("acetylene_plant", "releases", "carbide_slag", (1, "CaOH2"), (1, "C2H2")),
    ("chlor_alkali", "takes", "water", (1, "H2O"), (1, "NaOH")),
    ("chlor_alkali", "releases", "chlorine", (0.5, "Cl2"), (1, "NaOH")),
    ("chlor_alkali", "releases", "hydrogen", (0.5, "H2"), (1, "NaOH")),
    ("hydrogen_chloride_synthesis", "uses", "chlorine", (0.5, "Cl2"), (1, "HCl")),
    ("hydrogen_chloride_synthesis", "uses", "hydrogen", (0.5, "H2"), (1, "HCl")),
    ("urea_plant", "uses", "ammonia", (2, "NH3"), (1, "urea")),
    ("urea_plant", "uses", "carbon_dioxide", (1, "CO2"), (1, "urea")),
    ("urea_plant", "releases", "waste_water", (1, "H2O"), (1, "urea")),
    ("pickling_acid_regeneration", "uses", "spent_pickling_acid", (4, "FeCl2"), (2, "Fe2O3")),
    ("pickling_acid_regeneration", "takes", "air", (1, "O2"), (2, "Fe2O3")),
    ("pickling_acid_regeneration", "releases", "hydrogen_chloride", (8, "HCl"), (2, "Fe2O3")),
    ("spent_acid_ammonium_sulphate", "uses", "ammonia", (2, "NH3"), (1, "ammonium_sulphate")),
    ("spent_acid_ammonium_sulphate", "uses", "spent_sulphuric_acid", (1, "H2SO4"), (1, "ammonium_sulphate")),
    ("gypsum_calcination", "uses", "natural_gypsum", (1, "gypsum"), (1, "hemihydrate")),
    ("carbide_slag_carbonation", "uses", "carbon_dioxide", (1, "CO2"), (1, "CaCO3")),
    ("carbide_slag_carbonation", "releases", "waste_water", (1, "H2O"), (1, "CaCO3")),
    ("molasses_ethanol", "releases", "carbon_dioxide", (1, "CO2"), (1, "ethanol")),
    ("grain_ethanol", "releases", "carbon_dioxide", (1, "CO2"), (1, "ethanol")),
]

each_technology = pytest.mark.parametrize("key", sorted(TECHNOLOGIES))


@pytest.mark.parametrize(("key", "field", "material", "part", "product"), STOICHIOMETRY)
def test_amounts_follow_from_molar_masses(
    key: str, field: str, material: str, part: tuple[float, str], product: tuple[float, str]
) -> None:
    expected = part[0] * MOLAR[part[1]] / (product[0] * MOLAR[product[1]])
    assert number(TECHNOLOGIES[key][field][material]) == pytest.approx(expected, rel=5e-3)


def test_impure_inputs_follow_from_their_content() -> None:
    slag = numbers(TECHNOLOGIES["carbide_slag_carbonation"], "uses")["carbide_slag"]
    pure = number(MATERIALS["carbide_slag"]["composition"]["CaO"]) * MOLAR["CaOH2"] / MOLAR["CaO"]
    assert slag * pure == pytest.approx(MOLAR["CaOH2"] / MOLAR["CaCO3"], rel=2e-3)
    lime, stone = (number(MATERIALS[key]["composition"]["CaO"]) for key in ("lime", "limestone"))
    assert numbers(TECHNOLOGIES["lime_kiln"], "uses")["limestone"] == pytest.approx(lime / stone, rel=2e-3)


def test_zinc_and_iron_are_not_made_from_nothing() -> None:
    dust = numbers(TECHNOLOGIES["waelz_kiln"], "uses")["eaf_dust"] * number(MATERIALS["eaf_dust"]["composition"]["Zn"])
    assert dust >= number(MATERIALS["waelz_oxide"]["composition"]["Zn"])
    recovery = TECHNOLOGIES["red_mud_iron_recovery"]
    mud = numbers(recovery, "uses")["red_mud"] * number(MATERIALS["red_mud"]["composition"]["Fe2O3"])
    iron = number(MATERIALS["iron_concentrate_from_red_mud"]["composition"]["Fe2O3"])
    assert iron / mud == pytest.approx(0.70, abs=5e-3)


@pytest.mark.parametrize("key", ["copper_smelter", "zinc_smelter", "lead_smelter"])
def test_acid_holds_no_more_sulphur_than_the_concentrate(key: str) -> None:
    entry = TECHNOLOGIES[key]
    brought = sum(
        amount * number(MATERIALS[material].get("composition", {}).get("S", 0.0))
        for material, amount in numbers(entry, "uses").items()
    )
    assert numbers(entry, "releases")["sulphuric_acid"] * 32.06 / MOLAR["H2SO4"] <= brought


@each_technology
def test_what_a_technology_names_is_in_the_library(key: str) -> None:
    entry = TECHNOLOGIES[key]
    accepted = {material for a in entry.get("accepts", ()) for material in (a["material"], a["replaces"])}
    named = {entry["product"], *accepted, *(m for f in ("uses", "releases", "takes") for m in entry.get(f, {}))}
    assert named <= MATERIALS.keys()
    assert all(a["replaces"] in entry["uses"] for a in entry.get("accepts", ()))


@each_technology
def test_nothing_replaces_itself_or_twice(key: str) -> None:
    pairs = [(a["material"], a["replaces"]) for a in TECHNOLOGIES[key].get("accepts", ())]
    assert len(pairs) == len(set(pairs))
    assert all(material != replaced for material, replaced in pairs)


def waste(material: str) -> bool:
    return MATERIALS[material]["class"].endswith("waste")


def treatments() -> list[Entry]:
    return [entry for entry in TECHNOLOGIES.values() if entry.get("kind") == "treatment"]


def test_a_treatment_takes_one_waste_and_keeps_its_class() -> None:
    for entry in treatments():
        taken = [material for material in entry["uses"] if waste(material)]
        assert len(taken) == 1, entry["name"]["en"]
        assert MATERIALS[entry["product"]]["class"] == MATERIALS[taken[0]]["class"], entry["name"]["en"]


def test_fuel_carbon_is_the_same_wherever_a_fuel_burns() -> None:
    factors: dict[str, set[float]] = {}
    for key, entry in TECHNOLOGIES.items():
        if key == "coal_ammonia":  # part of its carbon dioxide is captured
            continue
        for fuel in ("coal", "coke", "natural_gas"):
            if fuel in entry.get("emits_per", {}):
                factors.setdefault(fuel, set()).add(number(entry["emits_per"][fuel]["co2"]))
    assert factors == {"coal": {1.95}, "coke": {3.067}, "natural_gas": {2.743}}


def test_common_cement_takes_no_slag_that_gb_175_excludes() -> None:
    """GB 175-2023 clause 5; steel slag cement is another product with a standard of its own."""
    excluded = {"steel_slag", "steel_slag_powder", "aged_steel_slag", "phosphorus_slag", "magnesium_slag"}
    for key, entry in TECHNOLOGIES.items():
        if key.startswith("cement_mill"):
            assert not excluded & {a["material"] for a in entry["accepts"]}, key


@pytest.mark.parametrize(
    ("key", "share"),
    [("pii", 0.05), ("po", 0.20), ("pf", 0.40), ("ps", 0.50), ("pp", 0.40), ("pc", 0.50), ("psb", 0.70)],
)
def test_additions_stay_within_their_band(key: str, share: float) -> None:
    mill = TECHNOLOGIES[f"cement_mill_{key}"]
    caps = [number(limit["max"]) for limit in mill["limits"] if "gb175_addition" in limit.get("sum", {})]
    assert caps == [share]


def test_the_kiln_burns_a_raw_meal_as_printed() -> None:
    """Ranges of practice, % of the dry raw meal (civilatwork.blogspot.com 2017/04); rounding may miss them by 0.3."""
    kiln = numbers(TECHNOLOGIES["clinker_kiln"], "uses")
    meal = {material: amount for material, amount in kiln.items() if material != "coal"}
    for oxide, (low, high) in {"CaO": (43, 46), "SiO2": (12, 15), "Al2O3": (3, 4), "Fe2O3": (2, 3)}.items():
        held = sum(
            amount * numbers(MATERIALS[material], "composition").get(oxide, 0.0) for material, amount in meal.items()
        )
        assert low - 0.3 <= 100 * held / sum(meal.values()) <= high + 0.3, oxide
