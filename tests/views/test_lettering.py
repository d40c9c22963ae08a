"""Estimates of text width are never too small, so what is laid out by them never overlaps."""

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from mfa.views.font import covered, font_path
from mfa.views.lettering import shorten, text_width, wrap

with TTFont(font_path()) as _font:
    ADVANCES = {
        chr(code): _font["hmtx"][name][0] / _font["head"].unitsPerEm for code, name in _font.getBestCmap().items()
    }

texts = st.text(st.sampled_from([chr(code) for code in sorted(covered())]), max_size=40)
words = st.lists(st.text("abcWim矿渣粉厂", min_size=1, max_size=9), max_size=6).map(" ".join)


def test_a_width_is_never_less_than_the_advance_of_the_font():
    too_small = {c for c, advance in ADVANCES.items() if text_width(c, 1.0) < advance - 0.02 and c.isprintable()}
    assert too_small == set()


@given(texts)
def test_a_shortened_text_fits_and_is_a_beginning(text):
    short = shorten(text, 10, 60)
    assert text_width(short, 10) <= 60 or short == "…"
    assert short == text or text.startswith(short.removesuffix("…"))


@given(words)
def test_wrapped_lines_fit_and_lose_nothing_without_saying_so(text):
    lines = wrap(text, 10, 60)
    assert len(lines) <= 2
    assert all(text_width(line, 10) <= 60 for line in lines)
    if not text.endswith("…") and not any(line.endswith("…") for line in lines):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Cement grinding station", ("Cement", "grinding…")),
        ("一般工业固体废物填埋场", ("一般工业固体", "废物填埋场")),
        ("Slag mill", ("Slag mill",)),
        ("", ()),
    ],
)
def test_lines_break_at_spaces_and_between_chinese_characters(text, lines):
    assert wrap(text, 10, 64) == lines
