"""Plain flow tables in CSV files: `source,target,amount` and perhaps `material,unit`, in English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mfa.errors import InputError, Problem
from mfa.files.characters import read_text
from mfa.files.nearest import did_you_mean
from mfa.files.tables import Row, csv_cells, rows_of
from mfa.files.tree import Fault, Mark, Node, UnreadableError
from mfa.files.units import NO_DIMENSION, Dimension, UnitError, describe, parse_unit, read_quantity, split_number
from mfa.language import tr

CALLED: Mapping[str, tuple[str, ...]] = {
    "source": ("from", "来源", "供方", "源", "流出节点", "起点"),
    "target": ("to", "去向", "受方", "目标", "流入节点", "终点"),
    "amount": ("value", "quantity", "flow", "数量", "流量", "量", "质量"),
    "material": ("物料", "材料", "物质", "名称"),
    "unit": ("单位",),
}
"""Column → what else it may be called."""
NEEDED = ("source", "target", "amount")
COLUMNS = {word: name for name, words in CALLED.items() for word in (name, *words)}


@dataclass(frozen=True)
class FlowFile:
    """The flows of a file as rows (source, target, material, amount in base units); `unit` is empty where none says."""

    rows: tuple[tuple[str, str, str, float], ...]
    unit: str
    warnings: tuple[Problem, ...] = ()


def read_flow_file(path: str | Path) -> FlowFile:
    """Read a flow table.

    Raises:
        InputError: with every row that is wrong, its place and remedy.
        FolderError: there is no such file, or it cannot be read.
    """
    shown = str(path)
    faults: list[Fault] = []
    rows: list[tuple[str, str, str, float]] = []
    units: dict[Dimension, Mark] = {}
    try:
        lines = list(csv_cells(read_text(Path(path), shown), shown))
        _check_header(lines[0] if lines else [], shown, faults)
        for row in rows_of(lines, faults):
            flow = _flow(row, units, faults)
            if flow is not None:
                rows.append(flow)
    except UnreadableError as error:
        faults.append(error.fault)
    if not rows and not faults:
        faults.append(Fault(Mark(shown), "", tr("the table has no flows; write one row for each")))
    faults += _mixed(units)
    problems = [fault.problem for fault in sorted(faults, key=lambda fault: (fault.mark, fault.path))]
    if any(problem.level == "error" for problem in problems):
        raise InputError(problem for problem in problems if problem.level == "error")
    unit = describe(next(iter(units))) if units else ""
    return FlowFile(tuple(rows), "" if unit == "1" else unit, tuple(problems))


def _check_header(header: list[Node], file: str, faults: list[Fault]) -> None:
    unknown = {cell.text or "": cell for cell in header if (cell.text or "").casefold() not in COLUMNS}
    found = {COLUMNS.get((cell.text or "").casefold()) for cell in header}
    for missing in (name for name in NEEDED if name not in found):
        message = tr("column '{name}' is missing; the first line is {columns}, perhaps with material and unit",
                     name=missing, columns="source,target,amount")  # fmt: skip
        raise UnreadableError(Fault(Mark(file), "", message + did_you_mean(missing, unknown)))
    for name, cell in unknown.items():
        if name.casefold() != "share":
            message = tr("column '{name}' is not read", name=name) + did_you_mean(name, COLUMNS)
            faults.append(Fault(cell.mark, "", message, "warning"))


def _flow(row: Row, units: dict[Dimension, Mark], faults: list[Fault]) -> tuple[str, str, str, float] | None:
    """Return one flow, noting what is wrong with its row."""
    cells = {COLUMNS[name.casefold()]: node for name, node in row.node.fields.items() if name.casefold() in COLUMNS}
    before = len(faults)
    for end in ("source", "target"):
        if end not in cells:
            faults.append(Fault(row.node.mark, end, tr("the node has no name; give one")))
    if "amount" not in cells:
        faults.append(Fault(row.node.mark, "amount", tr("the row has no amount; give one, or remove the row")))
        return None
    amount = _amount(cells["amount"], cells.get("unit"), units, faults)
    if amount is None or len(faults) > before:
        return None
    material = cells["material"].text if "material" in cells else ""
    return cells["source"].text or "", cells["target"].text or "", material or "", amount


def _amount(node: Node, unit: Node | None, units: dict[Dimension, Mark], faults: list[Fault]) -> float | None:
    """Return an amount in base units; its unit stands in its own cell, behind the number, or nowhere."""
    text = (node.text or "").replace(" ", "") if unit is None else f"{node.text} {unit.text}"
    try:
        _, written = split_number(text.strip(), "t")
        parsed = parse_unit(written) if written else None
        value = read_quantity(text.strip())
    except UnitError as error:
        faults.append(Fault(node.mark, "amount", str(error)))
        return None
    if value < 0:
        message = tr("a flow is not negative; turn it round (swap source and target)")
        faults.append(Fault(node.mark, "amount", message))
        return None
    units.setdefault(parsed.dimension if parsed else NO_DIMENSION, node.mark)
    return value


def _mixed(units: dict[Dimension, Mark]) -> list[Fault]:
    """Return a fault for every unit that is no multiple of the first: such flows cannot be added up."""
    if not units:
        return []
    (usual, _), *others = [(tr("no unit") if d == NO_DIMENSION else describe(d), mark) for d, mark in units.items()]
    message = "this amount is in {unit}, others in {usual}; keep one unit in a table"
    return [Fault(mark, "unit", tr(message, unit=unit, usual=usual)) for unit, mark in others]
