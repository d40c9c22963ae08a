"""Nodes of the park graph: firms with their lines, and boundary nodes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mfa.park.technology import Amounts
from mfa.park.values import Fraction, Freeze, FrozenDict, Id, Name, NonNegative, Place, Text, Value

BoundaryKind = Literal["market", "disposal", "source", "user", "town", "environment"]


class Use(Value):
    """Planned use by a line: `amount` (dry t or GJ a day) of `material` in the place of `replaces`.

    For an input taken as itself, `replaces` equals `material`; what the market sells is not listed.
    """

    material: Id
    replaces: Id
    amount: NonNegative


class Line(Value):
    """One technology installed at a firm.

    Units: `capacity` units of the main product a day; `planned` activity likewise; `ready` days after
    the start at which it can first run. `mix` and `planned` are set by a plan and null without one;
    a `suggested` line is one that a plan builds, a `candidate` one that the optimiser may build.
    """

    id: Id
    runs: Id
    capacity: NonNegative
    utilisation: Fraction = 1.0
    behaviour: Id | None = None
    planned: NonNegative | None = None
    mix: tuple[Use, ...] | None = None
    ready: NonNegative = 0.0
    status: Literal["existing", "candidate", "suggested"] = "existing"

    @property
    def target(self) -> float:
        """Activity the line aims at, units of its main product a day (semantics §7)."""
        return self.capacity * self.utilisation if self.planned is None else self.planned


class Maintenance(Value):
    """A planned stop of a firm or one of its lines, in days: every `every` days for `lasts` days."""

    line: Id | None = None
    every: Annotated[float, Field(gt=0)]
    lasts: Annotated[float, Field(gt=0)]
    first: NonNegative = 0.0
    availability: Fraction = 0.0


class Firm(Value):
    """A firm: lines, inventories and a place.

    Units: `storage` largest amount (dry t or GJ) of own releases kept; `initial_stock` amount of own
    releases at the start. `blocks` names outputs whose full store stops the lines that make them.
    """

    id: Id
    name: Name = Text()
    sector: str | None = None
    park: Id | None = None
    at: Place | None = None
    lines: Annotated[FrozenDict[str, Line], Freeze] = FrozenDict()
    storage: Amounts = FrozenDict()
    initial_stock: Amounts = FrozenDict()
    maintenance: tuple[Maintenance, ...] = ()
    blocks: tuple[Id, ...] = ()


class Boundary(Value):
    """A node outside the firms.

    market: `sells` and `buys` name materials or classes. disposal: `accepts` names materials or classes,
    `room` dry t from `start`, `gate_fee` CNY per t as received, `compliant` with the environmental rules.
    source: `sells` names materials, at most `supplies` a day where given. user, town: `uses` a quantity a day.
    """

    id: Id
    name: Name = Text()
    kind: BoundaryKind
    park: Id | None = None
    at: Place | None = None
    sells: tuple[Id, ...] = ()
    buys: tuple[Id, ...] = ()
    accepts: tuple[Id, ...] = ()
    uses: Amounts = FrozenDict()
    supplies: Amounts = FrozenDict()
    room: NonNegative | None = None
    gate_fee: float = 0.0
    compliant: bool = True


Node = Firm | Boundary
