"""How much of what a node uses or makes comes from imported waste, which no rate counts (semantics §9)."""

from __future__ import annotations

from functools import cached_property

from mfa.indicators.provenance import Path, Provenance
from mfa.park.park import Park
from mfa.results.results import Results


class Imports:
    """Shares of imported waste over a whole run.

    What a `source` delivers or a market sells is imported; what a treatment makes is imported in the proportion of
    the origin tonnes it was fed; what a production line makes is not. A node uses what it received before anything
    is left over, so of its use all that arrived from imports is imported.
    """

    def __init__(self, results: Results) -> None:
        self._results = results
        park = results.scenario.park
        self._sources = {node.id for node in park.boundaries("source")} | _markets_of_waste(park)

    @cached_property
    def provenance(self) -> Provenance:
        """The paths of the run's materials."""
        return Provenance(self._results)

    def begins(self, path: Path) -> bool:
        """Whether a path begins outside."""
        return path[0].node in self._sources

    def of_link(self, source: str, material: str) -> float:
        """Return the imported share of a material that leaves `source`."""
        return 1.0 if source in self._sources else self.of_made(source, material)

    def of_made(self, node: str, material: str) -> float:
        """Return the imported share of what a node makes of a material."""
        if not self._sources:
            return 0.0
        return sum(share for path, share in self.provenance.made(node, material).items() if self.begins(path))

    def of_used(self, node: str, material: str) -> float:
        """Return the imported share of what a node uses of a material."""
        used = self.provenance.consumption(node, material) if self._sources else 0.0
        if used <= 0:
            return 0.0
        arrived = sum(tonnes for path, tonnes in self.provenance.used(node, material).items() if self.begins(path))
        return min(1.0, arrived / used)


def _markets_of_waste(park: Park) -> set[str]:
    """Return the markets that sell some waste."""
    sellers = (park.market_for(m, "sells") for m, material in sorted(park.materials.items()) if material.is_waste)
    return {market.id for market in sellers if market is not None}
