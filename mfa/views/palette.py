"""Colours and strokes: one colour a material class, told apart with any colour vision (after Okabe and Ito, 2008)."""

from __future__ import annotations

INK, SOFT_INK, FAINT, PAPER = "#1d2b33", "#5b6a72", "#d5dbde", "#ffffff"
ACCENT, WARNING, BEFORE = "#0b7a75", "#b5482a", "#9aa5ab"
"""What is proposed or realised; what is wrong; what stood before."""

CLASS_COLOURS = {
    "raw": "#a3a8ad",
    "product": "#2f6c9e",
    "by_product": "#1f9277",
    "solid_waste": "#e3a32f",
    "bulk_solid_waste": "#c4562a",
    "hazardous_waste": "#b96a9d",
    "water": "#63b3de",
    "energy": "#ebdf62",
    "gas": "#8b80b8",
}
"""Material class → colour."""

CLASS_NAMES = {
    "raw": "raw material",
    "product": "product",
    "by_product": "by-product",
    "solid_waste": "general industrial solid waste",
    "bulk_solid_waste": "bulk industrial solid waste",
    "hazardous_waste": "hazardous waste",
    "water": "water",
    "energy": "energy",
    "gas": "gas",
}
"""Material class → its English name, the key of the Chinese one."""

SERIES = ("#2f6c9e", "#c4562a", "#1f9277", "#e3a32f", "#8b80b8", "#63b3de", "#b96a9d", "#5b6a72")
"""Colours of series that are not material classes."""


def shades(colour: str, count: int) -> list[str]:
    """Return `count` tones of one colour, from darker to lighter, the colour itself where there is one."""
    spread = [0.0] if count == 1 else [-0.3 + 0.75 * step / (count - 1) for step in range(count)]
    return [mixed(colour, PAPER if share > 0 else INK, abs(share)) for share in spread]


def mixed(colour: str, other: str, share: float) -> str:
    """Return `colour` with a share of another one mixed in."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
