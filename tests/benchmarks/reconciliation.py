"""Prints what reconciliation costs beside one sparse factorisation of its normal equations.

    python tests/benchmarks/reconciliation.py [flows nodes]

Floor: SuperLU on V = A Σ Aᵀ and one solve, by which fully measured linear accounts are reconciled without statistics.
`estimate`: balanced values with ranks and observability. `whole`: with spreads, tests and suspects as `mfa.reconcile`
gives them. Both on the same account, fully measured and with a third of the flows unmeasured.
Rounds are interleaved; the figure is the median of the ratios of each round. Nothing is asserted about time.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

import mfa
from mfa.accounting.equations import System, equations_of
from mfa.accounting.estimation import estimate
from mfa.park.account import Account, Flow

ROUNDS = 3


def random_account(flows: int, nodes: int, unmeasured: float) -> tuple[Account, np.ndarray]:
    """Return an account with noisy measurements of flows that balance, and the true flows.

    True flows: a ring through all nodes carries what random chords carry, closed over the environment.
    """
    rng = np.random.default_rng(3)
    names = [f"n{node:05d}" for node in range(nodes)]
    ends = [(names[i], names[(i + 1) % nodes]) for i in range(nodes)]
    chords = rng.integers(-nodes // 10, nodes, (flows - nodes, 2))
    chords[:, 1] = np.where(chords[:, 0] == chords[:, 1], (chords[:, 1] + 1) % nodes, chords[:, 1])
    ends += [tuple("environment" if end < 0 else names[end] for end in chord) for chord in chords.tolist()]
    amounts = rng.uniform(1, 10, flows)
    surplus = np.zeros(nodes)
    for (source, target), amount in zip(ends[nodes:], amounts[nodes:], strict=True):
        for end, sign in ((source, -1), (target, 1)):
            if end != "environment":
                surplus[int(end[1:])] += sign * amount
    carried = np.cumsum(surplus)
    base, closing = 1 - min(carried.min(), 0), carried[-1]
    carried[-1] = 0.0
    ends.append((names[-1], "environment"))
    true = np.concatenate([base + carried, amounts[nodes:], [closing]])
    hidden = rng.random(flows + 1) < unmeasured
    std = 0.05 * np.abs(true) + 0.01
    measured = true + std * rng.normal(size=flows + 1)
    made = tuple(
        Flow(id=f"f{i:06d}", source=source, target=target, value=None if hidden[i] else measured[i],
             std=0 if hidden[i] else std[i])
        for i, (source, target) in enumerate(ends)
    )  # fmt: skip
    return Account(flows=made), true


def floor(system: System) -> Callable[[], np.ndarray]:
    """Return a function that reconciles a fully measured account by the normal equations."""
    weighted = system.linear @ sparse.diags_array(system.std)
    missed = system.residual(system.measured)

    def run() -> np.ndarray:
        multipliers = splu(sparse.csc_matrix(weighted @ weighted.T)).solve(missed)
        return system.measured - system.std * (weighted.T @ multipliers)

    return run


def seconds(run: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    since = time.process_time()
    run()
    return time.process_time() - since


def main() -> None:
    """Print one line a task."""
    flows, nodes = (int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (5000, 2000)
    full, _ = random_account(flows, nodes, 0.0)
    partly, _ = random_account(flows, nodes, 1 / 3)
    system = equations_of(full)
    bare = floor(system)
    start = np.zeros(len(system.names))
    assert np.allclose(bare(), estimate(system, start).z, rtol=1e-8, atol=1e-8)
    tasks: dict[str, Callable[[], object]] = {
        "estimate, fully measured": lambda: estimate(equations_of(full), start),
        "estimate, a third unmeasured": lambda: estimate(equations_of(partly), start),
        "whole, fully measured": lambda: mfa.reconcile(full).flows,
        "whole, a third unmeasured": lambda: mfa.reconcile(partly).flows,
    }
    ratios: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        base = seconds(bare)
        for name, run in tasks.items():
            ratios[name].append(seconds(run) / base)
    print(f"{flows} flows, {nodes} nodes; processor time as a multiple of one sparse factorisation and solve")
    for name, values in ratios.items():
        print(f"{name:30} {statistics.median(values):7.1f}  [{min(values):.1f}, {max(values):.1f}]")


if __name__ == "__main__":
    main()
