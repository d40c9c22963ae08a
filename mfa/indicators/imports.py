"""How much of what a node uses or makes comes from imported waste, which no rate counts (semantics §9)."""

from __future__ import annotations

from collections import defaultdict

from mfa.indicators.sums import sum_by
from mfa.park.origin import Origin, origins
from mfa.park.park import Park
from mfa.results.results import Results

Key = tuple[str, str]
"""Node, material."""


class Imports:
    """Shares of imported waste over a whole run.

    What a `source` delivers or a market sells is imported; what a treatment makes is imported in the proportion of
    the origin tonnes it was fed; what a production line makes is not. A node uses what it received before anything
    is left over, so of its use all that arrived from imports is imported.
    """

    def __init__(self, results: Results) -> None:
        self._park: Park = results.scenario.park
        self._origin: dict[str, Origin] = origins(self._park)
        self._sources = {node.id for node in self._park.boundaries("source")} | _markets_of_waste(self._park)
        self._arrived = _arrivals(results, self._sources) if self._sources else {}
        self._used, self._made = _conversions(results) if self._sources else ({}, {})
        self._shares: dict[tuple[str, str, str], float] = {}

    def of_link(self, source: str, material: str) -> float:
        """Return the imported share of a material that leaves `source`."""
        return 1.0 if source in self._sources else self.of_made(source, material)

    def of_made(self, node: str, material: str) -> float:
        """Return the imported share of what a node makes of a material."""
        if not self._sources:
            return 0.0
        key = ("made", node, material)
        if key not in self._shares:
            by_line = self._made.get((node, material), {})
            total = sum(by_line.values())
            imported = sum(amount * self._of_feed(node, line) for line, amount in by_line.items())
            self._shares[key] = imported / total if total > 0 else 0.0
        return self._shares[key]

    def of_used(self, node: str, material: str) -> float:
        """Return the imported share of what a node uses of a material."""
        if not self._sources:
            return 0.0
        key = ("used", node, material)
        if key not in self._shares:
            self._shares[key] = self._find_used(node, material)
        return self._shares[key]

    def _find_used(self, node: str, material: str) -> float:
        used = sum(by.get(material, 0.0) for (firm, _), by in self._used.items() if firm == node)
        arrived = self._arrived.get((node, material), {})
        total = sum(arrived.values())
        imported = sum(amount * self.of_link(source, material) for source, amount in arrived.items())
        rest = max(0.0, used - total)
        own = self.of_made(node, material) * rest if rest else 0.0
        return min(1.0, (imported + own) / used) if used > 0 else 0.0

    def _of_feed(self, node: str, line: str) -> float:
        firm = self._park.firms[node]
        if self._park.technologies[firm.lines[line].runs].kind != "treatment":
            return 0.0
        fed = {m: amount * sum(self._origin.get(m, {}).values()) for m, amount in self._used[node, line].items()}
        total = sum(fed.values())
        return sum(amount * self.of_used(node, m) for m, amount in fed.items() if amount) / total if total else 0.0


def _markets_of_waste(park: Park) -> set[str]:
    """Return the markets that sell some waste."""
    sellers = (park.market_for(m, "sells") for m, material in sorted(park.materials.items()) if material.is_waste)
    return {market.id for market in sellers if market is not None}


def _arrivals(results: Results, sources: set[str]) -> dict[Key, dict[str, float]]:
    """Return (target, material) → source → what arrived over the run: dispatched, less what more is in transit."""
    park, flows, stocks = results.scenario.park, results.flows, results.stocks
    arrived: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    across = flows[(flows["source"] != flows["target"]) & flows["kind"].isin(("virgin", "exchange", "product"))]
    givers = {*park.firms, *sources}
    for (source, target, material), amount in sum_by(across, ["source", "target", "material"], "dry_amount").items():
        if source in givers:
            arrived[target, material][source] += amount
    if len(stocks):
        ends = {stocks["time"].min(): 1.0, stocks["time"].max(): -1.0}
        links = {link.id: link for link in park.links}
        moving = stocks[stocks["time"].isin(ends) & stocks["node"].isin(links)]
        for time, node, amount in moving[["time", "node", "dry_amount"]].itertuples(index=False):
            link = links[node]
            arrived[link.to, link.material][link.from_] += ends[time] * amount
    return arrived


def _conversions(results: Results) -> tuple[dict[Key, dict[str, float]], dict[Key, dict[str, float]]]:
    """Return (firm, line) → material → used, and (firm, material) → line → made, over the run."""
    keys = ["firm", "line", "material"]
    used: dict[Key, dict[str, float]] = defaultdict(dict)
    made: dict[Key, dict[str, float]] = defaultdict(dict)
    for (firm, line, material), amount in sum_by(results.conversion, keys, "used").items():
        used[firm, line][material] = amount
    for (firm, line, material), amount in sum_by(results.conversion, keys, "made").items():
        made[firm, material][line] = amount
    return used, made
