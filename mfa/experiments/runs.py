"""One run: simulated, checked, recounted, judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from mfa import simulation
from mfa.experiments.balanced_park import started
from mfa.indicators import indicator_table
from mfa.park.scenario import Scenario
from mfa.results import Results, check_tables, recount

if TYPE_CHECKING:
    from mfa.optimization.suggestion import SolverName
    from mfa.park.plan import Plan

Progress = Callable[[float], None]


def simulate(scenario: Scenario, run: str | None = None, progress: Progress | None = None) -> Results:
    """Run a scenario over its whole time and return its tables, indicators included.

    Args:
        scenario: what to run; one with measurements starts from their balanced year (`mfa.base_year`).
        run: name of the run in the tables; by default `after` where the park follows a plan, else `before`.
        progress: called with the share done, 0 to 1.

    Raises:
        InputError: the scenario contradicts itself.
        InvariantError: mass was made or lost, or a table breaks its contract; a bug of the toolkit.
    """
    results = simulation.simulate(started(scenario), run or usual_name(scenario), progress)
    check_tables(results)
    results = replace(results, worst_imbalance=recount(results))
    return results.with_indicators(indicator_table(results))


def suggest(
    scenario: Scenario, solver: SolverName | None = None, gap: float | None = None, time_limit: float | None = None
) -> Plan:
    """Return the exchanges and treatment plants that serve the scenario's objectives best.

    Args:
        scenario: what is there and may be built; one with measurements starts from their balanced year.
        solver: `auto`, `glpk` or `highs`; by default the scenario's choice.
        gap: relative gap at which a solve may stop; by default the scenario's choice.
        time_limit: seconds for all solves together; by default the scenario's choice.

    Returns:
        The plan; its status says whether it is proven optimal. Without a solution it carries the cause.

    Raises:
        InputError: the scenario contradicts itself.
        SolverError: no solver is there, or it failed.
    """
    from mfa.optimization import suggest as solve

    return solve(started(scenario), solver, gap, time_limit)


def usual_name(scenario: Scenario) -> str:
    """Return `after` where the park follows a plan, else `before`."""
    return "after" if any(link.planned is not None for link in scenario.park.links) else "before"
