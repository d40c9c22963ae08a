"""`mfa cite`: the sources behind the numbers of a run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from mfa.cli.terminal import print_heading, print_json
from mfa.language import tr
from mfa.results.citations import UNVERIFIED, Citation, bibtex, cite, count, park_of_run, statements

MOST_NAMES = 6
HEADINGS = {
    "found": "Found in the source",
    "derived": "Derived from a source",
    "memory": "From memory, not verified",
    "illustrative": "Made up for an example",
    "assumed": "Assumed",
    "": "Confidence not stated",
}
"""Confidence → heading of its sources."""


def show(run: Path, as_bibtex: bool = False, as_json: bool = False) -> None:
    """Print the sources of a run folder or scenario file, by confidence, as text, BibTeX or JSON."""
    park = park_of_run(run)
    citations, counts = cite(park), count(statements(park))
    if as_json:
        print_json({"counts": {key or "unstated": n for key, n in counts.items()},
                    "sources": [asdict(citation) for citation in citations]})  # fmt: skip
        return
    if as_bibtex:
        print(bibtex(citations), end="")
        return
    for confidence in [key for key in HEADINGS if key in counts]:
        print_heading(tr("{heading}: {number} entries", heading=tr(HEADINGS[confidence]), number=counts[confidence]))
        for citation in citations:
            if citation.confidence == confidence:
                print(line(citation))
    unsure, total = sum(n for key, n in counts.items() if key in UNVERIFIED), sum(counts.values())
    print("\n" + tr("{number} of {total} entries are not verified.", number=unsure, total=total))


def line(citation: Citation) -> str:
    """Return a source on one line, with what it is used for."""
    names = ", ".join(citation.used_for[:MOST_NAMES])
    if len(citation.used_for) > MOST_NAMES:
        names = tr("{names} and {number} more", names=names, number=len(citation.used_for) - MOST_NAMES)
    year = f" ({citation.year})" if citation.year else ""
    return f"- {citation.source}{year} — {names}"
