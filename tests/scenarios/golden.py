"""Headline numbers of the shipped scenarios.

Written anew with `python tests/scenarios/golden.py`; look at the difference before keeping it.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import mfa
from mfa.files.library import data_root

GOLDEN = Path(__file__).parent / "golden.json"
HEADLINES = ("solid_waste_utilisation", "net_diversion", "waste_generated", "waste_disposed", "by_products_exchanged")


def shipped() -> dict[str, Path]:
    """Name → file of every scenario and lesson."""
    folder = data_root() / "scenarios"
    return {path.stem: path for path in [*sorted(folder.glob("*.yaml")), *sorted(folder.glob("lessons/*.yaml"))]}


def headlines(path: Path) -> dict[str, float | None]:
    """What the closed loop says of a scenario: indicators of both runs, and the promise."""
    loop = mfa.close_loop(mfa.load_scenario(path))
    found: dict[str, float | None] = {"promised_utilisation": loop.plan.utilisation, "capital": loop.plan.capital}
    found["objective"] = loop.plan.objective
    for results in loop.runs:
        table = results.indicators
        whole = table[table.of == ""].set_index("indicator").value
        for name in HEADLINES:
            value = float(whole[name])
            found[f"{results.run}.{name}"] = None if math.isnan(value) else value
    return {name: None if value is None else float(f"{value:.9g}") for name, value in found.items()}


def main() -> None:
    """Write the golden file."""
    numbers = {name: headlines(path) for name, path in shipped().items()}
    GOLDEN.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
