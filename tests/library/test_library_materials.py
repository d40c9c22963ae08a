"""Materials: compositions, codes and properties that are possible."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from library_files import Entry, number, numbers, shelf

MATERIALS = shelf("materials")
EU_CODES = {
    line
    for line in (Path(__file__).parent / "eu_list_of_waste.txt").read_text(encoding="utf-8").splitlines()
    if line[0] != "#"
}
CN_CATALOGUE = {*range(1, 60)} - {8} | {*range(60, 100)}
"""Two-digit classes of China's catalogue of solid wastes of 2024: S01-S59 without S08, then domestic to other."""

HAZARDOUS_ONLY_IN_EUROPE = {"carbide_slag", "dried_carbide_slag", "slaked_lime_waste"}
"""Calcium hydroxide has a hazard mark in the EU list; China lists these among chemical residues."""

CALCIUM = 56.08 / 100.09
HOTTEST = 142.0  # GJ/t, hydrogen on its higher heating value

each_material = pytest.mark.parametrize("key", sorted(MATERIALS))


def parts(entry: Entry) -> dict[str, float]:
    """Parts of the dry mass that exclude each other: SO3 holds the sulphur that S counts again."""
    composition = numbers(entry, "composition")
    if {"SO3", "S"} <= composition.keys():
        del composition["S"]
    return composition


@each_material
def test_parts_add_up_to_at_most_one(key: str) -> None:
    assert sum(parts(MATERIALS[key]).values()) <= 1.0 + 1e-9


@each_material
def test_loss_on_ignition_leaves_room_for_the_oxides(key: str) -> None:
    entry = MATERIALS[key]
    loss = numbers(entry, "properties").get("LOI", 0.0)
    oxides = {name: part for name, part in parts(entry).items() if name not in {"C", "S", "Cl"}}
    assert 0.0 <= loss <= 0.6
    assert loss + sum(oxides.values()) <= 1.02  # analyses close to two percent


@each_material
def test_values_are_possible(key: str) -> None:
    entry = MATERIALS[key]
    assert 0.0 <= number(entry.get("moisture", 0.0)) < 0.95
    assert all(0.0 <= part <= 1.0 for part in numbers(entry, "composition").values())
    assert 0.0 <= numbers(entry, "properties").get("GJ_per_t", 0.0) <= HOTTEST
    assert -50.0 <= number(entry.get("temperature_c", 20.0)) <= 1600.0


@each_material
def test_energy_is_counted_in_gigajoules(key: str) -> None:
    entry = MATERIALS[key]
    assert (entry.get("unit", "t") == "GJ") == (entry["class"] == "energy")


@each_material
def test_codes_exist(key: str) -> None:
    codes = MATERIALS[key].get("codes", {})
    assert codes.keys() <= {"cn", "eu_low"}
    if "eu_low" in codes:
        assert codes["eu_low"] in EU_CODES
    if "cn" in codes:
        kind, digits = re.fullmatch(r"(SW|HW)(\d\d)", codes["cn"]).groups()  # type: ignore[union-attr]
        assert int(digits) in (CN_CATALOGUE if kind == "SW" else range(1, 51))


@each_material
def test_hazardous_waste_and_its_codes_agree(key: str) -> None:
    entry = MATERIALS[key]
    codes = entry.get("codes", {})
    hazardous = entry["class"] == "hazardous_waste"
    if "cn" in codes:
        assert codes["cn"].startswith("HW") == hazardous
    if "eu_low" in codes and key not in HAZARDOUS_ONLY_IN_EUROPE:
        assert codes["eu_low"].endswith("*") == hazardous


def test_no_limestone_holds_more_calcium_than_pure_carbonate() -> None:
    for key in ("limestone", "lime_mud", "calcium_carbonate"):
        assert number(MATERIALS[key]["composition"]["CaO"]) <= CALCIUM + 1e-3


def test_the_nine_bulk_wastes_and_eleven_secondary_resources_are_there() -> None:
    bulk = (
        "iron_tailings waste_rock coal_gangue fly_ash steel_slag copper_slag metallurgical_dust red_mud "
        "phosphogypsum fgd_gypsum carbide_slag"
    )
    secondary = (
        "scrap_steel scrap_nonferrous waste_paper waste_tyres waste_plastics waste_oil waste_electronics "
        "end_of_life_vehicles waste_textiles traction_batteries construction_waste"
    )
    assert {*bulk.split(), *secondary.split()} <= MATERIALS.keys()
    assert all(MATERIALS[key]["class"] == "bulk_solid_waste" for key in bulk.split())


def test_heat_grades_go_downhill() -> None:
    grades = ["steam_high_pressure", "steam", "steam_low_pressure", "hot_water", "warm_water"]
    temperatures = [number(MATERIALS[key]["temperature_c"]) for key in grades]
    assert temperatures == sorted(temperatures, reverse=True)
