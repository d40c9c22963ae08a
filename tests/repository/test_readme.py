"""The README's commands do what it says."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mfa

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP = "python3 -m venv .venv && .venv/bin/python -m pip install -q -e {what} && "


def blocks(text=README):
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def commands():
    return blocks()[0][1].splitlines()


def test_the_first_block_holds_exactly_two_commands_each_with_its_set_up():
    run, tests = commands()
    assert run == SET_UP.format(what=".") + ".venv/bin/mfa run scenarios/coal_steel_cement.yaml"
    assert tests == SET_UP.format(what='".[test]"') + ".venv/bin/python -m pytest -n auto"


def test_the_main_job_runs_and_leaves_a_report(tmp_path):
    run = shlex.split(commands()[0].rsplit("&& ", 1)[1])
    arguments = [word.replace("scenarios/", f"{ROOT}/scenarios/") for word in run[1:]]
    done = subprocess.run(
        [sys.executable, "-m", "mfa", *arguments],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT), "MFA_LANG": "en"},
        capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("error:")) == (0, 0)
    (report,) = tmp_path.glob("outputs/*/*/report.html")
    assert str(report.relative_to(tmp_path)) in done.stdout
    (shown,) = (text for kind, text in blocks() if kind == "text")
    assert [line for line in shown.splitlines() if line.strip() != "…" and line not in done.stdout] == []


def test_every_scenario_and_file_that_the_readme_names_is_there():
    named = set(re.findall(r"\b(?:scenarios|models|tests|mfa)/[\w/]+\.(?:yaml|md|py|json)", README))
    assert len(named) >= 3
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_readme_s_python_runs(tmp_path, monkeypatch):
    (code,) = (text for kind, text in blocks() if kind == "python")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["after"].run == "after"


def test_the_indicator_in_the_contributors_guide_works(tmp_path):
    scenario = str(ROOT / "scenarios" / "first_park.yaml")
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = (text for kind, text in blocks(guide) if kind == "py")
    (tmp_path / "mine.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mfa", "compare", scenario, "--with", "mine.py", "--json"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip
    assert [row["first_park"] for row in json.loads(done.stdout) if row["indicator"] == "cement_share"] == [1.0]


def test_the_first_park_is_solved_in_the_readme_as_beside_its_scenario():
    assert (ROOT / "scenarios" / "first_park.md").read_text(encoding="utf-8").strip() in README


@pytest.mark.slow
def test_a_fresh_clone_follows_the_readme_to_the_letter(tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "MFA_"))}
    done = subprocess.run(["bash", "-c", commands()[0]], cwd=clone, env=bare, timeout=600, check=False)
    assert done.returncode == 0
    assert list(clone.glob("outputs/*/*/report.html"))


def test_the_readme_names_every_public_name_once():
    (table,) = re.findall(r"^\| for \| names \|$.*?\n\n", README, flags=re.MULTILINE | re.DOTALL)
    named = re.findall(r"`@?(\w+)`", table)
    assert sorted(named) == sorted(set(mfa.__all__) - {"__version__"})
