"""Schemes of assessment: the indicators of a standard, what they ask for, and how sure we are of each part."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from mfa.language import tr
from mfa.park.material import Confidence
from mfa.park.statements import VERIFIED
from mfa.park.values import Freeze, FrozenDict, Id, Name, Text, Value


class Threshold(Value):
    """What an item asks for, in base units, with an evidence of its own.

    `at_least` and `at_most` bound a value; `reference` is one that values are divided by (`smaller_is_better`: that is
    divided by them); `text` says what no number can. Only a bound whose `confidence` is verified gives a verdict.
    """

    at_least: float | None = None
    at_most: float | None = None
    reference: float | None = None
    smaller_is_better: bool = False
    text: Name = Text()
    source: str | None = None
    confidence: Confidence | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        given = [bound for bound in (self.at_least, self.at_most, self.reference) if bound is not None]
        if len(given) + bool(self.text.en or self.text.zh) != 1:
            raise ValueError(tr("a threshold says one of at_least, at_most, reference or text"))
        return self

    @property
    def value(self) -> float | None:
        """The number that values are held against; None where it is a text."""
        return next((x for x in (self.at_least, self.at_most, self.reference) if x is not None), None)

    @property
    def sign(self) -> str:
        """How a value should stand to the number: ≥, ≤, or = for a reference."""
        return "≥" if self.at_least is not None else "≤" if self.at_most is not None else "="

    @property
    def is_verified(self) -> bool:
        """Whether somebody read it in the source that it names."""
        return self.confidence in VERIFIED

    def is_kept_by(self, value: float) -> bool | None:
        """Whether a value keeps the bound; None where the bound is none, or is not verified: then nobody may say."""
        if not self.is_verified:
            return None
        if self.at_least is not None:
            return value >= self.at_least
        return value <= self.at_most if self.at_most is not None else None


class Item(Value):
    """One indicator of a scheme.

    Its value comes from the indicator `indicator`, or where that gives none (or none is named) from the `statistic` of
    the scenario. It counts as `mandatory`, or as one of the `choose` of its scheme, or is only shown. `unit` is how it
    is written. `source` and `confidence` are those of its name and formula; the threshold has its own.
    """

    id: Id
    name: Name = Text()
    group: Id
    unit: str = "1"
    indicator: Id | None = None
    statistic: Id | None = None
    threshold: Threshold | None = None
    mandatory: bool = False
    choose: Id | None = None
    formula: Name = Text()
    note: Name = Text()
    source: str | None = None
    confidence: Confidence | None = None


class Choice(Value):
    """A set of items of which at `least` so many must keep their thresholds."""

    id: Id
    least: Annotated[int, Field(ge=1)] = 1
    source: str | None = None
    confidence: Confidence | None = None


class Index(Value):
    """A mean of values over their references, × 100."""

    name: Name = Text()
    formula: str = ""
    source: str | None = None
    confidence: Confidence | None = None


class Scheme(Value):
    """A standard or list by which parks are assessed."""

    id: Id
    name: Name = Text()
    standard: str = ""
    year: int | None = None
    groups: Annotated[FrozenDict[str, Name], Freeze] = FrozenDict()
    choices: Annotated[FrozenDict[str, Choice], Freeze] = FrozenDict()
    items: Annotated[FrozenDict[str, Item], Freeze] = FrozenDict()
    index: Index | None = None
    note: Name = Text()
    source: str | None = None
    confidence: Confidence | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for item in self.items.values():
            if item.group not in self.groups:
                raise ValueError(tr("item {item}: there is no group '{name}' in groups", item=item.id, name=item.group))
            if item.choose is not None and item.choose not in self.choices:
                message = "item {item}: there is no choice '{name}' in choices"
                raise ValueError(tr(message, item=item.id, name=item.choose))
        return self


class Factor(Value):
    """A number that indicators need and no park gives: an emission factor, a warming potential; in base units."""

    id: Id
    name: Name = Text()
    value: float
    year: int | None = None
    source: str | None = None
    confidence: Confidence | None = None
