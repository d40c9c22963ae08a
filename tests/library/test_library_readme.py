"""The example of models/README.md, typed in as it stands: it is checked, matched and suggested."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from library_files import MODELS

import mfa
from mfa.files import library
from mfa.files.holdings import holdings
from mfa.files.library_checks import inspect_library

FILES = re.findall(r"```yaml\n# (\S*my\S*\.yaml)\n(.*?)```", (MODELS / "README.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture
def typed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(MODELS, tmp_path / "models")
    for name, text in FILES:
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(library, "data_root", lambda: tmp_path)
    monkeypatch.setenv("MFA_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def test_it_names_a_material_a_technology_a_route_and_a_park() -> None:
    assert [name for name, _ in FILES] == [
        "models/materials/my.yaml", "models/technologies/my.yaml", "models/routes/my.yaml", "my_park.yaml"
    ]  # fmt: skip


@pytest.mark.usefixtures("typed_in")
def test_the_library_has_nothing_against_it() -> None:
    remarks = inspect_library(holdings()).remarks
    assert [str(fault.problem) for _, fault in remarks if "my.yaml" in str(fault.mark)] == []


@pytest.mark.usefixtures("typed_in")
def test_the_kiln_takes_all_of_the_dust() -> None:
    scenario = mfa.load_scenario("my_park.yaml")
    [user] = mfa.match(scenario.park).found
    assert (user.firm, user.user, user.material) == ("quarry", "kiln", "tuff_dust")
    plan = mfa.suggest(scenario)
    assert plan.links.promised_per_yr.tolist() == pytest.approx([50e3])  # 500 kt of stone × 0.1
