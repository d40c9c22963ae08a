"""Materials of the library: compositions, samples, ranges, codes and names that can be true."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.files.holdings import Holdings
from mfa.files.library_checks.remark import Remark
from mfa.files.nearest import did_you_mean
from mfa.files.search import plain
from mfa.files.tree import Node
from mfa.language import tr
from mfa.park.material import Material, Sample
from mfa.park.stated import number

LOSS = "LOI"
"""The property that holds the loss on ignition, a part of the dry mass beside the oxides."""
CLOSURE = 0.02
"""Analyses of oxides and loss on ignition close to so much."""
IN_THE_LOSS = frozenset({"C", "S", "Cl"})
"""What may leave with the loss on ignition."""


def composition_exceeds_one(holdings: Holdings) -> Iterator[Remark]:
    """A composition that adds up to more than the whole; S within SO3 counts once."""
    for key, material in sorted(holdings.materials.items()):
        for at, analysis in _analyses(key, material):
            parts = {name: share for name, share in analysis.composition.items()
                     if not (name == "S" and "SO3" in analysis.composition)}  # fmt: skip
            total = sum(parts.values())
            if total > 1 + 1e-9:
                text = tr("adds up to {total:.2%} of the dry mass", total=total)
                yield Remark("composition", (*at, "composition"), text)
            loss = analysis.properties.get(LOSS, 0.0)
            oxides = sum(share for name, share in parts.items() if name not in IN_THE_LOSS)
            if loss + oxides > 1 + CLOSURE:
                text = tr("oxides and loss on ignition add up to {total:.2%} of the dry mass", total=loss + oxides)
                yield Remark("composition", (*at, "properties", LOSS), text)


def _analyses(key: str, material: Material) -> Iterator[tuple[tuple[str, ...], Material | Sample]]:
    yield ("materials", key), material
    for name, sample in sorted(material.samples.items()):
        yield ("materials", key, "samples", name), sample


def outside_range(holdings: Holdings) -> Iterator[Remark]:
    """A range of a number that is not there, or a number outside the range that its own source gives."""
    for shelf in ("materials", "technologies"):
        for key, entry in sorted(getattr(holdings, shelf).items()):
            for path, (low, high) in sorted(entry.ranges.items()):
                value = number(entry, path)
                if value is None:
                    text = tr("'{path}' is no number of this entry; correct the name or remove the line", path=path)
                    yield Remark("contradiction", (shelf, key, "ranges", path), text)
                elif not _is_within(value, low, high):
                    text = tr("{value:g} is outside its range of {low:g} to {high:g}", value=value, low=low, high=high)
                    yield Remark("contradiction", (shelf, key, "ranges", path), text)


def samples_outside_range(holdings: Holdings) -> Iterator[Remark]:
    """A sample that says nothing, or a number of it outside the range that the material states."""
    for key, material in sorted(holdings.materials.items()):
        for name, sample in sorted(material.samples.items()):
            at = ("materials", key, "samples", name)
            if sample.moisture is None and not sample.composition and not sample.properties:
                yield Remark("source", at, tr("the sample says nothing; give its moisture or composition"))
            for path, (low, high) in sorted(material.ranges.items()):
                value = number(sample, path)
                if value is not None and not _is_within(value, low, high):
                    text = tr("{path} is {value:g}, outside the material's range of {low:g} to {high:g}",
                              path=path, value=value, low=low, high=high)  # fmt: skip
                    yield Remark("contradiction", at, text, "warning")


def _is_within(value: float, low: float, high: float) -> bool:
    slack = 1e-9 * max(abs(low), abs(high))
    return low - slack <= value <= high + slack


def unknown_codes(holdings: Holdings) -> Iterator[Remark]:
    """A code that its catalogue does not have, or one that contradicts the class."""
    known = {name: {entry.text for entry in _values(node)} for name, node in _codes(holdings).items()}
    for key, material in sorted(holdings.materials.items()):
        for catalogue, code in sorted(material.codes.items()):
            at = ("materials", key, "codes", catalogue)
            if catalogue not in known:
                text = tr("unknown catalogue '{name}'", name=catalogue) + did_you_mean(catalogue, known)
                yield Remark("code", at, text)
            elif code not in known[catalogue]:
                starred = f"{code}*"
                hint = tr("; the list has it as '{code}'", code=starred) if starred in known[catalogue] else ""
                yield Remark("code", at, tr("'{code}' is not in the catalogue", code=code) + hint)
            elif _marks_hazard(code) and material.class_ != "hazardous_waste":
                text = tr("'{code}' marks hazardous waste, the class is {name}", code=code, name=material.class_)
                yield Remark("code", at, text, "warning")
            elif catalogue == "cn" and material.class_ == "hazardous_waste" and not _marks_hazard(code):
                text = tr("the class is hazardous_waste, and '{code}' is no code of hazardous waste", code=code)
                yield Remark("code", at, text, "warning")


def _marks_hazard(code: str) -> bool:
    return code.endswith("*") or code.startswith("HW")


def _codes(holdings: Holdings) -> dict[str, Node]:
    shelf = holdings.root.get("codes")
    return shelf.fields if shelf is not None else {}


def _values(node: Node) -> list[Node]:
    values = node.get("values")
    return values.items if values is not None else []


def two_names(holdings: Holdings) -> Iterator[Remark]:
    """Two materials of one name, or an alias that is the name of another material."""
    seen: dict[str, str] = {}
    for key, material in sorted(holdings.materials.items()):
        for name in (material.name.en, material.name.zh):
            word = plain(name or "")
            if word and seen.setdefault(word, key) != key:
                text = tr("'{name}' is also the name of {other}", name=name, other=seen[word])
                yield Remark("contradiction", ("materials", key, "name"), text, "warning")
    for key, aliases in sorted(holdings.aliases.items()):
        for alias in aliases:
            if seen.get(plain(alias), key) != key:
                text = tr("'{name}' is also the name of {other}", name=alias, other=seen[plain(alias)])
                yield Remark("contradiction", ("aliases", key), text)


def one_language(holdings: Holdings) -> Iterator[Remark]:
    """An entry that has no name in one of the two languages."""
    for shelf, field in (("materials", "name"), ("technologies", "name"), ("routes", "use"), ("sectors", "name"),
                         ("needs", "name")):  # fmt: skip
        for key, entry in sorted(getattr(holdings, shelf).items()):
            text = getattr(entry, field)
            for language in ("en", "zh"):
                if not getattr(text, language):
                    message = tr("no {field} in '{which}'; write  {field}: {{en: …, zh: …}}", field=field,
                                 which=language)  # fmt: skip
                    yield Remark("language", (shelf, key), message, "warning")
