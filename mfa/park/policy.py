"""Policy instruments and targets of a scenario."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from mfa.park.values import Freeze, FrozenDict, Id, Value

PolicyKind = Literal["tax", "levy", "subsidy", "cap", "target", "carbon_price", "quota", "tariff"]
When = Literal["generated", "utilised", "disposed", "discharged", "stored"]
ByYear = Annotated[FrozenDict[int, float], Freeze]


class Policy(Value):
    """One instrument, on materials, classes or firms.

    Units: `rate` CNY per t (dry) by first year in force; `budget` CNY a day; `amount` t a day or tCO2e a day by year;
    `utilisation` fraction by year; `tiers` upper bound (units a day) → CNY per unit.
    """

    kind: PolicyKind
    name: str | None = None
    on: tuple[Id, ...] = ()
    when: When | None = None
    rate: ByYear = FrozenDict()
    budget: float | None = None
    amount: ByYear = FrozenDict()
    utilisation: ByYear = FrozenDict()
    tiers: Annotated[FrozenDict[str, float], Freeze] = FrozenDict()
    price: float | None = None
    hard: bool = False
    payer: str | None = None
    payee: str = "government"
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None

    @property
    def acts(self) -> bool:
        """Whether a run acts on it today: taxes and levies, and targets that are only reported."""
        return self.kind in ("tax", "levy") or (self.kind == "target" and not self.hard)

    def rate_in(self, year: int) -> float:
        """Return the rate in force in `year`, CNY/t: that of the latest year given up to then, else 0."""
        years = [first for first in self.rate if first <= year]
        return self.rate[max(years)] if years else 0.0
