"""Measured, reconciled and simulated, flow by flow, and why a simulation does not do what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mfa.experiments.balanced_park import BaseYear, compared_steps
from mfa.language import tr
from mfa.park.contents import Contents
from mfa.park.park_flows import ParkFlow
from mfa.park.values import DAYS_PER_YEAR
from mfa.results.results import Results
from mfa.step.feeds import feed_of

if TYPE_CHECKING:
    import pandas as pd

REPRODUCED = 1e-3
"""Largest relative difference between reconciled and simulated that counts as reproduced."""
UNSEEN = 0.1
"""So many standard deviations of what is reconciled are no difference either: no measurement shows them."""
COLUMNS = ["flow", "kind", "source", "target", "line", "material", "unit", "measured", "std", "reconciled",
           "reconciled_std", "simulated", "difference", "z", "missed", "status", "cause"]  # fmt: skip


def measured_table(base: BaseYear, results: Results) -> pd.DataFrame:
    """Return measured, reconciled and simulated amounts of every flow of a base year.

    Columns: flow, kind (flow, made, used, start, end), source, target, line, material, unit; measured, std, reconciled,
    reconciled_std, simulated in dry t or GJ a year (stocks: t or GJ); difference (simulated - measured), z (difference
    ÷ std); missed (simulated - reconciled), empty where less than 0.1 % and 0.1 std; status (measured, exact, computed,
    unobservable); cause (why the simulation misses the reconciled amount).

    Args:
        base: the base year.
        results: a simulation of `base.scenario`; its measured year is compared, or all of it where that is not in it.
    """
    import pandas as pd

    simulated, account = _Simulated(base, results), base.account
    quantities = base.reconciliation.quantities
    columns = quantities[["measured", "std", "reconciled", "reconciled_std"]].to_numpy(dtype=float).tolist()
    numbers = dict(zip(quantities.index, columns, strict=True))
    status, rows = quantities["status"].to_dict(), []
    starts = {name for name, flow in account.flows.items() if flow.kind == "start" and name not in account.rows}
    for name in [*account.flows.keys() - starts, *account.sums]:
        parts = account.sums.get(name, (name,))
        flow = account.flows[parts[0]]
        amount = sum(simulated.amount(account.flows[part]) for part in parts)
        measured, std, reconciled, reconciled_std = numbers[name]
        missed = amount - reconciled
        if not abs(missed) > max(REPRODUCED, REPRODUCED * abs(reconciled), UNSEEN * reconciled_std):
            missed = float("nan")
        off = amount - measured
        rows.append((
            name, flow.kind, flow.node, flow.target, flow.line if len(parts) == 1 else "", flow.material,
            simulated.unit(flow), measured, std, reconciled, reconciled_std, amount, off,
            off / std if std > 0 else float("nan"), missed, status[name],
            simulated.cause(flow) if missed == missed else "",
        ))  # fmt: skip
    return pd.DataFrame(sorted(rows), columns=COLUMNS)


def describe_misses(table: pd.DataFrame) -> tuple[str, ...]:
    """Return a sentence for each cause for which a simulation misses what was measured, with the flows it concerns."""
    missed = table[table["missed"].notna() & table["status"].isin(["measured", "exact"])]
    return tuple(
        tr("not reproduced: {flows} ({cause})", flows=", ".join(of["flow"]), cause=cause)
        for cause, of in missed.groupby("cause", sort=False)
    )


@dataclass(frozen=True)
class _Simulated:
    """What a simulation of a base year did in the measured year."""

    base: BaseYear
    results: Results

    @cached_property
    def _years(self) -> float:
        time = self.results.scenario.time
        return len(compared_steps(self.results.scenario, self.base.year)) * time.step / DAYS_PER_YEAR

    @cached_property
    def _moments(self) -> list[str]:
        """When the recording intervals of the compared time begin, and when the last of them ends."""
        moments = sorted({*self.results.stocks["time"], *self.results.flows["time"]})
        begun = [moment for moment in moments[:-1] if moment.startswith(f"{self.base.year}-")] or moments[:-1]
        after = moments[moments.index(begun[-1]) + 1]
        return [*begun, after]

    def _sums(self, table: pd.DataFrame, keys: list[str], amount: str) -> Mapping[tuple[str, ...], float]:
        within = table[table["time"].isin(self._moments[:-1])]
        sums = within.groupby(keys)[amount].sum() / self._years
        return {(str(a), str(b), str(c)): float(amount) for a, b, c, amount in sums.reset_index().to_numpy().tolist()}

    @cached_property
    def _tables(self) -> Mapping[str, Callable[[ParkFlow], float]]:
        between = self._sums(self.results.flows, ["source", "target", "material"], "dry_amount")
        made, used = (self._sums(self.results.conversion, ["firm", "line", "material"], c) for c in ("made", "used"))
        stocks = self.results.stocks.set_index(["time", "node", "material"])["dry_amount"].to_dict()
        first, last = self._moments[0], self._moments[-1]
        return {
            "flow": lambda flow: between.get((flow.node, flow.target, flow.material), 0.0),
            "made": lambda flow: made.get((flow.node, flow.line, flow.material), 0.0),
            "used": lambda flow: used.get((flow.node, flow.line, flow.material), 0.0),
            "start": lambda flow: float(stocks.get((first, flow.node, flow.material), 0.0)),
            "end": lambda flow: float(stocks.get((last, flow.node, flow.material), 0.0)),
        }

    def amount(self, flow: ParkFlow) -> float:
        """Return what was simulated of a flow, a year, or of a stock."""
        return self._tables[flow.kind](flow)

    def unit(self, flow: ParkFlow) -> str:
        """Return the unit of a flow or stock."""
        known = self.results.scenario.park.materials.get(flow.material)
        unit = known.unit if known else "t"
        return unit if flow.kind in ("start", "end") else f"{unit}/yr"

    def cause(self, flow: ParkFlow) -> str:
        """Return why the simulation may miss a flow."""
        firms = [node for node in (flow.node, flow.target) if node in self.results.scenario.park.firms]
        causes = (self._stops, self._refused, self._limited, self._stored, self._open, self._cheapest)
        found = (cause(firm, flow) for cause in causes for firm in firms)
        return next((text for text in found if text), tr("it follows from another difference"))

    def _stops(self, firm: str, _: ParkFlow) -> str:
        scenario = self.results.scenario
        stops = any(d.acts and d.firm == firm for d in scenario.disruptions) or scenario.park.firms[firm].maintenance
        return tr("{firm} stops or slows at times", firm=firm) if stops else ""

    def _refused(self, firm: str, flow: ParkFlow) -> str:
        park, contents = self.results.scenario.park, Contents(self.results.scenario.park)
        for line in park.firms[firm].lines.values():
            feed = feed_of(park, park.technologies[line.runs], contents, self.results.scenario.unknown)
            for acceptance, _code, reason in feed.refused:
                if acceptance.material == flow.material:
                    return tr("{firm} may not take it: {reason}", firm=firm, reason=reason)
        return ""

    def _limited(self, firm: str, _: ParkFlow) -> str:
        """A limit lets a line take less than its planned mix while it runs as planned."""
        park = self.results.scenario.park
        for name, line in park.firms[firm].lines.items():
            limits = park.technologies[line.runs].limits
            planned: dict[str, float] = {}
            for use in line.mix or ():
                if use.material != use.replaces:
                    planned[use.material] = planned.get(use.material, 0.0) + use.amount * DAYS_PER_YEAR
            for material, amount in planned.items() if limits else ():
                if self.amount(ParkFlow("used", firm, material, line=name)) < amount * (1 - REPRODUCED):
                    return tr("a limit on feed or product of {firm} lets it take less", firm=firm)
        return ""

    def _stored(self, firm: str, flow: ParkFlow) -> str:
        if flow.kind == "end":
            return tr("links and lines draw a store down, disposal never does; it fills while there is surplus")
        start, end = (self.amount(ParkFlow(kind, firm, flow.material)) for kind in ("start", "end"))
        if abs(end - start) <= REPRODUCED * max(1.0, abs(start)):
            return ""
        unit = self.unit(ParkFlow("end", firm, flow.material))
        return tr("the stock of {firm} changes by {change:,.6g} {unit} in the simulation",
                  firm=firm, change=end - start, unit=unit)  # fmt: skip

    def _cheapest(self, _: str, flow: ParkFlow) -> str:
        node = self.results.scenario.park.boundary.get(flow.target)
        return tr("surplus goes to the cheapest site that has room") if node and node.kind == "disposal" else ""

    def _open(self, firm: str, _: ParkFlow) -> str:
        hidden = {flow.node for flow in self.base.undetermined if flow.kind == "made"}
        return tr("the measurements do not determine what {firm} does", firm=firm) if firm in hidden else ""
