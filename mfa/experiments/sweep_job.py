"""The work of `mfa sweep`: read a scenario, carry its uncertainty through, and leave a run folder behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.errors import LimitReached
from mfa.experiments.job import read_source
from mfa.experiments.propagation import Method, Propagation, propagate
from mfa.language import tr
from mfa.park.scenario import PlanHandling, Scenario, Uncertainty
from mfa.results.folder import folder_errors, new_run_folder, write_new
from mfa.results.manifest import Notes, describe_run, describe_writing, input_hash
from mfa.results.writing import json_bytes, write_tables

if TYPE_CHECKING:
    import pandas as pd

Views = Callable[[Propagation, Path], object]
"""Writes figures and reports into a folder; passed in, because the views stand above this room."""


@dataclass(frozen=True)
class Swept:
    """A sweep that has been written: its folder, what it found, and its manifest."""

    folder: Path
    propagation: Propagation
    manifest: dict[str, Any]

    def judge(self) -> None:
        """Raise LimitReached where some of the runs failed."""
        failed = len(self.propagation.failures)
        if failed:
            total = len(self.propagation.runs) - 1
            text = tr("{failed} of {total} runs failed; the others are in {folder}",
                      failed=failed, total=total, folder=self.folder)  # fmt: skip
            raise LimitReached(text)


def sweep(
    source: Scenario | Path | str,
    out: Path | str = "outputs",
    *,
    changes: Mapping[str, str] | None = None,
    seed: int | None = None,
    method: Method = "monte_carlo",
    samples: int | None = None,
    plan: PlanHandling | None = None,
    workers: int = 1,
    prepare: Callable[[], None] | None = None,
    views: Views | None = None,
    progress: Callable[[float], None] | None = None,
) -> Swept:
    """Carry what is uncertain or varied in a scenario to its indicators, and write it into a new folder below `out`.

    Args:
        source: a scenario, or the file of one (which then names the folder).
        out: folder of all runs.
        changes: path → value, applied to the file.
        seed: replaces the seed of the file.
        method: as of `propagate`, and so are `samples`, `plan`, `workers` and `prepare`.
        samples: how many draws.
        plan: what becomes of the plan.
        workers: processes.
        prepare: run once in every process.
        views: writes figures and reports.
        progress: told the share that is done.

    Raises:
        UsageError: changes or a seed are given with a scenario that is no file.
        InputError: the scenario is wrong, or nothing in it is uncertain; nothing has been written.
        InfeasibleError, SolverError: there is no plan at the central values.
        FolderError: nothing can be written there; found before the work starts.
    """
    from mfa.files import scenario_text

    scenario, name, notes, _ = read_source(source, changes or {}, seed)
    text = scenario_text(scenario)
    digest = input_hash(f"{text}\n{method} {samples} {plan}")
    with new_run_folder(Path(out), f"{name}-sweep", digest) as place:
        found = propagate(scenario, method, samples, None, workers, plan, prepare=prepare, progress=progress)
        with folder_errors(place.final):
            manifest = _write(place.temporary, found, text, digest, _notes(scenario, notes), views)
    return Swept(place.final, found, manifest)


def _notes(scenario: Scenario, notes: Notes | None) -> Notes:
    """Return what a reader should know, without what a sweep does act on."""
    from mfa.files.checks import unacted

    rest = unacted(scenario.replace(uncertainty=Uncertainty(), sweep=None))
    return replace(notes or Notes(), unacted=rest)


def _write(
    folder: Path, found: Propagation, text: str, digest: str, notes: Notes, views: Views | None
) -> dict[str, Any]:
    """Write what was found into an empty folder and return the manifest."""
    write_new(folder / "scenario.yaml", text.encode("utf-8"))
    if found.plan is not None:
        write_new(folder / "plan.json", found.plan.model_dump_json(by_alias=True, indent=2).encode("utf-8"))
    missing = write_tables(folder, tables_of(found), found.scenario.outputs.formats)
    if views is not None:
        views(found, folder)
    run, written = describe_run(found.scenario, (), found.plan, notes), describe_writing(folder, digest, missing)
    manifest = run | {"sweep": describe(found)} | written
    write_new(folder / "manifest.json", json_bytes(manifest))
    return manifest


def tables_of(found: Propagation) -> dict[str, pd.DataFrame]:
    """Return the tables of a sweep by name."""
    names = ("inputs", "draws", "quantiles", "contributions", "utilisation")
    return {name: getattr(found, name) for name in names}


def describe(found: Propagation) -> dict[str, Any]:
    """Return how a sweep was made and how it ended."""
    return {
        "method": found.method,
        "samples": found.runs[-1].number,
        "runs": len(found.runs) - 1,
        "seed": found.seed,
        "plan": found.handling,
        "failed": [
            {"sample": sample, "replication": replication, "message": message}
            for (sample, replication), message in found.failures.items()
        ],
    }
