"""Distributions in files: `{triangular: [1.0 t/t, 1.3 t/t, 1.5 t/t]}` in the place of a number, or under its path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

from pydantic import ValidationError

from mfa.files.changes import PathError, find_steps, put
from mfa.files.schema import bounds_at
from mfa.files.shapes import Record
from mfa.files.tree import Fault, Node
from mfa.files.units import UnitError, read_quantity
from mfa.language import tr
from mfa.park.distribution import PARAMETERS, Distribution, Kind
from mfa.park.places import path_of
from mfa.park.scenario import Scenario, Uncertainty

Holder = Literal["uncertainty.values", "sweep.vary"]
HOLDERS: tuple[Holder, ...] = ("uncertainty.values", "sweep.vary")
"""Where distributions stand under the paths of their numbers."""

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


def place_laws(root: Node, shape: Record, faults: list[Fault]) -> Node:
    """Return the tree with each distribution that stands under a path at the place of its number instead."""
    for holder in HOLDERS:
        part, key = holder.split(".")
        entry = root.get(part)
        laws = entry.get(key) if entry is not None else None
        if entry is None or laws is None:
            continue
        rest = entry.with_content({name: node for name, node in entry.fields.items() if name != key})
        root = root.with_content({**root.fields, part: rest})
        if not isinstance(laws.content, dict):
            faults.append(Fault(laws.mark, laws.path, tr("expected a mapping from paths to distributions")))
        for path, law in laws.fields.items():
            root = _placed(root, shape, path, law, faults)
    return root


def _placed(root: Node, shape: Record, path: str, law: Node, faults: list[Fault]) -> Node:
    if not states_law(law):
        faults.append(Fault(law.mark, law.path, tr("expected a distribution such as {example}", example=EXAMPLE)))
        return root
    try:
        return put(root, find_steps(root, shape, path), partial(_beside, law))[1]
    except PathError as error:
        faults.append(Fault(law.named_at, law.path, str(error)))
        return root


def _beside(law: Node, old: Node | None, _: str) -> Node:
    """Return a number with its distribution beside it."""
    return law if old is None else law.with_content({"value": old, **law.fields})


def settle(plain: Any) -> tuple[Any, list[tuple[tuple[str | int, ...], Uncertain]]]:
    """Return plain values with the central ones for those that are uncertain, and these with their locations."""
    found: list[tuple[tuple[str | int, ...], Uncertain]] = []

    def visit(value: Any, at: tuple[str | int, ...]) -> Any:
        if isinstance(value, Mapping):
            return {key: visit(entry, (*at, key)) for key, entry in value.items()}
        if isinstance(value, list):
            return [visit(entry, (*at, i)) for i, entry in enumerate(value)]
        if isinstance(value, Uncertain):
            found.append((at, value))
            return float(value)
        return value

    return visit(plain, ()), found


def with_laws(
    scenario: Scenario, found: list[tuple[tuple[str | int, ...], Uncertain]], faults: list[Fault]
) -> Scenario:
    """Return the scenario that knows its distributions, each within what its number can be."""
    held: dict[Holder, dict[str, Distribution]] = {holder: {} for holder in HOLDERS}
    for at, number in found:
        path = path_of(scenario, at)
        for node, law in number.laws:
            holder: Holder = "sweep.vary" if node.path.startswith("sweep.vary.") else "uncertainty.values"
            try:
                held[holder][path] = law.within(*bounds_at(at))
            except ValueError as error:
                faults.append(Fault(node.mark, node.path, str(error)))
    uncertainty = Uncertainty(library=scenario.uncertainty.library, values=held["uncertainty.values"])
    sweep = None if scenario.sweep is None else scenario.sweep.replace(vary=held["sweep.vary"])
    return scenario.replace(uncertainty=uncertainty, sweep=sweep)
