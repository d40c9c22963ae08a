"""Make `mfa-sans-sc.otf` again; see README.md beside this file.

Run with the collection of Debian's package `fonts-noto-cjk`: `python make_font.py NotoSansCJK-Regular.ttc`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTCollection, TTFont

FAMILY, POSTSCRIPT = "Mfa Sans SC", "MfaSansSC-Regular"
SIMPLIFIED_CHINESE = 2
"""The face of the collection that has the forms of mainland China."""
BLOCKS = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x370, 0x3FF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F),
    (0x2150, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x25A0, 0x27BF), (0x3000, 0x303F), (0xFF00, 0xFFEF),
)  # fmt: skip
UNUSED_TABLES = ["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
SMALL, RAISED, LOWERED = 0.62, 370, -130
"""Size of a small digit, and where superscripts and subscripts stand, in thousandths of an em."""
SUPERSCRIPTS, SUBSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"


def gb2312() -> set[int]:
    """Return the code points of GB 2312."""
    cells = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(character) for pair in cells for character in pair.decode("gb2312", errors="ignore")}


def take_subset(font: TTFont) -> None:
    """Reduce `font` to the characters that figures and reports use."""
    options = subset.Options(layout_features=[], hinting=False, name_IDs=["*"], notdef_outline=True)
    options.drop_tables += UNUSED_TABLES
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=gb2312() | {code for first, last in BLOCKS for code in range(first, last + 1)})
    subsetter.subset(font)


def add_small_digits(font: TTFont) -> None:
    """Add the super- and subscript digits that Noto Sans CJK lacks, which are its digits made small."""
    for characters, shift in ((SUPERSCRIPTS, RAISED), (SUBSCRIPTS, LOWERED)):
        for digit, character in enumerate(characters):
            if ord(character) not in font.getBestCmap():
                _add_scaled(font, str(digit), character, shift)


def _add_scaled(font: TTFont, model: str, character: str, shift: int) -> None:
    top, source = font["CFF "].cff[0], font.getBestCmap()[ord(model)]
    name = f"cid{max(int(glyph[3:]) for glyph in top.charset if glyph.startswith('cid')) + 1:05d}"
    width = round(font["hmtx"][source][0] * SMALL)
    select = top.FDSelect[top.charset.index(source)]
    private = top.FDArray[select].Private
    pen = T2CharStringPen(width, None)
    font.getGlyphSet()[source].draw(TransformPen(pen, (SMALL, 0, 0, SMALL, 0, shift)))
    glyph = pen.getCharString(private, top.GlobalSubrs)
    top.CharStrings.charStrings[name] = len(top.CharStrings.charStringsIndex)
    top.CharStrings.charStringsIndex.append(glyph)
    top.charset.append(name)
    top.FDSelect.append(select)
    font.setGlyphOrder(top.charset)
    font["hmtx"][name] = (width, 0)
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14:
            table.cmap[ord(character)] = name


def rename(font: TTFont) -> None:
    """Give the subset a family name of its own."""
    names = {1: FAMILY, 3: f"{FAMILY} 1", 4: FAMILY, 6: POSTSCRIPT}
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.toUnicode())
    cff = font["CFF "].cff
    cff.fontNames = [POSTSCRIPT]
    cff[0].FullName = cff[0].FamilyName = FAMILY


def make(collection: Path, target: Path) -> None:
    """Write the subset of a font collection to `target`."""
    font = TTCollection(str(collection)).fonts[SIMPLIFIED_CHINESE]
    take_subset(font)
    add_small_digits(font)
    rename(font)
    font.save(str(target))


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(__file__).with_name("mfa-sans-sc.otf"))
