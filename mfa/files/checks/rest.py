"""Checks of the park at rest: what runs short, and loops that make mass or run dry (semantics §7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from math import log, prod

from mfa.files.checks.finding import Finding
from mfa.files.checks.technologies import mass_in
from mfa.language import tr
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.park.technology import Technology
from mfa.use_phase.supply import park_in

LineKey = tuple[str, str]

STOPPED = 1e-9
"""A line below this share of its target has come to rest."""

LOSSLESS = 1e-9


@dataclass(frozen=True)
class Feeding:
    """One line feeding another: `made` of a material per unit of the first, `needed` per unit of the second."""

    source: LineKey
    target: LineKey
    material: str
    made: float
    needed: float


def loop_makes_mass(scenario: Scenario) -> Iterator[Finding]:
    """A loop of lines that gives out at least as much mass as all it takes in."""
    park = scenario.park
    feedings = [f for f in feedings_of(park) if park.materials[f.material].is_mass]
    shares = {f: f.made / max(mass_in(park, _technology(park, f.source)), 1e-12) for f in feedings}
    loop = heaviest_loop(feedings, shares)
    if loop:
        gain = prod(shares[f] for f in loop)
        message = "makes mass in the loop {loop}: {gain:.4g} t come out of each tonne that goes in; correct its recipes"
        yield Finding(_at(loop[0].source), tr(message, loop=_name(loop), gain=gain))


def park_does_not_rest(scenario: Scenario) -> Iterator[Finding]:
    """Inputs that nobody sells and of which the park at rest is short; loops that run dry."""
    from mfa.step.steady_state import steady_state

    park = park_in(scenario.park, scenario.time.start.year)
    rest = steady_state(park, scenario.unknown, scenario.time.step, scenario.allocation)
    stopped = {key for key, activity in rest.activity.items() if activity <= STOPPED * _target(park, key)}
    stopped = {key for key in stopped if _target(park, key) > 0 and _stands(park, key)}
    dry = list(dry_loops(park, stopped))
    for loop in dry:
        gain = prod(f.made / f.needed for f in loop)
        message = "the loop {loop} decays to zero: each turn leaves {gain:.4g} of the last; give it another supply"
        yield Finding(_at(loop[0].source), tr(message, loop=_name(loop), gain=gain))
    told = {key for loop in dry for f in loop for key in (f.source, f.target)}
    for firm, line, material in sorted(set(rest.short)):
        if (firm, line) not in told and _stands(park, (firm, line)):
            share = rest.activity[firm, line] / _target(park, (firm, line))
            message = "short of '{material}', which nobody sells: runs at {share:.1%} of its target"
            yield Finding(_at((firm, line)), tr(message, material=material, share=share), "warning")


def _target(park: Park, key: LineKey) -> float:
    return park.firms[key[0]].lines[key[1]].target


def _stands(park: Park, key: LineKey) -> bool:
    """Whether a line is there from the start; one that is still to be built stands idle at rest and lacks nothing."""
    return park.firms[key[0]].lines[key[1]].ready == 0


def _technology(park: Park, key: LineKey) -> Technology:
    return park.technologies[park.firms[key[0]].lines[key[1]].runs]


def feedings_of(park: Park) -> list[Feeding]:
    """Return which line feeds which with an input of its recipe, within a firm or over a link that is there today."""
    lines = [(firm, line) for firm, node in sorted(park.firms.items()) for line in sorted(node.lines)]
    takers: dict[tuple[str, str], list[LineKey]] = {}
    for key in lines:
        for material, amount in _technology(park, key).uses.items():
            if amount > 0:
                takers.setdefault((key[0], material), []).append(key)
    reached: dict[tuple[str, str], set[str]] = {}
    for link in park.links:
        if link.status != "candidate":
            reached.setdefault((link.from_, link.material), set()).add(link.to)
    found = []
    for key in lines:
        for material, made in sorted(_technology(park, key).outputs.items()):
            for node in sorted({key[0], *reached.get((key[0], material), ())}):
                for taker in takers.get((node, material), ()) if made > 0 else ():
                    found.append(Feeding(key, taker, material, made, _technology(park, taker).uses[material]))
    return found


def dry_loops(park: Park, stopped: set[LineKey]) -> Iterator[list[Feeding]]:
    """Yield a loop for each group of stopped lines that wait for one another and for nobody else."""
    feedings = [f for f in feedings_of(park) if f.source in stopped and f.target in stopped]
    needs = {
        key: {m for m, a in _technology(park, key).uses.items() if a > 0 and not _is_bought(park, m)} for key in stopped
    }
    waiting = set(stopped)
    while True:  # a line that lacks something no waiting line could give it is idle, not in a loop
        fed = {(f.target, f.material) for f in feedings if f.source in waiting}
        idle = {key for key in waiting if not needs[key] or any((key, m) not in fed for m in needs[key])}
        if not idle:
            break
        waiting -= idle
    left = [f for f in feedings if {f.source, f.target} <= waiting and f.material in needs[f.target]]
    while left:
        loop = _walk_back(left)
        yield loop
        seen = {f.source for f in loop}
        left = [f for f in left if not {f.source, f.target} & seen]
        left = _cyclic(left)


def _is_bought(park: Park, material: str) -> bool:
    return park.market_for(material, "sells") is not None


def _walk_back(feedings: list[Feeding]) -> list[Feeding]:
    """Return a loop, found by going from taker to maker until a line is met again."""
    into = {f.target: f for f in reversed(feedings)}
    key = min(into)
    path: list[Feeding] = []
    while key not in [f.target for f in path]:
        path.append(into[key])
        key = into[key].source
    return list(reversed(path[[f.target for f in path].index(key) :]))


def _cyclic(feedings: list[Feeding]) -> list[Feeding]:
    """Return the feedings left when those from or to a dead end are taken away, again and again."""
    while True:
        sources, targets = {f.source for f in feedings}, {f.target for f in feedings}
        left = [f for f in feedings if f.source in targets and f.target in sources]
        if len(left) == len(feedings):
            return left
        feedings = left


def heaviest_loop(feedings: Iterable[Feeding], shares: Mapping[Feeding, float]) -> list[Feeding]:
    """Return a loop along which the product of `shares` is at least 1; empty where there is none.

    Bellman and Ford's search for a negative loop, with −log of the shares as lengths.
    """
    edges = _cyclic(list(feedings))
    length = {f: -log(shares[f]) - LOSSLESS for f in edges}
    distance = {key: 0.0 for f in edges for key in (f.source, f.target)}
    last: dict[LineKey, Feeding] = {}
    shortened: Feeding | None = None
    for _ in distance:
        shortened = None
        for f in edges:
            if distance[f.source] + length[f] < distance[f.target] - 1e-15:
                distance[f.target] = distance[f.source] + length[f]
                last[f.target] = shortened = f
        if shortened is None:
            return []
    if shortened is None:
        return []
    key = reduce(lambda at, _: last[at].source, distance, shortened.target)  # surely on the loop by now
    loop = [last[key]]
    while loop[-1].source != key:
        loop.append(last[loop[-1].source])
    return list(reversed(loop))


def _name(loop: list[Feeding]) -> str:
    """Return a loop as text: `a.mill –clinker→ b.kiln –dust→ a.mill`."""
    steps = [f"{'.'.join(f.source)} –{f.material}→ " for f in loop]
    return "".join(steps) + ".".join(loop[0].source)


def _at(key: LineKey) -> tuple[str, ...]:
    return ("park", "firms", key[0], "lines", key[1])
