"""What was measured, how it was balanced, and what the simulation makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mfa.experiments.balanced_park import BaseYear
from mfa.experiments.measured_flows import describe_misses
from mfa.views.measured import HEADINGS, SURE, measured_rows, suspicions, title, undetermined, written
from mfa.views.report.document import Bullets, Cell, Notice, Paragraph, Part, Section, Table
from mfa.views.report.story import Story

MOST_ROWS = 40


def measured(story: Story) -> list[Section]:
    """Return the section on measurements; nothing where nothing was measured."""
    base, table = story.loop.base, story.loop.measured
    if base is None or table is None:
        return []
    caption = "Each measured amount is 100 %; bars reach {sure:g} standard deviations to both sides."
    note = "All amounts, also those that were not measured, are in {file}; dry, a year."
    headings = [story.say(heading) for heading in HEADINGS]
    rows = [_row(story, row) for row in measured_rows(table).head(MOST_ROWS).itertuples()]
    parts: list[Part] = [
        Paragraph(_agreement(story, base)),
        *_suspects(story, base, table),
        *story.picture("measured", caption, sure=SURE),
        Table(headings, rows, frozenset(range(1, len(headings)))),
        Paragraph(story.say(note, file="tables/measured.csv"), soft=True),
        *_remarks(story, base, table),
    ]
    return [Section("measured", story.say("Measured, reconciled and simulated"), parts)]


def _row(story: Story, row: Any) -> list[Cell | str]:
    *amounts, z = written(row, story.language)
    return [title(row, story.names), *amounts, Cell(z, "bad" if abs(row.z) > SURE else "")]


def _agreement(story: Story, base: BaseYear) -> str:
    result = base.reconciliation
    text = "{rows} measurements of {year} were brought into balance with the recipes; the simulation starts there."
    words = [story.say(text, rows=len(base.account.rows), year=base.year)]
    if result.dof:
        text = "How well they agree: chi² = {chi2:.3g} with {dof} checks, p = {p:.2g}."
        words.append(story.say(text, chi2=result.chi2, dof=result.dof, p=result.p_value))
    else:
        words.append(story.say("No measurement is checked by another: nothing can be tested."))
    return ("" if story.language == "zh" else " ").join(words)


def _suspects(story: Story, base: BaseYear, table: Any) -> Iterator[Part]:
    if not base.reconciliation.all_suspects:
        return
    yield Notice(story.say("Measurements that may hold a gross error, the likeliest first:"))
    yield Bullets([*suspicions(base, table, story.names)])


def _remarks(story: Story, base: BaseYear, table: Any) -> Iterator[Part]:
    """Yield what stays as the scenario has it, what was taken otherwise, and what the simulation does not reproduce."""
    told = [story.teller.tell(sentence) for sentence in (*base.notes, *describe_misses(table))]
    if told:
        yield Bullets(told)
    if base.undetermined:
        text = "Not determined by the measurements, so the scenario's own values remain: {names}."
        yield Paragraph(story.say(text, names=undetermined(table, story.names)), soft=True)
