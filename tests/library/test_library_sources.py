"""Every entry of the library says where it is from, in words and numbers that can be true."""

from __future__ import annotations

import csv
import re

import pytest
from library_files import CONFIDENCES, MODELS, Entry, number, shelf, sourced_parts, value_at

SHELVES = ("materials", "technologies", "routes")
ALL = [pytest.param(entry, id=key) for name in SHELVES for key, entry in shelf(name).items()]

each_entry = pytest.mark.parametrize("entry", ALL)


@each_entry
def test_every_part_has_a_source_and_a_confidence(entry: Entry) -> None:
    for part in sourced_parts(entry):
        assert part.get("source"), part
        assert part.get("confidence") in CONFIDENCES, part


@each_entry
def test_memory_is_never_without_its_mark(entry: Entry) -> None:
    for part in sourced_parts(entry):
        if part["confidence"] == "memory":
            assert "memory" in part["source"], part


@each_entry
def test_evidence_and_ranges_name_values_that_are_there(entry: Entry) -> None:
    for path in (*entry.get("evidence", {}), *entry.get("ranges", {})):
        value_at(entry, path)


@each_entry
def test_the_typical_value_lies_in_its_range(entry: Entry) -> None:
    for path, (low, high) in entry.get("ranges", {}).items():
        typical = number(value_at(entry, path))
        assert number(low) - 1e-9 <= typical <= number(high) + 1e-9, path


@each_entry
def test_no_source_names_a_place_of_this_machine(entry: Entry) -> None:
    for part in sourced_parts(entry):
        assert not re.search(r"(^|\s)/\w+/|localhost", str(part["source"])), part


@pytest.mark.parametrize("name", SHELVES)
def test_ids_are_plain_words(name: str) -> None:
    for key in shelf(name):
        assert re.fullmatch(r"[a-z0-9_-]+", key), key


@pytest.mark.parametrize("name", [*SHELVES, "sectors", "needs"])
def test_names_are_bilingual(name: str) -> None:
    for key, entry in shelf(name).items():
        text = entry["use"] if name == "routes" else entry["name"]
        assert text["en"].strip(), key
        assert not re.search("[\u4e00-\u9fff]", text["en"]), key
        assert re.search("[\u4e00-\u9fff]", text["zh"]), key


@pytest.mark.parametrize("name", ["materials", "technologies", "sectors", "needs"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_entries_have_one_name(name: str, language: str) -> None:
    seen: dict[str, str] = {}
    for key, entry in shelf(name).items():
        text = entry["name"][language].casefold()
        assert text not in seen, f"{key} and {seen.get(text)} are both '{text}'"
        seen[text] = key


def test_materials_and_technologies_share_no_id() -> None:
    assert not shelf("materials").keys() & shelf("technologies").keys()


def test_the_library_is_large() -> None:
    assert len(shelf("materials")) >= 100
    assert len(shelf("technologies")) >= 50


def test_benchmarks_have_names_in_both_languages_a_source_and_a_confidence() -> None:
    with (MODELS / "benchmarks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    for row in rows:
        assert all(row[name] for name in row if name != "unit"), row
        assert re.search("[\u4e00-\u9fff]|CO2", row["measure_zh"]), row
        assert re.search("[\u4e00-\u9fff]", row["name_zh"]), row
        assert row["kind"] in {"actual", "target", "default"}, row
        assert (row["confidence"] == "memory") == ("memory" in row["source"]), row
    same = [(row["name_en"], row["measure_en"], row["year"], row["kind"]) for row in rows]
    assert len(same) == len(set(same))
