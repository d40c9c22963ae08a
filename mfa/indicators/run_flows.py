"""The mass flows of a run as flow tables: between its nodes, and as an economy-wide account."""

from __future__ import annotations

import pandas as pd

from mfa.park.values import ENVIRONMENT
from mfa.results.results import Results


def exchange_network(results: Results) -> tuple[pd.DataFrame, set[str]]:
    """Return the mass flows of a run between nodes (columns source, target, amount, t) and the nodes outside."""
    flows = results.flows
    chosen = flows[(flows["unit"] == "t") & (flows["kind"] != "internal") & (flows["dry_amount"] > 0)]
    table = chosen[["source", "target"]].assign(amount=chosen["dry_amount"])
    return table, {*table["source"], *table["target"]} - set(results.scenario.park.firms)


def economy_wide_flows(results: Results) -> pd.DataFrame:
    """Return the mass flows of a run as an economy-wide account (columns source, target, amount, t).

    What firms get from outside is import, what they take from the ground extraction, what they give outside for use
    export, by-products and wastes from other firms recycling; air, water and disposal are left out.
    """
    park, flows = results.scenario.park, results.flows
    solid = {m for m, material in park.materials.items() if material.is_mass and material.class_ != "water"}
    flows = flows[flows["material"].isin({*solid, "deposit"})]
    inward = flows["target"].isin(park.firms) & ~flows["source"].isin(park.firms)
    outward = flows["source"].isin(park.firms) & ~flows["target"].isin({*park.firms, ENVIRONMENT})
    between = flows["source"].isin(park.firms) & flows["target"].isin(park.firms) & (flows["kind"] == "exchange")
    parts = [
        flows[inward & (flows["source"] != ENVIRONMENT)].assign(source="import"),
        flows[inward & (flows["material"] == "deposit")].assign(source="extraction"),
        flows[outward & (flows["kind"] != "disposal")].assign(target="export"),
        flows[between].assign(source="recycling"),
    ]
    account = pd.concat(parts)
    return pd.DataFrame({"source": account["source"], "target": account["target"], "amount": account["dry_amount"]})
