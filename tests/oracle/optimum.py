"""The reference optimiser: semantics §7 as one linear program over dicts, solved by scipy.

Rates per day throughout. Binaries say whether a new link is open or a new plant is built; with few candidates the
optimum is also found by trying every subset of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import inf

from mfa.park.firm import Use
from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.plan import Plan, PlannedLine, PlannedLink
from mfa.park.scenario import Scenario
from mfa.park.technology import Technology
from mfa.park.values import DAYS_PER_YEAR
from oracle import recipes, rest
from oracle.program import Fixed, Program, Terms
from oracle.recipes import TEXT, LineKey, Option, Reading, Stock, Way

KEPT = 1e-7
"""Relative slack on an earlier objective; at the 1e-9 of the text HiGHS calls the program of seed 16 infeasible."""


@dataclass(frozen=True)
class Built:
    """A line in the plan: installed today, or an offered plant."""

    tech: Technology
    lowest: float
    highest: float
    new: bool = False


@dataclass
class Problem:
    """A scenario as the optimiser reads it."""

    scenario: Scenario
    reading: Reading = TEXT

    @cached_property
    def park(self) -> Park:
        return self.scenario.park

    @cached_property
    def today(self) -> rest.AtRest:
        return rest.steady_state(self.scenario, self.reading)

    @cached_property
    def worth(self) -> dict[str, float]:
        return recipes.worth(self.park)

    @cached_property
    def existing(self) -> dict[str, Link]:
        return {link.id: link for link in self.park.links if link.status != "candidate"}

    @cached_property
    def installed(self) -> dict[LineKey, Built]:
        """Today's lines: fixed at target where a market meets every need, else between today's activity and target."""
        found = {}
        for key, (line, tech) in recipes.lines(self.park).items():
            free = any(amount > 0 and not recipes.is_sold(self.park, i) for i, amount in tech.uses.items())
            lowest = min(self.today.activity[key], line.target) if free else line.target
            found[key] = Built(tech, max(0.0, lowest * (1 - 1e-12)), line.target)
        return found

    @cached_property
    def offered(self) -> dict[LineKey, Built]:
        """Plants on offer, each at the firms where `at` allows it, as large as the waste there is could feed."""
        found = {}
        for key in self.scenario.candidates.treatments:
            tech = self.park.technologies[key]
            feeds = [i for i, amount in tech.uses.items() if amount > 0 and not recipes.is_sold(self.park, i)]
            for firm in sorted(self.park.firms):
                if self._stands_at(tech, firm, feeds):
                    most = min(self._most_made(i) / tech.uses[i] for i in feeds)
                    found[firm, key] = Built(tech, 0.0, min(most, tech.capacity or inf), new=True)
        return found

    def _stands_at(self, tech: Technology, firm: str, feeds: list[str]) -> bool:
        node = self.park.firms[firm]
        if tech.at == "sender":
            return bool(recipes.makes(self.park, node) & set(feeds))
        if tech.at == "receiver":
            techs = [self.park.technologies[line.runs] for line in node.lines.values()]
            return tech.product in recipes.takes(self.park, techs, self.scenario.unknown)
        return tech.at == firm

    def _most_made(self, material: str) -> float:
        made = sum(b.highest * b.tech.outputs.get(material, 0.0) for b in self.installed.values())
        return made + sum(
            recipes.supply_rate(self.park, n.id, material)
            for n in self.park.boundaries("source")
            if material in n.sells
        )

    @cached_property
    def lines(self) -> dict[LineKey, Built]:
        return dict(sorted((self.installed | self.offered).items()))

    @cached_property
    def ways(self) -> dict[LineKey, dict[Option, Way]]:
        return {key: recipes.ways(self.park, b.tech, self.scenario.unknown) for key, b in self.lines.items()}

    @cached_property
    def candidates(self) -> dict[str, Link]:
        """New links: those named in the file, and every feasible (source, target, material) (semantics §7)."""
        found = {link.id: link for link in self.park.links if link.status == "candidate"}
        if not self.scenario.candidates.generate:
            return found
        named = {(link.from_, link.to, link.material) for link in found.values()}
        defaults = self.scenario.candidates.defaults
        made = {firm: self._made_at(firm) for firm in self.park.firms}
        taken = {firm: self._taken_at(firm) for firm in self.park.firms}
        taken |= {n.id: set(n.uses) for kind in ("user", "town") for n in self.park.boundaries(kind)}
        for s, t in product(sorted(made), sorted(taken)):
            for m in sorted(made[s] & taken[t]) if s != t else ():
                beside = [k for k in self.existing.values() if (k.from_, k.to, k.material) == (s, t, m)]
                if (s, t, m) in named or any(link.at_most is None for link in beside) or not self._near(s, t):
                    continue
                link = Link(
                    id=f"new:{s}-{t}-{m}", from_=s, to=t, material=m, status="candidate", set_up=defaults.set_up,
                    lead_time=defaults.lead_time, at_most=defaults.at_most, at_least=defaults.at_least,
                    loss=defaults.loss,
                )  # fmt: skip
                found[link.id] = link
        return found

    def _near(self, source: str, target: str) -> bool:
        limits = [self.scenario.candidates.within, self.scenario.optimize.subject_to.within]
        factor = self.scenario.candidates.defaults.detour_factor or self.park.detour_factor
        distance = self.park.straight_line(source, target) * factor
        return all(limit is None or distance <= limit for limit in limits)

    def _made_at(self, firm: str) -> set[str]:
        return {
            m for (f, _), b in self.lines.items() if f == firm for m, amount in b.tech.outputs.items() if amount > 0
        }

    def _taken_at(self, firm: str) -> set[str]:
        return recipes.takes(
            self.park, [b.tech for (f, _), b in self.lines.items() if f == firm], self.scenario.unknown
        )

    # --- the program ----------------------------------------------------------------------------------------------

    @cached_property
    def program(self) -> Program:
        """Return every variable and constraint of semantics §7."""
        program = Program()
        self._add_lines(program)
        self._add_links(program)
        self._add_balances(program)
        self._add_bounds_on_the_plan(program)
        return program

    def _add_lines(self, program: Program) -> None:
        for key, built in self.lines.items():
            tech, activity = built.tech, program.variable(("activity", *key), built.lowest, built.highest)
            for o in self.ways[key]:
                program.variable(("use", *key, *o))
            for i, amount in tech.uses.items():
                if amount <= 0:
                    continue
                terms: Terms = {activity: -amount}
                for (m, j), way in self.ways[key].items():
                    if j == i:
                        terms["use", *key, m, j] = way.ratio
                        if m != i:
                            program.bound({("use", *key, m, j): way.ratio, activity: -way.up_to * amount}, high=0.0)
                if recipes.is_sold(self.park, i):
                    terms[program.variable(("bought", *key, i))] = 1.0
                program.bound(terms, 0.0, 0.0)
            for bound in recipes.bounds(self.park, tech):
                self._keep_limit(program, key, bound)
            if built.new and tech.set_up > 0:
                exists = program.variable(("built", *key), 0.0, 1.0, binary=True)
                program.bound({activity: 1.0, exists: -built.highest}, high=0.0)

    def _keep_limit(self, program: Program, key: LineKey, bound: recipes.Bound) -> None:
        terms: Terms = {("activity", *key): bound.constant} if bound.constant else {}
        for m, i in self.ways[key]:
            terms["use", *key, m, i] = bound.weights.get(m, 0.0)
        for i, amount in self.lines[key].tech.uses.items():
            if amount > 0 and recipes.is_sold(self.park, i):
                terms["bought", *key, i] = bound.weights.get(i, 0.0)
        program.bound(terms, high=0.0)

    def _add_links(self, program: Program) -> None:
        for key, link in self.existing.items():
            program.variable(("flow", key), 0.0, inf if link.at_most is None else link.at_most)
        for key, link in self.candidates.items():
            flow = program.variable(("flow", key))
            opened = program.variable(("open", key), 0.0, 1.0, binary=True)
            most = min(self._most_carried(link), inf if link.at_most is None else link.at_most)
            program.bound({flow: 1.0, opened: -most}, high=0.0)
            if link.at_least > 0:
                program.bound({flow: 1.0, opened: -link.at_least}, low=0.0)

    def _most_carried(self, link: Link) -> float:
        """The most a link could ever carry: all that its source makes and all that its receiver takes."""
        if link.to in self.park.boundary:
            taken = self.park.boundary[link.to].uses[link.material]
        else:
            taken = sum(
                recipes.permitted_use(b.tech, self.ways[key], link.material) * b.highest
                for key, b in self.lines.items()
                if key[0] == link.to
            )
        if link.from_ in self.park.boundary:
            return min(taken, recipes.supply_rate(self.park, link.from_, link.material))
        made = sum(
            b.highest * b.tech.outputs.get(link.material, 0.0) for k, b in self.lines.items() if k[0] == link.from_
        )
        return min(taken, made)

    def _add_balances(self, program: Program) -> None:
        links = self.existing | self.candidates
        into, out = (
            _terms(links, lambda k: k.to, lambda _: 1.0),
            _terms(links, lambda k: k.from_, lambda k: 1 / (1 - k.loss)),
        )
        for at in sorted({*into, *out, *self._stocks()}):
            node = self.park.boundary.get(at[0])
            inflow, outflow = into.get(at, {}), out.get(at, {})
            if node is None:
                use, made = self._use(at), self._made(at)
                program.bound(_sum(use, inflow, -1), low=0.0)
                program.bound(_sum(_sum(_sum(use, inflow, -1), outflow), made, -1), high=0.0)
            elif node.kind == "source":
                program.bound(outflow, high=recipes.supply_rate(self.park, *at))
            else:
                program.bound(inflow, self._delivered_today(at) * (1 - 1e-12), node.uses.get(at[1], 0.0))

    def _stocks(self) -> set[Stock]:
        return {
            (key[0], m) for key, b in self.lines.items() for m in [*b.tech.outputs, *(m for m, _ in self.ways[key])]
        }

    def _use(self, at: Stock) -> Terms:
        return {("use", *k, m, i): 1.0 for k in self.lines if k[0] == at[0] for m, i in self.ways[k] if m == at[1]}

    def _made(self, at: Stock) -> Terms:
        return {("activity", *k): b.tech.outputs.get(at[1], 0.0) for k, b in self.lines.items() if k[0] == at[0]}

    def _delivered_today(self, at: Stock) -> float:
        return sum(self.today.flow[k.id] for k in self.existing.values() if (k.to, k.material) == at)

    def _add_bounds_on_the_plan(self, program: Program) -> None:
        to = self.scenario.optimize.subject_to
        opened = {("open", key): link for key, link in self.candidates.items()}
        if to.budget is not None:
            cost: Terms = {name: link.set_up for name, link in opened.items()}
            for key, built in self.offered.items():
                cost["activity", *key] = built.tech.capex
                if built.tech.set_up > 0:
                    cost["built", *key] = built.tech.set_up
            program.bound(cost, high=to.budget)
        if to.links is not None:
            program.bound(dict.fromkeys(opened, 1.0), high=to.links)
        if to.links_per_firm is not None:
            for firm in self.park.firms:
                touching = {name: 1.0 for name, link in opened.items() if firm in (link.from_, link.to)}
                program.bound(touching, high=to.links_per_firm)

    # --- objectives -----------------------------------------------------------------------------------------------

    def used(self) -> Terms:
        """Origin tonnes of counted waste used per day: by production lines and users."""
        terms: Terms = {}
        for key, built in self.lines.items():
            if built.tech.kind == "production":
                terms |= {("use", *key, m, i): self.worth[m] for m, i in self.ways[key]}
        for key, link in (self.existing | self.candidates).items():
            if link.to in self.park.boundary and self.park.boundary[link.to].kind == "user":
                terms["flow", key] = self.worth[link.material]
        return terms

    def generated(self) -> Terms:
        """Origin tonnes of counted waste generated per day by production lines."""
        return {
            ("activity", *key): sum(amount * self.worth[m] for m, amount in b.tech.outputs.items())
            for key, b in self.lines.items()
            if b.tech.kind == "production"
        }

    def left_over(self) -> Terms:
        """Origin tonnes of counted waste per day that are left over, in whichever way: made, not used, not sent."""
        terms: Terms = {}
        for key, built in self.lines.items():
            terms["activity", *key] = sum(amount * self.worth[m] for m, amount in built.tech.outputs.items())
            terms |= {("use", *key, m, i): -self.worth[m] for m, i in self.ways[key]}
        for key, link in (self.existing | self.candidates).items():
            if link.to in self.park.boundary:
                terms["flow", key] = -self.worth[link.material]
            elif link.from_ in self.park.boundary:
                terms["flow", key] = self.worth[link.material]
        return terms

    def objective(self, name: str) -> Terms:
        """Return an objective as something to maximise, per year where it is an amount."""
        if name == "waste_utilisation":
            return {n: v * DAYS_PER_YEAR for n, v in self.used().items()}
        if name == "net_diversion":
            return {n: -v * DAYS_PER_YEAR for n, v in self.left_over().items()}
        if name == "fewest_links":
            return {("open", key): -1.0 for key in self.candidates}
        raise ValueError(f"the oracle knows no objective {name!r}")


def _terms(links: dict[str, Link], end: Callable[[Link], str], factor: Callable[[Link], float]) -> dict[Stock, Terms]:
    found: dict[Stock, Terms] = {}
    for key, link in links.items():
        found.setdefault((end(link), link.material), {})["flow", key] = factor(link)
    return found


def _sum(a: Terms, b: Terms, sign: float = 1.0) -> Terms:
    return {name: a.get(name, 0.0) + sign * b.get(name, 0.0) for name in [*a, *(n for n in b if n not in a)]}


def _value(terms: Terms, at: Fixed) -> float:
    return sum(coefficient * at[name] for name, coefficient in terms.items())


# --- answers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Optimum:
    """What the oracle proposes: `values` of the objectives (to maximise), the rate, the plan, how many binaries."""

    values: dict[str, float]
    utilisation: float | None
    plan: Plan
    binaries: int


def optimum(scenario: Scenario, objectives: Sequence[str] | None = None, reading: Reading = TEXT) -> Optimum | None:
    """Return the optimum of lexicographic objectives; None where nothing satisfies the constraints."""
    problem = Problem(scenario, reading)
    program, values = problem.program, {}
    found: Fixed | None = None
    kept = len(program.rows)
    for name in objectives or scenario.optimize.objectives:
        objective = problem.objective(name)
        found = program.solve(objective)
        if found is None:
            return None
        found = program.solve(objective, _rounded(program, found)) or found
        values[name] = _value(objective, found)
        program.bound(objective, low=values[name] - KEPT * max(1e-3, abs(values[name])))
    del program.rows[kept:]
    assert found is not None
    generated = _value(problem.generated(), found)
    rate = _value(problem.used(), found) / generated if generated > 1e-12 else None
    return Optimum(values, rate, _plan(problem, found, values, rate), len(program.binary))


def brute_force(scenario: Scenario, objective: str = "waste_utilisation", reading: Reading = TEXT) -> float | None:
    """Return the first objective's optimum by trying every subset of new links and plants."""
    problem = Problem(scenario, reading)
    binaries = sorted(problem.program.binary)
    best: float | None = None
    terms = problem.objective(objective)
    for choice in product((0.0, 1.0), repeat=len(binaries)):
        found = problem.program.solve(terms, dict(zip(binaries, choice, strict=True)))
        if found is not None:
            value = _value(terms, found)
            best = value if best is None else max(best, value)
    return best


def _rounded(program: Program, found: Fixed) -> Fixed:
    return {name: float(round(found[name])) for name in program.binary}


def _plan(problem: Problem, found: Fixed, values: dict[str, float], rate: float | None) -> Plan:
    flows = {key: max(0.0, found["flow", key]) for key in problem.existing | problem.candidates}
    links = [PlannedLink(link=link, flow=flows[key]) for key, link in problem.existing.items()]
    for key, link in problem.candidates.items():
        if flows[key] > 1e-9:
            links.append(PlannedLink(link=link, flow=flows[key]))
    lines = []
    for (firm, line), built in problem.lines.items():
        activity = max(0.0, found["activity", firm, line])
        if built.new and activity <= 1e-9:
            continue
        mix = [
            Use(material=m, replaces=i, amount=amount)
            for m, i in problem.ways[firm, line]
            if (amount := found["use", firm, line, m, i]) > 1e-12
        ]
        lines.append(
            PlannedLine(firm=firm, line=line, runs=built.tech.id, activity=activity, mix=tuple(mix), new=built.new)
        )
    first = next(iter(values.values()))
    return Plan(
        status="optimal",
        solver="highs",
        objective=first,
        objectives=values,
        utilisation=rate,
        planned_links=tuple(links),
        planned_lines=tuple(lines),
    )
