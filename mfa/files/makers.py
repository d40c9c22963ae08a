"""What a firm runs of which a table names only a product, a sector or a recipe, in either language, misspelt or not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from mfa.files import library
from mfa.files.holdings import Holdings
from mfa.files.search import SHORTEST_PART, called, is_chinese, likeness, plain
from mfa.files.tree import Node
from mfa.language import current, tr

SAME = 0.5
"""Distance up to which two names are the same."""
SURE = 0.85
"""Likeness from which a misspelt word is taken for the one that it is most like."""
HINTED = 0.5
"""Likeness from which a word is offered as the one that was meant."""
LONG_ENOUGH = 5
"""Chinese words this long may be misspelt in one character; shorter ones that are alike mean something else."""
MOST_OFFERED = 6
BRACKETED = re.compile(r"[(（][^()（）]*[)）]")

Called = Mapping[str, Iterable[str]]


class UnclearError(Exception):
    """A name means nothing that is known, or several things; the message says which."""


@dataclass(frozen=True)
class Choice:
    """The recipe that a firm is taken to run.

    `besides` are recipes that it runs to feed the first; `named` says that the table names the recipe itself;
    `product` is what its product was read as; `others` are recipes for the same product.
    """

    technology: str
    product: str
    besides: tuple[str, ...] = ()
    named: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Makers:
    """The products, recipes and sectors of the library by all that they are called, and who makes what."""

    holdings: Holdings

    @cached_property
    def entries(self) -> Mapping[str, Node]:
        """Product → what `models/makers.yaml` assumes of its makers."""
        return library.entries("makers")

    @cached_property
    def recipes(self) -> dict[str, list[str]]:
        """Product → the production technologies that make it."""
        found: dict[str, list[str]] = {}
        for key, technology in self.holdings.technologies.items():
            if technology.kind == "production":
                found.setdefault(technology.product, []).append(key)
        return found

    @cached_property
    def products(self) -> Called:
        """Product → its names."""
        return {key: called(key, library.materials()[key]) for key in self.recipes}

    @cached_property
    def technologies(self) -> Called:
        """Technology → its names."""
        return {key: called(key, entry) for key, entry in library.technologies().items()}

    @cached_property
    def sectors(self) -> Called:
        """Sector → its names and codes."""
        codes = ("isic", "gbt4754")
        return {key: [*called(key, entry), *(entry.word(code) or "" for code in codes)]
                for key, entry in library.entries("sectors").items()}  # fmt: skip

    def running(self, recipe: str) -> Choice:
        """Return the choice of a recipe that is named; raises UnclearError."""
        key = one_of(recipe, self.technologies)
        return Choice(key, self.holdings.technologies[key].product, named=True)

    def making(self, text: str) -> Choice:
        """Return what a firm runs that makes a product, or is of a sector, or is called like a recipe.

        Raises:
            UnclearError: that is not known, or means several things.
        """
        self._refuse_broad(text)
        found = [(distance, kind, key) for kind, names in enumerate((self.products, self.technologies, self.sectors))
                 for key, distance in distances(text, names, self._of_energy).items()]  # fmt: skip
        if min((distance for distance, *_ in found), default=1.0) > SAME:
            self._refuse_unmade(text)
        if not found:
            remedy = tr(" (a product that the library lacks: write 'none' in the column technology)")
            raise UnclearError(tr("unknown product '{name}'", name=text) + meant(text, self.products) + remedy)
        nearest = min(distance for distance, *_ in found)
        kind = min(kind for distance, kind, _ in found if distance == nearest)
        keys = [key for distance, k, key in found if (distance, k) == (nearest, kind)]
        if len(keys) > 1:
            raise UnclearError(ambiguous(text, keys, (self.products, self.technologies, self.sectors)[kind]))
        if kind == 1:
            return self.running(keys[0])
        return self._maker_of(keys[0] if kind == 0 else self._product_of(keys[0]))

    def _refuse_broad(self, text: str) -> None:
        """Refuse a word for many sectors, such as chemicals, with what firms of these may make."""
        for entry in library.entries("park_tables")["broad"].fields.values():
            if plain(text) not in map(plain, words(entry.get("words"))):
                continue
            makes = {product for sector in words(entry.get("sectors")) for product in self._made_by(sector)}
            message = tr("'{name}' is too broad; name the product, such as {products}, or write 'none' in the column "
                         "technology", name=text, products=tr(", ").join(map(self.name_of, sorted(makes))))  # fmt: skip
            raise UnclearError(message)

    def _made_by(self, sector: str) -> list[str]:
        """Return what the recipes of a sector make, each product once."""
        technologies = [self.holdings.technologies[key] for key in self.holdings.sectors[sector].technologies]
        return sorted({technology.product for technology in technologies} & self.recipes.keys())

    def _refuse_unmade(self, text: str) -> None:
        """Refuse a material of the library that is nobody's main product, lest another be taken for it."""
        others = {key: called(key, entry) for key, entry in library.materials().items() if key not in self.recipes}
        if any(distance <= SAME for distance in distances(text, others).values()):
            message = tr(
                "no recipe makes '{name}' as its main product; name one, or write 'none', in the column technology",
                name=text,
            )
            raise UnclearError(message)

    @cached_property
    def _of_energy(self) -> set[str]:
        """What makes energy, for which a name that is like another will not do: solar power is none of coal."""
        technologies, materials = self.holdings.technologies, self.holdings.materials
        made = {key for key in self.recipes if materials[key].class_ == "energy"}
        recipes = {key for key, technology in technologies.items() if technology.product in made}
        sectors = {key for key, sector in self.holdings.sectors.items() if recipes & set(sector.technologies)}
        return made | recipes | sectors

    def _product_of(self, sector: str) -> str:
        """Return what a firm is assumed to make of which only the sector is known; raises UnclearError."""
        for product, entry in self.entries.items():
            if sector in words(entry.get("sectors")):
                return product
        makes = self._made_by(sector)
        if len(makes) == 1:
            return makes[0]
        told = tr(", ").join(self.name_of(product) for product in makes) or tr("nothing that is known")
        message = tr("firms of the sector '{sector}' make several things: {products}; name the product",
                     sector=sector, products=told)  # fmt: skip
        raise UnclearError(message)

    def _maker_of(self, product: str) -> Choice:
        entry, recipes = self.entries.get(product), self.recipes[product]
        runs = (entry.word("runs") if entry is not None else None) or recipes[0]
        if entry is None and len(recipes) > 1:
            raise UnclearError(ambiguous(product, recipes, self.technologies))
        besides = words(entry.get("with")) if entry is not None else []
        return Choice(runs, product, tuple(besides), others=tuple(key for key in recipes if key != runs))

    def technology_of(self, key: str) -> str:
        """Return the name of a recipe in the current language."""
        return self.holdings.technologies[key].name.in_language(current.get()) or key

    def name_of(self, product: str) -> str:
        """Return the name of a product in the current language."""
        return self.holdings.materials[product].name.in_language(current.get()) or product


def words(node: Node | None) -> list[str]:
    """Return the texts of a list."""
    return [item.text for item in node.items if item.text] if node is not None else []


def one_of(text: str, names: Called) -> str:
    """Return the one id that a name means; raises UnclearError."""
    found = distances(text, names)
    nearest = min(found.values(), default=0.0)
    keys = [key for key, distance in found.items() if distance == nearest]
    if not keys:
        raise UnclearError(tr("unknown name '{name}'", name=text) + meant(text, names))
    if len(keys) > 1:
        raise UnclearError(ambiguous(text, keys, names))
    return keys[0]


def meant(text: str, names: Called) -> str:
    """Return `; did you mean 'a' or 'b'?` of the ids whose names are most like a text, nothing where none is."""
    scores = {key: max(likeness(plain(text), plain(name)) for name in called) for key, called in names.items()}
    near = [
        f"'{name_among(key, names[key])}'"
        for key in sorted(scores, key=lambda key: (-scores[key], key))[:3]
        if scores[key] >= HINTED
    ]
    return tr("; did you mean {names}?", names=tr(" or ").join(near)) if near else ""


def ambiguous(text: str, keys: list[str], names: Called) -> str:
    """Say that a name may mean several things, and which."""
    choices = tr(", ").join(shown(key, names[key]) for key in sorted(keys)[:MOST_OFFERED])
    more = " …" if len(keys) > MOST_OFFERED else ""
    return tr("'{name}' may mean {choices}; write one of them", name=text, choices=choices + more)


def shown(key: str, called: Iterable[str]) -> str:
    """Return a name in the current language, with the id that may be written in its place."""
    name = name_among(key, called)
    return key if name == key else f"{name} ({key})"


def name_among(key: str, called: Iterable[str]) -> str:
    """Return the first name in the current language; the id where there is none."""
    wanted = current.get() == "zh"
    return next((name for name in called if name and name != key and is_chinese(name) == wanted), key)


def distances(text: str, names: Called, strict: Collection[str] = ()) -> dict[str, float]:
    """Return id → how far a name is from it, of all that it could mean.

    0: the same. 0.5: the same but for what stands in brackets. 1 to 2: it ends with a name (white cement is a cement),
    the longer the nearer. 2: it is part of one name. 3 to 4: alike. Ids in
    `strict` are met by the same name or a part of it alone.
    """
    wanted = plain(text)
    found = {key: 0.0 for key, called in names.items() if any(wanted == plain(name) for name in called)}
    if found or not wanted:
        return found
    wanted = unbracketed(text) or wanted
    found = {key: 0.5 for key, called in names.items() if any(wanted == unbracketed(name) for name in called)}
    if found:
        return found
    bare = {key: [unbracketed(name) or plain(name) for name in called] for key, called in names.items()}
    ranked = {key: min((_distance(wanted, name, key in strict) for name in called), default=9.0)
              for key, called in bare.items()}  # fmt: skip
    return {key: distance for key, distance in ranked.items() if distance < 9}


def unbracketed(text: str) -> str:
    """Return a text as it is compared, without what it adds in brackets."""
    return plain(BRACKETED.sub(" ", text))


def _distance(wanted: str, name: str, strict: bool) -> float:
    shortest = 2 if is_chinese(wanted) else SHORTEST_PART + 1
    if (
        not strict
        and len(name) >= shortest
        and (wanted.endswith(name) if is_chinese(name) else wanted.endswith(f" {name}"))
    ):
        return 2.0 - min(len(name), 99) / 100
    if len(wanted) >= shortest and wanted in name and (not is_chinese(wanted) or _is_kind_of(name, wanted)):
        return 2.0
    if strict:
        return 9.0
    alike = likeness(wanted, name)
    if is_chinese(wanted):
        return 4.0 - alike if alike >= 0.75 and len(wanted) == len(name) >= LONG_ENOUGH else 9.0
    return 4.0 - alike if alike >= SURE else 9.0


def _is_kind_of(name: str, wanted: str) -> bool:
    """Whether a Chinese name ends with a word, or has a long one in it: 烧结砖 is a 砖, but 硫酸铵 no 硫酸."""
    return name.endswith(wanted) or len(wanted) > 2
