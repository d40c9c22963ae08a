"""Openings: the places in a park where a waste could be used, and how much of it they have room for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mfa.language import tr
from mfa.matching.ground import Ground
from mfa.matching.matches import Check, Fit, fit_of
from mfa.matching.terms import Form, TermBook, Terms, forms_of, route_checks
from mfa.park.firm import Firm
from mfa.park.route import Route
from mfa.step.steady_state import SteadyState


@dataclass(frozen=True)
class Opening:
    """A place where a waste could be used.

    `room` is t (or GJ) of the waste a day that it could take beyond what it takes today, None where its need is
    unknown; `need` names the need that openings of one line share, with t of it that a tonne of waste covers.
    """

    user: str
    park: str
    form: Form
    line: str = ""
    terms: Terms | None = None
    route: Route | None = None
    room: float | None = None
    bounded_by: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def fits(self) -> Fit:
        """Whether all limits are met."""
        return fit_of(self.checks)

    @property
    def need(self) -> tuple[str, str, str] | None:
        """The need that is covered: user, line, input."""
        return (self.user, self.line, self.terms.acceptance.replaces) if self.terms else None

    @property
    def covers(self) -> float:
        """T of the need that one tonne of the waste covers."""
        return self.form.per_tonne * (self.terms.acceptance.ratio if self.terms else 1.0)


class Needs:
    """What lines and boundary nodes need a day, and what of it is covered today by others than the market."""

    def __init__(self, ground: Ground, today: SteadyState) -> None:
        self.total: dict[tuple[str, str, str], float] = {}
        self.covered: dict[tuple[str, str, str], float] = {}
        self.taken: dict[tuple[str, str, str, str], float] = dict(today.used)
        for key, firm in ground.own.firms.items():
            for line in firm.lines.values():
                for material, amount in ground.park.technologies[line.runs].uses.items():
                    self.total[key, line.id, material] = amount * line.target
        ratios = {
            (key, line.id, a.material, a.replaces): a.ratio
            for key, firm in ground.own.firms.items()
            for line in firm.lines.values()
            for a in ground.park.technologies[line.runs].accepts
        }
        for (firm_id, line_id, material, replaced), amount in sorted(today.used.items()):
            key3 = (firm_id, line_id, replaced)
            ratio = ratios.get((firm_id, line_id, material, replaced), 1.0)
            self.covered[key3] = self.covered.get(key3, 0.0) + ratio * amount

    def left(self, need: tuple[str, str, str]) -> float:
        """Return what of a need nothing covers but the market, dry t (or GJ) a day."""
        return max(0.0, self.total.get(need, 0.0) - self.covered.get(need, 0.0))


@dataclass(frozen=True)
class Scene:
    """A ground with what was found out about it: terms, needs today, kinds of firms, lines by technology."""

    ground: Ground
    book: TermBook
    needs: Needs
    sectors: Sectors
    runs: Mapping[str, list[tuple[Firm, str, float]]]


def set_scene(ground: Ground, day: date, today: SteadyState) -> Scene:
    """Return the scene of a park at rest as it is today."""
    book = TermBook(ground, day)
    return Scene(ground, book, Needs(ground, today), Sectors(ground), lines_by_technology(ground))


def openings_for(scene: Scene, waste: str) -> list[Opening]:
    """Return every place in the park where a waste could be used, the source included."""
    forms = forms_of(scene.ground, waste)
    found: list[Opening] = []
    for form in forms:
        found += _by_terms(scene, waste, form)
        found += _by_quantity(scene.ground, form)
    found += _by_route(scene, waste, forms, {(o.user, o.route.id) for o in found if o.route})
    found += _by_barred_route(scene, waste)
    return found


def _by_terms(scene: Scene, waste: str, form: Form) -> Iterator[Opening]:
    for terms in scene.book.terms_for(form.material):
        lines = scene.runs.get(terms.technology.id, ())
        route = route_for(scene.ground, waste, terms) if lines else None
        acceptance = terms.acceptance
        for firm, line, target in lines:
            taken = scene.needs.taken.get((firm.id, line, form.material, acceptance.replaces), 0.0)
            room, bounded_by = terms.most * target - taken, terms.bounded_by
            left = scene.needs.left((firm.id, line, acceptance.replaces)) / acceptance.ratio
            if left < room:
                room, bounded_by = left, tr("need")
            yield Opening(firm.id, firm.park or "", form, line, terms, route, max(0.0, room) / form.per_tonne,
                          bounded_by, terms.checks)  # fmt: skip


def lines_by_technology(ground: Ground) -> dict[str, list[tuple[Firm, str, float]]]:
    """Return technology → firm, line and target of every line that runs it."""
    runs: dict[str, list[tuple[Firm, str, float]]] = {}
    for _, firm in sorted(ground.own.firms.items()):
        for key, line in sorted(firm.lines.items()):
            runs.setdefault(line.runs, []).append((firm, key, line.target))
    return runs


def _by_quantity(ground: Ground, form: Form) -> Iterator[Opening]:
    """Yield the users and towns that ask for a quantity of it."""
    for key, node in sorted(ground.own.boundary.items()):
        amount = node.uses.get(form.material)
        if amount:
            yield Opening(key, node.park or "", form, room=amount / form.per_tonne, bounded_by=tr("need"))


def _by_route(scene: Scene, waste: str, forms: list[Form], told: set[tuple[str, str]]) -> Iterator[Opening]:
    """Yield the firms whose kind a route names and whose recipes do not list the waste."""
    for route in scene.ground.routes_of(waste):
        form = next((f for f in forms if f.treatment == route.treatment), Form(waste))
        checks = route_checks(scene.ground, route, form.material)
        for firm in scene.sectors.firms_of(route.receiver):
            if (firm.id, route.id) not in told and _could(scene.ground, firm, route):
                room = _room_by_route(scene, firm, route, form)
                bounded_by = tr("need unknown") if room is None else tr("need; share not stated")
                yield Opening(firm.id, firm.park or "", form, route=route, room=room, bounded_by=bounded_by,
                              checks=checks)  # fmt: skip


def _by_barred_route(scene: Scene, waste: str) -> Iterator[Opening]:
    """Yield the firms to which a waste could have gone by a route that is not permitted on the day."""
    for route in scene.ground.barred_for(waste):
        starts_later = route.from_ is not None and scene.book.day < route.from_
        text = "permitted only from {day} on" if starts_later else "permitted only until {day}"
        when = tr(text, day=route.from_ if starts_later else route.until)
        check = Check(limit=when, status="barred", source=route.source, confidence=route.confidence)
        for firm in scene.sectors.firms_of(route.receiver):
            if _could(scene.ground, firm, route):
                yield Opening(firm.id, firm.park or "", Form(waste), route=route, room=0.0, checks=(check,))


def _could(ground: Ground, firm: Firm, route: Route) -> bool:
    """Whether a firm's recipes, where it has any, need what a route replaces or make what it makes."""
    recipes = [ground.park.technologies[line.runs] for line in firm.lines.values()]
    if not recipes:
        return True
    if route.technology is not None:  # the library knows which recipe takes it, and this firm does not run it
        return False
    return any(route.replaces in t.uses or route.product == t.product for t in recipes)


def _room_by_route(scene: Scene, firm: Firm, route: Route, form: Form) -> float | None:
    """Return t of a waste a day that a firm could take by a route; None where need or ratio are unknown."""
    needs = [scene.needs.left((firm.id, line, route.replaces or "")) for line in firm.lines]
    if route.ratio is None or not any(needs):
        return None
    return sum(needs) * (route.up_to or 1.0) / route.ratio / form.per_tonne


def route_for(ground: Ground, waste: str, terms: Terms) -> Route | None:
    """Return the route that says most of what a technology does with a waste; None where none speaks of it."""
    best: tuple[int, Route] | None = None
    for route in ground.routes_of(waste):
        sector = ground.holdings.sectors.get(route.receiver)
        named = route.technology == terms.technology.id
        runs = sector is not None and terms.technology.id in sector.technologies
        if not (named or runs) or route.replaces not in (None, terms.acceptance.replaces):
            continue
        score = 2 * named + (route.product == terms.technology.product)
        if score and (best is None or score > best[0]):
            best = (score, route)
    return best[1] if best else None


class Sectors:
    """Which firms are of which kind: by what they run, else by the code of their sector."""

    def __init__(self, ground: Ground) -> None:
        self._of: dict[str, list[Firm]] = {}
        by_technology: dict[str, list[str]] = {}
        for key, sector in sorted(ground.holdings.sectors.items()):
            for technology in sector.technologies:
                by_technology.setdefault(technology, []).append(key)
        for _, firm in sorted(ground.own.firms.items()):
            kinds = {kind for line in firm.lines.values() for kind in by_technology.get(line.runs, ())}
            if firm.sector:
                kinds |= {key for key, sector in ground.holdings.sectors.items() if sector.has(firm.sector)}
            for kind in sorted(kinds):
                self._of.setdefault(kind, []).append(firm)

    def firms_of(self, sector: str) -> list[Firm]:
        """Return the firms of a kind, by id."""
        return self._of.get(sector, [])
