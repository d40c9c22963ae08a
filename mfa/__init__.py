"""Material flows of industrial parks: simulate, suggest the links that use the most solid waste, simulate again, judge.

Public names are loaded when they are first used, so that `import mfa` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mfa.accounting.reconciliation import Reconciliation as Reconciliation
    from mfa.accounting.reconciliation import reconcile as reconcile
    from mfa.errors import FolderError as FolderError
    from mfa.errors import InfeasibleError as InfeasibleError
    from mfa.errors import InputError as InputError
    from mfa.errors import InvariantError as InvariantError
    from mfa.errors import LimitReached as LimitReached
    from mfa.errors import MfaError as MfaError
    from mfa.errors import SolverError as SolverError
    from mfa.errors import UsageError as UsageError
    from mfa.experiments import BaseYear as BaseYear
    from mfa.experiments import Loop as Loop
    from mfa.experiments import base_year as base_year
    from mfa.experiments import close_loop as close_loop
    from mfa.experiments import compare as compare
    from mfa.experiments import evaluate as evaluate
    from mfa.experiments import measured_table as measured_table
    from mfa.experiments import run as run
    from mfa.experiments import simulate as simulate
    from mfa.experiments import suggest as suggest
    from mfa.experiments.propagation import paired as paired
    from mfa.experiments.propagation import propagate as propagate
    from mfa.files import load_scenario as load_scenario
    from mfa.files import write_scenario as write_scenario
    from mfa.files.accounts import load_account as load_account
    from mfa.indicators import indicator as indicator
    from mfa.indicators.circularity import circular_material_use as circular_material_use
    from mfa.indicators.circularity import economy_wide as economy_wide
    from mfa.indicators.circularity import material_circularity as material_circularity
    from mfa.indicators.ecological import ecological_network as ecological_network
    from mfa.indicators.scorecard import Scorecard as Scorecard
    from mfa.indicators.symbiosis import criticality as criticality
    from mfa.indicators.symbiosis import symbiosis_indicator as symbiosis_indicator
    from mfa.matching import match as match
    from mfa.optimization import candidates as candidates
    from mfa.optimization import constraint as constraint
    from mfa.optimization import objective as objective
    from mfa.park.account import Account as Account
    from mfa.park.distribution import Distribution as Distribution
    from mfa.park.park import Park as Park
    from mfa.park.plan import Plan as Plan
    from mfa.park.scenario import Scenario as Scenario
    from mfa.results import Results as Results
    from mfa.results import read_run as read_run
    from mfa.use_phase.in_use_stocks import in_use_stock as in_use_stock
    from mfa.use_phase.in_use_stocks import required_inflow as required_inflow
    from mfa.use_phase.lifetimes import Lifetime as Lifetime
    from mfa.use_phase.products import products_in_use as products_in_use
    from mfa.use_phase.return_loops import in_use_loop as in_use_loop

__version__ = "0.1.0"

HOMES = {
    "mfa.accounting.reconciliation": ("Reconciliation", "reconcile"),
    "mfa.errors": ("FolderError", "InfeasibleError", "InputError", "InvariantError", "LimitReached", "MfaError",
                   "SolverError", "UsageError"),
    "mfa.experiments.propagation": ("paired", "propagate"),
    "mfa.experiments": ("BaseYear", "Loop", "base_year", "close_loop", "compare", "evaluate", "measured_table", "run",
                        "simulate", "suggest"),
    "mfa.files": ("load_scenario", "write_scenario"),
    "mfa.indicators": ("indicator",),
    "mfa.indicators.circularity": ("circular_material_use", "economy_wide", "material_circularity"),
    "mfa.indicators.ecological": ("ecological_network",),
    "mfa.indicators.scorecard": ("Scorecard",),
    "mfa.indicators.symbiosis": ("criticality", "symbiosis_indicator"),
    "mfa.matching": ("match",),
    "mfa.optimization": ("candidates", "constraint", "objective"),
    "mfa.files.accounts": ("load_account",),
    "mfa.park.account": ("Account",),
    "mfa.park.distribution": ("Distribution",),
    "mfa.park.park": ("Park",),
    "mfa.park.plan": ("Plan",),
    "mfa.park.scenario": ("Scenario",),
    "mfa.results": ("Results", "read_run"),
    "mfa.use_phase.in_use_stocks": ("in_use_stock", "required_inflow"),
    "mfa.use_phase.lifetimes": ("Lifetime",),
    "mfa.use_phase.products": ("products_in_use",),
    "mfa.use_phase.return_loops": ("in_use_loop",),
}  # fmt: skip
"""Module → the public names that live in it; none equals the name of a submodule."""

_HOME = {name: home for home, names in HOMES.items() for name in names}

__all__ = [*sorted(_HOME), "__version__"]


def __getattr__(name: str) -> Any:
    """Return a public name, importing its home on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'mfa' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    """Return the public names, so that completion shows them."""
    return __all__
