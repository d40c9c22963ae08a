"""Ecological network analysis: how much a network cycles, how ordered it is, how robust.

Sources: Finn 1976 (10.1016/S0022-5193(76)80080-X); Ulanowicz & Norden 1990 (10.1080/00207729008910372); Fath et al.
2007 (10.1016/j.ecolmodel.2007.04.029); the conventions of the R package enaR.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from mfa.errors import InputError, Problem
from mfa.indicators.flow_tables import check_names, read_flows
from mfa.language import tr

Array = NDArray[np.float64]

DENSE = 200
"""Parts of a network up to this many nodes have all their eigenvalues computed, larger ones only the greatest."""
POWERS, INVERSES, CLOSE, SMALLEST_WEIGHT = 500, 30, 1e-12, 1e-200
"""Most rounds of the search for the greatest eigenvalue, the relative width at which it ends, and where it gives up."""

CONVENTIONS = {
    "throughflow": "sum over nodes of what enters them (TST)",
    "throughput": "sum of all flows, boundary flows included (TSTp)",
    "finn_cycling_index": "sum of T (n - 1) / n over nodes, by throughflow; n is the diagonal of (I - G)^-1",
    "average_path_length": "throughflow / boundary input",
    "ascendency": "log2; in flow units x bits; every outside name is a compartment of its own",
    "capacity": "log2; flow by flow: -sum x log2(x / throughput)",
    "capacity_1986": "log2; node by node: boundary inputs and throughflows (Ulanowicz 1986)",
    "robustness": "-a ln a (natural logarithm) of a = ascendency / capacity; at most 1/e",
    "connectance": "links / nodes^2; links between nodes inside, self-links included",
    "cyclicity": "spectral radius of the links inside: 0 no cycle, 1 simple cycles, above 1 cycles that share nodes",
    "imbalance": "largest difference between what enters and leaves a node, by what enters it",
}
"""What each number rests on; stands in `.attrs` of the result."""


@dataclass(frozen=True, eq=False)
class Network:
    """Flows between n nodes: `inside` from row to column, `entering` and `leaving` across the boundary.

    `all_flows` holds every flow as (source, target, amount) with the outside compartments apart.
    """

    nodes: list[str]
    inside: Array
    entering: Array
    leaving: Array
    all_flows: pd.DataFrame

    @property
    def throughflow(self) -> Array:
        """What enters each node."""
        return np.asarray(self.entering + self.inside.sum(axis=0))

    @property
    def output(self) -> Array:
        """What leaves each node."""
        return np.asarray(self.leaving + self.inside.sum(axis=1))


def ecological_network(flows: pd.DataFrame, outside: Collection[str]) -> pd.Series:
    """Return the indicators of ecological network analysis.

    Args:
        flows: columns `source`, `target`, `amount`, in one unit; rows with equal source and target are added up.
        outside: nodes beyond the boundary, each a compartment of its own (`import`, `export`, `respiration` …); empty
            for a closed network, in which what circulates for ever counts as cycled.

    Returns:
        nodes, links, boundary_input, throughflow, throughput (flow units), finn_cycling_index, average_path_length,
        ascendency, capacity, overhead, capacity_1986 (flow units × bits), relative_ascendency, robustness,
        average_mutual_information and flow_diversity (bits), connectance, linkage_density, cyclicity, imbalance.
        Where a node is not balanced its throughflow is what enters it. `.attrs` states formulas and logarithms.

    Raises:
        InputError: naming rows that are wrong, names in `outside` that are not in the table, and nodes that nothing
            reaches from outside, where there is an outside.
    """
    network = read_network(flows, outside)
    total = float(network.throughflow.sum())
    boundary_input = float(network.entering.sum())
    indicators = {
        "nodes": float(len(network.nodes)),
        "links": float(np.count_nonzero(network.inside)),
        "boundary_input": boundary_input,
        "throughflow": total,
        "throughput": float(network.all_flows["amount"].sum()),
        "finn_cycling_index": cycled(network) / total,
        "average_path_length": total / boundary_input if boundary_input else float("nan"),
        **order(network),
        "connectance": np.count_nonzero(network.inside) / len(network.nodes) ** 2,
        "linkage_density": np.count_nonzero(network.inside) / len(network.nodes),
        "cyclicity": spectral_radius(network.inside),
        "imbalance": float(np.max(np.abs(network.throughflow - network.output) / _size(network))),
    }
    found = pd.Series(indicators, name="value").rename_axis("indicator")
    found.attrs.update({name: tr(text) for name, text in CONVENTIONS.items()})
    return found


def read_network(flows: pd.DataFrame, outside: Collection[str]) -> Network:
    """Return a flow table as a network; arguments and errors as of `ecological_network`."""
    table = read_flows(flows)
    beyond = check_names(table, outside, "outside")
    across = table[table["source"].isin(beyond) & table["target"].isin(beyond)]
    problems = [
        Problem("flows", f"{flow.source} → {flow.target}", tr("both ends lie outside; leave this flow out"))
        for flow in across.itertuples()
    ]
    nodes = sorted({*table["source"], *table["target"]} - beyond)
    if not nodes:
        problems.append(Problem("flows", "", tr("there is no flow to or from a node inside; give at least one")))
    if problems:
        raise InputError(problems)
    at = {node: i for i, node in enumerate(nodes)}
    inside = np.zeros((len(nodes), len(nodes)))
    entering, leaving = np.zeros((2, len(nodes)))
    for source, target, amount in table.itertuples(index=False, name=None):
        if source in beyond:
            entering[at[target]] += amount
        elif target in beyond:
            leaving[at[source]] += amount
        else:
            inside[at[source], at[target]] += amount
    network = Network(nodes, inside, entering, leaving, table)
    if beyond:
        _check_fed(network)
    return network


def _size(network: Network) -> Array:
    """Return what enters each node; of one that only gives, in a closed network, what leaves it."""
    return np.where(network.throughflow > 0, network.throughflow, network.output)


def _check_fed(network: Network) -> None:
    """Raise InputError with the nodes that nothing reaches from outside; all others leave I − G invertible."""
    starved = network.throughflow == 0
    message = tr("it gives but receives nothing; add what enters it, or name it in outside")
    if not starved.any():
        count = len(network.nodes)
        links = np.zeros((count + 1, count + 1), dtype=bool)
        links[:count, :count], links[count, :count] = network.inside > 0, network.entering > 0
        starved = np.ones(count + 1, dtype=bool)
        starved[breadth_first_order(csr_array(links), count, return_predecessors=False)] = False
        message = tr("it only receives what circulates; add what enters from outside")
    if starved.any():
        raise InputError(Problem("flows", network.nodes[i], message) for i in np.flatnonzero(starved).tolist())


def cycled(network: Network) -> float:
    """Return the throughflow that is cycled: Σ T (n − 1)/n, n on the diagonal of (I − G)⁻¹, G = flow ÷ T of its source.

    Where nothing ever leaves again n has no bound and all is cycled. Source: Finn 1976.
    """
    shares = np.divide(network.inside, network.throughflow[:, None], where=network.throughflow[:, None] > 0,
                       out=np.zeros_like(network.inside))  # fmt: skip
    ends = closed_parts(shares)
    passing = shares[np.ix_(~ends, ~ends)]
    rounds = np.diagonal(np.linalg.inv(np.eye(len(passing)) - passing))
    return float(network.throughflow[~ends] @ ((rounds - 1) / rounds) + network.throughflow[ends].sum())


def closed_parts(shares: Array) -> NDArray[np.bool_]:
    """Return which nodes lie in a part that passes on all it gets, and only to itself."""
    links = csr_array(shares > 0)
    count, part = connected_components(links, directed=True, connection="strong")
    within = part[:, None] == part[None, :]
    kept = (shares * within).sum(axis=1)
    lossless = np.ones(count, dtype=bool)
    np.logical_and.at(lossless, part, kept >= 1 - CLOSE)
    return np.asarray(lossless[part])


def order(network: Network) -> dict[str, float]:
    """Return the indicators of information theory of all flows, those across the boundary included.

    A = Σ x log2(x X ÷ (Xi Xj)), C = −Σ x log2(x ÷ X), overhead C − A, robustness −a ln a with a = A ÷ C.
    """
    flows = network.all_flows
    amount = flows["amount"].to_numpy()
    given = flows.groupby("source")["amount"].transform("sum").to_numpy()
    taken = flows.groupby("target")["amount"].transform("sum").to_numpy()
    total = amount.sum()
    ascendency = float(np.sum(amount * np.log2(amount * total / (given * taken))))
    capacity = float(-np.sum(amount * np.log2(amount / total)))
    share = ascendency / capacity if capacity > 0 else 1.0
    boundary_input = network.entering.sum()
    compartments = np.append(network.throughflow, boundary_input if boundary_input > 0 else total)
    compartments = compartments[compartments > 0]
    return {
        "ascendency": ascendency,
        "capacity": capacity,
        "overhead": capacity - ascendency,
        "capacity_1986": float(-np.sum(compartments * np.log2(compartments / total))),
        "relative_ascendency": share,
        "robustness": -share * float(np.log(share)) if share > 0 else 0.0,
        "average_mutual_information": ascendency / float(total),
        "flow_diversity": capacity / float(total),
    }


def spectral_radius(inside: Array) -> float:
    """Return the spectral radius of the links: that of the strongly connected part where it is greatest."""
    links = csr_array(inside != 0, dtype=float)
    _, part = connected_components(links, directed=True, connection="strong")
    by_part = np.argsort(part, kind="stable")
    parts = np.split(by_part, np.flatnonzero(np.diff(part[by_part])) + 1)
    return max(_radius(links[members][:, members]) for members in parts)


def _radius(links: csr_array) -> float:
    """Return the spectral radius of a strongly connected part.

    Small parts by all eigenvalues. Large ones by powers, and where those are slow by inverse iteration (Noda 1971,
    Numerische Mathematik 17), until the bounds of Collatz and Wielandt meet; where weights fade along a very long
    chain they do not, and all eigenvalues are computed after all.
    """
    size = links.shape[0]
    vector: Array = np.ones(size)
    for turn in range(POWERS + INVERSES if size > DENSE else 0):
        after = links @ vector
        growth = after / vector
        low, high = float(growth.min()), float(growth.max())
        if high - low <= CLOSE * high:
            return (low + high) / 2
        vector = after + vector if turn < POWERS else np.linalg.solve(high * np.eye(size) - links.toarray(), vector)
        vector = vector / vector.max()
        if not vector.min() > SMALLEST_WEIGHT:
            break
    return float(np.linalg.eigvals(links.toarray()).real.max())
