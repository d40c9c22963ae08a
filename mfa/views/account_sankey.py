"""Sankey diagrams of a reconciled account, one a layer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mfa.language import LANGUAGES, Language, tr
from mfa.park.values import ENVIRONMENT
from mfa.views.drawing import save_png, style
from mfa.views.figures import Sankey
from mfa.views.font import embedded, printable
from mfa.views.palette import SERIES
from mfa.views.sankey.flows import IN, OUT
from mfa.views.sankey.layout import layout
from mfa.views.sankey.legend import with_legend
from mfa.views.sankey.order import Flow
from mfa.views.sankey.shapes import Wording
from mfa.views.wording import brief

if TYPE_CHECKING:
    import pandas as pd

MOST_FLOWS = 60
"""Of a larger layer the largest flows are drawn: more cannot be told apart."""


def write_account_sankeys(flows: pd.DataFrame, folder: Path) -> list[Path]:
    """Write a diagram of each layer in both languages, as PNG and SVG.

    Args:
        flows: the table `flows` of a reconciliation: flow, source, target, layer, unit, reconciled.
        folder: made where missing.

    Returns:
        The files, `sankey_<number of the layer>.<language>.png` and `.svg`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [path for language in LANGUAGES for path in _write(flows, folder, language)]


def _write(flows: pd.DataFrame, folder: Path, language: Language) -> Iterator[Path]:
    with style():
        for number, layer in enumerate(flows["layer"].unique(), start=1):
            diagram = lay_out_layer(flows[flows["layer"] == layer], str(layer), language)
            if diagram is not None:
                path = folder / f"sankey_{number}.{language}.svg"
                font = embedded([diagram.as_svg()])
                path.write_text(diagram.as_svg_file(font), encoding="utf-8")
                yield path
                yield save_png(diagram.as_figure(), path.with_suffix(".png"))


def lay_out_layer(flows: pd.DataFrame, layer: str, language: Language) -> Sankey | None:
    """Return the diagram of one layer; None where no flow of it is known. A negative flow runs the other way."""
    known = flows[flows["reconciled"].abs() > 0]
    known = known.loc[known["reconciled"].abs().sort_values(ascending=False, kind="stable").index[:MOST_FLOWS]]
    unit = next((str(unit) for unit in known["unit"] if unit), "")
    left_out = tr("the {drawn} largest of {all} flows", language, drawn=len(known), all=len(flows)) \
        if len(flows) > len(known) == MOST_FLOWS else ""  # fmt: skip
    drawn = [
        _drawn(str(flow), str(source), str(target), float(amount), unit)
        for flow, source, target, amount in known[["flow", "source", "target", "reconciled"]].itertuples(index=False)
    ]
    if not drawn:
        return None
    nodes = {node for flow in drawn for node in (flow.source, flow.target)}
    words = Wording(
        {node: printable(_name(node, language)) for node in nodes},
        {flow.material: printable(flow.material) for flow in drawn},
        partial(brief, unit=unit, language=language),
        tr("own use", language),
    )
    names = sorted(flow.material for flow in drawn)
    tones = {name: SERIES[number % len(SERIES)] for number, name in enumerate(names)}
    exact = partial(brief, unit=unit, language=language, exact=True)
    title = ("，" if language == "zh" else ", ").join(
        part for part in (tr("Reconciled flows", language), _name(layer, language), unit, left_out) if part
    )
    return Sankey(with_legend(layout(drawn, words), [], exact), words, tones, printable(title))


def _drawn(flow: str, source: str, target: str, amount: float, unit: str) -> Flow:
    if amount < 0:
        source, target = target, source
    return Flow(
        OUT if source == ENVIRONMENT else source, IN if target == ENVIRONMENT else target, flow, abs(amount), unit
    )


def _name(node: str, language: Language) -> str:
    if node in (IN, OUT, ENVIRONMENT):
        return tr("environment", language)
    return tr("goods", language) if node == "goods" else node
