"""What the tonnes of a run rest on: waste generated, used and disposed of, and the CO2 that its use avoids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from mfa.evidence.numbers import NOTHING, Basis, Numbers
from mfa.indicators.carbon import emission_factor
from mfa.indicators.imports import Imports
from mfa.indicators.provenance import Paths, Step, shares
from mfa.indicators.substitution import substitutions, ways
from mfa.indicators.sums import sum_by
from mfa.indicators.waste import Entry, entries, origins_of, waste_accounts
from mfa.park.link import Link
from mfa.park.material import COUNTED_CLASSES
from mfa.park.statements import of_technology
from mfa.results.results import Results

Rests = dict[Basis, float]
"""Numbers → what rests on just these, in the unit of the result over the whole run."""
FIELDS = {"generated": "waste_generated", "used": "waste_used", "disposed": "waste_disposed"}
"""Field of the waste account → indicator."""


def added(*parts: tuple[float, Rests]) -> Rests:
    """Return Σ factor × part."""
    total: Rests = defaultdict(float)
    for factor, rests in parts:
        for stated, amount in rests.items():
            total[stated] += factor * amount
    return dict(total)


def both(one: Rests, other: Rests) -> Rests:
    """Return what rests on a number of each side: shares of one spread over shares of the other."""
    total: Rests = defaultdict(float)
    for mine, amount in one.items():
        for theirs, share in other.items():
            total[mine | theirs] += amount * share
    return dict(total)


class Tracing:
    """Follows the amounts of a run back to the numbers that they rest on."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.numbers = Numbers(results)
        self._imports = Imports(results)

    @cached_property
    def moved(self) -> Mapping[tuple[str, str], Mapping[str, float]]:
        """(Source, target) → material → what went from one to the other over the run, as received."""
        moved: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        keys = ["source", "target", "material"]
        for (source, target, material), amount in sum_by(self.results.flows, keys, "amount").items():
            moved[source, target][material] = amount
        return moved

    @cached_property
    def output(self) -> Mapping[str, Mapping[str, float]]:
        """Firm → line → what it made of its main product over the run."""
        output: dict[str, dict[str, float]] = defaultdict(dict)
        for (firm, line), made in sum_by(self.results.activity, ["firm", "line"], "output").items():
            output[firm][line] = made
        return output

    @cached_property
    def hauled(self) -> Mapping[str, list[tuple[Link, float]]]:
        """Firm → links whose transport it pays and what they carry: the receiver, or the sender where that is none."""
        park, hauled = self.results.scenario.park, defaultdict(list)
        realised = {link: flow for (link,), flow in sum_by(self.results.links, ["link"], "realised_per_yr").items()}
        for link in park.links:
            if link.id in realised:
                hauled[link.to if link.to in park.firms else link.from_].append((link, realised[link.id]))
        return hauled

    def behind_paths(self, paths: Paths) -> Rests:
        """Return what tonnes rest on that came along some paths, in shares."""
        return added(*((share, {self.numbers.of_path(path): 1.0}) for path, share in shares(paths).items()))

    def behind_made(self, node: str, material: str) -> Rests:
        """Return what the tonnes that a firm makes of a material rest on."""
        return self.behind_paths(self._imports.provenance.made(node, material))

    def behind_used(self, node: str, material: str, imported: bool) -> Rests:
        """Return what the tonnes that a node uses of a material rest on; imported ones are left out where asked."""
        paths = self._imports.provenance.used(node, material)
        own = {path: tonnes for path, tonnes in paths.items() if imported or not self._imports.begins(path)}
        return self.behind_paths(own)

    def behind_entry(self, entry: Entry) -> Rests:
        """Return what an amount of the waste account rests on."""
        if entry.field == "generated":
            return {self.numbers.of_step(Step(entry.node, entry.line, entry.material)): 1.0}
        if entry.field == "disposed":
            return self.behind_made(entry.node, entry.material)
        taken = self._behind_taking(entry) if entry.line else {NOTHING: 1.0}
        return both(self.behind_used(entry.node, entry.material, imported=False), taken)

    def _behind_taking(self, entry: Entry) -> Rests:
        """Return by which numbers a line takes a waste: as a substitute, each way with its share, or by its recipe."""
        park, technology = self.results.scenario.park, self.numbers.technology(entry.node, entry.line)
        found = ways(technology, park.firms[entry.node].lines[entry.line], entry.material)
        rest = 1.0 - sum(share for _, share in found)
        parts = [(share, {self.numbers.of_use(entry.node, entry.line, way): 1.0}) for way, share in found if share > 0]
        if rest > 1e-12:
            parts.append((rest, {self.numbers.of_recipe(technology, entry.material): 1.0}))
        return added(*parts)


def of_wastes(tracing: Tracing) -> dict[str, Rests]:
    """Return indicator → what rests on what, origin tonnes: generated, used, disposed of, and the utilisation.

    A rate counts tonnes generated (and used from old stock): of each, what it rests on that it was used counts, or
    else what it rests on that it was generated.
    """
    carried = origins_of(tracing.results.scenario.park, COUNTED_CLASSES)
    by_origin: dict[tuple[str, str], Rests] = defaultdict(lambda: defaultdict(float))
    for entry in entries(tracing.results, carried):
        if entry.field in FIELDS and entry.amount > 0:
            behind = tracing.behind_entry(entry)
            for origin, tonnes in carried[entry.material].items():
                for stated, share in behind.items():
                    by_origin[entry.field, origin][stated] += entry.amount * tonnes * share
    found = {name: added(*((1.0, rests) for (mine, _), rests in by_origin.items() if mine == field))
             for field, name in FIELDS.items()}  # fmt: skip
    found["solid_waste_utilisation"] = added((1.0, found["waste_used"]), *_unused(tracing.results, by_origin))
    return found


def _unused(results: Results, by_origin: dict[tuple[str, str], Rests]) -> list[tuple[float, Rests]]:
    """Return what of each waste a rate counts and nobody used, with what it rests on."""
    parts = []
    for origin, years in waste_accounts(results, COUNTED_CLASSES).items():
        generated = by_origin.get(("generated", origin), {})
        counted = sum(account.generated + account.from_old_stock for account in years.values())
        unused = counted - sum(account.used for account in years.values())
        total = sum(generated.values())
        if unused > 0 and total > 0:
            parts.append((unused / total, generated))
    return parts


def of_carbon(tracing: Tracing) -> Rests:
    """Return what the avoided CO2 rests on, t by magnitude: the use, and the emission factors on both sides."""
    parts = []
    for s in substitutions(tracing.results):
        replaced, brought = s.acceptance.replaces, s.acceptance.material
        factors = {m: emission_factor(s.technology, m) for m in (replaced, brought)}
        avoided = s.replaced * factors[replaced] - s.used * factors[brought]
        if avoided:
            stated = (of_technology(s.technology, f"emits_per.{m}") for m, factor in factors.items() if factor)
            use = tracing.numbers.of_use(s.firm, s.line, s.acceptance) | {n for n in stated if n.confidence}
            used = tracing.behind_used(s.firm, s.acceptance.material, imported=True)
            parts.append((abs(avoided), both(used, {use: 1.0})))
    return added(*parts)
