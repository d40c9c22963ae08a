"""A park's measurements as an account: balances of every material at every firm, and the recipes of its lines.

Every material of a firm is a node; mass and energy are the layers. Lines and boundary nodes are outside: what a line
makes enters the balance of its firm, what it uses leaves it, and its recipe ties both. Amounts are dry t or GJ a year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from mfa.accounting.recipe_equations import Coefficient, Draft, Split, installed, state_recipe
from mfa.errors import UsageError
from mfa.language import tr
from mfa.park.account import GOODS, Account, Flow
from mfa.park.measurement import Measurements
from mfa.park.park import Park
from mfa.park.park_flows import ParkFlow, flows_of, gases_of, measured_flows, outlets
from mfa.park.scenario import Scenario
from mfa.park.values import ENVIRONMENT

if TYPE_CHECKING:
    import pandas as pd

ENDS = ("start", "end")
"""Kinds of flows that are stocks."""
STORE = "stock"
"""Where what stands in store comes from and goes to."""


@dataclass(frozen=True)
class ParkAccount:
    """An account of a park, and what its quantities are in the park.

    `flows` holds the park's flows by the name that the account gives them; `sums` what was measured as a sum, or a
    second time → the flows that it is the sum of; `rows` the name of what each measurement gives.
    """

    account: Account
    flows: dict[str, ParkFlow]
    sums: dict[str, tuple[str, ...]]
    rows: tuple[str, ...]
    coefficients: tuple[Coefficient, ...]
    splits: dict[Split, str]

    def placed(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table of the account's flows with the nodes and lines of the park as source and target."""
        ends = [self._ends(name, *ends) for name, *ends in table[["flow", "source", "target"]].itertuples(index=False)]
        return table.assign(source=[end[0] for end in ends], target=[end[1] for end in ends])

    def between(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the flows between nodes as they are drawn: by material, mass in one layer and energy in another."""
        kinds = [name in self.flows and self.flows[name].kind == "flow" for name in table["flow"]]
        chosen = self.placed(table)[kinds]
        layers = [GOODS if layer == "t" else "energy" for layer in chosen["layer"]]
        return chosen.assign(flow=[self.flows[name].material for name in chosen["flow"]], layer=layers)

    def _ends(self, name: str, source: str, target: str) -> tuple[str, str]:
        flow = self.flows.get(name)
        if flow is None:
            return source, target
        if flow.kind == "flow":
            return flow.node, flow.target
        other = STORE if flow.kind in ENDS else f"{flow.node}.{flow.line}"
        return (other, flow.node) if flow.kind in ("made", "start") else (flow.node, other)


def account_of(scenario: Scenario, places: Sequence[str] = ()) -> ParkAccount:
    """Return the account of a scenario's measurements.

    Args:
        scenario: one with measurements.
        places: where each row of them stands, for messages.

    Raises:
        UsageError: the scenario has no measurements.
    """
    park, given = scenario.park, scenario.measurements
    if given is None:
        raise UsageError(tr("the scenario has no measurements; write them under measurements:"))
    every, draft = flows_of(park), Draft(given.recipes, {key: m.unit for key, m in park.materials.items()})
    measured = [measured_flows(every, row) for row in given.rows]
    seen = {flow for flows in measured for flow in flows}
    balanced = {*_in_balance(park, every, seen)}
    kept = [flow for flow in every if flow in balanced | seen]
    for key, firm in sorted(park.firms.items()):
        for name, line in sorted(firm.lines.items()):
            state_recipe(draft, installed(key, name, park.technologies[line.runs], kept))
    _state_losses(draft, park)
    stuck = _one_sided(park, balanced)
    flows = {flow.id: _flow(park, flow, flow in balanced, stuck) for flow in kept}
    rows = _put_in(draft, flows, given, measured, places or [f"measurements.rows[{i}]" for i in range(len(given.rows))])
    _state_stocks(park, flows, kept)
    account = Account(
        name=scenario.id, flows=(*flows.values(), *draft.extra), transfer_coefficients=tuple(draft.shares),
        relations=tuple(draft.relations), non_negative=True,
    )  # fmt: skip
    sums = {row: tuple(flow.id for flow in of) for row, of in zip(rows, measured, strict=True) if row not in flows}
    return ParkAccount(account, {f.id: f for f in kept}, sums, rows, tuple(draft.coefficients), draft.splits)


def _flow(park: Park, flow: ParkFlow, is_balanced: bool, stuck: Collection[tuple[str, str]]) -> Flow:
    """Return a flow between what firms hold and the outside; one that is stuck is nothing and enters no balance."""
    ends = [
        f"{node}: {flow.material}"
        if node in park.firms and is_balanced and (node, flow.material) not in stuck
        else ENVIRONMENT
        for node in (flow.node, flow.target)
    ]
    if flow.kind in ("made", "start"):
        ends.reverse()
    nothing = {"value": 0.0} if any((node, flow.material) in stuck for node in (flow.node, flow.target)) else {}
    unit = unit_of(park, flow.material)
    return Flow(id=flow.id, source=ends[0], target=ends[1], layer=unit.removesuffix("/yr"), unit=unit, **nothing)


def _one_sided(park: Park, flows: Collection[ParkFlow]) -> set[tuple[str, str]]:
    """Return (firm, material) where something could only come in or only go out, as at a mill that nobody supplies."""
    into = {(f.node, f.material) for f in flows if f.kind in ("made", "start")}
    into |= {(f.target, f.material) for f in flows if f.kind == "flow"}
    out = {(f.node, f.material) for f in flows if f.kind in ("flow", "used", "end")}
    return {key for key in into ^ out if key[0] in park.firms}


def unit_of(park: Park, material: str) -> str:
    """Return the unit of a yearly amount of a material."""
    return f"{park.materials[material].unit if material in park.materials else 't'}/yr"


def _in_balance(park: Park, flows: Sequence[ParkFlow], measured: Collection[ParkFlow]) -> Iterator[ParkFlow]:
    """Yield the flows that enter a balance.

    A stock is taken as unchanged unless it was measured at both ends of the year, or the material comes from or can go
    nowhere else. Disposal goes to the site that comes first, unless another was measured.
    """
    comes = {(f.target, f.material) for f in flows} | {(f.node, f.material) for f in flows if f.kind == "made"}
    known = Counter((f.node, f.material) for f in measured if f.kind in ENDS)
    linked = {(link.from_, link.to, link.material) for link in park.links}
    sites = {site.id for site in park.boundaries("disposal")}
    for flow in flows:
        key = flow.node, flow.material
        if flow.kind in ENDS:
            counts = known[key] == len(ENDS) or key not in comes or not outlets(park, *key)
        else:
            spare = flow.target in sites and (flow.node, flow.target, flow.material) not in linked
            counts = not spare or flow in measured or outlets(park, *key)[0] == flow.target
        if counts:
            yield flow


def _state_stocks(park: Park, flows: dict[str, Flow], kept: Sequence[ParkFlow]) -> None:
    """Let stocks start as the scenario says where neither end of the year was measured."""
    stocks = {(f.node, f.material, f.kind): f.id for f in kept if f.kind in ENDS}
    for (node, material, kind), name in stocks.items():
        other = stocks.get((node, material, "end"))
        if kind == "start" and other is not None and flows[name].value is None and flows[other].value is None:
            flows[name] = flows[name].replace(value=park.firms[node].initial_stock.get(material, 0.0))


def _state_losses(draft: Draft, park: Park) -> None:
    """Tie what is lost on the way to what is carried, where nothing else of it goes to the environment."""
    gases = {gas for technology in park.technologies.values() for gas in gases_of(technology)}
    lost: dict[ParkFlow, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for link in park.links:
        material, source = link.material, link.from_
        loses = link.loss > 0 and link.status != "candidate" and source in park.firms
        if loses and material not in gases and ENVIRONMENT not in outlets(park, source, material):
            carried = ParkFlow("flow", source, material, link.to).id
            lost[ParkFlow("flow", source, material, ENVIRONMENT)][carried].append(link.loss / (1 - link.loss))
    for flow, carried_by in sorted(lost.items()):
        draft.relate(flow.id, [(fmean(factors), carried) for carried, factors in sorted(carried_by.items())])


def _put_in(
    draft: Draft, flows: dict[str, Flow], given: Measurements, measured: list[list[ParkFlow]], places: Sequence[str]
) -> tuple[str, ...]:
    """Give flows their measured values and return the name of each; a sum or second measurement gets a quantity."""
    names: list[str] = []
    for row, of, place in zip(given.rows, measured, places, strict=True):
        known = {"value": row.value, "std": given.std_of(row), "place": place}
        name = of[0].id
        if len(of) == 1 and flows[name].value is None:
            flows[name] = flows[name].replace(**known)
        else:
            whole = name if len(of) == 1 else ParkFlow(of[0].kind, of[0].node, of[0].material, of[0].target).id
            name = _unused(f"{whole} [{row.name}]" if row.name else whole, {*flows, *names})
            draft.add(name, row.what, unit=flows[of[0].id].unit, **known)
            draft.relate(name, [(1.0, flow.id) for flow in of])
        names.append(name)
    return tuple(names)


def _unused(name: str, taken: Collection[str]) -> str:
    number, wanted = 1, name
    while wanted in taken:
        number += 1
        wanted = f"{name} [{number}]"
    return wanted
