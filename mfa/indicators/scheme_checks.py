"""Checks of the schemes and factors of the library: what they name exists, in units that fit, with a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mfa.files.holdings import Holdings
from mfa.files.library_checks.remark import Remark
from mfa.files.library_checks.sources import unsourced
from mfa.files.nearest import did_you_mean
from mfa.files.tree import walk
from mfa.files.units import Dimension, UnitError, parse_unit, read_quantity
from mfa.indicators.registry import INDICATORS
from mfa.language import tr
from mfa.park.scheme import Item
from mfa.park.statistics import STATISTICS
from mfa.park.values import Text

At = tuple[str | int, ...]
WORDS = {"fraction": "1", "links": "1", "count": "1", "share": "1", "person": "1", "yes or no": "1"}
"""Units that are words → the unit that they are in."""


def _items(holdings: Holdings) -> Iterator[tuple[At, Item]]:
    for key, scheme in sorted(holdings.schemes.items()):
        for name, item in scheme.items.items():
            yield ("schemes", key, "items", name), item


def scheme_without_source(holdings: Holdings) -> Iterator[Remark]:
    """A scheme, item, threshold, choice, index or factor without a source or a confidence of its own."""
    for key, factor in sorted(holdings.factors.items()):
        yield from unsourced(("factors", key), factor)
    for key, scheme in sorted(holdings.schemes.items()):
        yield from unsourced(("schemes", key), scheme)
        if scheme.index is not None:
            yield from unsourced(("schemes", key, "index"), scheme.index)
        for name, choice in scheme.choices.items():
            yield from unsourced(("schemes", key, "choices", name), choice)
    for at, item in _items(holdings):
        yield from unsourced(at, item)
        if item.threshold is not None:
            yield from unsourced((*at, "threshold"), item.threshold)


def scheme_names_unknown(holdings: Holdings) -> Iterator[Remark]:
    """An item whose indicator or statistic there is none of, or that names neither."""
    for at, item in _items(holdings):
        for field, name, known in (
            ("indicator", item.indicator, INDICATORS),
            ("statistic", item.statistic, STATISTICS),
        ):
            if name is not None and name not in known:
                text = tr("there is no {field} '{name}'", field=tr(field), name=name) + did_you_mean(name, known)
                yield Remark("name", (*at, field), text)
        if item.indicator is None and item.statistic is None:
            yield Remark("name", at, tr("names neither an indicator nor a statistic; say where its value comes from"))


def scheme_units_differ(holdings: Holdings) -> Iterator[Remark]:
    """An item whose unit, threshold, indicator and statistic are not in units of one kind."""
    for at, item in _items(holdings):
        kind = _dimension(item.unit)
        for field, name, unit in (
            ("indicator", item.indicator, INDICATORS[item.indicator].unit if item.indicator in INDICATORS else ""),
            ("statistic", item.statistic, STATISTICS[item.statistic].unit if item.statistic in STATISTICS else ""),
        ):
            if unit and _dimension(unit.removesuffix("/yr")) != kind:
                text = tr("'{name}' is in {unit}, the item in {mine}", name=name, unit=unit, mine=item.unit)
                yield Remark("unit", (*at, field), text)
        for bound in ("at_least", "at_most", "reference"):
            node = list(walk(holdings.root, (*at, "threshold", bound)))
            if len(node) == len(at) + 3 and node[-1].text:
                yield from _bound(item, (*at, "threshold", bound), node[-1].text)


def _bound(item: Item, at: At, text: str) -> Iterator[Remark]:
    try:
        read_quantity(text, WORDS.get(item.unit, item.unit))
    except UnitError as error:
        yield Remark("unit", at, str(error))


def _dimension(unit: str) -> Dimension | str:
    try:
        return parse_unit(WORDS.get(unit, unit)).dimension
    except UnitError:
        return unit


def scheme_names_in_one_language(holdings: Holdings) -> Iterator[Remark]:
    """A scheme, group or item without a name in one of the two languages."""
    for key, scheme in sorted(holdings.schemes.items()):
        named: dict[At, Text] = {("schemes", key): scheme.name}
        named |= {("schemes", key, "groups", name): text for name, text in scheme.groups.items()}
        named |= {("schemes", key, "items", name): item.name for name, item in scheme.items.items()}
        for at, text in named.items():
            if not (text.en and text.zh):
                yield Remark("name", at, tr("has no name in both languages; write {en: …, zh: …}"))


def choice_of_too_few(holdings: Holdings) -> Iterator[Remark]:
    """A choice that asks for more items than it has."""
    for key, scheme in sorted(holdings.schemes.items()):
        for name, choice in scheme.choices.items():
            members = sum(item.choose == name for item in scheme.items.values())
            if members < choice.least:
                text = tr("asks for {least} of {members} items", least=choice.least, members=members)
                yield Remark("contradiction", ("schemes", key, "choices", name), text)


SCHEME_CHECKS: tuple[Callable[[Holdings], Iterator[Remark]], ...] = (
    scheme_without_source,
    scheme_names_unknown,
    scheme_units_differ,
    scheme_names_in_one_language,
    choice_of_too_few,
)
