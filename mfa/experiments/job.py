"""The main job: read a scenario, close the loop, and leave a run folder behind (design §8)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.errors import InputError, UsageError
from mfa.evidence import evidence_tables
from mfa.experiments.balanced_park import base_year
from mfa.experiments.closed_loop import Loop, Progress, SolverName, Stage, close_loop
from mfa.language import tr
from mfa.park.scenario import Scenario
from mfa.results.folder import folder_errors, new_run_folder, write_new
from mfa.results.manifest import Notes, describe_run, describe_writing, input_hash, timestamp
from mfa.results.tables import TABLES, describe_columns
from mfa.results.writing import json_bytes, write_tables

if TYPE_CHECKING:
    import pandas as pd

Views = Callable[[Loop, Path], object]
"""Writes figures and reports of a loop into a folder; passed in, because the views stand above this room."""


@dataclass(frozen=True)
class Finished:
    """A run that has been written: its folder, what it found, and its manifest."""

    folder: Path
    loop: Loop
    manifest: dict[str, Any]


@dataclass
class Log:
    """What went on, line by line with the time, and how long each stage took, in seconds."""

    lines: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    _stage: str = ""
    _since: float = 0.0

    def note(self, text: str) -> None:
        """Write down a line."""
        self.lines.append(f"{timestamp()} {' '.join(text.split())}")

    def enter(self, stage: Stage) -> None:
        """Write down that a stage begins, where it is another one."""
        if stage != self._stage:
            self.leave()
            self._stage, self._since = stage, time.monotonic()
            self.note(stage)

    def leave(self) -> None:
        """Write down how long the stage at work took."""
        if self._stage:
            self.seconds[self._stage] = round(time.monotonic() - self._since, 3)


def run(
    source: Scenario | Path | str,
    out: Path | str = "outputs",
    *,
    changes: Mapping[str, str] | None = None,
    seed: int | None = None,
    solver: SolverName | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    views: Views | None = None,
    progress: Progress | None = None,
) -> Finished:
    """Simulate, suggest, simulate again, and write everything into a new run folder below `out`.

    Args:
        source: a scenario, or the file of one (which then names the folder).
        out: folder of all runs.
        changes: path → value, applied to the file.
        seed: replaces the seed of the file.
        solver: `auto`, `glpk` or `highs`; by default the scenario's choice.
        gap: relative gap at which a solve may stop; by default the scenario's choice.
        time_limit: seconds for all solves together; by default the scenario's choice.
        views: writes figures and reports.
        progress: told what is going on.

    Returns:
        The folder with what was found and its manifest.

    Raises:
        UsageError: changes or a seed are given with a scenario that is no file.
        InputError: the scenario is wrong; nothing has been written.
        FolderError: nothing can be written there; found before the run starts.
        SolverError: no solver is there, or it failed; nothing is left behind.
    """
    from mfa.files import scenario_text

    scenario, name, notes, places = read_source(source, changes or {}, seed)
    base = None if scenario.measurements is None else base_year(scenario, places)
    text = scenario_text(scenario)
    digest = input_hash(text)
    log = Log()

    def tell(stage: Stage, share: float) -> None:
        log.enter(stage)
        if progress is not None:
            progress(stage, share)

    with new_run_folder(Path(out), name, digest) as place:
        loop = close_loop(scenario, solver, gap, time_limit, tell, notes, base)
        tell("write", 0.0)
        with folder_errors(place.final):
            manifest = _write(place.temporary, loop, text, digest, log, views)
    tell("write", 1.0)
    return Finished(place.final, loop, manifest)


def read_source(
    source: Scenario | Path | str, changes: Mapping[str, str], seed: int | None
) -> tuple[Scenario, str, Notes | None, tuple[str, ...]]:
    """Return the scenario, its folder's name, what its file says to a reader, and where it measures; raises InputError.

    A scenario that is none of a file is changed in Python: changes and seed given with it are refused.
    """
    if isinstance(source, Scenario):
        if changes or seed is not None:
            raise UsageError(tr("changes and seed go with a scenario file; change a scenario with its replace"))
        return source, source.id, None, ()
    from mfa.files import read_scenario

    reading = read_scenario(Path(source), dict(changes), seed)
    if reading.scenario is None:
        raise InputError(reading.problems)
    warnings = tuple(str(problem) for problem in reading.problems)
    notes = Notes(warnings, tuple(reading.changes), tuple(reading.unacted))
    return reading.scenario, Path(source).stem, notes, reading.measured_at


def _write(folder: Path, loop: Loop, text: str, digest: str, log: Log, views: Views | None) -> dict[str, Any]:
    """Write a loop into an empty folder and return the manifest."""
    from mfa.files import scenario_text

    scenario = loop.before.scenario
    write_new(folder / "scenario.yaml", text.encode("utf-8"))
    if loop.base is not None:
        write_new(folder / "base_year.yaml", scenario_text(loop.base.scenario).encode("utf-8"))
    if loop.after is not None:
        write_new(folder / "suggested.yaml", scenario_text(loop.after.scenario).encode("utf-8"))
    write_new(folder / "plan.json", loop.plan.model_dump_json(by_alias=True, indent=2).encode("utf-8"))
    missing = write_tables(folder, all_tables(loop), scenario.outputs.formats)
    if views is not None:
        views(loop, folder)
    manifest = describe_run(scenario, loop.runs, loop.plan, loop.notes)
    for line in (*manifest["warnings"], *manifest["changes"], *manifest["unacted"], *missing):
        log.note(line)
    log.note(f"plan: {loop.plan.status}; {loop.plan.solver}; {loop.plan.message}")
    log.leave()
    manifest |= describe_writing(folder, digest, missing) | {"seconds": log.seconds}
    write_new(folder / "run.log", ("\n".join(log.lines) + "\n").encode("utf-8"))
    write_new(folder / "manifest.json", json_bytes(manifest))
    return manifest


def all_tables(loop: Loop) -> dict[str, pd.DataFrame]:
    """Return every table of a run folder: those of the contract with all runs, what the plan says, all columns."""
    import pandas as pd

    tables = {name: pd.concat([getattr(results, name) for results in loop.runs], ignore_index=True) for name in TABLES}
    plan = loop.plan
    if loop.base is not None and loop.measured is not None:
        tables |= {"measured": loop.measured, "suspects": loop.base.suspects.reset_index()}
        tables["coefficients"] = loop.base.reconciliation.transfer_coefficients.reset_index()
    return tables | {
        "plan_links": plan.links,
        "plan_mix": plan.mix,
        "plan_rejected": plan.rejected,
        "promise": loop.promise,
        **_in_use(loop),
        **evidence_tables(loop.resting),
        "columns": describe_columns(),
    }


def _in_use(loop: Loop) -> dict[str, pd.DataFrame]:
    """Return the tables on products in use; none where a park has none."""
    import pandas as pd

    from mfa.indicators.use_phase import collected_supply
    from mfa.use_phase.products import products_in_use
    from mfa.use_phase.responsibility import responsibilities

    scenario = loop.before.scenario
    if not scenario.park.in_use:
        return {}
    return {
        "products_in_use": products_in_use(scenario),
        "producer_responsibility": responsibilities(scenario),
        "collected_supply": pd.concat([collected_supply(results) for results in loop.runs], ignore_index=True),
    }
