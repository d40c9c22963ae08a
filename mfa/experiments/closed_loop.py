"""The closed loop: simulate, suggest, build, simulate again, and hold the promise against what came true.

The only module that knows both the simulation and the optimiser (design §3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from mfa.evidence import Resting, rest_of
from mfa.experiments.balanced_park import BaseYear, base_year
from mfa.experiments.measured_flows import measured_table
from mfa.experiments.runs import simulate
from mfa.indicators.utilisation import HEADLINE
from mfa.language import tr
from mfa.park.plan import Plan
from mfa.park.scenario import Scenario
from mfa.results import Results
from mfa.results.manifest import Notes

if TYPE_CHECKING:
    import pandas as pd

SolverName = Literal["auto", "glpk", "highs"]
Stage = Literal["before", "suggest", "after", "write"]
Progress = Callable[[Stage, float], None]
"""Called with the stage at work and the share of it that is done."""

KEPT = 1e-6
"""Largest relative difference between promise and realisation that counts as kept (semantics §8)."""


@dataclass(frozen=True)
class Loop:
    """A scenario before and after a plan; `after` is missing where the plan has no solution, and `cause` says why.

    `base` is the balanced year that a scenario with measurements starts from.
    """

    before: Results
    plan: Plan
    after: Results | None = None
    notes: Notes = field(default_factory=Notes)
    base: BaseYear | None = None

    @property
    def runs(self) -> tuple[Results, ...]:
        """The runs there are, in order."""
        return (self.before,) if self.after is None else (self.before, self.after)

    @property
    def cause(self) -> str:
        """Why there is no run after the plan; empty where there is one."""
        return "" if self.after is not None else self.plan.message or self.plan.status

    @cached_property
    def promise(self) -> pd.DataFrame:
        """Promised and realised side by side: item (utilisation, link), of, promised, realised, gap, unit, kept.

        `gap` is (realised − promised) ÷ max(1, |promised|) for links and the plain difference for utilisation;
        `kept` says whether it is at most 1e-6.
        """
        return check_promise(self.plan, self.after)

    @cached_property
    def resting(self) -> dict[str, tuple[Resting, ...]]:
        """Run → what its headline results rest on: the share on unverified numbers, and which of them weigh most."""
        return {results.run: rest_of(results) for results in self.runs}

    @cached_property
    def measured(self) -> pd.DataFrame | None:
        """Measured, reconciled and simulated by flow (columns in `measured_table`); None without measurements."""
        return None if self.base is None else measured_table(self.base, self.before)

    @property
    def disturbances(self) -> tuple[str, ...]:
        """What in the scenario may keep a plan from its promise (semantics §8), as sentences."""
        return tuple(_disturbances(self.after.scenario)) if self.after is not None else ()


def close_loop(
    scenario: Scenario,
    solver: SolverName | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
    notes: Notes | None = None,
    base: BaseYear | None = None,
) -> Loop:
    """Simulate a scenario, suggest what to build, and simulate it built.

    Args:
        scenario: what to run.
        solver: `auto`, `glpk` or `highs`; by default the scenario's choice.
        gap: relative gap at which a solve may stop; by default the scenario's choice.
        time_limit: seconds for all solves together; by default the scenario's choice.
        progress: told what is going on.
        notes: what a reader should know about the input; by default what a run does not act on yet.
        base: the balanced year of a scenario with measurements, where it is known already.

    Returns:
        Both runs and the plan between them; `promise` holds promised and realised side by side.

    Raises:
        InputError: the scenario contradicts itself.
        SolverError: no solver is there, or it failed.
        InvariantError: a bug of the toolkit.
    """
    from mfa.files.checks import unacted
    from mfa.optimization import suggest

    tell = progress or (lambda _stage, _share: None)
    notes = notes or Notes(unacted=unacted(scenario))
    if base is None and scenario.measurements is not None:
        base = base_year(scenario)
    if base is not None:
        scenario = base.scenario
    before = simulate(scenario, "before", lambda share: tell("before", share))
    tell("suggest", 0.0)
    plan = suggest(scenario, solver, gap, time_limit)
    if plan.status not in ("optimal", "feasible"):
        return Loop(before, plan, None, notes, base)
    after = simulate(scenario.with_plan(plan), "after", lambda share: tell("after", share))
    return Loop(before, plan, after, notes, base)


def check_promise(plan: Plan, after: Results | None) -> pd.DataFrame:
    """Return promised and realised side by side (columns in `Loop.promise`); no rows without a run after the plan."""
    import pandas as pd

    columns = ["item", "of", "promised", "realised", "gap", "unit", "kept"]
    if after is None:
        return pd.DataFrame(columns=columns)
    rows: list[tuple[object, ...]] = []
    realised = headline(after)
    if plan.utilisation is not None and realised is not None:
        gap = realised - plan.utilisation
        rows.append(("utilisation", "", plan.utilisation, realised, gap, "fraction", abs(gap) <= KEPT))
    planned = after.links[after.links["promised_per_yr"].notna()]
    for link, promised, got, unit in planned[["link", "promised_per_yr", "realised_per_yr", "unit"]].itertuples(
        index=False
    ):
        gap = (got - promised) / max(1.0, abs(promised))
        rows.append(("link", link, promised, got, gap, f"{unit}/yr", abs(gap) <= KEPT))
    return pd.DataFrame(rows, columns=columns)


def headline(results: Results) -> float | None:
    """Return the solid waste utilisation of a run; None where nothing is generated."""
    table = results.indicators
    value = table[(table["indicator"] == HEADLINE) & (table["of"] == "")]["value"]
    return None if value.empty or value.isna().all() else float(value.iloc[0])


def _disturbances(scenario: Scenario) -> list[str]:
    park, found = scenario.park, []
    if any(disruption.acts for disruption in scenario.disruptions):
        found.append(tr("disruptions stop or slow lines"))
    if any(firm.maintenance for firm in park.firms.values()):
        found.append(tr("maintenance stops lines"))
    if any(line.ready > 0 for firm in park.firms.values() for line in firm.lines.values()):
        found.append(tr("new plants take time to build"))
    if park.in_use:
        found.append(tr("products in use supply what each year brings, and the plan is for {year}",
                        year=scenario.plan_year))  # fmt: skip
    return found
