"""Indicators by name: the extension point `@indicator(name, unit, source)` (design §10)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from mfa.errors import UsageError
from mfa.language import tr
from mfa.results.results import Results


@dataclass(frozen=True)
class Judged:
    """A value beside the threshold that a target or a standard sets, in the same unit."""

    value: float | None
    threshold: float
    at_least: bool = True

    @property
    def passes(self) -> bool | None:
        """Whether the value keeps the threshold; None where there is no value."""
        if self.value is None:
            return None
        return self.value >= self.threshold if self.at_least else self.value <= self.threshold


Value = float | Judged | None
Answer = Value | Mapping[str, Value]
"""One value for the whole park, or values by what they are about; None where it is not defined."""
Compute = Callable[[Results], Answer]
C = TypeVar("C", bound=Compute)


@dataclass(frozen=True)
class Indicator:
    """A named number computed from results; `compute` holds its formula and says it in its docstring."""

    name: str
    unit: str
    source: str
    compute: Compute

    @property
    def meaning(self) -> str:
        """What it means, in one line of the current language: the first line of the docstring of `compute`."""
        return tr((inspect.getdoc(self.compute) or "").partition("\n")[0])

    @property
    def title(self) -> str:
        """Its name as words, in the current language."""
        return tr(self.name.replace("_", " ").replace("co2", "CO2"))


INDICATORS: dict[str, Indicator] = {}
"""Name → indicator, in the order in which they were defined."""


def indicator(name: str, unit: str, source: str) -> Callable[[C], C]:
    """Register a function of `Results` as the indicator `name`.

    Args:
        name: of the indicator, as it stands in tables.
        unit: of its values.
        source: where the formula comes from.

    Raises:
        UsageError: the name is taken.
    """

    def register(compute: C) -> C:
        if name in INDICATORS:
            raise UsageError(tr("there is already an indicator {name}; give this one another name", name=name))
        INDICATORS[name] = Indicator(name, unit, source, compute)
        return compute

    return register
