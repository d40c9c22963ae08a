"""Measured, reconciled and simulated: the section of the report and its figure, in both languages."""

import pytest
from building import firm, landfill, market, material, park, scenario, technology

import mfa
from mfa.park.measurement import Deviation, Measurement, Measurements
from mfa.views.figures import names_of, write_figures
from mfa.views.measured import measured_rows, title
from mfa.views.report.pages import report_page

SAID = {
    "en": ("Measured, reconciled and simulated", "power makes ash", "too high by about", "own values remain: kiln"),
    "zh": ("实测、平差与仿真", "power产出ash", "约偏高", "沿用情景原值：kiln"),
}


@pytest.fixture(scope="module")
def loop():
    boiler, kiln = technology("boiler", "heat", {"coal": 0.2}, releases={"ash": 0.1}), technology("kiln", "clinker")
    given = scenario(
        park(material("ash", "solid_waste"), boiler, kiln, firm("power", "boiler", 100.0), firm("kiln", "kiln", 20.0),
             landfill(), market()), days=365, record="month",
    )  # fmt: skip
    rows = (
        Measurement(firm="power", made="heat", amount=36_500.0, std=Deviation(share=0.02)),
        Measurement(firm="power", released="ash", amount=5_000.0, std=Deviation(share=0.01)),
        Measurement(from_="power", to="landfill", material="ash", amount=3_600.0),
        Measurement(from_="power", to="landfill", material="ash", amount=3_700.0, name="gate"),
    )
    return mfa.close_loop(given.replace(measurements=Measurements(rows=rows, recipes=0.0)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_tells_what_was_measured_what_is_suspect_and_what_is_left(loop, language):
    page = report_page(loop, language)
    for part in SAID[language]:
        assert part in page


def test_the_figure_is_drawn_and_names_every_measured_amount(loop, tmp_path):
    write_figures(loop, tmp_path)
    assert (tmp_path / "measured.en.png").exists()
    assert (tmp_path / "measured.zh.svg").exists()
    names = names_of(loop, "en")
    titles = [title(row, names) for row in measured_rows(loop.measured).itertuples()]
    assert sorted(titles) == [
        "power makes ash", "power makes heat", "power → landfill: ash", "power → landfill: ash [gate]"
    ]  # fmt: skip
