"""Materials: what flows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mfa.language import tr
from mfa.park.values import Fraction, Freeze, FrozenDict, Id, Name, NonNegative, Positive, Text, Value

MaterialClass = Literal[
    "raw", "product", "by_product", "solid_waste", "bulk_solid_waste", "hazardous_waste", "water", "energy", "gas"
]
Confidence = Literal["found", "derived", "memory", "illustrative", "assumed"]

COUNTED_CLASSES = frozenset({"solid_waste", "bulk_solid_waste"})
"""Classes that 综合利用率 counts (semantics §9)."""
WASTE_CLASSES = COUNTED_CLASSES | {"hazardous_waste"}
"""Classes whose surplus goes to a disposal site and nowhere else."""

Numbers = Annotated[FrozenDict[str, float], Freeze]


class Evidence(Value):
    """Where one number comes from and how far to trust it, where that differs from the entry it stands in."""

    source: str
    year: int | None = None
    confidence: Confidence


Evidences = Annotated[FrozenDict[str, Evidence], Freeze]
"""Field (`moisture`) or one value of a field (`composition.K2O`, `uses.coal`) → its own evidence."""


def _from_low_to_high(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] > bounds[1]:
        raise ValueError(tr("a range goes from low to high"))
    return bounds


Ranges = Annotated[FrozenDict[str, Annotated[tuple[float, float], AfterValidator(_from_low_to_high)]], Freeze]
"""Field or one value of a field, named as in `evidence` → the lowest and highest that its source gives."""


class Sample(Value):
    """What one analysis found in one sample of a material; units as in Material, None where it was not measured."""

    moisture: Annotated[float, Field(ge=0, lt=1)] | None = None
    composition: Annotated[FrozenDict[str, Fraction], Freeze] = FrozenDict()
    properties: Numbers = FrozenDict()
    source: str | None = None
    year: int | None = None
    confidence: Confidence | None = None


class Material(Value):
    """What flows: a product, raw material, by-product, waste, energy carrier, water or gas.

    Units: `price` CNY per t or GJ (as received); `moisture` tonnes of water per tonne as received;
    `composition` fractions of dry mass; `properties` per dry tonne, in the unit their name states.
    `ranges` says how far numbers vary, `samples` what was found in named samples (a park carries none: see
    `mfa.files.samples`); `source`, `year` and `confidence` hold for every number that `evidence` does not name.
    """

    id: Id
    name: Name = Text()
    class_: MaterialClass = Field(alias="class")
    unit: Literal["t", "GJ"] = "t"
    storable: bool = True
    moisture: Annotated[float, Field(ge=0, lt=1)] = 0.0
    composition: Annotated[FrozenDict[str, Fraction], Freeze] = FrozenDict()
    properties: Numbers = FrozenDict()
    temperature_c: float | None = None
    price: float | None = None
    codes: Annotated[FrozenDict[str, str], Freeze] = FrozenDict()
    ranges: Ranges = FrozenDict()
    samples: Annotated[FrozenDict[str, Sample], Freeze] = FrozenDict()
    source: str | None = None
    year: int | None = None
    confidence: Confidence | None = None
    evidence: Evidences = FrozenDict()

    @property
    def is_mass(self) -> bool:
        """Whether the material enters mass balances."""
        return self.unit == "t"

    @property
    def is_counted(self) -> bool:
        """Whether its generation and use count for 综合利用率 (semantics §9)."""
        return self.class_ in COUNTED_CLASSES

    @property
    def is_waste(self) -> bool:
        """Whether its surplus must go to a disposal site."""
        return self.class_ in WASTE_CLASSES

    @property
    def as_received(self) -> float:
        """Tonnes as received per dry tonne (semantics §1)."""
        return 1.0 / (1.0 - self.moisture)

    def content(self, name: str) -> float | None:
        """Return the dry fraction of a substance or the value of a property; None where unknown."""
        return self.composition.get(name, self.properties.get(name))


__all__ = [
    "COUNTED_CLASSES",
    "WASTE_CLASSES",
    "Confidence",
    "Evidence",
    "Evidences",
    "Material",
    "MaterialClass",
    "NonNegative",
    "Numbers",
    "Positive",
    "Ranges",
    "Sample",
]
