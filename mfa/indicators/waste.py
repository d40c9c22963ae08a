"""The waste account of a run: generated, used, disposed of and stored, in origin tonnes (semantics §9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mfa.indicators.imports import Imports
from mfa.indicators.once import once
from mfa.indicators.sums import sum_by
from mfa.park.origin import origins
from mfa.park.park import Park
from mfa.park.values import SMALLEST_FLOW
from mfa.results.results import Results

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Account:
    """One origin material in one year, origin tonnes; `stock` and `end` are what stood at its start and end.

    `generated_afresh` is what lines generated that were fed no waste at all in the run.
    """

    generated: float = 0.0
    generated_afresh: float = 0.0
    used: float = 0.0
    disposed: float = 0.0
    stock: float = 0.0
    end: float = 0.0

    @property
    def from_old_stock(self) -> float:
        """What was used from stock of earlier years: used + disposed − generated, at most the stock at its start."""
        return min(max(0.0, self.used + self.disposed - self.generated), self.stock)


Accounts = dict[str, dict[str, Account]]
"""Origin material → year → account."""


def waste_accounts(results: Results, classes: Iterable[str]) -> Accounts:
    """Return the account of every origin material of some classes, year by year, imports left out.

    Args:
        results: tables of a run.
        classes: of the origin materials: `COUNTED_CLASSES`, or hazardous waste.
    """
    return _accounts_of(results, frozenset(classes))


@once
def _accounts_of(results: Results, classes: frozenset[str]) -> Accounts:
    carried = origins_of(results.scenario.park, classes)
    accounts: Accounts = defaultdict(lambda: defaultdict(Account))
    for entry in entries(results, carried):
        for origin, tonnes in carried[entry.material].items():
            account = accounts[origin][entry.year]
            setattr(account, entry.field, getattr(account, entry.field) + entry.amount * tonnes)
    return {origin: dict(sorted(years.items())) for origin, years in sorted(accounts.items())}


Carried = dict[str, dict[str, float]]
"""Material → origin material → origin tonnes in one dry tonne."""


def origins_of(park: Park, classes: Iterable[str]) -> Carried:
    """Return what every material carries of the origin materials of some classes."""
    chosen = {m for m, material in park.materials.items() if material.class_ in classes}
    return {m: {o: t for o, t in of.items() if o in chosen} for m, of in origins(park).items()}


class Entry(NamedTuple):
    """An amount that counts towards one field of `Account`, dry t, imports left out; `line` is empty at a user."""

    year: str
    field: str
    node: str
    line: str
    material: str
    amount: float


def entries(results: Results, carried: Carried) -> Iterator[Entry]:
    """Yield all that is generated, used, disposed of and in stock of the materials that carry something."""
    bearing, imports = {material for material, of in carried.items() if of}, Imports(results)
    yield from _converted(results, imports, bearing)
    flows = results.flows[(results.flows["kind"] == "disposal") & results.flows["material"].isin(bearing)]
    for (year, source, material), amount in _by_year(flows, ["source", "material"], "dry_amount").items():
        yield Entry(year, "disposed", source, "", material, amount * (1.0 - imports.of_made(source, material)))
    yield from _stored(results, imports, bearing)


def _converted(results: Results, imports: Imports, bearing: set[str]) -> Iterator[Entry]:
    """Yield what production lines generate and use, and what users accept; a treatment does neither."""
    park = results.scenario.park
    table = results.conversion[results.conversion["material"].isin(bearing)]
    fed = {
        line for line, used in sum_by(table, ["firm", "line"], "used").items() if used > SMALLEST_FLOW * results.days
    }
    users = {node.id for node in park.boundaries("user")}
    production = {(firm.id, line.id) for firm in park.firms.values() for line in firm.lines.values()
                  if park.technologies[line.runs].kind == "production"}  # fmt: skip
    for (year, node, line, material), used in _by_year(table, ["firm", "line", "material"], "used").items():
        if (node, line) in production or node in users:
            yield Entry(year, "used", node, line, material, used * (1.0 - imports.of_used(node, material)))
    for (year, node, line, material), made in _by_year(table, ["firm", "line", "material"], "made").items():
        if (node, line) in production:
            yield Entry(year, "generated", node, line, material, made)
            if (node, line) not in fed:
                yield Entry(year, "generated_afresh", node, line, material, made)


def _stored(results: Results, imports: Imports, bearing: set[str]) -> Iterator[Entry]:
    """Yield the stock at the first moment of each year, in firms and in transit, and at the last of it."""
    years = _years(results)
    moments = {"stock": {first: year for year, first, _ in years}, "end": {last: year for year, _, last in years}}
    stocks = results.stocks[results.stocks["material"].isin(bearing)]
    links = {link.id: link for link in results.scenario.park.links}
    columns = ["time", "node", "material", "dry_amount"]
    for time, node, material, amount in stocks[columns].itertuples(index=False):
        for field, years_by_time in moments.items():
            if time in years_by_time:
                link = links.get(node)
                share = imports.of_link(link.from_, material) if link else imports.of_used(node, material)
                yield Entry(years_by_time[time], field, node, "", material, amount * (1.0 - share))


def _years(results: Results) -> list[tuple[str, str, str]]:
    """Return (year, its first moment, its last moment) of every recorded year."""
    times = sorted({*results.stocks["time"], *results.conversion["time"], *results.flows["time"]})
    first: dict[str, str] = {}
    for time in times[:-1]:
        first.setdefault(time[:4], time)
    return list(zip(first, first.values(), [*list(first.values())[1:], *times[-1:]], strict=True)) if first else []


def _by_year(table: pd.DataFrame, keys: list[str], amount: str) -> dict[tuple[str, ...], float]:
    """Return (year, *keys) → sum of `amount`."""
    return sum_by(table.assign(year=table["time"].str[:4]), ["year", *keys], amount)
