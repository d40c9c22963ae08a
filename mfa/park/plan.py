"""Plans: what the optimiser proposes, and the park in which it is built."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from mfa.park.firm import Line, Use
from mfa.park.link import Link
from mfa.park.material import Confidence
from mfa.park.park import Park
from mfa.park.values import DAYS_PER_YEAR, Freeze, FrozenDict, Id, Value

if TYPE_CHECKING:
    import pandas as pd

PlanStatus = Literal["optimal", "feasible", "infeasible", "unbounded", "no_plan_found", "failed"]


class PlannedLink(Value):
    """A link in the plan: `flow` dry t or GJ a day delivered; `why` reads as a sentence, `limited_by` names what binds.

    `benefit` CNY a year and `co2_avoided` t a year are what the exchange brings against buying what it replaces;
    `benefit_confidence` and `co2_confidence` are those of the least sure number which each rests on.
    """

    link: Link
    flow: float
    distance: float = 0.0
    benefit: float = 0.0
    co2_avoided: float = 0.0
    benefit_confidence: Confidence | None = None
    co2_confidence: Confidence | None = None
    limited_by: str = ""
    why: str = ""


class PlannedLine(Value):
    """A line in the plan: `activity` units of its main product a day and its mix; `new` for an offered plant."""

    firm: Id
    line: Id
    runs: Id
    activity: float
    mix: tuple[Use, ...] = ()
    new: bool = False


class Refusal(Value):
    """A candidate that is not in the plan, and why: refused before the solve or rejected by it.

    `code` is a short stable word (`limit`, `unknown`, `distance`, `budget`, …), `reason` a sentence.
    """

    source: Id
    target: Id
    material: Id
    replaces: Id | None = None
    stage: Literal["refused", "rejected"] = "refused"
    code: str
    reason: str
    distance: float | None = None


class Plan(Value):
    """What the optimiser proposes, with the proof of how good it is.

    `objective` is the value of the first objective, `objectives` all of them in their units;
    `utilisation` the rate of semantics §9; `bound` the proven bound on the first objective;
    `gap` relative; `unplaced` t a day of waste with nowhere to go.
    """

    status: PlanStatus
    solver: str
    objective: float | None = None
    objectives: Annotated[FrozenDict[str, float], Freeze] = FrozenDict()
    units: Annotated[FrozenDict[str, str], Freeze] = FrozenDict()
    utilisation: float | None = None
    bound: float | None = None
    gap: float | None = None
    seconds: float = 0.0
    unplaced: float = 0.0
    capital: float = 0.0
    message: str = ""
    planned_links: tuple[PlannedLink, ...] = ()
    planned_lines: tuple[PlannedLine, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @cached_property
    def links(self) -> pd.DataFrame:
        """One row a link with a planned flow: link, source, target, material, status, promised_per_yr, …, why."""
        return _frame(LINK_COLUMNS, [_link_row(planned) for planned in self.planned_links])

    @cached_property
    def mix(self) -> pd.DataFrame:
        """One row a planned use: firm, line, material, replaces, per_day, per_yr."""
        rows = [
            (line.firm, line.line, use.material, use.replaces, use.amount, use.amount * DAYS_PER_YEAR)
            for line in self.planned_lines
            for use in line.mix
        ]
        return _frame(["firm", "line", "material", "replaces", "per_day", "per_yr"], rows)

    @cached_property
    def rejected(self) -> pd.DataFrame:
        """One row a candidate that is not in the plan: source, target, material, replaces, stage, code, reason, …."""
        rows = [
            (r.source, r.target, r.material, r.replaces, r.stage, r.code, r.reason, r.distance) for r in self.refusals
        ]
        return _frame(["source", "target", "material", "replaces", "stage", "code", "reason", "distance_km"], rows)


LINK_COLUMNS = [
    "link", "source", "target", "material", "status", "distance_km",
    "promised_per_yr", "benefit_cny_per_yr", "benefit_confidence", "co2_avoided_t_per_yr",
    "co2_confidence", "limited_by", "why",
]  # fmt: skip


def _link_row(planned: PlannedLink) -> tuple[Any, ...]:
    link = planned.link
    return (
        link.id, link.from_, link.to, link.material, link.status, planned.distance,
        planned.flow * DAYS_PER_YEAR, planned.benefit, planned.benefit_confidence, planned.co2_avoided,
        planned.co2_confidence, planned.limited_by, planned.why,
    )  # fmt: skip


def _frame(columns: list[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=columns)


def build(park: Park, plan: Plan) -> Park:
    """Return the park in which the plan stands: existing and new links with planned flows, lines with their mix.

    Every existing link stays; one without a planned flow is planned at 0.

    Raises:
        ValueError: the plan has no solution.
    """
    if plan.status not in ("optimal", "feasible"):
        raise ValueError(f"the plan has no solution (status {plan.status}); there is nothing to build")
    planned = {p.link.id: p for p in plan.planned_links}
    links = [link.replace(planned=planned[link.id].flow if link.id in planned else 0.0)
             for link in park.links if link.status != "candidate"]  # fmt: skip
    kept = {link.id for link in links}
    links += [p.link.replace(planned=p.flow, status="suggested") for p in plan.planned_links if p.link.id not in kept]
    firms = {key: firm.replace(lines=_lines_of(park, plan, key, firm.lines)) for key, firm in park.firms.items()}
    return park.replace(firms=firms, links=tuple(links))


def _lines_of(park: Park, plan: Plan, firm: str, lines: FrozenDict[str, Line]) -> dict[str, Line]:
    result = dict(lines)
    for planned in plan.planned_lines:
        if planned.firm != firm:
            continue
        if planned.new:
            ready = park.technologies[planned.runs].build_time
            result[planned.line] = Line(id=planned.line, runs=planned.runs, capacity=planned.activity,
                                        planned=planned.activity, mix=planned.mix, ready=ready,
                                        status="suggested")  # fmt: skip
        else:
            result[planned.line] = result[planned.line].replace(planned=planned.activity, mix=planned.mix)
    return result


def without_plan(park: Park) -> Park:
    """Return the park with the plan that it follows taken back; what was built for it stays."""
    firms = {
        key: firm.replace(lines={name: line.replace(planned=None, mix=None) for name, line in firm.lines.items()})
        for key, firm in park.firms.items()
    }
    return park.replace(firms=firms, links=tuple(link.replace(planned=None) for link in park.links))
