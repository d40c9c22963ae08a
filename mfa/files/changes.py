"""Single values changed by path: `park.firms.kiln.capacity`, `policies[0].rate.2018`, `park.links.a-b-slag.at_most`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from mfa.files.changed_evidence import assumed, owner_of
from mfa.files.nearest import did_you_mean
from mfa.files.shapes import ByYear, Either, Listing, New, Record, Shape, Table
from mfa.files.tree import Fault, Mark, Node, Step, UnreadableError, join, moved
from mfa.files.yaml_tree import parse_yaml
from mfa.language import tr

COMMAND_LINE = "--set"


@dataclass(frozen=True)
class Change:
    """A new value for one place of a scenario; `path` as the user wrote it."""

    path: str
    value: Node


class PathError(Exception):
    """A path leads nowhere; the message says where it ends."""


def changes_in(root: Node, faults: list[Fault]) -> list[Change]:
    """Return the changes that a file's `change:` lists."""
    node = root.get("change")
    if node is None:
        return []
    if not isinstance(node.content, dict):
        faults.append(Fault(node.mark, node.path, tr("expected a mapping from paths to values")))
        return []
    return [Change(path, entry) for path, entry in node.content.items()]


def changes_from(values: Mapping[str, str], faults: list[Fault]) -> list[Change]:
    """Return the changes that a command or call asks for: path → value as it would stand in the file."""
    changes = []
    for path, value in values.items():
        mark = Mark(f"{COMMAND_LINE} {path}")
        try:
            node, found = parse_yaml(str(value), mark.file)
        except UnreadableError as error:
            faults.append(error.fault)
            continue
        faults += found
        changes.append(Change(path, moved(node, path, mark)))
    return changes


def apply_changes(root: Node, shape: Record, changes: list[Change], faults: list[Fault]) -> tuple[Node, list[str]]:
    """Return the tree with all changes made, and a log `path: old → new`.

    Two changes of one place, or of a place within another's, are an error, as is a path that leads nowhere.
    """
    log: list[str] = []
    done: dict[tuple[Step, ...], Change] = {}
    replaced: dict[tuple[Step, ...], str | None] = {}
    for change in changes:
        place, at = change.value.named_at, change.path
        try:
            steps = find_steps(root, shape, change.path)
        except PathError as error:
            faults.append(Fault(place, at, str(error)))
            continue
        other = next((c for s, c in done.items() if s[: len(steps)] == steps[: len(s)]), None)
        if other is not None:
            message = tr("changed twice, also at {place}; keep one change", place=other.value.named_at)
            faults.append(Fault(place, at, message))
            continue
        done[steps] = change
        old, root = put(root, steps, partial(_replaced, change.value))
        replaced[steps] = None if old is None else show(old)
        log.append(f"{change.path}: {show(old) if old is not None else tr('not set')} → {show(change.value)}")
    return _disowned(root, replaced), log


def _disowned(root: Node, replaced: Mapping[tuple[Step, ...], str | None]) -> Node:
    """Return the tree in which no source of a number that was replaced speaks for the one in its place."""
    for steps, old in replaced.items():
        owner = owner_of(root, steps, replaced)
        if owner:
            root = put(root, owner, partial(assumed, owner, steps, old))[1]
    return root


def _replaced(value: Node, old: Node | None, path: str) -> Node:
    return moved(value, path, value.key if old is None else old.key)


def find_steps(root: Node, shape: Shape, path: str) -> tuple[Step, ...]:
    """Return the steps of a path; keys may hold dots, links and policies may go by their id or name.

    The last key may be new where the form allows it.

    Raises:
        PathError: the path leads nowhere.
    """
    steps: list[Step] = []
    node: Node | None = root
    rest = path
    while rest:
        step, rest = _first_step(node, shape, rest, path)
        shape = _inner(shape, step)
        node = _entry(node, step)
        steps.append(step)
    if not steps:
        raise PathError(tr("the path is empty"))
    return tuple(steps)


def _first_step(node: Node | None, shape: Shape, rest: str, path: str) -> tuple[Step, str]:
    if node is not None and isinstance(node.content, list):
        return _item_step(node, rest, path)
    fields = node.fields if node is not None else {}
    runs = fields["runs"].text if "runs" in fields and "lines" not in fields else None
    if runs is not None and rest.startswith(f"lines.{runs}."):
        rest = rest.removeprefix(f"lines.{runs}.")
    keys = [key for key in fields if rest == key or rest.startswith((f"{key}.", f"{key}["))]
    if keys:
        key = max(keys, key=len)
        return key, rest.removeprefix(key).removeprefix(".")
    key = re.split(r"[.\[]", rest, maxsplit=1)[0]
    allowed = _allowed(shape)
    if key and (allowed is None or key in allowed):
        return key, rest.removeprefix(key).removeprefix(".")
    hint = did_you_mean(key, [*fields, *(allowed or ())])
    raise PathError(tr("the path leads nowhere: there is no '{key}'", key=key) + hint)


def _item_step(node: Node, rest: str, path: str) -> tuple[int, str]:
    number = re.match(r"\[(\d{1,6})\]\.?", rest)
    if number:
        position = int(number.group(1))
        if position >= len(node.items):
            message = "the path leads nowhere: '{path}' asks for entry {position} of {count}, counted from 0"
            raise PathError(tr(message, path=path, position=position, count=len(node.items)))
        return position, rest[number.end() :]
    names = {name: i for i, item in enumerate(node.items)
             if (name := item.word("id") or item.word("name") or item.word("material"))}  # fmt: skip
    found = [name for name in names if rest == name or rest.startswith((f"{name}.", f"{name}["))]
    if found:
        name = max(found, key=len)
        return names[name], rest.removeprefix(name).removeprefix(".")
    word = re.split(r"[.\[]", rest, maxsplit=1)[0]
    raise PathError(tr("the path leads nowhere: there is no '{key}'", key=word) + did_you_mean(word, names))


def _allowed(shape: Shape) -> list[str] | None:
    """Return the keys that may be new in a mapping of this form; None where any may."""
    match shape:
        case Record(fields):
            return list(fields)
        case Table(keys):
            return [] if isinstance(keys, New) else None
        case Either(mapping):
            return _allowed(mapping)
        case ByYear():
            return None
    return []


def _inner(shape: Shape, step: Step) -> Shape:
    match shape:
        case Record(fields):
            return fields.get(str(step), shape)
        case Table(_, values):
            return values
        case Listing(of):
            return of
        case Either(mapping):
            return _inner(mapping, step)
        case ByYear(values):
            return values
    return shape


def _entry(node: Node | None, step: Step) -> Node | None:
    if node is None:
        return None
    return node.items[step] if isinstance(step, int) else node.get(step)


def put(root: Node, steps: tuple[Step, ...], make: Callable[[Node | None, str], Node]) -> tuple[Node | None, Node]:
    """Return what stood at a place (None: nothing), and the tree with what `make` makes of that and of its path."""
    if not steps:
        return root, make(root, root.path)
    step, *rest = steps
    if isinstance(step, int):
        items = list(root.items)
        old, items[step] = put(items[step], tuple(rest), make)
        return old, root.with_content(items)
    inner = root.get(step)
    path = join(root.path, step)
    if inner is not None:
        old, new = put(inner, tuple(rest), make)
    elif rest:
        old, new = put(Node({}, root.mark, path), tuple(rest), make)
    else:
        old, new = None, make(None, path)
    return old, root.with_content({**root.fields, step: new})


def show(node: Node) -> str:
    """Return a tree as one line of text."""
    if isinstance(node.content, str):
        return node.content
    if isinstance(node.content, list):
        return "[" + ", ".join(map(show, node.content)) + "]"
    return "{" + ", ".join(f"{key}: {show(entry)}" for key, entry in node.content.items()) + "}"
