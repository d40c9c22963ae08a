"""The park held against the schemes of the library, where the scenario has statistics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mfa.experiments.assessment import evaluate
from mfa.experiments.closed_loop import Loop
from mfa.files.holdings import holdings
from mfa.indicators.scorecard import Scorecard, records
from mfa.views.report.document import Cell, Paragraph, Part, Section, Table, Tone
from mfa.views.report.story import Story
from mfa.views.scores import asked, heading, result, run_title, shown
from mfa.views.wording import number, speaking

TONES: dict[str, Tone] = {"pass": "good", "fail": "bad", "unverified": "soft"}


def assessment(story: Story) -> list[Section]:
    """Return the section with a scorecard for every scheme; nothing where the scenario has no statistics."""
    if not story.before.scenario.statistics:
        return []
    parts: list[Part] = [
        Paragraph(
            story.say("Values of the last whole year of each run; thresholds that nobody verified give no verdict.")
        )
    ]
    for scheme in sorted(holdings().schemes):
        with speaking(story.language):
            card = evaluate(story.loop if isinstance(story.loop, Loop) else story.before, scheme)
        parts += _parts(story, card, scheme)
    return [Section("assessment", story.say("Assessment"), parts)]


def _parts(story: Story, card: Scorecard, scheme: str) -> Iterator[Part]:
    """Yield the table of one scheme, its items without a value only counted, and what the items come to."""
    rows: dict[str, dict[str, Any]] = {}
    for row in records(card.table):
        rows.setdefault(str(row.item), {})[str(row.run)] = row
    known = [by_run for by_run in rows.values() if any(row.value == row.value for row in by_run.values())]
    runs = list(dict.fromkeys(card.table["run"]))
    if known:
        headings = [story.say("indicator"), heading(card.scheme, story.language)]
        headings += [run_title(run, story.language) for run in runs]
        cells = [_row(story, by_run, runs) for by_run in known]
        yield Table(headings, cells, frozenset(range(2, len(headings))), card.title)
    yield from (Paragraph(text, soft=True) for text in _words(story, card, scheme, len(rows) - len(known)))


def _row(story: Story, by_run: dict[str, Any], runs: Sequence[str]) -> list[Cell | str]:
    first = next(iter(by_run.values()))
    return [first.name, asked(first, story.language), *(_cell(story, by_run.get(run)) for run in runs)]


def _cell(story: Story, row: Any) -> Cell | str:
    if row is None:
        return ""
    text = shown(row.value, row.unit, story.language)
    return Cell(text, TONES.get(row.result, ""), result(row.result, story.language))


def _words(story: Story, card: Scorecard, scheme: str, without: int) -> Iterator[str]:
    for row in records(card.verdicts):
        if row.what == "index" and row.of:
            name = card.scheme.index.name.in_language(story.language) if card.scheme and card.scheme.index else ""
            text = "{run}: {name} = {value} over {of} of {all} indicators; references from memory, no verdict"
            counted = row.passed + row.failed + row.open
            yield story.say(
                text,
                run=run_title(str(row.run), story.language),
                name=name,
                value=number(row.value),
                of=row.of,
                all=counted,
            )
        elif row.what == "total" and row.result:
            words = result(str(row.result), story.language)
            yield story.say(
                "{run}: the whole scheme is {result}", run=run_title(str(row.run), story.language), result=words
            )
    if without:
        text = "{count} indicators of this scheme lack data; mfa evaluate RUN --scheme {scheme} names what to add."
        yield story.say(text, count=without, scheme=scheme)
    yield from card.notes
