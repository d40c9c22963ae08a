"""Measurements of a simulated year: everything that the park's account knows, exact or with noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mfa.park.measurement import Deviation, Measurement, Measurements
from mfa.park.park_flows import ParkFlow, flows_of
from mfa.park.scenario import Scenario
from mfa.results import Results

STOCK_STD = Deviation(share=0.01)


def measure(
    scenario: Scenario, year: Results, std: float = 0.05, seed: int | None = None, recipes: float = 0.05
) -> Measurements:
    """Return a measurement of every flow, use and stock of a run, with normal noise where a seed is given."""
    draw = None if seed is None else np.random.default_rng(seed)
    amount = amounts(year)
    rows = []
    for flow in flows_of(scenario.park):
        known = flow.material in scenario.park.materials
        value = amount(flow) * (1.0 if draw is None else noise(draw, std))
        if known and (value > 0 or flow.kind in ("start", "end")):
            rows.append(row(flow, value))
    return Measurements(year=scenario.time.start.year, std=std, recipes=recipes, rows=tuple(rows))


def noise(draw: np.random.Generator, std: float) -> float:
    return max(0.0, 1.0 + std * draw.standard_normal())


def row(flow: ParkFlow, value: float) -> Measurement:
    if flow.kind == "flow":
        return Measurement(from_=flow.node, to=flow.target, material=flow.material, amount=value)
    if flow.kind in ("start", "end"):
        return Measurement(node=flow.node, material=flow.material, stock=value, at=flow.kind, std=STOCK_STD)
    return Measurement(**{"firm": flow.node, "line": flow.line, flow.kind: flow.material, "amount": value})


def amounts(year: Results) -> Callable[[ParkFlow], float]:
    """Return what gives the amount of a flow in a run, a year."""
    years = year.days / 365
    between = year.flows.groupby(["source", "target", "material"])["dry_amount"].sum()
    lines = year.conversion.groupby(["firm", "line", "material"])[["made", "used"]].sum()
    stocks = year.stocks.set_index(["time", "node", "material"])["dry_amount"].to_dict()
    moments = {"start": min(year.stocks["time"], default=""), "end": max(year.stocks["time"], default="")}

    def amount(flow: ParkFlow) -> float:
        if flow.kind in moments:
            return float(stocks.get((moments[flow.kind], flow.node, flow.material), 0.0))
        if flow.kind == "flow":
            return float(between.get((flow.node, flow.target, flow.material), 0.0)) / years
        key = flow.node, flow.line, flow.material
        return float(lines[flow.kind].get(key, 0.0)) / years

    return amount
