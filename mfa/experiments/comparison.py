"""Runs side by side: one tidy table of indicators, a column a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mfa.errors import UsageError
from mfa.experiments.closed_loop import Loop
from mfa.experiments.runs import simulate
from mfa.language import tr
from mfa.results import Results, Run, is_run_folder, read_run

if TYPE_CHECKING:
    import pandas as pd

KEYS = ["indicator", "of", "unit"]
Layout = Results | Loop | Run | Path | str
"""What can be compared: results, the runs of a loop or run folder, or the path of a run folder or scenario file."""


def compare(*layouts: Layout) -> pd.DataFrame:
    """Return the indicators of any number of runs side by side.

    Args:
        layouts: results, loops, run folders, or scenario files, which are simulated as they stand.

    Returns:
        Columns indicator, of, unit, then one a run, named by the run (`before`, `after`, …; with the scenario's name
        where several runs have the same), and for exactly two runs `change`, the second less the first. Rows never
        mix units. An amount a year that one run does not know (a material it never exchanges) is 0 there.

    Raises:
        UsageError: there is nothing to compare.
        InputError, FolderError: a file cannot be read.
    """
    import pandas as pd

    runs = [results for layout in layouts for results in _runs_of(layout)]
    if not runs:
        raise UsageError(tr("there is nothing to compare"))
    names = _name_columns(runs)
    columns = [
        results.indicators.set_index(KEYS)["value"].rename(name) for results, name in zip(runs, names, strict=True)
    ]
    table = pd.DataFrame(index=_rows_of(columns))
    amounts = table.index.get_level_values("unit").str.endswith("/yr")
    for column in columns:
        missing = ~table.index.isin(column.index)
        table[column.name] = column.reindex(table.index).mask(missing & amounts, 0.0)
    if len(runs) == 2:
        table["change"] = table[names[1]] - table[names[0]]
    return table.reset_index()


def _runs_of(layout: Layout) -> Iterator[Results]:
    if isinstance(layout, Results):
        yield layout
    elif isinstance(layout, Loop):
        yield from layout.runs
    elif isinstance(layout, Run):
        yield from layout.results.values()
    elif is_run_folder(Path(layout)):
        yield from read_run(layout).results.values()
    else:
        from mfa.files import load_scenario

        yield simulate(load_scenario(layout), Path(layout).stem)


def _rows_of(columns: Sequence[pd.Series]) -> pd.MultiIndex:
    """Return the rows of all runs: indicators in the order in which runs have them, then by what they are about."""
    import pandas as pd

    order: dict[str, int] = {}
    rows = [(str(i), str(of), str(unit)) for column in columns for i, of, unit in column.index.to_list()]
    for indicator, _, _ in rows:
        order.setdefault(indicator, len(order))
    ordered = sorted(set(rows), key=lambda row: (order[row[0]], *row[1:]))
    return pd.MultiIndex.from_tuples(ordered, names=KEYS)


def _name_columns(runs: Sequence[Results]) -> list[str]:
    """Return one name a run, all different and none that of another column."""
    options: tuple[list[str], ...] = (
        [results.run for results in runs],
        [f"{results.scenario.id}: {results.run}" for results in runs],
        ["before", "after"] if len(runs) == 2 else [f"{n}: {results.run}" for n, results in enumerate(runs, start=1)],
    )
    return next(names for names in options if _are_distinct(names))


def _are_distinct(names: Iterable[str]) -> bool:
    listed = [*names, *KEYS, "change"]
    return len(set(listed)) == len(listed)
