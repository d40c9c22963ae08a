"""Every key of a scenario file and what it may hold: the one table that reading, writing and `change` go by.

What only files of the library hold stands in `mfa.files.library_fields`.
"""

from __future__ import annotations

from typing import get_args

from mfa.files.shapes import (
    ByYear,
    Date,
    Deviation,
    Either,
    Flag,
    Listing,
    Loose,
    New,
    Place,
    Quantity,
    Record,
    Reference,
    Shape,
    Spread,
    Table,
    Text,
    Whole,
    Year,
)
from mfa.park.material import MaterialClass
from mfa.park.statistics import STATISTICS, Unit

CLASSES: frozenset[str] = frozenset(get_args(MaterialClass))


def quantity(*units: str) -> Quantity:
    """Return the form of a quantity in one of some units."""
    return Quantity(units)


TEXT, WHOLE, FLAG, DATE, LOOSE, PLACE = Text(), Whole(), Flag(), Date(), Loose(), Place()
NAME = Either(Record({"en": Text(name=True), "zh": Text(name=True)}), Text(name=True))
PROSE = Either(Record({"en": TEXT, "zh": TEXT}), TEXT)
ID = Text(name=True)
SHARE = Quantity(("1",), percent=True)
NUMBER, DAYS, MONEY = quantity("1"), quantity("day"), quantity("CNY")
MATERIAL = Reference(("material",))
TECHNOLOGY = Reference(("technology",))
FIRM_ID = Reference(("firm",))
NODE = Reference(("firm", "boundary", "environment"))
MATERIALS_OR_CLASSES = Listing(Reference(("material", "class")))

AMOUNT = Quantity(("amount",), basis="amount")
AMOUNT_PER_DAY = Quantity(("amount/day",), basis="amount")
ANY_AMOUNT_PER_DAY = quantity("t/day", "GJ/day")
PER_MAIN = Quantity(("amount/main",), basis="amount")
CAPACITY = quantity("main/day")

PROVENANCE: dict[str, Shape] = {"source": TEXT, "year": WHOLE, "confidence": TEXT}
EVIDENCE: dict[str, Shape] = {**PROVENANCE, "evidence": Table(TEXT, Record(PROVENANCE))}
RANGES = Table(TEXT, Listing(quantity()))

MEASURED: dict[str, Shape] = {
    "moisture": SHARE,
    "composition": Table(TEXT, Quantity(("1",), basis="content", percent=True)),
    "properties": Table(TEXT, Quantity(())),
}
"""What is measured of a material, and what a sample of it may say."""

MATERIAL_FIELDS: dict[str, Shape] = {
    "name": NAME,
    "class": TEXT,
    "unit": TEXT,
    "storable": FLAG,
    **MEASURED,
    "temperature_c": quantity("°C"),
    "price": quantity("CNY/amount"),
    "codes": Table(TEXT, TEXT),
    "ranges": RANGES,
    "samples": Table(TEXT, Record({**MEASURED, **PROVENANCE})),
    "sample": TEXT,
    **EVIDENCE,
}

ACCEPTANCE = Record(
    {
        "material": MATERIAL,
        "replaces": MATERIAL,
        "ratio": quantity("replaced/amount"),
        "up_to": SHARE,
        "priority": WHOLE,
        "source": TEXT,
        "confidence": TEXT,
    },
    amount=("material",),
    replaced="replaces",
)

LIMIT = Record(
    {
        "substance": TEXT,
        "sum": Table(TEXT, NUMBER),
        "max": Quantity(()),
        "min": Quantity(()),
        "of": TEXT,
        "material": MATERIAL,
        "source": TEXT,
        "confidence": TEXT,
    }
)

TECHNOLOGY_FIELDS: dict[str, Shape] = {
    "name": NAME,
    "kind": TEXT,
    "product": MATERIAL,
    "uses": Table(MATERIAL, PER_MAIN),
    "releases": Table(MATERIAL, PER_MAIN),
    "accepts": Listing(ACCEPTANCE),
    "takes": Table(Reference(("material",), optional=True), quantity("t/main")),
    "emits_per": Table(MATERIAL, Table(TEXT, quantity("t/amount", "tCO2e/amount"))),
    "limits": Listing(LIMIT),
    "capex": quantity("CNY/(main/day)"),
    "set_up": MONEY,
    "capacity": CAPACITY,
    "opex": quantity("CNY/main"),
    "build_time": DAYS,
    "at": TEXT,
    "ranges": RANGES,
    **EVIDENCE,
}

USE = Record(
    {"material": MATERIAL, "replaces": MATERIAL, "amount": Quantity(("amount/day",), basis="amount", tiny=True)},
    amount=("material",),
)

LINE_FIELDS: dict[str, Shape] = {
    "runs": TECHNOLOGY,
    "capacity": Quantity(("main/day",), tiny=True),
    "utilisation": SHARE,
    "behaviour": ID,
    "planned": Quantity(("main/day",), tiny=True),
    "mix": Listing(USE),
    "ready": DAYS,
    "status": TEXT,
}

MAINTENANCE = Record({"line": ID, "every": DAYS, "lasts": DAYS, "first": DAYS, "availability": SHARE})

FIRM_FIELDS: dict[str, Shape] = {
    "name": NAME,
    "sector": TEXT,
    "park": ID,
    "at": PLACE,
    **LINE_FIELDS,
    "lines": Table(New("line"), Record(LINE_FIELDS, runs="runs")),
    "storage": Table(MATERIAL, AMOUNT),
    "initial_stock": Table(MATERIAL, AMOUNT),
    "maintenance": Listing(MAINTENANCE),
    "blocks": Listing(MATERIAL),
}

BOUNDARY_FIELDS: dict[str, Shape] = {
    "name": NAME,
    "kind": TEXT,
    "park": ID,
    "at": PLACE,
    "sells": MATERIALS_OR_CLASSES,
    "buys": MATERIALS_OR_CLASSES,
    "accepts": MATERIALS_OR_CLASSES,
    "uses": Table(MATERIAL, AMOUNT_PER_DAY),
    "supplies": Table(MATERIAL, AMOUNT_PER_DAY),
    "room": quantity("t"),
    "gate_fee": quantity("CNY/t"),
    "compliant": FLAG,
}


def _link_fields(per_day: Quantity, amount: Quantity, word: str) -> dict[str, Shape]:
    """The keys that a link shares with the defaults of new links."""
    return {
        "at_most": per_day,
        "at_least": per_day,
        "lot": amount,
        "lead_time": DAYS,
        "mode": TEXT,
        "transport": Record({"per_t": quantity(f"CNY/{word}"), "per_t_km": quantity(f"CNY/{word}/km")}),
        "price": quantity(f"CNY/{word}"),
        "set_up": MONEY,
        "loss": SHARE,
    }


LINK = Record(
    {
        "id": ID,
        "from": NODE,
        "to": NODE,
        "material": MATERIAL,
        **_link_fields(AMOUNT_PER_DAY, AMOUNT, "amount"),
        "distance": quantity("km"),
        "status": TEXT,
        "planned": Quantity(("amount/day",), tiny=True),
        "priority": WHOLE,
        "source": TEXT,
        "confidence": TEXT,
    },
    amount=("material",),
)

LIFETIME = Record(
    {
        "kind": TEXT,
        **dict.fromkeys(("mean", "std", "scale"), ByYear(quantity("yr"))),
        "shape": ByYear(NUMBER),
        "survival": Listing(SHARE),
    }
)

IN_USE_FIELDS: dict[str, Shape] = {
    "name": NAME,
    "unit": NAME,
    **dict.fromkeys(("inflow", "stock", "initial"), Table(Year(), NUMBER)),
    "growth": SHARE,
    "lifetime": LIFETIME,
    "second_life": LIFETIME,
    "entry": TEXT,
    "content": Table(MATERIAL, AMOUNT),
    "collected_at": Reference(("boundary",)),
    **dict.fromkeys(("collection", "reuse", "remanufacture", "yield"), ByYear(SHARE)),
    "cores": MATERIAL,
}

PARK = Record(
    {
        "name": NAME,
        "coordinates": TEXT,
        "materials": Table(New("material"), Record(MATERIAL_FIELDS)),
        "technologies": Table(New("technology"), Record(TECHNOLOGY_FIELDS, main="product")),
        "firms": Table(New("firm"), Record(FIRM_FIELDS)),
        "boundary": Table(New("boundary"), Record(BOUNDARY_FIELDS)),
        "links": Listing(LINK),
        "in_use": Table(New("product"), Record(IN_USE_FIELDS)),
        "detour_factor": NUMBER,
        "source": TEXT,
        "illustrative": FLAG,
    }
)

POLICY = Record(
    {
        "kind": TEXT,
        "name": ID,
        "on": Listing(Reference(("material", "class", "firm", "product"))),
        "when": TEXT,
        "rate": ByYear(quantity("CNY/t", "CNY/GJ", "CNY/tCO2e")),
        "budget": quantity("CNY/day"),
        "amount": ByYear(quantity("t/day", "GJ/day", "tCO2e/day")),
        **dict.fromkeys(("utilisation", "collection", "recycling", "remanufacturing"), ByYear(SHARE)),
        "fee": ByYear(MONEY),
        "penalty": ByYear(quantity("CNY/t")),
        "tiers": Table(TEXT, quantity("CNY/t", "CNY/GJ", "CNY/tCO2e")),
        "price": quantity("CNY/t", "CNY/GJ", "CNY/tCO2e"),
        "hard": FLAG,
        "payer": TEXT,
        "payee": TEXT,
        "from": DATE,
        "until": DATE,
    }
)

DISRUPTION = Record(
    {
        "name": ID,
        "firm": FIRM_ID,
        "line": ID,
        "from": DATE,
        "until": DATE,
        "lasts": Either(Table(TEXT, DAYS), DAYS),
        "every": TEXT,
        "availability": SHARE,
        "mean_time_between": DAYS,
    }
)

CANDIDATES = Record(
    {
        "generate": FLAG,
        "within": quantity("km"),
        "defaults": Record(
            {**_link_fields(ANY_AMOUNT_PER_DAY, quantity("t"), "t"), "detour_factor": NUMBER},
        ),
        "treatments": Listing(TECHNOLOGY),
        "routes": FLAG,
    }
)

OPTIMIZE = Record(
    {
        "objectives": Listing(TEXT),
        "frontier": LOOSE,
        "subject_to": Record(
            {"budget": MONEY, "links_per_firm": WHOLE, "links": WHOLE, "payback": DAYS, "within": quantity("km")},
        ),
        "plan_year": WHOLE,
        "solver": Record({"name": TEXT, "time_limit": quantity("s"), "gap": NUMBER}),
    }
)

DISTRIBUTIONS = Table(TEXT, Spread())

SWEEP = Record(
    {"method": TEXT, "vary": DISTRIBUTIONS, "samples": WHOLE, "replications": WHOLE, "plan": TEXT},
)

UNITS_OF_STATISTICS: dict[Unit, tuple[str, ...]] = {
    "m3": ("m3", "t"),
    "count": ("1",),
    "share": ("1",),
    "person": ("1",),
}
"""Units in which a file may give a statistic, where they are not its own."""


def _statistic(unit: Unit) -> Shape:
    if unit == "yes or no":
        return FLAG
    units, counted = UNITS_OF_STATISTICS.get(unit, (unit,)), unit in ("count", "person")
    value = Quantity(units, percent=unit == "share", counted=counted)
    return Either(Table(Year(), value), value)


MEASUREMENT = Record(
    {
        "name": ID,
        "from": NODE,
        "to": NODE,
        "material": MATERIAL,
        "amount": Quantity(("amount/yr",), basis="amount"),
        "firm": FIRM_ID,
        "line": ID,
        "made": MATERIAL,
        "used": MATERIAL,
        "released": MATERIAL,
        "node": NODE,
        "stock": AMOUNT,
        "at": TEXT,
        "std": Deviation(("amount/yr", "amount")),
    },
    amount=("material", "made", "used", "released"),
)

MEASUREMENTS = Record({"year": WHOLE, "std": SHARE, "recipes": SHARE, "rows": Listing(MEASUREMENT)})

SCENARIO = Record(
    {
        "mfa": WHOLE,
        "name": NAME,
        "description": PROSE,
        "time": Record({"start": DATE, "end": DATE, "step": DAYS, "warm_up": DAYS}),
        "seed": WHOLE,
        "currency": TEXT,
        "finance": Record({"rate": SHARE, "life": DAYS}),
        "park": PARK,
        "candidates": CANDIDATES,
        "policies": Listing(POLICY),
        "disruptions": Listing(DISRUPTION),
        "optimize": OPTIMIZE,
        "allocation": TEXT,
        "unknown": TEXT,
        "uncertainty": Record({"library": FLAG, "values": DISTRIBUTIONS}),
        "sweep": SWEEP,
        "measurements": MEASUREMENTS,
        "statistics": Record({key: _statistic(one.unit) for key, one in STATISTICS.items()}),
        "outputs": Record({"record": TEXT, "formats": Listing(TEXT), "figures": Listing(TEXT)}),
    }
)
"""A whole scenario file, `extends` and `change` aside."""
