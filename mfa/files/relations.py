"""Relations between quantities as people write them: `F6 = F7`, `F4 = 0.5*F3 + F2`, `F4 = TC*F3`; never run as code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from mfa.files.nearest import did_you_mean
from mfa.files.units import UnitError, split_number
from mfa.language import tr
from mfa.park.account import Term

EXAMPLE = "F6 = 2*F7 + F8"
_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


class RelationError(ValueError):
    """A relation cannot be read; the message says why and what to write instead."""


def read_relation(text: str, names: Collection[str]) -> tuple[Term, ...]:
    """Return the terms of a relation, those on the right with the opposite sign, so that they add up to zero.

    Args:
        text: two sums with `=` between them; a summand is a product of numbers and at most two quantities.
        names: the quantities that there are.

    Raises:
        RelationError: it is no such relation, or names what there is not.
    """
    sides = text.split("=")
    if len(sides) != 2 or not all(side.strip() for side in sides):
        raise RelationError(tr("'{got}' is no relation; write it as {example}", got=text[:80], example=EXAMPLE))
    left, right = (_sum(side, text, names) for side in sides)
    if not any(term.of for term in (*left, *right)):
        raise RelationError(tr("'{got}' names no flow; write it as {example}", got=text[:80], example=EXAMPLE))
    return (*left, *(Term(factor=-term.factor, of=term.of) for term in right))


def _sum(side: str, text: str, names: Collection[str]) -> list[Term]:
    terms: list[Term] = []
    sign, factors = 1.0, list[str | float]()
    is_open, divides = False, False  # whether a summand has begun; whether the next factor divides
    for kind, word in _words(side, names):
        if kind == "sign":
            if factors and not is_open:
                terms.append(_term(sign, factors, text))
                sign, factors = 1.0, []
            sign, is_open = (-sign if word == "-" else sign), True
        elif kind == "operator":
            if not factors or is_open:
                raise RelationError(_unreadable(text, word))
            divides, is_open = word == "/", True
        elif kind == "unknown" or (factors and not is_open) or (divides and kind != "number"):
            raise RelationError(_unreadable(text, word, names if kind == "unknown" else ()))
        else:
            factors.append(word if kind == "name" else _number(word, text, divides))
            is_open = divides = False
    if is_open or not factors:
        raise RelationError(_unreadable(text, side.strip()[-1:]))
    return [*terms, _term(sign, factors, text)]


def _words(side: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the kind and text of each word; a name is the longest known one that stands there whole."""
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    word = re.compile(
        rf"\s*(?:(?P<name>(?:{known or '(?!)'})(?![\w:]))|(?P<number>{_NUMBER})(?![\w.])|(?P<sign>[-+−])"
        r"|(?P<operator>[*·×/])|(?P<unknown>[^\s*+/=−-]+|.))"
    )
    for found in word.finditer(side.rstrip()):
        kind = found.lastgroup or "unknown"
        yield kind, found[kind].replace("−", "-")


def _number(word: str, text: str, divides: bool) -> float:
    try:
        value = float(split_number(word)[0])
    except (UnitError, OverflowError) as error:
        raise RelationError(str(error)) from error
    if divides and value == 0:
        raise RelationError(tr("'{got}' divides by zero", got=text[:80]))
    return 1 / value if divides else value


def _term(sign: float, factors: list[str | float], text: str) -> Term:
    named = sorted(factor for factor in factors if isinstance(factor, str))
    if len(named) > 2:
        raise RelationError(tr("'{got}' multiplies more than two quantities; name the product of two first",
                               got=text[:80]))  # fmt: skip
    for factor in factors:
        sign *= 1.0 if isinstance(factor, str) else factor
    return Term(factor=sign, of=tuple(named))


def _unreadable(text: str, word: str, names: Collection[str] = ()) -> str:
    message = tr("'{got}': '{word}' is no flow or coefficient of this account, or stands in the wrong place; "
                 "write a relation as {example}", got=text[:80], word=word[:60], example=EXAMPLE)  # fmt: skip
    return message + did_you_mean(word, names)
