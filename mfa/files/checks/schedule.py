"""Checks of time, disruptions and policies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from mfa.files.checks.finding import Finding
from mfa.language import tr
from mfa.park.policy import Policy
from mfa.park.scenario import Disruption, Scenario
from mfa.use_phase.responsibility import targets_of

RATED = ("tax", "levy", "subsidy", "carbon_price")


def step_exceeds_span(scenario: Scenario) -> Iterator[Finding]:
    """A step that does not fit between start and end."""
    time = scenario.time
    span = (time.end - time.start).days + 1
    if time.step > span:
        message = tr("a step of {step:g} days does not fit into the {span} days from start to end; shorten it",
                     step=time.step, span=span)  # fmt: skip
        yield Finding(("time", "step"), message)


def plan_year_is_outside(scenario: Scenario) -> Iterator[Finding]:
    """A plan year that the scenario does not reach."""
    first, last, year = scenario.time.start.year, scenario.time.end.year, scenario.optimize.plan_year
    if year is not None and not first <= year <= last:
        message = tr("{year} is not in the scenario, which runs {first} to {last}", year=year, first=first, last=last)
        yield Finding(("optimize", "plan_year"), message)


def currency_is_foreign(scenario: Scenario) -> Iterator[Finding]:
    """A currency that amounts are not read in."""
    if scenario.currency != "CNY":
        message = tr("amounts are read in CNY, not {currency}; convert them and write  currency: CNY",
                     currency=scenario.currency)  # fmt: skip
        yield Finding(("currency",), message)


def disruption_is_outside(scenario: Scenario) -> Iterator[Finding]:
    """A dated disruption that does not touch the scenario's days."""
    time = scenario.time
    for i, disruption in enumerate(scenario.disruptions):
        if disruption.from_ is None or disruption.every == "year":
            outside = disruption.from_ is not None and disruption.from_ > time.end
        else:
            outside = disruption.from_ > time.end or _last_day(disruption, scenario) < time.start.toordinal()
        if outside:
            message = tr("lies outside {start} to {end} and changes nothing", start=time.start, end=time.end)
            yield Finding(("disruptions", i), message, "warning")


def _last_day(disruption: Disruption, scenario: Scenario) -> float:
    if disruption.until is not None:
        return disruption.until.toordinal()
    lasts = disruption.lasts if isinstance(disruption.lasts, float) else scenario.time.days
    return (disruption.from_ or scenario.time.end).toordinal() + lasts - 1


def disruption_is_incomplete(scenario: Scenario) -> Iterator[Finding]:
    """A disruption that is neither dated nor random, that ends before it starts, or ends in two ways."""
    for i, disruption in enumerate(scenario.disruptions):
        at = ("disruptions", i)
        if disruption.from_ is None and disruption.mean_time_between is None:
            yield Finding(at, tr("needs a date (from) or, if it is random, mean_time_between"))
        if disruption.from_ and disruption.until and disruption.until < disruption.from_:
            yield Finding(
                (*at, "until"), tr("{until} is before {start}", until=disruption.until, start=disruption.from_)
            )
        if disruption.until is not None and disruption.lasts is not None:
            yield Finding((*at, "lasts"), tr("give either until or lasts, not both"))
        if disruption.every == "year" and disruption.from_ and _length(disruption) > timedelta(days=366):
            yield Finding((*at, "every"), tr("returns every year and lasts longer than a year; shorten it"))


def _length(disruption: Disruption) -> timedelta:
    if disruption.until is not None and disruption.from_ is not None:
        return disruption.until - disruption.from_ + timedelta(days=1)
    return timedelta(days=disruption.lasts if isinstance(disruption.lasts, float) else 0)


def policy_is_incomplete(scenario: Scenario) -> Iterator[Finding]:
    """A policy without what its kind needs."""
    for i, policy in enumerate(scenario.policies):
        missing = _missing(policy)
        if missing:
            message = tr("a {kind} needs '{key}'; add it", kind=policy.kind, key=missing)
            yield Finding(("policies", i), message)
        if policy.from_ and policy.until and policy.until < policy.from_:
            yield Finding(
                ("policies", i, "until"), tr("{until} is before {start}", until=policy.until, start=policy.from_)
            )


def _missing(policy: Policy) -> str | None:
    if policy.kind in RATED and not policy.rate:
        return "rate"
    if policy.kind in ("tax", "levy") and policy.when is None:
        return "when"
    if policy.kind == "target" and not policy.utilisation:
        return "utilisation"
    if policy.kind in ("cap", "quota") and not policy.amount:
        return "amount"
    if policy.kind == "producer_responsibility" and not (policy.fee or targets_of(policy)):
        return "collection"
    if policy.penalty and not policy.collection:
        return "collection"
    return "tiers" if policy.kind == "tariff" and not policy.tiers else None
