"""Waste that a market sells is imported: neither generated nor used in the park (semantics §9)."""

import pytest
from building import accept, firm, landfill, line, link, market, material, park, scenario, technology

from mfa.experiments import simulate
from mfa.optimization import suggest


def test_bought_waste_counts_neither_as_used_nor_in_the_promise() -> None:
    # The mill needs 10 t of waste paper a day: 4 t come from the printer over a link, 6 t are bought.
    # Generated 4, used 4: utilisation 1, not 10/4.
    what = park(
        material("waste_paper", "solid_waste"),
        technology("printing", "books", {"paper": 1.0}, releases={"waste_paper": 0.4}),
        technology("pulping", "pulp", {"waste_paper": 1.0}, accepts=(accept("rags", "waste_paper"),)),
        material("rags", "solid_waste"),
        firm("printer", lines=[line("press", "printing", 10)]),
        firm("mill", lines=[line("pulper", "pulping", 10)]),
        link("printer", "mill", "waste_paper"),
        market(sells=("raw", "paper", "waste_paper")),
        landfill(),
    )
    plan = suggest(scenario(what))
    table = simulate(scenario(what)).indicators
    row = table[(table["indicator"] == "solid_waste_utilisation") & (table["of"] == "")]
    assert plan.utilisation == pytest.approx(1.0)
    assert row["value"].iloc[0] == pytest.approx(1.0)
