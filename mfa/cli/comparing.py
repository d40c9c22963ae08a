"""`mfa compare`: indicators of park layouts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mfa.cli.terminal import json_rows, print_json, print_table, working_on
from mfa.language import tr


def compare(layouts: Sequence[Path], as_json: bool = False) -> None:
    """Print the indicators of scenario files (simulated as they stand) and run folders (as they were) as one table."""
    from mfa.experiments import compare as side_by_side

    with working_on(tr("reading and simulating what is compared")):
        table = side_by_side(*layouts)
    if as_json:
        print_json(json_rows(table))
        return
    from mfa.indicators import INDICATORS

    heads = [tr(str(column)) for column in table.columns]
    rows = [[INDICATORS[name].title, *map(readable, rest)] for name, *rest in table.itertuples(index=False)]
    print_table(heads, rows, numbers=heads[3:])


def readable(value: object) -> str:
    """Return a cell as text: numbers with six digits, nothing where there is none."""
    if value is None or value != value:
        return ""
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
