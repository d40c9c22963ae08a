"""Small Pyomo models that the solver tests share."""

import json
from pathlib import Path

import numpy as np
import pyomo.environ as pyo

CASES = Path(__file__).parents[2] / "cases"


def empty(count=2, upper=10.0, sense=pyo.maximize):
    """Return a model with variables x[0..count) between 0 and `upper`, and their sum as objective."""
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(count), bounds=(0, upper))
    model.objective = pyo.Objective(expr=sum(model.x.values()), sense=sense)
    return model


def facility(name):
    """Return an OR-Library warehouse location case (see tests/cases/README.md)."""
    data = json.loads((CASES / "facility_orlib_cap" / f"{name}.json").read_text(encoding="utf-8"))
    cost, demand, capacity, fixed = (data[key] for key in ("cost_all_demand", "demand", "capacity", "fixed_cost"))
    sites, customers = range(data["m"]), range(data["n"])
    model = pyo.ConcreteModel()
    model.served = pyo.Var(sites, customers, bounds=(0, 1))
    model.open = pyo.Var(sites, domain=pyo.Binary)
    model.cost = pyo.Objective(
        expr=sum(cost[i][j] * model.served[i, j] for i in sites for j in customers)
        + sum(fixed[i] * model.open[i] for i in sites)
    )
    model.serve = pyo.Constraint(customers, rule=lambda m, j: sum(m.served[i, j] for i in sites) == 1)
    model.room = pyo.Constraint(
        sites, rule=lambda m, i: sum(demand[j] * m.served[i, j] for j in customers) <= capacity[i] * m.open[i]
    )
    model.only_if_open = pyo.Constraint(sites, customers, rule=lambda m, i, j: m.served[i, j] <= m.open[i])
    return model


def transport():
    """Return Dantzig's transport case (see tests/cases/README.md)."""
    data = json.loads((CASES / "transport_trnsport" / "trnsport.json").read_text(encoding="utf-8"))
    plants, markets = list(data["supply"]), list(data["demand"])
    unit = {(i, j): data["freight"] * data["distance_kmiles"][p][q] / 1000
            for i, p in enumerate(plants) for j, q in enumerate(markets)}  # fmt: skip
    model = pyo.ConcreteModel()
    model.flow = pyo.Var(list(unit), domain=pyo.NonNegativeReals)
    model.cost = pyo.Objective(expr=sum(price * model.flow[key] for key, price in unit.items()))
    model.supply = pyo.Constraint(
        range(len(plants)),
        rule=lambda m, i: sum(m.flow[i, j] for j in range(len(markets))) <= data["supply"][plants[i]],
    )
    model.demand = pyo.Constraint(
        range(len(markets)),
        rule=lambda m, j: sum(m.flow[i, j] for i in range(len(plants))) >= data["demand"][markets[j]],
    )
    return model


def market_split(rows=5, count=40):
    """Return a feasibility problem that no branch and bound settles in seconds (Cornuéjols and Dawande, 1998)."""
    random = np.random.default_rng(1)
    share = random.integers(0, 100, (rows, count))
    model = pyo.ConcreteModel()
    model.y = pyo.Var(range(count), domain=pyo.Binary)
    model.objective = pyo.Objective(expr=sum(model.y.values()))
    model.split = pyo.Constraint(
        range(rows),
        rule=lambda m, i: sum(int(share[i, j]) * m.y[j] for j in range(count)) == int(share[i].sum() // 2),
    )
    return model


def knapsack(rows=40, count=300):
    """Return a problem with easy plans whose best one takes long to prove."""
    random = np.random.default_rng(2)
    weight, worth = random.integers(5, 99, (rows, count)), random.integers(10, 99, count)
    model = pyo.ConcreteModel()
    model.y = pyo.Var(range(count), domain=pyo.Binary)
    model.objective = pyo.Objective(expr=sum(int(worth[j]) * model.y[j] for j in range(count)) + 7, sense=pyo.maximize)
    model.room = pyo.Constraint(
        range(rows),
        rule=lambda m, i: sum(int(weight[i, j]) * m.y[j] for j in range(count)) <= int(weight[i].sum() // 3),
    )
    return model
