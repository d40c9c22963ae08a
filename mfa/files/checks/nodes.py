"""Checks of firms and boundary nodes."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.files.checks.finding import Finding
from mfa.files.nearest import did_you_mean
from mfa.language import tr
from mfa.park.firm import Boundary, Firm
from mfa.park.park import Park
from mfa.park.scenario import Scenario

NEEDED = {"source": "sells", "user": "uses", "town": "uses", "disposal": "accepts"}
"""What a boundary node of a kind is for."""


def stock_exceeds_storage(scenario: Scenario) -> Iterator[Finding]:
    """More of a material at the start than the firm can keep."""
    for key, firm in sorted(scenario.park.firms.items()):
        for material, stock in sorted(firm.initial_stock.items()):
            room = firm.storage.get(material)
            if room is not None and stock > room * (1 + 1e-12):
                known = scenario.park.materials.get(material)
                message = tr("starts with {stock:g} {unit}, more than its storage of {room:g} {unit}; make room",
                             stock=stock, room=room, unit=known.unit if known else "")  # fmt: skip
                yield Finding(("park", "firms", key, "initial_stock", material), message)


def stock_of_what_cannot_be_stored(scenario: Scenario) -> Iterator[Finding]:
    """A stock or a store of steam, power and the like."""
    materials = scenario.park.materials
    for key, firm in sorted(scenario.park.firms.items()):
        for field in ("initial_stock", "storage"):
            for material in sorted(getattr(firm, field)):
                if not materials[material].storable:
                    message = tr("'{name}' cannot be stored; remove it, or give it  storable: true", name=material)
                    yield Finding(("park", "firms", key, field, material), message)


def line_is_unknown(scenario: Scenario) -> Iterator[Finding]:
    """Maintenance or a disruption of a line that the firm does not have."""
    firms = scenario.park.firms
    for key, firm in sorted(firms.items()):
        for i, stop in enumerate(firm.maintenance):
            yield from _unknown_line(firm, stop.line, ("park", "firms", key, "maintenance", i, "line"))
    for i, disruption in enumerate(scenario.disruptions):
        yield from _unknown_line(firms[disruption.firm], disruption.line, ("disruptions", i, "line"))


def _unknown_line(firm: Firm, line: str | None, at: tuple[str | int, ...]) -> Iterator[Finding]:
    if line is not None and line not in firm.lines:
        yield Finding(at, tr("'{firm}' has no line '{name}'", firm=firm.id, name=line) + did_you_mean(line, firm.lines))


def blocks_what_is_not_made(scenario: Scenario) -> Iterator[Finding]:
    """An output that blocks a firm which does not make it."""
    for key, firm in sorted(scenario.park.firms.items()):
        made = made_at(scenario.park, firm)
        for i, material in enumerate(firm.blocks):
            if material not in made:
                message = tr("'{name}' is not made here, so it blocks nothing", name=material)
                yield Finding(("park", "firms", key, "blocks", i), message + did_you_mean(material, made), "warning")


def made_at(park: Park, firm: Firm) -> set[str]:
    """Return the materials that a firm's lines make."""
    return {m for line in firm.lines.values() for m in park.technologies[line.runs].outputs}


def taken_at(park: Park, firm: Firm) -> set[str]:
    """Return the materials that a firm's lines use or accept."""
    technologies = [park.technologies[line.runs] for line in firm.lines.values()]
    return {m for t in technologies for m in (*t.uses, *(a.material for a in t.accepts))}


def firm_is_isolated(scenario: Scenario) -> Iterator[Finding]:
    """A firm without lines, or one that nobody supplies and nobody buys from."""
    park = scenario.park
    linked = {node for link in park.links for node in (link.from_, link.to)}
    disposals = park.boundaries("disposal")
    for key, firm in sorted(park.firms.items()):
        if not firm.lines:
            yield Finding(
                ("park", "firms", key), tr("has no lines and so does nothing; give it  runs  or  lines"), "warning"
            )
        elif key not in linked and not _trades(park, firm, disposals):
            message = tr("is isolated: no link, and no market sells to it or buys from it")
            yield Finding(("park", "firms", key), message, "warning")


def _trades(park: Park, firm: Firm, disposals: list[Boundary]) -> bool:
    made, taken = made_at(park, firm), taken_at(park, firm)
    return (
        any(park.market_for(m, "sells") for m in taken)
        or any(park.market_for(m, "buys") for m in made)
        or any(park.lists(site.accepts, m) for site in disposals for m in made)
    )


def place_off_the_globe(scenario: Scenario) -> Iterator[Finding]:
    """A place by longitude and latitude that is none."""
    park = scenario.park
    places = [("firms", key, firm.at) for key, firm in sorted(park.firms.items())]
    places += [("boundary", key, node.at) for key, node in sorted(park.boundary.items())]
    for part, key, at in places:
        if park.coordinates == "lonlat" and at is not None and not _is_on_globe(*at):
            message = tr("[{lon:g}, {lat:g}] is no longitude and latitude; write the longitude first",
                         lon=at[0], lat=at[1])  # fmt: skip
            yield Finding(("park", part, key, "at"), message)


def _is_on_globe(lon: float, lat: float) -> bool:
    return abs(lon) <= 180 and abs(lat) <= 90


def boundary_does_nothing(scenario: Scenario) -> Iterator[Finding]:
    """A boundary node without what its kind is for, or with what its kind does not act on."""
    for key, node in sorted(scenario.park.boundary.items()):
        needed = NEEDED.get(node.kind)
        if needed is not None and not getattr(node, needed):
            message = tr("a {kind} without '{key}' does nothing; add it", kind=node.kind, key=needed)
            yield Finding(("park", "boundary", key), message, "warning")
        for material in sorted(node.supplies.keys() - set(node.sells)):
            message = tr("supplies '{name}' and does not sell it; add it to sells", name=material)
            yield Finding(("park", "boundary", key, "supplies", material), message)
