"""The forms a value in a file may have; `mfa.files.fields` composes them into the form of a whole scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["material", "class", "technology", "firm", "boundary", "environment", "product"]
"""What an id may name."""


@dataclass(frozen=True)
class Text:
    """A text; one that is a name is neither blank nor longer than 200 characters."""

    name: bool = False


@dataclass(frozen=True)
class Whole:
    """A whole number."""


@dataclass(frozen=True)
class Flag:
    """Either true or false."""


@dataclass(frozen=True)
class Date:
    """A day, such as 2016-01-01."""


@dataclass(frozen=True)
class Loose:
    """Anything; kept as it stands."""


@dataclass(frozen=True)
class Place:
    """Two coordinates: `[113.25, 35.23]`, or `{lon: 113.25, lat: 35.23}`."""


@dataclass(frozen=True)
class Quantity:
    """A number with a unit.

    `units` are what it may be in; a plain number is in the first. In them, `amount` stands for the unit (t or GJ)
    of the material at hand, `main` for that of the technology's product, `replaced` for that of the replaced input.
    Without units any will do. `tiny` allows what a solver leaves behind: numbers below 1e-12; `percent` is how
    people write it; `counted` things are never given in %.
    """

    units: tuple[str, ...]
    basis: Literal["amount", "content"] | None = None
    tiny: bool = False
    percent: bool = False
    counted: bool = False


@dataclass(frozen=True)
class Deviation:
    """A standard deviation: in % of the value it belongs to, or in one of the units of that value."""

    units: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """The id of something that is defined elsewhere: in the file or, for materials and technologies, in the library."""

    to: tuple[Kind, ...]
    optional: bool = False


@dataclass(frozen=True)
class New:
    """The key under which something is defined; it becomes its id."""

    kind: Kind | Literal["line", "route", "sector", "need", "factor", "scheme", "item", "choice"]


@dataclass(frozen=True)
class Year:
    """A year as a key."""


@dataclass(frozen=True)
class Record:
    """A mapping with known keys.

    `amount`, `replaced` and `main` name the keys that hold the material, the replaced input and the product that
    those words mean in the units of this record (of several keys, the first that is given); `runs` the key that holds
    the technology whose product is `main`.
    """

    fields: Mapping[str, Shape]
    amount: tuple[str, ...] = ()
    replaced: str | None = None
    main: str | None = None
    runs: str | None = None


@dataclass(frozen=True)
class Table:
    """A mapping from keys of one form to values of one form."""

    keys: Text | Reference | New | Year
    values: Shape


@dataclass(frozen=True)
class Listing:
    """A list; a single value stands for a list of one."""

    of: Shape


@dataclass(frozen=True)
class Either:
    """A mapping of one form, or a value of the other."""

    mapping: Record | Table
    other: Shape


@dataclass(frozen=True)
class ByYear:
    """Values by the first year they hold from; a single value holds from the start."""

    values: Quantity
    table: Table = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", Table(Year(), self.values))


@dataclass(frozen=True)
class Spread:
    """A distribution, told apart from the number it is of: `{triangular: [low, mode, high]}`."""


Shape = (
    Text | Whole | Flag | Date | Loose | Place | Quantity | Deviation | Reference | Record | Table | Listing | Either
    | ByYear | Spread
)  # fmt: skip
