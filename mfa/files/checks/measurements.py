"""Checks of measurements: that the park has what was measured."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.files.checks.finding import Finding
from mfa.files.nearest import did_you_mean
from mfa.language import tr
from mfa.park.measurement import Measurement
from mfa.park.park_flows import ParkFlow, flows_of, kind_of, measured_flows
from mfa.park.scenario import Scenario

MOST_NAMES = 4


def measured_is_not_there(scenario: Scenario) -> Iterator[Finding]:
    """A measured flow, use or stock that the park cannot have."""
    if scenario.measurements is None:
        return
    flows = flows_of(scenario.park)
    for i, row in enumerate(scenario.measurements.rows):
        at = ("measurements", "rows", i)
        lines = scenario.park.firms[row.firm].lines if row.firm else {}
        if row.line is not None and row.line not in lines:
            message = tr("'{firm}' has no line '{name}'", firm=row.firm, name=row.line) + did_you_mean(row.line, lines)
            yield Finding((*at, "line"), message)
        elif not measured_flows(flows, row):
            yield Finding(at, _missing(flows, row))


def _missing(flows: tuple[ParkFlow, ...], row: Measurement) -> str:
    """Return what is not there, and what is."""
    material, kind = row.what, kind_of(row)
    same = [f for f in flows if f.kind == kind]
    if kind == "flow":
        message = tr("nothing carries {material} from {source} to {target}; add a link or correct the row",
                     material=material, source=row.from_, target=row.to)  # fmt: skip
        there = [f"{f.node} → {f.target}" for f in same if f.material == material]
        return message + _there("; it may go {names}", there)
    if row.form == "stock":
        message = tr("{node} keeps no {material}: it neither makes nor stores it, or it cannot be stored",
                     node=row.node, material=material)  # fmt: skip
        return message + _there("; it is kept by {names}", [f.node for f in same if f.material == material])
    there = [f.material for f in same if f.node == row.firm and row.line in (None, f.line)]
    message = "{firm} uses no {material}" if kind == "used" else "{firm} makes no {material}"
    near = did_you_mean(material, there)
    return tr(message, firm=row.firm, material=material) + (near or _there("; known there: {names}", there))


def _there(text: str, names: list[str]) -> str:
    shown = ", ".join(list(dict.fromkeys(names))[:MOST_NAMES])
    return tr(text, names=shown) if shown else ""
