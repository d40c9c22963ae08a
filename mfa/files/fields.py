"""Every key of a scenario file and what it may hold: the one table that reading, writing and `change` go by."""

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


def _q(*units: str) -> Quantity:
    return Quantity(units)


TEXT, WHOLE, FLAG, DATE, LOOSE, PLACE = Text(), Whole(), Flag(), Date(), Loose(), Place()
NAME = Either(Record({"en": Text(name=True), "zh": Text(name=True)}), Text(name=True))
PROSE = Either(Record({"en": TEXT, "zh": TEXT}), TEXT)
ID = Text(name=True)
SHARE = Quantity(("1",), percent=True)
NUMBER, DAYS, MONEY = _q("1"), _q("day"), _q("CNY")
MATERIAL = Reference(("material",))
TECHNOLOGY = Reference(("technology",))
FIRM_ID = Reference(("firm",))
NODE = Reference(("firm", "boundary", "environment"))
MATERIALS_OR_CLASSES = Listing(Reference(("material", "class")))

AMOUNT = Quantity(("amount",), basis="amount")
AMOUNT_PER_DAY = Quantity(("amount/day",), basis="amount")
ANY_AMOUNT_PER_DAY = _q("t/day", "GJ/day")
PER_MAIN = Quantity(("amount/main",), basis="amount")
CAPACITY = _q("main/day")

PROVENANCE: dict[str, Shape] = {"source": TEXT, "year": WHOLE, "confidence": TEXT}
EVIDENCE: dict[str, Shape] = {**PROVENANCE, "evidence": Table(TEXT, Record(PROVENANCE))}
RANGES = Table(TEXT, Listing(_q()))

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
    "temperature_c": _q("°C"),
    "price": _q("CNY/amount"),
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
        "ratio": _q("replaced/amount"),
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
    "takes": Table(Reference(("material",), optional=True), _q("t/main")),
    "emits_per": Table(MATERIAL, Table(TEXT, _q("t/amount", "tCO2e/amount"))),
    "limits": Listing(LIMIT),
    "capex": _q("CNY/(main/day)"),
    "set_up": MONEY,
    "capacity": CAPACITY,
    "opex": _q("CNY/main"),
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
    "room": _q("t"),
    "gate_fee": _q("CNY/t"),
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
        "transport": Record({"per_t": _q(f"CNY/{word}"), "per_t_km": _q(f"CNY/{word}/km")}),
        "price": _q(f"CNY/{word}"),
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
        "distance": _q("km"),
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
        **dict.fromkeys(("mean", "std", "scale"), ByYear(_q("yr"))),
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
        "rate": ByYear(_q("CNY/t", "CNY/GJ", "CNY/tCO2e")),
        "budget": _q("CNY/day"),
        "amount": ByYear(_q("t/day", "GJ/day", "tCO2e/day")),
        **dict.fromkeys(("utilisation", "collection", "recycling", "remanufacturing"), ByYear(SHARE)),
        "fee": ByYear(MONEY),
        "penalty": ByYear(_q("CNY/t")),
        "tiers": Table(TEXT, _q("CNY/t", "CNY/GJ", "CNY/tCO2e")),
        "price": _q("CNY/t", "CNY/GJ", "CNY/tCO2e"),
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
        "within": _q("km"),
        "defaults": Record(
            {**_link_fields(ANY_AMOUNT_PER_DAY, _q("t"), "t"), "detour_factor": NUMBER},
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
            {"budget": MONEY, "links_per_firm": WHOLE, "links": WHOLE, "payback": DAYS, "within": _q("km")},
        ),
        "plan_year": WHOLE,
        "solver": Record({"name": TEXT, "time_limit": _q("s"), "gap": NUMBER}),
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
    value = Quantity(UNITS_OF_STATISTICS.get(unit, (unit,)), percent=unit == "share")
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

REQUIREMENT = Record(
    {
        "substance": TEXT,
        "property": TEXT,
        "max": Quantity(()),
        "min": Quantity(()),
        "of": TEXT,
        "standard": TEXT,
        "clause": TEXT,
        "source": TEXT,
        "confidence": TEXT,
    }
)

INCENTIVE = Record(
    {"kind": TEXT, "refund": SHARE, "share": SHARE, "of": TEXT, "item": TEXT, "source": TEXT, "confidence": TEXT}
)

ROUTE = Record(
    {
        "waste": MATERIAL,
        "use": NAME,
        "receiver": ID,
        "replaces": MATERIAL,
        "product": MATERIAL,
        "ratio": _q("replaced/amount"),
        "up_to": SHARE,
        "share": Record({"of": TEXT, "min": SHARE, "max": SHARE}),
        "needs": Listing(ID),
        "treatment": Listing(TECHNOLOGY),
        "technology": TECHNOLOGY,
        "limits": Listing(REQUIREMENT),
        "incentive": INCENTIVE,
        "co2_credit": _q("tCO2e/amount"),
        "from": DATE,
        "until": DATE,
        **EVIDENCE,
    },
    amount=("waste",),
    replaced="replaces",
)

SECTOR = Record(
    {"name": NAME, "isic": TEXT, "gbt4754": TEXT, "technologies": Listing(TECHNOLOGY), "source": TEXT,
     "confidence": TEXT}
)  # fmt: skip

THRESHOLD = Record(
    {
        "at_least": _q(),
        "at_most": _q(),
        "reference": _q(),
        "smaller_is_better": FLAG,
        "text": PROSE,
        "source": TEXT,
        "confidence": TEXT,
    }
)

SCHEME = Record(
    {
        "name": PROSE,
        "standard": TEXT,
        "groups": Table(TEXT, PROSE),
        "choices": Table(New("choice"), Record({"least": WHOLE, "source": TEXT, "confidence": TEXT})),
        "items": Table(
            New("item"),
            Record(
                {
                    "name": PROSE,
                    "group": TEXT,
                    "unit": TEXT,
                    "indicator": TEXT,
                    "statistic": TEXT,
                    "threshold": THRESHOLD,
                    "mandatory": FLAG,
                    "choose": TEXT,
                    "formula": PROSE,
                    "note": PROSE,
                    "source": TEXT,
                    "confidence": TEXT,
                }
            ),
        ),
        "index": Record({"name": PROSE, "formula": TEXT, "source": TEXT, "confidence": TEXT}),
        "note": PROSE,
        **PROVENANCE,
    }
)

FACTOR = Record({"name": PROSE, "value": _q(), **PROVENANCE})

MAKER = Record({"runs": TECHNOLOGY, "with": Listing(TECHNOLOGY), "sectors": Listing(ID)})

LIBRARY = Record(
    {
        "materials": Table(New("material"), Record(MATERIAL_FIELDS)),
        "technologies": Table(New("technology"), Record(TECHNOLOGY_FIELDS, main="product")),
        "routes": Table(New("route"), ROUTE),
        "sectors": Table(New("sector"), SECTOR),
        "needs": Table(New("need"), Record({"name": NAME})),
        "aliases": Table(MATERIAL, Listing(TEXT)),
        "codes": LOOSE,
        "factors": Table(New("factor"), FACTOR),
        "schemes": Table(New("scheme"), SCHEME),
        "makers": Table(MATERIAL, MAKER),
        "park_tables": LOOSE,
    }
)
"""A file of the library."""
