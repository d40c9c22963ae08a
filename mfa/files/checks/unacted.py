"""What a scenario says and a run reads, checks and does not act on yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mfa.language import tr
from mfa.park.policy import Policy
from mfa.park.scenario import Disruption, Scenario

MOST_NAMES = 5


def unacted(scenario: Scenario) -> tuple[str, ...]:
    """Return one sentence for each part of a scenario that a run does not act on yet."""
    return (
        *_policies(scenario.policies),
        *_disruptions(scenario.disruptions),
        *_lots(scenario),
        *_behaviours(scenario),
        *_parts(scenario),
    )


def _policies(policies: Iterable[Policy]) -> Iterator[str]:
    for i, policy in enumerate(policies):
        name = policy.name or f"policies[{i}]"
        if policy.kind == "target" and policy.hard:
            yield tr("{name}: a hard target is only reported, not forced", name=name)
        elif not policy.acts:
            yield tr("{name}: nothing is paid or forced for policies of kind {kind}", name=name, kind=policy.kind)
        elif policy.from_ or policy.until:
            yield tr("{name}: the days from and until are not acted on; its rates go by year", name=name)
        elif policy.budget is not None or policy.tiers:
            yield tr("{name}: its budget and tiers are not acted on", name=name)


def _disruptions(disruptions: Iterable[Disruption]) -> Iterator[str]:
    for i, disruption in enumerate(disruptions):
        name = disruption.name or f"disruptions[{i}]"
        if not disruption.acts:
            yield tr("{name}: breakdowns at random times do not happen yet", name=name)
        elif disruption.lasts is not None and not isinstance(disruption.lasts, float):
            yield tr("{name}: a random length is not drawn; it lasts to the end", name=name)


def _lots(scenario: Scenario) -> Iterator[str]:
    links = [link.id for link in scenario.park.links if link.lot is not None]
    if links:
        yield tr("lots ({links}): any amount is carried, not only whole lots", links=_list(links))
    if scenario.candidates.defaults.lot is not None:
        yield tr("candidates.defaults.lot: any amount is carried, not only whole lots")


def _behaviours(scenario: Scenario) -> Iterator[str]:
    firms = scenario.park.firms.items()
    lines = [f"{key}.{name}" for key, firm in firms for name, line in firm.lines.items() if line.behaviour is not None]
    if lines:
        yield tr("behaviours ({lines}): lines run at their target whatever happens around them", lines=_list(lines))


def _parts(scenario: Scenario) -> Iterator[str]:
    if scenario.optimize.frontier is not None:
        yield tr("optimize.frontier: one plan is sought, not a frontier")
    yield from _spreads(scenario)


def _spreads(scenario: Scenario) -> Iterator[str]:
    """Yield what one run leaves aside and `mfa sweep` acts on."""
    if scenario.uncertainty.values:
        names = _list(list(scenario.uncertainty.values))
        yield tr("uncertain values ({names}): each stands at its central value (mean; mode of a triangular one);"
                 " mfa sweep shows what their distributions make of the results", names=names)  # fmt: skip
    if scenario.uncertainty.library:
        yield tr("uncertainty.library: values of the library stand as typical; mfa sweep draws them from their ranges")
    if scenario.sweep is not None:
        yield tr("sweep: one run has the values that the scenario gives; mfa sweep varies them")


def _list(names: list[str]) -> str:
    shown = ", ".join(sorted(names)[:MOST_NAMES])
    return (
        shown
        if len(names) <= MOST_NAMES
        else tr("{names} and {count} more", names=shown, count=len(names) - MOST_NAMES)
    )
