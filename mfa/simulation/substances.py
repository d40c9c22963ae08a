"""What substances do: in, out and stock change at every node, from declared and derived contents (semantics §2)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mfa.park.contents import Contents
from mfa.park.park import Park
from mfa.simulation.carried import Carried
from mfa.step.arrays import ParkArrays

if TYPE_CHECKING:
    import pandas as pd


def substance_rows(
    arrays: ParkArrays, flows: pd.DataFrame, stocks: pd.DataFrame, carried: Carried | None
) -> Iterator[tuple[Any, ...]]:
    """Yield (time, node, substance, in_t, out_t, stock_change_t, remainder_t) for every firm.

    A product of undeclared composition contains what its line's feed brought. The remainder, in − out − stock change,
    goes to the environment (or comes from it): what declared compositions do not account for. Transit belongs to
    the receiver.
    """
    park = arrays.park
    names = sorted({name for material in park.materials.values() for name in material.composition})
    if not names:
        return
    contents = Contents(park)
    table = {(m, name): contents.of(m, name) or 0.0 for m in park.materials for name in names}
    times = sorted(set(stocks["time"])) if len(stocks) else []
    change, inflow, outflow = _stock_changes(park, stocks, times), _sums(flows, "target"), _sums(flows, "source")
    for number, time in enumerate(times[:-1]):
        for node in sorted(park.firms):
            into, out, kept = (
                [_content(amounts.get((time, node), {}), table, name) for name in names]
                for amounts in (inflow, outflow, change)
            )
            for column, name in enumerate(names):
                more = _carried(carried, number, node, column)
                row = (into[column] + more[0], out[column] + more[1], kept[column] + more[2])
                if any(row):
                    yield time, node, name, *row, row[0] - row[1] - row[2]


def _carried(carried: Carried | None, number: int, node: str, column: int) -> tuple[float, float, float]:
    """Return in, out and stock change of one substance with carrying materials in one interval, t."""
    if carried is None:
        return 0.0, 0.0, 0.0
    row, now, later = carried.nodes.index(node), carried.crossings[number], carried.crossings[number + 1]
    change = later.held[row, column] - now.held[row, column]
    return float(now.into[row, column]), float(now.out[row, column]), float(change)


Amounts = dict[tuple[str, str], dict[str, float]]


def _sums(flows: pd.DataFrame, side: str) -> Amounts:
    total: Amounts = {}
    crossing = flows[(flows["source"] != flows["target"]) & (flows["unit"] == "t")]
    columns = (crossing["time"], crossing[side], crossing["material"], crossing["dry_amount"])
    for time, node, material, amount in zip(*columns, strict=True):
        entry = total.setdefault((time, node), {})
        entry[material] = entry.get(material, 0.0) + amount
    return total


def _stock_changes(park: Park, stocks: pd.DataFrame, times: list[str]) -> Amounts:
    receiver = {link.id: link.to for link in park.links}
    following = dict(pairwise(times))
    before = {later: time for time, later in pairwise(times)}
    total: Amounts = {}
    columns = (stocks["time"], stocks["node"], stocks["material"], stocks["dry_amount"], stocks["unit"])
    for time, node, material, amount, unit in zip(*columns, strict=True):
        if unit != "t":
            continue
        for when, sign in ((before.get(time), 1.0), (time if time in following else None, -1.0)):
            if when is not None:
                entry = total.setdefault((when, receiver.get(node, node)), {})
                entry[material] = entry.get(material, 0.0) + sign * amount
    return total


def _content(amounts: dict[str, float], table: dict[tuple[str, str], float], name: str) -> float:
    return sum(amount * table.get((material, name), 0.0) for material, amount in sorted(amounts.items()))
