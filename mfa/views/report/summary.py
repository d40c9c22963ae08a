"""The first section: utilisation before, promised and realised, in words and numbers."""

from __future__ import annotations

from mfa.park.plan import Plan
from mfa.views.measures import difference, headline
from mfa.views.numbers import foremost, in_short
from mfa.views.report.document import Figure, Figures, Notice, Paragraph, Part, Section
from mfa.views.report.story import Story
from mfa.views.wording import brief, share


def summary(story: Story) -> Section:
    """Return the headline of the report."""
    parts: list[Part] = [*_answers(story), Paragraph(_words(story)), *_rates(story)]
    if story.plan is not None and any(_new(story.plan)):
        parts.append(Figures(_brings(story, story.plan)))
    first = foremost(story.loop.resting.get(story.last.run, ()))
    if first is not None:
        parts.append(Paragraph(in_short(first, story.names), soft=True))
    return Section("summary", story.say("In short"), parts)


def _answers(story: Story) -> list[Notice]:
    plan = story.loop.plan
    if plan is None or plan.status == "optimal":
        return []
    if story.plan is None:
        cause = story.teller.tell(plan.message) or plan.status
        return [Notice(story.say("There is no plan: {cause}", cause=cause))]
    text = "A limit was reached: this is the best plan so far, not proven best (gap {gap})."
    return [Notice(story.say(text, gap=share(plan.gap, story.language)))]


def _words(story: Story) -> str:
    generated, today = story.of(story.before, "waste_generated"), headline(story.before)
    if today is None:
        text = "No general industrial solid waste is counted in this park, so there is no utilisation rate."
        words = [story.say(text)]
    else:
        words = [
            story.say("The park generates {amount} of general industrial solid waste and uses {rate} of it today.",
                      amount=story.rate(generated, "t"), rate=share(today, story.language))
        ]  # fmt: skip
    if story.plan is not None:
        words += _plan_words(story, story.plan)
    return ("" if story.language == "zh" else " ").join(words)


def _plan_words(story: Story, plan: Plan) -> list[str]:
    links, plants = _new(plan)
    if not links and not plants:
        return [story.say("The plan adds nothing: what runs today cannot be bettered within what is asked.")]
    cost = brief(plan.capital, "CNY", story.language)
    words = [story.say("The plan adds {links} links and {plants} plants for {capital}.",
                       links=links, plants=plants, capital=cost)]  # fmt: skip
    if plan.utilisation is not None:
        words.append(story.say("It promises a utilisation of {rate}.", rate=share(plan.utilisation, story.language)))
    realised = headline(story.after)
    if realised is not None:
        text = "Simulated again with storage, transport and everything that disturbs it, it realises {rate}."
        words.append(story.say(text, rate=share(realised, story.language)))
    return words


def _new(plan: Plan) -> tuple[int, int]:
    links = sum(planned.link.status != "existing" for planned in plan.planned_links)
    return links, sum(line.new for line in plan.planned_lines)


def _rates(story: Story) -> list[Part]:
    today, realised = headline(story.before), headline(story.after)
    if today is None:
        return []
    figures = [Figure(story.say("Utilisation today"), share(today, story.language), strong=story.plan is None)]
    if story.plan is not None:
        figures.append(Figure(story.say("Promised by the plan"), share(story.plan.utilisation, story.language)))
    if realised is not None:
        change = story.say("{change} against today", change=difference(realised - today, "fraction", story.language))
        figures.append(Figure(story.say("Realised in the simulation"), share(realised, story.language), change, True))
    return [Figures(figures)]


def _brings(story: Story, plan: Plan) -> list[Figure]:
    figures = [
        _change(story, "Solid waste to disposal sites", "waste_disposed", "t"),
        _change(story, "Virgin material replaced", "virgin_material_replaced", "t"),
        _change(story, "Net benefit of all firms", "net_benefit", "CNY"),
        _change(story, "CO₂ avoided by substitutes", "co2_avoided", "t"),
    ]
    links, plants = _new(plan)
    new = story.say("{links} links, {plants} plants", links=links, plants=plants)
    invested = Figure(story.say("To be invested, once"), brief(plan.capital, "CNY", story.language), new)
    return [figure for figure in [*figures, invested] if figure is not None]


def _change(story: Story, label: str, indicator: str, unit: str) -> Figure | None:
    """Return how an indicator changes from today to the simulated plan; None where it is not known."""
    before, after = story.of(story.before, indicator), story.of(story.after, indicator)
    if before is None or after is None:
        return None
    sides = f"{story.rate(before, unit)} → {story.rate(after, unit)}"
    return Figure(story.say(label), difference(after - before, f"{unit}/yr", story.language), sides)
