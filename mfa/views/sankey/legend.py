"""The legend under a Sankey diagram: what the colours mean, and how much a width stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import floor, log10

from mfa.views.lettering import text_width
from mfa.views.palette import SOFT_INK
from mfa.views.sankey.shapes import Box, Diagram, Swatch, label_at, label_height

SIZE, PATCH, ROOM, ABOVE = 9.0, 9.0, 14.0, 16.0
"""Font size, side of a patch, room between entries, room above the legend."""
TALLEST = 30.0
"""Most points that the gauge may take."""


def with_legend(diagram: Diagram, entries: Sequence[tuple[str, str]], written: Callable[[float], str]) -> Diagram:
    """Return the diagram with a legend of (text, colour) entries and a gauge below it."""
    if not diagram.nodes:
        return diagram
    measure = round_down(TALLEST / diagram.scale)
    tall = measure * diagram.scale
    line = label_height(1, SIZE)
    gauge = Box(diagram.width - 3, diagram.height + ABOVE, 3, tall)
    text = label_at([written(measure)], gauge.x - 5, gauge.y + (tall - line) / 2, "end", SIZE)
    swatches, bottom = _rows(entries, diagram, text.box.x - ROOM)
    height = max(bottom, gauge.y + tall)
    return replace(diagram, height=height, swatches=(*swatches, Swatch(gauge, SOFT_INK, text)))


def _rows(entries: Sequence[tuple[str, str]], diagram: Diagram, room: float) -> tuple[list[Swatch], float]:
    swatches: list[Swatch] = []
    x, y, line = 0.0, diagram.height + ABOVE, label_height(1, SIZE)
    for text, colour in entries:
        wide = PATCH + 5 + text_width(text, SIZE) + ROOM
        if x > 0 and x + wide > room:
            x, y = 0.0, y + line + 3
        label = label_at([text], x + PATCH + 5, y, "start", SIZE)
        swatches.append(Swatch(Box(x, y + (line - PATCH) / 2, PATCH, PATCH), colour, label))
        x += wide
    return swatches, y + line


def round_down(value: float) -> float:
    """Return the largest of 1, 2, 5 × 10ⁿ that is not above `value`."""
    power = 10.0 ** floor(log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))
