"""Scorecards: what was found beside what is asked, as tidy tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mfa.errors import InputError, Problem
from mfa.files.nearest import did_you_mean
from mfa.indicators.measures import MEASURES, find, scale
from mfa.indicators.quantities import Basis, Datum
from mfa.indicators.registry import INDICATORS, Indicator, Judged, Value
from mfa.indicators.scoring import Found, Scored, choice_verdict, index_value, score, total_verdict
from mfa.language import current, tr
from mfa.park.scheme import Item, Scheme
from mfa.park.statements import VERIFIED
from mfa.park.values import Text

if TYPE_CHECKING:
    import pandas as pd

DETAILED = ("carbon_inventory",)
"""Indicators of which every part is shown, not the whole park alone."""
VERDICT_COLUMNS = ["run", "what", "least", "of", "passed", "failed", "open", "value", "result"]


class Row(NamedTuple):
    """A row of a scorecard: `Scorecard` says what its columns mean."""

    run: str = ""
    year: int | None = None
    item: str = ""
    of: str = ""
    name: str = ""
    group: str = ""
    requirement: str = ""
    value: float | None = None
    unit: str = ""
    sign: str = ""
    threshold: float | None = None
    gap: float | None = None
    result: str = "reported"
    verified: bool | None = None
    data: tuple[Datum, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""
    formula: str = ""
    source: str = ""
    threshold_source: str = ""


@dataclass(frozen=True, eq=False)
class Scorecard:
    """What was found, item by item (`table`), what it comes to (`verdicts`), and what a reader should know (`notes`).

    `table` has one row a run and item (`of`: the firm or node it is about; empty: all); values, thresholds and gaps are
    in `unit`, `gap` is value − threshold, `result` one of pass, fail, unverified, reported, missing, undefined and
    not computable, of which `reason` tells why. `data` names the quantities used, `missing` the statistics that lack.
    `verdicts` has a row a run and choice, index or total.
    """

    title: str
    table: pd.DataFrame
    verdicts: pd.DataFrame
    notes: tuple[str, ...] = ()
    scheme: Scheme | None = field(default=None, repr=False)


def scheme_values(scheme: Scheme, basis: Basis) -> dict[str, Found]:
    """Return what a run and its statistics tell of every item of a scheme.

    Raises:
        InputError: the scheme names an indicator that there is none of.
    """
    return {key: _found(scheme, item, basis) for key, item in scheme.items.items()}


def _found(scheme: Scheme, item: Item, basis: Basis) -> Found:
    told = basis.datum(item.statistic) if item.statistic else None
    if item.indicator is None:
        return _told(item, told, basis)
    if item.indicator in MEASURES:
        finding = find(MEASURES[item.indicator], basis)
        return Found(finding.value, finding.used, finding.missing)
    if item.indicator not in INDICATORS:
        message = tr("there is no indicator '{name}'", name=item.indicator) + did_you_mean(item.indicator, INDICATORS)
        raise InputError([Problem(f"models/schemes: {scheme.id}", f"items.{item.id}", message)])
    known = INDICATORS[item.indicator]
    answer = known.compute(basis.period)
    value = answer.get("") if isinstance(answer, Mapping) else answer
    number = value.value if isinstance(value, Judged) else value
    if number is None:
        return _told(item, told, basis)
    base = number * scale(known.unit)
    return Found(base, (Datum(known.name, base, True, told.value if told else None, basis.year or 0),))


def _told(item: Item, told: Datum | None, basis: Basis) -> Found:
    if told is not None:
        return Found(told.value, (told,))
    return Found(missing=(basis.missing(item.statistic or item.indicator or item.id),))


def scorecard(scheme: Scheme, runs: Mapping[str, Mapping[str, Found]], years: Mapping[str, int | None]) -> Scorecard:
    """Return the scorecard of a scheme.

    Args:
        scheme: what is asked.
        runs: name of a run (before, after …) → item → what was found.
        years: name of a run → the year that was assessed; None for a whole run.
    """
    rows: list[Row] = []
    verdicts: list[tuple[Any, ...]] = []
    for run, values in runs.items():
        scored = score(scheme, values)
        rows += [_row(scheme, run, years.get(run), one) for one in scored]
        verdicts += _verdicts(scheme, run, scored)
    notes = tuple(filter(None, [spoken(scheme.note)]))
    return make_card(spoken(scheme.name), rows, verdicts, notes, scheme)


def make_card(
    title: str,
    rows: Iterable[Row],
    verdicts: Iterable[tuple[Any, ...]] = (),
    notes: tuple[str, ...] = (),
    scheme: Scheme | None = None,
) -> Scorecard:
    """Return a scorecard of rows and verdicts."""
    import pandas as pd

    numbers = {"value": float, "threshold": float, "gap": float}
    table = pd.DataFrame(list(rows), columns=Row._fields).astype(numbers)
    judged = pd.DataFrame(list(verdicts), columns=VERDICT_COLUMNS).astype({"value": float})
    return Scorecard(title, table, judged, notes, scheme)


def indicator_rows(run: str, basis: Basis) -> Iterator[Row]:
    """Yield a row for every registered indicator of the whole park, in the order of reports, those missing included."""
    for known in INDICATORS.values():
        if known.name in MEASURES:
            finding = find(MEASURES[known.name], basis)
            value = None if finding.value is None else finding.value / scale(known.unit)
            yield _plain(run, basis, known, value, finding.used, finding.missing)
            continue
        answer = known.compute(basis.period)
        values = answer if isinstance(answer, Mapping) else {"": answer}
        for of, found in values.items():
            if not of or known.name in DETAILED or isinstance(found, Judged):
                yield _plain(run, basis, known, found, of=of)


def _plain(
    run: str,
    basis: Basis,
    known: Indicator,
    found: Value,
    used: tuple[Datum, ...] = (),
    missing: tuple[str, ...] = (),
    of: str = "",
) -> Row:
    row = Row(
        run, basis.year, known.name, of, known.title, tr("indicators of the run"), unit=known.unit, data=used,
        missing=missing, formula=known.meaning, source=known.source,
    )  # fmt: skip
    if isinstance(found, Judged):
        row = row._replace(sign="≥" if found.at_least else "≤", threshold=found.threshold, verified=True)
    value = found.value if isinstance(found, Judged) else found
    if value is None:
        return row._replace(result="missing" if missing else "undefined")
    if not isinstance(found, Judged):
        return row._replace(value=value)
    gap = None if found.threshold is None else value - found.threshold
    return row._replace(value=value, gap=gap, result="pass" if found.passes else "fail")


def records(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table of a scorecard, its columns as attributes."""
    yield from table.itertuples(index=False)


def spoken(text: Text) -> str:
    """Return a text in the current language."""
    return text.in_language(current.get())


def _row(scheme: Scheme, run: str, year: int | None, one: Scored) -> Row:
    item, bound = one.item, one.item.threshold
    row = Row(
        run, year, item.id, name=spoken(item.name), group=spoken(scheme.groups[item.group]),
        requirement=requirement(scheme, item), value=_in_unit(one.found.value, item), unit=item.unit,
        gap=_in_unit(one.gap, item), result=one.result, data=one.found.data, missing=one.found.missing,
        formula=spoken(item.formula), source=item.source or "",
    )  # fmt: skip
    if bound is None:
        return row
    sign = spoken(bound.text) if bound.value is None else bound.sign
    return row._replace(
        sign=sign,
        threshold=_in_unit(bound.value, item),
        verified=bound.is_verified,
        threshold_source=bound.source or "",
    )


def _in_unit(number: float | None, item: Item) -> float | None:
    """Return a number in base units in the unit of an item."""
    return None if number is None else number / scale(item.unit)


def requirement(scheme: Scheme, item: Item) -> str:
    """Return what an item counts as, in the current language."""
    if item.mandatory:
        return tr("mandatory")
    if item.choose is None:
        return ""
    members = sum(other.choose == item.choose for other in scheme.items.values())
    return tr("{least} of {members}", least=scheme.choices[item.choose].least, members=members)


def _verdicts(scheme: Scheme, run: str, scored: list[Scored]) -> Iterable[tuple[Any, ...]]:
    for choice in scheme.choices.values():
        members = [one for one in scored if one.item.choose == choice.id]
        yield run, choice.id, choice.least, len(members), *_counts(members), None, choice_verdict(choice, scored)
    if scheme.index is not None:
        found = index_value(scored)
        value, counted = found if found else (None, 0)
        sure = scheme.index.confidence in VERIFIED
        yield run, "index", None, counted, *_counts(scored), value, "reported" if sure else "unverified"
    yield run, "total", None, len(scored), *_counts(scored), None, total_verdict(scheme, scored) or ""


def _counts(scored: list[Scored]) -> tuple[int, int, int]:
    verdicts = [one.verdict for one in scored]
    return verdicts.count("pass"), verdicts.count("fail"), verdicts.count("open")
