"""What could be built: plants on offer and candidate links, with a reason for every refusal (semantics §7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mfa.language import tr
from mfa.park.contents import Contents
from mfa.park.firm import Firm, Line
from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.plan import Refusal
from mfa.park.scenario import LinkDefaults, Scenario
from mfa.park.technology import Acceptance, Technology
from mfa.step.feeds import Feed, feed_of

Triple = tuple[str, str, str]
"""Source, target, material."""


@dataclass(frozen=True)
class Offers:
    """The park with everything that may be built (lines and links of status `candidate`), and what was refused."""

    park: Park
    refusals: tuple[Refusal, ...]


def offer(scenario: Scenario) -> Offers:
    """Return the park with all offered plants and candidate links, and every refused pair with its reason.

    Args:
        scenario: what is there, and under `candidates` what may be built.
    """
    park = offer_plants(scenario.park, scenario.candidates.treatments)
    if not scenario.candidates.generate:
        return Offers(park, ())
    feeds = _feeds(park, scenario)
    new: list[Link] = []
    refusals: list[Refusal] = []
    taken = {link.id for link in park.links}
    for triple in _pairs(park, feeds):
        refusal = _refuse(park, scenario, feeds, triple)
        if refusal is None:
            new.append(_new_link(park, scenario.candidates.defaults, triple, taken))
        elif refusal.code:
            refusals.append(refusal)
    return Offers(park.replace(links=park.links + tuple(new)), tuple(refusals))


def offer_plants(park: Park, treatments: tuple[str, ...]) -> Park:
    """Return the park with a candidate line for every place where an offered treatment could stand.

    At the sender: firms that make an input which nobody sells. At the receiver: firms that take the product.
    Plants on offer may feed one another.
    """
    while True:
        places = [(firm, t) for t in sorted(treatments) for firm in _places(park, park.technologies[t])]
        missing = [(f, t) for f, t in places if t not in {line.runs for line in park.firms[f].lines.values()}]
        if not missing:
            return park
        firms = dict(park.firms)
        for firm, treatment in missing:
            firms[firm] = _with_plant(park, firms[firm], park.technologies[treatment])
        park = park.replace(firms=firms)


def _with_plant(park: Park, firm: Firm, technology: Technology) -> Firm:
    capacity = technology.capacity or largest_output(park, technology)
    line = Line(id=technology.id, runs=technology.id, capacity=capacity, status="candidate")
    return firm.replace(lines={**firm.lines, technology.id: line})


def largest_output(park: Park, technology: Technology) -> float:
    """Return the most of its product a treatment could ever make of what the park makes, units a day."""
    made = {
        m: sum(
            line.target * park.technologies[line.runs].outputs.get(m, 0.0)
            for firm in park.firms.values()
            for line in firm.lines.values()
        )
        for m in unsold_inputs(park, technology)
    }
    return min((made[m] / technology.uses[m] for m in made), default=0.0)


def unsold_inputs(park: Park, technology: Technology) -> list[str]:
    """Return the inputs of a technology that no market sells, by id."""
    return [m for m, amount in sorted(technology.uses.items()) if amount > 0 and park.market_for(m, "sells") is None]


def _places(park: Park, technology: Technology) -> list[str]:
    if technology.at == "sender":
        wanted = set(unsold_inputs(park, technology))
        return [f for f in sorted(park.firms) if wanted & makes(park, f)]
    if technology.at == "receiver":
        takers = [f for f in sorted(park.firms) if _takes(park, f, technology.product)]
        return takers
    return [technology.at] if technology.at in park.firms else []


def makes(park: Park, firm: str) -> set[str]:
    """Return the materials that the lines of a firm make, offered plants included."""
    return {m for line in park.firms[firm].lines.values() for m in park.technologies[line.runs].outputs}


def _takes(park: Park, firm: str, material: str) -> bool:
    technologies = [park.technologies[line.runs] for line in park.firms[firm].lines.values()]
    return any(
        material in unsold_inputs(park, t) or any(a.material == material for a in t.accepts) for t in technologies
    )


def _feeds(park: Park, scenario: Scenario) -> dict[str, Feed]:
    contents = Contents(park)
    used = {line.runs for firm in park.firms.values() for line in firm.lines.values()}
    return {t: feed_of(park, park.technologies[t], contents, scenario.unknown) for t in sorted(used)}


def _pairs(park: Park, feeds: dict[str, Feed]) -> Iterator[Triple]:
    """Yield every (source, target, material) that a recipe, a substitution or a quantity connects."""
    takers: dict[str, set[str]] = {}
    for firm in sorted(park.firms):
        for line in park.firms[firm].lines.values():
            technology = feeds[line.runs].technology
            for material in (*unsold_inputs(park, technology), *(a.material for a in technology.accepts)):
                takers.setdefault(material, set()).add(firm)
    for node, boundary in sorted(park.boundary.items()):
        for material in boundary.uses:
            takers.setdefault(material, set()).add(node)
    for source in sorted(park.firms):
        for material in sorted(makes(park, source)):
            for target in sorted(takers.get(material, ())):
                if source != target:
                    yield source, target, material


def _refuse(park: Park, scenario: Scenario, feeds: dict[str, Feed], triple: Triple) -> Refusal | None:
    """Return why a pair is refused; None where it may be linked; an empty code where there is nothing to say."""
    source, target, material = triple
    beside = [k for k in park.links if (k.from_, k.to, k.material) == triple]
    distance = road(park, scenario.candidates.defaults, source, target)
    if any(link.at_most is None or link.status == "candidate" for link in beside):
        return Refusal(source=source, target=target, material=material, code="", reason="-")
    within = scenario.candidates.within
    if within is not None and distance > within:
        reason = tr("{distance:.1f} km away, at most {within:g} km allowed", distance=distance, within=within)
        return Refusal(
            source=source, target=target, material=material, code="distance", reason=reason, distance=distance
        )
    refused = _refused_feeds(park, feeds, target, material)
    if refused is None:
        return None
    acceptance, code, reason = refused
    return Refusal(source=source, target=target, material=material, replaces=acceptance.replaces, code=code,
                   reason=reason, distance=distance)  # fmt: skip


def road(park: Park, defaults: LinkDefaults, source: str, target: str) -> float:
    """Return the length of a new link, km: straight line × its own detour factor, or the park's."""
    factor = park.detour_factor if defaults.detour_factor is None else defaults.detour_factor
    return factor * park.straight_line(source, target)


def _refused_feeds(
    park: Park, feeds: dict[str, Feed], target: str, material: str
) -> tuple[Acceptance, str, str] | None:
    """Return the first refusal of a material at a firm; None where some line there may take it."""
    if target not in park.firms:
        return None
    mine = [feeds[line.runs] for _, line in sorted(park.firms[target].lines.items())]
    for feed in mine:
        if material in unsold_inputs(park, feed.technology) or any(a.material == material for a in feed.permitted):
            return None
    return next(entry for feed in mine for entry in feed.refused if entry[0].material == material)


def _new_link(park: Park, defaults: LinkDefaults, triple: Triple, taken: set[str]) -> Link:
    source, target, material = triple
    name = f"{source}-{target}-{material}"
    number = 2
    while name in taken:
        name = f"{source}-{target}-{material}-{number}"
        number += 1
    taken.add(name)
    return Link(
        id=name, from_=source, to=target, material=material, status="candidate", at_most=defaults.at_most,
        at_least=defaults.at_least, lot=defaults.lot, lead_time=defaults.lead_time, mode=defaults.mode,
        distance=road(park, defaults, source, target), transport=defaults.transport,
        price=defaults.price, set_up=defaults.set_up, loss=defaults.loss,
    )  # fmt: skip
