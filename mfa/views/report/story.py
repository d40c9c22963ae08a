"""What every section of a report tells from: the loop, its names, and the figures already drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mfa.language import Language, tr
from mfa.park.plan import Plan
from mfa.results.results import Results
from mfa.views.figures import Loop, titled_runs
from mfa.views.measures import values_of
from mfa.views.report.document import Picture
from mfa.views.retelling import Teller
from mfa.views.wording import Names, brief


@dataclass(frozen=True)
class Story:
    """A loop with everything that telling it in one language needs; `pictures` are by name."""

    loop: Loop
    names: Names
    teller: Teller
    pictures: Mapping[str, Picture]
    manifest: Mapping[str, Any]

    @property
    def language(self) -> Language:
        """The language of the report."""
        return self.names.language

    @property
    def before(self) -> Results:
        """The park as it is."""
        return self.loop.before

    @property
    def after(self) -> Results | None:
        """The park with the plan."""
        return self.loop.after

    @property
    def plan(self) -> Plan | None:
        """The plan, where there is one with a solution."""
        plan = self.loop.plan
        return plan if plan is not None and plan.status in ("optimal", "feasible") else None

    @property
    def last(self) -> Results:
        """The park with the plan, or as it is where there is no plan."""
        return self.loop.after or self.loop.before

    @property
    def runs(self) -> dict[str, Results]:
        """Title → run: the park today and, where there is one, the park with the plan."""
        return titled_runs(self.loop, self.language)

    def say(self, text: str, **values: object) -> str:
        """Return a text in the language of the report."""
        return tr(text, self.language, **values)

    def rate(self, amount: float | None, unit: str) -> str:
        """Write an amount a year."""
        return brief(amount, unit, self.language, per_year=True)

    def route(self, source: str, target: str) -> str:
        """Return `source → target` in names."""
        return f"{self.names.node(source)} → {self.names.node(target)}"

    def unit(self, material: str) -> str:
        """Return the unit of a material."""
        known = self.last.scenario.park.materials.get(material)
        return known.unit if known else "t"

    def picture(self, name: str, caption: str = "", **values: object) -> list[Picture]:
        """Return the figure of that name with its caption, or nothing where it was not drawn."""
        if name not in self.pictures:
            return []
        return [replace(self.pictures[name], caption=self.say(caption, **values) if caption else "")]

    def of(self, results: Results | None, indicator: str) -> float | None:
        """Return the value of an indicator for the whole park."""
        return values_of(results, indicator).get("") if results else None
