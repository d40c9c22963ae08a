"""The same diagram as SVG and by matplotlib: escaped, well-formed, and adding up to the tables."""

from io import BytesIO
from xml.etree import ElementTree

import pytest
from building import firm, material, park, scenario
from hypothesis import given
from hypothesis import strategies as st
from tabling import YEAR, results
from views.example_park import loop

from mfa.views.drawing import style
from mfa.views.figures import lay_out
from mfa.views.font import printable
from mfa.views.palette import CLASS_COLOURS
from mfa.views.sankey.figure import figure
from mfa.views.sankey.flows import IN, MEDIA, MOST_NODES, OTHERS, OUT, colours, yearly_flows
from mfa.views.sankey.layout import layout
from mfa.views.sankey.order import Flow
from mfa.views.sankey.shapes import Wording
from mfa.views.sankey.svg import svg
from mfa.views.wording import Names

LOOP = loop()
HOSTILE = [
    "<script>alert(1)</script>",
    "$x_{",
    "]]>",
    "=cmd|' /C calc'!A0",
    '" onload="x',
    "&amp;",
    "\x00\x1b[31m",
    "</svg>",
]


def drawn(nodes, material="Fly ash"):
    wording = Wording(dict(zip("ab", nodes, strict=True)), {"x": material}, lambda amount: f"{amount:g} t")
    rows = [Flow("a", "b", "x", 10), Flow("b", "a", "x", 2), Flow("a", "a", "x", 3)]
    return layout(rows, wording), wording


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text_in_the_svg(name):
    diagram, wording = drawn([printable(name), "b"], printable(name))
    tree = ElementTree.fromstring(svg(diagram, wording, lambda _: "#000000", printable(name)))
    assert {element.tag for element in tree.iter()} <= {"svg", "title", "g", "path", "rect", "polygon", "text"}
    assert any(printable(name) in (title.text or "") for title in tree.iter("title"))
    assert {key for element in tree.iter() for key in element.attrib if key.startswith("on")} == set()


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_name_makes_a_well_formed_svg(one, other):
    diagram, wording = drawn([printable(one), printable(other)])
    ElementTree.fromstring(svg(diagram, wording, lambda _: "#000000", printable(one)))


@pytest.mark.parametrize("name", HOSTILE)
def test_matplotlib_draws_hostile_names_as_they_are(name):
    diagram, _ = drawn([printable(name), "b"])
    with style():
        drawing = figure(diagram, lambda _: "#000000", printable(name))
        drawing.savefig(BytesIO(), format="svg")
    assert printable(name) in [text.get_text() for text in drawing.axes[0].texts]


@pytest.mark.parametrize("medium", MEDIA)
def test_a_diagram_adds_up_to_the_tables_of_the_run(medium):
    run = LOOP.after
    members = {flow.material for flow in yearly_flows(run, medium)}
    table = run.flows[run.flows["material"].isin(members)]
    assert sum(f.amount for f in yearly_flows(run, medium)) == pytest.approx(table["dry_amount"].sum() * 365 / run.days)
    assert len({flow.unit for flow in yearly_flows(run, medium)}) == 1


def test_media_share_no_material():
    of = {medium: {flow.material for flow in yearly_flows(LOOP.after, medium)} for medium in MEDIA}
    assert of["energy"] == {"steam"}
    assert of["water"] == {"water"}
    assert of["waste"] < of["materials"]
    assert not of["materials"] & {"steam", "water"}


def test_the_market_sells_on_the_left_and_buys_on_the_right():
    rows = yearly_flows(LOOP.after, "materials")
    assert {flow.target for flow in rows} & {"market" + OUT} == set()
    assert {flow.source for flow in rows} & {"market" + IN} == set()
    sankey = lay_out(LOOP.after, "materials", Names((LOOP.after.scenario,), "en"))
    layers = {node.key: node.layer for node in sankey.diagram.nodes}
    assert layers["market" + OUT] == 0
    assert layers["market" + IN] == max(layers.values())
    assert sankey.wording.nodes["market" + OUT] == "Market (supplies)"


def test_of_very_many_firms_the_smallest_are_drawn_as_one():
    rows = [(YEAR, f"f{number:03}", "sink", "ash", "exchange", 1000.0 + number) for number in range(80)]
    many = park(material("ash", "solid_waste"), *(firm(row[1]) for row in rows), firm("sink"))
    gathered = yearly_flows(results(scenario(many), rows), "waste")
    assert sum(flow.amount for flow in gathered) == pytest.approx(sum(row[5] for row in rows))
    nodes = {node for flow in gathered for node in (flow.source, flow.target)}
    assert len(nodes) <= MOST_NODES
    assert OTHERS + OUT in nodes
    assert "f079" in nodes
    assert "f000" not in nodes


def test_every_material_has_a_tone_of_its_class_and_the_legend_names_the_classes():
    names = Names((LOOP.after.scenario,), "zh")
    tones, legend = colours(yearly_flows(LOOP.after, "waste"), names)
    assert len(set(tones.values())) == len(tones)
    assert tones["carbide_slag"] == CLASS_COLOURS["solid_waste"]
    assert ("大宗工业固体废物", CLASS_COLOURS["bulk_solid_waste"]) in legend
