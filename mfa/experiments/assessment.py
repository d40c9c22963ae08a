"""Runs, scenarios, plans and plain flow tables assessed: by a scheme of the library, or by every indicator there is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.errors import InputError, UsageError
from mfa.experiments.closed_loop import Loop
from mfa.experiments.runs import simulate
from mfa.files.flow_files import read_flow_file
from mfa.files.holdings import holdings
from mfa.files.makers import BRACKETED, SAME, distances
from mfa.files.nearest import did_you_mean
from mfa.files.tables import is_text_table
from mfa.indicators.flow_indicators import SOURCES, FlowValue, ends, flow_indicators
from mfa.indicators.flow_tables import check_names, read_flows
from mfa.indicators.measures import MEASURES
from mfa.indicators.quantities import Basis, Datum
from mfa.indicators.registry import INDICATORS
from mfa.indicators.run_flows import economy_wide_flows, exchange_network
from mfa.indicators.scorecard import Row, Scorecard, indicator_rows, make_card, scheme_values, scorecard
from mfa.indicators.scoring import Found
from mfa.indicators.utilisation import HEADLINE
from mfa.language import tr
from mfa.park.plan import Plan
from mfa.park.scenario import Scenario
from mfa.park.scheme import Scheme
from mfa.park.values import DAYS_PER_YEAR
from mfa.results import Results, Run, is_run_folder, read_run
from mfa.results.periods import spans, whole_years

if TYPE_CHECKING:
    import pandas as pd

PLAN = "plan"
"""The column of what a plan promises, beside the runs before and after it."""


@dataclass(frozen=True)
class Subject:
    """What is assessed: runs by name with the plan between them, or a flow table."""

    runs: Mapping[str, Results] = field(default_factory=dict)
    plan: Plan | None = None
    flows: pd.DataFrame | None = None
    unit: str = ""
    notes: tuple[str, ...] = ()


def evaluate(
    what: Results | Loop | Run | Plan | Scenario | pd.DataFrame | Path | str,
    scheme: str | None = None,
    *,
    year: int | None = None,
    outside: Collection[str] | None = None,
) -> Scorecard:
    """Return the scorecard of a run, a scenario (simulated as it stands), a plan or a plain flow table.

    Args:
        what: results, a loop, a run folder or its path, a scenario or its file, a plan, or a flow table: a DataFrame
            with columns `source`, `target`, `amount` (one unit), or a CSV file, with `material` and `unit` if wanted.
        scheme: id or title of a scheme of the library (`hj274`, `green-park`, `circular-retrofit`, `near-zero-carbon`);
            without one, every indicator.
        year: calendar year that is assessed; by default, with a scheme, the last whole year of the run, else all of it.
        outside: nodes of a flow table that lie beyond the boundary; by default those that only give or only receive.

    Raises:
        UsageError: there is no such scheme, the run does not cover the year, or the two do not go together.
        InputError, FolderError: a file says something wrong or cannot be read.
    """
    chosen = None if scheme is None else find_scheme(scheme)
    subject = _subject(what)
    if subject.flows is not None:
        if chosen is not None or year is not None:
            raise UsageError(tr("a flow table has no years and no statistics; name a scenario or a run folder"))
        return _flow_card(subject, outside)
    if outside is not None:
        raise UsageError(tr("--outside goes with a flow table; the firms of a run are inside, all else is outside"))
    if not subject.runs:
        return _plan_card(subject.plan)
    bases = {run: Basis(results, _year(results, year, chosen)) for run, results in subject.runs.items()}
    return _scheme_card(subject, bases, chosen) if chosen is not None else _run_card(subject, bases)


def find_scheme(name: str) -> Scheme:
    """Return the scheme of an id, a title (what stands in brackets may be left out) or a standard.

    Raises UsageError where there is none, InputError where it is broken.
    """
    library = holdings()
    titles = {key: [title for title in (one.name.en, one.name.zh) if title] for key, one in library.schemes.items()}
    names = {key: [key, *titles[key], library.schemes[key].standard] for key in titles}
    for key, distance in distances(name, names).items():
        if distance <= SAME:
            return library.schemes[key]
    broken = [fault.problem for fault in library.faults if fault.path.startswith(f"schemes.{name}")]
    if broken:
        raise InputError(broken)
    known = ", ".join(sorted(library.schemes))
    text = tr("there is no scheme '{name}'; there are {known}", name=name, known=known)
    short = [BRACKETED.sub("", title).strip() for both in titles.values() for title in both]
    raise UsageError(text + did_you_mean(name, [*names, *short]))


def _subject(what: Any) -> Subject:
    match what:
        case Results():
            return Subject({what.run: what})
        case Loop():
            return Subject({results.run: results for results in what.runs}, what.plan)
        case Run():
            return Subject(what.results, what.plan)
        case Plan():
            return Subject(plan=what)
        case Scenario():
            results = simulate(what)
            return Subject({results.run: results})
        case Path() | str():
            return _of_path(Path(what))
    return Subject(flows=what)


def _of_path(path: Path) -> Subject:
    if is_run_folder(path):
        return _subject(read_run(path))
    if is_text_table(path):
        import pandas as pd

        file = read_flow_file(path)
        table = pd.DataFrame(file.rows, columns=["source", "target", "material", "amount"])
        return Subject(flows=table, unit=file.unit, notes=tuple(map(str, file.warnings)))
    if path.is_dir():
        return _subject(read_run(path))  # which says why it is no run folder
    from mfa.files import load_scenario

    return _subject(load_scenario(path))


def _year(results: Results, wanted: int | None, scheme: Scheme | None) -> int | None:
    known = spans(results)
    if wanted is not None and wanted not in known:
        text = tr("the run records no {year}; it has {years}", year=wanted, years=", ".join(map(str, known)))
        raise UsageError(text)
    if wanted is not None or scheme is None:
        return wanted
    return max(whole_years(results), default=None)


def _scheme_card(subject: Subject, bases: Mapping[str, Basis], scheme: Scheme) -> Scorecard:
    runs: dict[str, Mapping[str, Found]] = {run: scheme_values(scheme, basis) for run, basis in bases.items()}
    card = scorecard(scheme, runs, {run: basis.year for run, basis in bases.items()})
    promised = scorecard(scheme, {PLAN: _promised(scheme, subject.plan)}, {}).table
    return _joined(card, promised[promised["value"].notna()])


def _promised(scheme: Scheme, plan: Plan | None) -> dict[str, Found]:
    """Return what a plan promises of a scheme: the utilisation of solid waste."""
    if plan is None or plan.utilisation is None:
        return {}
    found = Found(plan.utilisation, (Datum(HEADLINE, plan.utilisation, True),))
    return {key: found for key, item in scheme.items.items() if item.indicator == HEADLINE}


def _joined(card: Scorecard, more: pd.DataFrame) -> Scorecard:
    from dataclasses import replace

    import pandas as pd

    return replace(card, table=pd.concat([card.table, more], ignore_index=True)) if len(more) else card


def _run_card(subject: Subject, bases: Mapping[str, Basis]) -> Scorecard:
    rows: list[Row] = []
    for run, basis in bases.items():
        rows += indicator_rows(run, basis)
        found = flow_indicators(*exchange_network(basis.period), "t", economy_wide_flows(basis.period))
        rows += _flow_rows(run, basis.year, [one for one in found if one.name not in INDICATORS])
    rows += _plan_rows(subject.plan)
    notes = (tr("the network is that of the mass flows of the run; all that is no firm is outside"),)
    return make_card(tr("All indicators"), rows, notes=notes)


def _flow_card(subject: Subject, outside: Collection[str] | None) -> Scorecard:
    assert subject.flows is not None
    flows = read_flows(subject.flows)
    beyond = ends(flows) if outside is None else check_names(flows, outside, "outside")
    rows = [*_flow_rows("", None, flow_indicators(flows, beyond, subject.unit)), *_not_in_flows()]
    names = ", ".join(sorted(beyond)) or "–"
    text = "taken as outside, because they only give or only receive: {names}; change with --outside"
    told = tr("outside: {names}", names=names) if outside is not None else tr(text, names=names)
    return make_card(tr("Indicators of a flow table"), rows, notes=(*subject.notes, told))


def _flow_rows(run: str, year: int | None, values: Collection[FlowValue]) -> Iterator[Row]:
    for one in values:
        yield Row(
            run, year, one.name, one.of, tr(one.name.replace("_", " ")), tr(GROUPS[one.theme]), value=one.value,
            unit=one.unit, result="not computable" if one.reason else "reported", reason=one.reason,
            source=SOURCES[one.theme],
        )  # fmt: skip


GROUPS = {"network": "ecological network", "symbiosis": "symbiosis", "economy": "economy-wide account"}
"""Theme of the indicators of flow tables → its name."""


def _not_in_flows() -> Iterator[Row]:
    """Yield the indicators that a flow table never allows, each with the reason."""
    run = tr("needs a run: recipes, stocks and payments are not in a flow table")
    statistics = tr("needs a scenario with statistics")
    for known in INDICATORS.values():
        if known.name != "eco_connectance":  # which flows between firms tell as well
            reason = statistics if known.name in MEASURES else run
            yield _refused(known.name, known.title, known.unit, reason, known.source)
    shares = tr("needs shares of feedstock and end of life; call mfa.material_circularity")
    degrees = tr("needs a degree of impact for each by-product; call mfa.symbiosis_indicator")
    yield _refused("material_circularity", tr("material circularity"), "1", shares, "Ellen MacArthur Foundation 2019")
    yield _refused(
        "industrial_symbiosis", tr("industrial symbiosis"), "1", degrees, "Felicio et al. 2016 (from memory)"
    )


def _refused(name: str, title: str, unit: str, reason: str, source: str) -> Row:
    refusal = tr("not computable")
    return Row(item=name, name=title, group=refusal, unit=unit, result="not computable", reason=reason, source=source)


def _plan_card(plan: Plan | None) -> Scorecard:
    note = tr("a plan holds what it promises; evaluate the run after it for everything else")
    return make_card(tr("What the plan promises"), _plan_rows(plan), notes=(note,))


def _plan_rows(plan: Plan | None) -> Iterator[Row]:
    """Yield what a plan promises: utilisation, links, waste with nowhere to go."""
    if plan is None or plan.status not in ("optimal", "feasible"):
        return
    new = sum(planned.link.status != "existing" for planned in plan.planned_links)
    promised = {HEADLINE: plan.utilisation, "links": float(len(plan.planned_links)), "new_links": float(new),
                "unplaced": plan.unplaced * DAYS_PER_YEAR}  # fmt: skip
    for name, value in promised.items():
        known = INDICATORS[name]
        yield Row(
            PLAN, None, name, "", known.title, tr("indicators of the run"), value=value, unit=known.unit,
            result="undefined" if value is None else "reported", formula=known.meaning, source=known.source,
        )  # fmt: skip
