"""The terms on which a technology takes a waste: as what, instead of what, how much of it, and within which limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from mfa.files.route_acceptances import recipe_of, route_acceptances
from mfa.language import tr
from mfa.matching.ground import Ground
from mfa.matching.matches import Check, Status
from mfa.park.route import Route
from mfa.park.statements import mark
from mfa.park.technology import Acceptance, Limit, Technology
from mfa.step.feeds import content_confidence, describe, feed_of

LONGEST_TREATMENT = 2
"""So many treatments may stand between a waste and its use where no route names them."""
SLACK = 1e-9


@dataclass(frozen=True)
class Form:
    """What a waste has become: `material`, by `treatment` in order, t of it per t of waste."""

    material: str
    treatment: tuple[str, ...] = ()
    per_tonne: float = 1.0


@dataclass(frozen=True)
class Terms:
    """How a technology takes a form of a waste.

    `most` is dry t (or GJ) of the form per unit of main product, as `bounded_by` says; `pulls` is, by limit, how
    much product one tonne of the form asks for, so that the feed stays within it.
    """

    technology: Technology
    acceptance: Acceptance
    most: float
    bounded_by: str
    checks: tuple[Check, ...]
    pulls: Mapping[str, float] = field(default_factory=dict)


@dataclass
class TermBook:
    """The terms of all technologies of a ground, by what arrives; worked out when first asked for."""

    ground: Ground
    day: date
    _by_material: Mapping[str, list[tuple[Technology, Acceptance]]] | None = None
    _known: dict[tuple[str, str, str], Terms] = field(default_factory=dict)

    def terms_for(self, material: str) -> list[Terms]:
        """Return on which terms technologies take a material as it is."""
        if self._by_material is None:
            self._by_material = _by_material(self.ground, self.day)
        return [self._terms(technology, a) for technology, a in self._by_material.get(material, ())]

    def _terms(self, technology: Technology, acceptance: Acceptance) -> Terms:
        key = (technology.id, acceptance.material, acceptance.replaces)
        if key not in self._known:
            self._known[key] = terms_of(self.ground, technology, acceptance)
        return self._known[key]


def forms_of(ground: Ground, waste: str) -> list[Form]:
    """Return what a waste can be taken as: itself, what treatments make of it, and what its routes prescribe."""
    forms = {waste: Form(waste)}
    edge = [forms[waste]]
    treatments = [t for t in ground.park.technologies.values() if t.kind == "treatment"]
    treatments.sort(key=lambda t: (t.id not in ground.own.technologies, t.id))  # what the park knows comes first
    for _ in range(LONGEST_TREATMENT):
        edge = [_treated(form, t) for form in edge for t in treatments if t.uses.get(form.material, 0.0) > 0]
        for form in edge:
            forms.setdefault(form.material, form)
    for route in ground.routes_of(waste):
        prescribed: Form | None = forms[waste]
        for name in route.treatment:
            recipe = ground.park.technologies.get(name)
            uses = recipe is not None and prescribed is not None and recipe.uses.get(prescribed.material)
            prescribed = _treated(prescribed, recipe) if uses and prescribed and recipe else None
        if prescribed is not None:
            forms.setdefault(prescribed.material, prescribed)
    return list(forms.values())


def _treated(form: Form, treatment: Technology) -> Form:
    per_tonne = form.per_tonne / treatment.uses[form.material]
    return Form(treatment.product, (*form.treatment, treatment.id), per_tonne)


def _by_material(ground: Ground, day: date) -> dict[str, list[tuple[Technology, Acceptance]]]:
    """Return what every production technology takes: by its own list, as itself in its recipe, and by routes."""
    found: dict[str, list[tuple[Technology, Acceptance]]] = {}
    for _, technology in sorted(ground.park.technologies.items()):
        if technology.kind == "treatment":
            continue
        whole = _with_routes(ground, technology, day)
        direct = [Acceptance(material=m, replaces=m, source=technology.source, confidence=technology.confidence)
                  for m, amount in sorted(technology.uses.items()) if amount > 0]  # fmt: skip
        for acceptance in (*whole.accepts, *direct):
            found.setdefault(acceptance.material, []).append((whole, acceptance))
    return found


def _with_routes(ground: Ground, technology: Technology, day: date) -> Technology:
    """Return a technology that accepts what routes bring it, also under the names that the park gives it."""
    accepts, limits = list(technology.accepts), list(technology.limits)
    for _, acceptance, on_material in route_acceptances(ground.holdings, recipe_of(technology), day):
        brought = acceptance.material
        for name in (brought, *(mine for mine, theirs in ground.taken_for.items() if theirs == brought)):
            if name in ground.park.materials:
                accepts.append(acceptance.replace(material=name))
                limits += [limit.replace(material=name) for limit in on_material]
    if len(accepts) == len(technology.accepts):
        return technology
    return technology.replace(accepts=tuple(accepts), limits=tuple(limits))


def terms_of(ground: Ground, technology: Technology, acceptance: Acceptance) -> Terms:
    """Return on which terms a technology takes a material, alone, at its virgin recipe otherwise."""
    need = technology.uses.get(acceptance.replaces, 0.0)
    most = acceptance.up_to * need / acceptance.ratio
    bounded_by = tr("need") if acceptance.up_to >= 1 else tr("at most {share} of the need", share=_share(acceptance))
    if acceptance.material == acceptance.replaces:  # the recipe's own input: limits hold by the recipe
        return Terms(technology, acceptance, most, bounded_by, ())
    checks, pulls = [], dict[str, float]()
    for limit, pull, check in _examined(ground, technology, acceptance):
        checks.append(check)
        if pull > 0:
            pulls[describe(limit)] = pull
        if pull > 0 and 1.0 / pull < most:
            most, bounded_by = 1.0 / pull, describe(limit)
    return Terms(technology, acceptance, most, bounded_by, tuple(checks), pulls)


def _share(acceptance: Acceptance) -> str:
    return f"{acceptance.up_to * 100:.4g} %{mark(acceptance.confidence)}"


def _examined(ground: Ground, technology: Technology, acceptance: Acceptance) -> Iterator[tuple[Limit, float, Check]]:
    """Yield every limit that concerns a material, the product that a tonne of it asks for, and the check."""
    material = acceptance.material
    if not ground.park.materials[material].is_mass:
        return
    rows = feed_of(ground.park, technology, ground.contents, "allow").rows
    virgin = [m for m, amount in technology.uses.items() if amount > 0 and ground.park.materials[m].is_mass]
    check = partial(_check, ground, material)
    for limit in technology.limits:
        content = ground.contents.weighted(material, limit)
        if limit.of == "material":
            if limit.material in (None, material):
                yield limit, 0.0, check_of(ground, limit, material)
            continue
        feeds = [content, *(ground.contents.weighted(m, limit) for m in virgin)]
        if any(share is None for share in feeds):
            yield limit, 0.0, check(limit, "unknown")
            continue
        for row in (row for row in rows if row.limit == limit):
            base = row.of_activity + sum(technology.uses[m] * weight for m, weight in sorted(row.of_input.items()))
            added = row.of_use.get(material, 0.0) - acceptance.ratio * row.of_input.get(acceptance.replaces, 0.0)
            if added <= SLACK:
                yield limit, 0.0, check(limit, "met")
            elif base >= -SLACK:
                yield limit, 0.0, check(limit, "missed")
            else:
                yield limit, added / -base, check(limit, "binds")


def check_of(ground: Ground, limit: Limit, material: str) -> Check:
    """Return what becomes of a limit on the material itself."""
    content = ground.contents.weighted(material, limit)
    if content is None:
        return _check(ground, material, limit, "unknown")
    above = limit.max is not None and content > limit.max * (1 + SLACK)
    below = limit.min is not None and content < limit.min * (1 - SLACK)
    return _check(ground, material, limit, "missed" if above or below else "met")


def _check(ground: Ground, material: str, limit: Limit, status: Status) -> Check:
    return Check(
        limit=describe(limit), status=status, found=ground.contents.weighted(material, limit),
        found_confidence=content_confidence(ground.park, material, limit), source=limit.source,
        confidence=limit.confidence,
    )  # fmt: skip


def route_checks(ground: Ground, route: Route, material: str) -> tuple[Check, ...]:
    """Return what becomes of a route's own limits where the receiver has no recipe to reckon with.

    A limit of a feed or product is met by a material that would meet it alone, else it cannot be checked: the rest
    of the mix is unknown. A route without any limit has not been looked into: that cannot be checked either.
    """
    if not route.limits:
        return (Check(limit=tr("none stated"), status="unknown"),)
    checks = []
    for requirement in route.limits:
        limit = requirement.on(material)
        check = check_of(ground, limit, material)
        if check.status == "missed" and limit.of != "material":
            check = check.replace(status="unknown")
        checks.append(check)
    return tuple(checks)
