"""Firms at their places, arrows to scale, and a schematic map that says that it is one."""

from io import BytesIO
from math import hypot

import pytest
from building import firm, link, material, scenario
from building import park as make_park
from matplotlib.patches import FancyArrowPatch
from tabling import results as make_results
from views.example_park import loop, park

from mfa.views.drawing import style
from mfa.views.palette import WARNING, mixed
from mfa.views.park_map import (
    AWAY,
    HEIGHT,
    LABEL,
    MOST_ARROWS,
    MOST_NAMES,
    MOST_REFUSED,
    RADIUS,
    WIDEST,
    WIDTH,
    arrows,
    draw_map,
)
from mfa.views.places import find_places, place_labels
from mfa.views.sankey.shapes import Box
from mfa.views.wording import Names


def drawn(language="en", placed=True):
    example = loop(placed)
    with style():
        figure = draw_map(example.after, example.plan, Names((example.after.scenario,), language))
        figure.savefig(BytesIO(), format="svg")
    return figure


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_places_keep_the_distances_of_the_park():
    firms = park()
    at = find_places(firms, [("kiln", "mill")]).at
    for one, other in (("kiln", "mill"), ("mine", "steel"), ("pvc", "board")):
        km = hypot(at[one][0] - at[other][0], at[one][1] - at[other][1])
        assert km == pytest.approx(firms.distance_between(one, other), rel=2e-3)


def test_without_places_the_map_is_schematic_and_says_so():
    places = find_places(park(placed=False), [("kiln", "mill")])
    assert places.schematic
    assert find_places(park(placed=False), [("kiln", "mill")]) == places
    assert "Schematic: the places of the firms are not known" in texts(drawn(placed=False))
    assert "示意布局：企业位置未知" in texts(drawn("zh", placed=False))
    assert not any(text.endswith(" km") for text in texts(drawn(placed=False)))


def test_a_map_has_a_scale_bar_and_names_what_has_no_place():
    assert any(text.endswith(" km") for text in texts(drawn()))
    places = find_places(park(), [("kiln", "market")])
    assert (places.schematic, places.missing) == (False, ("market",))


def test_links_of_a_pair_are_one_arrow_for_each_medium_and_status():
    example = loop()
    found = {(a.source, a.target, a.medium, a.status): a.amount for a in arrows(example.after, example.plan)}
    assert found["power", "mill", "waste", "existing"] == 120_000
    assert found["power", "mill", "waste", "suggested"] == 42_000
    assert found["power", "alumina", "energy", "existing"] == 5_280_000
    assert found["mine", "kiln", "waste", "refused"] == 0
    assert sum(status == "refused" for *_, status in found) <= MOST_REFUSED
    assert not any(source == target for source, target, *_ in found)


def test_widths_are_to_scale_and_what_was_left_out_is_dashed():
    patches = [patch for patch in drawn().axes[0].patches if isinstance(patch, FancyArrowPatch)]
    assert max(patch.get_linewidth() for patch in patches) == pytest.approx(WIDEST)
    dashed = [patch for patch in patches if patch.get_linestyle() != "-"]
    example = loop()
    assert len(dashed) == sum(arrow.status == "refused" for arrow in arrows(example.after, example.plan)) > 0
    refused = next(arrow for arrow in arrows(example.after, example.plan) if arrow.status == "refused")
    assert refused.colour == mixed(WARNING, "#ffffff", 0.55)


def test_labels_keep_to_the_page_and_off_the_nodes():
    spots = {"a": (5.0, 5.0), "b": (WIDTH - 5.0, HEIGHT - 5.0), "c": (300.0, 200.0), "d": (330.0, 200.0)}
    page = Box(0, 0, WIDTH, HEIGHT)
    boxes = place_labels(dict.fromkeys(spots, "Clinker kiln"), spots, page, LABEL, AWAY)
    assert all(page.holds(box) for box in boxes.values())
    nodes = [Box(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS) for x, y in spots.values()]
    placed = list(boxes.values())
    assert [(box, node) for box in placed for node in nodes if box.overlaps(node)] == []
    assert [(a, b) for i, a in enumerate(placed) for b in placed[i + 1 :] if a.overlaps(b)] == []


def test_names_are_shown_in_the_language_of_the_map():
    assert {"熟料生产线", "煤矿", "城镇"} <= set(texts(drawn("zh")))
    assert {"Clinker kiln", "Coal mine", "Town"} <= set(texts(drawn("en")))


def test_of_very_many_links_the_largest_are_drawn_and_the_map_says_so():
    firms = [firm(f"firm{number:03}") for number in range(120)]
    pairs = [(one.id, firms[(number * 7 + step) % 120].id) for number, one in enumerate(firms) for step in (1, 2, 3, 4)]
    pairs = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
    many = make_park(material("ash", "solid_waste"), *firms, *(link(s, t, "ash") for s, t in pairs))
    run = make_results(scenario(many), links=[(f"{s}-{t}-ash", None, 10.0 + n) for n, (s, t) in enumerate(pairs)])
    with style():
        axes = draw_map(run, None, Names((run.scenario,), "en")).axes[0]
    assert len(axes.patches) == MOST_ARROWS
    shown = [text.get_text() for text in axes.texts]
    assert sum(text.startswith("firm") for text in shown) == MOST_NAMES
    assert any(f"{len(pairs) - MOST_ARROWS} smaller flows are not drawn" in text for text in shown)
