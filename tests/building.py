"""Short functions that make the values of a park, so that a test reads like the park it is about.

A material that no test names is made up: the product of a technology is a `product`, what a technology releases a
`solid_waste`, everything else `raw`. Amounts are in base units: t or GJ a day, km, CNY.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from mfa.park.firm import Boundary, Firm, Line
from mfa.park.in_use import ProductInUse, ProductLifetime
from mfa.park.link import Link
from mfa.park.material import Material
from mfa.park.park import Park
from mfa.park.scenario import Optimize, Outputs, Scenario, SubjectTo, Time
from mfa.park.technology import Acceptance, Limit, Technology

START = date(2017, 1, 1)


def material(key: str, class_: str, **fields: Any) -> Material:
    return Material(id=key, class_=class_, **fields)


def steam(key: str = "steam", **fields: Any) -> Material:
    return Material(id=key, class_="energy", unit="GJ", storable=False, **fields)


def technology(key: str, product: str, uses: dict[str, float] | None = None, **fields: Any) -> Technology:
    return Technology(id=key, product=product, uses=uses or {}, **fields)


def treatment(key: str, product: str, uses: dict[str, float], **fields: Any) -> Technology:
    return technology(key, product, uses, kind="treatment", **fields)


def accept(substitute: str, replaces: str, ratio: float = 1.0, up_to: float = 1.0, priority: int = 1) -> Acceptance:
    return Acceptance(material=substitute, replaces=replaces, ratio=ratio, up_to=up_to, priority=priority)


def limit(substance: str, of: str = "product", **bounds: float) -> Limit:
    return Limit(substance=substance, of=of, **bounds)


def line(key: str, runs: str, capacity: float, **fields: Any) -> Line:
    return Line(id=key, runs=runs, capacity=capacity, **fields)


def firm(key: str, runs: str | None = None, capacity: float = 0.0, lines: Iterable[Line] = (), **fields: Any) -> Firm:
    """Return a firm with the given lines, and one that is named like the technology it runs."""
    mine = [*lines, *([line(runs, runs, capacity)] if runs else [])]
    return Firm(id=key, lines={one.id: one for one in mine}, **fields)


def market(key: str = "market", **fields: Any) -> Boundary:
    return Boundary(id=key, kind="market", **fields)


def landfill(
    key: str = "landfill", accepts: tuple[str, ...] = ("solid_waste", "bulk_solid_waste"), **fields: Any
) -> Boundary:
    return Boundary(id=key, kind="disposal", accepts=accepts, **fields)


def user(key: str, uses: dict[str, float], **fields: Any) -> Boundary:
    return Boundary(id=key, kind="user", uses=uses, **fields)


def town(key: str, uses: dict[str, float], **fields: Any) -> Boundary:
    return Boundary(id=key, kind="town", uses=uses, **fields)


def source(key: str, *sells: str, **fields: Any) -> Boundary:
    return Boundary(id=key, kind="source", sells=sells, **fields)


def link(source: str, target: str, what: str, **fields: Any) -> Link:
    return Link(id=fields.pop("id", f"{source}-{target}-{what}"), from_=source, to=target, material=what, **fields)


def product(
    key: str, life: float, content: dict[str, float], collected_at: str = "depot", **fields: Any
) -> ProductInUse:
    """Return a product in use that lasts `life` years."""
    lifetime = ProductLifetime(kind="fixed", mean={1: life})
    return ProductInUse(id=key, lifetime=lifetime, content=content, collected_at=collected_at, **fields)


def park(*values: Material | Technology | Firm | Boundary | Link | ProductInUse, **fields: Any) -> Park:
    """Return the park of these values, with the materials that they name and nobody describes."""
    by_type: dict[type, dict[str, Any]] = {t: {} for t in (Material, Technology, Firm, Boundary, Link, ProductInUse)}
    for value in values:
        by_type[type(value)][value.id] = value
    materials = _made_up(by_type[Technology].values()) | by_type[Material]
    named = {m for b in by_type[Boundary].values() for m in (*b.uses, *(b.sells if b.kind == "source" else ()))}
    named |= {k.material for k in by_type[Link].values()}
    materials |= {m: material(m, "raw") for m in sorted(named - materials.keys())}
    return Park(
        coordinates="km", materials=materials, technologies=by_type[Technology], firms=by_type[Firm],
        boundary=by_type[Boundary], links=tuple(by_type[Link].values()), in_use=by_type[ProductInUse],
        **fields,
    )  # fmt: skip


def _made_up(technologies: Iterable[Technology]) -> dict[str, Material]:
    raw, waste, product = {}, {}, {}
    for one in technologies:
        raw |= {m: material(m, "raw") for m in (*one.uses, *(a.material for a in one.accepts))}
        waste |= {m: material(m, "solid_waste") for m in one.releases}
        product[one.product] = material(one.product, "product")
    return raw | waste | product


def scenario(what: Park, days: int = 10, step: float = 1.0, record: str = "step", **fields: Any) -> Scenario:
    """Return a scenario of `days` days from 2017-01-01; `objectives`, `subject_to` make its optimisation."""
    wanted = {k: fields.pop(k) for k in ("objectives", "plan_year") if k in fields}
    wanted["subject_to"] = SubjectTo(**fields.pop("subject_to", {}))
    start = fields.pop("start", START)
    time = Time(start=start, end=start + timedelta(days=days - 1), step=step, warm_up=fields.pop("warm_up", None))
    return Scenario(park=what, time=time, outputs=Outputs(record=record), optimize=Optimize(**wanted), **fields)


def rows(table: pd.DataFrame, **where: str) -> pd.DataFrame:
    """Return the rows of a table where columns have these values."""
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def amount(table: pd.DataFrame, column: str = "dry_amount", **where: str) -> float:
    """Return the sum of a column over the rows where columns have these values."""
    return float(rows(table, **where)[column].sum())
