"""What the park does with its wastes today."""

from __future__ import annotations

from mfa.indicators.utilisation import HEADLINE
from mfa.results.results import Results
from mfa.views.measures import values_of
from mfa.views.report.document import Paragraph, Part, Section, Table
from mfa.views.report.story import Story
from mfa.views.sankey.flows import MEDIA
from mfa.views.wording import share

MOST_ROWS = 40
HONEST = (
    "Bars are firms and boundary nodes, ribbons are flows: their widths are to scale, the thinnest are drawn a little"
    " wider to stay visible. Ribbons that return run in lanes of their own."
)


def today(story: Story) -> Section:
    """Return the section on the park as it is."""
    run = story.before.run
    parts: list[Part] = [
        *story.picture(f"sankey_waste_{run}", HONEST),
        *wastes(story, story.before),
        *([] if story.plan is not None else _without_plan(story)),
    ]
    return Section("today", story.say("What the park does today"), parts)


def _without_plan(story: Story) -> list[Part]:
    return [*story.picture("map", "What the links carried; arrow widths are to scale within mass, water and energy."),
            *story.picture("utilisation", "Utilisation by month; disruptions are shaded.")]  # fmt: skip


def other_flows(story: Story) -> list[Section]:
    """Return the section on all materials, water and energy of the last run; nothing where nothing flows."""
    run = story.last.run
    media = [medium for medium in MEDIA if medium != "waste"]
    pictures = [picture for medium in media for picture in story.picture(f"sankey_{medium}_{run}")]
    return [Section("flows", story.say("All flows"), pictures)] if pictures else []


def wastes(story: Story, results: Results) -> list[Part]:
    """Return the table of wastes: generated, used, disposed of, and the rate."""
    generated, used, disposed, rates = (
        values_of(results, name) for name in ("waste_generated", "waste_used", "waste_disposed", HEADLINE)
    )
    order = sorted(generated, key=lambda of: (of != "", -generated[of], of))
    if not order:
        return []
    headings = ("waste", "generated", "used", "to disposal sites", "utilisation")
    rows = [
        [
            story.names.material(of) if of else story.say("all solid waste"),
            *(story.rate(column.get(of), "t") for column in (generated, used, disposed)),
            share(rates.get(of), story.language),
        ]
        for of in order[:MOST_ROWS]
    ]
    note = "Origin tonnes, dry: treated waste counts as the waste it was made from, once."
    return [
        Table([story.say(heading) for heading in headings], rows, frozenset({1, 2, 3, 4})),
        Paragraph(story.say(note), soft=True),
    ]
