"""Every key of a file of the library and what it may hold, beyond what scenario files have too."""

from __future__ import annotations

from mfa.files.fields import (
    DATE,
    EVIDENCE,
    FLAG,
    ID,
    LOOSE,
    MATERIAL,
    MATERIAL_FIELDS,
    NAME,
    PROSE,
    PROVENANCE,
    SHARE,
    TECHNOLOGY,
    TECHNOLOGY_FIELDS,
    TEXT,
    WHOLE,
    quantity,
)
from mfa.files.shapes import Listing, New, Quantity, Record, Table

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
        "ratio": quantity("replaced/amount"),
        "up_to": SHARE,
        "share": Record({"of": TEXT, "min": SHARE, "max": SHARE}),
        "needs": Listing(ID),
        "treatment": Listing(TECHNOLOGY),
        "technology": TECHNOLOGY,
        "limits": Listing(REQUIREMENT),
        "incentive": INCENTIVE,
        "co2_credit": quantity("tCO2e/amount"),
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
        "at_least": quantity(),
        "at_most": quantity(),
        "reference": quantity(),
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

FACTOR = Record({"name": PROSE, "value": quantity(), **PROVENANCE})

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
