"""Accounts: measured flows, coefficients and relations that do not agree yet, as pure values."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mfa.park.distribution import Distribution
from mfa.park.values import ENVIRONMENT, Id, NonNegative, Value

Shape = Literal["normal", "lognormal", "uniform", "triangular"]
"""Shapes of the distribution of a measured value; `lognormal` takes mean and std of itself, not of its logarithm."""

GOODS = "goods"
"""The layer of everything that names none."""


class Quantity(Value):
    """Something that may have been measured.

    `value` is the mean (None: unmeasured) and `std` its standard deviation (0: exact), both in the unit of the
    quantity; `uniform` and `triangular` say them by `low`, `high` and (triangular) `mode` instead.
    `place` says where it stands in a file and is no part of its value.
    """

    id: Id
    value: float | None = None
    std: NonNegative = 0.0
    shape: Shape = "normal"
    low: float | None = None
    high: float | None = None
    mode: float | None = None
    place: str = ""

    @property
    def is_measured(self) -> bool:
        """Whether there is a value that may be adjusted."""
        return self.value is not None and self.std > 0

    @property
    def is_exact(self) -> bool:
        """Whether there is a value that must be kept."""
        return self.value is not None and self.std == 0

    @property
    def law(self) -> Distribution:
        """The distribution of a measured value."""
        names = {"uniform": ("low", "high"), "triangular": ("low", "mode", "high")}.get(self.shape, ("value", "std"))
        return Distribution(kind=self.shape, numbers=tuple(getattr(self, name) for name in names))

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, fields: dict[str, object]) -> dict[str, object]:
        """Give a bounded distribution its mean and standard deviation."""
        low, high = fields.get("low"), fields.get("high")
        if fields.get("shape") not in ("uniform", "triangular"):
            return fields
        if not isinstance(low, int | float) or not isinstance(high, int | float) or not low < high:
            raise ValueError("low must be below high")
        mode = fields.get("mode")
        if fields["shape"] == "uniform":
            law = Distribution(kind="uniform", numbers=(low, high))
        elif not isinstance(mode, int | float) or not low <= mode <= high:
            raise ValueError("mode must lie between low and high")
        else:
            law = Distribution(kind="triangular", numbers=(low, mode, high))
        return fields | {"value": law.mean, "std": law.std}

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.shape == "lognormal" and (self.value is None or self.value <= 0):
            raise ValueError("a lognormal value must be above 0")
        return self


class Flow(Quantity):
    """An amount that goes from `source` to `target` in one layer; `environment` is outside the system."""

    source: Id = ENVIRONMENT
    target: Id = ENVIRONMENT
    layer: Id = GOODS
    unit: str = ""


def _as_several(names: object) -> object:
    return (names,) if isinstance(names, str) else names


class TransferCoefficient(Quantity):
    """The share of the flow `from_`, or of the sum of several, that the flow `of` is: of = coefficient · from_."""

    of: Id
    from_: Annotated[tuple[Id, ...], Field(alias="from", min_length=1), BeforeValidator(_as_several)]


class Concentration(Quantity):
    """What one unit of the flow `carrier` holds of a substance or energy: content = concentration · carrier."""

    content: Id
    carrier: Id


class Term(Value):
    """A factor times up to two quantities: one summand of a relation."""

    factor: float
    of: tuple[Id, ...] = Field(default=(), max_length=2)


class Relation(Value):
    """Terms that add up to zero; `text` is how it was written, `place` where."""

    text: Id
    terms: tuple[Term, ...]
    place: str = ""


class Account(Value):
    """Flows between nodes with what is known of them, to be brought into balance layer by layer.

    `layers` gives the order of the layers, `nodes` the nodes where a file lists them; `non_negative` keeps every
    quantity at or above zero; `runs` is the number of Monte Carlo runs, drawn with `seed`.
    """

    name: str = "account"
    flows: tuple[Flow, ...]
    transfer_coefficients: tuple[TransferCoefficient, ...] = ()
    concentrations: tuple[Concentration, ...] = ()
    relations: tuple[Relation, ...] = ()
    layers: tuple[Id, ...] = ()
    nodes: tuple[Id, ...] = ()
    non_negative: bool = False
    runs: int = Field(default=0, ge=0)
    seed: int = Field(default=0, ge=0)

    @cached_property
    def layer_order(self) -> tuple[str, ...]:
        """The layers: those of `layers` first, then `goods`, then the others by name."""
        used = {flow.layer for flow in self.flows}
        return tuple(dict.fromkeys([*self.layers, *([GOODS] if GOODS in used else []), *sorted(used)]))

    @cached_property
    def home(self) -> dict[str, str]:
        """Id of a flow → the first layer that it stands in."""
        order = {layer: position for position, layer in enumerate(self.layer_order)}
        home: dict[str, str] = {}
        for flow in self.flows:
            if flow.id not in home or order[flow.layer] < order[home[flow.id]]:
                home[flow.id] = flow.layer
        return home

    def key(self, flow: Flow) -> str:
        """Return how relations and results call a flow: by its id, with its layer where that is not its first."""
        return flow.id if self.home[flow.id] == flow.layer else f"{flow.id}:{flow.layer}"

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """Name → quantity, of flows, transfer coefficients and concentrations, by name."""
        named: dict[str, Quantity] = {self.key(flow): flow for flow in self.flows}
        named |= {item.id: item for item in (*self.transfer_coefficients, *self.concentrations)}
        return dict(sorted(named.items()))
