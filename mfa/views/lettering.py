"""How much room text takes, without a drawing library: an upper estimate from character classes."""

from __future__ import annotations

from unicodedata import east_asian_width, normalize

NARROW, LARGE, BROAD = set("ijlIfrt.,:;|!'()[]{} /\\-"), set("mwMW@%"), set("ABCDGHKNOQRUVXYZ&")
WIDE = "WFA"
"""East Asian widths of characters beside which a line may break."""
ELLIPSIS = "…"


def text_width(text: str, size: float) -> float:
    """Return an upper estimate of the width of one line of text at font size `size`, in the same unit."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    plain = normalize("NFD", character)[0] if character < "\u0250" else character
    if not plain.isascii() or plain in LARGE:
        return 1.0
    if plain in NARROW:
        return 0.4
    return 0.78 if plain in BROAD else 0.64


def wrap(text: str, size: float, room: float, lines: int = 2) -> tuple[str, ...]:
    """Return `text` broken into at most `lines` lines no wider than `room`; what does not fit ends in an ellipsis."""
    rest = " ".join(text.split())
    done: list[str] = []
    while rest and len(done) < lines - 1:
        head = _head(rest, size, room)
        done.append(head.strip())
        rest = rest[len(head) :].strip()
    return (*done, shorten(rest, size, room)) if rest else tuple(done)


def shorten(text: str, size: float, room: float) -> str:
    """Return `text`, cut with an ellipsis where it is wider than `room`."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + ELLIPSIS, size) > room:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _head(text: str, size: float, room: float) -> str:
    """Return the longest beginning that fits, ending at a space or beside a wide character where there is one."""
    if text_width(text, size) <= room:
        return text
    fits = max((end for end in range(1, len(text)) if text_width(text[:end], size) <= room), default=1)
    breaks = [end for end in range(1, fits + 1) if _may_break(text, end)]
    return text[: breaks[-1] if breaks else fits]


def _may_break(text: str, end: int) -> bool:
    closing = "，。、；：）》」】%)"
    beside = text[end - 1] == " " or text[end] == " "
    wide = all(east_asian_width(character) in WIDE for character in text[end - 1 : end + 1])
    return beside or (wide and text[end] not in closing)
