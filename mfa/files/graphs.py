"""A park as a graph file: GraphML, GeoJSON and node-link JSON, and back without loss.

All three have the shape of `Park.graph`: a node carries `firm` or `boundary`, an edge `link`, the graph `park`
(everything else). GraphML is flat, so there these hold JSON text. What stands beside them (a label, a place, a
material) is for other programs to show; reading takes the value, its key and its two ends. Links come in order of id.
"""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mfa.errors import FolderError, InputError, Problem, UsageError
from mfa.language import tr
from mfa.park.firm import Firm, Node
from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.values import Value

NODES = ("firm", "boundary")
"""The attributes a node may carry, one of them each."""


def write_graph(park: Park, path: str | Path) -> None:
    """Write the park to a new file; the suffix (.graphml, .geojson or .json) says the format.

    Raises InputError for control characters, UsageError for another suffix, FolderError where the file cannot be made.
    """
    text = _format(path)[0](park)
    try:
        with Path(path).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise FolderError(f"{path}: {error.strerror}") from error


def read_graph(path: str | Path) -> Park:
    """Read a park from a graph file; raises InputError for what it cannot be, FolderError where it cannot be read."""
    read = _format(path)[1]
    try:
        text = Path(path).read_text(encoding="utf-8")
        return read(text)
    except OSError as error:
        raise FolderError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise InputError(_problems(str(path), error)) from error
    except (ValueError, SyntaxError, KeyError, TypeError, AttributeError) as error:
        text = tr("not a graph of a park: {cause}; write one with write_graph", cause=error)
        raise InputError([Problem(f"{path}:1:1", "", text)]) from error


def graphml_text(park: Park) -> str:
    """Return the park as GraphML, with the values as JSON text."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(park=_json(_rest(park)))
    for key, node in _nodes(park):
        kind, value = _held(node)
        graph.add_node(key, **_place(node), label=_label(key, node), **{kind: _json(value)})
    for link in _links(park):
        shown = {"material": link.material, "status": link.status}
        graph.add_edge(link.from_, link.to, key=link.id, **shown, link=_json(_plain(link)))
    file = io.BytesIO()
    nx.write_graphml_xml(graph, file)
    return file.getvalue().decode("utf-8") + "\n"


def read_graphml(text: str) -> Park:
    """Return the park of a GraphML text as `graphml_text` writes it."""
    import networkx as nx

    flat: Any = nx.parse_graphml(text, edge_key_type=str, force_multigraph=True)
    return _park(
        json.loads(flat.graph["park"]),
        [
            (key, {kind: json.loads(data[kind]) for kind in NODES if kind in data})
            for key, data in flat.nodes(data=True)
        ],
        [
            (source, target, key, json.loads(data["link"]))
            for source, target, key, data in flat.edges(keys=True, data=True)
        ],
    )


def node_link_text(park: Park) -> str:
    """Return the park as node-link JSON, the form that networkx and d3 share."""
    data = {
        "directed": True,
        "multigraph": True,
        "graph": {"park": _rest(park)},
        "nodes": [{"id": key, **dict([_held(node)])} for key, node in _nodes(park)],
        "edges": [
            {"source": link.from_, "target": link.to, "key": link.id, "link": _plain(link)} for link in _links(park)
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_node_link(text: str) -> Park:
    """Return the park of a node-link JSON text as `node_link_text` writes it."""
    data = json.loads(text)
    return _park(
        data["graph"]["park"],
        [(entry["id"], entry) for entry in data["nodes"]],
        [(entry["source"], entry["target"], entry["key"], entry["link"]) for entry in data["edges"]],
    )


def geojson_text(park: Park) -> str:
    """Return the park as GeoJSON (RFC 7946): nodes are points, links lines.

    What has no place, or a place in km instead of longitude and latitude, has no geometry.
    """
    features = [
        _feature(_point(park, key), {"id": key, "label": _label(key, node), **dict([_held(node)])})
        for key, node in _nodes(park)
    ]
    for link in _links(park):
        ends = [_point(park, link.from_), _point(park, link.to)]
        value = {"id": link.id, "material": link.material, "status": link.status, "link": _plain(link)}
        features.append(_feature(ends if None not in ends else None, value))
    data = {"type": "FeatureCollection", "park": _rest(park), "features": features}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_geojson(text: str) -> Park:
    """Return the park of a GeoJSON text as `geojson_text` writes it."""
    data = json.loads(text)
    held = [feature["properties"] for feature in data["features"]]
    return _park(
        data["park"],
        [(entry["id"], entry) for entry in held if "link" not in entry],
        [(entry["link"]["from"], entry["link"]["to"], entry["id"], entry["link"]) for entry in held if "link" in entry],
    )


Formats = dict[str, tuple[Callable[[Park], str], Callable[[str], Park]]]
FORMATS: Formats = {
    ".graphml": (graphml_text, read_graphml),
    ".geojson": (geojson_text, read_geojson),
    ".json": (node_link_text, read_node_link),
}
"""Suffix → how a park is written in that format, and how it is read."""


def _format(path: str | Path) -> tuple[Callable[[Park], str], Callable[[str], Park]]:
    try:
        return FORMATS[Path(path).suffix.lower()]
    except KeyError:
        known = ", ".join(FORMATS)
        raise UsageError(tr("{path}: a graph file ends in one of {known}", path=path, known=known)) from None


def _nodes(park: Park) -> Iterator[tuple[str, Node]]:
    yield from sorted(park.firms.items())
    yield from sorted(park.boundary.items())


def _links(park: Park) -> list[Link]:
    return sorted(park.links, key=lambda link: link.id)


def _held(node: Node) -> tuple[str, dict[str, Any]]:
    return ("firm" if isinstance(node, Firm) else "boundary"), _plain(node)


def _rest(park: Park) -> dict[str, Any]:
    return _plain(park, exclude={"firms", "boundary", "links"})


def _plain(value: Value, exclude: set[str] | None = None) -> dict[str, Any]:
    """Return a value as JSON data without empty fields; raises InputError where a text holds a control character."""
    data = value.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True, exclude=exclude)
    for path, text in _texts(data, ""):
        for character in text:
            if not _is_writable(character):
                code = f"U+{ord(character):04X}"
                message = tr("contains {code}, which a graph file cannot hold; remove it", code=code)
                raise InputError([Problem(type(value).__name__.lower(), path, message)])
    return data


def _is_writable(character: str) -> bool:
    """Whether XML and UTF-8 can hold the character: no control characters, lone surrogates or non-characters."""
    return character in "\n\t" or not (unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff")


def _texts(data: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every text in JSON data, keys included."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, below in data.items():
            yield path, key
            yield from _texts(below, f"{path}.{key}".lstrip("."))
    elif isinstance(data, list):
        for index, below in enumerate(data):
            yield from _texts(below, f"{path}[{index}]")


def _label(key: str, node: Node) -> str:
    return node.name.in_language("en") or key


def _place(node: Node) -> dict[str, float]:
    return {} if node.at is None else {"x": node.at[0], "y": node.at[1]}


def _point(park: Park, key: str) -> list[float] | None:
    if park.coordinates != "lonlat" or key not in (park.firms.keys() | park.boundary.keys()):
        return None
    at = park.node(key).at
    return None if at is None else list(at)


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def _feature(place: list[Any] | None, properties: dict[str, Any]) -> dict[str, Any]:
    kind = "LineString" if place and isinstance(place[0], list) else "Point"
    geometry = None if place is None else {"type": kind, "coordinates": place}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _park(rest: Any, nodes: list[tuple[str, Any]], links: list[tuple[str, str, str, Any]]) -> Park:
    """Build the park from its parts; keys and ends come from the graph, which may have been edited."""
    return Park.model_validate(
        {
            **rest,
            "firms": {key: {**data["firm"], "id": key} for key, data in nodes if "firm" in data},
            "boundary": {key: {**data["boundary"], "id": key} for key, data in nodes if "boundary" in data},
            "links": [
                {**data, "id": key, "from": source, "to": target}
                for source, target, key, data in sorted(links, key=lambda entry: entry[2])
            ],
        }
    )


def _problems(place: str, error: ValidationError) -> list[Problem]:
    return [
        Problem(f"{place}:1:1", ".".join(str(part) for part in found["loc"]), found["msg"]) for found in error.errors()
    ]
