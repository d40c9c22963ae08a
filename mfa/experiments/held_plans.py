"""A plan that was made for some numbers, as it stands when they turn out to be others."""

from __future__ import annotations

from collections import Counter

from mfa.park.firm import Use
from mfa.park.plan import Plan, PlannedLine, PlannedLink
from mfa.park.scenario import Scenario
from mfa.park.technology import Acceptance, Technology

OF_A_LINK = ("transport", "price", "set_up", "loss", "lead_time")
"""What a new link has from the defaults of candidates."""


def hold(plan: Plan, made_for: Scenario, drawn: Scenario) -> Plan:
    """Return a plan as it stands in a scenario with other numbers.

    Links promise what they promised, at the costs of the drawn scenario. A line that was planned at its target runs
    at the target that it has now, and none beyond; none takes more of a substitute than it now may.
    """
    return plan.replace(
        planned_links=tuple(_held_link(link, made_for, drawn) for link in plan.planned_links),
        planned_lines=tuple(_held_line(line, made_for, drawn) for line in plan.planned_lines),
    )


def _held_link(planned: PlannedLink, made_for: Scenario, drawn: Scenario) -> PlannedLink:
    before, now = made_for.candidates.defaults, drawn.candidates.defaults
    changed = {name: getattr(now, name) for name in OF_A_LINK if getattr(now, name) != getattr(before, name)}
    return planned.replace(link=planned.link.replace(**changed)) if changed else planned


def _held_line(planned: PlannedLine, made_for: Scenario, drawn: Scenario) -> PlannedLine:
    activity = planned.activity
    if not planned.new:
        before, now = (park.firms[planned.firm].lines[planned.line].target for park in (made_for.park, drawn.park))
        at_target = activity >= before * (1 - 1e-9)
        activity = now if at_target else min(activity, now)
    technology = drawn.park.technologies[planned.runs]
    return planned.replace(activity=activity, mix=_held_mix(planned.mix, technology, activity))


def _held_mix(mix: tuple[Use, ...], technology: Technology, activity: float) -> tuple[Use, ...]:
    """Return a mix in which no substitute exceeds its share of the need, and none of them together the need."""
    accepted = {(one.material, one.replaces): one for one in technology.accepts}
    accepted |= {(name, name): Acceptance(material=name, replaces=name) for name in technology.uses}
    terms = [(use, accepted[use.material, use.replaces], technology.uses[use.replaces] * activity) for use in mix]
    capped = [use.replace(amount=min(use.amount, one.up_to * need / one.ratio)) for use, one, need in terms]
    covered: Counter[str] = Counter()
    for use, (_, one, _) in zip(capped, terms, strict=True):
        covered[use.replaces] += use.amount * one.ratio  # type: ignore[assignment]
    return tuple(
        use.replace(amount=use.amount * need / covered[use.replaces]) if covered[use.replaces] > need else use
        for use, (_, _, need) in zip(capped, terms, strict=True)
    )
