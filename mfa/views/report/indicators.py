"""Tables of indicators, a column a run: for one report and for runs side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mfa.language import Language, tr
from mfa.results.results import Results
from mfa.views.measures import difference, meaning, title, values_of, written
from mfa.views.report.document import Cell, Table
from mfa.views.wording import NOTHING

Runs = Mapping[str, Results]
"""Title → run, in the order of the columns."""

RESIDUE = 1e-8
"""Part of a whole below which an amount is what rounding left, not a flow: 0.01 t of a million."""
WHOLES = {"unplaced": "waste_generated"}
"""Indicator that rounding may leave a residue in → what it is a part of."""


def indicator_table(runs: Runs, language: Language) -> Table:
    """Return the indicators of the whole park, with the change where there are two runs."""
    units = whole_park(runs.values())
    return _table(runs, units, [title(name, language) for name in units], language, with_change=True)


def explained_table(runs: Runs, names: Sequence[str], language: Language) -> Table:
    """Return some indicators of the whole park, each with what it means."""
    units = {name: unit for name, unit in whole_park(runs.values()).items() if name in names}
    labels = [Cell(title(name, language), remark=meaning(name, language)) for name in units]
    return _table(runs, units, labels, language, with_change=False)


def _table(
    runs: Runs, units: Mapping[str, str], labels: Sequence[Cell | str], language: Language, with_change: bool
) -> Table:
    compared = with_change and len(runs) == 2
    headings = [tr("indicator", language), *runs, *([tr("change", language)] if compared else [])]
    rows: list[list[Cell | str]] = []
    for label, (name, unit) in zip(labels, units.items(), strict=True):
        values = [_value(run, name) for run in runs.values()]
        if any(value is not None for value in values):
            changes = [_change(values, unit, language)] if compared else []
            rows.append([label, *(written(value, unit, language) for value in values), *changes])
    return Table(headings, rows, frozenset(range(1, len(headings))))


def _value(run: Results, name: str) -> float | None:
    """Return an indicator of the whole park, 0 where it is a residue of rounding."""
    value, whole = values_of(run, name).get(""), values_of(run, WHOLES.get(name, "")).get("", 0.0)
    return value if value is None else _without_residue(value, whole)


def _change(values: Sequence[float | None], unit: str, language: Language) -> str:
    before, after = values
    if before is None or after is None:
        return NOTHING
    return difference(_without_residue(after - before, max(abs(before), abs(after))), unit, language)


def _without_residue(value: float, whole: float) -> float:
    """Return a value, 0 where it is what rounding leaves of its whole."""
    return 0.0 if abs(value) < RESIDUE * whole else value


def whole_park(runs: Iterable[Results]) -> dict[str, str]:
    """Return indicator → unit of those about the whole park, in the order of the tables."""
    units: dict[str, str] = {}
    for run in runs:
        table = run.indicators[run.indicators["of"] == ""]
        units |= dict(table[["indicator", "unit"]].itertuples(index=False, name=None))
    return units


def target_tables(runs: Runs, language: Language) -> list[Table]:
    """Return the table of targets with what was reached; none where there are no targets."""
    rows = [row for when, run in runs.items() for row in _targets(when, run, language)]
    if not rows:
        return []
    headings = [tr(heading, language) for heading in ("target", "run", "asked", "reached", "result")]
    return [Table(headings, rows, frozenset({2, 3}), tr("Targets", language))]


def _targets(when: str, run: Results, language: Language) -> Iterator[list[Cell | str]]:
    table = run.indicators[run.indicators["threshold"].notna()]
    columns = ["indicator", "of", "value", "unit", "threshold"]
    judged = table["passes"].map({True: "met", False: "missed"}).fillna("unknown")
    for (name, of, value, unit, asked), verdict in zip(table[columns].itertuples(index=False), judged, strict=True):
        tone = Cell(tr(verdict, language), "good" if verdict == "met" else "bad" if verdict == "missed" else "soft")
        yield [
            _target(name, str(of), language),
            when,
            written(asked, unit, language),
            written(value, unit, language),
            tone,
        ]


def _target(name: str, of: str, language: Language) -> str:
    """Return what a target is called: by its own name, else by the indicator that it is for."""
    if name == "target_utilisation" and of:
        return of
    return f"{title(name, language)} ({of})" if of else title(name, language)
