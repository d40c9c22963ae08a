"""The ground a matchmaker stands on: a park with the library around it, and what each of its wastes is called there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mfa.files.holdings import Holdings
from mfa.files.search import plain
from mfa.park.contents import Contents
from mfa.park.material import Material
from mfa.park.park import Park
from mfa.park.route import Route
from mfa.park.technology import Acceptance, Technology

MATCHED_CLASSES = frozenset({"by_product", "solid_waste", "bulk_solid_waste", "hazardous_waste"})
"""Classes for which users are sought wherever they are made; energy, water and gas only where they are released."""


@dataclass(frozen=True)
class Ground:
    """A park in which the library is known.

    `park` holds the park's own materials and technologies over those of the library; `taken_for` says as which
    material of the library one of the park counts; `routes` are those permitted, `barred` those that are not on
    that day, by waste.
    """

    park: Park
    own: Park
    holdings: Holdings
    contents: Contents
    taken_for: Mapping[str, str]
    routes: Mapping[str, tuple[Route, ...]]
    barred: Mapping[str, tuple[Route, ...]]

    def routes_of(self, material: str) -> tuple[Route, ...]:
        """Return the permitted routes of a material of the park."""
        return self.routes.get(self.taken_for.get(material, material), ())

    def barred_for(self, material: str) -> tuple[Route, ...]:
        """Return the routes of a material of the park that no longer or not yet are permitted."""
        return self.barred.get(self.taken_for.get(material, material), ())


class KnownContents(Contents):
    """Contents of the park's materials as the park alone makes them, and of others as the library says."""

    def __init__(self, own: Park, whole: Park) -> None:
        super().__init__(whole)
        self._own_materials = own.materials
        self._own_contents = Contents(own)

    def of(self, material: str, name: str) -> float | None:
        """Return the dry fraction of a substance or the value of a property; None where unknown."""
        if material in self._own_materials:
            return self._own_contents.of(material, name)
        return super().of(material, name)


def lay(park: Park, holdings: Holdings, day: date | None) -> Ground:
    """Return the ground of a park.

    Args:
        park: what it defines overrules the library.
        holdings: the library.
        day: on which routes must be permitted; without one, routes that have ended are left out.
    """
    taken_for = _identities(park, holdings)
    materials = {**holdings.materials, **park.materials}
    technologies = {key: _accepting(technology, taken_for)
                    for key, technology in {**holdings.technologies, **park.technologies}.items()}  # fmt: skip
    whole = park.replace(materials=materials, technologies=technologies)
    routes: dict[str, tuple[Route, ...]] = {}
    barred: dict[str, tuple[Route, ...]] = {}
    for _, route in sorted(holdings.routes.items()):
        shelf = routes if route.holds_on(day or date.max) else barred
        shelf[route.waste] = (*shelf.get(route.waste, ()), route)
    return Ground(whole, park, holdings, KnownContents(park, whole), taken_for, routes, barred)


def _identities(park: Park, holdings: Holdings) -> dict[str, str]:
    """Return which materials of a park, not of the library, bear the name of one of the library."""
    named = {plain(word): key for key, entry in sorted(holdings.materials.items())
             for word in words_for(entry, holdings.aliases.get(key, ()))}  # fmt: skip
    found = {}
    for key, material in sorted(park.materials.items()):
        if key in holdings.materials:
            continue
        known = [named[word] for word in map(plain, words_for(material)) if word in named]
        if known and (material.is_waste or material.class_ == "by_product"):
            found[key] = known[0]
    return found


def words_for(material: Material, aliases: Iterable[str] = ()) -> list[str]:
    """Return all that a material is called."""
    return [word for word in (material.id, material.name.en, material.name.zh, *aliases) if word]


def _accepting(technology: Technology, taken_for: Mapping[str, str]) -> Technology:
    """Return a technology that takes a material of the park for the one of the library whose name it bears."""
    more: list[Acceptance] = []
    for mine, theirs in taken_for.items():
        more += [a.replace(material=mine) for a in technology.accepts if a.material == theirs]
        if technology.uses.get(theirs):
            more.append(Acceptance(material=mine, replaces=theirs, source=technology.source,
                                   confidence=technology.confidence))  # fmt: skip
    if not more:
        return technology
    limits = [limit.replace(material=mine) for mine, theirs in taken_for.items()
              for limit in technology.limits if limit.material == theirs]  # fmt: skip
    return technology.replace(accepts=(*technology.accepts, *more), limits=(*technology.limits, *limits))
