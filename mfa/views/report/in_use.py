"""Products in use: what they supply over the years, how producers keep their targets, what the park takes."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.indicators.use_phase import collected_supply
from mfa.park.in_use import ProductInUse
from mfa.park.values import DAYS_PER_YEAR
from mfa.use_phase.in_use_stocks import CONVENTIONS
from mfa.use_phase.products import product_account
from mfa.use_phase.responsibility import responsibilities
from mfa.views.report.document import Cell, Paragraph, Part, Section, Table
from mfa.views.report.story import Story
from mfa.views.wording import brief, share

QUANTITIES = ("stock", "inflow", "outflow", "collected", "reused", "remanufactured", "recycled", "lost")
HEADINGS = ("in use", "sold new", "end of life", "collected", "reused", "remanufactured", "recycled", "lost")
ROUNDING = 1e-6
"""Relative difference between account and park that is none to a reader."""


def in_use(story: Story) -> list[Section]:
    """Return the section on products in use; nothing where a park has none."""
    scenario = story.before.scenario
    if not scenario.park.in_use:
        return []
    caption = "What reaches its end of life each year, by where it goes, and what is sold new."
    parts: list[Part] = [
        *story.picture("products", caption),
        _account(story),
        *_conventions(story),
        *_responsibility(story),
        *_supply(story),
    ]
    return [Section("in_use", story.say("Products in use"), parts)]


def _account(story: Story) -> Table:
    scenario = story.before.scenario
    years = sorted({scenario.time.start.year, scenario.time.end.year})
    rows = [
        [story.names.product(key), str(year), *_amounts(story, product, year)]
        for key, product in sorted(scenario.park.in_use.items())
        for year in years
    ]
    headings = [story.say(heading) for heading in ("product", "year", *HEADINGS)]
    return Table(headings, rows, frozenset(range(1, len(headings))))


def _amounts(story: Story, product: ProductInUse, year: int) -> list[str]:
    row = product_account(product, year).loc[year].to_dict()
    unit = product.unit.in_language(story.language)
    return [brief(float(row[name]), unit, story.language) for name in QUANTITIES]


def _conventions(story: Story) -> Iterator[Part]:
    products = story.before.scenario.park.in_use.values()
    for entry in sorted({product.entry for product in products}):
        yield Paragraph(story.say("Convention: {entry}.", entry=story.say(CONVENTIONS[entry])), soft=True)
    note = "In use: at the end of the year. What comes back enters again in the same year. All years: {file}."
    yield Paragraph(story.say(note, file="tables/products_in_use.csv"), soft=True)


def _responsibility(story: Story) -> list[Part]:
    """Return how producers stand to their targets in the first and last year."""
    table = responsibilities(story.before.scenario)
    if table.empty:
        return []
    ends = table[table["year"].isin((table["year"].min(), table["year"].max()))]
    rows: list[list[Cell | str]] = []
    for product, year, rate, value, target, _, tonnes in ends.itertuples(index=False):
        short = Cell(brief(-tonnes, "t", story.language), "bad") if tonnes < 0 else Cell(story.say("met"), "good")
        rows.append([story.names.product(product), story.say(f"{rate} rate"), str(year), share(target, story.language),
                     share(value, story.language), short])  # fmt: skip
    headings = [story.say(heading) for heading in ("product", "indicator", "year", "asked", "reached", "short by")]
    caption = story.say("Producer responsibility, in the first and the last year")
    return [Table(headings, rows, frozenset({2, 3, 4, 5}), caption)]


def _supply(story: Story) -> list[Part]:
    """Return what the account supplies and what the park takes and brings back, per year over the whole run."""
    results = story.last
    sums = collected_supply(results).groupby(["flow", "material"], sort=False)[["account_t", "park_t"]].sum()
    per_year = DAYS_PER_YEAR / results.days
    rows: list[list[Cell | str]] = []
    for (flow, material), account, park in sums.itertuples(name=None):
        gap = (park - account) / account if account > 0 else 0.0
        tone = Cell(share(gap, story.language, signed=True), "bad" if gap < -ROUNDING else "")
        amounts = [story.rate(amount * per_year, "t") for amount in (account, park)]
        rows.append([story.say(flow), story.names.material(material), *amounts, tone])
    headings = [story.say(heading) for heading in ("flow", "material", "by the account", "in the park", "difference")]
    note = (
        "Over the whole run. What the park does not take finds no room at its firms; what they bring back follows"
        " their recipes, not the yield that the account states. By year: {file}."
    )
    return [
        Table(headings, rows, frozenset({2, 3, 4}), story.say("What is collected, and what the park takes of it")),
        Paragraph(story.say(note, file="tables/collected_supply.csv"), soft=True),
    ]
