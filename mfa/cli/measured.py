"""What came of measurements, in the terminal: how well they agree, which are suspect, how they are simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mfa.cli.reconciling import agreement
from mfa.cli.terminal import json_rows, print_heading, print_table
from mfa.language import current, tr

if TYPE_CHECKING:
    import pandas as pd

    from mfa.experiments.balanced_park import BaseYear
    from mfa.experiments.closed_loop import Loop

SHOWN = 10


def show_measured(loop: Loop) -> None:
    """Print the base year of a loop; nothing where nothing was measured."""
    base, table = loop.base, loop.measured
    if base is None or table is None:
        return
    from mfa.views.measured import HEADINGS, measured_rows, title, written
    from mfa.views.wording import Names

    names = Names((base.given,), current.get())
    print_heading(tr("Measured, reconciled and simulated ({year})", year=base.year))
    rows = measured_rows(table)
    heads = [tr(heading) for heading in HEADINGS]
    cells = [[title(row, names), *written(row, names.language)] for row in rows.head(SHOWN).itertuples()]
    print_table(heads, cells, numbers=heads[1:])
    if len(rows) > SHOWN:
        print("  " + tr("… and {number} more in {file}", number=len(rows) - SHOWN, file="tables/measured.csv"))
    print("  " + agreement(base.reconciliation))
    show_remarks(base, table)


def show_remarks(base: BaseYear, table: pd.DataFrame) -> None:
    """Print suspects, what was taken otherwise than stated, what is not reproduced, and what stays as it was."""
    from mfa.experiments.measured_flows import describe_misses
    from mfa.views.measured import suspicions, undetermined
    from mfa.views.retelling import teller
    from mfa.views.wording import Names

    names = Names((base.given,), current.get())
    if base.reconciliation.all_suspects:
        print("  " + tr("Measurements that may hold a gross error, the likeliest first:"))
    for sentence in suspicions(base, table, names):
        print(f"    {sentence}")
    for sentence in (*base.notes, *describe_misses(table)):
        print(f"  {teller(names).tell(sentence)}")
    if base.undetermined:
        text = "Not determined by the measurements, so the scenario's own values remain: {names}."
        print("  " + tr(text, names=undetermined(table, names)))


def as_data(loop: Loop) -> dict[str, Any] | None:
    """Return what came of measurements as JSON data; None where nothing was measured."""
    base, table = loop.base, loop.measured
    if base is None or table is None:
        return None
    result = base.reconciliation
    return {
        "year": base.year,
        "chi2": result.chi2,
        "dof": result.dof,
        "p_value": result.p_value if result.dof else None,
        "suspects": [suspect.name for suspect in result.all_suspects],
        "undetermined": [flow.id for flow in base.undetermined],
        "notes": list(base.notes),
        "flows": json_rows(table),
    }
