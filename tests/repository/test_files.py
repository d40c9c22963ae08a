"""What no file of the project may hold."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# In pieces, so that this file does not hold them either.
HOSTS = (
    "py" + r"pi\.org",
    "python" + "hosted",
    "npm" + r"js\.",
    "deb" + r"ian\.org",
    "ana" + r"conda\.org",
    "tuna" + r"\.",
)
PLACES = ("/wo" + "rk/", "/ro" + "ot/", "/fa" + "rm/", "/ho" + "me/", "/Us" + "ers/")
LARGEST = 2_000_000


def tracked():
    listed = subprocess.run(
        ["git", "-c", "core.quotePath=false", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def texts():
    for file in tracked():
        data = file.read_bytes()
        if b"\0" not in data:
            yield file.relative_to(ROOT), data.decode("utf-8", errors="replace")  # tests/bad holds broken ones


def test_no_file_names_a_package_registry_or_a_place_on_one_machine():
    forbidden = re.compile("|".join(HOSTS + PLACES), re.IGNORECASE)
    found = [f"{name}: {match[0]}" for name, text in texts() if (match := forbidden.search(text))]
    assert found == []


def test_nothing_is_left_to_do_in_a_comment():
    left = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|NotImplemented" + r"Error)\b")
    found = [f"{name}: {match[0]}" for name, text in texts() if name.suffix == ".py" and (match := left.search(text))]
    assert found == []


def test_no_large_file_is_kept():
    assert [str(file) for file in tracked() if file.stat().st_size > LARGEST] == []
