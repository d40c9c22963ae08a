"""How sure stocks in use and their flows are, where a file states distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mfa.accounting.designs import QUANTILES, Input, Method, plan_design, summarise, weigh
from mfa.accounting.stock_files import account_for, tidy

if TYPE_CHECKING:
    from mfa.files.stock_tables import StockFile

NO_QUANTITIES = frozenset({"year", "series", "unit", "entry"})
"""Columns of an account that are no amounts."""


def stock_spread(file: StockFile, method: Method, samples: int, seed: int) -> dict[str, pd.DataFrame]:
    """Return what the distributions of a file make of its account.

    Args:
        file: with `laws`.
        method: as of `plan_design`, and so are `samples` and `seed`.
        samples: how many draws.
        seed: of the draws.

    Returns:
        `quantiles`: year, series, quantity (stock, inflow, outflow …), central, mean, std, q05 … q95, standard_error,
        unit.
        `contributions`: year, series, quantity, input (its path in the file), share of the variance, slope, explained.

    Raises:
        InputError: with the places in the file of what is wrong.
    """
    inputs = [Input(path, law) for path, law in sorted(file.laws.items())]
    design = plan_design(inputs, method, samples, seed)
    central = tidy(account_for(file), file.unit)
    names = [item.name for item in inputs]
    answers = np.stack([
        _amounts(tidy(account_for(file.with_numbers(dict(zip(names, row, strict=True)))), file.unit))
        for row in design.rows.tolist()
    ])  # fmt: skip
    quantities = _quantities(central)
    rows = central[["year", "series"]].loc[central.index.repeat(len(quantities))].reset_index(drop=True)
    rows["quantity"] = quantities * len(central)
    summary, influence = summarise(design, answers), weigh(design, answers)
    columns = {"central": _amounts(central), "mean": summary.mean, "std": summary.std}
    columns |= dict(zip(QUANTILES, summary.quantiles, strict=True))
    quantiles = rows.assign(**columns, standard_error=summary.standard_error, unit=file.unit)
    parts = [
        rows.assign(input=name, share=influence.share[i], slope=influence.slope[i], explained=influence.explained)
        for i, name in enumerate(names)
    ]
    contributions = pd.concat(parts, ignore_index=True).dropna(subset=["share"], ignore_index=True)
    return {"quantiles": quantiles, "contributions": contributions}


def _quantities(table: pd.DataFrame) -> list[str]:
    return [str(name) for name in table.columns if name not in NO_QUANTITIES]


def _amounts(table: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return table[_quantities(table)].to_numpy(float).ravel()
