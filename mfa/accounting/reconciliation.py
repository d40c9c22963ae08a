"""Reconciliation: measured data that never balance become an account that does, and what the data are worth.

result = mfa.reconcile("account.csv")
result.flows            # flow: measured, std, reconciled, reconciled_std, adjustment, z, status
result.suspects         # which measurements may hold a gross error
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mfa.accounting import gross_errors
from mfa.accounting.balances import node_balances
from mfa.accounting.bounds import estimate_above_zero
from mfa.accounting.equations import Indices, Vector, equations_of
from mfa.accounting.estimation import Estimate, estimate
from mfa.accounting.gross_errors import UNTESTABLE, Suspect, Test
from mfa.accounting.monte_carlo import QUANTILES, reconcile_draws
from mfa.accounting.search import Solver, search
from mfa.accounting.spread import Spread
from mfa.errors import InputError, Problem
from mfa.language import tr
from mfa.park.account import Account

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["measured", "std", "reconciled", "reconciled_std", "adjustment", "z", "status"]
MOST_COVARIANCES = 300
"""Up to so many quantities the covariance is written to a file; of more, `covariance` gives it."""


@dataclass(frozen=True)
class Reconciliation:
    """An account brought into balance.

    `chi2` is the weighted sum of squared adjustments, `dof` the number of independent checks, `p_value` the probability
    of a larger sum by chance alone (NaN without checks). `unobservable` names what the data do not determine, its
    values are NaN; `unchecked` the measurements that nothing checks. `problems` are warnings on the account.
    """

    account: Account
    chi2: float
    dof: int
    p_value: float
    unobservable: tuple[str, ...]
    unchecked: tuple[str, ...]
    problems: tuple[Problem, ...] = field(repr=False)
    found: Estimate = field(repr=False)
    z: Vector = field(repr=False)
    all_tests: tuple[Test, ...] = field(repr=False)
    all_suspects: tuple[Suspect, ...] = field(repr=False)
    spread: Spread = field(repr=False)
    solver: Solver | None = field(repr=False, default=None)

    @cached_property
    def quantities(self) -> pd.DataFrame:
        """All quantities by name, with the columns of `flows`."""
        import pandas as pd

        system, x = self.found.system, self.found.system.adjustable
        value, off = self.found.z + 0.0, self.spread.std()  # + 0.0: a negative zero becomes one without a sign
        value[self.found.structure.unobservable] = np.nan
        std, z = self.account_std, np.full(len(system.names), np.nan)
        z[x] = self.z
        table = pd.DataFrame(
            {"measured": self.account_values, "std": std, "reconciled": value, "reconciled_std": off,
             "adjustment": value - self.account_values, "z": z, "status": self._status()},
            index=pd.Index(system.names, name="name"),
        )  # fmt: skip
        return table[COLUMNS]

    @property
    def account_values(self) -> Vector:
        """The values that the account gives, NaN for none, in the order of `quantities`."""
        return np.array([np.nan if q.value is None else q.value for q in self.account.quantities.values()])

    @property
    def account_std(self) -> Vector:
        """The standard deviations that the account gives, NaN for none, in the order of `quantities`."""
        return np.array([np.nan if q.value is None else q.std for q in self.account.quantities.values()])

    def _status(self) -> list[str]:
        hidden = set(self.unobservable)
        return [
            "exact" if q.is_exact else "measured" if q.is_measured else "unobservable" if name in hidden else "computed"
            for name, q in self.account.quantities.items()
        ]

    @cached_property
    def flows(self) -> pd.DataFrame:
        """The flows in the order of the account; columns `layer` where there are several, `unit` where one is said.

        A flow that stands in several layers has a row in each. Where all quantities of an account are listed, as in
        `covariance`, `Account.key` says how a flow is called: `F1:Cu` is F1 in the layer Cu, not its first one.
        """
        import pandas as pd

        table = self._part("flow", [self.account.key(flow) for flow in self.account.flows])
        if len(self.account.layer_order) > 1:
            table["layer"] = [flow.layer for flow in self.account.flows]
        if any(flow.unit for flow in self.account.flows):
            table["unit"] = [flow.unit for flow in self.account.flows]
        return table.set_axis(pd.Index([flow.id for flow in self.account.flows], name="flow"))

    @cached_property
    def transfer_coefficients(self) -> pd.DataFrame:
        """The transfer coefficients, with the columns of `flows`."""
        return self._part("transfer_coefficient", [item.id for item in self.account.transfer_coefficients])

    @cached_property
    def concentrations(self) -> pd.DataFrame:
        """The concentrations, with the columns of `flows`; `Cu/F1` is the content of Cu per unit of F1."""
        return self._part("concentration", [item.id for item in self.account.concentrations])

    def _part(self, name: str, keys: list[str]) -> pd.DataFrame:
        return self.quantities.loc[keys].rename_axis(index=name)

    @cached_property
    def covariance(self) -> pd.DataFrame:
        """The covariance of all reconciled quantities, worked out when asked for: 0 for exact, NaN for unobservable."""
        import pandas as pd

        names = [*map(self.account.key, self.account.flows), *self.transfer_coefficients.index,
                 *self.concentrations.index]  # fmt: skip
        index = self.found.system.names
        return pd.DataFrame(self.spread.covariance(), index=index, columns=index).loc[names, names]

    @cached_property
    def balances(self) -> pd.DataFrame:
        """Inflow and outflow of every node after reconciliation."""
        values = dict(zip(self.found.system.names, self.quantities["reconciled"], strict=True))
        return node_balances(self.account, values)

    @cached_property
    def tests(self) -> pd.DataFrame:
        """All tests: test (global, nodal, measurement), of, statistic, critical, p_value, rejects."""
        import pandas as pd

        columns = ["test", "of", "statistic", "critical", "p_value", "rejects"]
        rows = [(t.test, t.of, t.statistic, t.critical, t.p_value, t.rejects) for t in self.all_tests]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def suspects(self) -> pd.DataFrame:
        """Measurements that may hold a gross error, the likeliest first; empty where no test rejects.

        Columns: z, step (round in which it was taken out), error (by how much it seems too high), chi2 and dof (left
        without it and those before it), alike (measurements that no test can tell from it).
        """
        import pandas as pd

        rows = [(s.z, s.step, s.error, s.chi2, s.dof, ", ".join(s.alike)) for s in self.all_suspects]
        names = pd.Index([s.name for s in self.all_suspects], name="flow", dtype=object)
        return pd.DataFrame(rows, index=names, columns=["z", "step", "error", "chi2", "dof", "alike"])

    @cached_property
    def monte_carlo(self) -> pd.DataFrame:
        """Mean, std and quantiles of the reconciled quantities over `account.runs` draws; empty without runs."""
        import pandas as pd

        names, runs = self.found.system.names, self.account.runs
        columns = ["mean", "std", *(f"q{share * 100:g}" for share in QUANTILES)]
        if runs < 2:
            return pd.DataFrame(columns=columns, index=pd.Index([], name="name"), dtype=float)
        quantities = list(self.account.quantities.values())
        drawn = reconcile_draws(self.found, quantities, runs, self.account.seed, self.solver)
        parts = [drawn.mean(axis=0), drawn.std(axis=0, ddof=1), *np.quantile(drawn, QUANTILES, axis=0)]
        return pd.DataFrame(dict(zip(columns, parts, strict=True)), index=pd.Index(names, name="name"))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return name → table of everything, as it is written to files."""
        flows = self.flows.drop(columns=["layer", "unit"], errors="ignore").reset_index()
        for position, (name, values) in enumerate(self._places().items(), start=1):
            flows.insert(position, name, values)
        optional = {
            "transfer_coefficients": self.transfer_coefficients,
            "concentrations": self.concentrations,
            "monte_carlo": self.monte_carlo,
        }
        if len(self.found.system.names) <= MOST_COVARIANCES:
            optional["covariance"] = self.covariance.rename_axis(index="name")
        return {
            "flows": flows,
            **{name: table.reset_index() for name, table in optional.items() if len(table)},
            "balances": self.balances,
            "tests": self.tests,
            "suspects": self.suspects.reset_index(),
        }

    def _places(self) -> dict[str, list[str]]:
        names = ("source", "target", "layer", "unit")
        return {name: [getattr(flow, name) for flow in self.account.flows] for name in names}


def reconcile(
    account: Account | str | Path,
    *,
    non_negative: bool | None = None,
    runs: int | None = None,
    seed: int | None = None,
    start: Mapping[str, float] | None = None,
) -> Reconciliation:
    """Bring an account into balance by weighted least squares.

    Args:
        account: an account, or a CSV or YAML file of one.
        non_negative: keep every quantity at or above zero; by default what the account says.
        runs: Monte Carlo runs for inputs that are not normal; by default what the account says.
        seed: of the Monte Carlo draws; by default what the account says.
        start: where the search for unmeasured quantities starts, by name; it never shows in a result.

    Returns:
        The reconciled account with covariance, tests and suspects.

    Raises:
        InputError: the account says something wrong, such as exact values that contradict each other.
        FolderError: the file cannot be read.
        InfeasibleError: no values satisfy the equations.
    """
    read, problems = _read(account)
    wanted = {"non_negative": non_negative, "runs": runs, "seed": seed}
    read = read.replace(**{name: value for name, value in wanted.items() if value is not None})
    solver: Solver = estimate_above_zero if read.non_negative else estimate
    found, hidden = search(equations_of(read), solver, start or {}, read)
    return _assess(read, found, hidden, problems, solver)


def _read(account: Account | str | Path) -> tuple[Account, tuple[Problem, ...]]:
    """Return a checked account and the warnings on it; raises InputError with every error."""
    from mfa.files.accounts import check_account, read_account

    if isinstance(account, Account):
        problems = tuple(check_account(account))
        errors = [problem for problem in problems if problem.level == "error"]
        if errors:
            raise InputError(errors)
        return account, problems
    reading = read_account(account)
    if reading.account is None:
        raise InputError(problem for problem in reading.problems if problem.level == "error")
    return reading.account, reading.problems


def _assess(
    account: Account, found: Estimate, hidden: Indices, problems: tuple[Problem, ...], solver: Solver
) -> Reconciliation:
    """Return the result with its tests."""
    spread = Spread(found, hidden)
    z = gross_errors.statistics(found, spread)
    held = np.array([
        (found.z[i] - q.value) / q.std for i, q in enumerate(account.quantities.values())
        if q.value is not None and q.is_measured and found.system.std[i] == 0
    ])  # fmt: skip
    overall = gross_errors.global_test(found, held)
    dof = int(found.structure.checking.size) + held.size
    names = found.system.names
    shared = found.system.is_linear and not account.non_negative
    return Reconciliation(
        account=account,
        chi2=overall.statistic,
        dof=dof,
        p_value=overall.p_value,
        unobservable=tuple(names[i] for i in hidden),
        unchecked=tuple(names[i] for i in found.system.adjustable[np.isnan(z)]),
        problems=(*problems, *_forced_to_zero(account, found, spread)),
        found=found,
        z=z,
        all_tests=(
            *([overall] if dof else []),
            *gross_errors.nodal_tests(found.system, found.z),
            *gross_errors.measurement_tests(found, z),
        ),
        all_suspects=tuple(gross_errors.suspects(found, spread, z)),
        spread=spread,
        solver=None if shared else solver,
    )


def _forced_to_zero(account: Account, found: Estimate, spread: Spread) -> Iterator[Problem]:
    """Yield a warning for each measurement that exact values leave nothing but zero."""
    x, system = found.system.adjustable, found.system
    is_fixed = spread.measured_variance < UNTESTABLE
    is_zero = np.abs(found.z[x]) <= UNTESTABLE * np.abs(system.measured[x])
    quantities = list(account.quantities.values())
    for i in x[is_fixed & is_zero & (system.measured[x] != 0)]:
        text = tr("{value:g} was measured, but exact values and relations leave nothing but 0; check these",
                  value=system.measured[i])  # fmt: skip
        yield Problem(quantities[i].place or account.name, system.names[i], text, "warning")
