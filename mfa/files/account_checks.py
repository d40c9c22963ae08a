"""What is wrong with an account before any number is worked out: names, nodes, parts, units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from mfa.errors import Problem
from mfa.files.account_units import usual_units
from mfa.files.nearest import did_you_mean
from mfa.language import tr
from mfa.park.account import Account, Flow
from mfa.park.values import ENVIRONMENT

MOST = 50
"""So many problems of one kind are told at once; near names for more would take minutes."""


def check_account(account: Account) -> list[Problem]:
    """Return every error and warning on an account, by place."""
    checks = (_duplicates, _references, _nodes, _ends, _parts, _units, _loops, _signs, _shares, _splits)
    problems = [problem for check in checks for problem in islice(check(account), MOST)]
    return sorted(problems, key=lambda problem: (_line(problem.place), problem))


def _line(place: str) -> int:
    parts = place.rsplit(":", 2)
    return int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else 0


def _at(account: Account, place: str, path: str, text: str, level: Literal["error", "warning"] = "error") -> Problem:
    return Problem(place or account.name, path, text, level)


def _duplicates(account: Account) -> Iterator[Problem]:
    """Yield flows and coefficients whose names are taken."""
    if not account.flows:
        yield _at(account, "", "flows", tr("the account has no flows; write one row for each"))
    seen: dict[str, str] = {}
    named = [(account.key(flow), flow.place) for flow in account.flows]
    named += [(item.id, item.place) for item in (*account.transfer_coefficients, *account.concentrations)]
    for name, place in named:
        if name in seen:
            text = tr("'{name}' is already given in {place}; rename or remove one of the two",
                      name=name, place=seen[name] or account.name)  # fmt: skip
            yield _at(account, place, name, text)
        seen.setdefault(name, place)


def _references(account: Account) -> Iterator[Problem]:
    """Yield coefficients and relations that name quantities which do not exist."""
    flows = {account.key(flow) for flow in account.flows}
    named = [(c.id, c.place, (c.of, *c.from_)) for c in account.transfer_coefficients]
    named += [(c.id, c.place, (c.content, c.carrier)) for c in account.concentrations]
    for owner, place, names in named:
        for name in names:
            if name not in flows:
                text = tr("there is no flow '{name}'", name=name) + did_you_mean(name, flows)
                yield _at(account, place, owner, text)
        if names[0] in names[1:]:
            yield _at(account, place, owner, tr("a flow cannot be a share of itself; name two flows"))
    for relation in account.relations:
        for name in sorted({name for term in relation.terms for name in term.of} - set(account.quantities)):
            text = tr("there is no flow or coefficient '{name}'", name=name) + did_you_mean(name, account.quantities)
            yield _at(account, relation.place, relation.text, text)


def _nodes(account: Account) -> Iterator[Problem]:
    """Yield nodes that a file which lists its nodes does not list."""
    known = {*account.nodes, ENVIRONMENT}
    for flow in account.flows if account.nodes else ():
        for node in dict.fromkeys((flow.source, flow.target)):
            if node not in known:
                text = tr("unknown node '{name}'; add it to nodes", name=node) + did_you_mean(node, known)
                yield _at(account, flow.place, flow.id, text)


def _ends(account: Account) -> Iterator[Problem]:
    """Yield nodes that only receive or only give: their balance would force every one of their flows to zero."""
    for layer in account.layer_order:
        flows = [flow for flow in account.flows if flow.layer == layer and flow.source != flow.target]
        into, out = ({getattr(flow, end): flow for flow in reversed(flows)} for end in ("target", "source"))
        nodes = (into.keys() | out.keys()) - {ENVIRONMENT}
        for node in sorted(nodes - (into.keys() & out.keys())):
            flow, shown = into.get(node) or out[node], node if len(account.layer_order) == 1 else f"{node}:{layer}"
            text = (
                tr("nothing leaves '{node}', so its balance would be zero; add what leaves it, or write environment",
                   node=shown) if node in into else
                tr("nothing enters '{node}', so its balance would be zero; add what enters it, or write environment",
                   node=shown)
            )  # fmt: skip
            yield _at(account, flow.place, flow.id, text + did_you_mean(node, nodes - {node}))


def _parts(account: Account) -> Iterator[Problem]:
    """Yield parts that hang together with nothing else: a closed one is an error, another a warning."""
    group = _groups(account)
    members: dict[str, list[Flow]] = defaultdict(list)
    for flow in account.flows:
        inside = flow.source if flow.source != ENVIRONMENT else flow.target
        if inside != ENVIRONMENT:
            members[group[inside]].append(flow)
    tied = _tied(account, group)
    parts = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    for part, flows in parts[1:]:
        nodes = ", ".join(sorted({n for f in flows for n in (f.source, f.target)} - {ENVIRONMENT})[:8])
        is_open = any(ENVIRONMENT in (flow.source, flow.target) for flow in flows)
        if is_open or part in tied:
            if part not in tied:
                text = tr(
                    "the part with {nodes} shares no flow with the rest; check the names of its nodes", nodes=nodes
                )
                yield _at(account, flows[0].place, flows[0].id, text, "warning")
            continue
        text = tr("the part with {nodes} is connected with neither the rest nor the environment; add the flow that "
                  "links it, or correct the names of its nodes", nodes=nodes)  # fmt: skip
        yield _at(account, flows[0].place, flows[0].id, text)


def _groups(account: Account) -> dict[str, str]:
    """Return node → the name of the part it belongs to."""
    group: dict[str, str] = {}

    def root(node: str) -> str:
        group.setdefault(node, node)
        while group[node] != node:
            group[node] = group[group[node]]
            node = group[node]
        return node

    for flow in account.flows:
        ends = [root(node) for node in (flow.source, flow.target) if node != ENVIRONMENT]
        if ends:
            group[max(ends)] = min(ends)
    return {node: root(node) for node in list(group)}


def _tied(account: Account, group: dict[str, str]) -> set[str]:
    """Return the parts that a coefficient or relation ties to another part."""
    place = {account.key(flow): group.get(flow.source) or group.get(flow.target) for flow in account.flows}
    ties = [(item.of, *item.from_) for item in account.transfer_coefficients]
    ties += [tuple(name for term in relation.terms for name in term.of) for relation in account.relations]
    found = [{place[name] for name in names if place.get(name)} for names in ties]
    return {str(part) for parts in found if len(parts) > 1 for part in parts}


def _units(account: Account) -> Iterator[Problem]:
    """Yield flows whose unit is not that of their layer: a balance adds them up."""
    usual = usual_units(account)
    for flow in account.flows:
        if flow.unit and flow.unit != usual[flow.layer]:
            text = tr("the flow is in {unit}, others of layer '{layer}' in {usual}; use one unit in a layer",
                      unit=flow.unit, layer=flow.layer, usual=usual[flow.layer])  # fmt: skip
            yield _at(account, flow.place, flow.id, text)


def _loops(account: Account) -> Iterator[Problem]:
    """Yield flows that enter no balance."""
    for flow in account.flows:
        if flow.source == flow.target:
            text = tr("the flow leads from '{node}' to itself and enters no balance", node=flow.source)
            yield _at(account, flow.place, flow.id, text, "warning")


def _signs(account: Account) -> Iterator[Problem]:
    """Yield values below zero that are exact where nothing may be negative."""
    for name, quantity in account.quantities.items() if account.non_negative else ():
        if quantity.is_exact and quantity.value is not None and quantity.value < 0:
            text = tr("the exact value is negative, but non_negative is asked for; correct one of the two")
            yield _at(account, quantity.place, name, text)


def _shares(account: Account) -> Iterator[Problem]:
    """Yield shares of what enters a node that are below 0 or above 1."""
    flows = {account.key(flow): flow for flow in account.flows}
    for share in account.transfer_coefficients:
        of, sources = flows.get(share.of), [flows[name] for name in share.from_ if name in flows]
        is_split = of is not None and all((of.source, of.layer) == (flow.target, flow.layer) for flow in sources)
        if is_split and share.value is not None and not 0 <= share.value <= 1:
            text = tr("a share of what enters a node lies between 0 and 1, not at {value:g}; check it",
                      value=share.value)  # fmt: skip
            yield _at(account, share.place, share.id, text, "warning")


def _splits(account: Account) -> Iterator[Problem]:
    """Yield nodes all of whose exact shares do not add up to 1: only zero flows would satisfy them."""
    into: dict[tuple[str, str], set[str]] = defaultdict(set)
    out: dict[tuple[str, str], set[str]] = defaultdict(set)
    for flow in account.flows:
        into[flow.target, flow.layer].add(account.key(flow))
        out[flow.source, flow.layer].add(account.key(flow))
    exact = {(share.of, frozenset(share.from_)): share for share in account.transfer_coefficients if share.is_exact}
    for (node, layer), flows in sorted(into.items()):
        shares = [exact.get((name, frozenset(flows))) for name in sorted(out[node, layer])]
        found = [share for share in shares if share is not None]
        total = sum(share.value or 0.0 for share in found)
        if found and len(found) == len(shares) and abs(total - 1) > 1e-9:
            text = tr("the shares {names} of what enters '{node}' add up to {total:.6g}; they must add up to 1",
                      names=", ".join(share.id for share in found), node=node, total=total)  # fmt: skip
            yield _at(account, found[-1].place, found[-1].id, text)
