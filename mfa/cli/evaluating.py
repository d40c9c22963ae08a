"""`mfa evaluate`: a scorecard of a run, a scenario or a flow table, printed and written as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.cli.terminal import json_rows, print_heading, print_json, print_table, working_on
from mfa.language import current, tr

if TYPE_CHECKING:
    import pandas as pd

    from mfa.indicators.scorecard import Scorecard


def evaluate(
    target: Path, scheme: str | None, *, year: int | None, outside: Sequence[str], out: Path | None, as_json: bool
) -> None:
    """Print the scorecard of a run folder, a scenario file or a flow table.

    Raises what `mfa.evaluate` raises; FolderError where the table cannot be written.
    """
    from mfa.experiments.assessment import evaluate as assess

    names = {name.strip() for text in outside for name in text.split(",") if name.strip()}
    with working_on(tr("reading and evaluating {target}", target=target)):
        card = assess(target, scheme, year=year, outside=names if outside else None)
    if out is not None:
        write(card, out)
    if as_json:
        print_json(as_data(card))
    else:
        show(card)


def write(card: Scorecard, out: Path) -> None:
    """Write the table of a scorecard as a CSV file; raises FolderError."""
    from mfa.results.folder import folder_errors
    from mfa.results.writing import csv_bytes

    table = card.table.assign(
        data=[told(data) for data in card.table["data"]], missing=[", ".join(m) for m in card.table["missing"]]
    )
    with folder_errors(out):
        out.write_bytes(csv_bytes(table))


def told(data: Any) -> str:
    """Return the data of an item as one text, in the current language."""
    from mfa.views.scores import sources

    return "; ".join(sources(data, current.get()))


def as_data(card: Scorecard) -> dict[str, Any]:
    """Return a scorecard as JSON data."""
    items = json_rows(card.table)
    for row in items:
        row["data"] = [vars_of(datum) for datum in row["data"]]
        row["missing"] = list(row["missing"])
    scheme = card.scheme.id if card.scheme else None
    return {"scheme": scheme, "title": card.title, "items": items, "verdicts": json_rows(card.verdicts),
            "notes": list(card.notes)}  # fmt: skip


def vars_of(datum: Any) -> dict[str, Any]:
    """Return a number that was used, with where it comes from and what the user's statistics say beside it."""
    difference = None if not datum.told else (datum.value - datum.told) / datum.told
    return {"quantity": datum.key, "from": "run" if datum.computed else "statistics", "year": datum.year or None,
            "value": datum.value, "statistics": datum.told, "difference": difference}  # fmt: skip


def show(card: Scorecard) -> None:
    """Print a scorecard: items by group with their results, verdicts, what is missing, data, notes."""
    from mfa.views.scores import heading, lacking, run_title

    language = current.get()
    print_heading(card.title)
    table = card.table[(card.table["result"] != "not computable")]
    runs = list(dict.fromkeys(table["run"]))
    for run in runs:
        years = [year for year in table.loc[table["run"] == run, "year"] if year == year and year is not None]
        if years:
            print("  " + tr("{run}: the year {year}", run=run_title(run, language), year=int(years[0])))
    has_value = table.groupby(["item", "of"])["value"].transform("count") > 0
    heads, rows = _items(table if card.scheme else table[has_value], runs, heading(card.scheme, language))
    print_table(heads, rows)
    without = table[(table["result"] == "missing") & ~has_value]
    lacks = lacking(without, language) if card.scheme else _without_data(without)
    for line in (*_verdicts(card), *_refusals(card.table), *lacks):
        print("  " + line)
    _show_data(card, runs)
    for note in card.notes:
        print("  " + note)


def _items(table: pd.DataFrame, runs: Sequence[str], bounds: str) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows: an item a row, the runs side by side, with thresholds under the heading `bounds`."""
    from mfa.indicators.scorecard import records
    from mfa.views.scores import asked, gap, result, run_title, shown

    language = current.get()
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for row in records(table):
        rows.setdefault((row.item, row.of), {})[row.run] = row
    has_bounds = bool(table["verified"].notna().any())
    has_requirements = bool((table["requirement"] != "").any())
    heads = [tr("group"), tr("indicator")]
    heads += [tr("counts as")] if has_requirements else []
    heads += [bounds] if has_bounds else []
    for run in runs:
        label = run_title(run, language) if run else tr("value")
        heads += [label, *([tr("gap"), tr("result")] if has_bounds else [])]
    cells = []
    last = ""
    for (_, of), by_run in rows.items():
        first = next(iter(by_run.values()))
        line = ["" if first.group == last else first.group, f"{first.name}: {tr(of)}" if of else first.name]
        last = first.group
        line += [first.requirement] if has_requirements else []
        line += [asked(first, language)] if has_bounds else []
        for run in runs:
            found = by_run.get(run)
            line.append(shown(found.value if found else None, first.unit, language))
            if has_bounds:
                line += [gap(found, language), result(found.result, language)] if found else ["", ""]
        cells.append(line)
    return heads, cells


def _verdicts(card: Scorecard) -> Iterator[str]:
    """Yield what the items come to, a line a choice, the index and the total."""
    from mfa.indicators.scorecard import records
    from mfa.views.scores import result, run_title
    from mfa.views.wording import listed, number

    language = current.get()
    for row in records(card.verdicts):
        run = run_title(str(row.run), language)
        counts = {"run": run, "passed": row.passed, "failed": row.failed, "open": row.open, "of": row.of}
        if row.what == "index":
            name = card.scheme.index.name.in_language(language) if card.scheme and card.scheme.index else ""
            text = "{run}: {name} = {value} over {of} of {all} indicators; references from memory, no verdict"
            yield tr(text, run=run, name=name, value=number(row.value), of=row.of, all=row.passed + row.failed +
                     row.open)  # fmt: skip
        elif row.what == "total":
            yield tr("{run}: {passed} met, {failed} missed, {open} without a verdict, of {of}", **counts)
            if row.result:
                yield tr("{run}: the whole scheme is {result}", run=run, result=result(row.result, language))
        else:
            items = card.scheme.items.values() if card.scheme else ()
            names = listed([item.name.in_language(language) for item in items if item.choose == row.what], language)
            yield tr("{run}: at least {least} of {of} ({names}): {result}", run=run, least=int(row.least),
                     of=row.of, names=names, result=result(row.result, language))  # fmt: skip


def _without_data(missing: pd.DataFrame) -> Iterator[str]:
    """Yield one line that names the indicators for which statistics lack."""
    from mfa.views.wording import listed

    names = list(dict.fromkeys(missing["name"]))
    if names:
        text = "no data for: {names}; what statistics a scenario may give: mfa list statistics"
        yield tr(text, names=listed(names, current.get()))


def _refusals(table: pd.DataFrame) -> Iterator[str]:
    """Yield why indicators cannot be computed, a line a reason."""
    from mfa.views.wording import listed

    refused = table[table["result"] == "not computable"]
    for reason, rows in refused.groupby("reason", sort=False):
        names = list(dict.fromkeys(rows["name"]))
        yield tr("not computable: {names}; {reason}", names=listed(names, current.get()), reason=reason)


def _show_data(card: Scorecard, runs: Sequence[str]) -> None:
    from mfa.indicators.scorecard import records
    from mfa.views.scores import run_title

    rows = [
        [row.name, told(row.data)]
        for row in records(card.table[card.table["run"] == (runs[0] if runs else "")])
        if row.data and row.value == row.value
    ]
    if rows:
        print_heading(tr("Data used ({run})", run=run_title(runs[0], current.get())))
        print_table([tr("indicator"), tr("data")], rows)
