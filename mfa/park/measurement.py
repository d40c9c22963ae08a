"""Measurements: monitoring data of a park, a year's flows and stocks that do not agree yet."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from mfa.language import tr
from mfa.park.values import Fraction, Id, NonNegative, Value

Form = Literal["flow", "line", "stock"]
DOES = ("made", "used", "released")
"""What a line may be measured to do with a material."""
NEEDS: dict[Form, tuple[str, ...]] = {
    "flow": ("from", "to", "material", "amount"),
    "line": ("firm", "amount"),
    "stock": ("node", "material", "stock"),
}
"""Form of a measurement → what it must say; a line also says one of `DOES`."""
MAY: dict[Form, tuple[str, ...]] = {"flow": (), "line": ("line", *DOES), "stock": ("at",)}
"""Form of a measurement → what else it may say, beside `name` and `std`."""


class Deviation(Value):
    """A standard deviation: a `share` of the measured value, or an `amount` in its unit; 0 is exact."""

    share: NonNegative | None = None
    amount: NonNegative | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.share is None) == (self.amount is None):
            raise ValueError("a deviation is either a share or an amount")
        return self

    def of(self, value: float) -> float:
        """Return the standard deviation of a measured value, in its unit."""
        return self.amount if self.amount is not None else (self.share or 0.0) * abs(value)


class Measurement(Value):
    """One measured quantity of the base year, in one of three forms.

    flow: `from`, `to`, `material`, `amount`. What a line does: `firm`, perhaps its `line`, the material that is
    `made`, `used` or `released`, `amount`. Stock: `node`, `material`, `stock`, `at` the start or end of the year.
    Units: `amount` dry t or GJ a year, `stock` dry t or GJ. `name` tells apart what is measured twice.
    """

    name: Id | None = None
    from_: Id | None = Field(default=None, alias="from")
    to: Id | None = None
    material: Id | None = None
    amount: NonNegative | None = None
    firm: Id | None = None
    line: Id | None = None
    made: Id | None = None
    used: Id | None = None
    released: Id | None = None
    node: Id | None = None
    stock: NonNegative | None = None
    at: Literal["start", "end"] | None = None
    std: Deviation | None = None

    @property
    def form(self) -> Form:
        """What is measured."""
        given = self._given()
        if given & {"node", "stock", "at"}:
            return "stock"
        return "line" if given & {"firm", "line", *DOES} else "flow"

    @property
    def value(self) -> float:
        """The measured amount a year, or stock."""
        return (self.stock if self.form == "stock" else self.amount) or 0.0

    @property
    def what(self) -> str:
        """The material that is measured."""
        return self.material or self.made or self.used or self.released or ""

    def _given(self) -> set[str]:
        fields = type(self).model_fields.items()
        return {field.alias or name for name, field in fields if getattr(self, name) is not None}

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given, form = self._given(), self.form
        what = _TITLES[form]
        missing = [key for key in NEEDS[form] if key not in given]
        if missing:
            raise ValueError(tr("{what} needs {keys}; add '{key}'", what=tr(what), keys=", ".join(_needed(form)),
                                key=missing[0]))  # fmt: skip
        if form == "line" and len(given & {*DOES}) != 1:
            raise ValueError(tr("{what} needs one of made, used and released; each names the material", what=tr(what)))
        extra = sorted(given - {*NEEDS[form], *MAY[form], "name", "std"})
        if extra:
            raise ValueError(tr("'{key}' does not go with {what}; remove it", key=extra[0], what=tr(what)))
        return self


_TITLES: dict[Form, str] = {"flow": "a measured flow", "line": "what a line does", "stock": "a measured stock"}


def _needed(form: Form) -> tuple[str, ...]:
    return ("firm", "made | used | released", "amount") if form == "line" else NEEDS[form]


class Measurements(Value):
    """Monitoring data of one year.

    `year` is by default that of the scenario's start; `std` the standard deviation of rows that state none and
    `recipes` that of every recipe coefficient, both as shares of the value.
    """

    year: int | None = None
    std: Fraction = 0.05
    recipes: Fraction = 0.05
    rows: tuple[Measurement, ...]

    @model_validator(mode="after")
    def _measures(self) -> Self:
        if not self.rows:
            raise ValueError(tr("nothing is measured; add rows, each such as {example}", example=EXAMPLE))
        return self

    def std_of(self, row: Measurement) -> float:
        """Return the standard deviation of a row, in the unit of its value."""
        return (row.std or Deviation(share=self.std)).of(row.value)


EXAMPLE = "{from: power, to: cement, material: fly_ash, amount: 52 kt/yr, std: 5%}"
