"""Random consistent accounts: true flows are sums of walks from the environment back to it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st
from scipy.linalg import null_space
from scipy.optimize import lsq_linear

from mfa.accounting.equations import equations_of
from mfa.park.account import Account, Flow

NODES = [f"n{number}" for number in range(6)]


@st.composite
def true_flows(draw, fewest=2):
    """Return (source, target) → a whole number; every node balances."""
    walks = st.lists(st.sampled_from(NODES), min_size=1, max_size=5)
    amounts: Counter[tuple[str, str]] = Counter()
    for walk in draw(st.lists(walks, min_size=fewest, max_size=7)):
        weight = draw(st.integers(1, 9))
        stops = ["environment", *walk, "environment"]
        for pair in pairwise(stops):
            if pair[0] != pair[1]:
                amounts[pair] += weight
    return dict(amounts)


@st.composite
def accounts(draw, noise=True, unmeasured=True):
    """Return an account with measured, exact and unmeasured flows, and name → true value."""
    flows, truth = [], {}
    kinds = st.sampled_from(["measured"] * 6 + ["exact"] + (["unmeasured"] * 3 if unmeasured else []))
    for number, ((source, target), amount) in enumerate(sorted(draw(true_flows()).items())):
        name, kind = f"F{number}", draw(kinds)
        truth[name] = float(amount)
        std = draw(st.sampled_from([0.01, 0.5, 1.0, 20.0])) if kind == "measured" else 0.0
        error = draw(st.floats(-3, 3, allow_subnormal=False)) * std if noise else 0.0
        value = None if kind == "unmeasured" else amount + error
        flows.append(Flow(id=name, source=source, target=target, value=value, std=std))
    return Account(flows=tuple(flows)), truth


def dense_answer(account):
    """Return name → (value, std), None for what is not determined: by pseudoinverses of dense matrices."""
    system = equations_of(account)
    jacobian = system.linear.toarray()
    x, u = system.adjustable, system.unmeasured
    exact = np.where(system.std == 0, system.measured, 0.0)
    right = -(system.constant + jacobian @ exact)
    a, b = jacobian[:, x] * system.std[x], jacobian[:, u]
    left_null = null_space(b.T, rcond=1e-9).T if u.size else np.eye(len(right))
    checks = left_null @ a
    gain = np.linalg.pinv(checks, rcond=1e-9)
    y = system.measured[x] / system.std[x]
    adjusted = y + gain @ (left_null @ right - checks @ y)
    response = np.eye(x.size) - gain @ checks
    solve = np.linalg.pinv(b, rcond=1e-9)
    values, std = exact.copy(), np.zeros(len(system.names))
    values[x], std[x] = adjusted * system.std[x], np.sqrt((response**2).sum(axis=1)) * system.std[x]
    values[u], std[u] = solve @ (right - a @ adjusted), np.sqrt(((solve @ a @ response) ** 2).sum(axis=1))
    moves = np.abs(np.eye(u.size) - solve @ b).max(axis=1, initial=0.0) > 1e-9
    answer = dict(zip(system.names, zip(values, std, strict=True), strict=True))
    return answer | {system.names[i]: None for i, moved in zip(u, moves, strict=True) if moved}


STIFF = 1e5
"""How much more a missed balance weighs than an adjustment of one standard deviation."""


def least_sum(account):
    """Return the least sum of squares under `z >= 0` with balances as stiff springs, by bounded least squares."""
    system = equations_of(account)
    x, free = system.adjustable, np.flatnonzero(system.std != 0)
    exact = np.where(system.std == 0, system.measured, 0.0)
    weights = np.zeros((x.size, len(system.names)))
    weights[np.arange(x.size), x] = 1 / system.std[x]
    balances = STIFF * system.linear.toarray()
    rows = np.vstack([weights, balances])[:, free]
    right = np.concatenate([system.measured[x] / system.std[x], -STIFF * system.constant - balances @ exact])
    found = lsq_linear(rows, right, bounds=(0, np.inf), method="bvls", tol=1e-14, max_iter=1000).x
    return float(((weights[:, free] @ found - right[: x.size]) ** 2).sum())
