"""Checks of recipes: what replaces what, mass out against mass in, limits that the recipe itself breaks."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.errors import InputError
from mfa.files.checks.finding import Finding
from mfa.files.nearest import did_you_mean
from mfa.language import tr
from mfa.park.contents import Contents
from mfa.park.origin import origins
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.park.technology import Limit, Technology
from mfa.step.feeds import describe, feed_of

MASS_TOLERANCE = 1e-3
"""Relative surplus of mass out over mass in below which a recipe is taken for rounded, not for wrong."""


def _technologies(scenario: Scenario) -> list[tuple[str, Technology]]:
    return sorted(scenario.park.technologies.items())


def replaced_is_no_input(scenario: Scenario) -> Iterator[Finding]:
    """An acceptance in the place of something that the recipe does not use, or of itself."""
    for key, technology in _technologies(scenario):
        for i, acceptance in enumerate(technology.accepts):
            at = ("park", "technologies", key, "accepts", i, "replaces")
            if acceptance.replaces not in technology.uses:
                message = tr("'{name}' is no input of this technology", name=acceptance.replaces)
                yield Finding(at, message + did_you_mean(acceptance.replaces, technology.uses))
            elif acceptance.material == acceptance.replaces:
                yield Finding(at, tr("a material cannot replace itself; remove the entry"))


def accepted_twice(scenario: Scenario) -> Iterator[Finding]:
    """Two acceptances of one material in the place of one input."""
    for key, technology in _technologies(scenario):
        seen: dict[tuple[str, str], int] = {}
        for i, acceptance in enumerate(technology.accepts):
            pair = (acceptance.material, acceptance.replaces)
            if pair in seen:
                message = tr("already accepted by entry {number}; remove one of the two", number=seen[pair] + 1)
                yield Finding(("park", "technologies", key, "accepts", i), message)
            seen.setdefault(pair, i)


def emits_without_using(scenario: Scenario) -> Iterator[Finding]:
    """An emission factor of something that the recipe neither uses nor accepts."""
    for key, technology in _technologies(scenario):
        taken = technology.uses.keys() | {acceptance.material for acceptance in technology.accepts}
        for name in sorted(technology.emits_per.keys() - taken):
            message = tr("'{name}' is neither used nor accepted here, so it emits nothing", name=name)
            at = ("park", "technologies", key, "emits_per", name)
            yield Finding(at, message + did_you_mean(name, taken), "warning")


def treatment_stands_nowhere(scenario: Scenario) -> Iterator[Finding]:
    """An offered treatment whose place is neither with a sender or receiver nor a firm."""
    for key, technology in _technologies(scenario):
        places = ["sender", "receiver", *scenario.park.firms]
        if technology.at not in places and key in scenario.candidates.treatments:
            message = tr("'{name}' is neither sender, receiver nor a firm", name=technology.at)
            yield Finding(("park", "technologies", key, "at"), message + did_you_mean(technology.at, places))


def treatment_is_production(scenario: Scenario) -> Iterator[Finding]:
    """An offered treatment that is not a treatment."""
    for i, key in enumerate(scenario.candidates.treatments):
        technology = scenario.park.technologies[key]
        if technology.kind != "treatment":
            message = tr("'{name}' is a production; give it  kind: treatment  or offer another", name=key)
            yield Finding(("candidates", "treatments", i), message)


def recipe_makes_mass(scenario: Scenario) -> Iterator[Finding]:
    """More dry mass out than in: a warning, and an error where a limited substance would grow."""
    park, contents = scenario.park, Contents(scenario.park)
    limited = sorted(
        {name for technology in park.technologies.values() for t in technology.limits for name in t.weights}
    )
    for key, technology in _technologies(scenario):
        put_in, got_out = mass_in(park, technology), mass_out(park, technology)
        if got_out <= put_in * (1 + MASS_TOLERANCE):
            continue
        message = "makes mass: {out:.4g} t out with emissions, {into:.4g} t in per unit; environment gives {gap:.4g} t"
        at = ("park", "technologies", key)
        yield Finding(at, tr(message, out=got_out, into=put_in, gap=got_out - put_in), "warning")
        for name in limited:
            yield from _grows(park, contents, key, technology, name)


def mass_in(park: Park, technology: Technology) -> float:
    """Return the dry mass that a recipe takes in, from nature too, t per unit of its main product."""
    used = sum(amount for name, amount in sorted(technology.uses.items()) if park.materials[name].is_mass)
    return used + sum(amount for _, amount in sorted(technology.takes.items()))


def mass_out(park: Park, technology: Technology) -> float:
    """Return the dry mass that leaves a recipe, emissions included, t per unit of its main product."""
    made = sum(amount for name, amount in sorted(technology.outputs.items()) if park.materials[name].is_mass)
    return made + sum(
        technology.uses.get(name, 0.0) * factor
        for name, gases in sorted(technology.emits_per.items())
        for _, factor in sorted(gases.items())
    )


def _grows(park: Park, contents: Contents, key: str, technology: Technology, name: str) -> Iterator[Finding]:
    known = {m: contents.of(m, name) for m in technology.uses if park.materials[m].is_mass}
    if any(share is None for share in known.values()):
        return
    put_in = sum(technology.uses[m] * (share or 0.0) for m, share in sorted(known.items()))
    got_out = sum(
        amount * (park.materials[m].content(name) or 0.0)
        for m, amount in sorted(technology.outputs.items())
        if park.materials[m].is_mass
    )
    if got_out > put_in * (1 + MASS_TOLERANCE) + 1e-9:
        message = "makes {name}, which is limited: {out:.4g} t out, {into:.4g} t in per unit; correct the recipe"
        yield Finding(("park", "technologies", key), tr(message, name=name, out=got_out, into=put_in))


def virgin_feed_breaks_limit(scenario: Scenario) -> Iterator[Finding]:
    """A limit that the recipe breaks before anything is replaced (semantics §3)."""
    park, contents = scenario.park, Contents(scenario.park)
    for key, technology in _technologies(scenario):
        for row in feed_of(park, technology, contents, "allow").rows:
            if any(contents.weighted(name, row.limit) is None for name in row.of_input):
                continue
            excess = row.of_activity + sum(technology.uses[name] * w for name, w in sorted(row.of_input.items()))
            if excess > 1e-9 * max(1.0, abs(row.of_activity)):
                message = tr("the recipe alone breaks {limit}; correct recipe, compositions or limit",
                             limit=describe(row.limit))  # fmt: skip
                yield Finding(("park", "technologies", key, "limits", technology.limits.index(row.limit)), message)


def limit_of_nothing(scenario: Scenario) -> Iterator[Finding]:
    """A limit on a substance or property that no material has."""
    known = {name for m in scenario.park.materials.values() for name in (*m.composition, *m.properties)}
    for key, technology in _technologies(scenario):
        for i, limit in enumerate(technology.limits):
            for name in sorted(limit.weights.keys() - known):
                message = tr("no material says how much '{name}' it has, so nothing can be checked", name=name)
                at = ("park", "technologies", key, "limits", i)
                yield Finding(at, message + did_you_mean(name, known), "warning")


def limits_contradict(scenario: Scenario) -> Iterator[Finding]:
    """A limit whose least is above its most."""
    for key, technology in _technologies(scenario):
        for i, limit in enumerate(technology.limits):
            if _is_empty(limit):
                message = tr("min {least:g} is above max {most:g}; swap them", least=limit.min, most=limit.max)
                yield Finding(("park", "technologies", key, "limits", i), message)


def _is_empty(limit: Limit) -> bool:
    return limit.min is not None and limit.max is not None and limit.min > limit.max


def two_origins(scenario: Scenario) -> Iterator[Finding]:
    """One material that two treatments give different origin tonnes (semantics §9)."""
    try:
        origins(scenario.park)
    except InputError as error:
        for problem in error.problems:
            material = problem.path.removeprefix("park.materials.")
            yield Finding(("park", "materials", material), problem.message)
