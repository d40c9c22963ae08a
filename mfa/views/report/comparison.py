"""Any number of runs side by side, as one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mfa.language import Language, tr
from mfa.results.results import Results
from mfa.views.charts import draw_materials, draw_utilisation
from mfa.views.drawing import inline_svg, style
from mfa.views.figures import lay_out
from mfa.views.measures import headline
from mfa.views.report.document import Document, Figure, Figures, Part, Picture, Section, render
from mfa.views.report.indicators import Runs, indicator_table, target_tables
from mfa.views.wording import Names, share

FILES: Mapping[Language, str] = {"en": "comparison.html", "zh": "comparison.zh.html"}
"""Language → file name of the comparison."""
KNOWN_RUNS = {"before": "today", "after": "with the plan"}
"""Name of a run of a closed loop → how it is called."""


def write_comparison(results: Sequence[Results], folder: Path, language: Language) -> Path:
    """Write the runs side by side as one self-contained page; return the file.

    Args:
        results: the runs, in the order of the columns.
        folder: where `comparison.html` or `comparison.zh.html` is written; made where missing.
        language: of the page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILES[language]
    path.write_text(comparison_page(results, language), encoding="utf-8")
    return path


def comparison_page(results: Sequence[Results], language: Language) -> str:
    """Return the runs side by side as HTML."""
    names = Names(tuple(run.scenario for run in results), language)
    runs = dict(zip(_titles(results, language), results, strict=True))
    other: Language = "zh" if language == "en" else "en"
    sections = [
        Section("summary", tr("Utilisation", language), [_headlines(runs, language), *_charts(runs, names)]),
        Section(
            "indicators",
            tr("Indicators", language),
            [indicator_table(runs, language), *target_tables(runs, language)],
        ),
        Section("flows", tr("By-products and wastes", language), _diagrams(runs, names)),
    ]
    title = tr("Comparison of {number} runs", language, number=len(runs))
    return render(Document(language, title, "", sections, _notices(results, language), FILES[other]))


def _titles(results: Sequence[Results], language: Language) -> list[str]:
    """Return one title a run, all different: the scenario's name, the run's, both, or both with a number."""
    scenarios = [run.scenario.name.in_language(language) or run.run for run in results]
    runs = [tr(KNOWN_RUNS.get(run.run, run.run), language) for run in results]
    both = [f"{scenario}: {run}" for scenario, run in zip(scenarios, runs, strict=True)]
    numbered = [f"{number}. {name}" for number, name in enumerate(both, start=1)]
    return next(titles for titles in (scenarios, runs, both, numbered) if len(set(titles)) == len(titles))


def _notices(results: Sequence[Results], language: Language) -> list[str]:
    text = "Illustrative: the layout of {name} is made up for teaching; it is not a real park."
    names = [run.scenario.name.in_language(language) for run in results if run.scenario.park.illustrative]
    return [tr(text, language, name=name) for name in dict.fromkeys(names)]


def _headlines(runs: Runs, language: Language) -> Figures:
    return Figures([Figure(name, share(headline(run), language)) for name, run in runs.items()])


def _charts(runs: Runs, names: Names) -> list[Part]:
    with style():
        drawn = {"utilisation": draw_utilisation(runs, None, names), "materials": draw_materials(runs, names)}
        return [Picture(inline_svg(figure, name)) for name, figure in drawn.items() if figure is not None]


def _diagrams(runs: Runs, names: Names) -> list[Part]:
    diagrams = [lay_out(run, "waste", names, when) for when, run in runs.items()]
    return [Picture(diagram.as_svg(), title=diagram.title) for diagram in diagrams if diagram is not None]
