"""The numbers: one function an indicator, in a module for each theme; `@indicator` and `@measure` add more."""

# The order of reports.
from mfa.indicators import utilisation, diversion, exchange, by_products, network, economy  # isort: skip
from mfa.indicators import value_added, carbon, inventory, use_phase, productivity, elasticities  # isort: skip
from mfa.indicators.measures import measure
from mfa.indicators.registry import INDICATORS, Indicator, Judged, indicator
from mfa.indicators.table import indicator_table

__all__ = [
    "INDICATORS",
    "Indicator",
    "Judged",
    "by_products",
    "carbon",
    "diversion",
    "economy",
    "elasticities",
    "exchange",
    "indicator",
    "indicator_table",
    "inventory",
    "measure",
    "network",
    "productivity",
    "use_phase",
    "utilisation",
    "value_added",
]
