"""From the tables of a run to the flows of one diagram: one medium, one unit, a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from mfa.language import tr
from mfa.park.material import Material
from mfa.park.values import DAYS_PER_YEAR
from mfa.results.results import Results
from mfa.views.font import printable
from mfa.views.palette import CLASS_COLOURS, CLASS_NAMES, shades
from mfa.views.sankey.layout import node_amounts
from mfa.views.sankey.order import Flow
from mfa.views.sankey.shapes import Wording
from mfa.views.wording import Names, brief

Medium = Literal["waste", "materials", "water", "energy", "carriers"]
MEDIA: tuple[Medium, ...] = ("waste", "materials", "water", "energy", "carriers")

IN, OUT, OTHERS = "\x1fin", "\x1fout", "\x1fothers"
"""Ends of node keys: boundary nodes, and small firms drawn together, are one node as supplier and one as receiver."""
MOST_NODES = 32
LEAST_SHARE = 1e-6
"""Share of the largest flow below which a flow is left out of a diagram."""

BELONGS: dict[Medium, Callable[[Material], bool]] = {
    "waste": lambda m: m.is_mass and (m.is_waste or m.class_ == "by_product"),
    "materials": lambda m: m.is_mass and m.class_ not in ("water", "gas", "energy"),
    "water": lambda m: m.is_mass and m.class_ == "water",
    "energy": lambda m: not m.is_mass,
    "carriers": lambda m: m.is_mass and m.class_ == "energy",
}
"""Medium → whether a material belongs to it."""

TITLES: dict[Medium, str] = {
    "waste": "By-products and wastes",
    "materials": "Raw materials, products, by-products and wastes",
    "water": "Water",
    "energy": "Energy",
    "carriers": "Energy carriers by mass",
}


def yearly_flows(results: Results, medium: Medium) -> list[Flow]:
    """Return the flows of one medium, t dry (or GJ) a year, boundary nodes split into supplier and receiver."""
    park = results.scenario.park
    members = {key for key, material in park.materials.items() if BELONGS[medium](material)}
    table = results.flows[results.flows["material"].isin(members)]
    sums = table.groupby(["source", "target", "material", "unit"], as_index=False)["dry_amount"].sum()
    years, firms = results.days / DAYS_PER_YEAR, set(park.firms)
    flows = [
        Flow(_end(str(source), firms, OUT), _end(str(target), firms, IN), str(key), float(amount) / years, str(unit))
        for source, target, key, unit, amount in sums.itertuples(index=False)
    ]
    least = LEAST_SHARE * max((flow.amount for flow in flows), default=0.0)
    return _gather([flow for flow in flows if flow.amount > least], firms)


def _end(node: str, firms: set[str], role: str) -> str:
    return node if node in firms else node + role


def _gather(flows: list[Flow], firms: set[str]) -> list[Flow]:
    """Draw the smallest firms as one supplier and one receiver where there are more nodes than a reader can follow."""
    amounts = node_amounts(flows)
    spare = len(amounts) - MOST_NODES
    if spare <= 0:
        return flows
    small = set(sorted((key for key in amounts if key in firms), key=lambda key: (amounts[key], key))[: spare + 2])
    return [
        replace(
            flow,
            source=OTHERS + OUT if flow.source in small else flow.source,
            target=OTHERS + IN if flow.target in small else flow.target,
        )
        for flow in flows
    ]


def wording(flows: Sequence[Flow], names: Names) -> Wording:
    """Return what the labels of a diagram say."""
    unit = flows[0].unit if flows else "t"
    nodes = {node for flow in flows for node in (flow.source, flow.target)}
    return Wording(
        {node: printable(_node_name(node, nodes, names)) for node in nodes},
        {flow.material: printable(names.material(flow.material)) for flow in flows},
        partial(brief, unit=unit, language=names.language),
        tr("own use", names.language),
    )


def _node_name(node: str, nodes: set[str], names: Names) -> str:
    key = node.removesuffix(IN).removesuffix(OUT)
    name = tr("other firms", names.language) if key == OTHERS else names.node(key)
    if key + IN in nodes and key + OUT in nodes:
        text = "{name} (supplies)" if node.endswith(OUT) else "{name} (receives)"
        return tr(text, names.language, name=name)
    return name


def colours(flows: Sequence[Flow], names: Names) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return material → colour, a tone of its class's, and the legend: (class name, colour) of the classes drawn."""
    present = sorted({flow.material for flow in flows})
    tones: dict[str, str] = {}
    legend: list[tuple[str, str]] = []
    for class_, colour in CLASS_COLOURS.items():
        members = [material for material in present if names.class_of(material) == class_]
        tones |= dict(zip(members, shades(colour, len(members)), strict=True))
        legend += [(tr(CLASS_NAMES[class_], names.language), colour)] if members else []
    return tones, legend
