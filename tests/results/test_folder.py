"""Run folders appear whole or not at all, and only where they may."""

import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mfa.errors import FolderError
from mfa.results.folder import new_run_folder, write_new
from mfa.results.names import run_name


def left(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_folder_appears_when_it_is_complete(tmp_path):
    with new_run_folder(tmp_path / "out", "My park", "0123456789abcdef") as place:
        write_new(place.temporary / "a.txt", b"a")
        assert not place.final.exists()
        assert place.temporary.parent == place.final.parent
    assert place.final.parent == tmp_path / "out" / "my_park"
    assert place.final.name.endswith("Z-01234567")
    assert left(place.final) == ["a.txt"]
    assert [path.name for path in place.final.parent.iterdir()] == [place.final.name]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_nothing_is_left_of_a_run_that_failed(tmp_path, error):
    def fail():
        with new_run_folder(tmp_path, "x", "0" * 8) as place:
            write_new(place.temporary / "a.txt", b"a")
            raise error

    with pytest.raises(error):
        fail()
    assert left(tmp_path) == ["x"]


def test_two_runs_of_one_moment_get_two_folders(tmp_path, monkeypatch):
    monkeypatch.setattr("mfa.results.folder.run_name", lambda _, digest: digest)
    with new_run_folder(tmp_path, "x", "same") as first, new_run_folder(tmp_path, "x", "same") as second:
        pass
    with new_run_folder(tmp_path, "x", "same") as third:
        pass
    assert [place.final.name for place in (first, second, third)] == ["same", "same-2", "same-3"]
    assert left(tmp_path / "x") == ["same", "same-2", "same-3"]


def test_a_name_tells_time_and_input():
    assert run_name(datetime(2026, 1, 31, 8, 9, 10, tzinfo=UTC), "1f0c2a9eff") == "20260131T080910Z-1f0c2a9e"


def test_a_link_in_the_place_of_the_scenario_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "x").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FolderError) as caught, new_run_folder(tmp_path, "x", "0" * 8):
        pytest.fail("the run must not start")
    assert str(caught.value) == f"{tmp_path / 'x'} is a symbolic link; runs are written to real folders only"
    assert left(tmp_path / "elsewhere") == []


def test_a_file_in_the_place_of_the_folder_is_refused_before_the_run_starts(tmp_path):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(FolderError) as caught, new_run_folder(tmp_path / "out", "x", "0" * 8):
        pytest.fail("the run must not start")
    assert str(caught.value) == (
        f"{tmp_path / 'out'}: cannot be written (File exists); choose another folder with --out"
    )


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused_before_the_run_starts(tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(FolderError, match="Permission denied"), new_run_folder(tmp_path, "x", "0" * 8):
            pytest.fail("the run must not start")
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_folder_that_takes_no_files_is_refused_before_the_run_starts():
    with (
        pytest.raises(FolderError, match=r"^/dev/null: cannot be written"),
        new_run_folder(Path("/dev/null"), "x", "0" * 8),
    ):
        pytest.fail("the run must not start")


@pytest.mark.parametrize("make", ["file", "link", "fifo"])
def test_a_file_is_never_written_over_what_stands_there(tmp_path, make):
    path = tmp_path / "a"
    {"file": path.touch, "link": lambda: path.symlink_to("/dev/full"), "fifo": lambda: os.mkfifo(path)}[make]()
    with pytest.raises(FileExistsError):
        write_new(path, b"data")


def test_a_full_disk_leaves_nothing_behind(tmp_path):
    resource = pytest.importorskip("resource")
    import signal

    from mfa.results.folder import folder_errors

    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(FolderError, match=r"cannot be written \(File too large\)"):  # noqa: SIM117
            with new_run_folder(tmp_path, "x", "0" * 8) as place, folder_errors(place.final):
                write_new(place.temporary / "a", b"a" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert left(tmp_path) == ["x"]
