"""Accounts in CSV files and workbooks: one row a flow of a layer.

    flow,source,target,value,std,layer,unit
    F1,,mixer,100,5,goods,t

An empty `value` is unmeasured, `std` 0 exact, a `std` in % is of the value; an empty source or target, or
`environment`, is outside the system. `layer` and `unit` may be left out; so may `distribution`, `low`, `high`, `mode`.
"""

from __future__ import annotations

from collections.abc import Iterable

from mfa.files.account_reader import MEASURED, Reader, end_of
from mfa.files.nearest import did_you_mean
from mfa.files.tables import rows_of
from mfa.files.tree import Fault, Mark, Node, UnreadableError
from mfa.language import tr
from mfa.park.account import GOODS, Account, Flow

NEEDED = ("flow", "source", "target", "value", "std")
COLUMNS = (*NEEDED, "layer", "unit")


class TableReader(Reader):
    """Builds an account from the rows of a table."""

    def read(self, cells: Iterable[list[Node]], name: str) -> Account | None:
        """Return the account that the lines of a table give; None where something is wrong with it."""
        lines = list(cells)
        self._check_header(lines[0] if lines else [])
        rows = [row.node for row in rows_of(lines, self.faults, str.casefold)]
        if not rows:
            message = tr("the account has no flows; write one row for each")
            raise UnreadableError(Fault(Mark(self.file), "", message))
        flows = [flow for row in rows if (flow := self._row(row))]
        return None if self.has_errors else Account(name=name, flows=tuple(flows))

    def _row(self, row: Node) -> Flow | None:
        for key in ("flow", "source", "target", "layer", "unit"):
            cell = row.get(key)
            if cell is not None and cell.text is None:
                self.note(cell, tr("expected a text"))
                return None
        name = row.word("flow")
        if name is None:
            self.note(row, tr("the row names no flow; fill its column 'flow'"))
            return None
        ends = {"source": end_of(row.get("source")), "target": end_of(row.get("target"))}
        return self.flow(name, row, ends | {"layer": row.word("layer") or GOODS, "unit": row.word("unit") or ""})

    def _check_header(self, cells: list[Node]) -> None:
        """Note columns that nobody reads; raise UnreadableError where one is missing."""
        if not cells:
            message = tr("the file is empty; a table of flows starts with the line {columns}", columns=",".join(NEEDED))
            raise UnreadableError(Fault(Mark(self.file), "", message))
        columns = {(cell.text or "").casefold(): cell for cell in cells}
        unread = [name for name in columns if name not in (*COLUMNS, *MEASURED)]
        missing = [name for name in NEEDED if name not in columns]
        if missing:
            message = tr("the first line lacks {names}; it is {columns}, perhaps with layer and unit",
                         names=", ".join(missing), columns=",".join(NEEDED))  # fmt: skip
            place = cells[0].mark._replace(column=1)
            raise UnreadableError(Fault(place, "", message + did_you_mean(missing[0], unread)))
        for name in unread:
            self.warn(columns[name], tr("column '{name}' is not read", name=name) + did_you_mean(name, COLUMNS))
