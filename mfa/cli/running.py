"""`mfa run`: the main job, with progress while it works and a summary at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from mfa.cli.suggesting import judge
from mfa.cli.summary import as_data, show
from mfa.cli.terminal import console, print_json
from mfa.language import LANGUAGES, tr

if TYPE_CHECKING:
    from mfa.experiments.closed_loop import Loop, Progress, SolverName, Stage


def run(
    file: Path,
    changes: Mapping[str, str],
    seed: int | None,
    out: Path,
    *,
    solver: SolverName | None,
    gap: float | None,
    time_limit: float | None,
    as_json: bool,
) -> None:
    """Run a scenario file, write its run folder and print what came of it.

    Raises what `judge` raises, after everything has been written and printed.
    """
    from mfa.experiments.job import run as work

    with telling() as progress:
        finished = work(
            file, out, changes=changes, seed=seed, solver=solver, gap=gap, time_limit=time_limit,
            views=write_views, progress=progress,
        )  # fmt: skip
    if as_json:
        print_json(as_data(finished))
    else:
        show(finished)
    judge(finished.loop.plan)


def write_views(loop: Loop, folder: Path) -> None:
    """Write the figures and a report in each language into a run folder."""
    from mfa.views import write_figures, write_report

    write_figures(loop, folder / "figures")
    for language in LANGUAGES:
        write_report(loop, folder, language)


def stage_names() -> dict[Stage, str]:
    """Return what each stage is called."""
    return {
        "before": tr("simulating the park as it is"),
        "suggest": tr("looking for the best links"),
        "after": tr("simulating the park with the plan"),
        "write": tr("writing tables, figures and reports"),
    }


@contextmanager
def telling() -> Iterator[Progress]:
    """Yield what is told how far the work is: a bar a stage in a terminal, a line a stage elsewhere; on stderr."""
    names = stage_names()
    if not sys.stderr.isatty():
        seen: set[Stage] = set()

        def line(stage: Stage, _share: float) -> None:
            if stage not in seen:
                seen.add(stage)
                print(f"{names[stage]} …", file=sys.stderr, flush=True)

        yield line
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=console(to_stderr=True), transient=True) as bars:
        tasks = {stage: bars.add_task(name, total=None, start=False, visible=False) for stage, name in names.items()}

        def move(stage: Stage, share: float) -> None:
            for earlier in takewhile(lambda other: other != stage, tasks):
                bars.update(tasks[earlier], total=1.0, completed=1.0)
            task = tasks[stage]
            if not bars.tasks[task].started:
                bars.start_task(task)
            bars.update(task, visible=True, total=1.0 if share > 0 else None, completed=share)

        yield move
