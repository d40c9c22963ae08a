"""What may flow in a park in a year: between its nodes, into and out of its lines, and what may stand in store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mfa.park.measurement import Measurement
from mfa.park.park import Park
from mfa.park.technology import Technology
from mfa.park.values import ENVIRONMENT

Kind = Literal["flow", "made", "used", "start", "end"]
VERBS: dict[Kind, str] = {
    "made": "{node} makes {material}",
    "used": "{node} uses {material}",
    "start": "{node} holds {material} at the start",
    "end": "{node} holds {material} at the end",
    "flow": "{node} → {target}: {material}",
}
"""Kind of a flow → how it is called."""


@dataclass(frozen=True, order=True)
class ParkFlow:
    """One flow of a park: between `node` and `target`; made or used by a `line` of the firm `node`; or a stock of it.

    `of_line` is how the line is called: by its firm alone where that has no other.
    """

    kind: Kind
    node: str
    material: str
    target: str = ""
    line: str = ""
    of_line: str = ""

    @property
    def id(self) -> str:
        """How tables and messages call it."""
        return VERBS[self.kind].format(node=self.of_line or self.node, target=self.target, material=self.material)


def flows_of(park: Park) -> tuple[ParkFlow, ...]:
    """Return every flow that a park may have; stocks of all that its firms make, store or start with."""
    between, stocks = {*_between(park)}, {*_stocks(park)}
    return tuple(sorted({*_of_lines(park, between | stocks), *between, *stocks}))


def _of_lines(park: Park, others: set[ParkFlow]) -> Iterator[ParkFlow]:
    """Yield what lines make and use; a substitute counts only where it can come from somewhere."""
    comes_in = {(f.target, f.material) for f in others} | {(f.node, f.material) for f in others if f.kind == "start"}
    for key, firm in park.firms.items():
        comes_in |= {(key, m) for line in firm.lines.values() for m in park.technologies[line.runs].outputs}
        for name, line in firm.lines.items():
            technology = park.technologies[line.runs]
            called = key if len(firm.lines) == 1 else f"{key}.{name}"
            inputs = {m for m, amount in technology.uses.items() if amount > 0}
            substitutes = {a.material for a in technology.accepts if a.replaces in inputs}
            for material in inputs | set(technology.takes) | {m for m in substitutes if (key, m) in comes_in}:
                yield ParkFlow("used", key, material, line=name, of_line=called)
            for material in {*technology.outputs, *gases_of(technology)}:
                yield ParkFlow("made", key, material, line=name, of_line=called)


def gases_of(technology: Technology) -> set[str]:
    """Return what the inputs of a technology emit."""
    return {gas for factors in technology.emits_per.values() for gas in factors}


def _between(park: Park) -> Iterator[ParkFlow]:
    for link in park.links:
        if link.status != "candidate":
            yield ParkFlow("flow", link.from_, link.material, link.to)
            if link.loss and link.from_ in park.firms:
                yield ParkFlow("flow", link.from_, link.material, ENVIRONMENT)
    for key, firm in park.firms.items():
        for line in firm.lines.values():
            technology = park.technologies[line.runs]
            yield from (ParkFlow("flow", ENVIRONMENT, m, key) for m in technology.takes)
            yield from _purchases(park, key, technology.uses)
            yield from (ParkFlow("flow", key, gas, ENVIRONMENT) for gas in gases_of(technology))
            for material in technology.outputs:
                yield from (ParkFlow("flow", key, material, target) for target in outlets(park, key, material))


def _purchases(park: Park, firm: str, uses: dict[str, float]) -> Iterator[ParkFlow]:
    for material in uses:
        market = park.market_for(material, "sells")
        if market is not None:
            yield ParkFlow("flow", market.id, material, firm)


def outlets(park: Park, firm: str, material: str) -> list[str]:
    """Return where what nobody takes of a firm's material may go, the place that it goes to first in front (§5)."""
    market = park.market_for(material, "buys")
    if market is not None:
        return [market.id]
    known = park.materials[material]
    if known.class_ in ("water", "gas", "energy") or not known.storable:
        return [ENVIRONMENT]
    sites = [site for site in park.boundaries("disposal") if park.lists(site.accepts, material)]
    return [s.id for s in sorted(sites, key=lambda s: (s.gate_fee, park.distance_between(firm, s.id), s.id))]


def _stocks(park: Park) -> Iterator[ParkFlow]:
    for key, firm in park.firms.items():
        made = {m for line in firm.lines.values() for m in park.technologies[line.runs].outputs}
        for material in made | set(firm.initial_stock) | set(firm.storage):
            if park.materials[material].storable:
                yield ParkFlow("start", key, material)
                yield ParkFlow("end", key, material)


def kind_of(row: Measurement) -> Kind:
    """Return of which kind what a row measures is."""
    if row.form == "stock":
        return row.at or "start"
    return "flow" if row.form == "flow" else "used" if row.used else "made"


def measured_flows(flows: tuple[ParkFlow, ...], row: Measurement) -> list[ParkFlow]:
    """Return the flows of which a measurement gives the sum; none where the park has no such flow."""
    kind, node = kind_of(row), row.from_ or row.firm or row.node
    same = [f for f in flows if (f.kind, f.node, f.target, f.material) == (kind, node, row.to or "", row.what)]
    return [f for f in same if row.line in (None, f.line)]
