"""The bundled font shows everything that figures and reports write, and travels with its licence."""

import base64
import warnings
from importlib import resources
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure

from mfa.language import chinese
from mfa.views.drawing import style
from mfa.views.font import FAMILY, covered, embedded, font_path, printable, register

GB2312 = {
    character
    for row in range(0xA1, 0xF8)
    for cell in range(0xA1, 0xFF)
    for character in bytes((row, cell)).decode("gb2312", errors="ignore")
}


def test_the_font_covers_gb2312_and_what_reports_use():
    used = "综合利用率 CO₂ m³ → ≤ ≥ − · … ‰ № ℃ ± × ÷ – — “”‘’ ₀₁₂₃₄₅₆₇₈₉ ⁰¹²³⁴⁵⁶⁷⁸⁹ αβγΔμΩ"
    assert len(GB2312) > 7400
    assert {c for c in GB2312 | set(used) if ord(c) not in covered()} == set()


def test_its_licence_and_origin_stand_beside_it():
    folder = resources.files("mfa.views").joinpath("fonts")
    licence = folder.joinpath("OFL.txt").read_text(encoding="utf-8")
    assert licence.startswith("Copyright 2014-2021 Adobe")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Noto Sans CJK SC" in folder.joinpath("README.md").read_text(encoding="utf-8")
    assert font_path().stat().st_size < 2_000_000


def test_matplotlib_draws_every_chinese_text_without_a_warning():
    with style(), warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = Figure()
        for text in chinese().values():
            figure.text(0, 0, printable(text))
        figure.text(0, 0, "".join(sorted(GB2312)))
        figure.savefig(BytesIO(), format="png")


def test_matplotlib_finds_the_font_by_its_own_name():
    from matplotlib.font_manager import FontProperties, findfont

    register()
    assert findfont(FontProperties(family=FAMILY), fallback_to_default=False) == str(font_path())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("赤泥\n堆场", "赤泥 堆场"),
        ("a\x00b", "a□b"),
        ("🏭 works", "□ works"),
        ("किला", "□□□□"),
    ],
)
def test_what_the_font_lacks_is_replaced(text, shown):
    assert printable(text) == shown


def test_the_embedded_font_holds_the_characters_of_the_page_and_little_else():
    address = embedded(["赤泥 Red mud", "CO₂ 🏭"])
    kind, _, data = address.partition(",")
    assert kind == "data:font/otf;base64"
    with TTFont(BytesIO(base64.b64decode(data))) as font:
        assert {chr(code) for code in font.getBestCmap()} == set("赤泥 RedmuCO₂")
    assert len(data) < 12_000
    assert embedded(["赤泥 Red mud", "CO₂ 🏭"]) == address
