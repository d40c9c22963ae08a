"""How far firms live on each other's by-products, and which of them the network depends on.

Sources: Felicio et al. 2016 (10.1016/j.jclepro.2016.01.022, from memory) for the industrial symbiosis indicator; Tiejun
2010 (10.1016/j.jclepro.2009.12.009, from memory) for eco-connectance and by-product recycling; Chopra & Khanna 2014
(10.1016/j.jenvman.2013.12.038) for the removal of nodes.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mfa.errors import InputError, Problem
from mfa.indicators.by_products import pairs
from mfa.indicators.ecological import closed_parts
from mfa.indicators.flow_tables import check_names, read_flows
from mfa.language import tr

LEAK = 1e-9
"""Share that a part which feeds only itself is taken to lose a round, so that its cascade has an end."""


def symbiosis_indicator(by_products: pd.DataFrame) -> pd.Series:
    """Return the industrial symbiosis indicator ISI = inward ÷ (1 + outward).

    inward = Σ amount_in · degree_in of what firms take from each other; outward = Σ amount_out · degree_out of what
    leaves the park.

    Args:
        by_products: one row a by-product; columns `amount_in`, `degree_in`, `amount_out`, `degree_out`, where a degree
            is the weighted score of its impact (legislation, hazard, destination …).

    Returns:
        inward, outward, industrial_symbiosis.

    Raises:
        InputError: a column is missing, or a row holds no number or one below 0.
    """
    columns = ["amount_in", "degree_in", "amount_out", "degree_out"]
    for column in columns:
        if column not in by_products.columns:
            message = tr("there is no column '{column}'; the table has {columns}",
                         column=column, columns=", ".join(columns))  # fmt: skip
            raise InputError([Problem("by_products", column, message)])
    table = by_products[columns].apply(pd.to_numeric, errors="coerce")
    for row, is_good in enumerate((table >= 0).all(axis=1), start=1):
        if not is_good:
            place = tr("by-products, row {row}", row=row)
            raise InputError([Problem(place, "", tr("expected numbers of 0 and more in every column; fill them"))])
    inward = float((table["amount_in"] * table["degree_in"]).sum())
    outward = float((table["amount_out"] * table["degree_out"]).sum())
    found = {"inward": inward, "outward": outward, "industrial_symbiosis": inward / (1 + outward)}
    return pd.Series(found, name="value").rename_axis("indicator")


def eco_connectance(flows: pd.DataFrame, outside: Collection[str] = ()) -> float:
    """Return the share of pairs of firms that exchange something: Ce = L ÷ (S (S − 1)/2).

    Args:
        flows: columns `source`, `target`, `amount`.
        outside: nodes that are no firms of the network.

    Returns:
        A fraction; a pair counts once, whichever way its flows go.

    Raises:
        InputError: rows are wrong, or there are fewer than two firms.
    """
    table = read_flows(flows)
    beyond = check_names(table, outside, "outside")
    firms = {*table["source"], *table["target"]} - beyond
    if len(firms) < 2:
        raise InputError([Problem("flows", "", tr("there are fewer than two firms; name fewer nodes in outside"))])
    return len(pairs(table, firms)) / (len(firms) * (len(firms) - 1) / 2)


def by_product_recycling(flows: pd.DataFrame, outside: Collection[str] = ()) -> float:
    """Return the by-product recycling rate CR = Ce · r: eco-connectance times the mean recycled share of the links.

    Args:
        flows: as of `eco_connectance`, with a column `share`: the fraction of the source's by-product that the link
            carries to a use.
        outside: nodes that are no firms of the network.

    Raises:
        InputError: as of `eco_connectance`; a share is no fraction.
    """
    if "share" not in flows.columns:
        message = tr("there is no column '{column}'; the table has {columns}",
                     column="share", columns="source, target, amount, share")  # fmt: skip
        raise InputError([Problem("flows", "share", message)])
    share = pd.to_numeric(flows["share"], errors="coerce")
    for row, value in enumerate(share, start=1):
        if not 0 <= value <= 1:
            place = tr("flows, row {row}", row=row)
            message = tr("a fraction lies between 0 and 1, got {value:g}", value=value)
            raise InputError([Problem(place, "share", message)])
    connectance = eco_connectance(flows, outside)
    beyond = set(outside)
    inside = ~(flows["source"].isin(beyond) | flows["target"].isin(beyond))
    return connectance * float(share[inside].mean()) if inside.any() else 0.0


def criticality(flows: pd.DataFrame, outside: Collection[str] = ()) -> pd.DataFrame:
    """Return what the exchanges of a network lose where one firm stops, most critical first.

    Lost share = 1 − F without the firm ÷ F, F the sum of the flows between firms. `lost` counts the flows of the firm
    alone; `lost_in_cascade` also what the others can no longer give, each giving in proportion to what it still
    receives in sum. The network is not re-optimised.

    Args:
        flows: columns `source`, `target`, `amount`.
        outside: nodes that are no firms; what they give stays as it is.

    Returns:
        Columns firm, lost, lost_in_cascade (fractions). `.attrs` holds `worst` and `mean` of `lost`.

    Raises:
        InputError: rows are wrong, or nothing flows between firms.
    """
    table = read_flows(flows)
    beyond = check_names(table, outside, "outside")
    nodes = sorted({*table["source"], *table["target"]})
    firms = [i for i, node in enumerate(nodes) if node not in beyond]
    source, target = (pd.Categorical(table[end], categories=nodes).codes for end in ("source", "target"))
    amount = csr_array((table["amount"], (source, target)), shape=(len(nodes), len(nodes)))
    between = amount[firms][:, firms].toarray()
    total = float(between.sum())
    if total <= 0:
        raise InputError([Problem("flows", "", tr("nothing flows between firms; name fewer nodes in outside"))])
    lost = (between.sum(axis=0) + between.sum(axis=1) - between.diagonal()) / total
    given = _working(amount.toarray(), firms)[:, firms] @ between
    kept = given.sum(axis=1) - given.diagonal()  # what would still be sent to the firm that has stopped is lost
    found = pd.DataFrame({"firm": [nodes[i] for i in firms], "lost": lost, "lost_in_cascade": 1 - kept / total})
    found = found.sort_values(["lost", "firm"], ascending=[False, True], ignore_index=True)
    found.attrs.update({"worst": float(found["lost"].max()), "mean": float(found["lost"].mean())})
    return found


def _working(amount: NDArray[np.float64], firms: list[int]) -> NDArray[np.float64]:
    """Return, a row a stopped firm, how far every node still works: in proportion to what it still receives, 0 to 1.

    What receives nothing by the table (a node beyond the boundary, a mine) goes on as before. With M the share of each
    giver in what a node receives, a node works at 1 − N[node, stopped] ÷ N[stopped, stopped], N = (I − M)⁻¹: 1 less the
    part of its supply that ever came through the firm.
    """
    received = amount.sum(axis=0)
    shares = np.divide(amount, received, where=received > 0, out=np.zeros_like(amount)).T
    shares[closed_parts(shares)] *= 1 - LEAK
    through = np.linalg.inv(np.eye(len(shares)) - shares)
    return np.asarray(np.clip(1 - (through[:, firms] / through[firms, firms]).T, 0.0, 1.0))
