"""What came of a run, in the terminal: the park today, the suggestions, promised and realised, where to read on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mfa.cli import measured
from mfa.cli.measured import show_measured
from mfa.cli.suggesting import amount, show_plan
from mfa.cli.terminal import one_line, print_heading, print_table
from mfa.indicators.utilisation import HEADLINE
from mfa.language import current, tr

if TYPE_CHECKING:
    from mfa.experiments.closed_loop import Loop
    from mfa.experiments.job import Finished
    from mfa.results import Results

COMPARED = ("waste_used", "waste_disposed", "by_products_exchanged", "virgin_material_replaced", "net_benefit",
            "co2_direct", "links")  # fmt: skip
"""Indicators of the whole park that the summary sets side by side, where they are known."""
SHOWN, WORST = 10, 5
"""How many suggested links and how many broken promises the terminal shows."""


def show(finished: Finished) -> None:
    """Print the summary of a run."""
    from mfa.views.report.pages import FILES

    loop = finished.loop
    show_notes(loop)
    show_measured(loop)
    show_today(loop)
    show_in_use(loop)
    show_plan(loop.before.scenario, loop.plan, most=SHOWN)
    show_promise(loop)
    show_difference(loop)
    show_evidence(loop)
    print_heading(tr("Read on"))
    print("  " + tr("report: {file}", file=finished.folder / FILES[current.get()]))
    print("  " + tr("tables, figures and the suggested scenario: {folder}", folder=finished.folder))
    print("  " + tr("sources, and what rests on unverified numbers: mfa cite {folder}", folder=finished.folder))


def show_notes(loop: Loop) -> None:
    """Print warnings on stderr, and on stdout what was changed and what a run does not act on yet."""
    from mfa.views.retelling import teller
    from mfa.views.wording import Names

    for warning in loop.notes.warnings:
        print(one_line(warning), file=sys.stderr)
    tell = teller(Names((loop.before.scenario,), current.get())).tell
    for when, results in zip((tr("today"), tr("with the plan")), loop.runs, strict=False):
        for warning in results.warnings:
            print(f"mfa: warning: {when}: {one_line(tell(warning))}", file=sys.stderr)
    for change in loop.notes.changes:
        print(tr("changed {change}", change=change))
    for sentence in loop.notes.unacted:
        print(sentence)


def show_in_use(loop: Loop) -> None:
    """Print what becomes of products in use in the last year, and how much of it the park takes; nothing without."""
    from mfa.use_phase.responsibility import target_for
    from mfa.views.wording import Names, share

    scenario, language = loop.before.scenario, current.get()
    if not scenario.park.in_use:
        return
    year = scenario.time.end.year
    print_heading(tr("Products in use, {year}", year=year))
    rates = [about(loop.before, f"{rate}_rate") for rate in ("collection", "recycling", "remanufacturing")]
    rows = [
        [Names((scenario,), language).product(key),
         share(target_for(scenario, key, "collection", year), language),
         *(share(of_all.get(key), language) for of_all in rates)]
        for key in sorted(scenario.park.in_use)
    ]  # fmt: skip
    heads = [tr(head) for head in ("product", "asked", "collected", "recycled", "remanufactured")]
    print_table(heads, rows, numbers=heads[1:])
    taken = share(whole_park(loop.before, "collected_material_taken"), language)
    print("  " + tr("the park takes {share} of what they supply from {first} to {year}", share=taken,
                    first=scenario.time.start.year, year=year))  # fmt: skip


def show_today(loop: Loop) -> None:
    """Print what the park does with its wastes today, and what becomes of them with the plan."""
    from mfa.views.wording import Names, brief, share

    scenario, language = loop.before.scenario, current.get()
    names = Names((scenario,), language)
    title = scenario.name.in_language(language)
    illustrative = f" ({tr('illustrative, not a real park')})" if scenario.park.illustrative else ""
    print_heading(f"{title}{illustrative}")
    generated = about(loop.before, "waste_generated")
    used = [about(results, HEADLINE) for results in loop.runs]
    total = generated.pop("", None)
    rates = [share(whole_park(results, HEADLINE), language) for results in loop.runs]
    if total is not None and total > 0:
        amount = brief(total, "t", language, per_year=True)
        print("  " + tr("solid waste generated: {amount}; used today: {rate}", amount=amount, rate=rates[0]))
    else:
        print("  " + tr("no solid waste is counted in this park, so there is no utilisation rate"))
        return
    rows = [
        [names.material(key), brief(tonnes, "t", language, per_year=True),
         *(share(column.get(key), language) for column in used)]
        for key, tonnes in sorted(generated.items(), key=lambda item: (-item[1], item[0]))
    ]  # fmt: skip
    heads = [tr("waste"), tr("generated"), tr("used today"), tr("used with the plan")][: 2 + len(used)]
    print_table(heads, rows, numbers=heads[1:])


def show_promise(loop: Loop) -> None:
    """Print what the plan promised beside what the simulation realised, and what stood between them."""
    from mfa.views.wording import share

    if loop.after is None:
        return
    language = current.get()
    print_heading(tr("Promised and realised"))
    table = loop.promise
    rates = table.loc[table["item"] == "utilisation", ["promised", "realised"]].to_numpy(dtype=float)
    for promised, realised in rates.tolist():
        sides = share(promised, language), share(realised, language)
        print("  " + tr("utilisation: promised {promised}, realised {realised}", promised=sides[0], realised=sides[1]))
    links = table[table["item"] == "link"]
    print("  " + tr("links that keep their promise: {kept} of {all}", kept=int(links["kept"].sum()), all=len(links)))
    broken = links[~links["kept"].astype(bool)].sort_values("gap", key=abs, ascending=False, kind="stable")
    numbers = broken[["promised", "realised", "gap"]].to_numpy(dtype=float).tolist()
    for link, unit, (promised, realised, gap) in zip(broken["of"][:WORST], broken["unit"], numbers, strict=False):
        change = " → ".join(amount(value, unit) for value in (promised, realised))
        print(f"    {link_name(loop, link)}: {change} ({share(gap, language, signed=True)})")
    if len(broken) > WORST:
        print("    " + tr("… and {number} more in the report", number=len(broken) - WORST))
    for sentence in loop.disturbances:
        print("  " + tr("because: {cause}", cause=sentence))


def link_name(loop: Loop, key: str) -> str:
    """Return what a link of the plan carries from where to where."""
    from mfa.views.wording import Names

    names = Names((loop.before.scenario,), current.get())
    link = next((planned.link for planned in loop.plan.planned_links if planned.link.id == key), None)
    return key if link is None else f"{names.node(link.from_)} → {names.node(link.to)}, {names.material(link.material)}"


def show_difference(loop: Loop) -> None:
    """Print headline indicators before and after."""
    if loop.after is None:
        return
    from mfa.views.measures import title

    print_heading(tr("What it would change"))
    rows = [
        [
            title(name, current.get()),
            *(amount(whole_park(results, name), unit_of(results, name)) for results in loop.runs),
        ]
        for name in COMPARED
        if whole_park(loop.before, name) is not None
    ]
    heads = [tr("indicator"), tr("today"), tr("with the plan")]
    print_table(heads, rows, numbers=heads[1:])


def show_evidence(loop: Loop) -> None:
    """Print in one line how much of the headline rests on numbers that nobody has verified, and on which most."""
    from mfa.views.numbers import foremost, in_short
    from mfa.views.wording import Names

    first = foremost(loop.resting[loop.runs[-1].run])
    if first is not None:
        print_heading(tr("How well founded"))
        print("  " + in_short(first, Names((loop.before.scenario,), current.get())))


def about(results: Results, indicator: str) -> dict[str, float]:
    """Return what an indicator is about → its value, the whole park under the empty text."""
    table = results.indicators
    found = table[(table["indicator"] == indicator) & table["value"].notna()]
    return dict(zip(found["of"], found["value"].astype(float), strict=True))


def whole_park(results: Results, indicator: str) -> float | None:
    """Return the value of an indicator for the whole park; None where there is none."""
    return about(results, indicator).get("")


def unit_of(results: Results, indicator: str) -> str:
    """Return the unit of an indicator as it stands in the table."""
    table = results.indicators
    return str(table.loc[table["indicator"] == indicator, "unit"].iloc[0])


def as_data(finished: Finished) -> dict[str, Any]:
    """Return what came of a run as JSON data."""
    loop = finished.loop
    return {
        "folder": str(finished.folder),
        "report": str(finished.folder / "report.html"),
        "utilisation": {
            "before": whole_park(loop.before, HEADLINE),
            "promised": loop.plan.utilisation,
            "after": None if loop.after is None else whole_park(loop.after, HEADLINE),
        },
        "unverified": {one.result: one.share(one.unverified) for one in loop.resting[loop.runs[-1].run]},
        "base_year": measured.as_data(loop),
        "plan": finished.manifest["plan"],
        "links": [
            {"link": p.link.id, "from": p.link.from_, "to": p.link.to, "material": p.link.material,
             "status": p.link.status, "per_day": p.flow, "why": p.why, "limited_by": p.limited_by}
            for p in loop.plan.planned_links
        ],
        "unacted": list(loop.notes.unacted),
        "warnings": list(loop.notes.warnings),
    }  # fmt: skip
