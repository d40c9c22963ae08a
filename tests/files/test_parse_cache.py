"""Parsed files are kept between runs, and what is kept is never stale, never half there, and never needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mfa.files import library, parse_cache
from mfa.files.library import entries

MATERIALS = "materials:\n  clay: {class: raw, price: 20 CNY/t}\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """The only file of a library, with a cache of its own."""
    path = tmp_path / "models" / "materials" / "all.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(MATERIALS, encoding="utf-8")
    monkeypatch.setattr(library, "data_root", lambda: tmp_path)
    monkeypatch.setenv("MFA_CACHE", str(tmp_path / "cache"))
    library._parsed.cache_clear()
    return path


def price():
    """The price as the library says it now, in the eyes of a process that has not read it yet."""
    library._parsed.cache_clear()
    return entries("materials")["clay"].word("price")


def kept(file):
    return sorted((file.parents[2] / "cache").iterdir())


def refuse(*_):
    raise AssertionError("it is parsed although it is kept")


@pytest.mark.usefixtures("file")
def test_a_parse_is_kept_and_read_back_with_its_places(monkeypatch):
    before = dict(entries("materials"))
    library._parsed.cache_clear()
    monkeypatch.setattr(library, "_without_faults", refuse)
    assert dict(entries("materials")) == before
    assert str(before["clay"].fields["price"].mark) == "models/materials/all.yaml:2:29"


def test_a_changed_file_of_the_same_size_and_time_is_read_anew(file):
    assert price() == "20 CNY/t"
    stamp = file.stat()
    file.write_text(MATERIALS.replace("20", "40"), encoding="utf-8")
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (stamp.st_size, stamp.st_mtime_ns)
    assert price() == "40 CNY/t"
    assert len(kept(file)) == 2


def test_another_parser_reads_anew(file, monkeypatch):
    entries("materials")
    library._parsed.cache_clear()
    parse_cache._parser.cache_clear()
    monkeypatch.setattr(parse_cache.ruamel.yaml, "__version__", "0")
    entries("materials")
    parse_cache._parser.cache_clear()
    assert len(kept(file)) == 2


@pytest.mark.parametrize("damage", ["", "not json", "[1, 2]", '{"a": 1}', '["x", 1]'])
def test_a_damaged_parse_is_read_again(file, damage):
    assert price() == "20 CNY/t"
    for path in kept(file):
        path.write_text(damage, encoding="utf-8")
    assert price() == "20 CNY/t"


def test_a_place_that_cannot_be_written_only_costs_time(file, monkeypatch):
    monkeypatch.setenv("MFA_CACHE", str(file))  # a file, where a folder should be
    assert price() == "20 CNY/t"


@pytest.mark.usefixtures("file")
def test_a_user_without_a_home_only_waits(monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("MFA_CACHE")
    monkeypatch.setattr(parse_cache, "folder", homeless)
    assert price() == "20 CNY/t"


def test_the_oldest_are_forgotten(file, monkeypatch):
    monkeypatch.setattr(parse_cache, "MOST_KEPT", 2)
    for amount in (20, 30, 40, 50):
        file.write_text(MATERIALS.replace("20", str(amount)), encoding="utf-8")
        assert price() == f"{amount} CNY/t"
    assert len(kept(file)) == 2


def test_processes_that_start_together_share_a_cache_and_leave_nothing_half_there(tmp_path):
    code = "from mfa.files import library; print(sum(len(library.entries(s)) for s in library.SHELVES))"
    environment = {**os.environ, "MFA_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    started = [subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
               for _ in range(2)]  # fmt: skip
    assert len({process.communicate()[0] for process in started}) == 1
    files = {path.name for path in (tmp_path / "cache").iterdir()}
    assert len(files) == sum(len(library.files(shelf)) for shelf in library.SHELVES)
    assert all(name.endswith(".json") for name in files)
