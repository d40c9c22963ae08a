"""What is proposed and why, and what was considered and left out."""

from __future__ import annotations

from collections import Counter

from mfa.park.plan import Plan, PlannedLine, PlannedLink, Refusal
from mfa.park.statements import mark, of_technology
from mfa.park.values import DAYS_PER_YEAR
from mfa.views.charts import CODES
from mfa.views.report.document import Cell, Paragraph, Part, Section, Table
from mfa.views.report.story import Story
from mfa.views.wording import NOTHING, brief, number, readable

MOST_LINKS = 60
MOST_OF_A_KIND = 8
"""Candidates shown for each reason."""


def proposal(story: Story, plan: Plan) -> Section:
    """Return the section on the suggested links and plants."""
    parts: list[Part] = [
        *story.picture("map", "What the links would carry; arrow widths are to scale within mass, water and energy."),
        *_links(story, plan),
        *_plants(story, plan),
    ]
    return Section("proposal", story.say("What is proposed, and why"), parts)


def _links(story: Story, plan: Plan) -> list[Part]:
    new = [planned for planned in plan.planned_links if planned.link.status != "existing"]
    if not new:
        return [Paragraph(story.say("No new link would bring more."))]
    order = sorted(new, key=lambda planned: (-planned.flow, planned.link.id))
    headings = ("link", "flow", "distance", "benefit", "CO₂ avoided", "why, and what limits it")
    caption = story.say("Suggested links: {number}", number=len(new))
    table = Table([story.say(heading) for heading in headings], [_link(story, p) for p in order[:MOST_LINKS]],
                  frozenset({1, 2, 3, 4}), caption)  # fmt: skip
    note = (
        "Flows are dry. The benefit of a link is what it saves in purchases and disposal, less transport and the yearly"
        " share of its set-up cost; it is not split between the firms."
    )
    star = story.say("* rests on a number from memory, assumed or made up")
    notes = [Paragraph(story.say(note), soft=True), Paragraph(star, soft=True)]
    return [table, *_more(story, len(new) - MOST_LINKS, "plan_links"), *notes]


def _link(story: Story, planned: PlannedLink) -> list[Cell | str]:
    link, limits = planned.link, story.teller.tell(planned.limited_by)
    return [
        Cell(story.route(link.from_, link.to), remark=story.names.material(link.material)),
        story.rate(planned.flow * DAYS_PER_YEAR, story.unit(link.material)),
        f"{number(planned.distance)} km" if planned.distance else NOTHING,
        story.rate(planned.benefit, "CNY") + mark(planned.benefit_confidence),
        story.rate(planned.co2_avoided, "t") + mark(planned.co2_confidence) if planned.co2_avoided else NOTHING,
        Cell(story.teller.tell(planned.why), remark=limits),
    ]


def _more(story: Story, left: int, table: str) -> list[Paragraph]:
    if left <= 0:
        return []
    return [Paragraph(story.say("{number} more are in {file}.", number=left, file=f"tables/{table}.csv"), soft=True)]


def _plants(story: Story, plan: Plan) -> list[Part]:
    new = [line for line in plan.planned_lines if line.new]
    if not new:
        return []
    headings = ("plant", "firm", "makes", "treats", "capital")
    caption = story.say("Suggested plants: {number}", number=len(new))
    return [Table([story.say(heading) for heading in headings], [_plant(story, line) for line in new],
                  frozenset({4}), caption)]  # fmt: skip


def _plant(story: Story, line: PlannedLine) -> list[str]:
    technology = story.last.scenario.park.technologies[line.runs]
    fed = [f"{story.names.material(use.material)} {story.rate(use.amount * DAYS_PER_YEAR, story.unit(use.material))}"
           for use in line.mix]  # fmt: skip
    made = story.rate(line.activity * DAYS_PER_YEAR, story.unit(technology.product))
    costs = [of_technology(technology, "capex")] if technology.capex else []
    costs += [of_technology(technology, "set_up")] if technology.set_up else []
    unsure = mark(*(one.confidence for one in costs))
    capital = technology.set_up + technology.capex * line.activity
    return [
        story.names.technology(line.runs),
        story.names.node(line.firm),
        f"{story.names.material(technology.product)} {made}",
        "; ".join(fed),
        brief(capital, "CNY", story.language) + unsure if capital else story.say("not stated"),
    ]


def left_out(story: Story, plan: Plan) -> Section:
    """Return the section on the candidates that are not in the plan."""
    counts = Counter(refusal.code for refusal in plan.refusals)
    headings = [story.say(heading) for heading in ("link", "material", "distance", "why not")]
    parts: list[Part] = [
        Paragraph(story.say("{number} candidates were considered and left out.", number=len(plan.refusals))),
        *story.picture("reasons"),
    ]
    for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        shown = _of_kind(plan, code)[:MOST_OF_A_KIND]
        caption = f"{story.say(CODES.get(code, readable(code)))}: {_share(story, len(shown), count)}"
        parts.append(Table(headings, [_refusal(story, refusal) for refusal in shown], frozenset({2}), caption))
    return Section("left-out", story.say("What was left out, and why"), parts)


def _share(story: Story, shown: int, count: int) -> str:
    return str(count) if shown == count else story.say("{shown} of {all}", shown=shown, all=count)


def _of_kind(plan: Plan, code: str) -> list[Refusal]:
    return sorted((r for r in plan.refusals if r.code == code), key=lambda r: (r.source, r.target, r.material))


def _refusal(story: Story, refusal: Refusal) -> list[str]:
    return [
        story.route(refusal.source, refusal.target),
        story.names.material(refusal.material),
        f"{number(refusal.distance)} km" if refusal.distance else NOTHING,
        story.teller.tell(refusal.reason),
    ]
