"""What commands print: JSON for scripts, tables and sentences for people, progress for whoever waits."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mfa.errors import Problem

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

WIDE = 10_000
"""Columns where nobody's window is known (a pipe, a file): wide enough that no row is broken."""


def print_json(data: Any) -> None:
    """Print data as JSON on stdout."""
    print(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def json_rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of a table as JSON data, nothing where a number is unknown."""
    return table.astype(object).where(table.notna(), None).to_dict(orient="records")


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems on stderr, one a line, never wrapped, coloured or boxed."""
    for problem in problems:
        print(one_line(str(problem)), file=sys.stderr)


def one_line(text: str) -> str:
    """Return the text on one line, so that a script can count problems by counting lines."""
    return " ".join(text.split("\n"))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[str] = ()) -> None:
    """Print a table on stdout; the columns named in `numbers` are aligned to the right."""
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, pad_edge=False, show_edge=False)
    right = set(numbers)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        # Text, not markup: a firm may be called [red].
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)


def print_heading(text: str) -> None:
    """Print a heading on stdout."""
    from rich.text import Text

    console().print(Text(f"\n{text}", style="bold"))


def console(to_stderr: bool = False) -> Console:
    """Return a console that breaks no line where the output is not a terminal."""
    from rich.console import Console

    stream = sys.stderr if to_stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else WIDE, highlight=False)


@contextmanager
def working_on(task: str) -> Iterator[None]:
    """Show on stderr that a task is under way: a spinner in a terminal, a plain line elsewhere."""
    if not sys.stderr.isatty():
        print(f"{task} …", file=sys.stderr, flush=True)
        yield
        return
    with console(to_stderr=True).status(task):
        yield
