"""Laws of survival: the share of a cohort that is still in use at an age.

Every law takes ages (years) and its own parameters as arrays that broadcast, and returns shares between 0 and 1.
Normal and logistic laws are untruncated, as in the published models: a little leaves at age 0.
Sources: Lawless, Statistical Models and Methods for Lifetime Data (2003), ch. 1; Leone et al. (1961) for the folded
normal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaincc, gammaln, ndtr

Array = NDArray[np.float64]
Law = Callable[..., Any]

QUADRATURE_POINTS = 32


def fixed(age: Array, mean: Array) -> Array:
    """Return 1 below the lifetime, 0 from it on."""
    return np.where(age < mean, 1.0, 0.0)


def normal(age: Array, mean: Array, std: Array) -> Array:
    """Return the share of a normal law, untruncated."""
    return np.asarray(ndtr((mean - age) / std))


def folded_normal(age: Array, mean: Array, std: Array) -> Array:
    """Return the share of |N(mean, std)|; mean and std are those before folding."""
    return np.asarray(ndtr((mean - age) / std) + ndtr(-(mean + age) / std))


def lognormal(age: Array, shape: Array, scale: Array) -> Array:
    """Return the share of a lognormal law; `shape` is the std and `scale` the exponential of the mean of ln(age)."""
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr(np.log(scale / age) / shape))


def weibull(age: Array, shape: Array, scale: Array) -> Array:
    """Return exp(−(age/scale)^shape)."""
    with np.errstate(over="ignore"):  # far beyond a narrow law, where nothing is left
        return np.asarray(np.exp(-((age / scale) ** shape)))


def gamma(age: Array, shape: Array, scale: Array) -> Array:
    """Return the share of a gamma law, the upper incomplete gamma function Q(shape, age/scale)."""
    return np.asarray(gammaincc(shape, age / scale))


def logistic(age: Array, mean: Array, scale: Array) -> Array:
    """Return 1 ÷ (1 + exp((age − mean)/scale)), untruncated."""
    return np.asarray(expit((mean - age) / scale))


def lognormal_from_moments(mean: Array, std: Array) -> tuple[Array, Array]:
    """Return shape and scale of the lognormal law whose own mean and std are given: shape² = ln(1 + (std/mean)²)."""
    variance = np.log1p((std / mean) ** 2)
    return np.sqrt(variance), mean * np.exp(-variance / 2)


def gamma_from_moments(mean: Array, std: Array) -> tuple[Array, Array]:
    """Return shape and scale of the gamma law with that mean and std."""
    return (mean / std) ** 2, std**2 / mean


def weibull_from_moments(mean: Array, std: Array) -> tuple[Array, Array]:
    """Return shape and scale of the Weibull law with that mean and std, the shape by bisection."""
    wanted = np.log1p((std / mean) ** 2)
    low, high = np.full_like(wanted, np.log(0.02)), np.full_like(wanted, np.log(1e5))
    for _ in range(100):
        middle = (low + high) / 2
        inverse = np.exp(-middle)
        too_wide = gammaln(1 + 2 * inverse) - 2 * gammaln(1 + inverse) > wanted
        low, high = np.where(too_wide, middle, low), np.where(too_wide, high, middle)
    shape = np.exp((low + high) / 2)
    return shape, mean / np.exp(gammaln(1 + 1 / shape))


def logistic_from_moments(mean: Array, std: Array) -> tuple[Array, Array]:
    """Return mean and scale of the logistic law with that mean and std: scale = std·√3/π."""
    return mean, std * (np.sqrt(3) / np.pi)


def averaged(law: Law, age: Array, width: Array | float, *parameters: Array) -> Array:
    """Return the mean share over the ages from `age` to `age + width`, by Gauss–Legendre quadrature.

    Points are graded towards the youngest age, where Weibull and gamma laws of a shape below 1 are steep.
    """
    nodes, weights = np.polynomial.legendre.leggauss(QUADRATURE_POINTS)
    grade = (nodes + 1) / 2
    total = np.zeros(np.broadcast_shapes(*(np.shape(a) for a in (age, width, *parameters))))
    for position, weight in zip(grade**3, 1.5 * grade**2 * weights, strict=True):
        total += weight * law(age + position * width, *parameters)
    return np.minimum(total, 1.0)


def fixed_averaged(age: Array, width: Array | float, mean: Array) -> Array:
    """Return the mean share of a fixed lifetime over the ages from `age` to `age + width`, exactly."""
    return np.clip((mean - age) / width, 0.0, 1.0)


def tabulated(age: Array, ages: Array, shares: Array) -> Array:
    """Return shares of a table, linear between its ages; beyond the last age nothing is left.

    Args:
        age: ages asked for, n or n × 1.
        ages: ages of the table, increasing.
        shares: by age of the table, one column a series.
    """
    asked = np.ravel(age)
    found = np.stack([np.interp(asked, ages, column) for column in shares.T], axis=1)
    return np.where(asked[:, None] > ages[-1], 0.0, found)


def tabulated_averaged(age: Array, width: float, ages: Array, shares: Array) -> Array:
    """Return the mean of a table's shares over the ages from `age` to `age + width`, exactly (trapezia)."""
    asked = np.ravel(age)
    return np.stack([_mean_between(asked, asked + width, ages, column) for column in shares.T], axis=1)


def _mean_between(start: Array, end: Array, ages: Array, shares: Array) -> Array:
    """Return the mean of a piecewise linear function between each start and end; 0 beyond the last age."""
    knots = np.unique(np.concatenate([ages, start, end]).clip(ages[0], ages[-1]))
    heights = np.interp(knots, ages, shares)
    area = np.concatenate([[0.0], np.cumsum(np.diff(knots) * (heights[1:] + heights[:-1]) / 2)])
    mean = (np.interp(end, knots, area) - np.interp(start, knots, area)) / (end - start)
    return np.asarray(np.clip(mean, 0.0, 1.0))
