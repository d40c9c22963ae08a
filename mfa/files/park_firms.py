"""From the rows of a park table to firms with lines: what each runs, how much of it, and why we think so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil, floor, log10

from mfa.files import library
from mfa.files.makers import Choice, Makers, UnclearError, shown, words
from mfa.files.park_tables import BETWEEN, UNREADABLE, ParkTable, Row, settings
from mfa.files.search import plain
from mfa.files.tree import Fault, Node
from mfa.files.units import UnitError, read_quantity
from mfa.language import tr
from mfa.park.values import DAYS_PER_YEAR

LARGER = {"t": (("Mt", 1e6), ("kt", 1e3), ("t", 1)), "GJ": (("PJ", 1e6), ("TJ", 1e3), ("GJ", 1))}
TAKEN_IDS = frozenset({"market", "disposal", "environment"})
NAMING = ("firm", "name", "product", "sector", "technology")
"""Columns that may name a firm, the best first."""

MOST_OTHERS = 3
"""How many other recipes for a product are named."""

NO_RECIPE = ""
"""The recipe of a firm of which nothing is known but its product."""


@dataclass(frozen=True)
class Note:
    """Why a value that the table does not say is what it is.

    `source` is an entry of the library, with the confidence that it has, or the cell that a value is computed from.
    """

    why: str
    source: str = ""
    confidence: str = "assumed"
    computed: bool = False


@dataclass
class Line:
    """A line: its recipe, how much it makes, and what is assumed of that, by field."""

    choice: Choice
    capacity: Node
    utilisation: Node
    notes: dict[str, Note] = field(default_factory=dict)
    measured: dict[str, Node] = field(default_factory=dict)
    """Waste → what its firm measured of it a year, as far as it falls to this line."""

    def activity(self, unit: str) -> float | None:
        """Return what the line makes a day, in `unit`; None where it cannot be read, which is told elsewhere."""
        try:
            made = read_quantity(self.capacity.text or "", f"{unit}/day")
            return made * read_quantity(self.utilisation.text or "", "1")
        except UnitError:
            return None


@dataclass
class Firm:
    """A firm: the first row that names it, and its lines."""

    id: str
    name: Node
    row: Row
    lines: dict[str, Line] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Add a line under the name of its recipe, numbered where there is one already."""
        stem = line.choice.technology or "line"
        count = sum(1 for key in self.lines if re.fullmatch(rf"{re.escape(stem)}(_\d+)?", key))
        self.lines[stem if not count else f"{stem}_{count + 1}"] = line


def firms_of(table: ParkTable, makers: Makers, faults: list[Fault]) -> dict[str, Firm]:
    """Return the firms of a table by their names as they are compared; rows that cannot be understood are noted."""
    firms: dict[str, Firm] = {}
    for row in table.firms:
        named = next(
            (row.cells[c] for c in ("firm", "name", "product", "sector", "technology") if c in row.cells), None
        )
        if named is None:
            faults.append(Fault(row.place, "", tr("the row names no firm and no product")))
            continue
        key = plain(named.text or "")
        if key not in firms:
            firms[key] = Firm(_new_id(named.text or "", firms.values()), named, row)
        for line in _lines(row, makers, faults):
            if line.choice in [other.choice for other in firms[key].lines.values()]:
                message = tr("'{firm}' names this product already; it gets one more line", firm=named.text)
                faults.append(Fault(row.place, "", message + tr("; remove the row if it is a repetition"), "warning"))
            firms[key].add(line)
    made = {line.choice.product for firm in firms.values() for line in firm.lines.values()}
    for firm in firms.values():
        _add_feeders(firm, made, makers)
    return firms


def _new_id(name: str, firms: Iterable[Firm]) -> str:
    """Return an id that reads like the name and is not taken."""
    stem = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_")[:100] or "firm"
    taken, number, key = TAKEN_IDS | {firm.id for firm in firms}, 1, stem
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key


def parts_of(cell: Node) -> list[Node]:
    """Return what a cell lists, each part in the place of the cell."""
    texts = [text.strip() for text in BETWEEN.split(cell.text or "")]
    return [cell.with_content(text) for text in texts if text]


def _lines(row: Row, makers: Makers, faults: list[Fault]) -> Iterator[Line]:
    """Yield the lines that a row describes: one for each product it names."""
    cell = next((row.cells[column] for column in ("technology", "product", "sector") if column in row.cells), None)
    if cell is None:
        if "waste" not in row.cells:
            message = tr("the row names no product; fill the column product, sector or technology")
            faults.append(Fault(row.place, "", message))
        return
    if UNREADABLE in map(row.word, row.cells):
        return
    try:
        choices = list(_choices(row, cell, makers))
        for choice, sizes in zip(choices, _sizes(row, choices), strict=True):
            yield _line(choice, sizes, row, makers)
    except UnclearError as error:
        faults.append(Fault(cell.mark, "", str(error)))


def _choices(row: Row, cell: Node, makers: Makers) -> Iterator[Choice]:
    """Yield what is run for each product that a row names; raises UnclearError."""
    if "technology" in row.cells:
        if plain(cell.text or "") in {plain(word) for word in words(settings()["no_recipe"])}:
            yield Choice(NO_RECIPE, row.word("product") or row.word("firm"))
        else:
            yield makers.running(cell.text or "")
        return
    for part in parts_of(cell):
        yield makers.making(part.text or "")


Sizes = dict[str, Node]
"""Of a line: `amount`, `capacity` and `utilisation`, as far as the table says them."""


def _sizes(row: Row, choices: list[Choice]) -> Iterator[Sizes]:
    """Yield the sizes of the lines of a row; raises UnclearError where amounts and products cannot be paired."""
    given = {
        column: parts_of(row.cells[column]) for column in ("amount", "capacity", "utilisation") if column in row.cells
    }
    for column, parts in given.items():
        if len(parts) not in (1, len(choices)) or (column != "utilisation" and len(parts) < len(choices)):
            message = tr("{products} products and {amounts} amounts; give each product its own row",
                         products=len(choices), amounts=len(parts))  # fmt: skip
            raise UnclearError(message)
    if not given.keys() & {"amount", "capacity"}:
        raise UnclearError(tr("there is no amount; fill the column amount or capacity, such as {example}",
                              example=tr("200 kt/yr")))  # fmt: skip
    for position in range(len(choices)):
        yield {column: parts[min(position, len(parts) - 1)] for column, parts in given.items()}


def _line(choice: Choice, sizes: Sizes, row: Row, makers: Makers) -> Line:
    """Return a line with what the table says of its size, and with notes on what it does not say."""
    notes = {} if choice.named else {"runs": _why_run(choice, row, makers)}
    unit = "t" if choice.technology == NO_RECIPE else makers.holdings.materials[choice.product].unit
    amount, capacity, utilisation = (sizes.get(name) for name in ("amount", "capacity", "utilisation"))
    full = Node("100%", row.place)
    if capacity is None:
        assert amount is not None
        if utilisation is None:
            return Line(choice, amount, full, notes | {"utilisation": Note(tr("capacity is taken from what it makes"))})
        share = Line(choice, amount, utilisation).activity(unit)
        used = Line(choice, full.with_content(f"1 {unit}/day"), utilisation).activity(unit)
        if not share or not used:
            return Line(choice, amount, utilisation, notes)
        notes["capacity"] = Note(tr("what it makes ÷ utilisation"), str(amount.mark), "derived", computed=True)
        return Line(choice, amount.with_content(yearly(share / used / used, unit)), utilisation, notes)
    if utilisation is not None:
        return Line(choice, capacity, utilisation, notes)
    made, most = (Line(choice, size, full).activity(unit) if size is not None else None for size in (amount, capacity))
    if amount is None or made is None or not most:
        return Line(choice, capacity, full, notes | {"utilisation": Note(tr("in full use, since no output is given"))})
    if made > most:
        notes["capacity"] = Note(tr("it makes more than its capacity of {capacity}", capacity=capacity.text))
        return Line(choice, amount, full, notes | {"utilisation": Note(tr("capacity is taken from what it makes"))})
    notes["utilisation"] = Note(tr("what it makes ÷ capacity"), str(amount.mark), "derived", computed=True)
    return Line(choice, capacity, amount.with_content(f"{100 * made / most:.6g}%"), notes)


def _why_run(choice: Choice, row: Row, makers: Makers) -> Note:
    """Say why a firm is taken to run a recipe."""
    if choice.technology == NO_RECIPE:
        return Note(tr("its recipe is not known"))
    entry = library.technologies()[choice.technology]
    made = makers.name_of(choice.product)
    if choice.others:
        others = tr(", ").join(shown(key, makers.technologies[key]) for key in choice.others[:MOST_OTHERS])
        others += " …" if len(choice.others) > MOST_OTHERS else ""
        why = tr("'{word}' read as {product}; also possible: {others}", word=_said(row), product=made, others=others)
    else:
        why = tr("'{word}' read as {product}, for which there is one recipe", word=_said(row), product=made)
    return Note(why, f"technologies.{choice.technology} ({entry.named_at})", entry.word("confidence") or "assumed")


def _said(row: Row) -> str:
    return row.word("product") or row.word("sector")


def _add_feeders(firm: Firm, made: set[str], makers: Makers) -> None:
    """Add the lines that a firm is assumed to run besides, as large as its others need them."""
    technologies = makers.holdings.technologies
    for line in list(firm.lines.values()):
        for key in line.choice.besides:
            product = technologies[key].product
            need = line.activity(makers.holdings.materials[line.choice.product].unit)
            share = technologies[line.choice.technology].uses.get(product, 0.0)
            if product in made or not need or not share:
                continue
            why = Note(tr("such a firm usually makes its own {product}", product=makers.name_of(product)),
                       f"makers.{line.choice.product} ({makers.entries[line.choice.product].named_at})")  # fmt: skip
            size = yearly(need * share, makers.holdings.materials[product].unit)
            place = line.capacity.mark
            fed = makers.technology_of(line.choice.technology)
            firm.add(Line(
                Choice(key, product), Node(size, place), Node("100%", place),
                {"runs": why, "capacity": Note(tr("what {line} needs", line=fed)),
                 "utilisation": Note(tr("capacity is taken from what it makes"))},
            ))  # fmt: skip


def yearly(per_day: float, unit: str) -> str:
    """Return an amount a day as an amount a year, with four digits and never less."""
    amount = per_day * DAYS_PER_YEAR
    step = 10.0 ** (floor(log10(amount)) - 3) if amount > 0 else 1.0
    rounded = ceil(amount / step - 1e-9) * step
    larger, size = next((name, size) for name, size in LARGER[unit] if rounded >= size or size == 1)
    return f"{float(f'{rounded / size:.4g}'):.10f}".rstrip("0").rstrip(".") + f" {larger}/yr"
