"""From a tree of texts to plain values in base units, by the form that `mfa.files.fields` gives each key."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from mfa.files.characters import find_odd
from mfa.files.distributions import KEYS as LAW_KEYS
from mfa.files.distributions import KINDS as LAW_KINDS
from mfa.files.distributions import Uncertain, read_law, states_law
from mfa.files.names import Facts, Names
from mfa.files.nearest import did_you_mean, nearest
from mfa.files.scalars import loose, name_fault, read_date, read_flag, read_whole
from mfa.files.shapes import (
    ByYear,
    Date,
    Deviation,
    Either,
    Flag,
    Kind,
    Listing,
    Loose,
    New,
    Place,
    Quantity,
    Record,
    Reference,
    Shape,
    Table,
    Text,
    Whole,
    Year,
)
from mfa.files.tree import Address, Fault, Mark, Node, address
from mfa.files.units import UnitError, read_quantity
from mfa.files.yaml_tree import is_null
from mfa.language import tr
from mfa.park.distribution import Distribution


class _Bad:
    """Stands for a value that could not be read; it is left out of what is built."""


BAD = _Bad()


NOTHING_KNOWN = Facts()


@dataclass(frozen=True)
class Scope:
    """What `amount`, `main` and `replaced` mean in the units at hand."""

    amount: Facts = NOTHING_KNOWN
    main: str | None = None
    replaced: str | None = None


NO_SCOPE: Scope = Scope()


@dataclass
class Conversion:
    """Plain values in base units, the faults met on the way, and where values stand that could not be read."""

    names: Names
    faults: list[Fault] = field(default_factory=list)
    unread: set[Address] = field(default_factory=set)

    def convert(self, node: Node, shape: Shape, scope: Scope = NO_SCOPE) -> Any:
        """Return the plain value of a node, or `BAD` after noting why it has none.

        Args:
            node: the tree.
            shape: the form it should have.
            scope: what the words in its units mean.
        """
        if is_null(node):
            return self._bad(node, tr("no value; give one or remove the key"))
        match shape:
            case Record():
                return self._record(node, shape, scope)
            case Table():
                return self._table(node, shape, scope)
            case Listing():
                return self._list(node, shape, scope)
            case Either(mapping, other):
                node = self._with_commas(node, mapping)
                return self.convert(node, mapping if node.fields else other, scope)
            case ByYear(values):
                if not isinstance(node.content, str) and not states_law(node):
                    return self._table(node, shape.table, scope)
                value = self.convert(node, values, scope)
                return value if value is BAD else {self.names.first_year: value}
            case Place():
                return self._place(node)
            case Loose():
                return loose(node)
        return self._scalar(node, shape, scope)

    def fault(self, mark: Mark, path: str, message: str) -> None:
        """Note an error."""
        self.faults.append(Fault(mark, path, message))

    def _bad(self, node: Node, message: str) -> _Bad:
        self.unread.add(address(node))
        self.fault(node.mark, node.path, message)
        return BAD

    def _record(self, node: Node, shape: Record, scope: Scope) -> Any:
        if not isinstance(node.content, dict):
            return self._bad(node, _expected_mapping(node))
        inner = self._scope_of(node, shape, scope)
        plain = {}
        for key, entry in node.fields.items():
            known = shape.fields.get(key)
            if known is None:
                hint = did_you_mean(key, shape.fields) or tr("; known here: {keys}", keys=", ".join(shape.fields))
                self.fault(entry.named_at, entry.path, tr("unknown key '{key}'", key=key) + hint)
                self.unread |= {address(node, meant) for meant in nearest(key, shape.fields)}
                continue
            value = self.convert(entry, known, inner)
            if value is not BAD:
                plain[key] = value
        return plain

    def _with_commas(self, node: Node, shape: Shape) -> Node:
        """Put a text together again that its commas broke into keys: `{en: Coal, steel and cement, zh: …}`."""
        if not isinstance(shape, Record) or not any(is_null(entry) for entry in node.fields.values()):
            return node
        whole: dict[str, Node] = {}
        for key, entry in node.fields.items():
            last = next(reversed(whole), None)
            text = whole[last].text if last is not None else None
            if last is None or text is None or key in shape.fields or not is_null(entry):
                whole[key] = entry
                continue
            whole[last] = whole[last].with_content(f"{text}, {key}")
            message = tr("the comma before '{key}' is taken as part of the text; quote the text", key=key)
            self.faults.append(Fault(entry.named_at, whole[last].path, message, "warning"))
        return node.with_content(whole)

    def _scope_of(self, node: Node, shape: Record, scope: Scope) -> Scope:
        names = self.names
        if shape.amount:
            material = next((word for key in shape.amount if (word := node.word(key))), "")
            scope = replace(scope, amount=names.materials.get(material, NOTHING_KNOWN))
        if shape.replaced:
            scope = replace(scope, replaced=names.materials.get(node.word(shape.replaced) or "", NOTHING_KNOWN).unit)
        product = node.word(shape.main) if shape.main else None
        if shape.runs:
            product = names.products.get(node.word(shape.runs) or "")
        if shape.main or shape.runs:
            scope = replace(scope, main=names.materials.get(product or "", NOTHING_KNOWN).unit)
        return scope

    def _table(self, node: Node, shape: Table, scope: Scope) -> Any:
        if not isinstance(node.content, dict):
            return self._bad(node, _expected_mapping(node))
        plain: dict[Any, Any] = {}
        for key, entry in node.fields.items():
            if not self._key_is_good(key, entry, shape.keys):
                self.unread.add(address(entry))
                continue
            inner = scope
            if key in self.names.materials and (shape.keys == New("material") or isinstance(shape.keys, Reference)):
                inner = replace(scope, amount=self.names.materials[key])
            value = self.convert(entry, shape.values, inner)
            if isinstance(shape.keys, New) and isinstance(value, dict):
                value["id"] = key
            if value is not BAD:
                plain[int(key) if isinstance(shape.keys, Year) else key] = value
        return plain

    def _key_is_good(self, key: str, entry: Node, form: Text | Reference | New | Year) -> bool:
        message = None
        if isinstance(form, Reference):
            message = self._unknown(key, form)
        elif isinstance(form, Year) and not re.fullmatch(r"[12]\d{3}", key):
            message = tr("expected a year such as 2020, got '{got}'", got=key)
        elif isinstance(form, New):
            message = name_fault(key)
        if message:
            self.fault(entry.named_at, entry.path, message)
        return message is None

    def _unknown(self, name: str, form: Reference) -> str | None:
        known, offered = self.names.known, self.names.offered
        if form.optional or any(name in known.get(kind, ()) for kind in form.to):
            return None
        near = [did_you_mean(name, [n for kind in form.to for n in names.get(kind, ())]) for names in (known, offered)]
        what = tr(" or ").join(dict.fromkeys(tr(_KIND_WORDS[kind]) for kind in form.to if kind != "environment"))
        odd = find_odd(name)
        hint = f"; {odd}" if odd else near[0] or near[1] or tr("; define it in the file, or check its name")
        return tr("unknown {what} '{name}'", what=what, name=name) + hint

    def _list(self, node: Node, shape: Listing, scope: Scope) -> Any:
        if isinstance(node.content, list):
            values = [self.convert(entry, shape.of, scope) for i, entry in enumerate(node.content)]
        elif isinstance(shape.of, Record):
            return self._bad(node, tr("expected a list of entries, each starting with '- '"))
        else:
            values = [self.convert(node, shape.of, scope)]
        if BAD in values:  # leaving one out would move the others to wrong places
            self.unread.add(address(node))
            return BAD
        return values

    def _place(self, node: Node) -> Any:
        for names in (("lon", "lat"), ("x", "y")):
            if set(node.fields) == set(names):
                parts = [node.fields[name] for name in names]
                break
        else:
            parts = node.items
        if len(parts) != 2:
            return self._bad(node, tr("expected two coordinates such as [113.25, 35.23]"))
        pair = [self.convert(part, Quantity(("1",), tiny=True)) for i, part in enumerate(parts)]
        if BAD in pair:
            self.unread.add(address(node))
            return BAD
        return pair

    def _scalar(self, node: Node, shape: Shape, scope: Scope) -> Any:
        text = node.content
        if isinstance(shape, Quantity) and ("value" in node.fields or states_law(node)):
            return self._in_detail(node, shape, scope)
        if not isinstance(text, str):
            got = tr("a list") if isinstance(text, list) else tr("a mapping")
            hint = ""
            if isinstance(shape, Quantity) and node.fields:
                hint = tr("; a distribution is one of {kinds}", kinds=", ".join(LAW_KINDS))
            return self._bad(node, tr("expected one value, got {got}", got=got) + hint)
        try:
            match shape:
                case Quantity():
                    return self._quantity(text, shape, scope)
                case Deviation(units):
                    key, units = ("share", ("1",)) if text.rstrip().endswith("%") else ("amount", units)
                    return {key: self._quantity(text, Quantity(units), scope)}
                case Whole():
                    return read_whole(text)
                case Flag():
                    return read_flag(text)
                case Date():
                    return read_date(text)
                case Reference():
                    message = self._unknown(text, shape)
                    return self._bad(node, message) if message else text
                case Text(name=True):
                    message = name_fault(text)
                    return self._bad(node, message) if message else text
        except UnitError as error:
            return self._bad(node, str(error))
        return text

    def _quantity(self, text: str, shape: Quantity, scope: Scope) -> float:
        if shape.counted and text.rstrip().endswith(("%", "‰", "％", "ppm", "ppb")):
            message = "expected how many there are, got '{got}', which is a share; write a number such as 1200"
            raise UnitError(tr(message, got=text))
        units = [fill_words(unit, scope) for unit in shape.units]
        if None in units:  # the material is unknown, which is an error of its own: any unit will do
            return read_quantity(text, tiny=shape.tiny)
        expected = [unit for unit in units if unit is not None]
        return read_quantity(text, *expected, water=scope.amount.water, tiny=shape.tiny)

    def _in_detail(self, node: Node, shape: Quantity, scope: Scope) -> Any:
        """Return a number that is given with its basis, its distribution or both."""
        for key, entry in node.fields.items():
            if key not in ("value", "basis", *LAW_KEYS):
                message = tr("unknown key '{key}'; only value, basis and a distribution stand here", key=key)
                self.fault(entry.named_at, entry.path, message)
        laws = self._laws(node, shape, scope)
        value = self.convert(node.fields["value"], shape, scope) if "value" in node.fields else None
        factor = self._dry_factor(node, shape, scope)
        if value is BAD or laws is None or factor is None:
            self.unread.add(address(node))
            return BAD
        inner = value.laws if isinstance(value, Uncertain) else ()
        number = (laws[0][1].central if value is None else value) * factor
        laws = tuple((at, law.scaled(factor)) for at, law in (*inner, *laws))
        return Uncertain.of(number, laws) if laws else number

    def _laws(self, node: Node, shape: Quantity, scope: Scope) -> tuple[tuple[Node, Distribution], ...] | None:
        if not states_law(node):
            return ()
        law = read_law(node, lambda text: self._quantity(text, shape, scope), self._bad)
        return None if law is None else ((node, law),)

    def _dry_factor(self, node: Node, shape: Quantity, scope: Scope) -> float | None:
        """Return what a number as given is multiplied by to be of dry mass; None after noting what is wrong."""
        if "basis" not in node.fields and states_law(node):
            return 1.0
        basis = node.word("basis") or ""
        if shape.basis is None:
            self._bad(node, tr("only amounts and compositions have a basis; give the value alone"))
            return None
        if basis not in ("dry", "as_received"):
            self._bad(node, tr("the basis is dry or as_received, got '{got}'", got=basis))
            return None
        dry_share = 1.0 if basis == "dry" else 1.0 - scope.amount.moisture
        return dry_share if shape.basis == "amount" else 1.0 / dry_share


_KIND_WORDS: dict[Kind, str] = {
    "material": "material", "class": "class", "technology": "technology", "firm": "firm", "boundary": "boundary node",
    "product": "product in use",
}  # fmt: skip


def fill_words(unit: str, scope: Scope) -> str | None:
    """Put t or GJ in the place of the words in a unit; None where one of them is unknown."""
    words = {"amount": scope.amount.unit, "main": scope.main, "replaced": scope.replaced}
    for word, meaning in words.items():
        if word in unit:
            if meaning is None:
                return None
            unit = unit.replace(word, meaning)
    return unit


def _expected_mapping(node: Node) -> str:
    text = node.text
    if text is None:
        return tr("expected a mapping (key: value), got a list")
    odd = find_odd(text)
    return tr("expected a mapping (key: value), got '{got}'", got=text[:60]) + (f"; {odd}" if odd else "")
