"""How far to trust a report: warnings, what was not acted on, where the data come from, and how it was made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mfa.park.park import Park
from mfa.views.measures import written
from mfa.views.report.document import Bullets, Cell, Paragraph, Part, Section, Table
from mfa.views.report.story import Story
from mfa.views.wording import Names, listed

CONFIDENCES = {
    "found": "found in the source",
    "derived": "derived from a source",
    "memory": "from memory, not verified",
    "illustrative": "illustrative",
    "assumed": "assumed",
    "": "nothing stated",
}
"""Confidence of a number → what it means, the surest first."""
UNVERIFIED = ("memory", "assumed")
MOST_NAMES = 6


@dataclass(frozen=True)
class Entry:
    """A number, or all numbers of an entry of the park, with where they come from."""

    kind: str
    name: str
    source: str
    confidence: str


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


def entries(park: Park, names: Names) -> Iterator[Entry]:
    """Yield everything in a park that states a source or a confidence, or should."""
    for key, material in sorted(park.materials.items()):
        yield from _entry("materials", names.material(key), material)
    for key, technology in sorted(park.technologies.items()):
        name = names.technology(key)
        yield from _entry("technologies", name, technology)
        for acceptance in technology.accepts:
            yield from _entry("substitutions", f"{name} ← {names.material(acceptance.material)}", acceptance)
        for limit in technology.limits:
            yield from _entry("limits", name, limit)
    for link in sorted(park.links, key=lambda link: link.id):
        if link.status == "existing":
            yield from _entry("existing links", f"{names.node(link.from_)} → {names.node(link.to)}", link)


def _entry(kind: str, name: str, value: Any) -> Iterator[Entry]:
    """Yield an entry, and each of its numbers that has evidence of its own."""
    yield Entry(kind, name, value.source or "", value.confidence or "")
    for field, evidence in sorted(getattr(value, "evidence", {}).items()):
        yield Entry(kind, f"{name}: {field}", evidence.source, evidence.confidence)


def confidence(story: Story) -> Section:
    """Return how many entries are found, derived or remembered, and the sources as text."""
    found = list(entries(story.before.scenario.park, story.names))
    counts = Counter((entry.kind, entry.confidence) for entry in found)
    kinds = list(dict.fromkeys(entry.kind for entry in found))
    used = [key for key in CONFIDENCES if any(counts[kind, key] for kind in kinds)]
    headings = [story.say("evidence"), *(story.say(kind) for kind in kinds)]
    rows: list[list[Cell | str]] = [
        [Cell(story.say(CONFIDENCES[key]), "bad" if key in UNVERIFIED else ""),
         *(str(counts[kind, key] or "") for kind in kinds)]
        for key in used
    ]  # fmt: skip
    note = "Entries that state where their numbers come from; a number with evidence of its own is counted by itself."
    parts: list[Part] = [Paragraph(story.say(note), soft=True)]
    parts.append(Table(headings, rows, frozenset(range(1, len(headings)))))
    unsure = sum(entry.confidence in UNVERIFIED for entry in found)
    parts.append(Paragraph(story.say("{number} of {all} entries are not verified.", number=unsure, all=len(found))))
    return Section("data", story.say("Where the data come from"), [*parts, *_sources(story, found)])


def _sources(story: Story, found: list[Entry]) -> list[Part]:
    """Return the sources as text, the most used first, those of unverified numbers marked."""
    by_source: dict[str, list[Entry]] = defaultdict(list)
    for entry in found:
        if entry.source:
            by_source[entry.source].append(entry)
    order = sorted(by_source.items(), key=lambda item: (-len(item[1]), item[0]))
    park, parts = story.before.scenario.park, list[Part]()
    if park.source:
        parts.append(Paragraph(story.say("Layout of the park: {source}", source=park.source), soft=True))
    if order:
        text = "Sources, each with what it is used for; those of unverified numbers in colour:"
        parts += [Paragraph(story.say(text)), Bullets([_source(story, *item) for item in order], dense=True)]
    return parts


def _source(story: Story, source: str, of: list[Entry]) -> Cell:
    names = [entry.name for entry in of]
    shown = listed(names[:MOST_NAMES], story.language)
    if len(names) > MOST_NAMES:
        shown = story.say("{names} and {number} more", names=shown, number=len(names) - MOST_NAMES)
    return Cell(source, "bad" if any(entry.confidence in UNVERIFIED for entry in of) else "", shown)


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
    objectives = listed([f"{key} = {written(value, plan.units.get(key, ''), story.language)}"
                         for key, value in plan.objectives.items()], story.language)  # fmt: skip
    return [
        [story.say("solver"), plan.solver],
        [story.say("status of the plan"), story.say(STATUS.get(plan.status, plan.status))],
        [story.say("objectives, in order"), objectives],
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
