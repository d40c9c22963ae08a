"""Distributions: numbers that are not known exactly. Where a distribution is stated, this is its type."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, inf, log1p, sqrt
from math import log as ln
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from mfa.language import tr
from mfa.park.values import Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["normal", "lognormal", "uniform", "triangular", "values"]

PARAMETERS: Mapping[Kind, tuple[str, ...]] = {
    "normal": ("mean", "std"),
    "lognormal": ("mean", "std"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
}
"""Kind → what its numbers are, in order; mean and std of the lognormal itself, not of its logarithm."""

LARGEST_CUT = 0.05
"""Largest share of a normal or lognormal law that may lie beyond what a value can be; less is cut off."""

STANDARD = NormalDist()


class Distribution(Value):
    """A law of probability: its kind, its numbers in the order of `PARAMETERS`, and where it is cut off.

    `values` are equally likely. `least` and `most` cut a normal or lognormal law off (the rest keeps its proportions).
    """

    kind: Kind
    numbers: Annotated[tuple[float, ...], Field(min_length=1)]
    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        names, got = PARAMETERS.get(self.kind), self.numbers
        if names is not None and len(got) != len(names):
            message = tr("{kind} takes [{names}], got {count} numbers",
                         kind=self.kind, names=", ".join(names), count=len(got))  # fmt: skip
            raise ValueError(message)
        if self.kind in ("normal", "lognormal"):
            if got[1] <= 0:
                raise ValueError(tr("the standard deviation must be above 0, got {std:g}", std=got[1]))
            if self.kind == "lognormal" and got[0] <= 0:
                raise ValueError(tr("the mean of a lognormal value must be above 0, got {mean:g}", mean=got[0]))
        elif self.kind != "values" and (list(got) != sorted(got) or got[0] == got[-1]):
            raise ValueError(tr("numbers go from low to high, got {numbers}", numbers=", ".join(f"{n:g}" for n in got)))
        return self

    def within(self, least: float | None, most: float | None) -> Distribution:
        """Return the law of a value that cannot leave these bounds.

        Raises:
            ValueError: more than 5 % of it lies beyond, or a law with ends of its own reaches beyond.
        """
        low, high = -inf if least is None else least, inf if most is None else most
        if self.kind not in ("normal", "lognormal"):
            if min(self.numbers) < low or max(self.numbers) > high:
                bound = low if min(self.numbers) < low else high
                raise ValueError(tr("reaches beyond {bound:g}, which the value cannot; stay within", bound=bound))
            return self
        below, above = self._cut(low, high)
        if below + 1.0 - above > LARGEST_CUT:
            message = tr("beyond {bound:g}, which the value cannot be, with a chance of {chance:.0%};"
                         " give a smaller std, or lognormal or triangular",
                         bound=low if below >= 1.0 - above else high, chance=below + 1.0 - above)  # fmt: skip
            raise ValueError(message)
        return self.replace(least=least if below else None, most=most if above < 1.0 else None)

    def scaled(self, factor: float) -> Distribution:
        """Return the law of the value times a factor above 0."""
        cut = {name: bound * factor for name in ("least", "most") if (bound := getattr(self, name)) is not None}
        return self.replace(numbers=tuple(number * factor for number in self.numbers), **cut)

    @property
    def central(self) -> float:
        """The number that stands for the value: the mean as stated, the mode of a triangular law."""
        if self.kind == "triangular":
            return self.numbers[1]
        return self.numbers[0] if self.kind in ("normal", "lognormal") else self.mean

    @property
    def mean(self) -> float:
        """The mean, what is cut off left out."""
        return self._moments[0]

    @property
    def std(self) -> float:
        """The standard deviation, what is cut off left out."""
        return self._moments[1]

    @property
    def _moments(self) -> tuple[float, float]:
        numbers = self.numbers
        if self.kind == "uniform":
            return (numbers[0] + numbers[1]) / 2, (numbers[1] - numbers[0]) / sqrt(12)
        if self.kind == "triangular":
            a, b, c = numbers
            return (a + b + c) / 3, sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18)
        if self.kind == "values":
            mean = sum(numbers) / len(numbers)
            return mean, sqrt(sum((number - mean) ** 2 for number in numbers) / len(numbers))
        if self.least is None and self.most is None:
            return numbers[0], numbers[1]
        return (
            _cut_normal(*self._law, *self._ends) if self.kind == "normal" else _cut_lognormal(*self._law, *self._ends)
        )

    @property
    def _law(self) -> tuple[float, float]:
        """Mean and standard deviation of the normal law behind: of the logarithm where the value is lognormal."""
        mean, std = self.numbers
        if self.kind == "normal":
            return mean, std
        variance = log1p((std / mean) ** 2)
        return ln(mean) - variance / 2, sqrt(variance)

    @property
    def _ends(self) -> tuple[float, float]:
        """Where the normal law behind is cut off, in standard deviations from its mean."""
        return self._standard(self.least, -inf), self._standard(self.most, inf)

    def _standard(self, bound: float | None, without: float) -> float:
        if bound is None or (self.kind == "lognormal" and bound <= 0):
            return without
        center, spread = self._law
        return ((ln(bound) if self.kind == "lognormal" else bound) - center) / spread

    def _cut(self, low: float, high: float) -> tuple[float, float]:
        """Return the shares of the law below two bounds."""
        return STANDARD.cdf(self._standard(low, -inf)), STANDARD.cdf(self._standard(high, inf))

    def quantile(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values below which these shares (0 to 1) of all draws lie."""
        import numpy as np
        from scipy.special import ndtri

        if self.kind == "values":
            positions = np.minimum((share * len(self.numbers)).astype(int), len(self.numbers) - 1)
            return np.asarray(np.asarray(self.numbers)[positions])
        if self.kind == "uniform":
            low, high = self.numbers
            return np.asarray(low + share * (high - low))
        if self.kind == "triangular":
            low, mode, high = self.numbers
            rising = low + np.sqrt(share * (high - low) * (mode - low))
            falling = high - np.sqrt((1 - share) * (high - low) * (high - mode))
            return np.asarray(np.where(share * (high - low) < mode - low, rising, falling))
        center, spread = self._law
        below, above = (STANDARD.cdf(end) for end in self._ends)
        drawn = center + spread * ndtri(below + share * (above - below))
        return np.asarray(np.exp(drawn) if self.kind == "lognormal" else drawn)


def _cut_normal(center: float, spread: float, a: float, b: float) -> tuple[float, float]:
    """Return mean and std of a normal law cut off at a and b standard deviations.

    Source: Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 13, section 10.1.
    """
    share = STANDARD.cdf(b) - STANDARD.cdf(a)
    at_a, at_b = (0.0 if end in (-inf, inf) else STANDARD.pdf(end) for end in (a, b))
    shift = (at_a - at_b) / share
    edges = ((a * at_a if at_a else 0.0) - (b * at_b if at_b else 0.0)) / share
    return center + spread * shift, spread * sqrt(1 + edges - shift**2)


def _cut_lognormal(center: float, spread: float, a: float, b: float) -> tuple[float, float]:
    """Return mean and std of a lognormal law cut off likewise, in terms of its logarithm, by partial moments.

    Source: Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 14.
    """
    share = STANDARD.cdf(b) - STANDARD.cdf(a)

    def moment(power: int) -> float:
        part = STANDARD.cdf(b - power * spread) - STANDARD.cdf(a - power * spread)
        return exp(power * center + (power * spread) ** 2 / 2) * part / share

    return moment(1), sqrt(moment(2) - moment(1) ** 2)


def uniforms(seed: int, name: str, count: int) -> NDArray[np.float64]:
    """Return shares from 0 to 1 drawn for one named quantity: the same whatever else is drawn (design §6)."""
    import numpy as np

    return np.random.default_rng(np.random.SeedSequence([seed, *name.encode("utf-8")])).random(count)
