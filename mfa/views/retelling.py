"""Sentences that other rooms wrote in one language, told in another, with names in the place of ids.

A plan or a run carries finished sentences. Every one of them was made from a template of the catalogue
(`mfa.language`), so the template that it fits gives its fields back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from mfa.language import Language, chinese
from mfa.views.lettering import text_width
from mfa.views.wording import Names, brief

DEEPEST = 3
"""How far sentences may stand within sentences."""
LIGHTEST = 7
"""Least width of the fixed part of a template, in half ems: shorter ones would fit by chance."""
OF_MATERIALS = frozenset({"material", "materials", "what", "replaced", "wastes"})
"""Fields that hold materials: where a firm has the same id, it is not meant."""
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_\-]*")
AMOUNT = re.compile(r"(?<![\w.,])(\d[\d,]*) (t|GJ)(?![\w/])")
"""A whole number of tonnes or gigajoules, as the optimiser writes it."""
BRIEFLY = 1000
"""Amounts from here on are told in three digits."""


@dataclass(frozen=True)
class Template:
    """A text in both languages; `pattern` finds its fields in a sentence, `weight` is the width of its fixed part."""

    pattern: re.Pattern[str]
    texts: Mapping[Language, str]
    weight: int


@cache
def templates() -> tuple[Template, ...]:
    """Return a template for each text of the catalogue and each language it may have been written in."""
    found = []
    for english, translated in chinese().items():
        texts: Mapping[Language, str] = {"en": english, "zh": translated}
        found += [_template(text, texts) for text in texts.values() if _fields(text)]
    return tuple(sorted(found, key=lambda template: -template.weight))


@cache
def _plain() -> Mapping[str, Mapping[Language, str]]:
    catalogue = chinese()
    texts: dict[str, Mapping[Language, str]] = {zh: {"en": en, "zh": zh} for en, zh in catalogue.items()}
    return texts | {en: {"en": en, "zh": zh} for en, zh in catalogue.items()}


def _fields(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name]


def _template(text: str, texts: Mapping[Language, str]) -> Template:
    pattern, weight, seen = "", 0, set()
    for fixed, name, _, _ in Formatter().parse(text):
        pattern += re.escape(fixed)
        weight += round(text_width(fixed.strip(), 2))
        if name:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
            seen.add(name)
    return Template(re.compile(pattern, re.DOTALL), texts, weight)


@dataclass(frozen=True)
class Teller:
    """Tells sentences in the language of its names; `ids` maps what stands in them to those names.

    `materials` are those of the ids that name materials; some may name a firm too.
    """

    names: Names
    ids: Mapping[str, str]
    materials: Mapping[str, str]

    def tell(self, text: str, depth: int = 0) -> str:
        """Return a finished sentence in the teller's language; text that fits no template stays as it is."""
        if not text or depth > DEEPEST:
            return text
        if "; " in text:
            mark = "；" if self.names.language == "zh" else "; "
            return mark.join(self.tell(part, depth) for part in text.split("; "))
        if text in _plain():
            return _plain()[text][self.names.language]
        for template in templates():
            match = template.pattern.fullmatch(text)
            if match and template.weight >= LIGHTEST:
                fields = {name: self._value(name, value, depth + 1) for name, value in match.groupdict().items()}
                return _fill(template.texts[self.names.language], fields)
        return text

    def _value(self, field: str, value: str, depth: int) -> str:
        ids = {**self.ids, **self.materials} if field in OF_MATERIALS else self.ids
        told = ids.get(value) or self.tell(value, depth)
        if told != value:
            return told
        named = WORD.sub(lambda word: ids.get(word[0], word[0]), told)
        return AMOUNT.sub(self._amount, named)

    def _amount(self, found: re.Match[str]) -> str:
        number = float(found[1].replace(",", ""))
        return brief(number, found[2], self.names.language, exact=number < BRIEFLY)


def _fill(text: str, fields: Mapping[str, str]) -> str:
    return "".join(fixed + (fields.get(name, "") if name else "") for fixed, name, _, _ in Formatter().parse(text))


def teller(names: Names) -> Teller:
    """Return a teller that knows the nodes, materials and technologies of the names' scenarios."""
    parks = [scenario.park for scenario in names.scenarios]
    technologies = {key: names.technology(key) for park in parks for key in park.technologies}
    materials = {key: names.material(key) for park in parks for key in park.materials}
    nodes = {key: names.node(key) for park in parks for key in (*park.firms, *park.boundary)}
    return Teller(names, technologies | materials | nodes, materials)
