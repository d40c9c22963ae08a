"""Indicators of a plain flow table: its network, and the economy-wide account where its nodes say what they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from mfa.errors import InputError, MfaError, Problem
from mfa.indicators.circularity import economy_wide
from mfa.indicators.ecological import ecological_network
from mfa.indicators.flow_tables import read_flows
from mfa.indicators.symbiosis import criticality, eco_connectance
from mfa.language import tr

ROLES: Mapping[str, frozenset[str]] = {
    "imports": frozenset({"import", "imports", "进口", "调入"}),
    "extraction": frozenset({"extraction", "extract", "nature", "本地开采", "开采"}),
    "exports": frozenset({"export", "exports", "出口", "调出"}),
    "recycling": frozenset({"recycling", "recycle", "循环利用", "回收"}),
}
"""Part of an economy-wide account → the names that nodes playing it have."""

ECOLOGICAL = (
    "throughflow", "throughput", "finn_cycling_index", "average_path_length", "ascendency", "capacity", "overhead",
    "relative_ascendency", "robustness", "connectance", "linkage_density", "cyclicity", "imbalance",
)  # fmt: skip
IN_FLOW_UNITS = frozenset({"throughflow", "throughput", "imports", "extraction", "exports", "physical_trade_balance",
                           "direct_material_input", "domestic_material_consumption", "recycled"})  # fmt: skip
IN_BITS = frozenset({"ascendency", "capacity", "overhead"})
ACCOUNT = ("imports", "extraction", "exports", "physical_trade_balance", "direct_material_input",
           "domestic_material_consumption")  # fmt: skip
CIRCULAR = ("recycled", "circular_material_use")
RENAMED = {"connectance": "network_connectance", "capacity": "development_capacity",
           "recycled": "recycled_material"}  # fmt: skip
"""Name of `ecological_network` → name beside the indicators of a run, where the word has another meaning."""
SOURCES = {
    "network": "ecological network analysis (Finn 1976; Ulanowicz & Norden 1990; Fath et al. 2007)",
    "symbiosis": "Tiejun 2010 (from memory); Chopra & Khanna 2014 (removal of nodes)",
    "economy": "Eurostat, economy-wide material flow accounts (2018); env_ac_cur",
}


@dataclass(frozen=True)
class FlowValue:
    """One indicator of a flow table: what it is about (empty: all), its value, or the reason why there is none."""

    theme: str
    name: str
    unit: str
    value: float | None = None
    of: str = ""
    reason: str = ""


def ends(flows: pd.DataFrame) -> set[str]:
    """Return the nodes that only give or only receive: taken as outside where nobody says what is."""
    table = read_flows(flows)
    return set(table["source"]) ^ set(table["target"])


def flow_indicators(
    flows: pd.DataFrame, outside: Collection[str], unit: str = "", account: pd.DataFrame | None = None
) -> list[FlowValue]:
    """Return every indicator that a flow table allows, and the others with the reason.

    Args:
        flows: columns `source`, `target`, `amount`, in one unit.
        outside: nodes beyond the boundary.
        unit: of the amounts.
        account: the same flows for the economy-wide account, with its nodes called `import`, `extraction`, `export` and
            `recycling`; by default the flows themselves.

    Raises:
        InputError: naming the rows that are wrong.
    """
    read_flows(flows)
    account = flows if account is None else account
    return [
        *_section("network", ECOLOGICAL, unit, lambda: ecological_network(flows, outside)),
        *_section("symbiosis", ("eco_connectance",), unit, lambda: _single(eco_connectance(flows, outside))),
        *_critical(flows, outside),
        *_section("economy", ACCOUNT, unit, lambda: _account(account)),
        *_section("economy", CIRCULAR, unit, lambda: _account(account, with_recycling=True)),
    ]


def _section(theme: str, names: Collection[str], unit: str, compute: Callable[[], pd.Series]) -> list[FlowValue]:
    try:
        found = compute()
    except MfaError as error:
        return [FlowValue(theme, _item(name), _unit(name, unit), reason=_reason(error)) for name in names]
    reason = tr("not defined for these amounts (0 ÷ 0)")
    return [
        FlowValue(theme, _item(name), _unit(name, unit), float(found[name]))
        if found[name] == found[name]
        else FlowValue(theme, _item(name), _unit(name, unit), reason=reason)
        for name in names
    ]


def _item(name: str) -> str:
    """Return the name of an indicator beside those of a run, which have a connectance of their own."""
    return RENAMED.get(name, name)


def _single(value: float) -> pd.Series:
    return pd.Series({"eco_connectance": value})


def _reason(error: MfaError) -> str:
    if isinstance(error, InputError):
        return "; ".join(dict.fromkeys(f"{p.path}: {p.message}" if p.path else p.message for p in error.problems))
    return str(error)


def _critical(flows: pd.DataFrame, outside: Collection[str]) -> list[FlowValue]:
    names = ("lost_without_worst_firm", "lost_without_a_firm")
    try:
        found = criticality(flows, outside)
    except MfaError as error:
        return [FlowValue("symbiosis", name, "fraction", reason=_reason(error)) for name in names]
    rows = [FlowValue("symbiosis", name, "fraction", found.attrs[key])
            for name, key in zip(names, ("worst", "mean"), strict=True)]  # fmt: skip
    return rows + [
        FlowValue("symbiosis", names[1], "fraction", float(lost), str(firm))
        for firm, lost in zip(found["firm"], found["lost"], strict=True)
    ]


def _account(flows: pd.DataFrame, with_recycling: bool = False) -> pd.Series:
    table = read_flows(flows)
    known = {*table["source"], *table["target"]}
    played = {role: {node for node in known if node.casefold() in names} for role, names in ROLES.items()}
    missing = []
    if not (played["imports"] or played["extraction"]):
        missing.append(tr("no node is called import or extraction; rename nodes, or call mfa.economy_wide"))
    if with_recycling and not played["recycling"]:
        missing.append(tr("no node is called recycling; rename nodes, or call mfa.economy_wide"))
    if missing:
        raise InputError(Problem("flows", "", message) for message in missing)
    processing = set(table.loc[table["source"].isin(played["recycling"]), "target"])
    return economy_wide(table, **played, processing=processing)


def _unit(name: str, unit: str) -> str:
    if name in IN_FLOW_UNITS:
        return unit
    if name in IN_BITS:
        return f"{unit}·bit" if unit else "bit"
    return "fraction" if name in ("finn_cycling_index", "relative_ascendency", "connectance", "eco_connectance",
                                  "imbalance", "circular_material_use") else "1"  # fmt: skip
