"""What is uncertain in a scenario, or varied by its sweep."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.accounting.designs import Input
from mfa.errors import InputError, Problem
from mfa.files.distributions import EXAMPLE
from mfa.files.schema import bounds_at
from mfa.language import tr
from mfa.park.distribution import Distribution
from mfa.park.park import Park
from mfa.park.paths import number_at, steps_to
from mfa.park.scenario import Scenario


def inputs_of(scenario: Scenario) -> tuple[Input, ...]:
    """Return what a sweep varies where there is one, else every number with a distribution, by path.

    Raises:
        InputError: nothing is varied or uncertain, a path leads nowhere, or a law reaches beyond what a number can be.
    """
    laws = dict(scenario.sweep.vary) if scenario.sweep is not None and scenario.sweep.vary else uncertain(scenario)
    if not laws:
        message = (
            "nothing is uncertain in this scenario; write a distribution for a number, such as {example}, or a sweep"
        )
        raise InputError([Problem(scenario.id, "uncertainty", tr(message, example=EXAMPLE))])
    problems, inputs = [], []
    for path, law in sorted(laws.items()):
        try:
            number_at(scenario, path)
            inputs.append(Input(path, law.within(*bounds_at(steps_to(scenario, path)))))
        except ValueError as error:
            problems.append(Problem(scenario.id, path, str(error)))
    if problems:
        raise InputError(problems)
    return tuple(inputs)


def uncertain(scenario: Scenario) -> dict[str, Distribution]:
    """Return path → distribution of what is uncertain: by the scenario and, if asked, by the library's ranges."""
    found = library_laws(scenario.park, scenario.candidates.treatments) if scenario.uncertainty.library else ()
    return dict(found) | dict(scenario.uncertainty.values)


def library_laws(park: Park, treatments: tuple[str, ...]) -> Iterator[tuple[str, Distribution]]:
    """Yield what `ranges` say of the technologies that run or are offered, and of the materials that these move.

    A range with its typical value is taken as triangular (low, typical, high); one that the typical value leaves, or
    that has no width, says nothing.
    """
    run = {line.runs for firm in park.firms.values() for line in firm.lines.values()} | set(treatments)
    moved = {link.material for link in park.links}
    for key in sorted(run):
        technology = park.technologies[key]
        moved |= {*technology.uses, *technology.outputs, *(accepted.material for accepted in technology.accepts)}
        yield from _laws(park, f"park.technologies.{key}", technology.ranges)
    for key in sorted(moved & park.materials.keys()):
        yield from _laws(park, f"park.materials.{key}", park.materials[key].ranges)


def _laws(park: Park, entry: str, ranges: dict[str, tuple[float, float]]) -> Iterator[tuple[str, Distribution]]:
    for name, (low, high) in sorted(ranges.items()):
        typical = number_at(park, f"{entry}.{name}".removeprefix("park."))
        if low <= typical <= high and low < high:
            yield f"{entry}.{name}", Distribution(kind="triangular", numbers=(low, typical, high))
