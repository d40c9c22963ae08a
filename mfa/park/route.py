"""Routes: what a waste can become, with whom, on which conditions, and who says so."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from mfa.language import tr
from mfa.park.material import Confidence, Evidences
from mfa.park.technology import Limit
from mfa.park.values import Fraction, FrozenDict, Id, Name, Positive, Text, Value


class Requirement(Value):
    """A limit that a standard sets on a route, on a `substance` or a property (`property_`) of the waste itself.

    Bounds as in Limit; with `of: feed` or `product` it bounds what the receiver burns or sells.
    """

    substance: Id | None = None
    property_: Id | None = Field(default=None, alias="property")
    max: float | None = None
    min: float | None = None
    of: Literal["feed", "product", "material"] = "material"
    standard: str | None = None
    clause: str | None = None
    source: str | None = None
    confidence: Confidence | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.substance is None) == (self.property_ is None):
            raise ValueError(tr("a limit names either one substance or one property"))
        if self.max is None and self.min is None:
            raise ValueError(tr("a limit needs max or min"))
        return self

    @property
    def name(self) -> str:
        """The substance or property that is bounded."""
        return self.substance or self.property_ or ""

    def on(self, material: str) -> Limit:
        """Return it as a limit of a technology, for one material."""
        source = ", ".join(part for part in (self.standard, self.clause, self.source) if part)
        return Limit(substance=self.name, max=self.max, min=self.min, of=self.of, source=source or None,
                     material=material if self.of == "material" else None, confidence=self.confidence)  # fmt: skip


class Share(Value):
    """The share of the waste in something that the receiver makes or feeds (`of`), as a standard prints it."""

    of: str
    min: Fraction | None = None
    max: Fraction | None = None


class Incentive(Value):
    """A benefit for using the waste: a refund of value-added tax where it makes up at least `share` of `of`."""

    kind: str
    refund: Fraction | None = None
    share: Fraction | None = None
    of: str | None = None
    item: str | None = None
    source: str | None = None
    confidence: Confidence | None = None


class Route(Value):
    """A use of a waste by a kind of receiver.

    Units: `ratio` tonnes (dry) of `replaces` that one tonne (dry) of the treated waste replaces; `up_to` largest share
    of the need that it may cover; `co2_credit` tCO2e per dry tonne used. `needs` names what must be done to the waste
    first, `treatment` the recipes of the library that do it, in order, `technology` the recipe that takes it then.
    A route is permitted from `from_` `until`, inclusive. `source`, `year` and `confidence` hold for all that
    `evidence` does not name.
    """

    id: Id
    waste: Id
    use: Name = Text()
    receiver: Id
    replaces: Id | None = None
    product: Id | None = None
    ratio: Positive | None = None
    up_to: Fraction | None = None
    share: Share | None = None
    needs: tuple[Id, ...] = ()
    treatment: tuple[Id, ...] = ()
    technology: Id | None = None
    limits: tuple[Requirement, ...] = ()
    incentive: Incentive | None = None
    co2_credit: float | None = None
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
    source: str | None = None
    year: int | None = None
    confidence: Confidence | None = None
    evidence: Evidences = FrozenDict()

    def holds_on(self, day: date) -> bool:
        """Whether the route is permitted on a day."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


class Sector(Value):
    """A kind of firm that receives wastes: its codes and the technologies of the library that it may run.

    Codes: `isic` of ISIC revision 4, `gbt4754` of GB/T 4754-2017.
    """

    id: Id
    name: Name = Text()
    isic: str | None = None
    gbt4754: str | None = None
    technologies: tuple[Id, ...] = ()
    source: str | None = None
    confidence: Confidence | None = None

    def has(self, code: str) -> bool:
        """Whether a sector code of a firm is this one or part of it."""
        return any(code.upper().startswith(mine.upper()) for mine in (self.isic, self.gbt4754) if mine)


class Need(Value):
    """Something that must be done to a waste before a route can take it."""

    id: Id
    name: Name = Text()
