"""All figures of a run: drawn once a language, written as files, or shown in the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mfa.evidence import Resting, rest_of
from mfa.language import LANGUAGES, Language, tr
from mfa.park.plan import Plan
from mfa.results.manifest import Notes
from mfa.results.results import Results
from mfa.views.charts import draw_benefit, draw_materials, draw_obstacles, draw_stores, draw_utilisation
from mfa.views.drawing import inline_svg, save, save_png, style
from mfa.views.font import FAMILY, embedded
from mfa.views.in_use_chart import draw_in_use
from mfa.views.measured import draw_measured
from mfa.views.park_map import draw_map
from mfa.views.sankey import figure as sankey_figure
from mfa.views.sankey.flows import MEDIA, TITLES, Medium, colours, wording, yearly_flows
from mfa.views.sankey.layout import layout
from mfa.views.sankey.legend import with_legend
from mfa.views.sankey.order import Flow
from mfa.views.sankey.shapes import Diagram, Wording
from mfa.views.sankey.svg import svg
from mfa.views.wording import Names, brief

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from mfa.experiments.balanced_park import BaseYear


SVG = "http://www.w3.org/2000/svg"
"""The XML namespace of SVG, which a file must name and a page need not."""


class Loop(Protocol):
    """A closed loop (`mfa.experiments.Loop`), or only its first part where nothing was suggested."""

    @property
    def before(self) -> Results:
        """The park as it is."""

    @property
    def plan(self) -> Plan | None:
        """What the optimiser proposes."""

    @property
    def after(self) -> Results | None:
        """The park with the plan, simulated again."""

    @property
    def notes(self) -> Notes:
        """What a reader should know about the input."""

    @property
    def base(self) -> BaseYear | None:
        """The balanced year that it starts from, where something was measured."""

    @property
    def measured(self) -> pd.DataFrame | None:
        """Measured, reconciled and simulated by flow, where something was measured."""

    @property
    def disturbances(self) -> Sequence[str]:
        """What may keep the plan from its promise, as sentences."""

    @property
    def resting(self) -> Mapping[str, Sequence[Resting]]:
        """Run → what its headline results rest on."""


@dataclass(frozen=True)
class Alone:
    """A simulation without a plan, in the place of a loop."""

    before: Results
    plan: Plan | None = None
    after: Results | None = None
    notes: Notes = field(default_factory=Notes)
    disturbances: tuple[str, ...] = ()
    base: None = None
    measured: None = None

    @cached_property
    def resting(self) -> dict[str, tuple[Resting, ...]]:
        """Run → what its headline results rest on."""
        return {self.before.run: rest_of(self.before)}


def names_of(loop: Loop, language: Language) -> Names:
    """Return the names of a loop, those of the plan's park first."""
    runs = [run for run in (loop.after, loop.before) if run is not None]
    return Names(tuple(run.scenario for run in runs), language)


def titled_runs(loop: Loop, language: Language) -> dict[str, Results]:
    """Return title → run: the park today and, where there is one, the park with the plan."""
    runs = {tr("today", language): loop.before}
    if loop.after is not None:
        runs[tr("with the plan", language)] = loop.after
    return runs


@dataclass(frozen=True)
class Sankey:
    """A laid-out Sankey diagram with what it needs to be drawn."""

    diagram: Diagram
    wording: Wording
    tones: Mapping[str, str]
    title: str

    def colour(self, flow: Flow) -> str:
        """Return the colour of a flow: that of its material."""
        return self.tones[flow.material]

    def as_svg(self) -> str:
        """Return the diagram as an `<svg>` element for a page."""
        return svg(self.diagram, self.wording, self.colour, self.title)

    def as_svg_file(self, font: str) -> str:
        """Return the diagram as an SVG file that carries its font, a `data:` address."""
        face = f"@font-face{{font-family:'{FAMILY}';src:url({font})}}"
        element = self.as_svg().replace("<svg", f'<svg xmlns="{SVG}"', 1)
        return element.replace("<title>", f"<style>{face}</style><title>", 1)

    def as_figure(self) -> Figure:
        """Return the diagram as a matplotlib figure with its title."""
        return sankey_figure.figure(self.diagram, self.colour, self.title)


def lay_out(results: Results, medium: Medium, names: Names, when: str = "") -> Sankey | None:
    """Return the Sankey diagram of one medium of a run; None where nothing of it flows."""
    flows = yearly_flows(results, medium)
    if not flows:
        return None
    words = wording(flows, names)
    tones, legend = colours(flows, names)
    exact = partial(brief, unit=flows[0].unit, language=names.language, per_year=True, exact=True)
    title = tr(TITLES[medium], names.language)
    unit = tr("GJ a year" if flows[0].unit == "GJ" else "dry tonnes a year", names.language)
    heading = ("，" if names.language == "zh" else ", ").join(part for part in (title, when, unit) if part)
    return Sankey(with_legend(layout(flows, words), legend, exact), words, tones, heading)


def sankeys(loop: Loop, names: Names) -> Iterator[tuple[str, Sankey]]:
    """Yield name and diagram: wastes of every run, the other media of the last one."""
    for when, run in titled_runs(loop, names.language).items():
        for medium in MEDIA:
            if medium == "waste" or run is (loop.after or loop.before):
                diagram = lay_out(run, medium, names, when)
                if diagram is not None:
                    yield f"sankey_{medium}_{run.run}", diagram


def charts(loop: Loop, names: Names) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure of the map and all charts that the loop has something to show on."""
    runs, plan = titled_runs(loop, names.language), loop.plan
    drawn: list[tuple[str, Callable[[], Figure | None]]] = [
        ("map", lambda: draw_map(loop.after or loop.before, plan, names)),
        ("utilisation", lambda: draw_utilisation(runs, plan.utilisation if plan else None, names)),
        ("utilisation_by_material", lambda: draw_materials(runs, names)),
        ("storage", lambda: draw_stores(runs, names)),
        ("products", lambda: draw_in_use(loop.before.scenario, names)),
        ("measured", lambda: draw_measured(loop.measured, names)),
    ]
    if loop.after is not None:
        drawn.append(("money", partial(draw_benefit, loop.before, loop.after, names)))
    if plan is not None:
        drawn.append(("reasons", partial(draw_obstacles, plan, names)))
    for name, draw in drawn:
        figure = draw()
        if figure is not None:
            yield name, figure


def chart_svgs(loop: Loop, names: Names) -> dict[str, str]:
    """Return name → `<svg>` element of the map and all charts."""
    with style():
        return {name: inline_svg(figure, name) for name, figure in charts(loop, names)}


def write_figures(loop: Loop, folder: Path) -> list[Path]:
    """Write the figures that the scenario asks for (`outputs.figures`), and that of measurements, as PNG and SVG.

    Returns the files in both languages, `<figure>.<language>.png` and `.svg` below `folder`, made where missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = loop.before.scenario.outputs.figures
    return [path for language in LANGUAGES for path in _write(loop, folder, language, wanted)]


def _write(loop: Loop, folder: Path, language: Language, wanted: Sequence[str]) -> Iterator[Path]:
    names = names_of(loop, language)
    with style():
        if "sankey" in wanted:
            yield from _write_sankeys(dict(sankeys(loop, names)), folder, language)
        for name, figure in charts(loop, names):
            if name.partition("_")[0] in (*wanted, "measured"):
                yield from save(figure, folder / f"{name}.{language}")


def _write_sankeys(diagrams: Mapping[str, Sankey], folder: Path, language: Language) -> Iterator[Path]:
    font = embedded(diagram.as_svg() for diagram in diagrams.values())
    for name, diagram in diagrams.items():
        path = folder / f"{name}.{language}.svg"
        path.write_text(diagram.as_svg_file(font), encoding="utf-8")
        yield path
        yield save_png(diagram.as_figure(), path.with_suffix(".png"))
