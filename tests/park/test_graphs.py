import json
import string

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa.errors import FolderError, InputError, UsageError
from mfa.files.graphs import (
    geojson_text,
    graphml_text,
    node_link_text,
    read_geojson,
    read_graph,
    read_graphml,
    read_node_link,
    write_graph,
)
from mfa.park.firm import Boundary, Firm, Line
from mfa.park.link import Link, Transport
from mfa.park.material import Material
from mfa.park.park import Park
from mfa.park.technology import Acceptance, Technology

ROUND_TRIPS = [(graphml_text, read_graphml), (geojson_text, read_geojson), (node_link_text, read_node_link)]

PARK = Park(
    name={"en": "Two firms & a dump", "zh": "两厂 <一> 场"},
    coordinates="lonlat",
    materials={"slag": Material(id="slag", class_="solid_waste", moisture=0.1, composition={"CaO": 0.4})},
    technologies={
        "melt": Technology(id="melt", product="iron", releases={"slag": 0.3}),
        "grind": Technology(
            id="grind", product="powder", uses={"clay": 1.0}, accepts=(Acceptance(material="slag", replaces="clay"),)
        ),
    },
    firms={
        "钢铁": Firm(id="钢铁", at=(113.1, 35.2), lines={"melt": Line(id="melt", runs="melt", capacity=1 / 3)}),
        "mill": Firm(id="mill", name="Mill", at=(113.2, 35.3), sector='C30 "x"', storage={"slag": 12.5}),
    },
    boundary={"dump": Boundary(id="dump", kind="disposal", accepts=("solid_waste",), room=1e6)},
    links=(
        Link(id="b", from_="钢铁", to="mill", material="slag", at_most=10.0, transport=Transport(per_t_km=0.6)),
        Link(id="a", from_="钢铁", to="mill", material="slag", distance=3.5, mode=" road\nand rail "),
        Link(id="self", from_="mill", to="mill", material="slag"),
    ),
)


def in_order(park: Park) -> Park:
    return park.replace(links=tuple(sorted(park.links, key=lambda link: link.id)))


@pytest.mark.parametrize(("write", "read"), ROUND_TRIPS)
def test_every_format_gives_the_same_park_back(write, read):
    assert read(write(PARK)) == in_order(PARK)


@pytest.mark.parametrize("suffix", [".graphml", ".geojson", ".json"])
def test_files_are_read_back_and_never_overwritten(tmp_path, suffix):
    file = tmp_path / f"park{suffix}"
    write_graph(PARK, file)
    assert read_graph(file) == in_order(PARK)
    with pytest.raises(FolderError, match="exists"):
        write_graph(PARK, file)


def test_a_graph_turns_into_the_park_it_came_from():
    assert Park.from_graph(PARK.graph) == in_order(PARK)


def test_a_changed_graph_turns_into_the_changed_park():
    graph = nx.MultiDiGraph(PARK.graph)
    graph.remove_node("mill")
    graph.add_edge("钢铁", "dump", key="new", link=Link(id="x", from_="x", to="x", material="slag"))
    changed = Park.from_graph(graph)
    assert set(changed.firms) == {"钢铁"}
    assert changed.links == (Link(id="new", from_="钢铁", to="dump", material="slag"),)
    assert changed.technologies == PARK.technologies


def test_a_relabelled_graph_gives_firms_their_new_ids():
    park = Park.from_graph(nx.relabel_nodes(PARK.graph, {"mill": "磨"}))
    assert park.firms["磨"].id == "磨"
    assert {link.to for link in park.links} == {"磨"}


def test_a_graph_without_what_a_park_needs_is_refused():
    with pytest.raises(ValueError, match="no attribute 'park'"):
        Park.from_graph(nx.MultiDiGraph())
    graph = nx.MultiDiGraph(PARK.graph)
    graph.add_node("bare")
    with pytest.raises(ValueError, match="nodes without an attribute 'firm' or 'boundary': bare"):
        Park.from_graph(graph)


def test_networkx_algorithms_run_on_the_graph_and_cannot_change_it():
    assert nx.has_path(PARK.graph, "钢铁", "mill")
    assert PARK.graph.edges["钢铁", "mill", "b"]["link"].at_most == 10.0
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        PARK.graph.remove_node("mill")


def test_geojson_shows_places_as_longitude_and_latitude():
    features = {f["properties"]["id"]: f["geometry"] for f in json.loads(geojson_text(PARK))["features"]}
    assert features["钢铁"] == {"type": "Point", "coordinates": [113.1, 35.2]}
    assert features["a"] == {"type": "LineString", "coordinates": [[113.1, 35.2], [113.2, 35.3]]}
    assert features["dump"] is None


def test_geojson_of_a_park_in_km_has_no_place_on_the_earth():
    features = json.loads(geojson_text(PARK.replace(coordinates="km")))["features"]
    assert {feature["geometry"] for feature in features} == {None}


def test_node_link_json_is_what_networkx_reads():
    graph = nx.node_link_graph(json.loads(node_link_text(PARK)), edges="edges")
    assert set(graph) == set(PARK.graph)
    assert set(graph.edges(keys=True)) == set(PARK.graph.edges(keys=True))


def test_graphml_has_labels_and_places_for_other_programs():
    graph = nx.parse_graphml(graphml_text(PARK))
    assert graph.nodes["mill"]["label"] == "Mill"
    assert (graph.nodes["mill"]["x"], graph.nodes["mill"]["y"]) == (113.2, 35.3)
    assert all(value is not None for _, data in graph.nodes(data=True) for value in data.values())


@pytest.mark.parametrize("write", [write for write, _ in ROUND_TRIPS])
@pytest.mark.parametrize("bad", ["\x01", "\x00", "\r", "\x9f", "\ud800", "\uffff"])
def test_a_control_character_is_refused_with_its_code_and_place(write, bad):
    park = PARK.replace(firms={"f": Firm(id="f", sector=f"C30{bad}")}, links=())
    with pytest.raises(InputError) as caught:
        write(park)
    assert str(caught.value) == (
        f"firm: error: sector: contains U+{ord(bad):04X}, which a graph file cannot hold; remove it"
    )


def test_a_file_that_is_no_graph_is_refused_with_its_name(tmp_path):
    for name, text in (("a.graphml", "<graphml"), ("b.json", "[]"), ("c.geojson", '{"park": {}}')):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=f"{name}:1:1: error: not a graph of a park"):
            read_graph(tmp_path / name)


def test_a_wrong_value_in_a_graph_file_is_named_by_its_path(tmp_path):
    file = tmp_path / "park.json"
    file.write_text(node_link_text(PARK).replace('"room": 1000000.0', '"room": -1'), encoding="utf-8")
    with pytest.raises(InputError, match=r"park.json:1:1: error: boundary.dump.room: .*greater than or equal to 0"):
        read_graph(file)


def test_another_suffix_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"ends in one of \.graphml, \.geojson, \.json"):
        write_graph(PARK, tmp_path / "park.gml")
    with pytest.raises(FolderError, match="No such file"):
        read_graph(tmp_path / "nothing.json")


writable = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
ids = st.text(writable, min_size=1, max_size=6) | st.text(string.ascii_letters, min_size=1, max_size=3)
texts = st.none() | st.text(writable | st.sampled_from("\n\t"), max_size=8)
amounts = st.floats(min_value=0, allow_nan=False, allow_infinity=False)
places = st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@st.composite
def parks(draw):
    keys = draw(st.lists(ids, min_size=1, max_size=5, unique=True))
    cut = draw(st.integers(0, len(keys)))
    firms = {
        key: Firm(id=key, name={"en": draw(texts), "zh": draw(texts)}, sector=draw(texts), at=draw(places),
                  storage=draw(st.dictionaries(ids, amounts, max_size=2)))
        for key in keys[:cut]
    }  # fmt: skip
    boundary = {
        key: Boundary(id=key, kind=draw(st.sampled_from(["market", "town"])), uses=draw(st.dictionaries(ids, amounts)))
        for key in keys[cut:]
    }
    links = tuple(
        Link(id=key, from_=draw(st.sampled_from(keys)), to=draw(st.sampled_from(keys)), material=draw(ids),
             at_most=draw(st.none() | amounts), mode=draw(texts), price=draw(st.floats(-1e6, 1e6)))
        for key in draw(st.lists(ids, max_size=5, unique=True))
    )  # fmt: skip
    return Park(name={"zh": draw(texts)}, firms=firms, boundary=boundary, links=links, source=draw(texts))


@settings(deadline=None, max_examples=60)
@given(park=parks())
@pytest.mark.parametrize(("write", "read"), ROUND_TRIPS)
def test_any_park_comes_back_the_same(write, read, park):
    assert read(write(park)) == in_order(park)
    assert write(read(write(park))) == write(park)
    assert Park.from_graph(park.graph) == in_order(park)
