"""Technologies: recipes per unit of the main product, and what may replace their inputs."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mfa.language import tr
from mfa.park.material import Confidence, Evidences, Numbers, Ranges
from mfa.park.values import Fraction, Freeze, FrozenDict, Id, Name, NonNegative, Positive, Text, Value

Amounts = Annotated[FrozenDict[str, NonNegative], Freeze]


class Acceptance(Value):
    """What a technology takes instead of one of its inputs (semantics §3).

    `ratio` is tonnes (dry) of the replaced input that one tonne (dry) of the material replaces;
    `up_to` is the largest share of the need it may cover; groups of equal `priority` are served in order.
    """

    material: Id
    replaces: Id
    ratio: Positive = 1.0
    up_to: Fraction = 1.0
    priority: Annotated[int, Field(ge=1)] = 1
    source: str | None = None
    confidence: Confidence | None = None


class Limit(Value):
    """A bound on a substance, or on a weighted sum of substances or properties (semantics §3).

    Bounds are fractions for substances and plain values for properties.
    """

    substance: Id | None = None
    sum: Numbers = FrozenDict()
    max: float | None = None
    min: float | None = None
    of: Literal["feed", "product", "material"] = "feed"
    material: Id | None = None
    source: str | None = None
    confidence: Confidence | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.substance is None) == (not self.sum):
            raise ValueError(tr("a limit names either one substance or a sum"))
        if self.max is None and self.min is None:
            raise ValueError(tr("a limit needs max or min"))
        return self

    @property
    def weights(self) -> dict[str, float]:
        """Substance → weight."""
        return dict(self.sum) if self.substance is None else {self.substance: 1.0}


class Technology(Value):
    """A recipe, in amounts (dry) per unit of the main product.

    Units: `uses`, `releases`, `takes` t or GJ per unit of product; `emits_per` t of gas per t of the
    input actually used; `capex` CNY per (unit of product per day); `set_up` CNY once; `capacity` units
    of product a day (the largest plant on offer); `opex` CNY per unit of product; `build_time` days.
    `at` says where an offered treatment stands: with the sender, the receiver, or a named firm.
    `ranges` says how far numbers vary; `source`, `year` and `confidence` hold for every number that `evidence`
    does not name.
    """

    id: Id
    name: Name = Text()
    kind: Literal["production", "treatment"] = "production"
    product: Id
    uses: Amounts = FrozenDict()
    releases: Amounts = FrozenDict()
    accepts: tuple[Acceptance, ...] = ()
    takes: Amounts = FrozenDict()
    emits_per: Annotated[FrozenDict[str, Amounts], Freeze] = FrozenDict()
    limits: tuple[Limit, ...] = ()
    capex: NonNegative = 0.0
    set_up: NonNegative = 0.0
    capacity: Positive | None = None
    opex: NonNegative = 0.0
    build_time: NonNegative = 0.0
    at: Id = "sender"
    ranges: Ranges = FrozenDict()
    source: str | None = None
    year: int | None = None
    confidence: Confidence | None = None
    evidence: Evidences = FrozenDict()

    @property
    def outputs(self) -> dict[str, float]:
        """Material → amount made per unit of the main product, the main product itself included."""
        made = dict(self.releases)
        made[self.product] = made.get(self.product, 0.0) + 1.0
        return made
