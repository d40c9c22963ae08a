"""Uncertainty of a scenario's values carried to its indicators: linearly, or by many runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mfa.accounting.designs import QUANTILES, Array, Design, Input, plan_design, summarise, weigh
from mfa.accounting.designs import Method as DesignMethod
from mfa.errors import UsageError
from mfa.experiments.executor import Failure, perform
from mfa.experiments.inputs import inputs_of
from mfa.experiments.samples import BY_MONTH, Key, Outcome, Question, Sample, answer
from mfa.language import tr
from mfa.park.paths import number_at
from mfa.park.plan import Plan
from mfa.park.scenario import PlanHandling, Scenario, Sweep

if TYPE_CHECKING:
    import pandas as pd

Method = Literal["linear", "monte_carlo", "latin_hypercube", "random", "grid"]
"""`monte_carlo` stands for what the scenario's sweep says: `latin_hypercube` unless it says otherwise."""

KEYS = list(Key._fields)
MOVE_ONLY_THE_PLAN = ("optimize.", "candidates.within", "finance.")
"""Beginnings of paths that no simulation sees: without a new plan a sample, they would change nothing."""


@dataclass(frozen=True, eq=False)
class Propagation:
    """What uncertain values make of a scenario's indicators.

    `runs` are those tried, in the order of `outcomes` (one row a run; columns run, indicator, of, unit; NaN where
    there is no answer), the first being the scenario at its central values; `failures` tells why runs have none.
    """

    scenario: Scenario
    design: Design
    handling: PlanHandling
    plan: Plan | None
    seed: int
    runs: tuple[Sample, ...]
    outcomes: pd.DataFrame
    failures: dict[tuple[int, int], str]

    @property
    def method(self) -> DesignMethod:
        """How the values were chosen."""
        return self.design.method

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """One row an input: input (path), distribution, numbers, central (what the scenario reads), mean, std, unit."""
        import pandas as pd

        from mfa.files.writer import unit_at

        rows = [
            (item.name, item.law.kind, ", ".join(f"{number:.6g}" for number in item.law.numbers),
             number_at(self.scenario, item.name), item.law.mean, item.law.std, unit_at(self.scenario, item.name))
            for item in self.design.inputs
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["input", "distribution", "numbers", "central", "mean", "std", "unit"])

    @cached_property
    def draws(self) -> pd.DataFrame:
        """One row a run: sample (0 is the central one), replication, failure, a column an input, a column an answer.

        Answers are those of the whole park, named `run.indicator`.
        """
        import pandas as pd

        failure = [self.failures.get((run.number, run.replication), "") for run in self.runs]
        head = {
            "sample": [run.number for run in self.runs],
            "replication": [run.replication for run in self.runs],
            "failure": failure,
            **{item.name: [run.values.get(item.name, np.nan) for run in self.runs] for item in self.design.inputs},
        }
        found = self.outcomes.loc[:, self._is_whole_park]
        names = pd.Index([f"{run}.{indicator}" for run, indicator, *_ in found.columns])
        return pd.DataFrame(head).join(found.set_axis(names, axis=1))

    @cached_property
    def quantiles(self) -> pd.DataFrame:
        """One row an answer: run (before, after, change), indicator, of, unit, central, mean, std, q05 … q95, ….

        `central` is what the scenario says at its central values; `standard_error` is that of the mean; `runs` how
        many have the answer. Linear: mean is the answer at the means, quantiles are those of a normal law.
        """
        by_month = self.outcomes.columns.get_level_values("indicator") == BY_MONTH
        return self._spread(self.outcomes.loc[:, ~by_month])

    @cached_property
    def utilisation(self) -> pd.DataFrame:
        """Utilisation by month: run, time (first day), then as `quantiles`."""
        by_month = self.outcomes.loc[:, self.outcomes.columns.get_level_values("indicator") == BY_MONTH]
        table = self._spread(by_month).rename(columns={"of": "time"}).drop(columns=["indicator", "unit"])
        return table.sort_values(["run", "time"], ascending=[False, True], ignore_index=True)

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """One row an answer of the whole park and an input: run, indicator, unit, input, share, slope, ….

        `share` is the part of the variance that the input explains, `slope` the change of the answer per base unit of
        the input, `explained` R² of the regression (1 where linear). Linear only: `slope_below` and `slope_above` on
        either side of the mean; where they differ, the answer is no straight line and Monte Carlo is the better way.
        """
        import pandas as pd

        found = self.outcomes.loc[:, self._is_whole_park]
        influence = weigh(self.design, self._by_sample(found))
        rows = [
            (key[0], key[1], key[3], item.name, influence.share[i, j], influence.slope[i, j], influence.explained[j],
             *(side[i, j] for side in (influence.below, influence.above) if side is not None))
            for j, key in enumerate(found.columns)
            for i, item in enumerate(self.design.inputs)
        ]  # fmt: skip
        names = ["run", "indicator", "unit", "input", "share", "slope", "explained"]
        sides = ["slope_below", "slope_above"] if influence.below is not None else []
        return pd.DataFrame(rows, columns=names + sides).dropna(subset=["share"], ignore_index=True)

    @property
    def _is_whole_park(self) -> Any:
        columns = self.outcomes.columns
        return (columns.get_level_values("of") == "") & (columns.get_level_values("indicator") != BY_MONTH)

    def _spread(self, found: pd.DataFrame) -> pd.DataFrame:
        return spread_table(found, self.design, self._by_sample(found), self._drawn(found))

    def _drawn(self, found: pd.DataFrame) -> Array:
        return found.to_numpy(float)[1:]

    def _by_sample(self, found: pd.DataFrame) -> Array:
        """Return the answers of each row of the design: the mean over its replications."""
        import pandas as pd

        numbers = pd.Index([run.number for run in self.runs], name="sample")
        means = found.set_axis(numbers, axis=0).iloc[1:].groupby(level="sample", sort=False).mean()
        return means.to_numpy(float)


def spread_table(found: pd.DataFrame, design: Design, by_sample: Array, drawn: Array) -> pd.DataFrame:
    """Return quantiles as a table: the columns of what is found as rows, then central, mean, std, …."""
    summary, of_means = summarise(design, drawn), summarise(design, by_sample)
    table = found.columns.to_frame(index=False)
    table["central"] = found.to_numpy(float)[0]
    table["mean"], table["std"] = summary.mean, summary.std
    for name, values in zip(QUANTILES, summary.quantiles, strict=True):
        table[name] = values
    table["standard_error"], table["runs"] = of_means.standard_error, summary.count
    return table


def propagate(
    scenario: Scenario,
    method: Method = "monte_carlo",
    samples: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    plan: PlanHandling | None = None,
    *,
    prepare: Callable[[], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Propagation:
    """Carry what is uncertain in a scenario, or varied by its `sweep`, to its indicators.

    Args:
        scenario: with distributions in the place of numbers, or with a `sweep`.
        method: `linear` (slopes at the means; 1 + 2 runs an input) or a way of drawing.
        samples: how many; by default what the sweep says, else 200.
        seed: of the draws and of what happens at random in a run; by default the scenario's. Draws of an input depend
            on seed and path alone, so that layouts of a park can be compared draw by draw (`paired`).
        workers: processes; any number gives the same answers. A script that asks for more than one needs the usual
            `if __name__ == "__main__":`.
        plan: `central` makes one plan at the central values and holds it against every sample; `each` makes a new one
            for every sample; `none` simulates the park as it is. By default what the sweep says, else `each` where
            something is varied that only a plan depends on, else `central`.
        prepare: run once in every process, such as to load indicators of your own.
        progress: told the share that is done.

    Returns:
        Every run, and tables of it: `quantiles`, `contributions`, `utilisation` by month, `inputs`, `draws`.

    Raises:
        InputError: nothing is uncertain, or the scenario contradicts itself at its central values.
        InfeasibleError, SolverError: there is no plan at the central values.
    """
    sweep = scenario.sweep or Sweep()
    inputs = inputs_of(scenario)
    seed = scenario.seed if seed is None else seed
    if seed < 0 or (samples is not None and samples < 1) or workers < 1:
        raise UsageError(tr("samples and workers are at least 1, a seed at least 0"))
    chosen: DesignMethod = sweep.method if method == "monte_carlo" else method
    design = plan_design(inputs, chosen, samples or sweep.samples, seed)
    handling = plan or sweep.plan or usual_handling(inputs)
    question = Question(scenario, handling, _central_plan(scenario, handling))
    replications = sweep.replications if chosen != "linear" and happens_by_chance(scenario) else 1
    runs = runs_of(design, seed, replications)
    central = answer(question, runs[0])
    tell = progress or (lambda _share: None)
    found = perform(answer, question, runs[1:], workers, prepare, tell)
    return _collect(scenario, design, question, seed, runs, [central, *found])


def usual_handling(inputs: Sequence[Input]) -> PlanHandling:
    """Return what becomes of the plan where nothing is said: `each` where an input moves nothing but the plan."""
    return "each" if any(item.name.startswith(MOVE_ONLY_THE_PLAN) for item in inputs) else "central"


def happens_by_chance(scenario: Scenario) -> bool:
    """Whether a run of a scenario depends on its seed, so that replications differ."""
    return any(one.acts and one.mean_time_between is not None for one in scenario.disruptions)


def _central_plan(scenario: Scenario, handling: PlanHandling) -> Plan | None:
    if handling == "none":
        return None
    from mfa.errors import InfeasibleError
    from mfa.experiments.runs import suggest

    plan = suggest(scenario)
    if plan.status not in ("optimal", "feasible"):
        raise InfeasibleError(plan.message or plan.status)
    return plan


def runs_of(design: Design, seed: int, replications: int) -> tuple[Sample, ...]:
    """Return the central run and those of the design; each replication has its seed, the same for all samples."""
    seeds = [seed, *(int(np.random.SeedSequence([seed, r]).generate_state(1)[0]) for r in range(1, replications))]
    names = [item.name for item in design.inputs]
    drawn = [
        Sample(number, replication, seeds[replication], dict(zip(names, row, strict=True)))
        for number, row in enumerate(design.rows.tolist(), start=1)
        for replication in range(replications)
    ]
    return (Sample(0, 0, seed), *drawn)


def _collect(
    scenario: Scenario,
    design: Design,
    question: Question,
    seed: int,
    runs: tuple[Sample, ...],
    found: Sequence[Outcome | Failure],
) -> Propagation:
    import pandas as pd

    known = [{} if isinstance(outcome, Failure) else outcome for outcome in found]
    keys = list(dict.fromkeys(key for outcome in known for key in outcome))
    values = np.array([[outcome.get(key, np.nan) for key in keys] for outcome in known])
    table = pd.DataFrame(values, columns=pd.MultiIndex.from_tuples(keys, names=KEYS))
    failures = {
        (run.number, run.replication): outcome.message
        for run, outcome in zip(runs, found, strict=True)
        if isinstance(outcome, Failure)
    }
    return Propagation(scenario, design, question.handling, question.plan, seed, runs, table, failures)


def paired(first: Propagation, second: Propagation) -> pd.DataFrame:
    """Return the second less the first, draw by draw, as quantiles (columns as `Propagation.quantiles`, and `above`).

    Both were drawn alike (same method, samples and seed), so what they share varies together and only the difference
    of the layouts is left; `above` is the share of draws in which the second is greater.

    Args:
        first: one layout, as `propagate` returned it.
        second: the other.

    Raises:
        UsageError: they were not drawn alike, or linearly.
    """
    alike = (first.method, first.seed, len(first.runs)) == (second.method, second.seed, len(second.runs))
    if not alike or first.method == "linear":
        raise UsageError(tr("only what was drawn with one method, number of samples and seed can be paired"))
    shared = first.outcomes.columns.intersection(second.outcomes.columns, sort=False)
    shared = shared[shared.get_level_values("indicator") != BY_MONTH]
    less = second.outcomes[shared] - first.outcomes[shared]
    drawn = less.to_numpy(float)[1:]
    table = spread_table(less, first.design, drawn, drawn)
    known = np.isfinite(drawn).sum(axis=0)
    return table.assign(above=np.where(known, (drawn > 0).sum(axis=0) / known.clip(1), np.nan))
