"""`mfa validate`: every problem of a scenario at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from mfa.cli.terminal import print_json, print_problems
from mfa.errors import InputError
from mfa.files import Reading, read_scenario
from mfa.language import tr
from mfa.park.scenario import Scenario


def validate(files: Sequence[Path], changes: Mapping[str, str], as_json: bool = False) -> None:
    """Print the problems of each file; exits with 3 where one of them is an error."""
    readings = {file: read_scenario(file, changes, None) for file in files}
    if as_json:
        print_json([summary(file, reading) for file, reading in readings.items()])
    else:
        for file, reading in readings.items():
            show(file, reading)
    if any(reading.scenario is None for reading in readings.values()):
        raise typer.Exit(InputError.exit_code)


def accept(file: Path, changes: Mapping[str, str], seed: int | None) -> Scenario:
    """Read the scenario that a command works on and print its warnings; raises InputError with every problem."""
    reading = read_scenario(file, changes, seed)
    if reading.scenario is None:
        raise InputError(reading.problems)
    print_problems(reading.problems)
    return reading.scenario


def show(file: Path, reading: Reading) -> None:
    """Print the problems of one file, and what it holds where it can run."""
    print_problems(reading.problems)
    for change in reading.changes:
        print(tr("{file}: changed {change}", file=file, change=change))
    for sentence in reading.unacted:
        print(f"{file}: {sentence}")
    if reading.scenario is not None:
        print(tr("{file}: valid; {contents}", file=file, contents=contents(reading.scenario)))


def contents(scenario: Scenario) -> str:
    """Return one line on the size of a scenario."""
    park = scenario.park
    return tr(
        "{firms} firms, {nodes} boundary nodes, {links} links, {materials} materials, {start} to {end}",
        firms=len(park.firms),
        nodes=len(park.boundary),
        links=len(park.links),
        materials=len(park.materials),
        start=scenario.time.start,
        end=scenario.time.end,
    )


def summary(file: Path, reading: Reading) -> dict[str, object]:
    """Return what was read as JSON data."""
    return {
        "file": str(file),
        "valid": reading.scenario is not None,
        "problems": [asdict(problem) for problem in reading.problems],
        "changes": list(reading.changes),
        "unacted": list(reading.unacted),
    }
