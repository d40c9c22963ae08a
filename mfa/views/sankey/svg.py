"""A laid-out Sankey diagram as SVG text, to stand in a page or in a file."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from mfa.views.font import FAMILY
from mfa.views.palette import INK, PAPER, SOFT_INK
from mfa.views.sankey.order import Flow
from mfa.views.sankey.shapes import Diagram, Label, NodeBox, Path, Point, Ribbon, Swatch, Wording

Colour = Callable[[Flow], str]
OPACITY = 0.55
ARROW = 3.6
"""Half the height of the mark on a lane that runs to the left."""


def svg(diagram: Diagram, wording: Wording, colour: Colour, title: str) -> str:
    """Return the diagram as an `<svg>` element; every text is escaped, every ribbon and bar has a tooltip."""
    parts = [
        f'<svg viewBox="0 0 {_n(diagram.width)} {_n(diagram.height)}" '
        f'width="{_n(diagram.width)}" height="{_n(diagram.height)}" role="img" '
        f"font-family=\"'{FAMILY}', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif\">",
        f"<title>{escape(title)}</title>",
        f'<g fill="none" stroke-opacity="{OPACITY}">',
        *(_ribbon(ribbon, wording, colour) for ribbon in diagram.ribbons),
        "</g>",
        *(_arrow(ribbon.arrow, colour(ribbon.flow)) for ribbon in diagram.ribbons if ribbon.arrow),
        f'<g fill="{INK}">',
        *(_bar(node, wording) for node in diagram.nodes),
        "</g>",
        f'<g fill="{INK}">',
        *(_label(ribbon.label, True) for ribbon in diagram.ribbons if ribbon.label and ribbon.kind == "forward"),
        "</g>",
        f'<g fill="{INK}" stroke="{PAPER}" stroke-width="2.6" stroke-linejoin="round" paint-order="stroke">',
        *(_label(node.label, True) for node in diagram.nodes),
        *(_label(ribbon.label, False) for ribbon in diagram.ribbons if ribbon.label and ribbon.kind != "forward"),
        "</g>",
        *(_swatch(swatch) for swatch in diagram.swatches),
        "</svg>",
    ]
    return "\n".join(parts)


def _ribbon(ribbon: Ribbon, wording: Wording, colour: Colour) -> str:
    flow = ribbon.flow
    tip = f"{wording.say(flow)}: {wording.nodes[flow.source]} → {wording.nodes[flow.target]}"
    return (
        f'<path d="{_path(ribbon.path)}" stroke="{colour(flow)}" stroke-width="{_n(ribbon.width)}">'
        f"<title>{escape(tip)}</title></path>"
    )


def _bar(node: NodeBox, wording: Wording) -> str:
    tip = f"{wording.nodes[node.key]}: {wording.amount(node.amount)}"
    box = node.box
    return (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}">'
        f"<title>{escape(tip)}</title></rect>"
    )


def _arrow(tip: Point, colour: str) -> str:
    x, y = tip
    points = f"{_n(x - ARROW)},{_n(y)} {_n(x + ARROW)},{_n(y - ARROW)} {_n(x + ARROW)},{_n(y + ARROW)}"
    return f'<polygon points="{points}" fill="{colour}"/>'


def _swatch(swatch: Swatch) -> str:
    box = swatch.box
    patch = f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
    return f'{patch} fill="{swatch.colour}"/>{_label(swatch.label, False)}'


def _label(label: Label, named: bool) -> str:
    """Write the lines of a label; the last line of a node's label is its amount, in a softer colour."""
    last = len(label.lines) - 1
    return "".join(
        f'<text x="{_n(label.x)}" y="{_n(label.baseline(line))}" font-size="{_n(label.size)}" '
        f'text-anchor="{label.anchor}"{_soft(not named or 0 < line == last)}>{escape(text)}</text>'
        for line, text in enumerate(label.lines)
    )


def _soft(soft: bool) -> str:
    return f' fill="{SOFT_INK}"' if soft else ""


def _path(path: Path) -> str:
    return "".join(letter + " ".join(f"{_n(x)},{_n(y)}" for x, y in points) for letter, points in path)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
