"""How much faster products in use are accounted for than by the published loops, and how long network indicators take.

The floors do the arithmetic that ODYM 1.0.0 and flodym 1.1.0 publish (a survival matrix a series; a cohort cube of all
series), written anew here in NumPy, in the same process on the same numbers; equal answers are asserted first. Where
flodym is installed, it is measured itself as well.

    python tests/benchmarks/accounting.py [years, default 150] [series, default 200] [rounds, default 5]
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # processor time of one core, whatever the machine is doing

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

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


def required_cohort_cube(stock: np.ndarray, mean: np.ndarray, std: np.ndarray) -> Answer:
    """Return inflow and outflow by the arrays of flodym: period after period, from survival of all series."""
    years = len(stock)
    survival, leaving = np.zeros((2, years, *stock.shape))
    for m in range(years):
        survival[m:, m] = norm.sf(np.arange(years - m)[:, None], loc=mean, scale=std)
        leaving[m, m], leaving[m + 1 :, m] = 1 - survival[m, m], -np.diff(survival[m:, m], axis=0)
    inflow = np.zeros_like(stock)
    for m in range(years):
        inflow[m] = (stock[m] - (survival[m, :m] * inflow[:m]).sum(axis=0)) / survival[m, m]
    return inflow, np.einsum("c...,tc...->tc...", inflow, leaving).sum(axis=1)


def flodym_itself(amounts: np.ndarray, mean: np.ndarray, std: np.ndarray, of: str) -> Answer:
    """Return what the installed flodym makes of an inflow or a stock, from arrays to arrays."""
    import flodym
    from flodym.lifetime_models import NormalLifetime

    years, series = amounts.shape
    dims = flodym.DimensionSet(dim_list=[
        flodym.Dimension(name="time", letter="t", items=list(range(2020 - years, 2020)), dtype=int),
        flodym.Dimension(name="series", letter="s", items=[f"s{k}" for k in range(series)], dtype=str),
    ])  # fmt: skip
    wide = {name: np.broadcast_to(value, amounts.shape).copy() for name, value in (("mean", mean), ("std", std))}
    lifetime = NormalLifetime(dims=dims, time_letter="t", inflow_at="end", **wide)
    given = {of: flodym.StockArray(dims=dims, values=amounts.copy())}
    model = flodym.InflowDrivenDSM if of == "inflow" else flodym.StockDrivenDSM
    found = model(dims=dims, lifetime_model=lifetime, time_letter="t", **given)
    found.compute()
    return (found.stock if of == "inflow" else found.inflow).values, found.outflow.values


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

        needed = rising.to_numpy()
        floors: list[tuple[str, Callable[[], Answer], Callable[..., Answer], np.ndarray, dict[str, str]]] = [
            ("stocks", ours, series_by_series, array, {}), ("stocks", ours, cohort_cube, array, {}),
            ("inflows", required, required_series_by_series, needed, {}),
            ("inflows", required, required_cohort_cube, needed, {}),
        ]  # fmt: skip
        if find_spec("flodym"):
            floors += [("stocks", ours, flodym_itself, array, {"of": "inflow"}),
                       ("inflows", required, flodym_itself, needed, {"of": "stock"})]  # fmt: skip
        for what, mine, floor, amounts_, more in floors:
            name = floor.__name__.removeprefix("required_").replace("_", " ")
            compare(f"{what}, {which}, {name}", mine, partial(floor, amounts_, mean, std, **more), rounds)


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
