"""The columns of the result tables, fixed by contract (design §8)."""

from __future__ import annotations

COLUMNS: dict[str, list[str]] = {
    "flows": ["run", "time", "source", "target", "material", "kind", "amount", "dry_amount", "unit"],
    "stocks": ["run", "time", "node", "material", "amount", "dry_amount", "unit"],
    "conversion": ["run", "time", "firm", "line", "material", "used", "made", "unit"],
    "substances": ["run", "time", "node", "substance", "in_t", "out_t", "stock_change_t", "remainder_t"],
    "activity": ["run", "time", "firm", "line", "output", "unit", "availability"],
    "links": [
        "run", "link", "source", "target", "material", "status", "distance_km",
        "capacity_per_yr", "promised_per_yr", "realised_per_yr", "unit", "limited_by",
    ],
    "money": ["run", "time", "payer", "payee", "item", "amount_cny"],
    "indicators": ["run", "indicator", "of", "value", "unit", "threshold", "passes", "source"],
}  # fmt: skip
"""Table → columns."""

FLOW_KINDS = ("virgin", "exchange", "internal", "product", "disposal", "emission", "taken", "unaccounted")
"""What a flow is; every row of `flows` is one of these."""
