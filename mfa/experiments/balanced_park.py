"""The base year: a scenario's measurements brought into balance, and the scenario that starts from it.

base = mfa.base_year(scenario)
base.reconciliation     # the balanced account, with tests and suspects
base.scenario           # lines, recipes, links and stocks as in the balanced year; simulate or improve this one

The balanced year is a plan that is already in force (semantics §4): lines run at their activity with their mix, links
carry their flows. What the measurements do not determine stays as the scenario has it, at rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf, isnan
from typing import TYPE_CHECKING

from mfa.accounting.park_account import ENDS, ParkAccount, account_of
from mfa.accounting.reconciliation import Reconciliation, reconcile
from mfa.experiments.adjusted_recipes import with_recipes
from mfa.language import tr
from mfa.park.firm import Boundary, Firm, Line, Use
from mfa.park.link import Link
from mfa.park.park_flows import ParkFlow
from mfa.park.plan import without_plan
from mfa.park.scenario import Scenario
from mfa.park.values import DAYS_PER_YEAR, SMALLEST_FLOW
from mfa.simulation.availability import mean_availability
from mfa.step.arrays import compile_park
from mfa.step.steady_state import SteadyState, steady_state

if TYPE_CHECKING:
    import pandas as pd

SLACK = 1e-9
"""A relative excess over a bound that is rounding."""


@dataclass(frozen=True)
class BaseYear:
    """A balanced year.

    `given` is the scenario as it was read, `scenario` the one that starts from the balanced year; `account` says what
    its quantities are in the park; `notes` are sentences on what was taken otherwise than the scenario says.
    """

    given: Scenario
    scenario: Scenario
    account: ParkAccount
    reconciliation: Reconciliation
    notes: tuple[str, ...] = field(default=())

    @property
    def year(self) -> int:
        """The year that was measured."""
        return year_of(self.given)

    @cached_property
    def suspects(self) -> pd.DataFrame:
        """Measurements that may hold a gross error, the likeliest first (columns of `Reconciliation.suspects`)."""
        return self.reconciliation.suspects

    @property
    def undetermined(self) -> tuple[ParkFlow, ...]:
        """The flows that the measurements do not determine."""
        flows = self.account.flows
        return tuple(flows[name] for name in self.reconciliation.unobservable if name in flows)


def year_of(scenario: Scenario) -> int:
    """Return the year that a scenario's measurements are of: by default that of its start."""
    given = scenario.measurements
    return (given.year if given else None) or scenario.time.start.year


def compared_steps(scenario: Scenario, year: int) -> range:
    """Return the recorded steps of the measured year, or all steps where it is not simulated."""
    time = scenario.time
    steps = [step for step in range(time.steps) if time.date_of(step).year == year]
    return range(steps[0], steps[-1] + 1) if steps else range(time.steps)


def base_year(scenario: Scenario, places: Sequence[str] = ()) -> BaseYear:
    """Bring the measurements of a scenario into balance, and return them with the scenario that starts from there.

    Args:
        scenario: one with measurements.
        places: where each row of them stands, for messages.

    Raises:
        UsageError: the scenario has no measurements.
        InputError: exact measurements contradict each other.
        InfeasibleError: no amounts at or above zero satisfy the balances.
    """
    account = account_of(scenario, places)
    result = reconcile(account.account)
    known = {str(name): float(value) for name, value in result.quantities["reconciled"].items()}
    started, notes = _Balance(scenario, account, known).started()
    return BaseYear(scenario, started, account, result, tuple(notes))


def started(scenario: Scenario) -> Scenario:
    """Return the scenario that a run starts from: the balanced year where there are measurements."""
    return scenario if scenario.measurements is None else base_year(scenario).scenario


class _Balance:
    """Puts reconciled amounts (name → amount a year, NaN where undetermined) into the park of a scenario."""

    def __init__(self, scenario: Scenario, account: ParkAccount, known: Mapping[str, float]) -> None:
        self.given, self.account, self.known = scenario, account, known
        self.park = with_recipes(without_plan(scenario.park), account.coefficients, known)
        self.products = {(c.firm, c.line): c.product for c in account.coefficients}
        steps = compared_steps(scenario, year_of(scenario))
        arrays = compile_park(self.park, scenario.time.step, scenario.unknown, scenario.allocation)
        mean = mean_availability(scenario, arrays, steps)
        self.available = dict(zip(arrays.lines.keys, (float(a) for a in mean), strict=True))
        self.notes: list[str] = []

    def started(self) -> tuple[Scenario, list[str]]:
        """Return the scenario that starts from the balanced year, and what was taken otherwise than it says."""
        park = self.park.replace(
            firms={key: self._firm(firm) for key, firm in self.park.firms.items()},
            boundary={key: self._boundary(node) for key, node in self.park.boundary.items()},
            links=tuple(self._bounded(link) for link in self.park.links),
        )
        held = park.replace(links=tuple(self._held(link) for link in park.links))
        rest = steady_state(held, self.given.unknown, self.given.time.step, self.given.allocation)
        links = tuple(self._carrying(link, rest) for link in park.links)
        firms = {key: self._stocked(self._running(firm, rest), links) for key, firm in park.firms.items()}
        return self.given.replace(park=park.replace(firms=firms, links=links), measurements=None), self.notes

    def amount(self, name: str | None) -> float | None:
        """Return a reconciled amount, per day; None where the measurements do not determine it."""
        value = self.known.get(name or "", float("nan"))
        return None if isnan(value) else max(value, 0.0) / DAYS_PER_YEAR

    def _activity(self, firm: str, line: Line) -> float | None:
        """Return the activity of a line while it is available, units of its main product a day."""
        technology = self.park.technologies[line.runs]
        made = self.amount(self.products.get((firm, line.id)))
        per_activity, share = technology.outputs[technology.product], self.available.get((firm, line.id), 1.0)
        return None if made is None or share <= 0 else made / per_activity / share

    def _firm(self, firm: Firm) -> Firm:
        return firm.replace(lines={name: self._line(firm.id, line) for name, line in firm.lines.items()})

    def _stocked(self, firm: Firm, links: Sequence[Link]) -> Firm:
        """Return a firm that starts with the stocks that were measured, and has room for those of both ends."""
        stock, storage = dict(firm.initial_stock), dict(firm.storage)
        held: dict[str, float] = defaultdict(float)
        for flow in self.account.flows.values():
            per_day = self.amount(flow.id) if flow.kind in ENDS and flow.node == firm.id else None
            if per_day is None:
                continue
            if flow.kind == "start":
                stock[flow.material] = per_day * DAYS_PER_YEAR
            if flow.id in self.account.rows:
                held[flow.material] = max(held[flow.material], per_day * DAYS_PER_YEAR)
        for material, amount in held.items():
            keeps_all = self.park.materials[material].class_ in ("product", "raw")
            room = storage.get(material, inf if keeps_all else 0.0)
            needed_next = _kept(firm, material, links) * self.given.time.step  # kept beside what is stored (§5)
            if amount > (room + needed_next) * (1 + SLACK):
                storage[material] = amount - needed_next
                self._note("{firm} keeps {amount:,.6g} {unit} of {material}, above its storage; taken as its storage",
                           firm=firm.id, amount=amount, material=material)  # fmt: skip
            if material in storage:
                storage[material] = max(storage[material], stock.get(material, 0.0))
        return firm.replace(initial_stock=stock, storage=storage)

    def _line(self, firm: str, line: Line) -> Line:
        """Let a line run as measured; one that waits for what nobody sells may still run as far as it could before."""
        activity = self._activity(firm, line)
        if activity is None:
            return line
        capacity = line.capacity
        if activity > capacity:
            capacity = activity
            if activity > line.capacity * (1 + SLACK):
                self._note("{firm}.{line} runs at {amount:,.6g} {unit}/yr, above its capacity; taken as its capacity",
                           firm=firm, line=line.id, amount=activity * DAYS_PER_YEAR,
                           material=self.park.technologies[line.runs].product)  # fmt: skip
        share = activity / capacity if capacity else 0.0
        technology = self.park.technologies[line.runs]
        waits = any(self.park.market_for(m, "sells") is None for m, a in technology.uses.items() if a > 0)
        return line.replace(capacity=capacity, utilisation=min(1.0, max(share, line.utilisation if waits else 0.0)))

    def _boundary(self, node: Boundary) -> Boundary:
        """Let users and towns take what reached them."""
        came: dict[str, float] = defaultdict(float)
        for flow in self.account.flows.values():
            if flow.kind == "flow" and flow.target == node.id:
                came[flow.material] += self.amount(flow.id) or 0.0
        more = {m: came[m] for m, quota in node.uses.items() if came[m] > quota * (1 + SLACK)}
        for material, amount in more.items():
            self._note("{node} takes {amount:,.6g} {unit}/yr of {material}, more than it is said to use",
                       node=node.id, amount=amount * DAYS_PER_YEAR, material=material)  # fmt: skip
        return node.replace(uses={**node.uses, **more}) if more else node

    def _bounded(self, link: Link) -> Link:
        """Let a link carry at most what it was seen to carry, where that is more than its bound."""
        carried = self._alone(link)
        if carried is None or link.at_most is None or carried <= link.at_most:
            return link
        if carried > link.at_most * (1 + SLACK):
            text = (
                "{source} sends {target} {amount:,.6g} {unit}/yr of {material}, above the link's at_most; taken as that"
            )
            amount = carried * DAYS_PER_YEAR
            self._note(text, source=link.from_, target=link.to, amount=amount, material=link.material)
        return link.replace(at_most=carried)

    def _alone(self, link: Link) -> float | None:
        """Return what a link without parallels carries; None where that is not determined."""
        return self._between(link) if len(self._parallel(link)) == 1 else None

    def _parallel(self, link: Link) -> list[Link]:
        key = (link.from_, link.to, link.material)
        return [k for k in self.park.links if (k.from_, k.to, k.material) == key and k.status != "candidate"]

    def _between(self, link: Link) -> float | None:
        if link.to not in self.park.firms and not self.park.boundary[link.to].uses:
            return None
        flow = self.amount(ParkFlow("flow", link.from_, link.material, link.to).id)
        return None if flow is None else flow / self._open(link)

    def _open(self, link: Link) -> float:
        """Return the share of the year in which both ends of a link run."""
        ends = [share for (firm, _), share in self.available.items() if firm in (link.from_, link.to) and share > 0]
        return min(ends, default=1.0)

    def _held(self, link: Link) -> Link:
        """Return a link that carries at most what is known of it, to see where what is not known comes to rest."""
        carried = self._alone(link)
        return link if carried is None else link.replace(at_most=carried)

    def _carrying(self, link: Link, rest: SteadyState) -> Link:
        """Return a link that is planned to carry what it did; parallel ones share as they do at rest."""
        if link.status == "candidate":
            return link
        whole, own = self._between(link), rest.flow.get(link.id, 0.0)
        if whole is not None:
            beside = self._parallel(link)
            total = sum(rest.flow.get(k.id, 0.0) for k in beside)
            own = whole * (own / total if total > 0 else 1.0 / len(beside))
        return link.replace(planned=own if own >= SMALLEST_FLOW else 0.0)

    def _running(self, firm: Firm, rest: SteadyState) -> Firm:
        """Return a firm whose lines are planned to run as they did, with the mix that they took."""
        lines = {}
        for name, line in firm.lines.items():
            activity = self._activity(firm.id, line)
            if activity is None:
                activity = rest.activity.get((firm.id, name), 0.0)
            lines[name] = line.replace(planned=activity, mix=tuple(self._mix(firm.id, name, rest)))
        return firm.replace(lines=lines)

    def _mix(self, firm: str, line: str, rest: SteadyState) -> list[Use]:
        share = self.available.get((firm, line), 1.0) or 1.0
        mix = []
        for (f, name, material, of), quantity in sorted(self.account.splits.items()):
            if (f, name) != (firm, line):
                continue
            used = self.amount(quantity)
            kept = 1.0 if material != of else self._from_stock(firm, material)
            at_rest = rest.used.get((firm, line, material, of), 0.0)
            amount = at_rest if used is None or kept is None else used * kept / share
            if amount >= SMALLEST_FLOW:
                mix.append(Use(material=material, replaces=of, amount=amount))
        return mix

    def _from_stock(self, firm: str, material: str) -> float | None:
        """Return the share of an input that lines take from the firm's own stock, the rest being bought."""
        market = self.park.market_for(material, "sells")
        if market is None:
            return 1.0
        bought = self.amount(ParkFlow("flow", market.id, material, firm).id)
        taken = [
            self.amount(q) for (f, _, m, of), q in self.account.splits.items() if f == firm and m == of == material
        ]
        if bought is None or any(amount is None for amount in taken):
            return None
        total = sum(amount for amount in taken if amount is not None)
        return max(0.0, 1.0 - bought / total) if total > 0 else 0.0

    def _note(self, text: str, material: str, **values: object) -> None:
        self.notes.append(tr(text, None, unit=self.park.materials[material].unit, material=material, **values))


def _kept(firm: Firm, material: str, links: Sequence[Link]) -> float:
    """Return what lines draw a day from their firm's own releases under a plan: planned use less planned inflow."""
    used = sum(use.amount for line in firm.lines.values() for use in line.mix or () if use.material == material)
    return max(0.0, used - sum(k.planned or 0.0 for k in links if (k.to, k.material) == (firm.id, material)))
