"""Uncertainty carried from inputs to answers: which values to try, and what the answers say.

Inputs are independent of each other. Linear: the answers are taken as straight lines through the means, and each
input adds (slope · std)² to the variance (JCGM 100:2008, eq. 10). Monte Carlo: inputs are drawn from their laws; the
share of an input is its squared standardised regression coefficient (Helton & Davis 2003,
10.1016/S0951-8320(03)00058-9), and R² says how much of the variance the regression explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from mfa.park.distribution import Distribution, uniforms

Array = NDArray[np.float64]
Method = Literal["linear", "latin_hypercube", "random", "grid"]

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that are told."""
QUANTILES = tuple(f"q{round(share * 100):02d}" for share in SHARES)
"""Their names in tables."""
STEP = 0.01
"""How far from its mean an input is moved for a slope, in standard deviations."""
NOTHING = 1e-9
"""Answers that vary by less than this share of their size do not vary: rounding would be taken for an influence."""


@dataclass(frozen=True)
class Input:
    """A named number with its law."""

    name: str
    law: Distribution


@dataclass(frozen=True, eq=False)
class Design:
    """The values to try: one row a run, one column an input."""

    method: Method
    inputs: tuple[Input, ...]
    rows: Array


@dataclass(frozen=True, eq=False)
class Summary:
    """What is known of each answer: `quantiles` are those of `SHARES` × answers, `count` the runs that have it.

    `standard_error` is that of the mean; NaN where nothing was drawn.
    """

    mean: Array
    std: Array
    quantiles: Array
    standard_error: Array
    count: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Influence:
    """What each input does to each answer (inputs × answers).

    `slope` is the change of the answer per unit of the input, `share` its part of the variance; `explained` (a number
    an answer) R² of the regression, 1 where answers are linear. `below` and `above` are the slopes on either side of
    the mean, where they were looked at: where they differ, the answer is no straight line.
    """

    slope: Array
    share: Array
    explained: Array
    below: Array | None = None
    above: Array | None = None


def plan_design(inputs: Sequence[Input], method: Method, samples: int, seed: int) -> Design:
    """Return the values to try.

    Args:
        inputs: in any order; what is drawn for one depends on its name alone (and, for `latin_hypercube`, on samples).
        method: `linear` takes the means and one step to each side of them; `random` draws independently;
            `latin_hypercube` draws once from each of `samples` equally likely slices (McKay et al. 1979,
            10.2307/1268522); `grid` takes all combinations, of as many levels as keep them at or below `samples`.
        samples: how many rows; not used by `linear`.
        seed: of the draws.
    """
    if method == "linear":
        rows = _linear_rows(inputs)
    elif method == "grid":
        levels = _levels(inputs, samples)
        rows = np.stack([column.ravel() for column in np.meshgrid(*levels, indexing="ij")], axis=1)
    else:
        draw = _stratified if method == "latin_hypercube" else uniforms
        columns = [item.law.quantile(draw(seed, item.name, samples)) for item in inputs]
        rows = np.stack(columns, axis=1)
    return Design(method, tuple(inputs), rows)


def _linear_rows(inputs: Sequence[Input]) -> Array:
    """Return the means, then for each input the rows with it one step below and above."""
    means = np.array([item.law.mean for item in inputs])
    rows = np.tile(means, (1 + 2 * len(inputs), 1))
    for i, step in enumerate(_steps(inputs)):
        rows[1 + 2 * i, i] -= step
        rows[2 + 2 * i, i] += step
    return rows


def _steps(inputs: Sequence[Input]) -> list[float]:
    return [STEP * item.law.std for item in inputs]


def _levels(inputs: Sequence[Input], samples: int) -> list[Array]:
    """Return the levels of each input: its own values, else evenly from its lowest to its highest."""
    given = [len(item.law.numbers) for item in inputs if item.law.kind == "values"]
    open_ = len(inputs) - len(given)
    each = max(2, int((samples / prod(given)) ** (1 / open_) + 1e-9)) if open_ else 0
    return [
        np.array(item.law.numbers)
        if item.law.kind == "values"
        else np.linspace(item.law.numbers[0], item.law.numbers[-1], each)
        for item in inputs
    ]


def _stratified(seed: int, name: str, samples: int) -> Array:
    """Return one share drawn from each of `samples` slices of [0, 1], in random order."""
    within = uniforms(seed, name, 2 * samples)
    order = np.argsort(within[samples:]).astype(float)
    return (order + within[:samples]) / samples


def summarise(design: Design, answers: Array) -> Summary:
    """Return what answers (rows of the design × answers, NaN where there is none) say of each."""
    if design.method == "linear":
        std = np.sqrt((_linear_parts(answers)[0] ** 2).sum(axis=0))
        quantiles = answers[0] + np.outer(ndtri(SHARES), std)
        unknown = np.full(answers.shape[1], np.nan)
        return Summary(answers[0], std, quantiles, unknown, np.isfinite(answers).sum(axis=0))
    count = np.isfinite(answers).sum(axis=0)
    some = np.where(count, answers, 0.0)
    mean = np.where(count, np.nansum(answers, axis=0) / np.maximum(count, 1), np.nan)
    squares = np.nansum((answers - mean) ** 2, axis=0)
    std = np.where(count > 1, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)
    quantiles = np.where(count, np.nanquantile(some, SHARES, axis=0), np.nan)
    return Summary(mean, std, quantiles, std / np.sqrt(np.maximum(count, 1)), count)


def weigh(design: Design, answers: Array) -> Influence:
    """Return what each input does to each answer; NaN where that cannot be told."""
    return _weigh_slopes(design, answers) if design.method == "linear" else _weigh_draws(design, answers)


def _linear_parts(answers: Array) -> tuple[Array, Array, Array]:
    """Return slope · std of each input (inputs × answers), and the same from below and above the mean."""
    below = (answers[0] - answers[1::2]) / STEP
    above = (answers[2::2] - answers[0]) / STEP
    size = NOTHING * np.maximum(np.abs(answers[0]), NOTHING) / STEP
    below, above = (np.where(np.abs(side) <= size, 0.0, side) for side in (below, above))
    return (below + above) / 2, below, above


def _weigh_slopes(design: Design, answers: Array) -> Influence:
    stds = np.array([item.law.std for item in design.inputs])[:, None]
    parts, below, above = _linear_parts(answers)
    total = (parts**2).sum(axis=0)
    shares = np.divide(parts**2, total, out=np.full(parts.shape, np.nan), where=total > 0)
    explained = np.where(total > 0, 1.0, np.nan)
    return Influence(parts / stds, shares, explained, below / stds, above / stds)


def _weigh_draws(design: Design, answers: Array) -> Influence:
    shape = len(design.inputs), answers.shape[1]
    slope, share = np.full(shape, np.nan), np.full(shape, np.nan)
    explained = np.full(shape[1], np.nan)
    known = np.isfinite(answers)
    for pattern in np.unique(known, axis=1).T:
        columns = np.flatnonzero((known == pattern[:, None]).all(axis=0))
        slope[:, columns], share[:, columns], explained[columns] = _regress(
            design.rows[pattern], answers[np.ix_(pattern, columns)]
        )
    return Influence(slope, share, explained)


def _regress(inputs: Array, answers: Array) -> tuple[Array, Array, Array]:
    """Return slopes, shares of the variance and R²; NaN where the runs are too few.

    Shares are squared standardised regression coefficients. Inputs are independent, so these add up to R² but for
    chance correlations of the draws, which are shared out in proportion.
    """
    nothing = np.full((inputs.shape[1], answers.shape[1]), np.nan)
    if len(inputs) <= inputs.shape[1] + 1:
        return nothing, nothing, nothing[0]
    stds, spread = inputs.std(axis=0), answers.std(axis=0)
    moved, varies = stds > 0, spread > NOTHING * np.abs(answers).max(axis=0)
    x = (inputs[:, moved] - inputs[:, moved].mean(axis=0)) / stds[moved]
    y = (answers[:, varies] - answers[:, varies].mean(axis=0)) / spread[varies]
    weights = np.linalg.lstsq(x, y, rcond=None)[0]
    share, slope, explained = nothing.copy(), nothing.copy(), nothing[0].copy()
    explained[varies] = 1 - ((y - x @ weights) ** 2).mean(axis=0)
    chosen = np.ix_(moved, varies)
    parts = weights**2
    share[chosen] = parts * (explained[varies] / np.maximum(parts.sum(axis=0), NOTHING))
    slope[chosen] = weights * spread[varies] / stds[moved][:, None]
    return slope, share, explained
