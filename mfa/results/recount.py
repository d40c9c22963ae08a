"""The balance recount: whether the written tables conserve mass, counted apart from the engine that wrote them.

At each firm, user and town, for each material and recording interval, dry:
stock at the end − stock at the start = in − out + made − used, where what is in transit belongs to its receiver.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mfa.errors import InvariantError
from mfa.park.contents import Contents, carrying
from mfa.park.park import Park
from mfa.results.results import Results

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-9
"""Largest imbalance, relative to the largest amount that moved or stood there (at least 1 t or GJ)."""

KEYS = ["time", "node", "material"]


def recount(results: Results) -> float:
    """Return the largest relative imbalance of materials and substances in the tables of a run.

    Raises:
        InvariantError: naming the node, the material or substance and the interval where it is beyond `TOLERANCE`.
    """
    return max(recount_materials(results), recount_substances(results))


def recount_materials(results: Results) -> float:
    """Return the largest relative imbalance of any material at any node and interval; raises as `recount`."""
    import pandas as pd

    park = results.scenario.park
    flows, conversion = results.flows, results.conversion
    entries = pd.concat([
        _entries(flows, "target", flows["dry_amount"]),
        _entries(flows, "source", -flows["dry_amount"]),
        _entries(conversion, "firm", conversion["made"]),
        _entries(conversion, "firm", -conversion["used"]),
        -stock_changes(results).set_index(KEYS)["amount"],
    ])  # fmt: skip
    closed = {*park.firms, *(node.id for kind in ("user", "town") for node in park.boundaries(kind))}
    return _worst(entries[entries.index.get_level_values("node").isin(closed)], "material")


def stock_changes(results: Results) -> pd.DataFrame:
    """Return time, node, material, amount: by how much each stock changed in each interval, dry.

    What is in transit over a link counts as the stock of the receiver.
    """
    import pandas as pd

    stocks = results.stocks
    times = sorted({*stocks["time"], *results.flows["time"], *results.activity["time"]})
    receiver = {link.id: link.to for link in results.scenario.park.links}
    held = stocks.assign(node=stocks["node"].map(lambda node: receiver.get(node, node)))
    before = {later: time for time, later in pairwise(times)}
    at_end = held.assign(time=held["time"].map(before), amount=held["dry_amount"]).dropna(subset=["time"])
    at_start = held.assign(amount=-held["dry_amount"])[held["time"] != times[-1]] if times else held
    changes: pd.DataFrame = pd.concat([at_end, at_start])[[*KEYS, "amount"]]
    return changes


def recount_substances(results: Results) -> float:
    """Return the largest relative error of the substances table; raises as `recount`.

    The remainder must close every row. What came in, went out and stayed is counted again from flows and stocks with
    the content of each material, at nodes where no material passes whose content follows from its feed.
    """
    import pandas as pd

    table, park = results.substances, results.scenario.park
    if table.empty:
        return 0.0
    across = results.flows[(results.flows["source"] != results.flows["target"]) & (results.flows["unit"] == "t")]
    counted = {
        "in_t": across.rename(columns={"target": "node", "dry_amount": "value"}),
        "out_t": across.rename(columns={"source": "node", "dry_amount": "value"}),
        "stock_change_t": stock_changes(results).rename(columns={"amount": "value"}),
    }
    keys = ["time", "node", "substance"]
    names = sorted(set(table["substance"]))
    contents = _contents(park, names)
    fixed = set(park.firms) - _passed_by(carrying(park, Contents(park), names), across, results.stocks)
    entries = [table.set_index(keys)[["remainder_t", "out_t", "stock_change_t"]].sum(axis=1),
               -table.set_index(keys)["in_t"]]  # fmt: skip
    worst = _worst(pd.concat(entries), "substance")
    for column, amounts in counted.items():
        rows = amounts[amounts["node"].isin(fixed)].merge(contents, on="material")
        again = rows.assign(value=rows["value"] * rows["content"]).set_index(keys)["value"]
        written = table[table["node"].isin(fixed)].set_index(keys)[column]
        worst = max(worst, _worst(pd.concat([again, -written]), "substance", column))
    return worst


def _passed_by(materials: set[str], flows: pd.DataFrame, stocks: pd.DataFrame) -> set[str]:
    """Return the nodes that some materials come to, leave or stand at."""
    moved, held = flows[flows["material"].isin(materials)], stocks[stocks["material"].isin(materials)]
    return {*moved["source"], *moved["target"], *held["node"]}


def _contents(park: Park, names: list[str]) -> pd.DataFrame:
    import pandas as pd

    contents = Contents(park)
    rows = [(m, name, contents.of(m, name)) for m in sorted(park.materials) for name in names]
    known = [row for row in rows if row[2] and park.materials[row[0]].is_mass]
    return pd.DataFrame(known, columns=["material", "substance", "content"])


def _entries(table: pd.DataFrame, node: str, amount: pd.Series) -> pd.Series:
    return table.assign(amount=amount).rename(columns={node: "node"}).set_index(KEYS)["amount"]


def _worst(entries: pd.Series, what: str, column: str = "") -> float:
    """Return the largest relative sum of the entries that share a key."""
    if entries.empty:
        return 0.0
    keys = list(entries.index.names)
    largest = entries.abs().groupby(level=keys).max().clip(lower=1.0)
    relative = (entries.groupby(level=keys).sum().abs() / largest).reset_index(name="error")
    worst = relative.iloc[int(relative["error"].argmax())]
    if not worst["error"] <= TOLERANCE:
        where = f" ({column})" if column else ""
        raise InvariantError(
            f"{what} {worst[what]} at {worst['node']} in the interval from {worst['time']}{where} is out of balance by"
            f" {worst['error']:.3g} of the largest amount there: mass was made or lost; a bug of the toolkit"
        )
    return float(worst["error"])
