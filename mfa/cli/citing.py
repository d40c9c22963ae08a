"""`mfa cite`: the sources behind the numbers of a run, and how much of its results rests on which of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.cli.terminal import print_heading, print_json, print_table
from mfa.language import current, tr
from mfa.park.statements import UNVERIFIED, count, statements
from mfa.results.citations import Citation, bibtex, cite, park_of_run
from mfa.results.reading import is_run_folder, read_run

if TYPE_CHECKING:
    from mfa.evidence import Resting

MOST_NAMES, MOST_NUMBERS = 6, 5
"""How many uses of a source, and how many unverified numbers of a result, are named."""
HEADINGS = {
    "found": "Found in the source",
    "derived": "Derived from a source",
    "memory": "From memory, not verified",
    "illustrative": "Made up for an example",
    "assumed": "Assumed",
    "": "No confidence stated: the scenario's own",
}
"""Confidence → heading of its sources."""


def show(run: Path, as_bibtex: bool = False, as_json: bool = False) -> None:
    """Print the sources of a run folder or scenario file, by confidence, as text, BibTeX or JSON.

    Of a run folder also what its results rest on, but not in BibTeX.
    """
    park = park_of_run(run)
    citations, counts = cite(park), count(statements(park))
    if as_bibtex:
        print(bibtex(citations), end="")
        return
    resting = resting_of(run)
    if as_json:
        print_json({"counts": {key or "unstated": n for key, n in counts.items()},
                    "results": [row for name, found in resting.items() for row in as_data(name, found)],
                    "sources": [asdict(citation) for citation in citations]})  # fmt: skip
        return
    if resting:
        show_resting(run, resting)
    show_sources(citations, counts)


def resting_of(run: Path) -> Mapping[str, Sequence[Resting]]:
    """Return what the results of each simulation in a run folder rest on; nothing for a scenario file."""
    from mfa.evidence import rest_of

    return {name: rest_of(results) for name, results in read_run(run).results.items()} if is_run_folder(run) else {}


def show_resting(run: Path, resting: Mapping[str, Sequence[Resting]]) -> None:
    """Print what the results of a run rest on, and the numbers that weigh most of the last simulation."""
    from mfa.views.measures import title, written
    from mfa.views.numbers import heaviest
    from mfa.views.wording import Names, share

    language, scenario = current.get(), read_run(run).scenario
    names = Names((scenario,), language)
    label = {"before": tr("today"), "after": tr("with the plan")}
    print_heading(tr("What the results rest on"))
    heads = [tr(head) for head in ("result", "run", "counted over", "rests on unverified numbers",
                                   "only on found or derived ones", "only on the scenario's own")]  # fmt: skip
    rows = [
        [title(one.result, language), label.get(name, name), written(one.amount, one.unit, language),
         *(share(one.share(part), language) for part in (one.unverified, one.verified, one.own))]
        for name, found in resting.items() for one in found
    ]  # fmt: skip
    print_table(heads, rows, numbers=heads[2:])
    if scenario.park.illustrative:
        print(tr("The scenario's own values are illustrative."))
    for one in list(resting.values())[-1]:
        if one.weights:
            print_heading(tr("Unverified numbers on which most rests: {result}", result=title(one.result, language)))
            for number in heaviest(one, names, MOST_NUMBERS):
                print(f"- {number}")


def show_sources(citations: Sequence[Citation], counts: Mapping[str, int]) -> None:
    """Print sources by confidence, and how many entries are not verified."""
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


def as_data(run: str, resting: Sequence[Resting]) -> list[dict[str, Any]]:
    """Return what results rest on as JSON data."""
    return [{"run": run, **asdict(one)} for one in resting]
