"""The numbers: one function an indicator, in a module for each theme; `@indicator` adds more."""

from mfa.indicators import utilisation, diversion, exchange, by_products, network, economy, carbon, use_phase  # isort: skip  (the order of reports)
from mfa.indicators.evaluation import evaluate
from mfa.indicators.registry import INDICATORS, Indicator, Judged, indicator

__all__ = [
    "INDICATORS",
    "Indicator",
    "Judged",
    "by_products",
    "carbon",
    "diversion",
    "economy",
    "evaluate",
    "exchange",
    "indicator",
    "network",
    "use_phase",
    "utilisation",
]
