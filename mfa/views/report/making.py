"""How a report was made, and what to keep in mind: warnings, what was changed, and what was not acted on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mfa.views.measures import objective_title, written
from mfa.views.report.document import Bullets, Paragraph, Part, Section, Table
from mfa.views.report.story import Story
from mfa.views.wording import listed


def notes(story: Story) -> list[Section]:
    """Return warnings, what was changed and what was read but not acted on; nothing where there is nothing to say."""
    told, loop = story.teller.tell, story.loop
    groups = {
        "In the input": loop.notes.warnings,
        "In the simulation of today": story.before.warnings,
        "In the simulation with the plan": story.after.warnings if story.after else (),
        "Read, but not acted on yet": loop.notes.unacted,
    }
    parts: list[Part] = []
    for heading, sentences in groups.items():
        if sentences:
            parts += [Paragraph(story.say(heading)), Bullets([told(sentence) for sentence in sentences])]
    if loop.notes.changes:
        parts += [Paragraph(story.say("Values changed for this run")), Bullets(loop.notes.changes)]
    return [Section("notes", story.say("What to keep in mind"), parts)] if parts else []


def making(story: Story) -> Section:
    """Return how the report was made: versions, seed, solver, status, gap, hash."""
    scenario = story.before.scenario
    span = f"{scenario.time.start} – {scenario.time.end}, {written(scenario.time.step * 24, 'h', story.language)}"
    rows = [
        ["mfa-toolkit", str(story.manifest.get("mfa", ""))],
        [story.say("time and step"), span],
        [story.say("seed"), str(scenario.seed)],
        *_solve(story),
        [story.say("largest error of the balance recount"), f"{story.last.worst_imbalance:.1e}"],
        [story.say("hash of the input"), str(story.manifest.get("input_sha256", ""))],
        *_machine(story.manifest.get("machine", {})),
    ]
    table = Table([story.say("what"), story.say("value")], [row for row in rows if row[1]])
    return Section("making", story.say("How this was made"), [table])


def _solve(story: Story) -> list[list[str]]:
    plan = story.loop.plan
    if plan is None:
        return []
    objectives = [
        f"{objective_title(name, story.language)}: {written(value, plan.units.get(name, ''), story.language)}"
        for name, value in plan.objectives.items()
    ]
    return [
        [story.say("solver"), plan.solver],
        [story.say("status of the plan"), story.say(STATUS.get(plan.status, plan.status))],
        [story.say("objectives, in order"), listed(objectives, story.language)],
        [story.say("proven bound of the first"), written(plan.bound, "", story.language)],
        [story.say("relative gap"), "" if plan.gap is None else f"{plan.gap:.2g}"],
        [story.say("seconds for the plan"), f"{plan.seconds:.2f}"],
    ]


STATUS = {
    "optimal": "proven best",
    "feasible": "best so far, not proven best",
    "infeasible": "nothing satisfies what is asked",
    "unbounded": "nothing bounds the objective",
    "no_plan_found": "no plan found in time",
    "failed": "the solver failed",
}
"""Status of a plan → what it means."""


def _machine(machine: Mapping[str, Any]) -> Iterator[list[str]]:
    if machine:
        yield ["Python", f"{machine.get('python', '')}, {machine.get('system', '')}"]
    for name, version in machine.get("libraries", {}).items():
        yield [name, str(version)]
