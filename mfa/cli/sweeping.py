"""`mfa sweep`: what uncertain or varied values make of the results, with a bar while it works."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.cli.terminal import console, json_rows, one_line, print_heading, print_json, print_table
from mfa.indicators.utilisation import HEADLINE
from mfa.language import LANGUAGES, current, tr

if TYPE_CHECKING:
    import pandas as pd

    from mfa.experiments.propagation import Method, Propagation
    from mfa.experiments.sweep_job import Swept
    from mfa.park.scenario import PlanHandling

INDICATORS = (HEADLINE, "net_diversion", "waste_generated", "waste_used", "waste_disposed",
         "virgin_material_replaced", "net_benefit", "co2_direct")  # fmt: skip
"""Those of the whole park that the terminal shows, where they are known."""
MOST_INPUTS = 8
FAILED = 5
"""How many inputs and how many failed runs the terminal shows."""


def sweep(
    file: Path,
    changes: Mapping[str, str],
    seed: int | None,
    out: Path,
    *,
    method: Method,
    samples: int | None,
    plan: PlanHandling | None,
    workers: int | None,
    extensions: Sequence[Path],
    as_json: bool,
) -> None:
    """Carry what is uncertain in a scenario file to its indicators, write a run folder and print what came of it.

    Raises LimitReached where some runs failed, after everything has been written and printed.
    """
    from mfa.cli.extensions import load
    from mfa.experiments.sweep_job import sweep as work

    with telling(tr("simulating samples")) as progress:
        swept = work(
            file, out, changes=changes, seed=seed, method=method, samples=samples, plan=plan,
            workers=workers or processors(), prepare=partial(load, list(extensions)), views=write_views,
            progress=progress,
        )  # fmt: skip
    if as_json:
        print_json(as_data(swept))
    else:
        show(swept)
    swept.judge()


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def write_views(found: Propagation, folder: Path) -> None:
    """Write the figures and a report in each language into a run folder."""
    from mfa.views.spread_report import write_spread_figures, write_spread_report

    write_spread_figures(found, folder / "figures")
    for language in LANGUAGES:
        write_spread_report(found, folder, language)


@contextmanager
def telling(task: str) -> Iterator[Callable[[float], None]]:
    """Yield what is told the share that is done: a bar in a terminal, a line elsewhere; on stderr."""
    if not sys.stderr.isatty():
        print(f"{task} …", file=sys.stderr, flush=True)
        yield lambda _share: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(to_stderr=True), transient=True) as bar:
        name = bar.add_task(task, total=1.0)
        yield lambda share: bar.update(name, completed=share)


def show(swept: Swept) -> None:
    """Print what was varied, what came of it, what matters most, and where to read on."""
    from mfa.views.report.pages import FILES
    from mfa.views.spread_words import sentence_of
    from mfa.views.wording import Names

    found, language = swept.propagation, current.get()
    names = Names((found.scenario,), language)
    for warning in swept.manifest["warnings"]:
        print(one_line(warning), file=sys.stderr)
    print_heading(found.scenario.name.in_language(language))
    print("  " + sentence_of(found, language))
    show_inputs(found, names)
    show_quantiles(found)
    show_contributions(found, names)
    for (sample, replication), message in list(found.failures.items())[:FAILED]:
        text = tr("sample {sample}, replication {replication} failed: {message}",
                  sample=sample, replication=replication, message=one_line(message))  # fmt: skip
        print(f"mfa: warning: {text}", file=sys.stderr)
    print_heading(tr("Read on"))
    print("  " + tr("report: {file}", file=swept.folder / FILES[language]))
    print("  " + tr("tables and figures: {folder}", folder=swept.folder))


def show_inputs(found: Propagation, names: Any) -> None:
    """Print what was varied."""
    from mfa.views.input_names import input_name

    print_heading(tr("Uncertain values"))
    heads = [tr("value"), tr("distribution"), tr("central"), tr("mean"), tr("std"), tr("unit")]
    rows = [
        [input_name(path, found.scenario, names), f"{tr(law)}({numbers})", *(f"{value:,.4g}" for value in rest), unit]
        for path, law, numbers, *rest, unit in found.inputs.itertuples(index=False)
    ]
    print_table(heads, rows[:MOST_INPUTS], numbers=heads[2:-1])
    if len(rows) > MOST_INPUTS:
        print("  " + tr("… and {number} more rows in the tables", number=len(rows) - MOST_INPUTS))


def show_quantiles(found: Propagation) -> None:
    """Print central value, mean and quantiles of the indicators of the whole park."""
    from mfa.views.spread_words import SHOWN, quantile_cells

    print_heading(tr("What comes of it"))
    heads = [tr(column) for column in ("indicator", "run", *SHOWN)]
    rows = [
        quantile_cells(row, current.get())
        for name in INDICATORS
        for row in whole_park(found.quantiles, name).to_dict("records")
        if (row["central"] or row["std"]) and (row["run"] != "change" or name == HEADLINE)
    ]
    print_table(heads, rows, numbers=heads[2:])


def whole_park(table: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return the rows of an indicator of the whole park."""
    return table[(table["indicator"] == indicator) & (table["of"] == "")]


def show_contributions(found: Propagation, names: Any) -> None:
    """Print which inputs matter most for the utilisation, in the last run that has it."""
    from mfa.views.spread_words import headline_influence, headline_run, influence_cells, run_names
    from mfa.views.wording import share

    rows, language = headline_influence(found), current.get()
    if rows.empty:
        return
    print_heading(tr("What the utilisation depends on ({run})", run=run_names(language)[headline_run(found)]))
    heads = [tr("value"), tr("share of the variance"), tr("direction")]
    print_table(heads, influence_cells(rows.head(MOST_INPUTS), found, names), numbers=heads[1:2])
    print("  " + tr("explained by straight lines: {share}", share=share(float(rows["explained"].iloc[0]), language)))


def as_data(swept: Swept) -> dict[str, Any]:
    """Return what came of a sweep as JSON data."""
    found = swept.propagation
    rows = {name: json_rows(getattr(found, name)) for name in ("inputs", "quantiles", "contributions")}
    return {"folder": str(swept.folder), **swept.manifest["sweep"], **rows}
