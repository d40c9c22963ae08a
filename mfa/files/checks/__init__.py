"""What a scenario must make sense of beyond its form: one small function a check, each finding with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mfa.files.checks import in_use, links, materials, measurements, nodes, rest, schedule, statistics, technologies
from mfa.files.checks.finding import Finding
from mfa.files.checks.unacted import unacted
from mfa.park.scenario import Scenario

__all__ = ["Finding", "check", "check_entries", "unacted"]

Check = Callable[[Scenario], Iterator[Finding]]

OF_ENTRIES: tuple[Check, ...] = (
    materials.shares_exceed_one,
    materials.water_in_composition,
    materials.energy_is_in_gj,
    technologies.replaced_is_no_input,
    technologies.accepted_twice,
    technologies.emits_without_using,
    technologies.limits_contradict,
    nodes.stock_exceeds_storage,
    nodes.boundary_does_nothing,
    in_use.begins_too_late,
    links.bounds_contradict,
    schedule.step_exceeds_span,
    schedule.plan_year_is_outside,
    schedule.currency_is_foreign,
    schedule.disruption_is_outside,
    schedule.disruption_is_incomplete,
    schedule.policy_is_incomplete,
    statistics.statistic_is_impossible,
    statistics.part_exceeds_whole,
)
"""Checks that look at one entry at a time, and so make sense where others cannot be read."""

OF_THE_WHOLE: tuple[Check, ...] = (
    technologies.treatment_stands_nowhere,
    technologies.treatment_is_production,
    technologies.recipe_makes_mass,
    technologies.limit_of_nothing,
    technologies.virgin_feed_breaks_limit,
    technologies.two_origins,
    nodes.stock_of_what_cannot_be_stored,
    nodes.line_is_unknown,
    nodes.blocks_what_is_not_made,
    nodes.firm_is_isolated,
    nodes.place_off_the_globe,
    in_use.account_fails,
    in_use.source_does_not_supply,
    in_use.content_is_no_mass,
    in_use.nobody_takes,
    in_use.responsibility_for_nothing,
    links.link_carries_nothing,
    links.link_to_itself,
    links.distance_is_unknown,
    rest.loop_makes_mass,
    measurements.measured_is_not_there,
)


def check(scenario: Scenario) -> Iterator[Finding]:
    """Yield what is wrong or doubtful in a scenario; the park is brought to rest only where nothing else is wrong."""
    sound = True
    for one in (*OF_ENTRIES, *OF_THE_WHOLE):
        for finding in one(scenario):
            sound = sound and finding.level == "warning"
            yield finding
    if sound:
        yield from rest.park_does_not_rest(scenario)


def check_entries(scenario: Scenario) -> Iterator[Finding]:
    """Yield what is wrong or doubtful in single entries of a scenario of which others are missing."""
    for one in OF_ENTRIES:
        yield from one(scenario)
