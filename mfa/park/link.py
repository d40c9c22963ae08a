"""Links: the edges of the park graph."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mfa.park.values import Fraction, Id, NonNegative, Positive, Value

LinkStatus = Literal["existing", "candidate", "suggested"]


class Transport(Value):
    """Cost of transport: `per_t` CNY/t and `per_t_km` CNY/(t km), of what is moved as received."""

    per_t: NonNegative = 0.0
    per_t_km: NonNegative = 0.0


class Link(Value):
    """One material from one node to another.

    Units: `at_most`, `at_least` (when open), `planned` dry t or GJ a day, as delivered; `lot` dry t;
    `lead_time` days; `distance` km; `price` CNY per t as received, paid by the receiver (negative: paid to it);
    `set_up` CNY once; `loss` fraction of what is dispatched that does not arrive.
    """

    id: Id
    from_: Id = Field(alias="from")
    to: Id
    material: Id
    at_most: NonNegative | None = None
    at_least: NonNegative = 0.0
    lot: Positive | None = None
    lead_time: NonNegative = 0.0
    mode: str | None = None
    distance: NonNegative | None = None
    transport: Transport = Transport()
    price: float = 0.0
    set_up: NonNegative = 0.0
    loss: Fraction = 0.0
    status: LinkStatus = "existing"
    planned: NonNegative | None = None
    priority: int = Field(default=1, ge=1)
    source: str | None = None
    confidence: str | None = None
