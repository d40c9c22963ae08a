"""Scrap with three elements through shredder, demolition and remelting, by exact transfer coefficients (ODYM 2).

Every element of every year is a chain of its own: its flows follow from the scrap and the yields alone.
"""

from pathlib import Path

import pandas as pd
import pytest

import mfa

CASE = Path(__file__).parents[1] / "cases" / "steel_alloy_recycling"
SCENARIOS = {
    "base": {},
    "a_shredder_yield_Cu_0.075": {"shredder yield Cu": 0.075},
    "b_buildings_x1.25": {"eol buildings": 1.25},
}
NAMES = {
    "F1": "sysenv => shredder", "F2": "sysenv => demolition", "F3": "shredder => remelting",
    "F4": "demolition => remelting", "F5": "shredder => sysenv", "F6": "demolition => landfills",
    "F7": "remelting => sysenv", "F8": "remelting => slag piles",
}  # fmt: skip
ENDS = {
    "F1": ("environment", "shredder"), "F2": ("environment", "demolition"), "F3": ("shredder", "remelting"),
    "F4": ("demolition", "remelting"), "F5": ("shredder", "environment"), "F6": ("demolition", "environment"),
    "F7": ("remelting", "environment"), "F8": ("remelting", "environment"),
}  # fmt: skip


def chain(tag, machines, buildings, yields):
    """The lines of one element in one year: flows, transfer coefficients and the relation of the remelter's yield."""
    exact = {"F1": machines, "F2": buildings}
    flows = []
    for flow, ends in ENDS.items():
        source, target = (end if end == "environment" else f"{end}_{tag}" for end in ends)
        value = f", value: {exact[flow]!r}, std: 0" if flow in exact else ""
        flows.append(f"  {flow}_{tag}: {{from: {source}, to: {target}{value}}}")
    coefficients = [
        f"  TC{of}_{tag}: {{of: {of}_{tag}, from: {whole}_{tag}, value: {share!r}, std: 0}}"
        for of, whole, share in (("F3", "F1", yields["shredder"]), ("F4", "F2", yields["demolition"]))
    ]
    remelted = yields["remelting"]
    return flows, coefficients, f'  - "F7_{tag} = {remelted!r}*F3_{tag} + {remelted!r}*F4_{tag}"'


def account(path, changes):
    given = pd.read_csv(CASE / "inputs.csv")
    flows, coefficients, relations = [], [], []
    content = given[given["element"].notna()].set_index(["parameter", "element"])["value"].to_dict()
    scrap = given[given["year"].notna()].set_index(["parameter", "year"])["value"].to_dict()
    for year in range(1980, 2011, 10):
        for element in ("Fe", "Cu", "Mn"):
            yields = {
                process: changes.get(f"{process} yield {element}", content[f"{process} yield", element])
                for process in ("shredder", "demolition", "remelting")
            }
            machines = scrap["eol machines", year] * content["composition eol machines", element]
            buildings = scrap["eol buildings", year] * content["composition eol buildings", element]
            part = chain(f"{element}_{year}", machines, buildings * changes.get("eol buildings", 1.0), yields)
            flows += part[0]
            coefficients += part[1]
            relations.append(part[2])
    lines = ["kind: account", "flows:", *flows, "transfer_coefficients:", *coefficients, "relations:", *relations]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(params=SCENARIOS)
def solved(request, tmp_path):
    result = mfa.reconcile(account(tmp_path / "alloys.yaml", SCENARIOS[request.param]))
    return request.param, result.flows["reconciled"]


def test_all_flows_follow_from_scrap_and_yields(solved):
    scenario, found = solved
    expected = pd.read_csv(CASE / "expected_flows.csv").set_index(["scenario", "flow", "year", "element"])["kt_per_yr"]
    for key, value in found.items():
        flow, element, year = key.split("_")
        assert value == pytest.approx(expected[scenario, NAMES[flow], int(year), element], rel=1e-9), key


def test_copper_in_secondary_steel_as_published(solved):
    scenario, found = solved
    shares = {}
    for year in (1980, 2010):
        steel = {element: found[f"F7_{element}_{year}"] for element in ("Fe", "Cu", "Mn")}
        shares[year] = round(100 * steel["Cu"] / sum(steel.values()), 5)
    published = {"b": (0.25882, 0.20830), "a": (0.24376, 0.19874), "base": (0.29378, 0.23273)}
    assert (shares[1980], shares[2010]) == published[scenario.split("_")[0]]
