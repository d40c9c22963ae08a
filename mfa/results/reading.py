"""Run folders read back: scenario, tables, plan and manifest."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.errors import FolderError
from mfa.files.cells import restore
from mfa.language import tr
from mfa.park.plan import Plan
from mfa.results.manifest import FORMAT
from mfa.results.results import Results
from mfa.results.tables import COLUMNS, TABLES, ColumnType, set_types

if TYPE_CHECKING:
    import pandas as pd

    from mfa.park.scenario import Scenario


@dataclass(frozen=True)
class Run:
    """A run folder read back: its results by name (`before`, `after`), its plan if it has one, its manifest."""

    folder: Path
    scenario: Scenario
    results: dict[str, Results]
    plan: Plan | None
    manifest: dict[str, Any]


def is_run_folder(path: Path) -> bool:
    """Whether a path is a run folder."""
    return (path / "manifest.json").is_file()


def read_run(folder: Path | str) -> Run:
    """Return a run folder read back.

    Args:
        folder: as `mfa run` wrote it.

    Raises:
        FolderError: it is no run folder, was written by another version of the layout, or a part is missing.
        InputError: its scenario no longer reads.
    """
    from mfa.files import load_scenario

    folder = Path(folder)
    manifest = json.loads(_read(folder, "manifest.json"))
    if manifest.get("format") != FORMAT:
        text = tr("{folder}: written in layout {found}, this version reads layout {known}",
                  folder=folder, found=manifest.get("format"), known=FORMAT)  # fmt: skip
        raise FolderError(text)
    if "sweep" in manifest:
        text = tr("{folder} holds a sweep of many runs, not one; name a run folder or a scenario file", folder=folder)
        raise FolderError(text)
    tables = {name: read_table(folder, name) for name in TABLES}
    scenario = load_scenario(folder / "scenario.yaml")
    planned = load_scenario(folder / "suggested.yaml") if (folder / "suggested.yaml").is_file() else scenario
    results = {
        run: Results(
            scenario=planned if run == "after" else scenario, run=run, days=told["days"],
            warnings=tuple(told["warnings"]), worst_imbalance=told["worst_imbalance"],
            **{name: table[table["run"] == run].reset_index(drop=True) for name, table in tables.items()},
        )
        for run, told in manifest["runs"].items()
    }  # fmt: skip
    plan = Plan.model_validate_json(_read(folder, "plan.json")) if manifest["plan"] else None
    return Run(folder, scenario, results, plan, manifest)


def _read(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except OSError as error:
        text = tr("{folder} is no run folder: {name} cannot be read ({cause}); name one like outputs/SCENARIO/RUN",
                  folder=folder, name=name, cause=error.strerror)  # fmt: skip
        raise FolderError(text) from error


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Return one table of a run folder, as it was before it was written.

    Raises:
        FolderError: it is missing or its columns are not those of the contract.
    """
    import pandas as pd

    path = folder / "tables" / f"{name}.csv"
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise FolderError(tr("{file}: cannot be read as a table ({cause})", file=path, cause=error)) from error
    if list(table.columns) != COLUMNS[name]:
        raise FolderError(tr("{file}: columns {found}, expected {expected}", file=path,
                             found=", ".join(table.columns), expected=", ".join(COLUMNS[name])))  # fmt: skip
    parts = {column.name: table[column.name].map(PARSERS[column.type]) for column in TABLES[name]}
    return set_types(name, pd.DataFrame(parts, columns=COLUMNS[name]))


PARSERS: dict[ColumnType, Callable[[str], str | float | bool | None]] = {
    "text": restore,
    "number": lambda cell: float(cell) if cell else None,
    "flag": {"True": True, "False": False}.get,
}
"""Type of a column → what a cell of it means."""
