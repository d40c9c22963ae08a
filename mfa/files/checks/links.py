"""Checks of links: that something is sent at one end and taken at the other."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.files.checks.finding import Finding
from mfa.files.checks.nodes import made_at, taken_at
from mfa.language import tr
from mfa.park.firm import Boundary
from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.park.values import ENVIRONMENT


def link_carries_nothing(scenario: Scenario) -> Iterator[Finding]:
    """A link whose material is not made where it starts, or not taken where it ends."""
    park = scenario.park
    offered = {m for key in scenario.candidates.treatments for m in park.technologies[key].outputs}
    needed = {m for key in scenario.candidates.treatments for m in park.technologies[key].uses}
    for i, link in enumerate(park.links):
        sent, taken = sent_from(park, link.from_), taken_to(park, link)
        if link.status == "candidate":  # an offered plant may stand at either end
            sent, taken = sent | offered, taken or link.material in needed
        if link.material not in sent:
            message = tr("'{material}' is not made at '{node}'", material=link.material, node=link.from_)
            hint = tr("; made there: {names}", names=", ".join(sorted(sent))) if sent else ""
            yield Finding(("park", "links", i), message + hint)
        if not taken:
            message = tr("'{node}' does not take '{material}'; nothing there uses or accepts it",
                         node=link.to, material=link.material)  # fmt: skip
            others = sorted(taken_at(park, park.firms[link.to])) if link.to in park.firms else ()
            hint = tr("; taken there: {names}", names=", ".join(others)) if others else ""
            yield Finding(("park", "links", i), message + hint)


def sent_from(park: Park, node: str) -> set[str]:
    """Return the materials that a node can send."""
    if node in park.firms:
        return made_at(park, park.firms[node]) | set(park.firms[node].initial_stock)
    boundary = park.boundary.get(node)
    if boundary is None or boundary.kind not in ("source", "market"):
        return set()
    default = ("raw",) if boundary.kind == "market" else ()
    return {m for m in park.materials if park.lists(boundary.sells or default, m)}


def taken_to(park: Park, link: Link) -> bool:
    """Whether the node at which a link ends takes its material."""
    if link.to in park.firms:
        return link.material in taken_at(park, park.firms[link.to])
    boundary = park.boundary.get(link.to)
    return link.to == ENVIRONMENT if boundary is None else _is_taken(park, boundary, link.material)


def _is_taken(park: Park, boundary: Boundary, material: str) -> bool:
    match boundary.kind:
        case "user" | "town":
            return material in boundary.uses
        case "disposal":
            return park.lists(boundary.accepts, material)
        case "market":
            return park.lists(boundary.buys or ("product",), material)
    return boundary.kind == ENVIRONMENT


def link_to_itself(scenario: Scenario) -> Iterator[Finding]:
    """A link that ends where it starts."""
    for i, link in enumerate(scenario.park.links):
        if link.from_ == link.to:
            message = tr("starts and ends at '{node}', whose lines share what they make; remove the link", node=link.to)
            yield Finding(("park", "links", i), message, "warning")


def bounds_contradict(scenario: Scenario) -> Iterator[Finding]:
    """A link that must carry more than it can, or on which everything is lost."""
    for i, link in enumerate(scenario.park.links):
        if link.at_most is not None and link.at_least > link.at_most:
            message = tr("at_least {least:g} is above at_most {most:g} (per day); swap them",
                         least=link.at_least, most=link.at_most)  # fmt: skip
            yield Finding(("park", "links", i, "at_least"), message)
        if link.loss >= 1:
            message = tr("everything sent is lost; give a loss below 100% or remove the link")
            yield Finding(("park", "links", i, "loss"), message)


def distance_is_unknown(scenario: Scenario) -> Iterator[Finding]:
    """A price per kilometre over a distance that nobody gave."""
    park = scenario.park
    for i, link in enumerate(park.links):
        places = [park.node(node).at if node != ENVIRONMENT else None for node in (link.from_, link.to)]
        if link.transport.per_t_km > 0 and link.distance is None and None in places:
            message = tr("costs per km count as 0, since an end has no place; give  distance  or  at")
            yield Finding(("park", "links", i), message, "warning")
