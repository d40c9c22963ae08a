"""`mfa compare`: indicators of park layouts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mfa.cli.checking import accept
from mfa.cli.terminal import print_json, print_table, working_on
from mfa.errors import UsageError
from mfa.language import tr

if TYPE_CHECKING:
    from mfa.results import Results


def compare(layouts: Sequence[Path], as_json: bool = False) -> None:
    """Print the indicators of scenario files (simulated as they stand) and run folders (as they were) as one table."""
    if len(layouts) < 2:
        raise UsageError(tr("compare takes two or more scenario files or run folders"))
    from mfa.experiments import compare as side_by_side

    table = side_by_side(*(results for layout in layouts for results in runs_of(layout)))
    if as_json:
        print_json(table.astype(object).where(table.notna(), None).to_dict(orient="records"))
        return
    columns = [str(column) for column in table.columns]
    words = {"indicator", "of", "unit"}
    rows = [[readable(value) for value in row] for row in table.itertuples(index=False)]
    print_table(columns, rows, numbers=set(columns) - words)


def runs_of(layout: Path) -> list[Results]:
    """Return the runs of a layout: those of a run folder, or the scenario simulated now."""
    from mfa.experiments import simulate
    from mfa.results import is_run_folder, read_run

    if is_run_folder(layout):
        return list(read_run(layout).results.values())
    scenario = accept(layout, {}, None).scenario
    with working_on(tr("simulating {layout}", layout=layout)):
        return [simulate(scenario, run=layout.stem)]


def readable(value: object) -> str:
    """Return a cell as text: numbers with six digits, nothing where there is none."""
    if value is None or value != value:
        return ""
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
