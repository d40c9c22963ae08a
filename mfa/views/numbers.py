"""Stated numbers in words (`release of Fly ash by CHP plant`), and how much of a result rests on which of them."""

from __future__ import annotations

from collections.abc import Iterable

from mfa.evidence import Resting
from mfa.indicators.utilisation import HEADLINE
from mfa.language import tr
from mfa.park.statements import MEANINGS, Statement
from mfa.views.measures import title, written
from mfa.views.wording import Names, readable, share

FIELDS = {
    "materials": {
        "composition": "content of {part} in {entry}",
        "properties": "{part} of {entry}",
        "price": "price of {entry}",
        "moisture": "moisture of {entry}",
        "codes": "codes of {entry}",
        "temperature_c": "temperature of {entry}",
    },
    "technologies": {
        "releases": "release of {part} by {entry}",
        "uses": "need of {part} in {entry}",
        "takes": "{part} that {entry} takes from nature",
        "emits_per": "emission per tonne of {part} in {entry}",
        "opex": "operating cost of {entry}",
        "capex": "capital cost of {entry}",
        "set_up": "set-up cost of {entry}",
        "build_time": "time to build {entry}",
    },
}
"""Kind of entry → field → its numbers in words, one of them named by `part` where the field has several."""
OF = {"feed": "the feed", "product": "the product", "material": "the material"}
"""What a limit bounds."""


def number_words(stated: Statement, names: Names) -> str:
    """Return what a number is, in words; of a whole entry its name."""
    language = names.language
    match stated.kind:
        case "substitutions":
            technology, material, replaced = stated.of
            text = "ratio and share of {material} for {replaced} in {technology}"
            return tr(text, language, material=names.material(material), replaced=names.material(replaced),
                      technology=names.technology(technology))  # fmt: skip
        case "limits":
            technology, substances, of = stated.of
            return tr("limit of {substances} in {what}, {technology}", language, substances=substances,
                      what=tr(OF[of], language), technology=names.technology(technology))  # fmt: skip
        case "existing links":
            return stated.of[0]
    field, _, part = stated.field.partition(".")
    entry = names.material(stated.of[0]) if stated.kind == "materials" else names.technology(stated.of[0])
    if not field:
        return entry
    if field not in FIELDS[stated.kind]:
        return f"{entry}: {readable(stated.field)}"
    return tr(FIELDS[stated.kind][field], language, entry=entry, part=_part(field, part, names))


def _part(field: str, part: str, names: Names) -> str:
    """Return which value of a field is meant; substances are written as they are, all of them where none is named."""
    if not part:
        return tr("all that is listed", names.language)
    return part if field in ("composition", "properties") else names.material(part)


def foremost(found: Iterable[Resting]) -> Resting | None:
    """Return the result that leads: the utilisation, else the first there is."""
    results = list(found)
    return next((one for one in results if one.result == HEADLINE), next(iter(results), None))


def in_short(resting: Resting, names: Names) -> str:
    """Return in one line how much of a result rests on unverified numbers, and on which of them most."""
    language, result = names.language, title(resting.result, names.language)
    if resting.weights:
        first = resting.weights[0]
        text = "{result}: {share} rests on unverified numbers, most of it on {number} ({amount}; {confidence})."
        line = tr(text, language, result=result, share=share(resting.share(resting.unverified), language),
                  number=number_words(first.number, names), amount=written(first.amount, resting.unit, language),
                  confidence=tr(MEANINGS[first.number.confidence], language))  # fmt: skip
    else:
        text = "{result}: rests on no unverified number; {share} rests on the scenario's own values alone."
        line = tr(text, language, result=result, share=share(resting.share(resting.own), language))
    if not any(scenario.park.illustrative for scenario in names.scenarios):
        return line
    return line + ("" if language == "zh" else " ") + tr("The scenario's own values are illustrative.", language)


def heaviest(resting: Resting, names: Names, most: int) -> list[str]:
    """Return the unverified numbers on which most of a result rests, each with amount, confidence and source."""
    language = names.language
    lines = [
        tr("{number}: {amount}, {confidence}; source: {source}", language, number=number_words(weight.number, names),
           amount=written(weight.amount, resting.unit, language),
           confidence=tr(MEANINGS[weight.number.confidence], language), source=weight.number.source)
        for weight in resting.weights[:most]
    ]  # fmt: skip
    more = len(resting.weights) - most
    text = "{number} more are in {file}."
    return [*lines, tr(text, language, number=more, file="tables/evidence_numbers.csv")] if more > 0 else lines
