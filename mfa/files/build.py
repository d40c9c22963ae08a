"""From plain values to a scenario of `mfa.park`, with every refusal of its types told in the words of the file."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mfa.files.nearest import did_you_mean
from mfa.files.tree import Address, Fault, Node, address, walk
from mfa.language import tr
from mfa.park.scenario import Scenario

_BOUNDS = {
    "greater_than_equal": ("must be at least {bound}, got {got}", "ge"),
    "greater_than": ("must be more than {bound}, got {got}", "gt"),
    "less_than_equal": ("must be at most {bound}, got {got}", "le"),
    "less_than": ("must be less than {bound}, got {got}", "lt"),
}


def build_scenario(plain: Mapping[str, Any], root: Node, unread: set[Address]) -> tuple[Scenario | None, list[Fault]]:
    """Build a scenario.

    Args:
        plain: its values in base units.
        root: the tree they came from.
        unread: addresses whose values could not be read, which is not told twice.

    Returns:
        The scenario, and the refusals. Where there are any, it lacks the entries that they stand in, or is None
        where nothing can be built without them.
    """
    park = plain.get("park")
    complete_materials(park.get("materials", {}) if isinstance(park, dict) else {})
    try:
        return Scenario.model_validate(plain), []
    except ValidationError as error:
        refusals = error.errors(include_url=False)
    with suppress(ValidationError):
        return Scenario.model_validate(_without(plain, refusals)), refusals_of(refusals, root, unread)
    return None, refusals_of(refusals, root, unread)


def _without(plain: Mapping[str, Any], refusals: list[ErrorDetails]) -> dict[str, Any]:
    """Return plain values without the entries in which something is refused."""
    left = dict(plain)
    park = {key: dict(part) if isinstance(part, dict) else part for key, part in plain.get("park", {}).items()}
    for refusal in refusals:
        at = refusal["loc"]
        if at[0] != "park":
            left.pop(str(at[0]), None)
        elif len(at) > 2 and isinstance(park.get(str(at[1])), dict):
            park[str(at[1])].pop(at[2], None)
        elif len(at) > 1:
            park.pop(str(at[1]), None)
    return left | {"park": park}


def complete_materials(materials: Mapping[str, Any]) -> None:
    """Give materials what their class implies: energy is counted in GJ and cannot be stored."""
    for material in materials.values():
        if isinstance(material, dict) and material.get("class") == "energy":
            material.setdefault("unit", "GJ")
            material.setdefault("storable", False)


def refusals_of(errors: list[ErrorDetails], root: Node, unread: set[Address]) -> list[Fault]:
    """Return what the types refuse, each at its place in the tree, but for what could not be read."""
    faults: dict[Address, Fault] = {}
    for error in errors:
        nodes = list(walk(root, error["loc"]))
        node = nodes[-1]
        is_missing = error["type"] == "missing" and len(nodes) <= len(error["loc"])
        at = address(node, error["loc"][-1]) if is_missing else address(node)
        if at not in unread and not (error["type"] == "value_error" and _holds_unread(at, unread)):
            mark = node.named_at if is_missing else node.mark
            faults.setdefault(at, Fault(mark, at[1], _message(error, node)))
    return list(faults.values())


def _holds_unread(at: Address, unread: set[Address]) -> bool:
    """Whether an entry of a mapping could not be read, so that it says less than the file does."""
    return any(file == at[0] and path.startswith(f"{at[1]}.") for file, path in unread)


def _message(error: ErrorDetails, node: Node) -> str:
    """Return what is wrong, what was got, and the remedy."""
    kind, context = error["type"], error.get("ctx", {})
    got = node.text if node.text is not None else str(error["input"])
    if kind == "missing":
        return tr("required, and not given; add '{key}'", key=error["loc"][-1])
    if kind in _BOUNDS:
        message, bound = _BOUNDS[kind]
        return tr(message, bound=f"{context[bound]:g}", got=got)
    if kind == "literal_error":
        allowed = [part.strip("' ") for part in str(context["expected"]).replace(" or ", ", ").split(",")]
        return tr("'{got}' is not one of {allowed}", got=got, allowed=", ".join(allowed)) + did_you_mean(got, allowed)
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_too_short":
        return tr("a name is blank; give one")
    return tr("{reason}, got {got}", reason=error["msg"], got=got)
