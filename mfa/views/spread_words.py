"""Uncertainty in words: how a sweep was made, what its runs are called, results with their spread, what counts most."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from mfa.experiments.propagation import Propagation, happens_by_chance
from mfa.experiments.samples import CHANGE
from mfa.indicators.utilisation import HEADLINE
from mfa.language import Language, tr
from mfa.views.input_names import input_name
from mfa.views.measures import difference, title, written
from mfa.views.wording import MINUS, Names, share

if TYPE_CHECKING:
    import pandas as pd

SHOWN = ("central", "mean", "q05", "q50", "q95")
"""Columns of the quantiles that a reader sees."""
KEPT = 1e-6
"""How far a realised rate may lie below the promised one and still keep the promise (semantics §8)."""
METHODS = {
    "linear": "Linear: slopes at the means, {runs} runs; quantiles are those of a normal law.",
    "latin_hypercube": "Monte Carlo by Latin hypercube: {samples} samples, {runs} runs, seed {seed}.",
    "random": "Monte Carlo by independent draws: {samples} samples, {runs} runs, seed {seed}.",
    "grid": "All combinations of levels: {samples} samples, {runs} runs; quantiles count levels, not chances.",
}
PLANS = {
    "central": "The plan was made once, at the central values, and held against every sample.",
    "each": "A new plan was made for every sample.",
    "none": "The park was simulated as it is, without a plan.",
}


def run_names(language: Language) -> dict[str, str]:
    """Return how the runs of a sample are called."""
    return {"before": tr("today", language), "after": tr("with the plan", language), CHANGE: tr("change", language)}


def headline_run(found: Propagation) -> str:
    """Return the run whose utilisation leads: that with the plan where there is one."""
    return "after" if (found.quantiles["run"] == "after").any() else "before"


def sentence_of(found: Propagation, language: Language) -> str:
    """Return in words how the numbers came about."""
    runs = len(found.runs) - 1
    how = tr(METHODS[found.method], language, samples=found.runs[-1].number, runs=runs, seed=found.seed)
    told = [how, tr(PLANS[found.handling], language)]
    if (
        found.scenario.sweep is not None
        and found.scenario.sweep.replications > 1
        and not happens_by_chance(found.scenario)
    ):
        told.append(tr("Nothing happens at random in a run, so each sample is run once.", language))
    return ("" if language == "zh" else " ").join(told)


def told(value: float, unit: str, run: str, language: Language) -> str:
    """Return a value with its unit; a change with its sign, that of a share in percentage points."""
    if run == CHANGE and isfinite(value):
        return difference(value, unit, language)
    return written(value, unit, language)


def sign(slope: float) -> str:
    """Return whether more of an input means more of the answer."""
    return "+" if slope > 0 else MINUS if slope < 0 else "0"


def chance_of_promise(found: Propagation) -> float | None:
    """Return the share of draws in which the promised utilisation is realised; None without a promise or draws."""
    if found.method in ("linear", "grid") or found.plan is None or found.plan.utilisation is None:
        return None
    column = ("after", HEADLINE, "", "fraction")
    if column not in found.outcomes.columns or found.handling != "central":
        return None
    drawn = found.outcomes[column].iloc[1:].dropna()
    return float((drawn >= found.plan.utilisation - KEPT).mean()) if len(drawn) else None


def headline_influence(found: Propagation) -> pd.DataFrame:
    """Return what the utilisation depends on, the most important first, with the effect of one std of each input."""
    table = found.contributions
    rows = table[(table["indicator"] == HEADLINE) & (table["run"] == headline_run(found))]
    stds = found.inputs.set_index("input")["std"]
    return rows.assign(effect=rows["slope"] * rows["input"].map(stds)).sort_values("share", ascending=False)


def influence_cells(rows: pd.DataFrame, found: Propagation, names: Names) -> list[list[str]]:
    """Return a row an input: its name, its share of the variance, and whether more of it means more of the answer."""
    return [
        [input_name(row["input"], found.scenario, names), share(row["share"], names.language), sign(row["slope"])]
        for row in rows.to_dict("records")
    ]


def quantile_cells(row: Mapping[Any, Any], language: Language) -> list[str]:
    """Return an answer in words: its indicator, its run, and the columns `SHOWN`."""
    values = (told(row[column], row["unit"], row["run"], language) for column in SHOWN)
    return [title(row["indicator"], language), run_names(language)[row["run"]], *values]
