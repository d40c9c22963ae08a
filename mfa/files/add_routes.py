"""Routes in a scenario that asks for them: each becomes an acceptance of the technology that can take its waste."""

from __future__ import annotations

from datetime import date

from mfa.files.holdings import Holdings, read_holdings
from mfa.files.route_acceptances import Recipe, route_acceptances
from mfa.files.tree import Mark, Node, join
from mfa.park.technology import Acceptance, Limit


def add_routes(root: Node) -> Node:
    """Return the tree in which technologies accept what routes bring them, where `candidates.routes` is true.

    Only materials that the park has already are brought; what a file or the library accepts stays as it is, so that a
    scenario written with its routes reads back equal. Routes must be permitted at the end of the scenario.

    Raises:
        UnreadableError: a file of the library is broken.
    """
    candidates, park = root.get("candidates"), root.get("park")
    technologies = park.get("technologies") if park is not None else None
    if candidates is None or candidates.word("routes") != "true" or park is None or technologies is None:
        return root
    holdings, day = read_holdings(), _last_day(root)
    materials = park.get("materials")
    known = frozenset(materials.fields if materials is not None else ())
    wider = {key: _wider(key, node, holdings, day, known) for key, node in technologies.fields.items()}
    technologies = technologies.with_content(wider)
    return root.with_content({**root.fields, "park": park.with_content({**park.fields, "technologies": technologies})})


def _last_day(root: Node) -> date:
    """Return the last day of a scenario; one that cannot be read is told elsewhere."""
    time = root.get("time")
    try:
        return date.fromisoformat((time.word("end") or "") if time is not None else "")
    except ValueError:
        return date.max


def _wider(key: str, node: Node, holdings: Holdings, day: date, known: frozenset[str]) -> Node:
    accepts, limits, uses, emits = (node.get(name) for name in ("accepts", "limits", "uses", "emits_per"))
    accepted = accepts.items if accepts is not None else []
    limited = limits.items if limits is not None else []
    recipe = Recipe(
        key, node.word("product") or "", uses.fields.keys() if uses is not None else (),
        {word for entry in accepted if (word := entry.word("material"))},
        {(name, entry.word("of") or "feed") for entry in limited for name in _bounded(entry)},
        emits.fields.keys() if emits is not None else (),
    )  # fmt: skip
    more: list[Node] = []
    stricter: list[Node] = []
    for route, acceptance, on_material in route_acceptances(holdings, recipe, day):
        if acceptance.material in known:
            mark = holdings.root.fields["routes"].fields[route.id].named_at
            more.append(_entry(acceptance, mark, join(node.path, "accepts")))
            stricter += [_entry(limit, mark, join(node.path, "limits")) for limit in on_material]
    if not more:
        return node
    fields = {**node.fields, "accepts": (accepts or Node([], node.mark)).with_content([*accepted, *more])}
    if stricter:
        fields["limits"] = (limits or Node([], node.mark)).with_content([*limited, *stricter])
    return node.with_content(fields)


def _bounded(limit: Node) -> list[str]:
    total = limit.get("sum")
    return list(total.fields) if total is not None else [limit.word("substance") or ""]


def _entry(value: Acceptance | Limit, mark: Mark, path: str) -> Node:
    """Return a value as it would stand in a file, at the place of the route that it comes from."""
    plain = value.model_dump(by_alias=True, exclude_defaults=True)
    return Node({key: Node(str(entry), mark, join(path, key), plain=False) for key, entry in plain.items()}, mark, path)
