"""Single numbers of a scenario by path, as `change:` writes paths: `park.firms.kiln.lines.clinker_kiln.capacity`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from mfa.language import tr
from mfa.park.values import FrozenDict, Value

Step = str | int
V = TypeVar("V", bound=Value)


def number_at(value: Value, path: str) -> float:
    """Return the number at a path; a number that is not given reads 0.

    Raises:
        ValueError: the path leads nowhere, or not to a number.
    """
    found: Any = value
    for step in steps_to(value, path):
        found = _entry(found, step)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int | float)):
        raise ValueError(tr("{path}: there is no number", path=path))
    return float(found or 0.0)


def with_numbers(value: V, numbers: Mapping[str, float]) -> V:
    """Return a scenario with other numbers at some paths, each type checking its own.

    Raises:
        ValueError: a path leads nowhere, or a number cannot stand there.
    """
    for path, number in numbers.items():
        try:
            value = _put(value, steps_to(value, path), number)
        except ValidationError as error:
            reason = error.errors(include_url=False)[0]["msg"]
            raise ValueError(tr("{path}: {number:g} cannot stand here: {reason}",
                                path=path, number=number, reason=reason)) from error  # fmt: skip
    return value


def path_of(value: Value, location: tuple[Step, ...]) -> str:
    """Return a location as a path; entries of lists by their id or name where they have one of their own."""
    path, found = "", value
    for step in location:
        names = [name for name, other in _names(found).items() if other == step]
        path += names[-1] if names[-1].startswith("[") or not path else f".{names[-1]}"
        found = _entry(found, step)
    return path


def _names(value: Any) -> dict[str, Step]:
    """Return how a path calls the entries of a value → the entries; a later name of an entry is the better one."""
    if isinstance(value, Value):
        return {field.alias or name: field.alias or name for name, field in type(value).model_fields.items()}
    if isinstance(value, Mapping):
        return {str(key): key for key in value}
    if not isinstance(value, tuple):
        return {}
    words = [getattr(item, "id", None) or getattr(item, "name", None) for item in value]
    own: dict[str, Step] = {word: i for i, word in enumerate(words) if isinstance(word, str) and words.count(word) == 1}
    by_position: dict[str, Step] = {f"[{i}]": i for i in range(len(value))}
    return by_position | own


def steps_to(value: Value, path: str) -> tuple[Step, ...]:
    """Return the location that a path leads to; raises ValueError where it leads nowhere."""
    steps: list[Step] = []
    found: Any = value
    rest = path
    while rest:
        names = _names(found)
        fits = [name for name in names if rest == name or rest.startswith((f"{name}.", f"{name}["))]
        if not fits:
            raise ValueError(tr("{path}: the path leads nowhere, there is no '{rest}'", path=path, rest=rest))
        name = max(fits, key=len)
        steps.append(names[name])
        found = _entry(found, names[name])
        rest = rest.removeprefix(name).removeprefix(".")
    return tuple(steps)


def _entry(value: Any, step: Step) -> Any:
    if not isinstance(value, Value):
        return value[step]
    names = {field.alias or name: name for name, field in type(value).model_fields.items()}
    return getattr(value, names[str(step)])


def _put(value: Any, steps: tuple[Step, ...], number: float) -> Any:
    if not steps:
        return number
    step, *rest = steps
    entry = _put(_entry(value, step), tuple(rest), number)
    if isinstance(value, Value):
        return value.replace(**{str(step): entry})
    if isinstance(value, Mapping):
        return FrozenDict({**value, step: entry})
    return (*value[: int(step)], entry, *value[int(step) + 1 :])
