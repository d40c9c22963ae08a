"""Plain flow tables: columns source, target, amount; every bad row is told with its remedy."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from mfa.errors import InputError, Problem
from mfa.files.nearest import did_you_mean
from mfa.language import tr

COLUMNS = ("source", "target", "amount")


def read_flows(flows: pd.DataFrame) -> pd.DataFrame:
    """Return the flows above 0, one row a pair of nodes, sorted; rows with equal source and target are added up.

    Args:
        flows: columns `source`, `target`, `amount` (one unit, one period).

    Raises:
        InputError: naming every row without a node or with an amount that is no number or below 0; or the column that
            is missing.
    """
    for column in COLUMNS:
        if column not in flows.columns:
            message = tr("there is no column '{column}'; a flow table has source, target, amount", column=column)
            raise InputError([Problem("flows", column, message)])
    ends = flows[["source", "target"]].fillna("").astype(str).apply(lambda column: column.str.strip())
    amount = pd.to_numeric(flows["amount"], errors="coerce").replace([float("inf"), -float("inf")], float("nan"))
    problems = [
        Problem(_row(row), column, tr("the node has no name; give one"))
        for column in ends
        for row in _rows(ends[column] == "")
    ]
    for row in _rows(amount.isna()):
        got = flows["amount"].iloc[row]
        problems.append(Problem(_row(row), "amount", tr("expected a finite number, got '{got}'", got=got)))
    for row in _rows(amount < 0):
        message = tr("a flow is not negative; turn it round (swap source and target)")
        problems.append(Problem(_row(row), "amount", message))
    if problems:
        raise InputError(problems)
    known = ends.assign(amount=amount.astype(float))
    summed: pd.DataFrame = known[known["amount"] > 0].groupby(["source", "target"], as_index=False)["amount"].sum()
    return summed


def check_names(flows: pd.DataFrame, names: Collection[str], what: str) -> set[str]:
    """Return names as a set; raises InputError where one of them is in no row of the table."""
    wanted = {names} if isinstance(names, str) else set(names)
    known = {*flows["source"], *flows["target"]}
    problems = [
        Problem(what, name, tr("no flow starts or ends here") + did_you_mean(name, known))
        for name in sorted(wanted - known)
    ]
    if problems:
        raise InputError(problems)
    return wanted


def _rows(wrong: pd.Series) -> list[int]:
    return [row for row, is_wrong in enumerate(wrong) if is_wrong]


def _row(position: int) -> str:
    return tr("flows, row {row}", row=position + 1)
