"""Fixtures for the tests of the shipped data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from shipped import shelf

from mfa.files.library import data_root


@pytest.fixture(scope="session")
def materials() -> dict[str, dict[str, Any]]:
    return shelf("materials")


@pytest.fixture(scope="session")
def technologies() -> dict[str, dict[str, Any]]:
    return shelf("technologies")


@pytest.fixture(scope="session")
def scenarios() -> Path:
    return data_root() / "scenarios"
