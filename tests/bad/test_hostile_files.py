"""Rows 8, 9 and 10: bombs, deep nesting, giants and bytes that are no text end in a message, with little effort."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa.files import read_scenario
from mfa.files.cells import ROWS_OPTION
from mfa.files.characters import SIZE_OPTION

ROOT = Path(__file__).parents[2]
SECONDS = 60
"""A wall against a hang; what is measured is processor time, by the kernel."""

READ_IN_LITTLE_ROOM = """
import math, re, resource, sys
from pathlib import Path
from mfa.files import read_scenario
used = resource.getrusage(resource.RUSAGE_SELF)
seconds = math.ceil(used.ru_utime + used.ru_stime) + 1
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
reading = read_scenario(sys.argv[1])
# Not ru_maxrss: it starts at what the parent held when it forked.
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) < 200_000)
print(*reading.problems, sep="\\n")
"""


def alias_bomb():
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(levels)


def merge_bomb():
    levels = ["a0: &a0 {k: v}"]
    levels += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 8)]
    return "\n".join(levels)


BOMBS = {
    "alias bomb": (alias_bomb(), "1:5: error: a0: anchors and aliases (& and *) are not allowed; write the value out"),
    "merge bomb": (merge_bomb(), "1:5: error: a0: anchors and aliases (& and *) are not allowed; write the value out"),
    "a million aliases": (
        "mfa: &a 1\nlist: [" + "*a, " * 1_000_000 + "]",
        "1:6: error: mfa: anchors and aliases (& and *) are not allowed; write the value out",
    ),
    "deep lists": ("[" * 100_000, "1:65: error: nested deeper than 64 levels; flatten it"),
    "deep mappings": ("{a: " * 100_000, "1:257: error: nested deeper than 64 levels; flatten it"),
    "deep blocks": ("- " * 100_000, "1:129: error: nested deeper than 64 levels; flatten it"),
    "open for ever": ("a: '" + "x" * 1_000_000, "1:1000005: error: a quote that was opened is never closed"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="resource limits and their units differ")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_go_off(name, tmp_path):
    text, answer = BOMBS[name]
    (tmp_path / "bomb.yaml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READ_IN_LITTLE_ROOM, "bomb.yaml"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["True", f"bomb.yaml:{answer}"]


def test_a_giant_file_is_refused_with_the_option_that_allows_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("giant.yaml").write_bytes(b"mfa: 1\n" + b"#" * 10_000_000)
    assert [str(problem) for problem in read_scenario("giant.yaml").problems] == [
        "giant.yaml:1:1: error: the file is larger than 10 MB; "
        "put large tables into CSV files, or set MFA_MAX_FILE_MB to allow more"
    ]
    monkeypatch.setenv(SIZE_OPTION, "11")
    assert "larger" not in str(read_scenario("giant.yaml").problems)


def test_a_table_of_too_many_rows_is_refused_with_the_option_that_allows_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(ROWS_OPTION, "3")
    Path("park.yaml").write_text("mfa: 1\npark: {firms: {table: firms.csv}}\n", encoding="utf-8")
    Path("firms.csv").write_text("id,runs\n" + "".join(f"f{n},x\n" for n in range(5)), encoding="utf-8")
    assert [str(problem) for problem in read_scenario("park.yaml").problems] == [
        "firms.csv:6:1: error: more than 3 rows; set MFA_MAX_ROWS to allow more"
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_is_no_file_and_does_not_hang(tmp_path):
    code = "import os; from mfa.files import read_scenario; os.mkfifo('p'); read_scenario('p')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.stderr.splitlines()[-1].endswith("p is not an ordinary file")


def test_a_folder_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder.yaml").mkdir()
    with pytest.raises(Exception, match=r"^folder\.yaml cannot be read: Is a directory$|not an ordinary file"):
        read_scenario("folder.yaml")


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_end_in_a_message(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("bytes") / "any.yaml"
    path.write_bytes(content)
    assert read_scenario(path).problems


TELLING_BYTES = b" :-{}[],'\"&*!|>%@`#\n\t01eE.abcZ\xe5\xff"
GOOD = (Path(__file__).parent / "files" / "10_bom.yaml").read_bytes()


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_good_file_with_some_bytes_changed_is_read_or_told(seed, tmp_path_factory):
    """Every mutation of a good file gives a scenario or errors that each have a place."""
    draw = random.Random(seed)
    content = bytearray(GOOD)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(content))
        content[at : at + draw.randint(0, 3)] = bytes(
            draw.choice(b" :-{}[],'\"&*!|>%@`#\n\t01eE.abcZ\xe5\xff") for _ in range(2)
        )
    path = tmp_path_factory.mktemp("bytes") / "changed.yaml"
    path.write_bytes(bytes(content))
    reading = read_scenario(path)
    assert (reading.scenario is None) == bool(reading.errors)
    assert all(problem.place.split(":")[-1].isdigit() for problem in reading.problems)
