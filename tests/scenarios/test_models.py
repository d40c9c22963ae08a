"""The library: every number has a source, every name two languages, every recipe a balance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shipped import number, shelf

CONFIDENCES = {"found", "derived", "memory", "assumed", "illustrative"}
ENTRIES = shelf("materials") | shelf("technologies")
TECHNOLOGIES = shelf("technologies")
GAPS = json.loads((Path(__file__).parent / "open_gaps.json").read_text(encoding="utf-8"))

each_entry = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
each_technology = pytest.mark.parametrize("key", sorted(TECHNOLOGIES))


def parts_with_evidence(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        entry,
        *entry.get("evidence", {}).values(),
        *entry.get("accepts", ()),
        *entry.get("limits", ()),
    ]


@each_entry
def test_every_number_has_a_source_and_a_confidence(entry: dict[str, Any]) -> None:
    for part in parts_with_evidence(entry):
        assert part.get("source"), part
        assert part.get("confidence") in CONFIDENCES, part


@each_entry
def test_what_comes_from_memory_says_so(entry: dict[str, Any]) -> None:
    for part in parts_with_evidence(entry):
        if part["confidence"] == "memory":
            assert "memory" in part["source"], part


@each_entry
def test_evidence_names_a_value_that_is_there(entry: dict[str, Any]) -> None:
    for path in entry.get("evidence", {}):
        field, _, name = path.partition(".")
        assert field in entry, path
        assert not name or name in entry[field], path


@each_entry
def test_names_exist_in_english_and_chinese(entry: dict[str, Any]) -> None:
    assert entry["name"]["en"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in entry["name"]["zh"])


def test_no_name_stands_for_a_material_and_a_technology(
    materials: dict[str, dict[str, Any]], technologies: dict[str, dict[str, Any]]
) -> None:
    assert not materials.keys() & technologies.keys()


def test_compositions_add_up_to_at_most_one(materials: dict[str, dict[str, Any]]) -> None:
    for key, entry in materials.items():
        parts = {name: number(value) for name, value in entry.get("composition", {}).items()}
        if {"SO3", "S"} <= parts.keys():
            del parts["S"]  # SO3 holds that sulphur already
        assert sum(parts.values()) <= 1.0, key


def is_mass(material: str, materials: dict[str, dict[str, Any]]) -> bool:
    return materials[material].get("unit", "t") == "t"


def gap(technology: dict[str, Any], materials: dict[str, dict[str, Any]]) -> float:
    """Dry tonnes in and taken less dry tonnes out and emitted, per unit of the main product, virgin feed."""
    uses = {m: number(x) for m, x in technology["uses"].items()} if "uses" in technology else {}
    taken = sum(number(x) for x in technology.get("takes", {}).values())
    made = {m: number(x) for m, x in technology.get("releases", {}).items()}
    made[technology["product"]] = made.get(technology["product"], 0.0) + 1.0
    emitted = sum(
        number(factor) * uses.get(material, 0.0)  # a substitute is not in the virgin feed
        for material, gases in technology.get("emits_per", {}).items()
        for factor in gases.values()
    )
    into = sum(amount for material, amount in uses.items() if is_mass(material, materials))
    return into + taken - sum(x for m, x in made.items() if is_mass(m, materials)) - emitted


@each_technology
def test_mass_balances_close_or_the_gap_is_listed(key: str, materials: dict[str, dict[str, Any]]) -> None:
    assert gap(TECHNOLOGIES[key], materials) == pytest.approx(GAPS.get(key, 0.0), abs=1.5e-3)


def test_listed_gaps_are_gaps_of_technologies_that_exist() -> None:
    assert GAPS.keys() <= TECHNOLOGIES.keys()


@each_technology
def test_a_technology_names_only_materials_of_the_library(key: str, materials: dict[str, dict[str, Any]]) -> None:
    technology = TECHNOLOGIES[key]
    named = {
        technology["product"],
        *technology.get("uses", {}),
        *technology.get("releases", {}),
        *technology.get("takes", {}),
    }
    for acceptance in technology.get("accepts", ()):
        named |= {acceptance["material"], acceptance["replaces"]}
        assert acceptance["replaces"] in technology["uses"]
    assert named <= materials.keys()


@each_technology
def test_feeds_of_limited_lines_are_known(key: str, materials: dict[str, dict[str, Any]]) -> None:
    technology = TECHNOLOGIES[key]
    feeds = {*technology.get("uses", {}), *(a["material"] for a in technology.get("accepts", ()))}
    for limit in technology.get("limits", ()):
        for substance in limit.get("sum", {limit.get("substance"): 1}):
            for feed in feeds:
                known = {**materials[feed].get("composition", {}), **materials[feed].get("properties", {})}
                assert substance in known, f"{substance} of {feed}"


def acceptance(technologies: dict[str, dict[str, Any]], technology: str, material: str) -> dict[str, Any]:
    return next(a for a in technologies[technology]["accepts"] if a["material"] == material)


def test_carbide_slag_replaces_more_limestone_than_its_own_weight(technologies: dict[str, dict[str, Any]]) -> None:
    calcium_hydroxide, calcium_carbonate = 74.09, 100.09  # g/mol; both hold one CaO
    stoichiometric = calcium_carbonate / calcium_hydroxide
    assert stoichiometric == pytest.approx(1.351, abs=5e-4)
    assert number(acceptance(technologies, "clinker_kiln", "carbide_slag")["ratio"]) == pytest.approx(
        stoichiometric, rel=0.05
    )


@pytest.mark.parametrize(
    ("technology", "material", "substance"),
    [
        ("coal_chp", "carbide_slag", "CaO"),
        ("clinker_kiln", "steel_slag", "CaO"),
        ("clinker_kiln", "red_mud", "Fe2O3"),
        ("clinker_kiln", "washed_red_mud", "Fe2O3"),
        ("clinker_kiln", "metallurgical_dust", "Fe2O3"),
        ("aac_block", "carbide_slag", "CaO"),
    ],
)
def test_ratios_follow_from_what_the_materials_hold(
    technology: str,
    material: str,
    substance: str,
    materials: dict[str, dict[str, Any]],
    technologies: dict[str, dict[str, Any]],
) -> None:
    entry = acceptance(technologies, technology, material)
    held, replaced = (number(materials[m]["composition"][substance]) for m in (material, entry["replaces"]))
    assert number(entry["ratio"]) == pytest.approx(held / replaced, rel=0.02)


@pytest.mark.parametrize(
    ("technology", "fuel", "carbon_per_gj"),
    [("coal_chp", "coal", 0.02308), ("gangue_cfb", "coal_gangue", 0.02541), ("blast_furnace", "coke", 0.02942)],
)
def test_co2_factors_follow_from_heat_values(
    technology: str,
    fuel: str,
    carbon_per_gj: float,
    materials: dict[str, dict[str, Any]],
    technologies: dict[str, dict[str, Any]],
) -> None:
    heat = number(materials[fuel]["properties"]["GJ_per_t"])
    factor = number(technologies[technology]["emits_per"][fuel]["co2"])
    assert factor == pytest.approx(heat * carbon_per_gj * 44 / 12, rel=2e-3)


def test_a_treatment_loses_no_dry_mass_of_what_it_washes(technologies: dict[str, dict[str, Any]]) -> None:
    for key in ("dealkalisation", "phosphogypsum_purification"):
        technology = technologies[key]
        into = sum(number(x) for x in technology["uses"].values())
        assert into == pytest.approx(1.0 + sum(number(x) for x in technology["releases"].values()))


def test_cement_takes_no_steel_slag(technologies: dict[str, dict[str, Any]]) -> None:
    """GB 175-2023 clause 5; raw meal of the kiln may hold it."""
    for key, technology in technologies.items():
        if technology["product"] == "cement":
            assert "steel_slag" not in {a["material"] for a in technology["accepts"]}, key
    assert acceptance(technologies, "clinker_kiln", "steel_slag")["replaces"] == "limestone"
