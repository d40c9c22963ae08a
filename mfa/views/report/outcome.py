"""What the plan really brings: promise and realisation, indicators, stores, money and CO2 before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mfa.experiments.closed_loop import check_promise
from mfa.indicators import INDICATORS
from mfa.park.plan import Plan
from mfa.park.values import DAYS_PER_YEAR
from mfa.results.results import Results
from mfa.views.measures import difference, title, values_of, written
from mfa.views.report.document import Bullets, Cell, Paragraph, Part, Section, Table
from mfa.views.report.story import Story
from mfa.views.wording import NOTHING, share

MOST_LINKS = 40
CARBON = ("co2_direct", "co2_avoided", "transport_work", "transport_co2")
"""Indicators that stand in the section on CO2."""


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
    runs = [run for run in (story.before, story.after) if run is not None]
    after = [] if story.after is None else story.picture(f"sankey_waste_{story.after.run}")
    parts: list[Part] = [
        *after,
        *story.picture("utilisation_by_material", "Utilisation by waste; beside each name, what is generated."),
        indicator_table(story, runs),
        *targets(story, runs),
    ]
    heading = story.say("Indicators") if story.after is None else story.say("Before and after")
    return Section("indicators", heading, parts)


def indicator_table(story: Story, runs: Sequence[Results]) -> Table:
    """Return the indicators of the whole park, a column a run, with the change where there are two."""
    heads = [story.say("today"), story.say("with the plan"), story.say("change")]
    headings = [story.say("indicator"), *heads[: 3 if len(runs) == 2 else 1]]
    rows = []
    for name, unit in _units(runs[0]).items():
        values = [values_of(run, name).get("") for run in runs]
        if any(value is not None for value in values):
            cells = [written(value, unit, story.language) for value in values]
            rows.append([title(name, story.language), *cells, *_change(values, unit, story)])
    return Table(headings, rows, frozenset(range(1, len(headings))))


def _change(values: Sequence[float | None], unit: str, story: Story) -> list[str]:
    """Return the change between two values; a dash where one is unknown, nothing where there are not two."""
    if len(values) != 2:
        return []
    before, after = values
    return [NOTHING if before is None or after is None else difference(after - before, unit, story.language)]


def _units(results: Results) -> dict[str, str]:
    """Return indicator → unit of those about the whole park, in the order of the table."""
    table = results.indicators[results.indicators["of"] == ""]
    return dict(table[["indicator", "unit"]].itertuples(index=False, name=None))


def targets(story: Story, runs: Sequence[Results]) -> list[Part]:
    """Return the table of targets with the gap to them; nothing where there are none."""
    rows = [row for run in runs for row in _targets(story, run)]
    if not rows:
        return []
    headings = [story.say(h) for h in ("target", "run", "asked", "reached", "result")]
    return [Table(headings, rows, frozenset({2, 3}), story.say("Targets"))]


def _targets(story: Story, run: Results) -> Iterator[list[Cell | str]]:
    table = run.indicators[run.indicators["threshold"].notna()]
    when = story.say("with the plan") if run is story.after else story.say("today")
    columns = ["indicator", "of", "value", "unit", "threshold", "passes"]
    for name, of, value, unit, asked, passes in table[columns].itertuples(index=False):
        known = value == value and passes in (True, False)
        met = Cell(story.say("met"), "good") if known and passes else Cell(story.say("missed"), "bad")
        yield [str(of) or title(name, story.language), when, written(asked, unit, story.language),
               written(value, unit, story.language), met if known else story.say("unknown")]  # fmt: skip


def stores(story: Story) -> list[Section]:
    """Return the section on what stands in stores; nothing where nothing does."""
    caption = "The fullest stores of by-products and waste; the dashed line is the most that may be kept."
    pictures = story.picture("storage", caption)
    return [Section("storage", story.say("Storage"), pictures)] if pictures else []


def money(story: Story) -> Section:
    """Return who gains and loses, and what is paid for what."""
    runs = [run for run in (story.before, story.after) if run is not None]
    paid = [_paid(run) for run in runs]
    items = sorted({item for of_run in paid for item in of_run}, key=lambda item: (-paid[-1].get(item, 0.0), item))
    headings = [story.say(h) for h in ("paid for", "today", "with the plan")][: 1 + len(runs)]
    rows = [[story.teller.tell(item), *(story.rate(of_run.get(item, 0.0), "CNY") for of_run in paid)] for item in items]
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


def carbon(story: Story) -> Section:
    """Return CO2: emitted, avoided, and of transport, each apart and with what it means."""
    runs = [run for run in (story.before, story.after) if run is not None]
    headings = [story.say("indicator"), *[story.say(h) for h in ("today", "with the plan")][: len(runs)]]
    units = _units(runs[0])
    rows: list[list[Cell | str]] = [
        [Cell(title(name, story.language), remark=story.say(INDICATORS[name].meaning).replace("CO2", "CO₂")),
         *(written(values_of(run, name).get(""), units[name], story.language) for run in runs)]
        for name in CARBON
        if name in units
    ]  # fmt: skip
    return Section("carbon", "CO₂", [Table(headings, rows, frozenset(range(1, len(headings))))])
