"""Published optimisation problems, solved as parks through public functions (see tests/cases/README.md)."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from building import firm, link, material, park, scenario, technology, treatment, user

from mfa.optimization import suggest
from mfa.park.scenario import Scenario

CASES = Path(__file__).parents[1] / "cases"
OBJECTIVES = ("waste_utilisation", "net_benefit")


def read(name: str) -> dict[str, Any]:
    return json.loads((CASES / name).read_text(encoding="utf-8"))


def transport(case: dict[str, Any]) -> Scenario:
    """Plants release what users ask; every way costs freight × distance a tonne."""
    makers = [technology(f"make {p}", f"goods of {p}", releases={"cases": 1.0}) for p in case["supply"]]
    plants = [firm(p, f"make {p}", supply) for p, supply in case["supply"].items()]
    users = [user(u, {"cases": demand}) for u, demand in case["demand"].items()]
    ways = [
        link(p, u, "cases", status="candidate", transport={"per_t": case["freight"] * miles / 1000})
        for p, row in case["distance_kmiles"].items()
        for u, miles in row.items()
    ]
    what = park(*makers, *plants, *users, *ways)
    return scenario(what, days=365, objectives=OBJECTIVES, candidates={"generate": False})


def facility(case: dict[str, Any]) -> Scenario:
    """Customers release waste, warehouses are treatments with a fixed cost and a capacity, a city takes what they keep.

    Yearly amounts are those of the case, and an annuity of 1 makes the fixed cost a yearly one.
    """
    demand, houses = case["demand"], [f"w{i}" for i in range(case["m"])]
    keep = [treatment(f"keep {w}", "kept", {"goods": 1.0}, at=w, set_up=fixed, capacity=capacity / 365)
            for w, fixed, capacity in zip(houses, case["fixed_cost"], case["capacity"], strict=True)]  # fmt: skip
    customers = [firm(f"c{j}", "order", amount / 365) for j, amount in enumerate(demand)]
    ways = [
        link(f"c{j}", w, "goods", status="candidate", transport={"per_t": case["cost_all_demand"][i][j] / demand[j]})
        for (i, w), j in product(enumerate(houses), range(case["n"]))
    ]
    what = park(technology("order", "sale", releases={"goods": 1.0}), *keep, *customers, *map(firm, houses), *ways,
                material("kept", "solid_waste"), user("city", {"kept": sum(demand) / 365}),
                *(link(w, "city", "kept") for w in houses))  # fmt: skip
    candidates = {"generate": False, "treatments": tuple(t.id for t in keep)}
    return scenario(what, days=365, objectives=OBJECTIVES, candidates=candidates, finance={"rate": 0.0, "life": 365.0})


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_dantzigs_transport_problem(solver: str) -> None:
    case = read("transport_trnsport/trnsport.json")
    plan = suggest(transport(case), solver=solver)
    assert plan.status == "optimal"
    assert plan.objectives["waste_utilisation"] == pytest.approx(sum(case["demand"].values()) * 365)
    assert -plan.objectives["net_benefit"] / 365 == pytest.approx(case["published_optimum"], rel=1e-6)


@pytest.mark.parametrize("name", ["cap62", "cap71", "cap131"])
def test_warehouse_location(name: str) -> None:
    case = read(f"facility_orlib_cap/{name}.json")
    plan = suggest(facility(case), solver="highs")
    assert plan.status == "optimal"
    assert plan.objectives["waste_utilisation"] == pytest.approx(sum(case["demand"]), rel=1e-6)
    assert -plan.objectives["net_benefit"] == pytest.approx(case["published_optimum"], rel=1e-6)
