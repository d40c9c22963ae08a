"""Files on products in use: amounts by year and series, and how long products stay.

A CSV file has a column `year` and either one column named `inflow` (or `stock`) or one a series. A YAML file:

    kind: stock
    unit: kt                          # optional; only shown
    inflow: steel.csv                 # a CSV file, or {1990: 100, 1991: 112}, or {cars: {1990: 60}, ships: {1990: 40}};
                                      # or stock: … for the inflow that a stock requires
    entry: middle                     # end (default), middle, start, spread
    lifetime: {kind: normal, mean: 12, std: 3.6}
                                      # parameters: a number, a list by year, {series: number}, {year: number},
                                      # {series: {year: number}} or a CSV file; survival (or table): by age from 0
    initial: {1985: 40}               # optional: in stock at the start, by entry year; forms as of inflow
    early_retirement: true            # optional, with stock: no inflow below 0
    collection: {2016: 40%, 2020: 70%}   # optional, as all below: share of what leaves that is collected, by the year
                                      # from which it holds; or one share, or either of them by series
    reuse: 5%                         # of what is collected: used again as it is
    remanufacture: 30%                # of what is collected: goes to remanufacturers
    yield: 85%                        # of that: what they bring back
    second_life: {kind: normal, mean: 6, std: 2}   # lifetime of what comes back; by default as lifetime

Any number may be a distribution: {normal: [12 yr, 10%]}, {triangular: [80, 100, 130]}; quoted in a CSV file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import Any, Literal

from mfa.errors import InputError, Problem
from mfa.files.characters import read_text
from mfa.files.distributions import Uncertain, read_law, states_law
from mfa.files.nearest import did_you_mean
from mfa.files.scalars import read_flag
from mfa.files.tables import beside, is_text_table, read_rows
from mfa.files.tree import Fault, Mark, Node, UnreadableError, join
from mfa.files.uncertain_values import settle
from mfa.files.units import UnitError, read_quantity, split_number
from mfa.files.yaml_tree import parse_yaml
from mfa.language import tr
from mfa.park.distribution import Distribution

DrivenBy = Literal["inflow", "stock"]
Plain = float | str | list[float] | dict[str, float] | dict[str, dict[str, float]]
Rate = float | Mapping[str, "Rate"]
"""A share; or by year, by series, or by series and year."""
BySeries = dict[str, dict[str, float]]
"""Series → year → amount; the series is the empty text where it has no name."""

RATES = ("collection", "reuse", "remanufacture", "yield")
KEYS = ("kind", "unit", "inflow", "stock", "entry", "lifetime", "initial", "early_retirement", *RATES, "second_life")
PARAMETERS = ("kind", "mean", "std", "shape", "scale", "survival", "table")
YEARS = frozenset({"mean", "std"})


@dataclass(frozen=True)
class StockFile:
    """What a file on products in use says; `places` tells where each key path stands, `warnings` what looks odd."""

    driven_by: DrivenBy
    amounts: BySeries
    lifetime: Mapping[str, Plain]
    entry: str = "end"
    unit: str = ""
    initial: BySeries | None = None
    early_retirement: bool = False
    rates: Mapping[str, Rate] = field(default_factory=dict)
    second_life: Mapping[str, Plain] = field(default_factory=dict)
    places: Mapping[str, str] | None = None
    warnings: tuple[Problem, ...] = ()
    laws: Mapping[str, Distribution] = field(default_factory=dict)

    def with_numbers(self, numbers: Mapping[str, float]) -> StockFile:
        """Return the file with other numbers in the place of those that have distributions, by the keys of `laws`."""
        fields = ("initial", "lifetime", "second_life")
        parts = {self.driven_by: self.amounts, **{name: getattr(self, name) for name in fields}, **self.rates}
        parts = _changed(parts, numbers, "")
        rates = {name: parts[name] for name in self.rates}
        return replace(self, amounts=parts[self.driven_by], rates=rates, **{name: parts[name] for name in fields})

    @property
    def is_loop(self) -> bool:
        """Whether the file says what is collected or comes back."""
        return bool(self.rates or self.second_life)

    def placed(self, error: InputError) -> InputError:
        """Return an error of the account with the places in the file of what it names."""
        return InputError(
            Problem(self._place(_path(problem)) or problem.place, _path(problem), problem.message)
            for problem in error.problems
        )

    def _place(self, path: str) -> str:
        """Return where a key path stands in the file, or the longest part of it that does; empty for none."""
        places = self.places or {}
        while path and path not in places:
            path = path.rpartition(".")[0]
        return places.get(path, "")


def _changed(value: Any, numbers: Mapping[str, float], path: str) -> Any:
    """Return nested numbers with others at some paths."""
    if isinstance(value, Mapping):
        return {key: _changed(entry, numbers, join(path, key) if key else path) for key, entry in value.items()}
    if isinstance(value, list):
        return [_changed(entry, numbers, join(path, i)) for i, entry in enumerate(value)]
    return numbers.get(path, value)


def _path(problem: Problem) -> str:
    """Return the key path in the file that a problem of the account is about: `stock, 1998` is `stock.1998`."""
    return ".".join(part for part in (problem.place.replace(", ", "."), problem.path) if part).replace(
        "yield_", "yield"
    )


def read_stock_file(path: Path, *, lifetime: str = "", entry: str = "", driven_by: DrivenBy = "inflow") -> StockFile:
    """Read a file on products in use.

    Args:
        path: CSV or YAML, as the head of this module says.
        lifetime: in the place of the file's, such as `normal mean=12 std=3.6`.
        entry: in the place of the file's.
        driven_by: what the amounts of a CSV file are.

    Raises:
        InputError: with every problem, its place and remedy.
        FolderError: there is no such file, or it cannot be read.
    """
    reading = _Reading(path)
    try:
        root = reading.root(driven_by)
        if lifetime:
            root = _with(root, "lifetime", _lifetime_of(lifetime))
        if entry:
            root = _with(root, "entry", Node(entry, Mark("--entry"), "entry"))
        found = reading.stock_file(root)
    except UnreadableError as error:
        raise InputError([error.fault.problem]) from error
    if found is None or any(fault.level == "error" for fault in reading.faults):
        faults = sorted(dict.fromkeys(reading.faults), key=lambda fault: (fault.mark, fault.path))
        raise InputError(fault.problem for fault in faults if fault.level == "error")
    return found


def _with(root: Node, key: str, node: Node) -> Node:
    return root.with_content(root.fields | {key: node})


def _lifetime_of(words: str) -> Node:
    """Return `normal mean=12 std=3.6` as the tree that a file would hold."""
    kind, *parameters = words.replace(",", " ").split() or [""]
    mark = Mark("--lifetime")
    fields = {"kind": Node(kind, mark, "lifetime.kind")}
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        fields[name] = Node(value, mark, join("lifetime", name))
    return Node(fields, mark, "lifetime")


class _Reading:
    """One reading of a file: the faults found so far, and where everything stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.places: dict[str, str] = {}

    def root(self, driven_by: DrivenBy) -> Node:
        """Return the tree of the file; a CSV file is one that names itself."""
        shown = str(self.path)
        if is_text_table(self.path):
            return Node({driven_by: Node(self.path.name, Mark(shown), driven_by)}, Mark(shown))
        root, faults = parse_yaml(read_text(self.path, shown), shown)
        self.faults += faults
        return root

    def fault(self, node: Node, message: str, level: Literal["error", "warning"] = "error") -> None:
        self.faults.append(Fault(node.named_at, node.path, message, level))

    def stock_file(self, root: Node) -> StockFile | None:
        """Return what the tree says, or None where too little of it can be read."""
        self._check_keys(root, KEYS)
        self._note(root)
        kind = root.get("kind")
        if kind is not None and kind.text != "stock":
            self.fault(kind, tr("expected kind: stock, got '{got}'", got=kind.text or ""))
        given = [key for key in ("inflow", "stock") if key in root.fields]
        if len(given) != 1:
            self.fault(root, tr("give either inflow or stock, and not both"))
            return None
        driven_by: DrivenBy = "inflow" if given == ["inflow"] else "stock"
        amounts = self.amounts(root.fields[driven_by], driven_by)
        initial = self.amounts(root.fields["initial"], "initial") if "initial" in root.fields else None
        given_numbers = {
            driven_by: amounts,
            "initial": initial,
            "lifetime": self.lifetime(root),
            "second_life": self.lifetime(root, "second_life") if "second_life" in root.fields else {},
            **{name: self.rate(root.fields[name]) for name in RATES if name in root.fields},
        }
        numbers, uncertain = settle(given_numbers)
        rates = {name: numbers[name] for name in RATES if name in numbers}
        return StockFile(
            driven_by, numbers[driven_by], numbers["lifetime"], root.word("entry") or "end", root.word("unit") or "",
            numbers["initial"], self.flag(root), rates, numbers["second_life"], self.places,
            tuple(fault.problem for fault in self.faults if fault.level == "warning"),
            {reduce(join, [step for step in at if step != ""], ""): number.laws[0][1] for at, number in uncertain},
        )  # fmt: skip

    def flag(self, root: Node) -> bool:
        """Return whether products may leave early."""
        node = root.get("early_retirement")
        if node is None:
            return False
        try:
            return read_flag(node.text or "")
        except UnitError as error:
            self.fault(node, str(error))
            return False

    def rate(self, node: Node) -> Rate:
        """Return a share, or shares by year or series; noted where one is none."""
        if states_law(node):
            return self._uncertain(node, lambda text: read_quantity(text, "1"), most=1.0)
        if node.fields:
            return {key: self.rate(entry) for key, entry in node.fields.items()}
        try:
            if node.text is None:
                raise UnitError(tr("expected a number, got a list or mapping"))
            return read_quantity(node.text, "1")
        except UnitError as error:
            self.fault(node, str(error))
            return float("nan")

    def lifetime(self, root: Node, key: str = "lifetime") -> dict[str, Plain]:
        """Return the kind and parameters of a lifetime."""
        node = root.get(key)
        if node is None or not node.fields:
            yaml, option = "lifetime: {kind: normal, mean: 12, std: 3.6}", "--lifetime 'normal mean=12 std=3.6'"
            message = tr("there is no lifetime; add {yaml}, or for a CSV file {option}", yaml=yaml, option=option)
            self.fault(node or root, message)
            return {}
        self._check_keys(node, PARAMETERS)
        given = {"survival" if name == "table" else name: entry for name, entry in node.fields.items()}
        return {
            name: (entry.text or "") if name == "kind" else self.parameter(entry, name)
            for name, entry in given.items()
            if name in PARAMETERS
        }

    def parameter(self, node: Node, name: str) -> Plain:
        """Return a parameter: a number, a list, or numbers by year or series."""
        if isinstance(node.content, list):
            return [self.number(entry, name) for entry in node.content]
        if (node.fields and not states_law(node)) or _names_table(node):
            by_series = self.amounts(node, name)
            return by_series[""] if list(by_series) == [""] else by_series
        return self.number(node, name)

    def amounts(self, node: Node, name: str) -> BySeries:
        """Return numbers by series and year, from a mapping or the CSV file that a text names."""
        if _names_table(node):
            return self.table(node, name)
        if not node.fields:
            self.fault(node, tr("expected a CSV file, or numbers by year, got '{got}'", got=(node.text or "[]")[:60]))
            return {}
        nested = {key: entry for key, entry in node.fields.items() if entry.fields and not states_law(entry)}
        if len(nested) == len(node.fields):
            return {
                series: {year: self.number(cell, name) for year, cell in entry.fields.items()}
                for series, entry in nested.items()
            }
        for entry in nested.values():
            self.fault(entry, tr("mixed forms: give numbers by year, or by series and year"))
        return {"": {key: self.number(entry, name) for key, entry in node.fields.items() if key not in nested}}

    def table(self, node: Node, name: str) -> BySeries:
        """Return the numbers of a CSV file: the column of that name alone where there is one, else all but `year`."""
        file, shown = beside(self.path, str(self.path), node.text or "")
        rows = [_flat(row.node) for row in read_rows(read_text(file, shown), shown, self.faults)]
        by = "age" if name == "survival" else "year"
        columns = list(dict.fromkeys(key for row in rows for key in row if key != by))
        if not rows or not columns:
            message = tr("the table is empty; give a column {column} and one more", column=by)
            self.faults.append(Fault(Mark(shown), node.path, message))
            return {}
        chosen = [name] if name in columns else columns
        found: BySeries = {"" if column == name else column: {} for column in chosen}
        for row in rows:
            self._add_row(row, found, by, Node(name, node.mark, node.path))
        return found

    def _add_row(self, row: dict[str, Node], found: BySeries, by: str, node: Node) -> None:
        """Add the numbers of a row to what is found; the text of `node` names the column of a series without a name."""
        year, name = row.get(by), node.text or ""
        key = (year.text or "") if year is not None else ""
        if year is None or not re.fullmatch(r"-?\d+(\.\d+)?", key):
            where = next(iter(row.values())) if year is None else year
            self.faults.append(Fault(where.mark, node.path, tr("expected a number in column {column}", column=by)))
            return
        if any(key in amounts for amounts in found.values()):
            message = tr("{column} {key} has two rows; remove one or add them up", column=by, key=key)
            self.faults.append(Fault(year.mark, node.path, message))
            return
        self.places[join(node.path, key)] = str(year.mark)
        for series, amounts in found.items():
            column = series or name
            cell = row.get(column)
            if cell is None:
                message = tr("column {column} is empty in this row; fill it or leave the row out", column=column)
                self.faults.append(Fault(year.mark, node.path, message))
            else:
                self.places[join(join(node.path, key), series)] = str(cell.mark)
                amounts[key] = self.number(replace(cell, path=node.path), name)

    def number(self, node: Node, name: str) -> float:
        """Return the number of a scalar; noted where there is none, and NaN returned."""
        if states_law(node):
            return self._uncertain(node, lambda text: _plain(text, name))
        try:
            if node.text is None:
                raise UnitError(tr("expected a number, got a list or mapping"))
            return self._signed(node, name, _plain(node.text, name))
        except UnitError as error:
            self.fault(node, str(error))
            return float("nan")

    def _uncertain(self, node: Node, read: Callable[[str], float], most: float | None = None) -> float:
        """Return the central value of a distribution, which comes along; nothing here may be below 0."""
        law = read_law(node, read, self.fault)
        try:
            return float("nan") if law is None else Uncertain.of(law.central, ((node, law.within(0.0, most)),))
        except ValueError as error:
            self.fault(node, str(error))
            return float("nan")

    def _signed(self, node: Node, name: str, number: float) -> float:
        """Return a number; noted where it is an amount below 0."""
        if number < 0 and name in ("inflow", "stock", "initial"):
            level: Literal["error", "warning"] = "warning" if name == "inflow" else "error"
            self.fault(node, tr("{amount:g} is below 0; check its sign", amount=number), level)
        return number

    def _check_keys(self, node: Node, known: Iterable[str]) -> None:
        for key, entry in node.fields.items():
            if key not in known:
                self.fault(entry, tr("unknown key '{key}'", key=key) + did_you_mean(key, known))

    def _note(self, node: Node) -> None:
        """Note where everything below a node stands."""
        self.places[node.path] = str(node.named_at)
        for entry in [*node.fields.values(), *node.items]:
            self._note(entry)


def _plain(text: str, name: str) -> float:
    """Return a number: years where it is a time, else without a unit; raises UnitError."""
    if name in YEARS:
        return read_quantity(text, "yr")
    number, rest = split_number(text, "")
    if rest:
        raise UnitError(tr("write the number without '{unit}'; the unit of all stands under unit", unit=rest))
    return float(number)


def _names_table(node: Node) -> bool:
    return node.text is not None and is_text_table(Path(node.text))


def _flat(node: Node, name: str = "") -> dict[str, Node]:
    """Return the cells of a row by the whole name of their column, dots included."""
    cells: dict[str, Node] = {}
    for key, entry in node.fields.items():
        whole = f"{name}.{key}" if name else key
        cells |= _flat(entry, whole) if entry.fields and not states_law(entry) else {whole: entry}
    return cells
