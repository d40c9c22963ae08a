"""The report: self-contained, safe, complete, in both languages, and telling what the tables say."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from views.example_park import loop, results, scenario
from views.shown_texts import shown

from mfa.experiments import Loop
from mfa.language import chinese
from mfa.results.manifest import Notes
from mfa.views import write_comparison, write_report
from mfa.views.figures import Alone
from mfa.views.report.comparison import comparison_page
from mfa.views.report.pages import report_page
from mfa.views.wording import share

LOOP = loop()
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
HOSTILE = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>]]>$x_{=cmd|A0"


class Page(HTMLParser):
    """What a browser would find in a page: elements, their attributes, text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text, self._hidden = set(), [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, key, value or "") for key, value in attrs]
        self._hidden += tag == "style"

    def handle_endtag(self, tag):
        self._hidden -= tag == "style"

    def handle_data(self, data):
        if not self._hidden:
            self.text.append(data)

    @property
    def words(self):
        return re.sub(r"\s+", " ", " ".join(self.text))

    def values(self, *keys):
        return [value for _, key, value in self.attributes if key in keys]


@pytest.fixture(scope="module", params=["en", "zh"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def page(language):
    return report_page(LOOP, language)


def test_the_page_runs_no_script_and_loads_nothing(page):
    found = Page(page)
    assert found.tags.isdisjoint(
        {"script", "iframe", "object", "embed", "link", "form", "base", "audio", "video", "img"}
    )
    assert [key for _, key, _ in found.attributes if key.startswith("on")] == []
    assert POLICY in found.values("content")
    addresses = found.values("src", "href", "xlink:href", "action", "data", "poster")
    assert all(re.fullmatch(r"#[\w-]+|report(\.zh)?\.html", address) for address in addresses)
    outside = re.findall(r"url\((.{12})", page)
    assert all(address.startswith(("data:font/ot", "#")) for address in outside)
    assert "//" not in re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)


def test_the_page_is_the_same_for_the_same_loop(page, language):
    assert report_page(loop(), language) == page


def test_every_section_is_there_and_reached_from_the_contents(page):
    found = Page(page)
    sections = [value for tag, key, value in found.attributes if (tag, key) == ("section", "id")]
    assert sections == ["summary", "today", "proposal", "promise", "indicators", "left-out", "flows", "storage",
                        "money", "carbon", "notes", "data", "making"]  # fmt: skip
    assert {f"#{section}" for section in sections} <= set(found.values("href"))


def test_the_headline_shows_the_rates_of_the_tables(page, language):
    words = Page(page).words
    for run in (LOOP.before, LOOP.after):
        table = run.indicators
        rate = table[(table["indicator"] == "solid_waste_utilisation") & (table["of"] == "")]["value"].iloc[0]
        assert share(rate, language) in words
    assert share(LOOP.plan.utilisation, language) in words


def test_the_page_says_what_it_must_not_hide(page, language):
    words = Page(page).words
    told = {
        "en": ["Illustrative: the layout", "from memory, not verified", "Red mud of Alumina", "proven best"],
        "zh": ["示意性园区", "凭记忆，未核实", "氧化铝厂的赤泥", "已证明为最优"],
    }[language]
    told += ["A handbook, 2015, table 3", "glpk 5.0", "2016", "3.1e-13"]
    assert [text for text in told if text not in words] == []


def test_a_link_is_shown_with_what_it_brings(page, language):
    words = Page(page).words
    expected = {
        "en": ["PVC plant → Clinker kiln", "146 kt/yr", "4.20 km", "1.17 million CNY/yr", "17.5 kt/yr"],
        "zh": ["电石法PVC厂 → 熟料生产线", "14.6 万吨/年", "4.20 km", "117 万元/年", "1.75 万吨/年"],
    }[language]
    assert [text for text in expected if text not in words] == []


def test_candidates_left_out_are_grouped_and_counted(page, language):
    words = Page(page).words
    assert {"en": "10 candidates were considered", "zh": "共有 10 个候选链接"}[language] in words
    assert {"en": "too far away: 3", "zh": "距离过远: 3"}[language] in words


def test_the_font_of_the_page_shows_every_character(page):
    import base64
    from io import BytesIO

    from fontTools.ttLib import TTFont

    (data,) = re.findall(r"data:font/otf;base64,([A-Za-z0-9+/=]+)", page)
    with TTFont(BytesIO(base64.b64decode(data))) as font:
        held = set(font.getBestCmap())
    assert {c for c in Page(page).words if ord(c) not in held and c.isprintable() and c != "\xa0"} == set()
    assert len(page) < 700_000


def test_a_park_that_is_real_is_not_called_illustrative(language):
    real = scenario().replace(park=scenario().park.replace(illustrative=False))
    words = Page(report_page(Alone(results(real, False)), language)).words
    assert {"en": "Illustrative: the layout", "zh": "示意性园区"}[language] not in words


def test_a_simulation_alone_is_reported_without_a_plan(language, tmp_path):
    path = write_report(LOOP.before, tmp_path / "run", language)
    found = Page(path.read_text(encoding="utf-8"))
    assert path.name == {"en": "report.html", "zh": "report.zh.html"}[language]
    sections = [value for tag, key, value in found.attributes if (tag, key) == ("section", "id")]
    assert sections == [
        "summary",
        "today",
        "indicators",
        "flows",
        "storage",
        "money",
        "carbon",
        "notes",
        "data",
        "making",
    ]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("infeasible", "There is no plan: the budget is negative"),
        ("feasible", "A limit was reached: this is the best plan so far, not proven best (gap 2.0 %)."),
    ],
)
def test_a_plan_that_is_not_proven_best_is_said_first(status, answer):
    plan = LOOP.plan.replace(status=status, gap=0.02, message="the budget is negative")
    after = LOOP.after if status == "feasible" else None
    words = Page(report_page(Loop(LOOP.before, plan, after), "en")).words
    assert answer in words
    assert ("What is proposed, and why" in words) == (status == "feasible")


def test_what_was_read_but_not_acted_on_is_named(language):
    notes = Notes(
        ("scenario.yaml:3:1: warning: odd",), ("seed: 1 → 2",), ("random breakdowns are read but do nothing",)
    )
    words = Page(report_page(replace(LOOP, notes=notes), language)).words
    assert [t for t in (*notes.warnings, *notes.changes, *notes.unacted) if t not in words] == []


def hostile_loop():
    """Return a loop of which every name and sentence is an attack."""
    text = {"en": HOSTILE, "zh": HOSTILE}
    safe = scenario()
    park = safe.park.replace(
        name=text,
        source=HOSTILE,
        materials={key: material.replace(name=text, source=HOSTILE) for key, material in safe.park.materials.items()},
        firms={key: firm.replace(name=text) for key, firm in safe.park.firms.items()},
        boundary={key: node.replace(name=text) for key, node in safe.park.boundary.items()},
        technologies={key: t.replace(name=text, source=HOSTILE) for key, t in safe.park.technologies.items()},
    )
    bad = safe.replace(name=text, description=text, park=park,
                       disruptions=(safe.disruptions[0].replace(name=HOSTILE),))  # fmt: skip
    plan = LOOP.plan.replace(
        solver=HOSTILE,
        planned_links=tuple(p.replace(why=HOSTILE, limited_by=HOSTILE) for p in LOOP.plan.planned_links),
        refusals=tuple(r.replace(reason=HOSTILE, code=HOSTILE) for r in LOOP.plan.refusals),
    )
    notes = Notes((HOSTILE,), (HOSTILE,), (HOSTILE,))
    after = replace(results(bad.with_plan(plan), True), warnings=(HOSTILE,))
    return Loop(results(bad, False), plan, after, notes)


def test_hostile_names_stay_text(language):
    page = report_page(hostile_loop(), language)
    found = Page(page)
    assert found.tags.isdisjoint({"script", "img"})
    assert [key for _, key, _ in found.attributes if key.startswith("on")] == []
    assert HOSTILE in found.words
    assert "<script" not in page
    assert "onerror=alert(1)>" not in page


def test_runs_stand_side_by_side(language, tmp_path):
    path = write_comparison([LOOP.before, LOOP.after, LOOP.before], tmp_path, language)
    found = Page(path.read_text(encoding="utf-8"))
    assert path.name == {"en": "comparison.html", "zh": "comparison.zh.html"}[language]
    assert found.tags.isdisjoint({"script", "img", "link"})
    headings = {
        "en": "1. Coal, steel and cement park: today 2. Coal, steel and cement park: with the plan",
        "zh": "1. 煤-钢-水泥循环经济园区: 现状 2. 煤-钢-水泥循环经济园区: 按方案",
    }
    assert headings[language] in found.words


def test_two_runs_are_compared_with_the_change():
    words = Page(comparison_page([LOOP.before, LOOP.after], "en")).words
    assert "indicator today with the plan change" in words
    assert "percentage points" in words


def test_every_text_of_the_views_has_a_chinese_one():
    assert len(shown()) > 150
    assert {text for text in shown() if text not in chinese()} == set()
