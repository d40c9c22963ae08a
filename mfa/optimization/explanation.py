"""Why a link is in the plan and what limits it, and why a candidate is not (design §7)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mfa.language import tr
from mfa.optimization.outcome import Outcome
from mfa.optimization.problem import Problem
from mfa.park.material import Confidence
from mfa.park.plan import PlannedLink, Refusal
from mfa.park.statements import Statement, least_sure, mark, of_acceptance, of_material, of_technology
from mfa.park.technology import Acceptance, Technology
from mfa.park.values import DAYS_PER_YEAR, SMALLEST_FLOW
from mfa.step.arrays import tally
from mfa.step.feeds import describe

TIGHT = 1e-6
"""A bound binds when what is left of it is less than this share."""


def explain_links(problem: Problem, outcome: Outcome) -> tuple[PlannedLink, ...]:
    """Return every link with a planned flow, with what it brings a year and what limits it."""
    planned = []
    for k, link in enumerate(problem.arrays.links.links):
        flow = float(outcome.flow[k])
        if flow <= 0:
            continue
        benefit, carbon = _brings(problem, outcome, k)
        limits, sure = list(_limits(problem, outcome, k)), _confidences(problem, outcome, k)
        planned.append(
            PlannedLink(
                link=link, flow=flow, distance=float(problem.arrays.links.distance[k]), benefit=benefit,
                benefit_confidence=sure[0], co2_avoided=carbon, co2_confidence=sure[1], limited_by="; ".join(limits),
                why=_why(problem, outcome, k),
            )
        )  # fmt: skip
    return tuple(planned)


def explain_rejected(problem: Problem, outcome: Outcome) -> tuple[Refusal, ...]:
    """Return every candidate link that the plan leaves closed, with the reason."""
    links = problem.arrays.links
    closed = [k for k in problem.new_links if outcome.flow[k] <= 0]
    refusals = []
    for k in closed:
        link = links.links[k]
        code, reason = _rejection(problem, outcome, k)
        refusals.append(
            Refusal(source=link.from_, target=link.to, material=link.material, stage="rejected", code=code,
                    reason=reason, distance=float(links.distance[k]))
        )  # fmt: skip
    return tuple(refusals)


def _uses_at(problem: Problem, pile: int) -> list[int]:
    return np.flatnonzero(problem.arrays.uses.pile == pile).tolist()


def _replaced(problem: Problem, outcome: Outcome, k: int) -> dict[str, float]:
    """Return what one tonne over link k replaces at its target: input → tonnes, by the target's planned mix."""
    arrays, pile = problem.arrays, int(problem.arrays.links.target[k])
    total = float(outcome.used[pile])
    replaced: dict[str, float] = {}
    for e in _uses_at(problem, pile):
        if total > 0 and outcome.use[e] > 0:
            name = arrays.inputs.material[arrays.uses.input[e]]
            replaced[name] = replaced.get(name, 0.0) + float(arrays.uses.ratio[e] * outcome.use[e]) / total
    return replaced


def _brings(problem: Problem, outcome: Outcome, k: int) -> tuple[float, float]:
    """Return the annual benefit (CNY) and avoided CO2 (t) of a link over buying and disposing."""
    park, links, link = problem.park, problem.arrays.links, problem.arrays.links.links[k]
    tonnes = float(outcome.flow[k]) * DAYS_PER_YEAR
    saved = 0.0
    for name, ratio in _replaced(problem, outcome, k).items():
        material = park.materials[name]
        saved += ratio * (material.price or 0.0) * material.as_received
    fees = [o.cost for o in problem.outlets if o.pile == links.source[k]]
    moved = (link.transport.per_t + link.transport.per_t_km * float(links.distance[k])) * float(problem.wet[k])
    per_tonne = saved + (min(fees) if fees else 0.0) - moved
    annuity = link.set_up * problem.scenario.finance.annuity if link.status == "candidate" else 0.0
    return per_tonne * tonnes - annuity, _carbon(problem, outcome, k) * tonnes


def _carbon(problem: Problem, outcome: Outcome, k: int) -> float:
    arrays, pile = problem.arrays, int(problem.arrays.links.target[k])
    total, avoided = float(outcome.used[pile]), 0.0
    for e in _uses_at(problem, pile):
        factors = arrays.lines.technology[arrays.uses.line[e]].emits_per
        replaced = factors.get(arrays.inputs.material[arrays.uses.input[e]], {}).get("co2", 0.0)
        brought = factors.get(arrays.uses.material[e], {}).get("co2", 0.0)
        if total > 0:
            avoided += (float(arrays.uses.ratio[e]) * replaced - brought) * float(outcome.use[e]) / total
    return avoided


def _acceptances(problem: Problem, outcome: Outcome, k: int) -> Iterator[tuple[Technology, Acceptance]]:
    """Yield by what the target of a link takes its material in the place of an input."""
    arrays = problem.arrays
    for e in _uses_at(problem, int(arrays.links.target[k])):
        technology = arrays.lines.technology[arrays.uses.line[e]]
        what = arrays.uses.material[e], arrays.inputs.material[arrays.uses.input[e]]
        if outcome.use[e] > 0:
            yield from ((technology, a) for a in technology.accepts if (a.material, a.replaces) == what)


def _confidences(problem: Problem, outcome: Outcome, k: int) -> tuple[Confidence | None, Confidence | None]:
    """Return how sure the least sure number is which the benefit of a link rests on, and which its CO2 rests on."""
    money: list[Statement] = []
    carbon: list[Statement] = []
    for technology, acceptance in _acceptances(problem, outcome, k):
        replaced, ratio = problem.park.materials[acceptance.replaces], of_acceptance(technology, acceptance)
        factors = {acceptance.material, acceptance.replaces} & technology.emits_per.keys()
        money += [ratio, *(of_material(replaced, field) for field in ("price", "moisture") if getattr(replaced, field))]
        carbon += [ratio, *(of_technology(technology, f"emits_per.{name}") for name in sorted(factors))]
    return least_sure(one.confidence for one in money), least_sure(one.confidence for one in carbon)


def _why(problem: Problem, outcome: Outcome, k: int) -> str:
    link = problem.arrays.links.links[k]
    replaced = _replaced(problem, outcome, k)
    tonnes = outcome.flow[k] * DAYS_PER_YEAR
    unit = problem.park.materials[link.material].unit
    if not replaced:
        return tr("{what} a year go to {target}, which needs it", what=f"{tonnes:,.0f} {unit}", target=link.to)
    unsure = mark(*(acceptance.confidence for _, acceptance in _acceptances(problem, outcome, k)))
    what = ", ".join(f"{ratio * tonnes:,.0f} {unit}{unsure} {name}" for name, ratio in sorted(replaced.items()))
    return tr("replaces {what} a year at {target}", what=what, target=link.to)


def _left_at_source(problem: Problem, outcome: Outcome, k: int) -> bool:
    pile = int(problem.arrays.links.source[k])
    if not problem.arrays.piles.is_firm[pile]:
        return True
    left = outcome.made[pile] - outcome.used[pile] + outcome.inflow[pile] - outcome.outflow[pile]
    return bool(left > TIGHT * max(1.0, outcome.made[pile]))


def _limits(problem: Problem, outcome: Outcome, k: int) -> Iterator[str]:
    """Yield what keeps the flow of a link from being larger."""
    links, link = problem.arrays.links, problem.arrays.links.links[k]
    if outcome.flow[k] >= links.at_most[k] * (1 - TIGHT):
        yield tr("the link's capacity")
    if not _left_at_source(problem, outcome, k):
        yield tr("supply: all {material} of {source} is used", material=link.material, source=link.from_)
    if not _room_at_target(problem, outcome, k):
        yield tr("need: {target} can take no more {material}", target=link.to, material=link.material)
    yield from _binding_limits(problem, outcome, k)


def _room_at_target(problem: Problem, outcome: Outcome, k: int) -> bool:
    """Whether some line at the target could take more of the material by need and share cap."""
    arrays, pile = problem.arrays, int(problem.arrays.links.target[k])
    if not arrays.piles.is_firm[pile]:
        return bool(outcome.inflow[pile] < arrays.piles.quota[pile] * (1 - TIGHT))
    covered = tally(arrays.uses.input, outcome.use * arrays.uses.ratio, len(arrays.inputs.pile)) + outcome.direct
    need = arrays.inputs.per_activity * outcome.activity[arrays.inputs.line]
    for e in _uses_at(problem, pile):
        j = arrays.uses.input[e]
        most = arrays.uses.up_to[e] * need[j]
        if outcome.use[e] * arrays.uses.ratio[e] < most * (1 - TIGHT) and covered[j] < need[j] * (1 - TIGHT):
            return True
    waiting = (arrays.inputs.pile == pile) & (outcome.activity < problem.highest * (1 - TIGHT))[arrays.inputs.line]
    return bool(waiting.any())


def _binding_limits(problem: Problem, outcome: Outcome, k: int) -> Iterator[str]:
    """Yield the limits that more of the material would break."""
    arrays, pile = problem.arrays, int(problem.arrays.links.target[k])
    for row in _tight_rows(problem, outcome):
        line = int(arrays.rows.line[row])
        for e in _uses_at(problem, pile):
            if arrays.uses.line[e] == line and _worsens(problem, row, e):
                limit = _limit_of(problem, row)
                yield tr("limit at {firm}: {limit}", firm=arrays.lines.keys[line][0], limit=limit)
                break


def _tight_rows(problem: Problem, outcome: Outcome) -> list[int]:
    rows, arrays = problem.arrays.rows, problem.arrays
    count = len(rows.line)
    covered = tally(arrays.uses.input, outcome.use * arrays.uses.ratio, len(arrays.inputs.pile))
    rest = arrays.inputs.per_activity * outcome.activity[arrays.inputs.line] - covered
    parts = tally(rows.use_row, rows.use_weight * outcome.use[rows.use], count)
    parts += tally(rows.input_row, rows.input_weight * rest[rows.input], count)
    held = rows.of_activity * outcome.activity[rows.line]
    size = tally(rows.use_row, np.abs(rows.use_weight) * outcome.use[rows.use], count)
    size += tally(rows.input_row, np.abs(rows.input_weight * rest[rows.input]), count) + np.abs(held)
    return np.flatnonzero((parts + held >= -TIGHT * size) & (size > 0)).tolist()


def _worsens(problem: Problem, row: int, e: int) -> bool:
    """Whether one more tonne through substitute e uses up a limit row."""
    rows, arrays = problem.arrays.rows, problem.arrays
    of_use = rows.use_weight[(rows.use_row == row) & (rows.use == e)].sum()
    of_input = rows.input_weight[(rows.input_row == row) & (rows.input == arrays.uses.input[e])].sum()
    return bool(of_use - arrays.uses.ratio[e] * of_input > 0)


def _limit_of(problem: Problem, row: int) -> str:
    arrays = problem.arrays
    line = int(arrays.rows.line[row])
    first = int(np.flatnonzero(arrays.rows.line == line)[0])
    return describe(arrays.feeds[arrays.lines.technology[line].id].rows[row - first].limit)


def _rejection(problem: Problem, outcome: Outcome, k: int) -> tuple[str, str]:
    """Return the code and the sentence of the first thing that keeps a candidate closed."""
    link, wanted = problem.arrays.links.links[k], problem.scenario.optimize.subject_to
    if problem.flow_bound[k] <= SMALLEST_FLOW:
        return "idle", tr("nothing to carry: the source makes none or the target uses none")
    if wanted.within is not None and problem.arrays.links.distance[k] > wanted.within:
        return "distance", tr("{distance:.1f} km away, at most {within:g} km allowed",
                              distance=float(problem.arrays.links.distance[k]), within=wanted.within)  # fmt: skip
    if not _left_at_source(problem, outcome, k):
        return "supply", tr("all {material} of {source} is used better elsewhere", material=link.material,
                            source=link.from_)  # fmt: skip
    if not _room_at_target(problem, outcome, k):
        return "need", tr("{target} already takes all it can", target=link.to)
    binding = list(_binding_limits(problem, outcome, k))
    if binding:
        return "limit", binding[0]
    if wanted.budget is not None and outcome.capital + link.set_up > wanted.budget:
        return "budget", tr("the budget of {budget:,.0f} CNY is spent on better links", budget=wanted.budget)
    if wanted.links is not None or wanted.links_per_firm is not None:
        return "number_of_links", tr("the number of new links is limited and others bring more")
    return "no_gain", tr("it would add nothing to the objective")
