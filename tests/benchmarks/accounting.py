"""How much faster products in use are accounted for than by the published loops, and how long network indicators take.

The floors do the arithmetic that ODYM 1.0.0 and flodym 1.1.0 publish (a survival matrix a series; a cohort cube of all
series), written anew here in NumPy, in the same process on the same numbers; equal answers are asserted first.

    python tests/benchmarks/accounting.py [years, default 150] [series, default 200] [rounds, default 5]
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # processor time of one core, whatever the machine is doing

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import norm

import mfa

Answer = tuple[np.ndarray, np.ndarray]


def series_by_series(inflow: np.ndarray, mean: np.ndarray, std: np.ndarray) -> Answer:
    """Return stock and outflow by the loop of ODYM: a model, a survival matrix and a cohort table for each series."""
    years = len(inflow)
    stock, outflow = np.zeros_like(inflow), np.zeros_like(inflow)
    for k in range(inflow.shape[1]):
        survival = np.zeros((years, years))
        for m in range(years):
            survival[m:, m] = norm.sf(np.arange(years - m), loc=mean[k], scale=std[k])
        cohorts = np.einsum("c,tc->tc", inflow[:, k], survival)
        leaving = np.zeros_like(cohorts)
        leaving[1:] = -np.diff(cohorts, axis=0)
        leaving[np.diag_indices(years)] = inflow[:, k] - np.diag(cohorts)
        stock[:, k], outflow[:, k] = cohorts.sum(axis=1), leaving.sum(axis=1)
    return stock, outflow


def cohort_cube(inflow: np.ndarray, mean: np.ndarray, std: np.ndarray) -> Answer:
    """Return stock and outflow by the arrays of flodym: survival and cohorts as years × years × series."""
    years = len(inflow)
    survival = np.zeros((years, *inflow.shape))
    for m in range(years):
        survival[m:, m] = norm.sf(np.arange(years - m)[:, None], loc=mean, scale=std)
    cohorts = np.einsum("c...,tc...->tc...", inflow, survival)
    leaving = np.zeros_like(cohorts)
    leaving[1:] = -np.diff(cohorts, axis=0)
    years_of_entry = np.arange(years)
    leaving[years_of_entry, years_of_entry] = inflow - cohorts[years_of_entry, years_of_entry]
    return cohorts.sum(axis=1), leaving.sum(axis=1)


def required_series_by_series(stock: np.ndarray, mean: np.ndarray, std: np.ndarray) -> Answer:
    """Return inflow and outflow by the loop of ODYM: year after year, the cohorts of one series at a time."""
    years = len(stock)
    inflow, outflow = np.zeros_like(stock), np.zeros_like(stock)
    for k in range(stock.shape[1]):
        survival = np.zeros((years, years))
        for m in range(years):
            survival[m:, m] = norm.sf(np.arange(years - m), loc=mean[k], scale=std[k])
        cohorts = np.zeros((years, years))
        for m in range(years):
            inflow[m, k] = (stock[m, k] - cohorts[m].sum()) / survival[m, m]
            cohorts[m:, m] = inflow[m, k] * survival[m:, m]
        outflow[:, k] = inflow[:, k] - np.diff(stock[:, k], prepend=0.0)
    return inflow, outflow


def seconds(call: Callable[[], object]) -> float:
    """Return the processor seconds of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def compare(name: str, ours: Callable[[], Answer], floor: Callable[[], Answer], rounds: int) -> None:
    """Assert equal answers to 1e-9 and print the median of the ratios of the rounds."""
    for mine, theirs in zip(ours(), floor(), strict=True):
        assert np.abs(mine - theirs).max() <= 1e-9 * np.abs(theirs).max()
    ratios, own = [], []
    for _ in range(rounds):
        base = seconds(floor)
        own.append(min(seconds(ours) for _ in range(3)))
        ratios.append(base / own[-1])
    print(f"{name}: {statistics.median(ratios):.0f} x faster ({min(ratios):.0f} to {max(ratios):.0f}),", end=" ")
    print(f"ours {1000 * statistics.median(own):.1f} ms")


def compare_stocks(years: int, series: int, rounds: int) -> None:
    """Compare with the published loops, for lifetimes of every series' own and for one that all share."""
    random = np.random.default_rng(3)
    amounts = pd.DataFrame(random.uniform(10, 100, (years, series)), index=range(2020 - years, 2020))
    array = amounts.to_numpy()
    rising = amounts.cumsum()
    for shared in (True, False):
        mean = np.full(series, 30.0) if shared else random.uniform(10, 50, series)
        std = 0.3 * mean
        own = (30.0, 9.0) if shared else (dict(enumerate(mean)), dict(enumerate(std)))
        lifetime = mfa.Lifetime("normal", *own)
        which = "one lifetime" if shared else "a lifetime each"

        def ours(of: mfa.Lifetime = lifetime) -> Answer:
            found = mfa.in_use_stock(amounts, of)
            return found["stock"].to_numpy(), found["outflow"].to_numpy()

        def required(of: mfa.Lifetime = lifetime) -> Answer:
            found = mfa.required_inflow(rising, of)
            return found["inflow"].to_numpy(), found["outflow"].to_numpy()

        laws = (mean, std)
        compare(
            f"stocks, {which}, series by series (as ODYM)", ours, lambda p=laws: series_by_series(array, *p), rounds
        )
        compare(f"stocks, {which}, cohort cube (as flodym)", ours, lambda p=laws: cohort_cube(array, *p), rounds)
        compare(
            f"inflows, {which}, series by series (as ODYM)",
            required, lambda p=laws: required_series_by_series(rising.to_numpy(), *p), rounds,
        )  # fmt: skip


def measure_network(nodes: int, links: int) -> None:
    """Print how long the network indicators of a random network take."""
    random = np.random.default_rng(1)
    inside = np.zeros((nodes, nodes))
    np.add.at(
        inside, (random.integers(0, nodes, links), random.integers(0, nodes, links)), random.uniform(0.1, 1, links)
    )
    entering = 100.0 + np.maximum(inside.sum(axis=1) - inside.sum(axis=0), 0)
    leaving = entering + inside.sum(axis=0) - inside.sum(axis=1)
    rows = [(f"n{i}", f"n{j}", inside[i, j]) for i, j in np.argwhere(inside)]
    rows += [("in", f"n{i}", entering[i]) for i in range(nodes)] + [(f"n{i}", "out", leaving[i]) for i in range(nodes)]
    table = pd.DataFrame(rows, columns=["source", "target", "amount"])
    spent = min(seconds(lambda: mfa.ecological_network(table, {"in", "out"})) for _ in range(3))
    print(f"network indicators, {nodes} nodes, {links} links: {spent:.2f} s")


def main() -> None:
    """Compare stocks with the published loops and time network indicators."""
    years, series, rounds = (int(word) for word in [*sys.argv[1:], *["150", "200", "5"][len(sys.argv) - 1 :]])
    compare_stocks(years, series, rounds)
    for links in (3_000, 20_000):
        measure_network(1_000, links)


if __name__ == "__main__":
    main()
