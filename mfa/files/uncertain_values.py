"""Uncertain values of a scenario: distributions under paths brought to their numbers, and kept apart from these."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

from mfa.files.changes import PathError, find_steps, put
from mfa.files.distributions import EXAMPLE, Uncertain, states_law
from mfa.files.schema import bounds_at
from mfa.files.shapes import Record
from mfa.files.tree import Fault, Node
from mfa.language import tr
from mfa.park.distribution import Distribution
from mfa.park.paths import path_of
from mfa.park.scenario import Scenario, Uncertainty

Holder = Literal["uncertainty.values", "sweep.vary"]
HOLDERS: tuple[Holder, ...] = ("uncertainty.values", "sweep.vary")
"""Where distributions stand under the paths of their numbers."""


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
