"""Where things stand on the map: places in kilometres, or a schematic arrangement where places are unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, degrees, radians

from mfa.park.park import EARTH_RADIUS_KM, Park
from mfa.park.values import Place
from mfa.views.lettering import text_width
from mfa.views.sankey.shapes import Box

KNOWN_SHARE = 0.6
"""Share of the firms whose places must be known for a map; below it the arrangement is schematic."""
MOST_ARRANGED = 80
"""Nodes beyond which a schematic arrangement is a circle."""
AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.8, 0.8), (-0.8, 0.8), (0.8, -0.8), (-0.8, -0.8))
"""Directions in which a label may stand from its node, the best first."""


@dataclass(frozen=True)
class Places:
    """Node → place, in km to the east and north of the middle, or in no unit where `schematic`."""

    at: Mapping[str, Place]
    schematic: bool
    missing: tuple[str, ...] = ()


def find_places(park: Park, pairs: Sequence[tuple[str, str]]) -> Places:
    """Return the places of the nodes that `pairs` connect; all schematic where too few firms have one."""
    nodes = sorted({*park.firms, *(node for pair in pairs for node in pair)})
    known = {node: at for node in nodes if (at := _at(park, node)) is not None}
    firms = [node for node in nodes if node in park.firms]
    if not firms or sum(node in known for node in firms) < KNOWN_SHARE * len(firms) or len(set(known.values())) < 2:
        return Places(_arrange(nodes, pairs), schematic=True)
    missing = tuple(node for node in nodes if node not in known)
    return Places(_project(known, park.coordinates == "lonlat"), schematic=False, missing=missing)


def _at(park: Park, node: str) -> Place | None:
    return park.node(node).at if node in park.firms or node in park.boundary else None


def _project(places: Mapping[str, Place], lonlat: bool) -> dict[str, Place]:
    """Return kilometres from the middle; longitude and latitude by the equirectangular projection."""
    xs, ys = [place[0] for place in places.values()], [place[1] for place in places.values()]
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    north = EARTH_RADIUS_KM / degrees(1.0) if lonlat else 1.0
    east = north * cos(radians(middle[1])) if lonlat else 1.0
    return {node: ((x - middle[0]) * east, (y - middle[1]) * north) for node, (x, y) in places.items()}


def _arrange(nodes: Sequence[str], pairs: Sequence[tuple[str, str]]) -> dict[str, Place]:
    """Return places by the method of Kamada and Kawai (1989), linked nodes near each other; a circle of very many."""
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(sorted((min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]))
    start = nx.circular_layout(graph)
    if len(nodes) > MOST_ARRANGED:
        return {node: (float(x), float(y)) for node, (x, y) in start.items()}
    apart = {a: dict.fromkeys(nodes, 3.0) | {b: float(length) for b, length in reached.items()}
             for a, reached in nx.shortest_path_length(graph)}  # fmt: skip
    found = nx.kamada_kawai_layout(graph, dist=apart, pos=start) if len(nodes) > 1 else start
    return {node: (float(x), float(y)) for node, (x, y) in found.items()}


def place_labels(
    texts: Mapping[str, str], spots: Mapping[str, Place], page: Box, size: float, away: float
) -> dict[str, Box]:
    """Return a box for each label beside its node, on the page and clear of nodes and labels as far as possible.

    Args:
        texts: node → label.
        spots: node → place, in points, y downwards.
        page: where labels may stand.
        size: font size.
        away: distance of a label from the middle of its node.
    """
    taken = [Box(x - away, y - away, 2 * away, 2 * away) for x, y in spots.values()]
    placed: dict[str, Box] = {}
    for node in sorted(texts, key=lambda node: (spots[node][1], node)):
        width, height = text_width(texts[node], size), 1.3 * size
        options = [_beside(spots[node], direction, away, width, height) for direction in AROUND]
        placed[node] = min(options, key=lambda box: _trouble(box, taken, page))
        taken.append(placed[node])
    return placed


def _trouble(box: Box, taken: Sequence[Box], page: Box) -> int:
    return sum(box.overlaps(other) for other in taken) + (0 if page.holds(box) else 2)


def _beside(spot: Place, direction: tuple[float, float], away: float, width: float, height: float) -> Box:
    x, y = spot[0] + direction[0] * away, spot[1] - direction[1] * away
    return Box(x - width * (1 - direction[0]) / 2, y - height * (1 + direction[1]) / 2, width, height)
