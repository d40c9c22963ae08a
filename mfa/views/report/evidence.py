"""How far to trust a report: what its results rest on, how sure the data are, and their sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from mfa.evidence import Resting
from mfa.park.statements import MEANINGS, UNVERIFIED, Statement, mark, statements
from mfa.views.measures import title, written
from mfa.views.numbers import foremost, number_words
from mfa.views.report.document import Bullets, Cell, Paragraph, Part, Section, Table
from mfa.views.report.story import Story
from mfa.views.wording import listed, share

MOST_NAMES, MOST_NUMBERS = 6, 12
"""How many uses of a source, and how many unverified numbers, the report names."""


def evidence(story: Story) -> Section:
    """Return what the results rest on, how many numbers are found, derived or remembered, and the sources as text."""
    stated = list(statements(story.before.scenario.park))
    parts = [*resting(story), *counts(story, stated), *sources(story, stated)]
    return Section("data", story.say("Where the data come from"), parts)


def resting(story: Story) -> list[Part]:
    """Return the share of each headline result that rests on unverified numbers, and the heaviest of these."""
    found = story.loop.resting.get(story.last.run, ())
    if not found:
        return []
    headings = [story.say(h) for h in ("result", "counted over", "rests on unverified numbers",
                                       "only on found or derived ones", "only on the scenario's own")]  # fmt: skip
    rows: list[list[Cell | str]] = [
        [title(one.result, story.language), written(one.amount, one.unit, story.language),
         Cell(share(one.share(one.unverified), story.language), "bad" if one.unverified else ""),
         share(one.share(one.verified), story.language), share(one.share(one.own), story.language)]
        for one in found
    ]  # fmt: skip
    words = story.say(
        "A tonne rests on the release that made it, on the treatment it went through, and where it is used on ratio "
        "and share, on the need it covers, and on the limits of that line with all contents that they read. It counts "
        "as unverified as soon as one of these numbers is from memory, assumed or illustrative."
    )
    remark = "A rate is counted over the tonnes generated, money over all that firms pay and are paid."
    table = Table(headings, rows, frozenset(range(1, 5)))
    parts: list[Part] = [Paragraph(words), table, Paragraph(story.say(remark), soft=True)]
    if story.before.scenario.park.illustrative:
        parts.append(Paragraph(story.say("The scenario's own values are illustrative."), soft=True))
    first = foremost(found)
    return [*parts, *(_heaviest(story, first) if first else [])]


def _heaviest(story: Story, of: Resting) -> list[Part]:
    """Return the unverified numbers on which most of a result rests."""
    if not of.weights:
        return []
    headings = [story.say(h) for h in ("number", "rests on it", "share", "evidence", "source")]
    rows: list[list[Cell | str]] = [
        [number_words(weight.number, story.names), written(weight.amount, of.unit, story.language),
         share(of.share(weight.amount), story.language),
         Cell(story.say(MEANINGS[weight.number.confidence]), "bad"), weight.number.source]
        for weight in of.weights[:MOST_NUMBERS]
    ]  # fmt: skip
    caption = story.say("Unverified numbers on which most rests: {result}", result=title(of.result, story.language))
    parts: list[Part] = [Table(headings, rows, frozenset({1, 2}), caption)]
    if len(of.weights) > MOST_NUMBERS:
        more = len(of.weights) - MOST_NUMBERS
        text = story.say("{number} more are in {file}.", number=more, file="tables/evidence_numbers.csv")
        parts.append(Paragraph(text, soft=True))
    return parts


def counts(story: Story, stated: Sequence[Statement]) -> list[Part]:
    """Return how many numbers of each kind are found, derived or remembered."""
    tally = Counter((one.kind, one.confidence) for one in stated)
    kinds = list(dict.fromkeys(one.kind for one in stated))
    used = [key for key in MEANINGS if any(tally[kind, key] for kind in kinds)]
    headings = [story.say("evidence"), *(story.say(kind) for kind in kinds)]
    rows: list[list[Cell | str]] = [
        [Cell(story.say(MEANINGS[key]), "bad" if key in UNVERIFIED else ""),
         *(str(tally[kind, key] or "") for kind in kinds)]
        for key in used
    ]  # fmt: skip
    note = "Entries that state where their numbers come from; a number with evidence of its own is counted by itself."
    unsure = sum(one.confidence in UNVERIFIED for one in stated)
    return [
        Paragraph(story.say(note), soft=True),
        Table(headings, rows, frozenset(range(1, len(headings)))),
        Paragraph(story.say("{number} of {all} entries are not verified.", number=unsure, all=len(stated))),
    ]


def sources(story: Story, stated: Sequence[Statement]) -> list[Part]:
    """Return the sources as text, the most used first, those of unverified numbers marked."""
    by_source: dict[str, list[Statement]] = defaultdict(list)
    for one in stated:
        if one.source:
            by_source[one.source].append(one)
    order = sorted(by_source.items(), key=lambda item: (-len(item[1]), item[0]))
    park, parts = story.before.scenario.park, list[Part]()
    if park.source:
        parts.append(Paragraph(story.say("Layout of the park: {source}", source=park.source), soft=True))
    if order:
        text = "Sources, each with what it is used for; those of unverified numbers in colour and with a *:"
        parts += [Paragraph(story.say(text)), Bullets([_source(story, *item) for item in order], dense=True)]
    return parts


def _source(story: Story, source: str, of: list[Statement]) -> Cell:
    words = [number_words(one, story.names) for one in of]
    shown = listed(words[:MOST_NAMES], story.language)
    if len(words) > MOST_NAMES:
        shown = story.say("{names} and {number} more", names=shown, number=len(words) - MOST_NAMES)
    sign = mark(*(one.confidence for one in of))
    return Cell(source + sign, "bad" if sign else "", shown)
