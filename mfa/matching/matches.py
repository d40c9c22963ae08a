"""Matches: who could use a waste and on which conditions, and which kind of firm is missing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from mfa.language import current, tr
from mfa.park.material import Confidence
from mfa.park.statements import mark
from mfa.park.values import DAYS_PER_YEAR, Freeze, FrozenDict, Id, Name, Text, Value
from mfa.step.feeds import say_content

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["met", "binds", "missed", "barred", "unknown"]
Fit = Literal["yes", "unknown", "no"]
REFUSING: frozenset[Status] = frozenset({"missed", "barred"})
"""What becomes of a limit that keeps a waste out."""


class Check(Value):
    """What became of one limit: met however much is taken, binding from some amount on, missed, or not to be told.

    What a date bars says so in `limit`.
    `found` is what the material holds of what is limited, `found_confidence` how sure that is; `source` and
    `confidence` are those of the limit.
    """

    limit: str
    status: Status
    found: float | None = None
    found_confidence: Confidence | None = None
    source: str | None = None
    confidence: Confidence | None = None

    def said(self) -> str:
        """Return the check in a few words, with what the material holds."""
        if self.status == "barred":
            return self.limit
        words = tr(STATUSES[self.status])
        if self.found is None:
            return tr("{limit}: {status}", limit=self.limit, status=words)
        content = say_content(self.found) + mark(self.found_confidence)
        return tr("{limit}: {status}, it holds {content}", limit=self.limit, status=words, content=content)


STATUSES = {
    "met": "kept",
    "binds": "kept up to this amount",
    "missed": "broken",
    "unknown": "cannot be checked",
}
"""What became of a limit → in words."""


def fit_of(checks: tuple[Check, ...]) -> Fit:
    """Return whether all limits are met, one is missed, or one cannot be checked."""
    found = {check.status for check in checks}
    return "no" if found & REFUSING else "unknown" if "unknown" in found else "yes"


class Match(Value):
    """A possible user of a waste.

    Units: `amount` dry t (or GJ) of the waste a day, None where neither supply nor need bound it; `distance` km, None
    where a place is unknown; `benefit` CNY a day: what need not be bought and disposed of, less transport and
    treatment. `arrives_as` is what comes out of `treatment`; `needs` what else must be done. `source` and `confidence`
    are those of the acceptance or the route; `price_confidence` that of the least sure price in `benefit`.
    """

    firm: Id
    material: Id
    where: Literal["inside", "region"]
    user: Id
    line: str = ""
    technology: str = ""
    route: str = ""
    use: Name = Text()
    arrives_as: Id
    treatment: tuple[Id, ...] = ()
    needs: tuple[Id, ...] = ()
    replaces: str = ""
    ratio: float | None = None
    linked: bool = False
    fits: Fit
    checks: tuple[Check, ...] = ()
    amount: float | None = None
    bounded_by: str = ""
    distance: float | None = None
    benefit: float | None = None
    price_confidence: Confidence | None = None
    source: str | None = None
    confidence: Confidence | None = None


class Recruit(Value):
    """A kind of firm that is missing in a park: what it would use beyond what the firms that are there could take.

    Units: `wastes` dry t (or GJ, as `measure` says) a day of each waste whose limits are met, `unchecked` of those
    that cannot be checked, `counted` of `wastes` that count for utilisation, and `gain` what that adds to the rate of
    the park (None where it generates nothing that counts); `capacity` units of its main product a day that this
    takes (None where the library has no recipe). `present` says that one is there already, and full; `is_largest`
    that a plant of a usual size takes no more of what is left.
    """

    park: str = ""
    technology: str = ""
    sector: str = ""
    present: bool = False
    use: Name = Text()
    wastes: Annotated[FrozenDict[str, float], Freeze] = FrozenDict()
    unchecked: Annotated[FrozenDict[str, float], Freeze] = FrozenDict()
    treatments: tuple[Id, ...] = ()
    capacity: float | None = None
    unit: str = "t"
    measure: str = "t"
    is_largest: bool = False
    counted: float = 0.0
    gain: float | None = None
    checks: tuple[Check, ...] = ()
    routes: tuple[Id, ...] = ()
    source: str | None = None
    confidence: Confidence | None = None

    @property
    def amount(self) -> float:
        """Dry t (or GJ) a day of all wastes whose limits are met."""
        return sum(amount for _, amount in sorted(self.wastes.items()))


class Matches(Value):
    """What the matchmaker found.

    `found` lists users by firm and material, best first; `recruits` the missing kinds of firm, by what they would
    add to utilisation; `unused` is what each (firm, material) makes and nobody uses today, t (or GJ) a day; `left`
    what of it the firms that are there could not take either; `full` names those that could take a waste if their
    need were not covered today; `assumptions` says in sentences what was taken for what.
    """

    found: tuple[Match, ...] = ()
    recruits: tuple[Recruit, ...] = ()
    unused: Annotated[FrozenDict[tuple[str, str], float], Freeze] = FrozenDict()
    left: Annotated[FrozenDict[tuple[str, str], float], Freeze] = FrozenDict()
    full: Annotated[FrozenDict[tuple[str, str], tuple[Id, ...]], Freeze] = FrozenDict()
    assumptions: tuple[str, ...] = ()

    @cached_property
    def users(self) -> pd.DataFrame:
        """One row a possible user: firm, material, rank, where, user, …; amounts and money per year."""
        rows, ranks = [], dict[tuple[str, str], int]()
        for found in self.found:
            pair = (found.firm, found.material)
            ranks[pair] = ranks.get(pair, 0) + 1
            rows.append(_user_row(found, ranks[pair]))
        return _frame(USER_COLUMNS, rows)

    @cached_property
    def missing(self) -> pd.DataFrame:
        """One row a kind of firm that is missing: park, rank, technology, sector, wastes, tonnes_per_yr, …."""
        rows, ranks = [], dict[str, int]()
        for recruit in self.recruits:
            ranks[recruit.park] = ranks.get(recruit.park, 0) + 1
            rows.append(_recruit_row(recruit, ranks[recruit.park]))
        return _frame(RECRUIT_COLUMNS, rows)


USER_COLUMNS = [
    "firm", "material", "rank", "where", "user", "line", "technology", "route", "use", "treatment", "needs",
    "arrives_as", "replaces", "ratio", "linked", "fits", "limits", "amount_per_yr", "bounded_by", "distance_km",
    "benefit_cny_per_yr", "price_confidence", "source", "confidence",
]  # fmt: skip

RECRUIT_COLUMNS = [
    "park", "rank", "technology", "sector", "present", "use", "wastes", "amount_per_yr", "measure", "counted_t_per_yr",
    "utilisation_gain", "unchecked_per_yr", "treatments", "capacity_per_yr", "unit", "is_largest", "limits", "routes",
    "source", "confidence",
]  # fmt: skip


def _user_row(found: Match, rank: int) -> tuple[Any, ...]:
    return (
        found.firm, found.material, rank, found.where, found.user, found.line, found.technology, found.route,
        found.use.in_language(current.get()), ", ".join(found.treatment), ", ".join(found.needs), found.arrives_as,
        found.replaces, found.ratio, found.linked, found.fits, "; ".join(check.said() for check in found.checks),
        yearly(found.amount), found.bounded_by, found.distance, yearly(found.benefit), found.price_confidence,
        found.source, found.confidence,
    )  # fmt: skip


def _recruit_row(recruit: Recruit, rank: int) -> tuple[Any, ...]:
    return (
        recruit.park, rank, recruit.technology, recruit.sector, recruit.present, recruit.use.in_language(current.get()),
        ", ".join([*recruit.wastes, *recruit.unchecked]), yearly(recruit.amount), recruit.measure,
        yearly(recruit.counted), recruit.gain, yearly(sum(recruit.unchecked.values())), ", ".join(recruit.treatments),
        yearly(recruit.capacity), recruit.unit, recruit.is_largest,
        "; ".join(check.said() for check in recruit.checks), ", ".join(recruit.routes), recruit.source,
        recruit.confidence,
    )  # fmt: skip


def yearly(rate: float | None) -> float | None:
    """Return a rate a day as one a year."""
    return None if rate is None else rate * DAYS_PER_YEAR


def _frame(columns: list[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=columns)
