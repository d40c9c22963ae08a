"""One sample: the scenario with drawn numbers, simulated without and with the plan, and what its indicators say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import NamedTuple

from mfa.errors import InfeasibleError, InputError, Problem
from mfa.experiments.balanced_park import started
from mfa.experiments.held_plans import hold
from mfa.experiments.runs import simulate, suggest
from mfa.indicators.by_month import utilisation_by_month
from mfa.park.paths import with_numbers
from mfa.park.plan import Plan
from mfa.park.scenario import PlanHandling, Scenario
from mfa.results import Results

BY_MONTH = "utilisation_by_month"
"""Stands for an indicator in the answers of a sample; `of` is the first day of the month."""
CHANGE = "change"
"""Stands for a run in the answers: with the plan less today."""


class Key(NamedTuple):
    """What a number is: of which run, which indicator, of what (empty: the whole park), in which unit."""

    run: str
    indicator: str
    of: str
    unit: str


Outcome = dict[Key, float]


@dataclass(frozen=True)
class Question:
    """What all samples share: the scenario at its central values, and what becomes of the plan."""

    scenario: Scenario
    handling: PlanHandling
    plan: Plan | None = None

    @cached_property
    def planned_for(self) -> Scenario:
        """The scenario that the plan was made for: where there are measurements, their balanced year."""
        return started(self.scenario)


@dataclass(frozen=True)
class Sample:
    """One run: its number, the replication, the seed of what happens at random in it, and path → drawn number."""

    number: int
    replication: int
    seed: int
    values: Mapping[str, float] = field(default_factory=dict)


def answer(question: Question, sample: Sample) -> Outcome:
    """Return what the indicators say of a sample: of the park today, with the plan, and of the change between them.

    Raises:
        InputError: the drawn numbers contradict each other.
        InfeasibleError: a plan was to be made and there is none.
    """
    drawn = _drawn(question.scenario, sample)
    outcome = dict(_numbers(simulate(drawn, "before")))
    plan = _plan(question, drawn)
    if plan is None:
        return outcome
    after = dict(_numbers(simulate(drawn.with_plan(plan), "after")))
    change = {
        key._replace(run=CHANGE): value - outcome[before]
        for key, value in after.items()
        if (before := key._replace(run="before")) in outcome and key.indicator != BY_MONTH
    }
    return outcome | after | change


def _drawn(scenario: Scenario, sample: Sample) -> Scenario:
    """Return the scenario with drawn numbers; measurements are brought into balance with these."""
    from mfa.files.checks import check

    drawn = with_numbers(scenario, sample.values).replace(seed=sample.seed)
    place = f"sample {sample.number}"
    problems = [Problem(place, ".".join(map(str, f.at)), f.message) for f in check(drawn) if f.level == "error"]
    if problems:
        raise InputError(problems)
    return started(drawn)


def _numbers(results: Results) -> Iterator[tuple[Key, float]]:
    table = results.indicators[["indicator", "of", "unit", "value"]]
    for indicator, of, unit, value in table.itertuples(index=False):
        if value is not None and isfinite(value):
            yield Key(results.run, str(indicator), str(of), str(unit)), float(value)
    for day, rate in utilisation_by_month(results)[:-1]:
        yield Key(results.run, BY_MONTH, day.isoformat(), "fraction"), rate


def _plan(question: Question, drawn: Scenario) -> Plan | None:
    """Return the plan that a sample follows; None without one."""
    if question.handling == "none":
        return None
    if question.handling == "central":
        return None if question.plan is None else hold(question.plan, question.planned_for, drawn)
    plan = suggest(drawn)
    if plan.status not in ("optimal", "feasible"):
        raise InfeasibleError(plan.message or plan.status)
    return plan
