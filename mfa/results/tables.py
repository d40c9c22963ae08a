"""The result tables, fixed by contract (design §8): every column once, with its type, unit and meaning.

Code that makes tables, checks that read them and the documentation all take the columns from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mfa.language import tr

if TYPE_CHECKING:
    import pandas as pd

ColumnType = Literal["text", "number", "flag"]


@dataclass(frozen=True)
class Column:
    """One column of a table; `unit` is empty for texts and where the row itself names the unit.

    A number is finite; `may_be_empty` allows it to be unknown as well. `signed` allows it to be negative.
    """

    name: str
    type: ColumnType
    unit: str
    meaning: str
    may_be_empty: bool = False
    signed: bool = False


def _text(name: str, meaning: str, may_be_empty: bool = False) -> Column:
    return Column(name, "text", "", meaning, may_be_empty)


def _number(name: str, unit: str, meaning: str, may_be_empty: bool = False, signed: bool = False) -> Column:
    return Column(name, "number", unit, meaning, may_be_empty, signed)


RUN = _text("run", "name of the simulation within a run folder: before, after")
TIME = _text("time", "start of the recording interval, ISO 8601")
UNIT = _text("unit", "unit of the amounts of the row: t or GJ")
MATERIAL = _text("material", "id of the material")
AMOUNTS = (
    _number("amount", "t or GJ", "as received: water of moist materials included"),
    _number("dry_amount", "t or GJ", "dry mass; for energy the same as amount"),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "flows": (
        RUN,
        TIME,
        _text("source", "node it leaves: a firm, a boundary node or environment"),
        _text("target", "node it is bound for; booked when it is dispatched"),
        MATERIAL,
        _text("kind", "virgin, exchange, internal, product, disposal, emission, taken or unaccounted"),
        *AMOUNTS,
        UNIT,
    ),
    "stocks": (
        RUN,
        _text("time", "moment of the stock: the start of an interval, and the end of the run"),
        _text("node", "firm that holds it; the id of the link for what is in transit"),
        MATERIAL,
        *AMOUNTS,
        UNIT,
    ),
    "conversion": (
        RUN,
        TIME,
        _text("firm", "firm of the line, or the user or town that accepts"),
        _text("line", "the line; empty for a user or town", may_be_empty=True),
        MATERIAL,
        _number("used", "t or GJ", "taken in by the line, dry"),
        _number("made", "t or GJ", "given out by the line, dry"),
        UNIT,
    ),
    "substances": (
        RUN,
        TIME,
        _text("node", "firm"),
        _text("substance", "id of the substance"),
        _number("in_t", "t", "what came in with materials"),
        _number("out_t", "t", "what went out with materials"),
        _number("stock_change_t", "t", "stock at the end less stock at the start", signed=True),
        _number("remainder_t", "t", "in − out − stock change: what is not accounted for", signed=True),
    ),
    "activity": (
        RUN,
        TIME,
        _text("firm", "firm of the line"),
        _text("line", "the line"),
        _number("output", "per interval", "main product made in the interval"),
        _text("unit", "unit of the main product"),
        _number("availability", "fraction", "mean availability over the interval"),
    ),
    "links": (
        RUN,
        _text("link", "id of the link"),
        _text("source", "node it starts from"),
        _text("target", "node it ends at"),
        MATERIAL,
        _text("status", "existing, candidate or suggested"),
        _number("distance_km", "km", "length of the way"),
        _number("capacity_per_yr", "per year, dry", "most it can carry; empty: no limit", may_be_empty=True),
        _number("promised_per_yr", "per year, dry", "planned; empty without a plan", may_be_empty=True),
        _number("realised_per_yr", "per year, dry", "delivered in the run, as a yearly rate"),
        UNIT,
        _text("limited_by", "what keeps it from carrying more, where known", may_be_empty=True),
    ),
    "money": (
        RUN,
        TIME,
        _text("payer", "who pays: a node or an institution"),
        _text("payee", "who is paid: a node, carrier, suppliers, finance, government, …"),
        _text("item", "what is paid for"),
        _number("amount_cny", "CNY", "amount paid in the interval, never negative"),
    ),
    "indicators": (
        RUN,
        _text("indicator", "name of the indicator"),
        _text("of", "the material, firm or link it is about; empty: the whole park", may_be_empty=True),
        _number("value", "as in unit", "its value; empty where it is not defined", may_be_empty=True, signed=True),
        _text("unit", "unit of value and threshold", may_be_empty=True),
        _number("threshold", "as in unit", "bound that a target or standard sets", may_be_empty=True, signed=True),
        Column("passes", "flag", "", "whether the value keeps the threshold; empty without one", may_be_empty=True),
        _text("source", "where the formula comes from"),
    ),
}
"""Table → columns, in order."""

COLUMNS: dict[str, list[str]] = {name: [column.name for column in columns] for name, columns in TABLES.items()}
"""Table → names of its columns."""

FLOW_KINDS = ("virgin", "exchange", "internal", "product", "disposal", "emission", "taken", "unaccounted")
"""What a flow is; every row of `flows` is one of these."""


def describe_columns() -> pd.DataFrame:
    """Return the contract as a table: table, column, unit, meaning, meaning_zh."""
    import pandas as pd

    rows = [
        (name, column.name, column.unit, column.meaning, tr(column.meaning, "zh"))
        for name, columns in TABLES.items()
        for column in columns
    ]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning", "meaning_zh"])


def make_table(name: str, rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """Return rows as a table of the contract.

    Args:
        name: a key of `TABLES`.
        rows: one sequence a row, in the order of the columns; None where a value is unknown.
    """
    import pandas as pd

    return set_types(name, pd.DataFrame(list(rows), columns=COLUMNS[name]))


def set_types(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the columns of table `name`, each in its type; a missing text becomes empty."""
    import pandas as pd

    columns = {
        column.name: frame[column.name].fillna("").astype(str)
        if column.type == "text"
        else frame[column.name].astype("float64" if column.type == "number" else "boolean")
        for column in TABLES[name]
    }
    return pd.DataFrame(columns, columns=COLUMNS[name], index=frame.index)
