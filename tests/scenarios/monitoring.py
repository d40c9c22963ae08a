"""The monitoring data of `scenarios/measured_park.yaml`: a simulated year, each number with the noise of its std.

Written anew with `python tests/scenarios/monitoring.py`. One figure is wrong on purpose: the kiln weighed slag wet.
"""

from __future__ import annotations

import csv

import numpy as np

import mfa
from mfa.files.library import data_root

SEED = 2025
STD = 0.04
TRUE_PARK = "chlor_alkali_pvc.yaml"
TABLE = data_root() / "scenarios" / "measured_park.csv"
COLUMNS = ["name", "from", "to", "material", "firm", "line", "made", "released", "node", "stock", "at", "amount", "std"]

FLOWS = [
    ("weighbridge of the lime works", "lime", "carbide", "lime"),
    ("silo of the carbide works", "lime", "carbide", "lime"),
    ("", "carbide", "pvc", "calcium_carbide"),
    ("", "chlorine", "pvc", "hydrogen_chloride"),
    ("", "power", "bricks", "steam"),
    ("", "kiln", "mill", "clinker"),
    ("", "power", "mill", "fly_ash"),
    ("weighbridge of the PVC plant", "pvc", "kiln", "carbide_slag"),
    ("weighbridge of the kiln", "pvc", "kiln", "carbide_slag"),
    ("", "pvc", "slag_yard", "carbide_slag"),
    ("", "power", "landfill", "fly_ash"),
    ("", "market", "lime", "limestone"),
    ("", "market", "carbide", "coke"),
    ("", "market", "power", "coal"),
    ("", "market", "kiln", "limestone"),
]
MADE = [
    ("chlorine", "cells", "made", "chlorine"),
    ("chlorine", "burners", "made", "hydrogen_chloride"),
    ("carbide", "", "made", "calcium_carbide"),
    ("pvc", "", "made", "pvc"),
    ("pvc", "", "released", "carbide_slag"),
    ("lime", "", "made", "lime"),
    ("power", "", "made", "electricity"),
    ("power", "", "released", "fly_ash"),
    ("kiln", "", "made", "clinker"),
    ("mill", "", "made", "cement"),
]
STOCKS = [("pvc", "carbide_slag", "start", "6 kt", "5%"), ("pvc", "carbide_slag", "end", "6 kt", "5%")]
WRONG = "weighbridge of the kiln"


def rows() -> list[dict[str, str]]:
    """Return the rows of the table."""
    scenario = mfa.load_scenario(data_root() / "scenarios" / TRUE_PARK)
    year, draw = mfa.simulate(scenario), np.random.default_rng(SEED)
    flow = year.flows.groupby(["source", "target", "material"])["dry_amount"].sum()
    made = year.conversion.groupby(["firm", "material"])["made"].sum()
    found: list[dict[str, str]] = []

    def write(true: float, of: str, **cells: str) -> None:
        known = scenario.park.materials[of]
        seen = true * (1 + STD * draw.standard_normal())
        if cells.get("name") == WRONG:
            seen *= known.as_received
        scale, unit = (1e3, "kt/yr") if known.unit == "t" else (1e6, "PJ/yr")
        found.append(cells | {"amount": f"{seen / scale:.4g} {unit}"})

    for name, source, target, material in FLOWS:
        ends = {"from": source, "to": target}
        write(float(flow[source, target, material]), material, name=name, material=material, **ends)
    for firm, line, what, material in MADE:
        write(float(made[firm, material]), material, firm=firm, line=line, **{what: material})
    for node, material, at, stock, std in STOCKS:
        found.append({"node": node, "material": material, "at": at, "stock": stock, "std": std})
    return found


def main() -> None:
    """Write the table."""
    written = rows()
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(written)


if __name__ == "__main__":
    main()
