"""Scorecards as a reader sees them: values with units, what is asked, results, and the data they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mfa.indicators.quantities import Datum
from mfa.indicators.registry import INDICATORS
from mfa.indicators.scorecard import records
from mfa.language import Language, tr
from mfa.park.scheme import Scheme
from mfa.park.statistics import STATISTICS
from mfa.views.measures import written
from mfa.views.wording import NOTHING, listed, number, speaking, unit_name

if TYPE_CHECKING:
    import pandas as pd

RESULTS = {
    "pass": "met",
    "fail": "missed",
    "unverified": "not verified, no verdict",
    "reported": "",
    "missing": "data missing",
    "undefined": "not defined",
    "not computable": "not computable",
    "open": "open",
    "": "",
}
"""Result in a table → how it is said."""
SHARES = ("fraction", "share")
KINDS = {"count": "a number", "share": "a share in %", "yes or no": "true or false"}
"""Kind of a statistic that is in no unit → what to write."""


TITLES = {"before": "today", "after": "with the plan", "plan": "promised"}
"""Run of a scorecard → how it is called."""


def run_title(run: str, language: Language) -> str:
    """Return what a run is called; one with a name of its own keeps it."""
    return tr(TITLES.get(run, run), language)


def shown(value: float | None, unit: str, language: Language) -> str:
    """Return a value with its unit; a dash for none."""
    if value is None or value != value:
        return NOTHING
    if unit == "yes or no":
        return tr("yes" if value else "no", language)
    if unit == "%":
        return f"{number(value)} %"
    if unit in ("1", "count"):
        return f"{value:,.0f}" if value == round(value) else number(value)
    return written(value, "fraction" if unit in SHARES else unit, language)


def bound(value: float, unit: str, language: Language) -> str:
    """Return a threshold with its unit, as a standard prints it."""
    if unit == "yes or no" or unit in SHARES:
        return shown(value, unit, language)
    return f"{float(f'{value:.10g}'):,g} {'' if unit == '1' else unit_name(unit, language)}".strip()


def heading(scheme: Scheme | None, language: Language) -> str:
    """Return what the thresholds of a scheme are called: an index sets values against references, which bind nobody."""
    return tr("reference" if scheme is not None and scheme.index is not None else "asked for", language)


def asked(row: Any, language: Language) -> str:
    """Return what a row of a scorecard asks for, marked where nobody has verified it."""
    if row.verified is None or row.verified != row.verified:
        return ""
    has_number = row.threshold is not None and row.threshold == row.threshold
    sign = "" if row.unit == "yes or no" else f"{row.sign} "
    text = sign + bound(row.threshold, row.unit, language) if has_number else row.sign
    return text if row.verified else tr("{threshold} (not verified)", language, threshold=text)


def gap(row: Any, language: Language) -> str:
    """Return value − threshold with its sign; nothing where one of them is missing."""
    if row.gap is None or row.gap != row.gap or row.unit == "yes or no":
        return ""
    if row.unit in SHARES or row.unit == "%":
        points = number(row.gap if row.unit == "%" else row.gap * 100)
        text = tr("{number} percentage points", language, number=points)
    else:
        text = shown(row.gap, row.unit, language)
    return f"+{text}" if row.gap > 0 else text


def result(name: str, language: Language) -> str:
    """Return a result in words."""
    return tr(RESULTS[name], language) if RESULTS[name] else ""


def sources(data: Iterable[Datum], language: Language) -> list[str]:
    """Return in a sentence each where the numbers of an item come from, and what statistics say otherwise."""
    by_key: dict[tuple[str, bool], list[Datum]] = {}
    for datum in data:
        by_key.setdefault((datum.key, datum.computed), []).append(datum)
    return [_source(key, computed, found, language) for (key, computed), found in by_key.items()]


def _source(key: str, computed: bool, found: list[Datum], language: Language) -> str:
    years = sorted({datum.year for datum in found if datum.year})
    when = f" {years[0]}" if len(years) == 1 else f" {years[0]}–{years[-1]}" if years else ""
    last = found[-1]
    values = (found[0].value, last.value) if len(years) > 1 else (last.value,)
    value = " … ".join(shown(one, _unit(key), language) for one in values)
    if not computed:
        return tr("statistics.{key}{when}: {value}", language, key=key, when=when, value=value)
    text = tr("run{when}, {what}: {value}", language, when=when, what=_name(key, language), value=value)
    if last.told is None:
        return text
    told = shown(last.told, _unit(key), language)
    share = f"{(last.value - last.told) / last.told:+.1%}" if last.told else NOTHING
    return text + tr(" (statistics say {told}, the run {share})", language, told=told, share=share)


def _unit(key: str) -> str:
    if key in STATISTICS:
        return STATISTICS[key].unit
    return INDICATORS[key].unit if key in INDICATORS else "t"


def _name(key: str, language: Language) -> str:
    with speaking(language):
        return INDICATORS[key].title if key in INDICATORS else tr(key.replace("_", " "))


def lacking(table: pd.DataFrame, language: Language) -> list[str]:
    """Return what is missing in a scorecard, each with its remedy, once."""
    named: dict[str, list[str]] = {}
    for row in records(table):
        for key in row.missing:
            named.setdefault(key, [])
            if row.name not in named[key]:
                named[key].append(row.name)
    return [_lack(key, items, language) for key, items in named.items()]


def _lack(key: str, items: list[str], language: Language) -> str:
    stem, _, years = key.partition(" (")
    words = listed(items, language)
    if "|" in key:
        names = " / ".join(f"statistics.{name}" for name in stem.split("|"))
        return tr("missing: one of {names} by year, for {items}", language, names=names, items=words)
    kind = STATISTICS[stem].unit if stem in STATISTICS else ""
    unit = tr(KINDS[kind], language) if kind in KINDS else unit_name(kind, language)
    meaning = tr(STATISTICS[stem].meaning, language) if stem in STATISTICS else _name(stem, language)
    if years:
        years = years.rstrip(")").replace(", …", "")
        text = "missing: {key} ({meaning}), {unit}; add statistics.{key} for {years} and earlier years; for {items}"
        return tr(text, language, key=stem, meaning=meaning, unit=unit, years=years, items=words)
    text = "missing: {key} ({meaning}), {unit}; add statistics.{key}; for {items}"
    return tr(text, language, key=stem, meaning=meaning, unit=unit, items=words)
