"""`mfa doctor`: is everything here that a run needs, and what to do where it is not."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata, resources
from pathlib import Path

from mfa.cli.terminal import print_json, print_table
from mfa.errors import FolderError, SolverError
from mfa.language import tr

DISTRIBUTION = "mfa-toolkit"
REINSTALL = "python -m pip install -e ."


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was found, and where something is missing the remedy and the exit code."""

    topic: str
    found: str
    remedy: str = ""
    code: int = 0


def examine(as_json: bool = False) -> int:
    """Print what was found and return 0, or the exit code of the first thing that a run cannot do without."""
    checks = [*python(), *packages(), *solvers(), *font(), *data(), *outputs()]
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        print_table(
            [tr("what"), tr("what was found"), tr("what to do")],
            [(f"{'✗' if check.code else '✓'} {check.topic}", check.found, check.remedy) for check in checks],
        )
    return next((check.code for check in checks if check.code), 0)


def version() -> str:
    """Return the installed version of the toolkit, or a word for a checkout that is not installed."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return tr("not installed, run from a checkout")


def python() -> Iterator[Check]:
    """Say which Python runs which toolkit, and whether the terminal shows Chinese."""
    yield Check("Python", f"{platform.python_version()} ({sys.executable}), {platform.platform(terse=True)}")
    yield Check("mfa", f"{version()} ({resources.files('mfa')})")
    yield Check(tr("terminal"), f"{sys.stdout.encoding}")


def packages() -> Iterator[Check]:
    """Say which version of each required package is there."""
    try:
        wanted = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        yield Check(tr("packages"), tr("unknown: not installed"), REINSTALL)
        return
    for requirement in wanted:
        if ";" in requirement:  # for other systems, or an extra
            continue
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        try:
            yield Check(name, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Check(name, tr("missing"), REINSTALL, FolderError.exit_code)


def solvers() -> Iterator[Check]:
    """Say which solvers answer."""
    from mfa.optimization.solvers import available

    there = available()
    for name, found in there.items():
        yield Check(name, found or tr("missing"), "" if found else tr("install it, or use the other one"))
    if not any(there.values()):
        yield Check(tr("solvers"), tr("none"), REINSTALL, SolverError.exit_code)


def font() -> Iterator[Check]:
    """Say whether the Chinese font of figures and reports is in place."""
    folder = resources.files("mfa").joinpath("views", "fonts")
    fonts = [file.name for file in folder.iterdir() if file.name.endswith(".otf")]
    there = ", ".join(fonts)
    yield Check(tr("font"), there or tr("missing"), "" if there else REINSTALL, 0 if there else FolderError.exit_code)


def data() -> Iterator[Check]:
    """Say where the library of materials and technologies lies."""
    from mfa.files.library import data_root

    root = data_root()
    files = sum(1 for _ in (root / "models").rglob("*.yaml"))
    found = tr("{root}: {files} files in models/", root=root, files=files)
    yield Check(tr("data"), found, "" if files else REINSTALL, 0 if files else FolderError.exit_code)


def outputs() -> Iterator[Check]:
    """Say whether run folders can be written where the command stands."""
    folder = Path("outputs").absolute()
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if os.access(there, os.W_OK):
        yield Check(tr("outputs"), tr("{folder} can be written", folder=folder))
    else:
        remedy = tr("go to a folder of yours, or name one with --out")
        yield Check(tr("outputs"), tr("{folder} cannot be written", folder=folder), remedy, FolderError.exit_code)
