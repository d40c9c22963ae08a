"""What a report is made of, and how it becomes one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from mfa.language import Language
from mfa.views.font import FAMILY, embedded
from mfa.views.palette import ACCENT, FAINT, INK, PAPER, SOFT_INK, WARNING

if TYPE_CHECKING:
    from jinja2 import Environment

Tone = Literal["", "good", "bad", "soft"]


@dataclass(frozen=True)
class Cell:
    """A text in a table; `tone` says how it is meant, `remark` stands under it."""

    text: str
    tone: Tone = ""
    remark: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Words; `soft` for remarks under a figure or table."""

    text: str
    soft: bool = False


@dataclass(frozen=True)
class Notice:
    """Words that must not be overlooked."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of sentences; `dense` for many short ones, in small columns."""

    items: Sequence[Cell | str]
    dense: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under headings; `numbers` are the columns that are set to the right."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    numbers: frozenset[int] = frozenset()
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A drawing as an `<svg>` element made by this room, with a title above and a caption below."""

    svg: str
    caption: str = ""
    title: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that stands out: what it is, its value, and a remark."""

    label: str
    value: str
    remark: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Figures:
    """Numbers side by side."""

    items: Sequence[Figure]


Part = Paragraph | Notice | Bullets | Table | Picture | Figures


@dataclass(frozen=True)
class Section:
    """A part of the report under its own heading."""

    id: str
    title: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Document:
    """A whole report: title, what stands under it, sections, and the file of the same report in the other language."""

    language: Language
    title: str
    subtitle: str
    sections: Sequence[Section]
    notices: Sequence[str] = ()
    other: str = ""
    footer: str = ""


def render(document: Document) -> str:
    """Return the page: every text escaped, no script, nothing loaded from outside, its own font within."""
    template = _environment().get_template("report.html")
    given = {"document": document, "other_language": OTHER_LANGUAGE[document.language], "kind": _kind, "css": _css()}
    draft = template.render(given, font="")
    return template.render(given, font=f"@font-face{{font-family:'{FAMILY}';src:url({embedded([draft])})}}")


def _kind(part: Part) -> str:
    return type(part).__name__


OTHER_LANGUAGE: dict[Language, str] = {"en": "中文", "zh": "English"}
"""Language of a page → the name that the other language gives itself."""


def _css() -> str:
    text = resources.files("mfa.views").joinpath("templates/report.css").read_text(encoding="utf-8")
    colours = {"ink": INK, "soft": SOFT_INK, "faint": FAINT, "paper": PAPER, "accent": ACCENT, "warning": WARNING}
    for name, colour in colours.items():
        text = text.replace(f"${name}", colour)
    return text


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = PackageLoader("mfa.views")
    return Environment(loader=pages, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
