"""What `pip install` brings is whole: the command, the library, the scenarios, the templates and the font."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder with the toolkit as a wheel puts it there, without its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(folder), str(ROOT)], check=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(target), str(wheel)], check=True, timeout=300)
    return target


def mfa(installed, cwd, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "mfa", *arguments],
        cwd=cwd, env=os.environ | {"PYTHONPATH": str(installed), "MFA_LANG": "en"},
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.slow
def test_the_library_travels_in_the_wheel(installed, tmp_path):
    assert "fly_ash" in mfa(installed, tmp_path, "list", "materials")
    assert str(installed) in mfa(installed, tmp_path, "list", "scenarios")


@pytest.mark.slow
def test_a_new_scenario_can_be_made_and_is_valid(installed, tmp_path):
    mfa(installed, tmp_path, "new", "mine")
    assert "mine.yaml: valid" in mfa(installed, tmp_path, "validate", "mine.yaml")


@pytest.mark.slow
@pytest.mark.parametrize("part", ["py.typed", "locale/zh/cli.json", "views/fonts/OFL.txt", "data/models/materials"])
def test_the_wheel_holds_every_kind_of_file(installed, part):
    assert (installed / "mfa" / part).exists()
