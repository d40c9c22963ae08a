"""The park: firms and boundary nodes as a graph of links."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from math import asin, cos, hypot, radians, sin, sqrt
from typing import TYPE_CHECKING, Annotated, Literal

from mfa.park.firm import Boundary, Firm, Node
from mfa.park.in_use import ProductInUse
from mfa.park.link import Link
from mfa.park.material import Material
from mfa.park.technology import Technology
from mfa.park.values import ENVIRONMENT, Freeze, FrozenDict, Name, Place, Text, Value

if TYPE_CHECKING:
    import networkx as nx

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, km (IUGG 1980, R1)."""


class Park(Value):
    """A graph of firms and boundary nodes that exchange materials.

    The keys of `materials`, `technologies`, `firms`, `boundary` and `in_use` are the ids of their values.
    """

    name: Name = Text()
    coordinates: Literal["lonlat", "km"] = "lonlat"
    materials: Annotated[FrozenDict[str, Material], Freeze] = FrozenDict()
    technologies: Annotated[FrozenDict[str, Technology], Freeze] = FrozenDict()
    firms: Annotated[FrozenDict[str, Firm], Freeze] = FrozenDict()
    boundary: Annotated[FrozenDict[str, Boundary], Freeze] = FrozenDict()
    links: tuple[Link, ...] = ()
    in_use: Annotated[FrozenDict[str, ProductInUse], Freeze] = FrozenDict()
    detour_factor: float = 1.0
    source: str | None = None
    illustrative: bool = False

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The park as a frozen `networkx.MultiDiGraph`.

        Node key: firm or boundary id, attribute `firm` or `boundary`; edge key: link id, attribute `link`.
        """
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(park=self)
        for key, firm in sorted(self.firms.items()):
            graph.add_node(key, firm=firm)
        for key, boundary in sorted(self.boundary.items()):
            graph.add_node(key, boundary=boundary)
        for link in sorted(self.links, key=lambda link: link.id):
            graph.add_edge(link.from_, link.to, key=link.id, link=link)
        nx.freeze(graph)
        return graph

    @staticmethod
    def from_graph(graph: nx.MultiDiGraph[str]) -> Park:
        """Build a park from a graph shaped like `Park.graph`.

        Materials, technologies and the name come from the graph attribute `park`; nodes, links, their keys and
        their ends from the graph itself, which may have been changed. Raises ValueError where one of these is missing.
        """
        if "park" not in graph.graph:
            raise ValueError("the graph has no attribute 'park' (a Park with its materials and technologies)")
        origin: Park = graph.graph["park"]
        bare = [key for key, data in graph.nodes(data=True) if "firm" not in data and "boundary" not in data]
        if bare:
            raise ValueError(f"nodes without an attribute 'firm' or 'boundary': {', '.join(map(str, bare))}")
        return origin.replace(
            firms={key: data["firm"].replace(id=key) for key, data in graph.nodes(data=True) if "firm" in data},
            boundary={
                key: data["boundary"].replace(id=key) for key, data in graph.nodes(data=True) if "boundary" in data
            },
            links=tuple(
                data["link"].replace(id=key, from_=source, to=target)
                for source, target, key, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[2])
            ),
        )

    def node(self, key: str) -> Node:
        """Return the firm or boundary node with that id; KeyError where there is none."""
        return self.firms[key] if key in self.firms else self.boundary[key]

    def boundaries(self, kind: str) -> list[Boundary]:
        """Return the boundary nodes of one kind, by id."""
        return [node for _, node in sorted(self.boundary.items()) if node.kind == kind]

    def lists(self, entries: Iterable[str], material: str) -> bool:
        """Whether `entries` (materials or classes) name the material or its class."""
        known = self.materials.get(material)
        return material in entries or (known is not None and known.class_ in entries)

    def market_for(self, material: str, side: Literal["sells", "buys"]) -> Boundary | None:
        """Return the first market, by id, that sells or buys the material (semantics §5)."""
        default = ("raw",) if side == "sells" else ("product",)
        markets = self.boundaries("market")
        return next((m for m in markets if self.lists(getattr(m, side) or default, material)), None)

    def distance(self, link: Link) -> float:
        """Return the length of a link in km: as given, else straight line × detour factor, else 0."""
        if link.distance is not None:
            return link.distance
        return self.distance_between(link.from_, link.to)

    def distance_between(self, source: str, target: str) -> float:
        """Return straight line × detour factor between two nodes, km; 0 where a place is unknown."""
        return self.detour_factor * self.straight_line(source, target)

    def straight_line(self, source: str, target: str) -> float:
        """Return the straight line between two nodes, km; 0 where a place is unknown."""
        if ENVIRONMENT in (source, target):
            return 0.0
        a, b = self.node(source).at, self.node(target).at
        if a is None or b is None:
            return 0.0
        return great_circle(a, b) if self.coordinates == "lonlat" else hypot(a[0] - b[0], a[1] - b[1])


def great_circle(a: Place, b: Place) -> float:
    """Return the great-circle distance in km of two (longitude, latitude) pairs in degrees (haversine)."""
    (lon1, lat1), (lon2, lat2) = ((radians(x), radians(y)) for x, y in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(h)))
