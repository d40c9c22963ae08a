"""Writing the pages: the report of a run in one language, and runs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mfa.language import Language, tr
from mfa.results.manifest import describe_machine, describe_run, input_hash
from mfa.results.results import Results
from mfa.views.figures import Alone, Loop, chart_svgs, names_of, sankeys
from mfa.views.report.assessment import assessment
from mfa.views.report.document import Document, Picture, Section, render
from mfa.views.report.evidence import evidence
from mfa.views.report.in_use import in_use
from mfa.views.report.making import making, notes
from mfa.views.report.measured import measured
from mfa.views.report.outcome import carbon, change, money, promise, stores
from mfa.views.report.proposal import left_out, proposal
from mfa.views.report.story import Story
from mfa.views.report.summary import summary
from mfa.views.report.today import other_flows, today
from mfa.views.retelling import teller

FILES: Mapping[Language, str] = {"en": "report.html", "zh": "report.zh.html"}
"""Language → file name of the report."""


FOOTER = (
    "Numbers are rounded to three significant digits; the tables of the run hold them in full."
    " * rests on a number from memory, assumed or made up."
)


def write_report(
    loop: Loop | Results, folder: Path, language: Language, manifest: Mapping[str, Any] | None = None
) -> Path:
    """Write the report of a closed loop, or of one simulation, as one self-contained page; return the file.

    Args:
        loop: the runs and the plan; results alone are reported without a plan.
        folder: where `report.html` or `report.zh.html` is written; made where missing.
        language: of the report.
        manifest: of the run; made from the loop where it is not given.
    """
    told = Alone(loop) if isinstance(loop, Results) else loop
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILES[language]
    path.write_text(report_page(told, language, manifest), encoding="utf-8")
    return path


def report_page(loop: Loop, language: Language, manifest: Mapping[str, Any] | None = None) -> str:
    """Return the report of a loop as HTML."""
    names = names_of(loop, language)
    pictures = {name: Picture(diagram.as_svg(), title=diagram.title) for name, diagram in sankeys(loop, names)}
    pictures |= {name: Picture(element) for name, element in chart_svgs(loop, names).items()}
    story = Story(loop, names, teller(names), pictures, manifest or _manifest(loop))
    scenario = loop.before.scenario
    other: Language = "zh" if language == "en" else "en"
    return render(
        Document(
            language, scenario.name.in_language(language), scenario.description.in_language(language), _sections(story),
            _labels(story), FILES[other],
            tr(FOOTER, language),
        )
    )  # fmt: skip


def _sections(story: Story) -> list[Section]:
    plan = story.plan
    return [
        summary(story),
        *measured(story),
        today(story),
        *([proposal(story, plan)] if plan else []),
        *([promise(story, plan)] if plan and story.after is not None else []),
        change(story),
        *in_use(story),
        *([left_out(story, plan)] if plan and plan.refusals else []),
        *other_flows(story),
        *stores(story),
        money(story),
        carbon(story),
        *assessment(story),
        *notes(story),
        evidence(story),
        making(story),
    ]


def _labels(story: Story) -> Sequence[str]:
    if not story.before.scenario.park.illustrative:
        return ()
    text = "Illustrative: the layout of this park is made up for teaching; it is not a real park."
    return (story.say(text),)


def _manifest(loop: Loop) -> dict[str, Any]:
    from mfa.files import scenario_text

    scenario = loop.before.scenario
    runs = [run for run in (loop.before, loop.after) if run is not None]
    digest = input_hash(scenario_text(scenario))
    return describe_run(scenario, runs, loop.plan, loop.notes) | {"input_sha256": digest, "machine": describe_machine()}
