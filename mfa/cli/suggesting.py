"""`mfa suggest`: what the optimiser proposes, and why; also the part of `mfa run` that shows a plan."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mfa.cli.checking import accept
from mfa.cli.terminal import print_heading, print_json, working_on
from mfa.errors import FolderError, InfeasibleError, LimitReached, SolverError
from mfa.language import current, tr
from mfa.park.statements import MARK, mark

if TYPE_CHECKING:
    from mfa.optimization.suggestion import SolverName
    from mfa.park.plan import Plan, PlannedLink, Refusal
    from mfa.park.scenario import Scenario

SHOWN = 8
"""How many rejected candidates the terminal shows."""


def suggest(
    file: Path,
    changes: Mapping[str, str],
    seed: int | None,
    out: Path | None,
    *,
    solver: SolverName | None,
    gap: float | None,
    time_limit: float | None,
    as_json: bool,
) -> None:
    """Print the plan for a scenario, and write the scenario with the plan built in where `out` says so.

    Raises what `judge` raises, after everything has been printed and written.
    """
    if out is not None and out.exists():
        raise FolderError(tr("{path} exists already; choose another name", path=out))
    scenario = accept(file, changes, seed)
    from mfa.experiments.balanced_park import started
    from mfa.optimization import suggest as optimise

    scenario = started(scenario)

    with working_on(tr("looking for the best links")):
        plan = optimise(scenario, solver=solver, gap=gap, time_limit=time_limit)
    if as_json:
        print_json(plan.model_dump(mode="json", by_alias=True))
    else:
        show_plan(scenario, plan)
        show_rejected(scenario, plan)
    if out is not None and plan.objective is not None:
        from mfa.files import write_scenario

        write_scenario(scenario.with_plan(plan), out)
    judge(plan)


def judge(plan: Plan) -> None:
    """Say by an exception how a plan falls short of a proven optimum.

    Raises:
        InfeasibleError: nothing satisfies what is asked, or nothing bounds it.
        SolverError: the solver failed or found nothing in its time.
        LimitReached: a limit ended the search; the best plan so far stands.
    """
    if plan.status in ("infeasible", "unbounded"):
        raise InfeasibleError(tr("no plan: {cause}", cause=plan.message))
    if plan.status in ("no_plan_found", "failed"):
        raise SolverError(tr("{solver} gave no plan: {cause}", solver=plan.solver, cause=plan.message))
    if plan.status == "feasible":
        gap = tr("unknown") if plan.gap is None else f"{plan.gap:.2%}"
        raise LimitReached(tr("a limit was reached: the best plan so far, not proven best (gap {gap})", gap=gap))


def show_plan(scenario: Scenario, plan: Plan, most: int | None = None) -> None:
    """Print the suggested plants and (at most so many) links with what they bring and why, and how good the plan is."""
    if plan.objective is None:
        return
    from mfa.views.measures import objective_title
    from mfa.views.wording import share

    language = current.get()
    new = [planned for planned in plan.planned_links if planned.link.status != "existing"]
    print_heading(tr("Suggested links ({number})", number=len(new)))
    largest = sorted(new, key=lambda planned: (-planned.flow, planned.link.id))[:most]
    shown: list[str] = []
    for number, planned in enumerate(largest, start=1):
        first, *rest = link_lines(scenario, planned)
        shown += [f"{number:>3}. {first}", *(f"     {line}" for line in rest)]
    show_marked(shown)
    if len(largest) < len(new):
        print("     " + tr("… and {number} more in the report", number=len(new) - len(largest)))
    plants = [line for line in plan.planned_lines if line.new]
    if plants:
        print_heading(tr("Suggested plants ({number})", number=len(plants)))
    for plant in plants:
        print(f"  {plant_line(scenario, plant.firm, plant.runs, plant.activity)}")
    print_heading(tr("The plan"))
    print("  " + tr("utilisation promised: {rate}", rate=share(plan.utilisation, language)))
    for name, value in plan.objectives.items():
        print(f"  {objective_title(name, language)}: {amount(value, plan.units.get(name, ''))}")
    proof = tr("proven best") if plan.status == "optimal" else tr("not proven best")
    print("  " + tr("{proof} by {solver} in {seconds:.1f} s", proof=proof, solver=plan.solver, seconds=plan.seconds))


def show_marked(lines: list[str]) -> None:
    """Print lines, and what the mark in them means where one bears it."""
    for line in lines:
        print(line)
    if any(MARK in line for line in lines):
        print("     " + tr("* rests on a number from memory, assumed or made up"))


def amount(value: float | None, unit: str) -> str:
    """Return a value with its unit in words of the current language; links are counted, not measured."""
    from mfa.views.wording import brief, unit_name

    language = current.get()
    if unit == "links" and value is not None:
        return f"{value:.0f} {unit_name(unit, language)}"
    bare, per_year, _ = unit.partition("/yr")
    return brief(value, bare, language, per_year=bool(per_year))


def link_lines(scenario: Scenario, planned: PlannedLink) -> list[str]:
    """Return a suggested link in words: what goes where, why and for what money, what limits it."""
    from mfa.park.values import DAYS_PER_YEAR
    from mfa.views.retelling import teller
    from mfa.views.wording import Names

    link, names = planned.link, Names((scenario,), current.get())
    tell = teller(names).tell
    flow = amount(planned.flow * DAYS_PER_YEAR, f"{scenario.park.materials[link.material].unit}/yr")
    route = f"{names.node(link.from_)} → {names.node(link.to)}"
    money = amount(planned.benefit, "CNY/yr") + mark(planned.benefit_confidence)
    brings = [tell(planned.why), tr("net benefit {money}", money=money)]
    if planned.co2_avoided:
        carbon = amount(planned.co2_avoided, "tCO2e/yr") + mark(planned.co2_confidence)
        brings.append(tr("avoids {carbon}", carbon=carbon))
    lines = [f"{route}: {names.material(link.material)}, {flow}, {amount(planned.distance, 'km')}"]
    lines.append("; ".join(part for part in brings if part))
    if planned.limited_by:
        lines.append(tr("limited by: {limits}", limits=tell(planned.limited_by)))
    return lines


def plant_line(scenario: Scenario, firm: str, technology: str, activity: float) -> str:
    """Return a suggested plant in words."""
    from mfa.park.values import DAYS_PER_YEAR
    from mfa.views.wording import Names

    names = Names((scenario,), current.get())
    made = scenario.park.technologies[technology].product
    return tr(
        "{technology} at {firm}: {amount} of {product}",
        technology=names.technology(technology),
        firm=names.node(firm),
        amount=amount(activity * DAYS_PER_YEAR, f"{scenario.park.materials[made].unit}/yr"),
        product=names.material(made),
    )


def show_rejected(scenario: Scenario, plan: Plan) -> None:
    """Print the first candidates that are not in the plan, each with its reason."""
    if not plan.refusals:
        return
    print_heading(tr("Not in the plan ({number})", number=len(plan.refusals)))
    show_marked([f"  {refusal_line(scenario, refusal)}" for refusal in plan.refusals[:SHOWN]])
    if len(plan.refusals) > SHOWN:
        print("  " + tr("… and {number} more; --json shows all", number=len(plan.refusals) - SHOWN))


def refusal_line(scenario: Scenario, refusal: Refusal) -> str:
    """Return a refused or rejected candidate in words."""
    from mfa.views.retelling import teller
    from mfa.views.wording import Names

    names = Names((scenario,), current.get())
    route = f"{names.node(refusal.source)} → {names.node(refusal.target)}"
    return f"{route}: {names.material(refusal.material)}: {teller(names).tell(refusal.reason)}"
