"""The matchmaker: for every by-product and waste of a park, who could use it, and who is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mfa.errors import UsageError
from mfa.files.holdings import holdings
from mfa.files.nearest import did_you_mean
from mfa.files.search import search
from mfa.language import tr
from mfa.matching.ground import Ground, lay, words_for
from mfa.matching.matches import Match, Matches, Recruit
from mfa.matching.openings import Scene, openings_for, set_scene
from mfa.matching.ranking import Table, Terrain, rank_users, tabulate
from mfa.matching.recruits import Lack, recruits
from mfa.matching.supply import Pair, generated, place, unused
from mfa.park.park import Park
from mfa.park.scenario import LinkDefaults, Scenario
from mfa.step.steady_state import steady_state
from mfa.use_phase.supply import park_in


def match(
    where: Park | Scenario,
    *,
    material: str | None = None,
    within: float | None = None,
    most: int = 10,
    day: date | None = None,
) -> Matches:
    """Find possible users of every by-product and waste of a park, and the kinds of firm that it lacks.

    Every amount is a possibility of its own, beyond what happens today: bounded by what the firm has left and by what
    the user could take of it alone (need × up_to ÷ ratio, and the limits of its feed). The optimiser finds what can be
    had together.

    Args:
        where: a park, or a scenario, whose cost of transport and largest distance then hold; in a region the firms
            carry the names of their parks.
        material: only what this means, in English or Chinese, spelt about right.
        within: km; users farther away are left out.
        most: so many users inside the park, so many in the region, and so many missing kinds of firm.
        day: on which routes must be permitted; by default the last of the scenario.

    Returns:
        Tables of `users` and `missing` firms, and what stays `unused`.

    Raises:
        InputError: a file of the library is broken.
        UsageError: the park has no such material.
    """
    scenario = where if isinstance(where, Scenario) else None
    park = park_in(where.park, where.plan_year) if isinstance(where, Scenario) else where
    day = day or (scenario.time.end if scenario else date.max)
    today = steady_state(park, *((scenario.unknown, scenario.time.step, scenario.allocation) if scenario else ()))
    ground = lay(park, holdings(), day)
    scene = set_scene(ground, day, today)
    supply = unused(park, today)
    if material is not None:
        supply = _only(ground, supply, material)
    tables = {waste: tabulate(ground, waste, openings_for(scene, waste)) for _, waste in sorted(supply)}
    linked = frozenset((link.from_, link.to, link.material) for link in park.links if link.status != "candidate")
    defaults = scenario.candidates.defaults if scenario else LinkDefaults()
    if within is None and scenario is not None:
        within = scenario.candidates.within
    terrain = Terrain(ground, defaults, within, most, linked)
    left = place(scene.needs, park, supply, tables)
    return Matches(
        found=tuple(_users(terrain, tables, supply)),
        recruits=tuple(_missing(scene, left, most)),
        unused=supply,
        left=left,
        full={pair: users for pair in supply if (users := _full(tables[pair[1]], pair[0]))},
        assumptions=_assumptions(ground),
    )


def _only(ground: Ground, supply: dict[Pair, float], query: str) -> dict[Pair, float]:
    """Return the supply of the materials that a query means."""
    names = {}
    for material in sorted({material for _, material in supply}):
        aliases = ground.holdings.aliases.get(ground.taken_for.get(material, material), ())
        names[material] = words_for(ground.own.materials[material], aliases)
    meant = search(query, names)
    if not meant:
        known = [word for words in names.values() for word in words]
        text = tr("no firm here makes '{query}' as a by-product or waste", query=query)
        raise UsageError(text + (did_you_mean(query, known) or tr("; there are {known}", known=", ".join(names))))
    return {pair: amount for pair, amount in supply.items() if pair[1] in meant}


def _full(table: Table, source: str) -> tuple[str, ...]:
    """Return who could take a waste of a firm, but has no room for more."""
    return tuple(sorted({opening.user for opening in table.full if opening.user != source}))


def _users(terrain: Terrain, tables: dict[str, Table], supply: dict[Pair, float]) -> Iterator[Match]:
    for (firm, waste), amount in sorted(supply.items()):
        yield from rank_users(terrain, tables[waste], firm, amount)


def _missing(scene: Scene, left: dict[Pair, float], most: int) -> Iterator[Recruit]:
    by_park: dict[str, dict[str, float]] = {}
    for (firm, waste), amount in sorted(left.items()):
        wastes = by_park.setdefault(scene.ground.own.firms[firm].park or "", {})
        wastes[waste] = wastes.get(waste, 0.0) + amount
    made = generated(scene.ground.own)
    for park, wastes in sorted(by_park.items()):
        yield from recruits(scene, Lack(park, wastes, made.get(park, 0.0)), most)


def _assumptions(ground: Ground) -> tuple[str, ...]:
    sentence = "{mine} is taken for {theirs} of the library, whose name it bears"
    return tuple(tr(sentence, mine=mine, theirs=theirs) for mine, theirs in sorted(ground.taken_for.items()))
