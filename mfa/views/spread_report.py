"""Figures and report of uncertainty: how sure results are, and what they depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.accounting.designs import QUANTILES
from mfa.experiments.propagation import Propagation
from mfa.indicators.utilisation import HEADLINE
from mfa.language import Language, tr
from mfa.views.drawing import inline_svg, save, style
from mfa.views.input_names import input_name
from mfa.views.measures import written
from mfa.views.report.document import (
    Bullets,
    Cell,
    Document,
    Figure,
    Figures,
    Notice,
    Paragraph,
    Part,
    Picture,
    Section,
    Table,
    render,
)
from mfa.views.report.pages import FILES
from mfa.views.spread_charts import draw_fan, draw_influence, draw_ranges
from mfa.views.spread_words import (
    SHOWN,
    chance_of_promise,
    headline_influence,
    headline_run,
    influence_cells,
    quantile_cells,
    run_names,
    sentence_of,
)
from mfa.views.wording import Names, number, share

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

MOST_ROWS, MOST_BARS, MOST_FAILURES = 12, 12, 20
LEAST_BAR = 0.005
"""Smallest share of the variance that is drawn."""


def write_spread_figures(found: Propagation, folder: Path) -> None:
    """Write the figures in English as PNG and SVG files into a new folder."""
    folder.mkdir(parents=True)
    with style():
        for name, drawing in _drawings(found, "en"):
            save(drawing, folder / name)


def write_spread_report(found: Propagation, folder: Path, language: Language) -> Path:
    """Write the report as one self-contained page; return the file."""
    path = folder / FILES[language]
    path.write_text(spread_page(found, language), encoding="utf-8")
    return path


def spread_page(found: Propagation, language: Language) -> str:
    """Return the report of uncertainty as HTML."""
    names = Names((found.scenario,), language)
    with style():
        pictures = {name: Picture(inline_svg(drawing, name)) for name, drawing in _drawings(found, language)}
    other: Language = "zh" if language == "en" else "en"
    heading = tr("Uncertainty: {name}", language, name=found.scenario.name.in_language(language))
    illustrative = tr("Illustrative: the layout of this park is made up for teaching; it is not a real park.", language)
    sections = [
        _summary(found, language, pictures),
        Section("inputs", tr("What is uncertain", language), [_inputs(found, names)]),
        _influence(found, names, pictures),
        Section("results", tr("Results with their spread", language), [_results(found, language)]),
        *_failures(found, language),
        _making(found, language),
    ]
    notices = [illustrative] if found.scenario.park.illustrative else []
    return render(Document(language, heading, sentence_of(found, language), sections, notices, FILES[other]))


def _drawings(found: Propagation, language: Language) -> Iterator[tuple[str, Drawing]]:
    names = Names((found.scenario,), language)
    promised = found.plan.utilisation if found.plan is not None else None
    ranges = _ranges(found, names)
    if ranges:
        yield "ranges", draw_ranges(ranges, promised, language)
    fan = {run_names(language)[run]: rows for run, rows in _by_run(found.utilisation) if len(rows) > 1}
    if fan:
        yield "utilisation", draw_fan(fan, promised, language)
    rows = headline_influence(found)
    rows = rows[rows["share"] >= LEAST_BAR].head(MOST_BARS)
    if len(rows):
        labels = [input_name(path, found.scenario, names) for path in rows["input"]]
        yield "influence", draw_influence(labels, (100 * rows["effect"]).tolist())


def _by_run(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(run, rows) for run in ("before", "after") if len(rows := table[table["run"] == run])]


def _ranges(found: Propagation, names: Names) -> dict[str, pd.DataFrame]:
    """Return title of a run → the quantiles of its utilisation, the whole park first, then waste by waste."""
    table = found.quantiles[found.quantiles["indicator"] == HEADLINE].dropna(subset=["q50"])
    runs = _by_run(table)
    wanted = sorted({of for _, rows in runs for of in rows["of"]})[:MOST_ROWS]
    labels = [names.material(of) if of else tr("all solid waste", names.language) for of in wanted]
    return {
        run_names(names.language)[run]: rows.set_index("of")[list(QUANTILES)].reindex(wanted).assign(label=labels)
        for run, rows in runs
        if wanted
    }


def _summary(found: Propagation, language: Language, pictures: Mapping[str, Picture]) -> Section:
    table = found.quantiles
    rates = table[(table["indicator"] == HEADLINE) & (table["of"] == "")]
    items = [_headline(row, language) for _, rows in _by_run(rates) for row in rows.to_dict("records")]
    chance = chance_of_promise(found)
    if chance is not None and found.plan is not None:
        remark = tr("promised {promised}", language, promised=share(found.plan.utilisation, language))
        items.append(Figure(tr("draws that keep the promise", language), share(chance, language), remark))
    parts: list[Part] = [Figures(items)] if items else []
    captions = {
        "ranges": "Thin: nine of ten draws; thick: half of them; mark: median.",
        "utilisation": "By month: the line is the median, the bands hold half and nine tenths of all draws.",
    }
    for name, caption in captions.items():
        if name in pictures:
            parts += [pictures[name], Paragraph(tr(caption, language), soft=True)]
    return Section("summary", tr("Utilisation", language), parts)


def _headline(row: Mapping[Any, Any], language: Language) -> Figure:
    low, high, central, middle = (written(row[key], row["unit"], language) for key in ("q05", "q95", "central", "q50"))
    label = tr("utilisation {run}", language, run=run_names(language)[row["run"]])
    remark = tr("{low} to {high} in nine of ten draws; central value {central}", language,
                low=low, high=high, central=central)  # fmt: skip
    return Figure(label, middle, remark, strong=row["run"] == "after")


def _inputs(found: Propagation, names: Names) -> Table:
    language = names.language
    heads = [tr(head, language) for head in ("value", "distribution", "central", "mean", "std", "unit", "path")]
    rows = [
        [input_name(path, found.scenario, names), f"{tr(law, language)}({numbers})", number(central), number(mean),
         number(std), unit, Cell(path, "soft")]
        for path, law, numbers, central, mean, std, unit in found.inputs.itertuples(index=False)
    ]  # fmt: skip
    caption = tr("Tonnes are dry. The values are taken as independent of each other.", language)
    return Table(heads, rows, frozenset({2, 3, 4}), caption)


def _influence(found: Propagation, names: Names, pictures: Mapping[str, Picture]) -> Section:
    language = names.language
    rows = headline_influence(found)
    if rows.empty:
        parts: list[Part] = [Paragraph(tr("The utilisation does not vary, or runs are too few to say why.", language))]
        return Section("influence", tr("What it depends on", language), parts)
    cells = influence_cells(rows, found, names)
    heads = [tr("value", language), tr("share of the variance", language), tr("direction", language)]
    words = tr("Percentage points of utilisation ({run}) that one standard deviation of each value changes.", language,
               run=run_names(language)[headline_run(found)])  # fmt: skip
    explained = tr("Explained by straight lines: {share} of the variance.", language,
                   share=share(float(rows["explained"].iloc[0]), language))  # fmt: skip
    bent = _bent(rows)
    notes = [Notice(tr("The slopes differ on either side of the mean, so a limit is met there: trust Monte Carlo.",
                       language))] if bent else []  # fmt: skip
    return Section("influence", tr("What it depends on", language), [
        Paragraph(words), *([pictures["influence"]] if "influence" in pictures else []),
        Table(heads, cells, frozenset({1})), Paragraph(explained, soft=True), *notes,
    ])  # fmt: skip


def _bent(rows: pd.DataFrame) -> bool:
    """Whether some slope differs by more than a tenth below and above the mean."""
    if "slope_below" not in rows:
        return False
    below, above = rows["slope_below"], rows["slope_above"]
    return bool(((below - above).abs() > 0.1 * (below.abs() + above.abs())).any())


def _results(found: Propagation, language: Language) -> Table:
    """Return the indicators of the whole park that vary, with their quantiles."""
    table = found.quantiles
    rows = table[(table["of"] == "") & ((table["std"] > 0) | (table["indicator"] == HEADLINE))]
    heads = [tr(head, language) for head in ("indicator", "run", *SHOWN)]
    cells = [quantile_cells(row, language) for row in rows.to_dict("records")]
    caption = tr("q05 to q95 are quantiles: so many per cent of the draws lie below.", language)
    return Table(heads, cells, frozenset(range(2, len(heads))), caption)


def _failures(found: Propagation, language: Language) -> list[Section]:
    items = [
        tr("sample {sample}, replication {replication}: {message}", language,
           sample=sample, replication=replication, message=message)
        for (sample, replication), message in list(found.failures.items())[:MOST_FAILURES]
    ]  # fmt: skip
    heading = tr("{number} failed runs, left out above", language, number=len(found.failures))
    return [Section("failures", heading, [Bullets(items)])] if items else []


def _making(found: Propagation, language: Language) -> Section:
    errors = found.quantiles[(found.quantiles["indicator"] == HEADLINE) & (found.quantiles["of"] == "")]
    parts: list[Any] = [Paragraph(sentence_of(found, language))]
    parts += [
        Paragraph(tr("Standard error of the mean utilisation ({run}): {error}.", language,
                     run=run_names(language)[row["run"]], error=written(row["standard_error"], row["unit"], language)))
        for row in errors.to_dict("records")
        if isfinite(row["standard_error"])
    ]  # fmt: skip
    words = (
        "Share of the variance: (slope × std)² over their sum (JCGM 100:2008, eq. 10)."
        if found.method == "linear"
        else "Share of the variance: squared standardised regression coefficients (Helton & Davis 2003,"
        " doi 10.1016/S0951-8320(03)00058-9); with many draws they add up to R²."
    )
    return Section("making", tr("How this was made", language), [*parts, Paragraph(tr(words, language), soft=True)])
