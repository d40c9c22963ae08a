"""The report's section on products in use: what they supply, targets, and what the park takes of it."""

import pytest
from building import firm, link, material, park, product, scenario, source, technology

from mfa.cli.summary import show_in_use
from mfa.experiments import simulate
from mfa.park.policy import Policy
from mfa.views.drawing import style
from mfa.views.figures import Alone
from mfa.views.in_use_chart import draw_in_use
from mfa.views.report.pages import report_page
from mfa.views.wording import Names

EPR = Policy(kind="producer_responsibility", name="makers", collection={2017: 0.8}, penalty={2017: 100.0})


def city():
    """1000 cars of 1.5 t leave a year, 500 are collected: 750 t; the shredder takes 1.5 t a day, 547.5 t."""
    cars = product("cars", 2.0, {"hulks": 1.5}, inflow={2015: 1000.0, 2016: 1000.0}, collection={2015: 0.5},
                   name={"en": "Motor cars", "zh": "小汽车"}, unit={"en": "cars", "zh": "辆"})  # fmt: skip
    what = park(
        material("hulks", "solid_waste"), technology("shredding", "scrap", {"hulks": 1.5}),
        firm("shredder", "shredding", 1.0), source("depot", "hulks"), cars, link("depot", "shredder", "hulks"),
    )  # fmt: skip
    return scenario(what, days=365, record="month", policies=(EPR,))


@pytest.fixture(scope="module", params=["en", "zh"])
def page(request):
    return request.param, report_page(Alone(simulate(city())), request.param)


def test_the_section_says_what_leaves_what_is_asked_and_what_the_park_takes(page):
    language, found = page
    assert '<section id="in_use"' in found
    shown = {
        "en": ("Products in use", "Motor cars", "1,000 cars", "500 cars", "80.0 %", "450 t", "750 t/yr", "−27.0 %"),
        "zh": ("在用产品", "小汽车", "1,000 辆", "500 辆", "80.0%", "450 吨", "750 吨/年", "−27.0%"),
    }[language]
    assert [words for words in shown if words not in found] == []


def test_a_panel_stands_for_each_product():
    with style():
        figure = draw_in_use(city(), Names((city(),), "en"))
        assert [axes.get_title(loc="left") for axes in figure.axes] == ["Motor cars (cars a year)"]
        heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert sum(heights) == 1000
    assert draw_in_use(scenario(park(firm("a"))), Names((), "en")) is None


def test_the_terminal_says_what_is_asked_collected_and_taken(capsys):
    show_in_use(Alone(simulate(city())))
    shown = capsys.readouterr().out
    assert "Products in use, 2017" in shown
    row = next(line for line in shown.splitlines() if line.startswith("Motor cars"))
    assert row.split("  ")[0] == "Motor cars"
    assert [cell.strip() for cell in row.split("  ") if cell][1:] == ["80.0 %", "50.0 %", "50.0 %", "0.0 %"]
    assert "the park takes 73.0 % of what they supply from 2017 to 2017" in shown
    show_in_use(Alone(simulate(scenario(park(firm("a"))))))
    assert capsys.readouterr().out == ""
