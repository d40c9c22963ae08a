"""Accounts whose equations multiply unknowns, against another optimiser and from anywhere."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

import mfa
from mfa.accounting.equations import equations_of
from mfa.park.account import Account, Concentration, Flow, TransferCoefficient

CASES = Path(__file__).parents[2] / "cases" / "reconciliation"
SEEDS = range(10)


def random_account(seed):
    """Return an account of flows with contents, few of them measured; flows and contents are sums of walks."""
    rng = np.random.default_rng(seed)
    nodes = [f"N{number}" for number in range(rng.integers(2, 5))]
    amounts: dict[tuple[str, str], float] = {}
    contents: dict[tuple[str, str], float] = {}
    for _ in range(rng.integers(3, 7)):
        stops = ["environment", *rng.permutation(nodes)[: rng.integers(1, len(nodes) + 1)].tolist(), "environment"]
        amount = float(rng.integers(1, 20))
        share = rng.uniform(0.05, 0.5)
        for ends in pairwise(stops):
            amounts[ends] = amounts.get(ends, 0.0) + amount
            contents[ends] = contents.get(ends, 0.0) + amount * share
    flows, concentrations = [], []
    for number, (ends, amount) in enumerate(sorted(amounts.items())):
        name, ratio = f"F{number}", contents[ends] / amount
        place = dict(zip(("source", "target"), ends, strict=True))
        flows.append(Flow(id=name, **place, **measured(rng, amount, 0.05, 0.6)))
        flows.append(Flow(id=name, **place, layer="X", **measured(rng, contents[ends], 0.1, 0.2)))
        concentrations.append(
            Concentration(id=f"X/{name}", content=f"{name}:X", carrier=name, **measured(rng, ratio, 0.1, 0.8))
        )
    first, second = (amount for _, amount in sorted(amounts.items())[:2])
    share = TransferCoefficient(id="T", of="F1", from_="F0", **measured(rng, second / first, 0.1, 0.5))
    return Account(flows=tuple(flows), concentrations=tuple(concentrations), transfer_coefficients=(share,))


def measured(rng, value, relative, share):
    """Return the fields of a quantity that was measured with some probability."""
    if rng.random() > share:
        return {}
    return {"value": value * (1 + relative * rng.normal()), "std": relative * value}


def other_optimum(account, start):
    """Return the least sum of squares that sequential quadratic programming finds from a start."""
    system = equations_of(account)
    free = np.flatnonzero(system.std != 0)
    of_free = system.std[free] > 0
    size = np.maximum(np.abs(start[free]), 1e-3)
    rows = np.maximum(system.size(start), 1e-9)

    def whole(scaled):
        z = system.measured.copy()
        z[free] = scaled * size
        return z

    def adjustments(scaled):
        z = whole(scaled)[free][of_free]
        return (z - system.measured[free][of_free]) / system.std[free][of_free]

    def slope(scaled):
        found = np.zeros(free.size)
        found[of_free] = 2 * adjustments(scaled) * size[of_free] / system.std[free][of_free]
        return found

    equations = {
        "type": "eq",
        "fun": lambda scaled: system.residual(whole(scaled)) / rows,
        "jac": lambda scaled: system.jacobian(whole(scaled)).toarray()[:, free] * size / rows[:, None],
    }
    found = minimize(lambda x: float((adjustments(x) ** 2).sum()), start[free] / size, jac=slope, method="SLSQP",
                     constraints=equations, options={"maxiter": 1000, "ftol": 1e-13})  # fmt: skip
    is_feasible = np.abs(equations["fun"](found.x)).max() < 1e-8
    return float(found.fun) if is_feasible else np.inf


@pytest.mark.parametrize("seed", SEEDS)
def test_another_optimiser_finds_nothing_nearer(seed):
    account = random_account(seed)
    result = mfa.reconcile(account)
    rng = np.random.default_rng(seed)
    starts = [result.found.z, result.found.z * rng.lognormal(0, 0.5, result.found.z.size)]
    least = min(other_optimum(account, start) for start in starts)
    assert result.chi2 <= least * (1 + 1e-6) + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_products_balance_and_no_start_shows_in_them(seed):
    account = random_account(seed)
    result = mfa.reconcile(account)
    known = result.balances.dropna()
    assert np.all(known["difference"].abs() <= 1e-9 * np.maximum(known["inflow"].abs(), 1e-3))
    rng = np.random.default_rng(seed)
    start = {name: float(rng.choice([-1, 1]) * rng.lognormal(0, 3)) for name in account.quantities}
    other = mfa.reconcile(account, start=start)
    assert other.unobservable == result.unobservable
    assert other.quantities["reconciled"].to_numpy() == pytest.approx(
        result.quantities["reconciled"].to_numpy(), rel=1e-8, abs=1e-9, nan_ok=True
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_reconciled_products_are_left_as_they_are(seed):
    account = random_account(seed)
    first = mfa.reconcile(account).quantities["reconciled"]

    def settled(quantity, name):
        return quantity if quantity.value is None else quantity.replace(value=float(first[name]))

    again = mfa.reconcile(account.replace(
        flows=tuple(settled(flow, account.key(flow)) for flow in account.flows),
        concentrations=tuple(settled(item, item.id) for item in account.concentrations),
        transfer_coefficients=tuple(settled(item, item.id) for item in account.transfer_coefficients),
    ))  # fmt: skip
    assert again.chi2 == pytest.approx(0, abs=1e-9)
    assert again.quantities["reconciled"].to_numpy() == pytest.approx(first.to_numpy(), rel=1e-7, abs=1e-9, nan_ok=True)


def test_eleven_flows_follow_from_one_and_the_contents():
    """Flows and sum as sequential quadratic programming finds them from eight starts (the paper weighs otherwise)."""
    result = mfa.reconcile(CASES / "rao_narasimhan_1996.yaml")
    goods = result.flows[result.flows["layer"] == "goods"]
    assert goods["reconciled"].to_list() == pytest.approx(
        [691.67, 718.2887, 702.1365, 685.9202, 26.6187, 16.2163, 16.1522, 10.4024, 21.2773, 5.1252, 5.7498, 10.8749],
        abs=6e-5,
    )
    assert (result.chi2, result.dof, result.unobservable) == (pytest.approx(610.602314, rel=1e-9), 17, ())


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_the_unit_of_a_layer_changes_nothing_else(factor):
    account = mfa.load_account(CASES / "rao_narasimhan_1996.yaml")
    scaled = account.replace(flows=tuple(
        flow if flow.value is None else flow.replace(value=flow.value * factor) for flow in account.flows
    ))  # fmt: skip
    one, other = mfa.reconcile(account), mfa.reconcile(scaled)
    assert (other.chi2, other.dof) == (pytest.approx(one.chi2, rel=1e-9), one.dof)
    flows = one.flows["reconciled"].to_numpy() * factor
    assert other.flows["reconciled"].to_numpy() == pytest.approx(flows, rel=1e-9, abs=0)


@pytest.mark.parametrize(("goods", "contents"), [(1e-9, 1.0), (1e9, 1e-3), (1e12, 1e12)])
@pytest.mark.parametrize("seed", range(4))
def test_layers_in_very_different_units_are_judged_each_by_its_own(seed, goods, contents):
    def scaled(quantity, factor):
        if quantity.value is None:
            return quantity
        return quantity.replace(value=quantity.value * factor, std=quantity.std * factor)

    account = random_account(seed)
    factors = {"goods": goods, "X": contents}
    other = mfa.reconcile(account.replace(
        flows=tuple(scaled(flow, factors[flow.layer]) for flow in account.flows),
        concentrations=tuple(scaled(item, contents / goods) for item in account.concentrations),
    ))  # fmt: skip
    one = mfa.reconcile(account)
    assert (other.chi2, other.dof) == (pytest.approx(one.chi2, rel=1e-6, abs=1e-9), one.dof)
    assert other.unobservable == one.unobservable
