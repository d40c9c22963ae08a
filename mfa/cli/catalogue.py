"""`mfa list`: what the toolkit knows, by kind."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.cli.terminal import print_json, print_table
from mfa.errors import InputError, UsageError
from mfa.language import current, tr
from mfa.park.statements import MEANINGS, UNVERIFIED, mark, statements

if TYPE_CHECKING:
    from mfa.files.library import Shelf
    from mfa.files.tree import Node
    from mfa.park.park import Park

Rows = list[dict[str, str]]


def show(kind: str | None, query: str | None = None, as_json: bool = False) -> None:
    """Print the entries of one kind (those that a query means, best first), or the kinds.

    Raises:
        UsageError: there is no such kind, or it cannot be searched.
    """
    if query is not None:
        rows = found(kind or "", query)
    elif kind is None:
        rows = [{"kind": name} for name in KINDS]
    elif kind in KINDS:
        rows = KINDS[kind]()
    else:
        raise UsageError(tr("there is no kind '{kind}'; there are {known}", kind=kind, known=", ".join(KINDS)))
    if as_json:
        print_json(rows)
        return
    if not rows:
        print(tr("nothing is called so; mfa list {kind} shows all there is", kind=kind))
        return
    columns = list(rows[0])
    print_table(
        [tr(column) for column in columns], [[in_words(column, row[column]) for column in columns] for row in rows]
    )


def in_words(column: str, cell: str) -> str:
    """Return a cell as people read it: how sure a number is in words, all else as it is."""
    return tr(MEANINGS[cell]) if column == "confidence" and cell and cell in MEANINGS else cell


def found(kind: str, query: str) -> Rows:
    """Return the entries of a kind that a query means, best first."""
    from mfa.files.search import called, search

    if kind not in SEARCHED:
        raise UsageError(tr("--search goes with {known}, not with '{kind}'", known=", ".join(SEARCHED), kind=kind))
    rows: dict[str, Rows] = {}
    for row in KINDS[kind]():
        rows.setdefault(row["id"], []).append(row)
    entries = stock(SHELVES[kind]) if kind in SHELVES else {}
    names = {key: called(key, entries[key]) if key in entries else words_of(group) for key, group in rows.items()}
    return [row for key in search(query, names) for row in rows[key]]


def words_of(rows: Rows) -> list[str]:
    """Return all that rows may be looked for by: their cells, and what a file among them speaks of."""
    words = [cell for row in rows for cell in row.values()]
    return words + [word for row in rows if "file" in row for word in spoken_of(Path(row["file"]))]


def stock(name: Shelf) -> Mapping[str, Node]:
    """Return the entries of a shelf of the library; raises InputError where a file of it is broken."""
    from mfa.files.library import entries
    from mfa.files.tree import UnreadableError

    try:
        return entries(name)
    except UnreadableError as error:
        raise InputError([error.fault.problem]) from error


def shelf(name: Shelf, details: Sequence[str], named: str = "name") -> Rows:
    """Return the entries of one shelf of the library: id, name (which stands under `named`) and the details asked for.

    Raises InputError where a file of the library is broken.
    """
    return [
        {"id": key, "name": name_of(entry, named)} | {detail: entry.word(detail) or "" for detail in details}
        for key, entry in sorted(stock(name).items())
    ]


def samples() -> Rows:
    """Return the composition of each material of the library: typical, from low to high, and sample by sample."""
    rows: Rows = []
    for key, entry in sorted(stock("materials").items()):
        named = fields_of(entry, "samples")
        stated = [(tr("typical"), entry), *named.items()] if named or "composition" in entry.fields else []
        for sample, analysis in stated:
            parts = {name: marked(analysis, node.text or "", f"composition.{name}", "composition")
                     for name, node in fields_of(analysis, "composition").items()}  # fmt: skip
            moisture = marked(analysis, analysis.word("moisture") or "", "moisture")
            rows.append(analysed(key, entry, sample, {"moisture": moisture, **parts}, analysis))
        parts = {
            path.removeprefix("composition."): marked(
                entry, "–".join(bound.text or "" for bound in node.items), "ranges", path, "composition"
            )
            for path, node in fields_of(entry, "ranges").items()
            if path.startswith(("moisture", "composition."))
        }
        if stated and parts:
            rows.append(analysed(key, entry, tr("low–high"), parts, fields_of(entry, "evidence").get("ranges", entry)))
    return rows


def marked(entry: Node, number: str, *fields: str) -> str:
    """Return a number with the mark where nobody has verified it: by the first of the fields that has evidence."""
    evidence = fields_of(entry, "evidence")
    best = next((evidence[field] for field in fields if field in evidence), entry)
    return number + mark(best.word("confidence")) if number else ""


def analysed(key: str, entry: Node, sample: str, parts: Mapping[str, str], source: Node) -> dict[str, str]:
    """Return one row of the samples of a material; `parts` holds its moisture and its substances."""
    composition = ", ".join(f"{name} {amount}" for name, amount in parts.items() if name != "moisture")
    return {"id": key, "name": name_of(entry, "name"), "sample": sample, "moisture": parts.get("moisture", ""),
            "composition": composition, "confidence": source.word("confidence") or "",
            "source": source.word("source") or ""}  # fmt: skip


def fields_of(entry: Node, name: str) -> Mapping[str, Node]:
    """Return what stands under a key of an entry; nothing where there is none."""
    node = entry.get(name)
    return node.fields if node is not None else {}


def benchmarks() -> Rows:
    """Return published rates, targets and exchanges to hold one's own results against."""
    from mfa.files.library import data_root

    with (data_root() / "models" / "benchmarks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    language = current.get()
    return [{"id": row["of"], "name": row[f"name_{language}"], "measure": row[f"measure_{language}"],
             "year": row["year"], "value": row["value"], "unit": row["unit"], "kind": tr(row["kind"]),
             "confidence": row["confidence"], "source": row["source"]} for row in rows]  # fmt: skip


def parks() -> Rows:
    """Return the park files of the library: what is known of each, and the purpose in its first line."""
    from mfa.files import load_park
    from mfa.files.library import data_root

    return [{"id": file.stem, **known(load_park(file)), "purpose": purpose(file.read_text(encoding="utf-8")),
             "file": str(file)} for file in sorted((data_root() / "models" / "parks").rglob("*.yaml"))]  # fmt: skip


def known(park: Park) -> dict[str, str]:
    """Return the name of a park, whether it is real, and how much of it is known and verified."""
    stated, recipes = list(statements(park)), sum(bool(firm.lines) for firm in park.firms.values())
    return {
        "name": park.name.in_language(current.get()),
        "real": tr("no, illustrative") if park.illustrative else tr("yes"),
        "firms with a recipe": tr("{some} of {all}", some=recipes, all=len(park.firms)),
        "exchanges": str(sum(link.status == "existing" for link in park.links)),
        "unverified": tr("{some} of {all}", some=sum(one.confidence in UNVERIFIED for one in stated), all=len(stated)),
    }


def name_of(entry: Node, named: str) -> str:
    """Return the name of a library entry in the current language."""
    name = entry.get(named)
    if name is None:
        return ""
    return name.text or name.word(current.get()) or name.word("en") or ""


def scenarios() -> Rows:
    """Return the scenarios that travel with the toolkit: name, and the purpose in the first line."""
    from mfa.files.library import data_root

    folder = data_root() / "scenarios"
    files = sorted(file for file in folder.rglob("*.yaml") if file.parent.name != "templates")
    return [{"id": file.stem, "name": name_of(tree(file), "name"), "purpose": purpose_of(file), "file": str(file)}
            for file in files]  # fmt: skip


def purpose_of(file: Path) -> str:
    """Return what a scenario is for: its first line, or in Chinese what it says of itself in Chinese, if anything."""
    said = fields_of(tree(file), "description").get(current.get()) if current.get() == "zh" else None
    return (said.text if said is not None else None) or purpose(file.read_text(encoding="utf-8"))


def tree(file: Path) -> Node:
    """Return what a scenario or park file says."""
    from mfa.files.yaml_tree import parse_yaml

    return parse_yaml(file.read_text(encoding="utf-8"), file.name)[0]


def spoken_of(file: Path) -> list[str]:
    """Return all that a scenario or park file may be looked for by: its words, and the names of what it works with.

    These are the materials that it names, and what the technologies release that its firms run.
    """
    from mfa.files.search import called

    words = [word for node in every(tree(file)) for word in (*node.fields, *([node.text] if node.text else []))]
    materials, technologies = stock("materials"), stock("technologies")
    released = {key for word in words if word in technologies for key in fields_of(technologies[word], "releases")}
    meant = {*words, *released} & materials.keys()
    return [*dict.fromkeys(words), *(name for key in sorted(meant) for name in called(key, materials[key]))]


def every(node: Node) -> Iterator[Node]:
    """Yield a node and all that stands in it."""
    yield node
    for entry in (*node.fields.values(), *node.items):
        yield from every(entry)


def templates() -> Rows:
    """Return what `mfa new` can start from."""
    from mfa.files.templates import templates as known

    rows = [{"id": name, "purpose": tr(purpose(text))} for name, text in known().items()]
    return [*rows, {"id": "table", "purpose": tr("A table of firms to fill in Excel, for import-excel.")}]


def purpose(text: str) -> str:
    """Return the comment in the first line of a file."""
    return text.split("\n", 1)[0].removeprefix("#").strip()


def lifetimes() -> Rows:
    """Return how long products may stay in use: the kinds, and the parameters that each takes."""
    from mfa.use_phase.lifetimes import FORMS

    return [{"id": kind, "parameters": tr(" or ").join(map(" + ".join, forms))} for kind, forms in FORMS.items()]


def objectives() -> Rows:
    """Return the objectives of the optimiser."""
    from mfa.optimization import OBJECTIVES

    return [
        {"id": name, "unit": entry.unit, "sense": entry.sense, "meaning": first_line(entry.terms)}
        for name, entry in sorted(OBJECTIVES.items())
    ]


def constraints() -> Rows:
    """Return the constraints of the optimiser."""
    from mfa.optimization import CONSTRAINTS

    return [{"id": name, "meaning": first_line(entry)} for name, entry in sorted(CONSTRAINTS.items())]


def first_line(function: Callable[..., Any]) -> str:
    """Return the first line of a function's description."""
    return (function.__doc__ or "").strip().split("\n", 1)[0]


def indicators() -> Rows:
    """Return the indicators."""
    from mfa.indicators import INDICATORS

    return [
        {"id": name, "unit": entry.unit, "meaning": tr(entry.meaning), "source": entry.source}
        for name, entry in sorted(INDICATORS.items())
    ]


def statistics() -> Rows:
    """Return what `statistics:` of a scenario may say."""
    from mfa.park.statistics import STATISTICS

    return [{"id": key, "unit": one.unit, "meaning": tr(one.meaning)} for key, one in STATISTICS.items()]


def solvers() -> Rows:
    """Return the solvers and the version found of each."""
    from mfa.optimization.solvers import available

    return [{"id": name, "version": version or tr("missing")} for name, version in available().items()]


KINDS: dict[str, Callable[[], Rows]] = {
    "materials": partial(shelf, "materials", ("class", "confidence", "source")),
    "technologies": partial(shelf, "technologies", ("product", "confidence", "source")),
    "routes": partial(shelf, "routes", ("waste", "replaces", "receiver", "confidence", "source"), named="use"),
    "samples": samples,
    "sectors": partial(shelf, "sectors", ("isic", "gbt4754")),
    "needs": partial(shelf, "needs", ()),
    "parks": parks,
    "benchmarks": benchmarks,
    "scenarios": scenarios,
    "templates": templates,
    "lifetimes": lifetimes,
    "schemes": partial(shelf, "schemes", ("standard", "confidence", "source")),
    "factors": partial(shelf, "factors", ("value", "confidence", "source")),
    "statistics": statistics,
    "indicators": indicators,
    "objectives": objectives,
    "constraints": constraints,
    "solvers": solvers,
}
"""Kind → its entries."""

SHELVES: dict[str, Shelf] = {
    "materials": "materials", "technologies": "technologies", "routes": "routes",
    "samples": "materials", "sectors": "sectors", "needs": "needs", "schemes": "schemes", "factors": "factors",
}  # fmt: skip
"""Kinds whose entries stand on a shelf of the library."""

SEARCHED = (*SHELVES, "parks", "benchmarks", "scenarios")
"""Kinds that can be searched."""
