"""Distributions in files: `{triangular: [1.0 t/t, 1.3 t/t, 1.5 t/t]}`: every form, and a number with its own."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import ValidationError

from mfa.files.tree import Node
from mfa.files.units import UnitError, read_quantity
from mfa.language import tr
from mfa.park.distribution import PARAMETERS, Distribution, Kind

KINDS = (*PARAMETERS, "values")
KEYS = (*KINDS, "from", "to")
EXAMPLE = "{triangular: [1.0 t/t, 1.3 t/t, 1.5 t/t]}"

Note = Callable[[Node, str], object]


class Uncertain(float):
    """A number as a scenario reads it, with the distributions that its file states for it and where they stand."""

    laws: tuple[tuple[Node, Distribution], ...]

    @classmethod
    def of(cls, number: float, laws: tuple[tuple[Node, Distribution], ...]) -> Uncertain:
        """Return a number with distributions."""
        found = cls(number)
        found.laws = laws
        return found


def states_law(node: Node) -> bool:
    """Whether a mapping states a distribution."""
    return any(key in node.fields for key in KEYS)


def read_law(node: Node, read: Callable[[str], float], note: Note) -> Distribution | None:
    """Return the distribution that a mapping states; None after noting why it cannot be.

    Args:
        node: a mapping with one of `KEYS`; other keys are left alone.
        read: returns a number with its unit in base units; raises UnitError.
        note: takes a node and what is wrong with it.
    """
    given = [key for key in KEYS if key in node.fields]
    entries = [node.fields[key] for key in given]
    kind: Kind
    if set(given) == {"from", "to"}:
        kind, items = "uniform", entries
    elif len(given) != 1 or given[0] in ("from", "to"):
        message = tr("a distribution has one key of {keys}, or from and to; got {got}",
                     keys=", ".join(KINDS), got=", ".join(given))  # fmt: skip
        note(node, message)
        return None
    else:
        kind, items = given[0], entries[0].items  # type: ignore[assignment]
    numbers = [_number(items, i, kind, read, note) for i in range(len(items))]
    if None in numbers:
        return None
    try:
        return Distribution(kind=kind, numbers=tuple(number for number in numbers if number is not None))
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        reason = detail.get("ctx", {}).get("error", tr("expected a list of numbers such as {example}", example=EXAMPLE))
        note(entries[0], str(reason))
    return None


def _number(items: list[Node], i: int, kind: Kind, read: Callable[[str], float], note: Note) -> float | None:
    """Return one number of a distribution; a std in % is of a mean that is not in %."""
    text, mean = items[i].text, items[0].text
    try:
        if text is None or mean is None:
            raise UnitError(tr("expected a number such as {example}, got a list or mapping", example="1.3 t/t"))
        if kind not in ("normal", "lognormal") or i != 1 or not text.strip().endswith("%"):
            return read(text)
        if mean.strip().endswith("%"):
            message = "'{got}' may mean points or a share of the mean; write points as a plain number, such as 0.05"
            raise UnitError(tr(message, got=text))
        return read_quantity(text, "1") * abs(read(mean))
    except UnitError as error:
        note(items[i], str(error))
    return None
