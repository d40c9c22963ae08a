"""Scenarios: a park, a span of time, and what may change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mfa.errors import UsageError
from mfa.language import tr
from mfa.park.distribution import Distribution
from mfa.park.link import Transport
from mfa.park.measurement import Measurements
from mfa.park.park import Park
from mfa.park.policy import Policy
from mfa.park.statistics import STATISTICS, Figure
from mfa.park.values import DAYS_PER_YEAR, Fraction, Freeze, FrozenDict, Id, Name, NonNegative, Positive, Text, Value

if TYPE_CHECKING:
    from mfa.park.plan import Plan


class Time(Value):
    """The span of a scenario: `start` and `end` inclusive dates; `step` and `warm_up` in days."""

    start: date
    end: date
    step: Positive = 1.0
    warm_up: NonNegative | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end < self.start:
            raise ValueError(tr("end {end} is before start {start}", end=self.end, start=self.start))
        if round(self.step * 24) < 1 or abs(self.step * 24 - round(self.step * 24)) > 1e-9:
            raise ValueError(tr("a step is a whole number of hours, days or weeks, got {step:g} days", step=self.step))
        return self

    @property
    def steps(self) -> int:
        """Number of recorded steps; a last step that does not fit whole is left out."""
        return max(1, int(((self.end - self.start).days + 1) / self.step + 1e-9))

    @property
    def days(self) -> float:
        """Recorded days."""
        return self.steps * self.step

    @property
    def days_by_year(self) -> dict[int, float]:
        """The recorded days of each year; a step belongs to the year in which it begins."""
        days: dict[int, float] = {}
        for step in range(self.steps):
            year = self.date_of(step).year
            days[year] = days.get(year, 0.0) + self.step
        return days

    def date_of(self, step: int) -> date:
        """Return the date on which recorded step `step` begins."""
        return self.start + timedelta(days=step * self.step)


class Finance(Value):
    """How capital becomes annual: `rate` a year, `life` in days."""

    rate: NonNegative = 0.08
    life: Positive = 10 * DAYS_PER_YEAR

    @property
    def annuity(self) -> float:
        """Annual payment per CNY of capital: r ÷ (1 − (1 + r)^−n), 1 ÷ n at rate 0."""
        years = self.life / DAYS_PER_YEAR
        return 1.0 / years if self.rate == 0 else self.rate / (1.0 - (1.0 + self.rate) ** -years)


class LinkDefaults(Value):
    """What a new link is like unless something says otherwise; units as in Link, `detour_factor` as the park's."""

    transport: Transport = Transport()
    detour_factor: Annotated[float, Field(ge=1)] | None = None
    set_up: NonNegative = 0.0
    lead_time: NonNegative = 0.0
    at_most: NonNegative | None = None
    at_least: NonNegative = 0.0
    lot: Positive | None = None
    mode: str | None = None
    price: float = 0.0
    loss: Fraction = 0.0


class Candidates(Value):
    """What the optimiser may add: new links within `within` km, and treatments by technology id.

    With `routes`, technologies also accept what routes of the library bring them.
    """

    generate: bool = True
    within: NonNegative | None = None
    defaults: LinkDefaults = LinkDefaults()
    treatments: tuple[Id, ...] = ()
    routes: bool = False


class Disruption(Value):
    """A firm (or one of its lines) at reduced availability.

    Either dated (`from_` with `until`, inclusive, or `lasts` days; `every` year repeats it) or random
    (`mean_time_between` days, `lasts` a distribution).
    """

    name: str | None = None
    firm: Id
    line: Id | None = None
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
    lasts: Positive | Annotated[FrozenDict[str, float], Freeze] | None = None
    every: Literal["year"] | None = None
    availability: Fraction = 0.0
    mean_time_between: Positive | None = None

    @property
    def acts(self) -> bool:
        """Whether a run acts on it today: dated disruptions do, random breakdowns do not yet."""
        return self.from_ is not None


class SubjectTo(Value):
    """Bounds on a plan: `budget` CNY, `payback` days, numbers of new links, `within` km."""

    budget: NonNegative | None = None
    links_per_firm: Annotated[int, Field(ge=0)] | None = None
    links: Annotated[int, Field(ge=0)] | None = None
    payback: Positive | None = None
    within: NonNegative | None = None


class SolverChoice(Value):
    """Which solver: `auto`, `glpk` or `highs`; `time_limit` in seconds; `gap` relative."""

    name: Literal["auto", "glpk", "highs"] = "auto"
    time_limit: Positive | None = None
    gap: NonNegative = 0.0


class Optimize(Value):
    """What the optimiser seeks: objectives in lexicographic order."""

    objectives: tuple[str, ...] = ("waste_utilisation",)
    frontier: Annotated[FrozenDict[str, Any], Freeze] | None = None
    subject_to: SubjectTo = SubjectTo()
    plan_year: int | None = None
    solver: SolverChoice = SolverChoice()


class Outputs(Value):
    """What a run writes."""

    record: Literal["step", "month", "year"] = "month"
    formats: tuple[Literal["csv", "xlsx", "parquet"], ...] = ("csv", "xlsx")
    figures: tuple[str, ...] = ("map", "sankey", "utilisation", "storage", "products")


Distributions = Annotated[FrozenDict[str, Distribution], Freeze]
"""Path of a number (`park.technologies.kiln.uses.clay`) → what is known of it."""

PlanHandling = Literal["central", "each", "none"]
"""One plan made at the central values and held against every sample; a new plan a sample; or no plan."""


class Uncertainty(Value):
    """What is not known exactly: `values` by path; with `library`, also what the library's `ranges` say of a park.

    Numbers are in base units. The scenario itself holds the central values.
    """

    library: bool = False
    values: Distributions = FrozenDict()


class Sweep(Value):
    """An experiment of many runs: how `samples` are drawn from `vary`, each run `replications` times."""

    method: Literal["latin_hypercube", "random", "grid"] = "latin_hypercube"
    vary: Distributions = FrozenDict()
    samples: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    replications: Annotated[int, Field(ge=1, le=10_000)] = 1
    plan: PlanHandling | None = None


Loose = Annotated[FrozenDict[str, Any], Freeze]


class Scenario(Value):
    """A park over time, with what may disturb it, what may be built, and how it is judged.

    `statistics` holds what no flow tells (`mfa.park.statistics`): one value, or values by year.
    """

    mfa: Literal[1] = 1
    name: Name = Text()
    description: Name = Text()
    park: Park
    time: Time
    seed: Annotated[int, Field(ge=0)] = 0
    currency: str = "CNY"
    finance: Finance = Finance()
    candidates: Candidates = Candidates()
    policies: tuple[Policy, ...] = ()
    disruptions: tuple[Disruption, ...] = ()
    optimize: Optimize = Optimize()
    allocation: Literal["pro_rata", "priority", "nearest", "best_price"] = "pro_rata"
    unknown: Literal["refuse", "allow"] = "refuse"
    uncertainty: Uncertainty = Uncertainty()
    sweep: Sweep | None = None
    measurements: Measurements | None = None
    statistics: Annotated[FrozenDict[str, Figure], Freeze] = FrozenDict()
    outputs: Outputs = Outputs()

    @model_validator(mode="after")
    def _statistics_are_known(self) -> Self:
        unknown = sorted(set(self.statistics) - set(STATISTICS))
        if unknown:
            raise ValueError(tr("unknown statistic '{name}'; mfa list statistics names all", name=unknown[0]))
        return self

    @property
    def id(self) -> str:
        """The scenario's short name for folders and tables: its English name, else the Chinese one."""
        return self.name.in_language("en")

    @property
    def plan_year(self) -> int:
        """The year whose prices and rates a single-period plan uses: by default the last."""
        return self.optimize.plan_year or self.time.end.year

    def with_plan(self, plan: Plan) -> Scenario:
        """Return the scenario in which the plan is built: its links, treatment plants, activities and mixes.

        Raises:
            UsageError: the scenario has measurements, so the plan was made for their balanced year.
        """
        from mfa.park.plan import build

        if self.measurements is not None:
            raise UsageError(tr("the plan was made for the balanced year of the measurements; build it there: "
                                "mfa.base_year(scenario).scenario.with_plan(plan)"))  # fmt: skip
        return self.replace(park=build(self.park, plan))
