"""How far firms live on each other's by-products, and which of them the network depends on.

Sources: Felicio et al. 2016 (10.1016/j.jclepro.2016.01.022, from memory) for the industrial symbiosis indicator; Tiejun
2010 (10.1016/j.jclepro.2009.12.009, from memory) for eco-connectance and by-product recycling; Chopra & Khanna 2014
(10.1016/j.jenvman.2013.12.038) for the removal of nodes.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from mfa.errors import InputError, Problem
from mfa.indicators.by_products import pairs
from mfa.indicators.flow_tables import check_names, read_flows
from mfa.language import tr


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
    between = table[~(table["source"].isin(beyond) | table["target"].isin(beyond))]
    total = float(between["amount"].sum())
    if total <= 0:
        raise InputError([Problem("flows", "", tr("nothing flows between firms; name fewer nodes in outside"))])
    received = table.groupby("target")["amount"].sum()
    rows = []
    for firm in sorted({*table["source"], *table["target"]} - beyond):
        alone = between["source"].eq(firm) | between["target"].eq(firm)
        working = _working(table, received, firm)
        kept = float((between["amount"] * between["source"].map(working))[~alone].sum())
        rows.append((firm, float(between["amount"][alone].sum()) / total, 1 - kept / total))
    found = pd.DataFrame(rows, columns=["firm", "lost", "lost_in_cascade"])
    found = found.sort_values(["lost", "firm"], ascending=[False, True], ignore_index=True)
    found.attrs.update({"worst": float(found["lost"].max()), "mean": float(found["lost"].mean())})
    return found


def _working(table: pd.DataFrame, received: pd.Series, stopped: str) -> pd.Series:
    """Return how far every node still works, 0 to 1, after one has stopped: in proportion to what it still receives.

    What receives nothing by the table (a node beyond the boundary, a mine) goes on as before.
    """
    nodes = sorted({*table["source"], *table["target"]})
    working = pd.Series(1.0, index=nodes)
    working[stopped] = 0.0
    for _ in nodes:
        given = (table["amount"] * table["source"].map(working)).groupby(table["target"]).sum()
        after = (given / received).reindex(nodes).fillna(1.0)
        after[stopped] = 0.0
        if (working - after).abs().max() < 1e-12:
            break
        working = after
    return working
