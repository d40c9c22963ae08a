"""Which stated numbers stand behind a release, a treatment, a use and a price.

What a scenario lays down without a source (capacities, links, fees, its own recipes) is the scenario's own and stands
behind everything; it is not named.
"""

from __future__ import annotations

from collections.abc import Iterable

from mfa.indicators.provenance import Path, Step
from mfa.indicators.sums import sum_by
from mfa.language import tr
from mfa.park.contents import Contents
from mfa.park.park import Park
from mfa.park.statements import Statement, of_acceptance, of_content, of_limit, of_material, of_technology
from mfa.park.technology import Acceptance, Limit, Technology
from mfa.results.results import Results

Basis = frozenset[Statement]
"""The stated numbers that an amount rests on."""
NOTHING: Basis = frozenset()


def basis(stated: Iterable[Statement]) -> Basis:
    """Return numbers as a basis; those without a confidence are the scenario's own."""
    return frozenset(statement for statement in stated if statement.confidence)


class Numbers:
    """The stated numbers of a run's park."""

    def __init__(self, results: Results) -> None:
        self._park: Park = results.scenario.park
        self._contents = Contents(self._park)
        self._fed: dict[tuple[str, str], list[str]] = {}
        for firm, line, material in sum_by(results.conversion, ["firm", "line", "material"], "used"):
            self._fed.setdefault((firm, line), []).append(material)
        self._uses: dict[tuple[str, str, str, str], Basis] = {}

    def technology(self, firm: str, line: str) -> Technology:
        """Return what a line runs."""
        return self._park.technologies[self._park.firms[firm].lines[line].runs]

    def of_path(self, path: Path) -> Basis:
        """Return what the tonnes of a path rest on: the release that made them, and the recipe of each treatment."""
        return NOTHING.union(*map(self.of_step, path))

    def of_step(self, step: Step) -> Basis:
        """Return what a line makes of a material by: how much it releases, and what a treatment takes for it."""
        if not step.line:
            return NOTHING
        technology = self.technology(step.node, step.line)
        fields = [f"releases.{step.material}"] if step.material in technology.releases else []
        if technology.kind == "treatment":
            fields += [f"uses.{m}" for m in technology.uses if self._park.materials[m].is_waste]
        return basis(of_technology(technology, field) for field in fields)

    def of_recipe(self, technology: Technology, material: str) -> Basis:
        """Return what a line takes of an input by: its recipe."""
        return basis([of_technology(technology, f"uses.{material}")])

    def of_use(self, firm: str, line: str, acceptance: Acceptance) -> Basis:
        """Return what a line takes of a substitute by: ratio, share, the need that it covers, and what limits read."""
        key = (firm, line, acceptance.material, acceptance.replaces)
        if key not in self._uses:
            technology = self.technology(firm, line)
            found = basis([of_acceptance(technology, acceptance)]) | self.of_recipe(technology, acceptance.replaces)
            if self._park.materials[acceptance.material].is_mass:
                for limit in technology.limits:
                    found |= self._of_limit(firm, line, technology, limit, acceptance.material)
            self._uses[key] = found
        return self._uses[key]

    def _of_limit(self, firm: str, line: str, technology: Technology, limit: Limit, material: str) -> Basis:
        """Return a limit and the contents that it reads: of all that the line used in the run, or of one material."""
        if limit.of == "material":
            read = [material] if limit.material in (None, material) else []
        else:
            fed = [m for m in self._fed.get((firm, line), ()) if m in technology.uses or m in _accepted(technology)]
            read = [m for m in fed if self._park.materials[m].is_mass]
        contents = NOTHING.union(*(self._of_content(m, name) for m in read for name in limit.weights))
        return basis([of_limit(technology, limit)]) | contents if read else NOTHING

    def _of_content(self, material: str, name: str) -> Basis:
        """Return what a content rests on: where it is declared, else the recipe of the material and its inputs."""
        declared = self._park.materials[material]
        if declared.content(name) is not None:
            return basis([of_content(declared, name)])
        if self._contents.of(material, name) is None:
            unknown = tr("unknown, and counted as nothing")
            return frozenset({Statement("materials", (material,), f"composition.{name}", unknown, None, "assumed")})
        maker = next(t for t in self._park.technologies.values() if t.product == material)
        inputs = [m for m in maker.uses if self._park.materials[m].is_mass]
        return basis([of_technology(maker, "")]).union(*(self._of_content(m, name) for m in inputs))

    def of_price(self, material: str) -> Basis:
        """Return what the price of a dry tonne rests on: the price, and the moisture that is paid with it."""
        return basis([of_material(self._park.materials[material], "price")]) | self.of_moisture(material)

    def of_moisture(self, material: str) -> Basis:
        """Return what the water moved with a material rests on; nothing where it is said to be dry."""
        known = self._park.materials[material]
        return basis([of_material(known, "moisture")]) if known.moisture else NOTHING


def _accepted(technology: Technology) -> set[str]:
    return {acceptance.material for acceptance in technology.accepts}
