"""Where what a node uses or makes of a material comes from, over a whole run: by which lines and from outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from mfa.indicators.sums import sum_by
from mfa.park.origin import Origin, origins
from mfa.park.park import Park
from mfa.results.results import Results


class Step(NamedTuple):
    """A line that made a material, or (with an empty line) a boundary node that delivered it."""

    node: str
    line: str
    material: str


Path = tuple[Step, ...]
"""Where a material began, then each treatment that it went through."""
Paths = dict[Path, float]


class Provenance:
    """Paths of materials through a park.

    What a production line makes begins there; what a treatment makes continues the paths of the waste it was fed, in
    proportion to origin tonnes. A node uses what it received before its own releases.
    """

    def __init__(self, results: Results) -> None:
        self._park: Park = results.scenario.park
        self._origin: dict[str, Origin] = origins(self._park)
        self._arrived = _arrivals(results)
        self._used, self._made = _conversions(results)
        self._consumed = sum_by(results.conversion, ["firm", "material"], "used")
        self._known: dict[tuple[str, str, str], Paths] = {}

    def delivered(self, source: str, material: str) -> Paths:
        """Return the paths of a material that leaves `source`, with their shares."""
        return self.made(source, material) if source in self._park.firms else _from(source, material)

    def made(self, node: str, material: str) -> Paths:
        """Return the paths of what a firm makes of a material, with their shares; its own stock where it makes none."""
        key = ("made", node, material)
        if key not in self._known:
            parts = [(amount, self._by_line(node, line, material))
                     for line, amount in self._made.get((node, material), {}).items()]  # fmt: skip
            self._known[key] = shares(mixed(parts)) or _from(node, material)
        return self._known[key]

    def used(self, node: str, material: str) -> Paths:
        """Return the paths of what a node uses of a material, with their tonnes.

        What arrived counts whole, so that the sum is more than the use where stock was left over.
        """
        key = ("used", node, material)
        if key not in self._known:
            arrived = self._arrived.get((node, material), {})
            parts = [(amount, self.delivered(source, material)) for source, amount in arrived.items()]
            rest = self.consumption(node, material) - sum(arrived.values())
            self._known[key] = mixed([*parts, (rest, self.made(node, material))] if rest > 0 else parts)
        return self._known[key]

    def consumption(self, node: str, material: str) -> float:
        """Return what a node uses of a material over the run."""
        return self._consumed.get((node, material), 0.0)

    def _by_line(self, node: str, line: str, material: str) -> Paths:
        step = Step(node, line, material)
        if self._park.technologies[self._park.firms[node].lines[line].runs].kind != "treatment":
            return {(step,): 1.0}
        fed = {m: amount * sum(self._origin.get(m, {}).values()) for m, amount in self._used[node, line].items()}
        paths = mixed([(amount, shares(self.used(node, m))) for m, amount in fed.items() if amount > 0])
        return {(*path, step): share for path, share in shares(paths).items()} or {(step,): 1.0}


def _from(node: str, material: str) -> Paths:
    return {(Step(node, "", material),): 1.0}


def mixed(parts: list[tuple[float, Paths]]) -> Paths:
    """Return Σ amount × paths."""
    total: Paths = defaultdict(float)
    for amount, paths in parts:
        for path, share in paths.items():
            total[path] += amount * share
    return dict(total)


def shares(paths: Paths) -> Paths:
    """Return paths with their shares of the whole; nothing where there is nothing."""
    total = sum(paths.values())
    return {path: amount / total for path, amount in paths.items()} if total > 0 else {}


def _arrivals(results: Results) -> Mapping[tuple[str, str], Mapping[str, float]]:
    """Return (target, material) → source → what arrived over the run: dispatched, less what more is in transit."""
    flows, stocks = results.flows, results.stocks
    arrived: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    across = flows[(flows["source"] != flows["target"]) & flows["kind"].isin(("virgin", "exchange", "product"))]
    for (source, target, material), amount in sum_by(across, ["source", "target", "material"], "dry_amount").items():
        arrived[target, material][source] += amount
    if len(stocks):
        ends = {stocks["time"].min(): 1.0, stocks["time"].max(): -1.0}
        links = {link.id: link for link in results.scenario.park.links}
        moving = stocks[stocks["time"].isin(ends) & stocks["node"].isin(links)]
        for time, node, amount in moving[["time", "node", "dry_amount"]].itertuples(index=False):
            link = links[node]
            arrived[link.to, link.material][link.from_] += ends[time] * amount
    return arrived


Used = dict[tuple[str, str], dict[str, float]]
Made = dict[tuple[str, str], dict[str, float]]


def _conversions(results: Results) -> tuple[Used, Made]:
    """Return (node, line) → material → used, and (node, material) → line → made, over the run."""
    keys = ["firm", "line", "material"]
    used: Used = defaultdict(dict)
    made: Made = defaultdict(dict)
    for (node, line, material), amount in sum_by(results.conversion, keys, "used").items():
        used[node, line][material] = amount
    for (node, line, material), amount in sum_by(results.conversion, keys, "made").items():
        made[node, material][line] = amount
    return used, made
