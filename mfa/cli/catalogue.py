"""`mfa list`: what the toolkit knows, by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from mfa.cli.terminal import print_json, print_table
from mfa.errors import InputError, UsageError
from mfa.language import current, tr

if TYPE_CHECKING:
    from mfa.files.library import Shelf
    from mfa.files.tree import Node

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
    columns = list(rows[0]) if rows else []
    print_table([tr(column) for column in columns], [[row[column] for column in columns] for row in rows])


def found(kind: str, query: str) -> Rows:
    """Return the entries of a kind that a query means, best first."""
    from mfa.files.search import called, search

    if kind not in (*SHELVES, "parks"):
        text = tr("--search goes with {known}, not with '{kind}'", known=", ".join((*SHELVES, "parks")), kind=kind)
        raise UsageError(text)
    rows = {row["id"]: row for row in KINDS[kind]()}
    entries = stock(SHELVES[kind]) if kind in SHELVES else {}
    names = {key: [*(called(key, entries[key]) if key in entries else row.values())] for key, row in rows.items()}
    return [rows[key] for key in search(query, names)]


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


def parks() -> Rows:
    """Return the park files of the library, with the purpose in their first line."""
    from mfa.files.library import data_root

    files = sorted((data_root() / "models" / "parks").rglob("*.yaml"))
    return [{"id": file.stem, "purpose": purpose(file.read_text(encoding="utf-8")), "file": str(file)}
            for file in files]  # fmt: skip


def name_of(entry: Node, named: str) -> str:
    """Return the name of a library entry in the current language."""
    name = entry.get(named)
    if name is None:
        return ""
    return name.text or name.word(current.get()) or name.word("en") or ""


def scenarios() -> Rows:
    """Return the scenarios that travel with the toolkit, with the purpose in their first line."""
    from mfa.files.library import data_root

    folder = data_root() / "scenarios"
    files = sorted(file for file in folder.rglob("*.yaml") if file.parent.name != "templates")
    return [{"file": str(file), "purpose": purpose(file.read_text(encoding="utf-8"))} for file in files]


def templates() -> Rows:
    """Return what `mfa new` can start from."""
    from mfa.files.templates import templates as known

    return [{"id": name, "purpose": tr(purpose(text))} for name, text in known().items()]


def purpose(text: str) -> str:
    """Return the comment in the first line of a file."""
    return text.split("\n", 1)[0].removeprefix("#").strip()


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


def solvers() -> Rows:
    """Return the solvers and the version found of each."""
    from mfa.optimization.solvers import available

    return [{"id": name, "version": version or tr("missing")} for name, version in available().items()]


KINDS: dict[str, Callable[[], Rows]] = {
    "materials": partial(shelf, "materials", ("class", "confidence", "source")),
    "technologies": partial(shelf, "technologies", ("product", "confidence", "source")),
    "routes": partial(shelf, "routes", ("waste", "replaces", "receiver", "confidence", "source"), named="use"),
    "sectors": partial(shelf, "sectors", ("isic", "gbt4754")),
    "needs": partial(shelf, "needs", ()),
    "parks": parks,
    "scenarios": scenarios,
    "templates": templates,
    "indicators": indicators,
    "objectives": objectives,
    "constraints": constraints,
    "solvers": solvers,
}
"""Kind → its entries."""

SHELVES: dict[str, Shelf] = {
    "materials": "materials", "technologies": "technologies", "routes": "routes",
    "sectors": "sectors", "needs": "needs",
}  # fmt: skip
"""Kinds that are shelves of the library."""
