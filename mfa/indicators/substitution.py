"""Which input each substitute replaced, derived from the conversion table, the recipes and the planned mix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mfa.indicators.sums import sum_by
from mfa.park.firm import Line
from mfa.park.technology import Acceptance, Technology
from mfa.results.results import Results


@dataclass(frozen=True)
class Substitution:
    """What a line used of a material in the place of one of its inputs over the run, dry t or GJ."""

    firm: str
    line: str
    technology: Technology
    acceptance: Acceptance
    used: float

    @property
    def replaced(self) -> float:
        """Amount of the input that was replaced: ratio × used (semantics §3)."""
        return self.acceptance.ratio * self.used


def substitutions(results: Results) -> Iterator[Substitution]:
    """Yield every substitution of a run, by firm, line, material and replaced input.

    A material that one line can use in several ways is split by the line's planned mix; without one, pro rata to the
    largest permitted use of each way (the split of the simulation where nothing is short and no limit binds).
    """
    park = results.scenario.park
    for (firm, name, material), amount in sum_by(results.conversion, ["firm", "line", "material"], "used").items():
        if firm not in park.firms:
            continue
        line = park.firms[firm].lines[name]
        technology = park.technologies[line.runs]
        for acceptance, share in ways(technology, line, material):
            if share > 0:
                yield Substitution(firm, name, technology, acceptance, amount * share)


def ways(technology: Technology, line: Line, material: str) -> list[tuple[Acceptance, float]]:
    """Return the ways in which a line substitutes a material, each with its share of what the line uses of it."""
    ways = sorted((a for a in technology.accepts if a.material == material), key=lambda a: a.replaces)
    planned = {use.replaces: use.amount for use in line.mix or () if use.material == material}
    if not any(planned.values()):
        planned = {way.replaces: way.up_to * technology.uses.get(way.replaces, 0.0) / way.ratio for way in ways}
        planned[material] = technology.uses.get(material, 0.0)
    total = sum(planned.values())
    return [(way, planned.get(way.replaces, 0.0) / total) for way in ways] if total > 0 else []
