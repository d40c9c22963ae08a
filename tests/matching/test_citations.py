"""The sources behind a run: what is cited, how it is counted, and BibTeX that can be read."""

import re
from pathlib import Path

import pytest

from mfa.errors import FolderError
from mfa.files import load_scenario
from mfa.files.library import data_root
from mfa.park.statements import count, statements
from mfa.results.citations import Citation, bibtex, cite, escape, park_of_run
from mfa.results.manifest import count_confidence

SCENARIO = data_root() / "scenarios" / "coal_steel_cement.yaml"


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(SCENARIO)


@pytest.fixture(scope="module")
def park(scenario):
    return scenario.park


def test_the_counts_are_those_of_the_manifest(park):
    counts = count(statements(park))
    assert sum(counts.values()) == len(list(statements(park)))
    assert {name or "unstated": number for name, number in counts.items()} == count_confidence(park)


def test_every_source_is_cited_once_a_confidence_with_all_it_is_used_for(park):
    stated = [s for s in statements(park) if s.source]
    citations = cite(park)
    assert sum(len(citation.used_for) for citation in citations) == len(stated)
    keys = [(citation.source, citation.confidence, citation.year) for citation in citations]
    assert len(set(keys)) == len(keys)


def test_what_is_cited_is_in_the_park_and_sorted_from_sure_to_unsure(park):
    order = ["found", "derived", "memory", "illustrative", "assumed", ""]
    ranks = [order.index(citation.confidence) for citation in cite(park)]
    assert ranks == sorted(ranks)
    names = {name.partition(":")[0].partition(" <-")[0] for citation in cite(park) for name in citation.used_for}
    assert names <= {*park.materials, *park.technologies, *(link.id for link in park.links)}


def balanced(text: str) -> bool:
    """Whether the braces of a BibTeX entry close, those that are escaped aside."""
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def test_bibtex_has_an_entry_a_citation_with_keys_of_their_own_and_closed_braces(park):
    text = bibtex(cite(park))
    found = re.findall(r"^@misc\{([a-z0-9-]+),\n((?:  \w+ = \{.*\},\n)+)\}$", text, flags=re.MULTILINE)
    assert len(found) == len(cite(park)) == text.count("@misc")
    assert len({key for key, _ in found}) == len(found)
    assert all(balanced(body) for _, body in found)
    unescaped = [line for _, body in found for line in body.splitlines() if re.search(r"(?<!\\)[%&#$_]", line)]
    assert unescaped == []


def entries_of(text):
    """Parse BibTeX by its grammar: comments, then @misc{key, name = {balanced}, …}; fails on anything else."""
    entries, rest = [], re.sub(r"(?m)^%.*\n", "", text).lstrip()
    while rest:
        head = re.match(r"@misc\{([a-z0-9-]+),\n", rest)
        rest, fields = rest[head.end() :], {}
        while not rest.startswith("}"):
            name = re.match(r"  ([a-z]+) = \{", rest)
            end = closing(rest, name.end())
            fields[name[1]] = rest[name.end() : end]
            assert rest[end : end + 3] == "},\n"
            rest = rest[end + 3 :]
        entries.append((head[1], fields))
        rest = rest[1:].lstrip()
    return entries


def closing(text, start):
    """Return where the brace that was opened before `start` closes."""
    depth = 1
    for place in range(start, len(text)):
        if text[place] in "{}" and text[place - 1] != "\\":
            depth += 1 if text[place] == "{" else -1
            if depth == 0:
                return place
    raise AssertionError("a brace is never closed")


def test_bibtex_follows_its_grammar_and_keeps_doi_year_and_confidence(park):
    citations = [*cite(park), Citation("Ann & Bob, doi:10.1000/xyz(99)-1, page {7}", "found", 2020, ("ash: price",))]
    parsed = entries_of(bibtex(citations))
    assert [fields["keywords"] for _, fields in parsed] == [c.confidence or "unstated" for c in citations]
    assert [fields.get("year") for _, fields in parsed] == [c.year and str(c.year) for c in citations]
    assert parsed[-1][1] == {
        "title": r"{Ann \& Bob, doi:10.1000/xyz(99)-1, page \{7\}}", "note": "Used for: ash: price",
        "keywords": "found", "doi": "10.1000/xyz(99)-1", "year": "2020",
    }  # fmt: skip


def test_bibtex_is_split_by_confidence(park):
    heads = re.findall(r"(?m)^% (.*)$", bibtex(cite(park)))
    assert heads == ["found in the source", "derived from a source", "from memory, not verified", "assumed"]


def test_what_is_not_verified_says_so_in_bibtex(park):
    for citation in cite(park):
        assert ("UNVERIFIED" in bibtex([citation])) == (citation.confidence not in ("found", "derived"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("50 % of {a}_b", r"50 \% of \{a\}\_b"),
        ("R&D #1 ~ $5^2", r"R\&D \#1 \textasciitilde{} \$5\textasciicircum{}2"),
        ("a\\b\n 粉煤灰", r"a\textbackslash{}b 粉煤灰"),
    ],
)
def test_what_means_something_to_latex_is_escaped(text, written):
    assert escape(text) == written


def test_a_folder_that_holds_no_run_is_told(tmp_path: Path):
    with pytest.raises(FolderError, match=r"holds no scenario\.yaml; name a run folder or a scenario file$"):
        park_of_run(tmp_path)
