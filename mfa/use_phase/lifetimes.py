"""How long products stay in use: a lifetime as users give it, and its parameters cohort by cohort."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from mfa.errors import InputError, Problem
from mfa.language import tr
from mfa.use_phase import survival as laws
from mfa.use_phase.survival import Array

Kind = Literal["fixed", "normal", "folded_normal", "lognormal", "weibull", "gamma", "logistic", "table"]
Given = float | Sequence[float] | Mapping[Any, Any] | Array | pd.Series | pd.DataFrame | None

FORMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "fixed": (("mean",),),
    "normal": (("mean", "std"),),
    "folded_normal": (("mean", "std"),),
    "lognormal": (("mean", "std"), ("shape", "scale")),
    "weibull": (("mean", "std"), ("shape", "scale")),
    "gamma": (("mean", "std"), ("shape", "scale")),
    "logistic": (("mean", "std"), ("mean", "scale")),
    "table": (("survival",),),
}
"""Kind → the sets of parameters that define it."""

FROM_MOMENTS: dict[str, Callable[[Array, Array], tuple[Array, Array]]] = {
    "lognormal": laws.lognormal_from_moments,
    "weibull": laws.weibull_from_moments,
    "gamma": laws.gamma_from_moments,
    "logistic": laws.logistic_from_moments,
}
"""Kind → its own parameters from mean and std, where these are not its own."""

LAWS: dict[str, laws.Law] = {
    "fixed": laws.fixed,
    "normal": laws.normal,
    "folded_normal": laws.folded_normal,
    "lognormal": laws.lognormal,
    "weibull": laws.weibull,
    "gamma": laws.gamma,
    "logistic": laws.logistic,
}


@dataclass(frozen=True, eq=False)
class Lifetime:
    """How long products stay in use.

    Every parameter is one number; or numbers by entry year (an array as long as the inflow, or a Series or mapping by
    year); or by series (a Series or mapping by column of the inflow, or by a level of its columns); or a DataFrame of
    years × series.

    Args:
        kind: `fixed`, `normal`, `folded_normal`, `lognormal`, `weibull`, `gamma`, `logistic` or `table`.
        mean: years; of the lognormal itself, of the normal before folding; the lifetime of `fixed`, perhaps 0.
        std: standard deviation, years; as `mean`. Normal and logistic laws are not truncated at age 0.
        shape: of `weibull` and `gamma`; the standard deviation of ln(age) of `lognormal`.
        scale: years; of `weibull`, `gamma` and `logistic`; exp(mean of ln(age)) of `lognormal`.
        survival: of `table`: shares still in use by age, from 1 down; a sequence for the ages 0, 1, 2 …, a Series or
            mapping by age, or a DataFrame of ages × series (or × entry years). Linear between ages; what is left at
            the last age leaves right after it.
        table: another name for `survival`.

    Raises:
        InputError: naming the parameter that is missing, too many or impossible.
    """

    kind: Kind
    mean: Given = None
    std: Given = None
    shape: Given = None
    scale: Given = None
    survival: Given = None
    table: InitVar[Given] = None

    def __post_init__(self, table: Given) -> None:
        if table is not None and self.survival is None:
            object.__setattr__(self, "survival", table)
        if self.kind not in get_args(Kind):
            known = ", ".join(get_args(Kind))
            raise wrong("kind", tr("there is no kind '{kind}'; use one of {known}", kind=self.kind, known=known))
        if self.form not in FORMS[self.kind]:
            wanted = tr(" or ").join(" + ".join(names) for names in FORMS[self.kind])
            raise wrong("", tr("a {kind} lifetime takes {wanted}, got {given}",
                               kind=self.kind, wanted=wanted, given=" + ".join(self.form) or "-"))  # fmt: skip
        for name in self.form:
            if name == "survival":
                check_survival(survival_table(self.survival))
                continue
            least = float(numbers(getattr(self, name), name).min(initial=np.inf))
            if least < 0 or (least == 0 and self.kind != "fixed"):
                raise wrong(name, tr("{name} must be above 0, got {value:g}", name=name, value=least))

    @property
    def form(self) -> tuple[str, ...]:
        """The names of the parameters that are given."""
        names = ("mean", "std", "shape", "scale", "survival")
        return tuple(name for name in names if getattr(self, name) is not None)

    def __str__(self) -> str:
        parts = [f"{name}={_brief(getattr(self, name))}" for name in self.form]
        return f"{self.kind}({', '.join(parts)})"


@dataclass(frozen=True, eq=False)
class Ageing:
    """A lifetime laid out over cohorts and series: `share` says how much of a cohort is left at given ages.

    `parameters` are those of the law, each cohorts × series where it varies by them, else 1 wide; of a table the ages
    and the shares (cohorts × ages × series).
    """

    kind: str
    parameters: tuple[Array, ...]

    @property
    def is_steady(self) -> bool:
        """Whether every cohort has the same lifetime."""
        return all(parameter.shape[0] == 1 for parameter in self.varying)

    @property
    def varying(self) -> tuple[Array, ...]:
        """The parameters that may vary by cohort and series."""
        return self.parameters[1:] if self.kind == "table" else self.parameters

    def share(self, cohort: int, age: Array, width: float) -> Array:
        """Return the share left, ages × series (or × 1).

        Args:
            cohort: position of the cohort.
            age: of the youngest of the cohort, years.
            width: years between the youngest and the eldest; above 0 the mean over them is returned.
        """
        of_cohort = [parameter[cohort if len(parameter) > 1 else 0] for parameter in self.varying]
        if self.kind == "table":
            ages, shares = self.parameters[0], of_cohort[0]
            found = laws.tabulated_averaged(age, width, ages, shares) if width else laws.tabulated(age, ages, shares)
        elif not width:
            found = LAWS[self.kind](age[:, None], *of_cohort)
        elif self.kind == "fixed":
            found = laws.fixed_averaged(age[:, None], width, *of_cohort)
        else:
            found = laws.averaged(LAWS[self.kind], age[:, None], width, *of_cohort)
        return np.asarray(found, dtype=float)


def lay_out(lifetime: Lifetime, years: Sequence[float], labels: pd.Index, earlier: Sequence[float] = ()) -> Ageing:
    """Return a lifetime laid out over cohorts and series.

    Args:
        lifetime: as the user gave it.
        years: entry years of the inflow.
        labels: names of the series.
        earlier: entry years of cohorts before the first year; where nothing is given for one, the earliest value holds.

    Raises:
        InputError: a parameter has another length, or lacks a year or a series.
    """
    scope = Scope(years, labels, earlier)
    if lifetime.kind == "table":
        table = survival_table(lifetime.survival)
        shares = [scope.spread(row if len(row) > 1 else row.iloc[0], "survival") for _, row in table.iterrows()]
        return Ageing("table", (table.index.to_numpy(float), np.stack(shares, axis=1)))
    parameters = tuple(scope.spread(getattr(lifetime, name), name) for name in lifetime.form)
    if lifetime.form == ("mean", "std") and lifetime.kind in FROM_MOMENTS:
        mean, std = np.broadcast_arrays(*parameters)
        parameters = FROM_MOMENTS[lifetime.kind](mean, std)
    return Ageing(lifetime.kind, parameters)


@dataclass(frozen=True)
class Scope:
    """The cohorts and series over which parameters are spread; `earlier` cohorts come before those of `years`."""

    years: Sequence[float]
    labels: pd.Index
    earlier: Sequence[float]

    def spread(self, given: Any, name: str) -> Array:
        """Return a parameter as cohorts × series, 1 wide where it does not vary."""
        values = numbers(given, name)
        if isinstance(given, pd.DataFrame):
            return values[np.ix_(self.rows(given.index, name), self.columns(given.columns, name))]
        if isinstance(given, Mapping | pd.Series):
            keys = given.index if isinstance(given, pd.Series) else pd.Index(list(given))
            if any(len(keys.intersection(level)) for level in levels(self.labels)):
                return values[None, self.columns(keys, name)]
            return values[self.rows(keys, name), None]
        if values.ndim == 0:
            return values.reshape(1, 1)
        if len(values) != len(self.years) or (values.ndim > 1 and values.shape[1:] not in ((1,), (len(self.labels),))):
            message = tr("{name} has the shape {shape}; give one value, or one for each of the {count} years",
                         name=name, shape=values.shape, count=len(self.years))  # fmt: skip
            raise wrong(name, message)
        return values.reshape(len(values), -1)[self.rows(pd.Index(self.years), name)]

    def rows(self, keys: pd.Index, name: str) -> list[int]:
        """Return the position of the key of every cohort; an earlier cohort without a key takes the earliest one."""
        keys = as_years(keys, name)
        found = keys.get_indexer(pd.Index([*self.earlier, *self.years], dtype=float))
        if (lacking := found[len(self.earlier) :] < 0).any():
            year = self.years[int(lacking.argmax())]
            raise wrong(name, tr("{name} has no value for {key}; add one", name=name, key=f"{year:g}"))
        return [int(at) if at >= 0 else int(keys.argmin()) for at in found]

    def columns(self, keys: pd.Index, name: str) -> list[int]:
        """Return the position of the key of every series: its label, or one level of its label."""
        for level in levels(self.labels):
            found = keys.get_indexer(level)
            if (found >= 0).all():
                return [int(at) for at in found]
        lacking = next(label for label in levels(self.labels)[0] if label not in keys)
        raise wrong(name, tr("{name} has no value for {key}; add one", name=name, key=lacking))


def levels(labels: pd.Index) -> list[pd.Index]:
    """Return the labels, and where they have several levels each level of them."""
    return [labels, *(labels.get_level_values(i) for i in range(labels.nlevels) if labels.nlevels > 1)]


def as_years(keys: pd.Index, name: str) -> pd.Index:
    """Return keys as years; raises InputError where one is not a number or stands twice."""
    years = pd.to_numeric(pd.Series(keys), errors="coerce")
    if years.isna().any():
        key = keys[int(years.isna().to_numpy().argmax())]
        raise wrong(name, tr("{name}: '{key}' is neither a year nor a series of the table", name=name, key=key))
    if years.duplicated().any():
        twice = years[years.duplicated()].iloc[0]
        raise wrong(name, tr("{name}: {key} is given twice; remove one", name=name, key=f"{twice:g}"))
    found: pd.Index = pd.Index(years.tolist(), dtype=float)
    return found


def survival_table(given: Any) -> pd.DataFrame:
    """Return shares by age: a table with the ages as index, sorted."""
    numbers(given, "survival")
    if isinstance(given, pd.DataFrame):
        table = given
    elif isinstance(given, Mapping | pd.Series):
        table = pd.Series(given).to_frame()
    else:
        table = pd.DataFrame(np.asarray(given, dtype=float))
    return table.set_axis(as_years(table.index, "survival"), axis=0).sort_index()


def check_survival(table: pd.DataFrame) -> None:
    """Raise InputError where shares do not start at age 0, rise with age or leave 0 to 1."""
    shares = table.to_numpy(float)
    if not len(table) or table.index[0] != 0:
        raise wrong("survival", tr("a survival table starts at age 0; add that row"))
    if shares.min() < 0 or shares.max() > 1:
        raise wrong("survival", tr("survival is a share between 0 and 1, got {value:g}",
                                   value=float(shares.max() if shares.max() > 1 else shares.min())))  # fmt: skip
    rising = np.diff(shares, axis=0).max(axis=1, initial=0.0) > 0
    if rising.any():
        age = float(table.index[int(rising.argmax()) + 1])
        raise wrong("survival", tr("survival rises at age {age:g}; it may only fall with age", age=age))


def numbers(given: Any, name: str) -> Array:
    """Return what is given as an array of finite numbers; raises InputError."""
    plain = list(given.values()) if isinstance(given, Mapping) else given
    try:
        values = np.asarray(plain, dtype=float)
    except (TypeError, ValueError) as error:
        raise wrong(name, tr("{name} holds something that is not a number: {got}",
                             name=name, got=str(plain)[:60])) from error  # fmt: skip
    if not np.isfinite(values).all():
        raise wrong(name, tr("{name} holds something that is not a finite number; give one", name=name))
    return values


def wrong(name: str, message: str) -> InputError:
    """Return the error that a parameter of a lifetime is."""
    return InputError([Problem("lifetime", name, message)])


def _brief(given: Any) -> str:
    if isinstance(given, int | float):
        return f"{given:g}"
    values = numbers(given, "")
    low, high = float(values.min()), float(values.max())
    return f"{low:g}" if low == high else f"{low:g}…{high:g}"
