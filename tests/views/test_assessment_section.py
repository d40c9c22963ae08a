"""The section of a report that holds a park against the schemes: there where the scenario has statistics."""

import re

import mfa
from mfa.files.library import data_root
from mfa.views.report.pages import report_page


def section(language, **statistics):
    scenario = mfa.load_scenario(data_root() / "scenarios" / "first_park.yaml").replace(statistics=statistics)
    from mfa.views.figures import Alone

    page = report_page(Alone(mfa.simulate(scenario)), language)
    found = re.search(r'<section id="assessment">.*?</section>', page, re.DOTALL)
    return found and found[0]


def test_a_park_without_statistics_is_not_assessed():
    assert section("en") is None


def test_what_is_verified_is_judged_and_the_rest_marked_in_both_languages():
    given = {"industrial_value_added": {2025: 6.4e8}, "employees": 800.0}
    english, chinese = section("en", **given), section("zh", **given)
    assert '<span class="good">80.0 10⁴ CNY/person</span><br><span class="soft">met</span>' in english
    assert '<span class="bad">5.60 %</span><br><span class="soft">missed</span>' in english
    assert "≤ 0.5 tce/10⁴ CNY (not verified)" in english
    assert "26 indicators of this scheme lack data; mfa evaluate RUN --scheme green-park names what to add." in english
    assert "≤ 0.5 吨标准煤/万元（未核实）" in chinese
    assert "not verified" not in chinese
