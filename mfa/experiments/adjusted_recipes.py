"""Recipes with reconciled coefficients: each line gets those that its measurements led to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mfa.accounting.recipe_equations import Coefficient
from mfa.park.material import Evidence
from mfa.park.park import Park
from mfa.park.statements import Statement, least_sure, of_technology
from mfa.park.technology import Technology

SAME = 1e-9
"""A relative change of a coefficient that is rounding."""


@dataclass(frozen=True)
class _Change:
    coefficient: Coefficient
    value: float


def with_recipes(park: Park, coefficients: Iterable[Coefficient], known: Mapping[str, float]) -> Park:
    """Return the park whose lines run with the reconciled coefficients.

    A technology that runs at one line alone changes; one that several lines run is copied for each that differs,
    as `<technology>_<firm>_<line>`.

    Args:
        park: as given.
        coefficients: those of the account.
        known: name of a coefficient → reconciled value.
    """
    changes: dict[tuple[str, str], list[_Change]] = defaultdict(list)
    for coefficient in coefficients:
        technology = park.technologies[park.firms[coefficient.firm].lines[coefficient.line].runs]
        value, old = known[coefficient.id] * coefficient.scale, _number(technology, coefficient)
        if abs(value - old) > SAME * abs(old):
            changes[coefficient.firm, coefficient.line].append(_Change(coefficient, value))
    runs = Counter(line.runs for firm in park.firms.values() for line in firm.lines.values())
    technologies, firms = dict(park.technologies), dict(park.firms)
    for (firm, name), changed in sorted(changes.items()):
        line = firms[firm].lines[name]
        key = line.runs if runs[line.runs] == 1 else f"{line.runs}_{firm}_{name}"
        technologies[key] = _changed(park.technologies[line.runs], changed).replace(id=key)
        firms[firm] = firms[firm].replace(lines={**firms[firm].lines, name: line.replace(runs=key)})
    return park.replace(technologies=technologies, firms=firms)


def _number(technology: Technology, of: Coefficient) -> float:
    if of.place == "emits_per":
        return technology.emits_per[of.key][of.gas]
    amounts: Mapping[str, float] = getattr(technology, of.place)
    return amounts[of.key]


def _changed(technology: Technology, changes: list[_Change]) -> Technology:
    parts: dict[str, dict[str, float]] = {
        part: dict(getattr(technology, part)) for part in ("uses", "releases", "takes")
    }
    emits = {key: dict(factors) for key, factors in technology.emits_per.items()}
    evidence = dict(technology.evidence)
    for change in changes:
        of = change.coefficient
        if of.place == "emits_per":
            emits[of.key][of.gas] = change.value
        else:
            parts[of.place][of.key] = change.value
        told = of_technology(technology, f"{of.place}.{of.key}")
        if told.confidence:
            evidence[told.field] = _reconciled(told)
    return technology.replace(**parts, emits_per=emits, evidence=evidence)


def _reconciled(told: Statement) -> Evidence:
    """Return the evidence of a number that measurements moved: derived from what was stated, no surer than that."""
    sure = least_sure(["derived", told.confidence]) or "derived"
    return Evidence(source=f"reconciled with measurements; before: {told.source}", year=told.year, confidence=sure)
