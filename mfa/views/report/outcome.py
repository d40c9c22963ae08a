"""What the plan really brings: promise and realisation, indicators, stores, money and CO2 before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mfa.experiments.closed_loop import check_promise
from mfa.park.plan import Plan
from mfa.park.values import DAYS_PER_YEAR
from mfa.results.results import Results
from mfa.views.report.document import Bullets, Cell, Paragraph, Part, Section, Table
from mfa.views.report.indicators import explained_table, indicator_table, target_tables
from mfa.views.report.story import Story
from mfa.views.wording import share

MOST_LINKS = 40
CARBON = ("carbon_inventory", "co2_direct", "co2_avoided", "transport_work", "transport_co2")
"""Indicators that stand in the section on CO2."""
ITEMS = {
    "sale": "sales",
    "purchase": "purchases",
    "exchange": "exchanges between firms",
    "disposal": "fees of disposal sites",
    "transport": "haulage",
    "operation": "operation of plants",
    "capital": "annuity of what is built",
    "tax": "tax",
    "levy": "levy",
    "fee": "fees of producers",
    "penalty": "penalties of producers",
}
"""First word of an item of the money table → what it means."""


def promise(story: Story, plan: Plan) -> Section:
    """Return promised and realised side by side, with what stood between them."""
    table = check_promise(plan, story.after)
    columns = ["of", "promised", "realised", "gap", "unit", "kept"]
    links = sorted(table[table["item"] == "link"][columns].itertuples(index=False), key=lambda row: -abs(row[3]))
    broken = [row for row in links if not row[5]]
    words = "{kept} of {all} links with a planned flow carry what was promised."
    parts: list[Part] = [
        Paragraph(story.say(words, kept=len(links) - len(broken), all=len(links))),
        *_disturbances(story),
        *story.picture("utilisation", "Utilisation by month; disruptions are shaded, the dashed line is the promise."),
        *_promise_table(story, broken or links),
    ]
    return Section("promise", story.say("Promised and realised"), parts)


def _promise_table(story: Story, links: Sequence[Any]) -> list[Part]:
    if not links:
        return []
    headings = [story.say(h) for h in ("link", "material", "promised", "realised", "difference")]
    parts: list[Part] = [Table(headings, [_link(story, *row) for row in links[:MOST_LINKS]], frozenset({2, 3, 4}))]
    if len(links) > MOST_LINKS:
        more = story.say("{number} more are in {file}.", number=len(links) - MOST_LINKS, file="tables/promise.csv")
        parts.append(Paragraph(more, soft=True))
    return parts


def _disturbances(story: Story) -> list[Part]:
    sentences = [story.teller.tell(sentence) for sentence in story.loop.disturbances]
    if not sentences:
        return [Paragraph(story.say("Nothing in the scenario disturbs the plan."), soft=True)]
    return [Paragraph(story.say("What may keep a plan from its promise here:")), Bullets(sentences)]


def _link(
    story: Story, key: str, promised: float, realised: float, gap: float, unit: str, kept: bool
) -> list[Cell | str]:
    known = {link.id: link for link in story.last.scenario.park.links}[key]
    base = unit.removesuffix("/yr")
    tone = Cell(share(gap, story.language, signed=True), "" if kept else "bad")
    return [
        story.route(known.from_, known.to),
        story.names.material(known.material),
        story.rate(promised, base),
        story.rate(realised, base),
        tone,
    ]


def change(story: Story) -> Section:
    """Return the indicators of the whole park and the targets, before and after, with bars by material."""
    after = [] if story.after is None else story.picture(f"sankey_waste_{story.after.run}")
    parts: list[Part] = [
        *after,
        *story.picture("utilisation_by_material", "Utilisation by waste; beside each name, what is generated."),
        indicator_table(story.runs, story.language),
        *target_tables(story.runs, story.language),
    ]
    heading = "Indicators" if story.after is None else "Before and after"
    return Section("indicators", story.say(heading), parts)


def stores(story: Story) -> list[Section]:
    """Return the section on what stands in stores; nothing where nothing does."""
    caption = "The fullest stores of by-products and waste; the dashed line is the most that may be kept."
    pictures = story.picture("storage", caption)
    return [Section("storage", story.say("Storage"), pictures)] if pictures else []


def money(story: Story) -> Section:
    """Return who gains and loses, and what is paid for what."""
    paid = [_paid(run) for run in story.runs.values()]
    items = sorted({item for of_run in paid for item in of_run}, key=lambda item: (-paid[-1].get(item, 0.0), item))
    headings = [story.say("paid for"), *story.runs]
    rows = [[_item(story, item), *(story.rate(of_run.get(item, 0.0), "CNY") for of_run in paid)] for item in items]
    note = "Payments of the whole park; each names payer and payee in tables/money.csv. Capital is paid as an annuity."
    parts: list[Part] = [
        *story.picture("money", "What each firm gains or loses a year with the plan, capital as an annuity."),
        Table(headings, rows, frozenset(range(1, len(headings)))),
        Paragraph(story.say(note), soft=True),
    ]
    return Section("money", story.say("Money"), parts)


def _paid(run: Results) -> dict[str, float]:
    sums = run.money.groupby("item")["amount_cny"].sum()
    return {str(item): float(amount) * DAYS_PER_YEAR / run.days for item, amount in sums.items()}


def _item(story: Story, item: str) -> str:
    """Return what is paid for in words; a policy's kind is followed by its name."""
    kind, _, name = item.partition(" ")
    words = story.say(ITEMS.get(kind, kind))
    return f"{words}: {story.say(name)}" if name else words


def carbon(story: Story) -> Section:
    """Return CO2: emitted, avoided, and of transport, each apart and with what it means."""
    return Section("carbon", "CO₂", [explained_table(story.runs, CARBON, story.language)])
