"""From the record of a run to its tidy tables (columns in `mfa.results.tables`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from mfa.language import tr
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.park.values import DAYS_PER_YEAR, ENVIRONMENT
from mfa.results.results import Results
from mfa.results.tables import make_table
from mfa.simulation.closure import line_flows
from mfa.simulation.money import payments
from mfa.simulation.outlets import Outlets, find_outlets
from mfa.simulation.record import Interval, Record
from mfa.simulation.substances import substance_rows
from mfa.step.arrays import ParkArrays

if TYPE_CHECKING:
    import pandas as pd

DUST = 1e-12
"""Amounts of a recording interval below this are rounding and not written."""

Row = tuple[Any, ...]


def write_tables(scenario: Scenario, arrays: ParkArrays, record: Record, run: str) -> Results:
    """Return the tables of a run."""
    flows = _frame("flows", run, _sorted(_flow_rows(arrays, record)))
    conversion = _frame("conversion", run, _sorted(_conversion_rows(arrays, record)))
    stocks = _frame("stocks", run, _sorted(_stock_rows(arrays, record)))
    return Results(
        scenario, run, record.days, flows, stocks, conversion,
        _frame("substances", run, _sorted(substance_rows(arrays, flows, stocks, record.carried))),
        _frame("activity", run, _sorted(_activity_rows(arrays, record))),
        _frame("links", run, _sorted(_link_rows(arrays, record))),
        _frame("money", run, _sorted(payments(scenario, arrays, record))),
        _frame("indicators", run, []),
        warnings=tuple(_breaches(arrays, record)),
    )  # fmt: skip


def _frame(table: str, run: str, rows: list[Row]) -> pd.DataFrame:
    return make_table(table, [(run, *row) for row in rows])


def _sorted(rows: Iterator[Row]) -> list[Row]:
    """Return the rows in order of their words; numbers never decide, so equal keys keep the order of ids."""
    return sorted(rows, key=lambda row: tuple(cell for cell in row if isinstance(cell, str)))


def flow_kind(park: Park, source: str, material: str) -> str:
    """Return what a flow over a link is: virgin from outside, product of a line, else an exchange.

    A waste or by-product stays one where it is what a line is run for, as at a treatment.
    """
    if source not in park.firms:
        return "virgin"
    if park.materials[material].is_waste or park.materials[material].class_ == "by_product":
        return "exchange"
    lines = park.firms[source].lines.values()
    return "product" if any(park.technologies[line.runs].product == material for line in lines) else "exchange"


def _flow_rows(arrays: ParkArrays, record: Record) -> Iterator[Row]:
    outlets = find_outlets(arrays)
    for interval in record.intervals:
        yield from _merged(interval.label, arrays.park, _moves(arrays, outlets, interval))


def _merged(label: str, park: Park, moves: Iterator[tuple[str, str, str, str, float]]) -> Iterator[Row]:
    """Yield one row for each (source, target, material, kind), amounts summed."""
    total: dict[tuple[str, str, str, str], float] = {}
    for source, target, material, kind, amount in moves:
        if amount > DUST:
            key = (source, target, material, kind)
            total[key] = total.get(key, 0.0) + amount
    for (source, target, material, kind), amount in total.items():
        known = park.materials.get(material)
        wet = amount * (known.as_received if known else 1.0)
        yield label, source, target, material, kind, wet, amount, known.unit if known else "t"


def _moves(arrays: ParkArrays, outlets: Outlets, interval: Interval) -> Iterator[tuple[str, str, str, str, float]]:
    park, piles = arrays.park, arrays.piles.keys
    for row, link in enumerate(arrays.links.links):
        yield (link.from_, link.to, link.material, flow_kind(park, link.from_, link.material), interval.dispatched[row])
        yield link.from_, ENVIRONMENT, link.material, "emission", interval.drawn[row] - interval.dispatched[row]
    for row, (line, material) in enumerate(zip(arrays.inputs.line, arrays.inputs.material, strict=True)):
        market = park.market_for(material, "sells")
        if market is not None:
            yield market.id, arrays.lines.keys[line][0], material, "virgin", interval.bought[row]
    for row, (node, material) in enumerate(piles[:-1]):
        yield node, node, material, "internal", interval.own_used[row]
        yield node, ENVIRONMENT, material, "emission", interval.released[row]
        if interval.sold[row] > 0:
            yield node, outlets.markets[outlets.market[row]], material, "product", interval.sold[row]
        for column, site in enumerate(outlets.sites):
            yield node, site, material, "disposal", interval.disposed[row, column]
    for (firm, _), flow in line_flows(arrays, interval):
        if flow.kind == "taken":
            yield ENVIRONMENT, firm, flow.material, "taken", flow.used
        elif flow.kind == "emission":
            yield firm, ENVIRONMENT, flow.material, "emission", flow.made
        elif flow.kind == "unaccounted":
            yield ENVIRONMENT, firm, flow.material, "unaccounted", flow.used
            yield firm, ENVIRONMENT, flow.material, "unaccounted", flow.made


def _conversion_rows(arrays: ParkArrays, record: Record) -> Iterator[Row]:
    for interval in record.intervals:
        total: dict[tuple[str, str, str], list[float]] = {}
        for (firm, line), flow in line_flows(arrays, interval):
            entry = total.setdefault((firm, line, flow.material), [0.0, 0.0])
            entry[0] += flow.used
            entry[1] += flow.made
        for row in np.flatnonzero(interval.accepted > DUST):
            node, material = arrays.piles.keys[row]
            total[(node, "", material)] = [float(interval.accepted[row]), 0.0]
        for (firm, line, material), (used, made) in total.items():
            if used > DUST or made > DUST:
                yield interval.label, firm, line, material, used, made, _unit(arrays.park, material)


def _unit(park: Park, material: str) -> str:
    return park.materials[material].unit if material in park.materials else "t"


def _stock_rows(arrays: ParkArrays, record: Record) -> Iterator[Row]:
    states = [(i.label, i.own + i.received, i.transit) for i in record.intervals]
    states.append((record.end_label, record.own + record.received, record.transit))
    for label, stock, transit in states:
        for row, (node, material) in enumerate(arrays.piles.keys[:-1]):
            if arrays.piles.storable[row] and arrays.piles.is_firm[row]:
                yield _stock_row(arrays.park, label, node, material, float(stock[row]))
        for row, link in enumerate(arrays.links.links):
            if arrays.movable[arrays.links.source[row]]:
                yield _stock_row(arrays.park, label, link.id, link.material, float(transit[row]))


def _stock_row(park: Park, label: str, node: str, material: str, dry: float) -> Row:
    known = park.materials[material]
    return label, node, material, dry * known.as_received, dry, known.unit


def _activity_rows(arrays: ParkArrays, record: Record) -> Iterator[Row]:
    for interval in record.intervals:
        for row, (firm, line) in enumerate(arrays.lines.keys):
            product = arrays.lines.technology[row].product
            available = interval.available[row] / interval.days
            yield interval.label, firm, line, interval.activity[row], _unit(arrays.park, product), available


def _link_rows(arrays: ParkArrays, record: Record) -> Iterator[Row]:
    per_year = DAYS_PER_YEAR / record.days
    realised = record.total("dispatched") * per_year
    for row, link in enumerate(arrays.links.links):
        most = arrays.links.at_most[row] * DAYS_PER_YEAR
        promised = None if link.planned is None else link.planned * DAYS_PER_YEAR
        yield (
            link.id, link.from_, link.to, link.material, link.status, float(arrays.links.distance[row]),
            most if np.isfinite(most) else None, promised, float(realised[row]),
            _unit(arrays.park, link.material), _limited_by(most, promised, float(realised[row])),
        )  # fmt: skip


def _limited_by(most: float, promised: float | None, realised: float) -> str:
    if promised is not None:
        return "plan" if realised >= promised * (1 - 1e-6) else "disturbance"
    return "capacity" if realised >= most * (1 - 1e-6) else "supply or need"


def _breaches(arrays: ParkArrays, record: Record) -> Iterator[str]:
    for pile, label in sorted(record.breaches.items()):
        node, material = arrays.piles.keys[pile]
        yield tr("{material} of {firm} has nowhere to go from {date} on: it stays at the firm, beyond its storage",
                 material=material, firm=node, date=label)  # fmt: skip
