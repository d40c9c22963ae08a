"""Series by hand, and charts that show them."""

from datetime import date
from io import BytesIO

import pytest
from building import firm, landfill, material, park, scenario, technology
from tabling import results
from views.example_park import loop

from mfa.indicators.by_month import utilisation_by_month
from mfa.park.scenario import Disruption, Time
from mfa.views.charts import draw_benefit, draw_materials, draw_obstacles, draw_stores, draw_utilisation
from mfa.views.drawing import style
from mfa.views.palette import CLASS_COLOURS, INK, PAPER, mixed, shades
from mfa.views.series import spans, stores
from mfa.views.wording import Names

PARK = park(
    technology("boiler", "heat", {"coal": 1.0}, releases={"ash": 0.3}),
    technology("kiln", "bricks", {"clay": 1.0}),
    material("ash", "bulk_solid_waste"),
    firm("power", "boiler", 1.0, storage={"ash": 50.0}),
    firm("works", "kiln", 1.0),
    landfill("tip"),
)
LOOP = loop()
EN, ZH = (Names((LOOP.after.scenario,), language) for language in ("en", "zh"))


def monthly(rows, stocks=()):
    """Return results of January and February with ash made, used and disposed."""
    flows = [(month, "power", "tip", "ash", "disposal", made - used) for month, made, used in rows]
    conversion = [(month, "power", "boiler", "ash", 0.0, made) for month, made, _ in rows]
    conversion += [(month, "works", "kiln", "ash", used, 0.0) for month, _, used in rows]
    return results(scenario(PARK), flows, stocks, conversion, days=59.0)


def test_utilisation_by_month_is_used_over_generated():
    ends = [("2020-01-01", "power", "ash", 0.0), ("2020-03-01", "power", "ash", 0.0)]
    points = utilisation_by_month(monthly([("2020-01-01", 100.0, 25.0), ("2020-02-01", 80.0, 40.0)], ends))
    assert points == [(date(2020, 1, 1), 0.25), (date(2020, 2, 1), 0.5), (date(2020, 3, 1), 0.5)]


def test_daily_records_are_taken_together_by_month():
    days = [("2020-01-30", 100.0, 0.0), ("2020-01-31", 100.0, 100.0), ("2020-02-01", 50.0, 50.0)]
    ends = [("2020-01-30", "power", "ash", 0.0), ("2020-02-02", "power", "ash", 0.0)]
    points = utilisation_by_month(monthly(days, ends))
    assert points == [(date(2020, 1, 30), 0.5), (date(2020, 2, 1), 1.0), (date(2020, 2, 2), 1.0)]


def test_a_month_without_waste_has_no_rate():
    ends = [("2020-01-01", "power", "ash", 0.0), ("2020-02-01", "power", "ash", 0.0)]
    assert utilisation_by_month(monthly([("2020-01-01", 0.0, 0.0)], ends)) == []


def test_stores_are_the_fullest_stocks_of_waste_with_the_room_they_have():
    stocks = [
        ("2020-01-01", "power", "ash", 5.0),
        ("2020-02-01", "power", "ash", 20.0),
        ("2020-01-01", "works", "clay", 9.0),
    ]
    (store,) = stores(monthly([], stocks))
    assert (store.node, store.material, store.unit, store.room) == ("power", "ash", "t", 50.0)
    assert store.points == [(date(2020, 1, 1), 5.0), (date(2020, 2, 1), 20.0)]


@pytest.mark.parametrize(
    ("disruption", "found"),
    [
        ({"from_": "2018-11-15", "until": "2019-03-15", "every": "year"},
         [("2018-11-15", "2019-03-16"), ("2019-11-15", "2020-03-15"), ("2020-11-15", "2021-01-01")]),
        ({"from_": "2019-04-01", "lasts": 42.0}, [("2019-04-01", "2019-05-13")]),
        ({"from_": "2020-12-01"}, [("2020-12-01", "2021-01-01")]),
        ({"from_": "2025-01-01", "lasts": 3.0}, []),
        ({"mean_time_between": 200.0, "lasts": {"exponential": 4.0}}, []),
    ],
)  # fmt: skip
def test_dated_disruptions_are_shaded_within_the_time_of_the_scenario(disruption, found):
    time = Time(start="2018-01-01", end="2020-12-31")
    disturbed = scenario(PARK).replace(time=time, disruptions=(Disruption(firm="power", **disruption),))
    assert [(str(span.start), str(span.end)) for span in spans(disturbed)] == found


@pytest.mark.parametrize("names", [EN, ZH], ids=["en", "zh"])
def test_every_chart_of_the_example_is_drawn_without_a_warning(names):
    runs = {"today": LOOP.before, "with the plan": LOOP.after}
    with style():
        figures = [
            draw_utilisation(runs, 0.545, names),
            draw_stores(runs, names),
            draw_materials(runs, names),
            draw_benefit(LOOP.before, LOOP.after, names),
            draw_obstacles(LOOP.plan, names),
        ]
        for figure in figures:
            figure.savefig(BytesIO(), format="png")


def test_bars_show_the_rates_of_the_indicator_table():
    with style():
        figure = draw_materials({"today": LOOP.before, "with the plan": LOOP.after}, EN)
    axes = figure.axes[0]
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels[:2] == ["all solid waste, 2.36 Mt/yr", "Red mud, 915 kt/yr"]
    values = [text.get_text() for text in axes.texts]
    table = LOOP.after.indicators
    rate = table[(table["indicator"] == "solid_waste_utilisation") & (table["of"] == "")]["value"].iloc[0]
    assert f"{rate * 100:.1f} %" in values


def test_who_loses_is_shown_in_another_colour():
    with style():
        axes = draw_benefit(LOOP.before, LOOP.after, EN).axes[0]
    signs = {text.get_text()[0]: bar.get_facecolor() for text, bar in zip(axes.texts, axes.patches, strict=True)}
    assert signs["+"] != signs["−"]


def test_without_waste_there_is_nothing_to_draw():
    empty = results(scenario(PARK))
    assert draw_utilisation({"today": empty}, None, EN) is None
    assert draw_stores({"today": empty}, EN) is None
    assert draw_materials({"today": empty}, EN) is None
    assert draw_benefit(empty, empty, EN) is None
    assert draw_obstacles(LOOP.plan.replace(refusals=()), EN) is None


def linear(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lab(rgb):
    """Return CIELAB of linear sRGB, D65."""
    x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505
    y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
    z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089
    f = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (max(x, 0), max(y, 0), max(z, 0))]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


DEFICIENCIES = {
    # Machado, Oliveira and Fernandes (2009), severity 1.0
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_classes_are_told_apart_with_any_colour_vision(deficiency):
    matrix = DEFICIENCIES[deficiency]
    seen = {c: lab([sum(m * v for m, v in zip(row, linear(hue), strict=True)) for row in matrix])
            for c, hue in CLASS_COLOURS.items()}  # fmt: skip
    close = [
        (a, b) for a in seen for b in seen
        if a < b and sum((p - q) ** 2 for p, q in zip(seen[a], seen[b], strict=True)) ** 0.5 < 9
    ]  # fmt: skip
    assert close == []


def test_shades_run_from_darker_to_lighter():
    assert shades("#808080", 1) == ["#808080"]
    tones = shades("#808080", 3)
    assert tones == sorted(tones)
    assert mixed(INK, PAPER, 1.0) == PAPER
