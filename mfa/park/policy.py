"""Policy instruments and targets of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from mfa.park.values import AmountByYear, Freeze, FrozenDict, Id, ShareByYear, Value

PolicyKind = Literal[
    "tax", "levy", "subsidy", "cap", "target", "carbon_price", "quota", "tariff", "producer_responsibility"
]
When = Literal["generated", "utilised", "disposed", "discharged", "stored"]
ByYear = Annotated[FrozenDict[int, float], Freeze]


class Policy(Value):
    """One instrument, on materials, classes, firms or products in use.

    Units: `rate` CNY per t (dry) by first year in force; `budget` CNY a day; `amount` t a day or tCO2e a day by year;
    `utilisation` fraction by year; `tiers` upper bound (units a day) → CNY per unit. Of `producer_responsibility`, by
    first year in force: targets for the `collection`, `recycling` and `remanufacturing` rates of products in use;
    `fee` CNY per unit put on the market; `penalty` CNY per t that collection falls short of its target.
    """

    kind: PolicyKind
    name: str | None = None
    on: tuple[Id, ...] = ()
    when: When | None = None
    rate: ByYear = FrozenDict()
    budget: float | None = None
    amount: ByYear = FrozenDict()
    utilisation: ByYear = FrozenDict()
    collection: ShareByYear = FrozenDict()
    recycling: ShareByYear = FrozenDict()
    remanufacturing: ShareByYear = FrozenDict()
    fee: AmountByYear = FrozenDict()
    penalty: AmountByYear = FrozenDict()
    tiers: Annotated[FrozenDict[str, float], Freeze] = FrozenDict()
    price: float | None = None
    hard: bool = False
    payer: str | None = None
    payee: str = "government"
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None

    @property
    def acts(self) -> bool:
        """Whether a run acts on it today: taxes, levies, producer responsibility, and targets that are reported."""
        return self.kind in ("tax", "levy", "producer_responsibility") or (self.kind == "target" and not self.hard)

    def rate_in(self, year: int) -> float:
        """Return the rate in force in `year`, CNY/t, else 0."""
        return in_force(self.rate, year) or 0.0


def in_force(by_year: Mapping[int, float], year: int) -> float | None:
    """Return the value in force in a year: that of the latest year given up to then, else None."""
    return max(((first, value) for first, value in by_year.items() if first <= year), default=(0, None))[1]
