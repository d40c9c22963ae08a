"""The headline results of a run: how much of each rests on unverified numbers, and on which of them most."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from mfa.evidence.tonnes import Rests, Tracing, of_carbon, of_wastes
from mfa.evidence.yuan import of_money
from mfa.indicators.sums import years
from mfa.park.statements import CONFIDENCES, Statement
from mfa.park.values import SMALLEST_FLOW
from mfa.results.results import Results

KINDS = ("substitutions", "technologies", "limits", "materials", "existing links")
"""The order of numbers on which equally much rests: what sets an amount before what permits it."""


@dataclass(frozen=True)
class Weight:
    """A number that nobody has verified, and how much a year rests on it."""

    number: Statement
    amount: float


@dataclass(frozen=True)
class Resting:
    """What a result rests on, a year: of `amount`, what rests on at least one unverified number, and what on none.

    `result` is the name of an indicator, `unit` that of all amounts: t, t CO2 or CNY a year. A rate is told in the
    tonnes that it counts, CO2 and money by magnitude (what is saved and what is spent, not their difference).
    `verified` rests on numbers found or derived and on no other, `own` on the scenario's own values alone. `weights`
    lists the unverified numbers, the heaviest first.
    """

    result: str
    unit: str
    unverified: float
    verified: float
    own: float
    weights: tuple[Weight, ...]

    @property
    def amount(self) -> float:
        """The whole."""
        return self.unverified + self.verified + self.own

    def share(self, amount: float) -> float:
        """Return an amount as a share of the whole."""
        return amount / self.amount


def rest_of(results: Results) -> tuple[Resting, ...]:
    """Return what each headline result of a run rests on; a result of nothing is left out.

    Waste generated, used and disposed of, the utilisation, avoided CO2 and net benefit. A tonne rests on the release
    that made it, on the recipe of each treatment it went through, and where it is used on ratio and share, on the need
    that it covers, and on the limits of that line with all contents that they read. Money rests on prices, moisture,
    costs and the recipes that are paid for. Not followed: what a line's activity rests on, and what kept a tonne from
    another use.
    """
    tracing = Tracing(results)
    wastes = of_wastes(tracing)
    tonnes = {name: ("t/yr", rests) for name, rests in wastes.items()}
    rest = tonnes | {"co2_avoided": ("t/yr", of_carbon(tracing)), "net_benefit": ("CNY/yr", of_money(tracing))}
    smallest = SMALLEST_FLOW * results.days
    return tuple(
        _resting(name, unit, rests, years(results))
        for name, (unit, rests) in rest.items()
        if sum(rests.values()) > smallest
    )


def _resting(name: str, unit: str, rests: Rests, over: float) -> Resting:
    weights: dict[Statement, float] = defaultdict(float)
    unverified = verified = own = 0.0
    for stated, amount in sorted(rests.items(), key=lambda item: sorted(number.name for number in item[0])):
        doubtful = [number for number in stated if not number.is_verified]
        for number in doubtful:
            weights[number] += amount / over
        if doubtful:
            unverified += amount / over
        elif stated:
            verified += amount / over
        else:
            own += amount / over
    found = tuple(Weight(number, amount) for number, amount in sorted(weights.items(), key=_order))
    return Resting(name, unit, unverified, verified, own, found)


def _order(weight: tuple[Statement, float]) -> tuple[float, int, int, str]:
    number, amount = weight
    return -round(amount, 6), CONFIDENCES.index(number.confidence), KINDS.index(number.kind), number.name
