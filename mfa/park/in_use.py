"""Products in use in the town around a park: what enters, how long it stays, what is collected and comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from mfa.language import tr
from mfa.park.technology import Amounts
from mfa.park.values import AmountByYear, Fraction, Freeze, FrozenDict, Id, Name, Positive, ShareByYear, Text, Value

Year = TypeVar("Year", int, float)
YearsByYear = Annotated[FrozenDict[int, Positive], Freeze]


class ProductLifetime(Value):
    """How long products stay in use, with the kinds and parameters of `mfa.Lifetime`.

    Units: `mean`, `std`, `scale` years, by the entry year from which they hold; `survival` shares by age from 0.
    """

    kind: Literal["fixed", "normal", "folded_normal", "lognormal", "weibull", "gamma", "logistic", "table"]
    mean: YearsByYear = FrozenDict()
    std: YearsByYear = FrozenDict()
    shape: YearsByYear = FrozenDict()
    scale: YearsByYear = FrozenDict()
    survival: tuple[Fraction, ...] = ()


class ProductInUse(Value):
    """A product in use, and where what is collected of it enters the park.

    Amounts are in `unit` (cars, sets, t …): `inflow` of new products or `stock` by year, straight between the years
    given and growing by `growth` a year after the last; `initial` in stock before, by entry year. `second_life` is
    the lifetime of what comes back, by default `lifetime`.

    Shares, by the year from which they hold: `collection` of what reaches its end of life; `reuse` and `remanufacture`
    of what is collected; `yield` of what is remanufactured. What comes back enters again in the same year.

    `content` t (dry) of each material in one unit: what the source `collected_at` supplies to recyclers; what goes to
    remanufacturers is supplied as `cores` (without them it is remanufactured elsewhere).
    """

    id: Id
    name: Name = Text()
    unit: Name = Text(en="t")
    inflow: AmountByYear = FrozenDict()
    stock: AmountByYear = FrozenDict()
    growth: float = Field(default=0.0, gt=-1)
    initial: AmountByYear = FrozenDict()
    lifetime: ProductLifetime
    second_life: ProductLifetime | None = None
    entry: Literal["end", "middle", "start", "spread"] = "end"
    content: Amounts
    collected_at: Id
    collection: ShareByYear
    reuse: ShareByYear = FrozenDict()
    remanufacture: ShareByYear = FrozenDict()
    yield_: ShareByYear = Field(default=FrozenDict({1: 1.0}), alias="yield")
    cores: Id | None = None

    @model_validator(mode="after")
    def _is_driven(self) -> Self:
        if bool(self.inflow) == bool(self.stock):
            raise ValueError(tr("give either inflow or stock, and not both"))
        return self

    @property
    def mass(self) -> float:
        """Mass of one unit, t (dry)."""
        return sum(amount for _, amount in sorted(self.content.items()))

    @property
    def amounts(self) -> Mapping[int, float]:
        """What drives the account: the inflow, else the stock."""
        return self.inflow or self.stock


def value_in(by_year: Mapping[Year, float], year: Year) -> float:
    """Return the value that holds in a year: the latest given up to then, else the earliest."""
    return by_year[max((first for first in by_year if first <= year), default=min(by_year))]
