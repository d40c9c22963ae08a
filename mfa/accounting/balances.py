"""Balances of a table as it stands: what enters and leaves each node, and which nodes do not balance."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from mfa.park.account import Account
from mfa.park.values import ENVIRONMENT

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["node", "layer", "inflow", "outflow", "difference", "relative"]


def node_balances(account: Account, values: dict[str, float] | None = None) -> pd.DataFrame:
    """Return inflow, outflow and their difference by node and layer, in the units of the flows.

    `relative` is the difference ÷ the larger of both. A node at which a value is missing has no difference.

    Args:
        account: the flows; a flow from a node to itself counts on both sides.
        values: name of a flow → value; by default the values that the account gives.
    """
    import pandas as pd

    inflow: dict[tuple[str, str], list[float]] = defaultdict(list)
    outflow: dict[tuple[str, str], list[float]] = defaultdict(list)
    for flow in sorted(account.flows, key=account.key):
        value = flow.value if values is None else values[account.key(flow)]
        inflow[flow.target, flow.layer].append(float("nan") if value is None else value)
        outflow[flow.source, flow.layer].append(float("nan") if value is None else value)
    rows = []
    for node, layer in sorted(inflow.keys() | outflow.keys()):
        if node == ENVIRONMENT:
            continue
        into, out = sum(inflow[node, layer]), sum(outflow[node, layer])
        size = max(abs(into), abs(out))
        rows.append((node, layer, into, out, into - out, (into - out) / size if size else into - out))
    return pd.DataFrame(rows, columns=COLUMNS)


def unbalanced(balances: pd.DataFrame, tolerance: float = 1e-3) -> pd.DataFrame:
    """Return the rows of `node_balances` whose relative difference exceeds the tolerance, the worst first."""
    worst = balances[balances["relative"].abs() > tolerance]
    return worst.sort_values("relative", key=lambda column: -column.abs(), kind="stable", ignore_index=True)
