"""The sources behind the numbers of a run, by confidence, as values and as BibTeX."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from mfa.errors import FolderError
from mfa.files import load_scenario
from mfa.language import tr
from mfa.park.park import Park
from mfa.park.statements import CONFIDENCES, MEANINGS, UNVERIFIED, statements


@dataclass(frozen=True)
class Citation:
    """One source with one confidence, and what it is used for."""

    source: str
    confidence: str
    year: int | None
    used_for: tuple[str, ...]


def park_of_run(run: Path) -> Park:
    """Return the park that a run folder's numbers come from; raises FolderError where it is no run folder."""
    file = run / "scenario.yaml" if run.is_dir() else run
    if not file.is_file():
        raise FolderError(tr("{folder} holds no scenario.yaml; name a run folder or a scenario file", folder=run))
    return load_scenario(file).park


def cite(park: Park) -> list[Citation]:
    """Return the sources of a park's numbers, by confidence, the most used first; the park's own source leads."""
    used: dict[tuple[str, str, int | None], list[str]] = {}
    for statement in statements(park):
        if statement.source:
            used.setdefault((statement.confidence, statement.source, statement.year), []).append(statement.name)
    found = [Citation(source, confidence, year, tuple(names)) for (confidence, source, year), names in used.items()]
    found.sort(key=lambda c: (CONFIDENCES.index(c.confidence), -len(c.used_for), c.source))
    layout = "illustrative" if park.illustrative else "found"
    return [Citation(park.source, layout, None, ("layout of the park",)), *found] if park.source else found


def bibtex(citations: Iterable[Citation]) -> str:
    """Return citations as BibTeX entries `@misc`, one group a confidence, each under a line that names it.

    What is unverified says so in its note; confidence is a keyword; a DOI in the source has a field of its own.
    """
    groups = groupby(citations, key=lambda citation: citation.confidence)
    return "\n".join("\n".join([f"% {MEANINGS[confidence]}", "", *map(_entry, group)]) for confidence, group in groups)


def _entry(citation: Citation) -> str:
    digest = hashlib.sha256(f"{citation.confidence}{citation.source}{citation.year}".encode()).hexdigest()[:8]
    words = re.findall(r"[A-Za-z0-9]+", citation.source)[:2]
    verified = citation.confidence not in UNVERIFIED
    note = f"{'' if verified else 'UNVERIFIED. '}Used for: {', '.join(citation.used_for)}"
    fields = {"title": f"{{{escape(citation.source)}}}", "note": escape(note),
              "keywords": citation.confidence or "unstated"}  # fmt: skip
    doi = DOI.search(citation.source)
    if doi:
        fields["doi"] = doi[0]
    if citation.year is not None:
        fields["year"] = str(citation.year)
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{'-'.join([*words, digest]).lower()},\n{body}}}\n"


DOI = re.compile(r"\b10\.\d{4,9}/[A-Za-z0-9./()-]*[A-Za-z0-9]")
"""A digital object identifier (ISO 26324) of plain characters."""
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "@": "{@}",
    '"': "''",
}  # fmt: skip
"""Characters that mean something to BibTeX or LaTeX → how they are written."""


def escape(text: str) -> str:
    """Return a text as BibTeX and LaTeX print it; letters beyond ASCII stay as they are (UTF-8)."""
    return "".join(SPECIAL.get(character, character) for character in " ".join(text.split()))
