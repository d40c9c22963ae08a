"""The library: where it is, what it holds, and that nothing of it goes stale."""

import os
from pathlib import Path

import pytest

from mfa.files import library, read_scenario
from mfa.files.tree import UnreadableError

SCENARIO = """mfa: 1
time: {start: 2025-01-01, end: 2025-12-31}
park:
  firms: {works: {runs: smelting, capacity: 100}}
  boundary: {market: {kind: market}}
"""


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A library of two files in an empty folder."""
    for name, text in {
        "materials/metal.yaml": "materials:\n  ore: {class: raw}\n  iron: {class: product, price: 3000 CNY/t}\n",
        "technologies/metal.yaml": "technologies:\n  smelting: {product: iron, uses: {ore: 1.5 t/t}}\n",
    }.items():
        path = tmp_path / "models" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(library, "data_root", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "park.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def test_the_data_stand_beside_the_package_in_a_checkout():
    assert (library.data_root() / "models" / "materials").is_dir()


def test_the_data_stand_inside_an_installed_package(tmp_path, monkeypatch):
    (tmp_path / "mfa" / "data" / "models").mkdir(parents=True)
    monkeypatch.setattr(library.mfa, "__file__", str(tmp_path / "mfa" / "__init__.py"))
    assert library.data_root() == tmp_path / "mfa" / "data"


def test_only_what_is_used_is_taken(shelf):
    (shelf / "models" / "materials" / "other.yaml").write_text("materials:\n  gold: {class: raw}\n", encoding="utf-8")
    park = read_scenario("park.yaml").scenario.park
    assert (set(park.materials), set(park.technologies)) == ({"ore", "iron"}, {"smelting"})


def test_a_changed_file_is_read_again(shelf):
    assert read_scenario("park.yaml").scenario.park.materials["iron"].price == 3000
    path = shelf / "models" / "materials" / "metal.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("3000", "4000"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert read_scenario("park.yaml").scenario.park.materials["iron"].price == 4000


def test_a_wrong_entry_is_told_in_its_file(shelf):
    path = shelf / "models" / "technologies" / "metal.yaml"
    path.write_text("technologies:\n  smelting: {product: iron, uses: {ore: 1.5 GJ/t}, oppex: 5}\n", encoding="utf-8")
    assert [str(problem) for problem in read_scenario("park.yaml").problems] == [
        "models/technologies/metal.yaml:2:41: error: technologies.smelting.uses.ore: "
        "expected a quantity in t/t, got '1.5 GJ/t' in GJ/t; write it as 1.3 t/t",
        "models/technologies/metal.yaml:2:52: error: technologies.smelting.oppex: "
        "unknown key 'oppex'; did you mean 'opex' or 'capex'?",
    ]


def test_one_id_in_two_files_is_told(shelf):
    (shelf / "models" / "materials" / "more.yaml").write_text("materials:\n  ore: {class: raw}\n", encoding="utf-8")
    assert [str(problem) for problem in read_scenario("park.yaml").problems] == [
        "models/materials/more.yaml:2:3: error: materials.ore: "
        "'ore' is already defined in models/materials/metal.yaml:2:3; remove one of the two"
    ]


def test_a_file_of_another_form_is_told(shelf):
    (shelf / "models" / "materials" / "more.yaml").write_text("ore: {class: raw}\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"^expected a mapping with the key 'materials'$"):
        library.materials()


@pytest.mark.parametrize("shelf_name", ["materials", "technologies"])
def test_every_file_of_the_library_is_read(shelf_name):
    files = sorted((library.data_root() / "models" / shelf_name).glob("*.yaml"))
    held = {node.mark.file for node in library.entries(shelf_name).values()}
    assert held == {f"models/{shelf_name}/{Path(file).name}" for file in files}
