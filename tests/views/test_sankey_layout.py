"""Bars, ribbons and labels never lie on each other, and widths tell the truth."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from views.example_park import loop

from mfa.views.sankey.flows import MEDIA, wording, yearly_flows
from mfa.views.sankey.layout import layout
from mfa.views.sankey.legend import round_down, with_legend
from mfa.views.sankey.order import Flow
from mfa.views.sankey.shapes import Box, Wording
from mfa.views.sankey.stack import Sizes
from mfa.views.wording import Names

NODES = {
    "a": "Alumina refinery",
    "b": "砖厂",
    "c": "Clinker kiln of the north",
    "d": "D",
    "e": "电石法PVC厂",
    "f": "Farm",
}
WORDING = Wording(NODES, {"x": "Fly ash", "y": "赤泥"}, lambda amount: f"{amount:.0f} kt", "own use")
flows = st.lists(
    st.builds(Flow, st.sampled_from(sorted(NODES)), st.sampled_from(sorted(NODES)), st.sampled_from("xy"),
              st.one_of(st.floats(0.01, 1), st.floats(1, 1000))),
    min_size=1, max_size=16,
)  # fmt: skip


def ends(ribbon):
    """Return where a ribbon leaves and where it arrives."""
    return ribbon.path[0][1][0], ribbon.path[-1][1][-1]


def apart(boxes):
    return [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.overlaps(b)]


@settings(max_examples=60, deadline=None)
@given(flows)
def test_bars_and_labels_of_nodes_never_overlap(rows):
    diagram = layout(rows, WORDING)
    bars = [node.box for node in diagram.nodes]
    labels = [node.label.box for node in diagram.nodes]
    below = [ribbon.label.box for ribbon in diagram.ribbons if ribbon.label and ribbon.kind != "forward"]
    assert apart(bars) == []
    assert apart(labels) == []
    assert [(bar, label) for bar in bars for label in labels + below if bar.overlaps(label)] == []


@settings(max_examples=60, deadline=None)
@given(flows)
def test_everything_lies_on_the_page(rows):
    diagram = layout(rows, WORDING)
    page = Box(-1e-6, -1e-6, diagram.width + 2e-6, diagram.height + 2e-6)
    assert all(page.holds(node.box) and page.holds(node.label.box) for node in diagram.nodes)
    points = [point for ribbon in diagram.ribbons for _, segment in ribbon.path for point in segment]
    assert all(0 <= x <= diagram.width and 0 <= y <= diagram.height for x, y in points)


@settings(max_examples=60, deadline=None)
@given(flows)
def test_ribbons_are_stacked_on_their_bars_without_overlap(rows):
    diagram = layout(rows, WORDING)
    bars = {node.key: node.box for node in diagram.nodes}
    sides = {}
    for ribbon in diagram.ribbons:
        start, end = ends(ribbon)
        sides.setdefault((ribbon.flow.source, "right"), []).append((start[1], ribbon.width))
        sides.setdefault((ribbon.flow.target, "left"), []).append((end[1], ribbon.width))
    for (node, _), stacked in sides.items():
        edges = sorted((y - width / 2, y + width / 2) for y, width in stacked)
        assert edges[0][0] >= bars[node].y - 1e-6
        assert edges[-1][1] <= bars[node].y + bars[node].height + 1e-6
        assert all(one[1] <= other[0] + 1e-6 for one, other in itertools.pairwise(edges))


@settings(max_examples=60, deadline=None)
@given(flows)
def test_long_ribbons_pass_beside_the_bars_between(rows):
    diagram = layout(rows, WORDING)
    for ribbon in diagram.ribbons:
        straight = zip(ribbon.path, ribbon.path[1:], strict=False) if ribbon.kind == "forward" else ()
        for (_, before), (letter, (*_, after)) in straight:
            if letter == "L":
                swept = Box(before[-1][0], after[1] - ribbon.width / 2, after[0] - before[-1][0], ribbon.width)
                assert [node.key for node in diagram.nodes if node.box.overlaps(swept)] == []


@settings(max_examples=60, deadline=None)
@given(flows)
def test_lanes_of_backward_flows_never_overlap(rows):
    diagram = layout(rows, WORDING)
    lanes = sorted((r.arrow[1] - r.width / 2, r.arrow[1] + r.width / 2) for r in diagram.ribbons if r.kind == "return")
    assert all(one[1] < other[0] for one, other in itertools.pairwise(lanes))
    blocks = [(node.box.y, node.box.y + node.box.height) for node in diagram.nodes]
    assert [lane for lane in lanes for top, bottom in blocks if lane[0] < bottom and top < lane[1]] == []


@settings(max_examples=60, deadline=None)
@given(flows)
def test_widths_are_to_scale_but_never_invisible(rows):
    sizes = Sizes()
    diagram = layout(rows, WORDING, sizes)
    for ribbon in diagram.ribbons:
        assert ribbon.width == pytest.approx(max(sizes.thinnest, ribbon.flow.amount * diagram.scale))


@settings(max_examples=40, deadline=None)
@given(flows, st.randoms(use_true_random=False))
def test_the_same_flows_give_the_same_diagram(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert layout(shuffled, WORDING) == layout(rows, WORDING)


def test_own_use_runs_in_a_lane_under_its_bar_and_says_so():
    diagram = layout([Flow("a", "a", "y", 30), Flow("a", "b", "x", 60)], WORDING)
    (loop_,) = [ribbon for ribbon in diagram.ribbons if ribbon.kind == "own"]
    bar = next(node.box for node in diagram.nodes if node.key == "a")
    assert loop_.arrow[1] - loop_.width / 2 > bar.y + bar.height
    assert loop_.label.lines == ("own use: 赤泥 30 kt",)
    assert loop_.label.box.y >= loop_.arrow[1] + loop_.width / 2


def test_a_return_takes_a_labelled_lane_outside_the_bars():
    diagram = layout([Flow("a", "b", "x", 60), Flow("b", "a", "y", 5)], WORDING)
    (back,) = [ribbon for ribbon in diagram.ribbons if ribbon.kind == "return"]
    assert back.label.lines == ("赤泥 5 kt",)
    assert all(not node.box.y <= back.arrow[1] <= node.box.y + node.box.height for node in diagram.nodes)
    assert back.arrow[0] == pytest.approx(sum(x for (x, _) in ends(back)) / 2, abs=20)


def test_no_flows_make_an_empty_diagram():
    diagram = layout([Flow("a", "b", "x", 0)], WORDING)
    assert (diagram.nodes, diagram.ribbons, diagram.height) == ((), (), 0.0)
    assert with_legend(diagram, [("waste", "#000000")], str) == diagram


def test_the_gauge_is_as_tall_as_it_says():
    diagram = with_legend(layout([Flow("a", "b", "x", 60)], WORDING), [("waste", "#000000")], lambda v: f"{v:g} kt")
    gauge = diagram.swatches[-1]
    assert gauge.box.height == pytest.approx(float(gauge.label.lines[0].split()[0]) * diagram.scale)


@pytest.mark.parametrize(("value", "step"), [(1, 1), (4.9, 2), (5, 5), (99, 50), (0.03, 0.02)])
def test_round_down(value, step):
    assert round_down(value) == pytest.approx(step)


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_park_is_laid_out_without_overlap(medium, language):
    run = loop().after
    rows = yearly_flows(run, medium)
    diagram = layout(rows, wording(rows, Names((run.scenario,), language)))
    bars = [node.box for node in diagram.nodes]
    labels = [node.label.box for node in diagram.nodes]
    assert apart(bars) == apart(labels) == []
    assert [(bar, label) for bar in bars for label in labels if bar.overlaps(label)] == []


def test_a_forward_label_lies_on_its_ribbon():
    diagram = layout([Flow("a", "b", "x", 60), Flow("a", "c", "y", 0.1)], WORDING, replace(Sizes(), height=300))
    labelled = {ribbon.flow.target: ribbon for ribbon in diagram.ribbons}
    wide = labelled["b"]
    assert wide.label.lines == ("Fly ash 60 kt",)
    assert wide.label.box.height < wide.width
    assert labelled["c"].label is None
