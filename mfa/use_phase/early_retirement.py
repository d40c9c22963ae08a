"""Stocks that fall faster than products leave: nothing enters, and products of all ages leave early."""

from __future__ import annotations

import numpy as np

from mfa.use_phase.cohorts import Cohorts
from mfa.use_phase.survival import Array


def retire_early(model: Cohorts, stock: Array, initial: Array) -> tuple[Array, Array, Array]:
    """Return what keeps stocks as they are asked for with no inflow below 0.

    Where more is left than asked for, every cohort loses the same share of what is left of it, for good.

    Args:
        model: the cohorts.
        stock: asked for, periods × series.
        initial: in stock when the first period starts, earlier cohorts × series.

    Returns:
        What entered by cohort; stock and outflow by period × cohort × series.
    """
    shares, _ = model.by_period(np.ones((model.earlier + len(stock), stock.shape[1])))
    entered = np.vstack([initial, np.zeros_like(stock)])
    kept = np.ones_like(entered)
    left = np.zeros_like(shares)
    for period, asked in enumerate(stock):
        own = model.earlier + period
        left[period] = shares[period] * entered * kept
        found = left[period].sum(axis=0)
        keep = np.divide(asked, found, out=np.ones_like(asked), where=found > asked)
        kept[:own] *= keep
        left[period] *= keep
        entered[own] = np.maximum(asked - found, 0.0) / shares[period, own]
        left[period, own] = np.maximum(asked - found, 0.0)
    before = np.concatenate([np.vstack([initial, np.zeros_like(stock)])[None], left[:-1]])
    for period in range(len(stock)):
        before[period, model.earlier + period] += entered[model.earlier + period]
    return entered, left, before - left
