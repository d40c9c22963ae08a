"""Random small parks for the oracle: a seed and a set of features give a valid scenario.

Every feature draws from a stream of its own, so that switching one off leaves the rest of the park (nearly) as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from random import Random
from typing import Any

from hypothesis.strategies import SearchStrategy, integers

from mfa.park.firm import Boundary, Firm, Line
from mfa.park.link import Link
from mfa.park.material import Material
from mfa.park.park import Park
from mfa.park.scenario import Candidates, LinkDefaults, Optimize, Scenario, SubjectTo, Time
from mfa.park.technology import Acceptance, Limit, Technology
from oracle import recipes

SUBSTANCES = ("s0", "s1")


@dataclass(frozen=True)
class Features:
    """What a random park may contain; each can be switched off to narrow a failure down.

    The last four are off unless asked for: other allocation rules, `unknown: allow`, old stock at the start, two years.
    """

    several_lines: bool = True
    substitutes: bool = True
    ratios: bool = True
    caps: bool = True
    priorities: bool = True
    limits: bool = True
    unknown: bool = True
    steam: bool = True
    steam_substitute: bool = True
    idle_lines: bool = True
    chains: bool = True
    direct_substitutes: bool = True
    source: bool = True
    treatments: bool = True
    installed_treatments: bool = True
    existing: bool = True
    at_most: bool = True
    leads: bool = True
    steps: bool = True
    users: bool = True
    disposal: bool = True
    storage: bool = True
    budget: bool = True
    link_counts: bool = True
    at_least: bool = True
    within: bool = True
    explicit: bool = True
    rules: bool = False
    allow_unknown: bool = False
    old_stock: bool = False
    years: bool = False

    def without(self, *names: str) -> Features:
        """Return the features with some switched off."""
        return replace(self, **dict.fromkeys(names, False))

    @classmethod
    def only(cls, *names: str) -> Features:
        """Return the features with only some switched on."""
        return cls(**{f.name: f.name in names for f in fields(cls)})


@dataclass
class Draft:
    """A park while it grows."""

    seed: int
    features: Features
    materials: dict[str, Material] = field(default_factory=dict)
    technologies: dict[str, Technology] = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)
    boundary: dict[str, Boundary] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)

    def stream(self, name: str) -> Random:
        """Return the random stream of one concern."""
        return Random(f"{self.seed}:{name}")

    def park(self) -> Park:
        """Return the park drawn so far."""
        return Park(
            coordinates="km",
            materials=self.materials,
            technologies=self.technologies,
            firms=self.firms,
            boundary=self.boundary,
            links=tuple(self.links),
        )


def random_scenario(seed: int, features: Features | None = None) -> Scenario:
    """Return the scenario of a seed: 3–9 firms with 1–3 lines, valid by the semantics."""
    draft = Draft(seed, features or Features())
    _draw_materials(draft)
    _draw_technologies(draft)
    _draw_accepted(draft)
    _draw_treatments(draft)
    _draw_unknowns(draft)
    _draw_limits(draft)
    _draw_boundary(draft)
    _draw_firms(draft)
    _draw_links(draft)
    candidates = _candidates(draft)
    rng = draft.stream("time")
    step = rng.choice([1.0, 1.0, 2.0, 5.0, 0.5]) if draft.features.steps else 5.0
    _draw_old_stock(draft)
    rule, end = (
        draft.stream("rule").choice(["priority", "nearest"]),
        date(2018 if draft.features.years else 2017, 12, 31),
    )
    return Scenario(
        name=f"random park {seed}",
        park=draft.park(),
        time=Time(start=date(2017, 1, 1), end=end, step=step, warm_up=30.0),
        allocation=rule if draft.features.rules else "pro_rata",
        unknown="allow" if draft.features.allow_unknown else "refuse",
        candidates=candidates,
        optimize=Optimize(objectives=("waste_utilisation",), subject_to=_subject_to(draft)),
    )


def scenarios(features: Features | None = None) -> SearchStrategy[Scenario]:
    """Return the hypothesis strategy of random scenarios."""
    return integers(0, 2**31).map(lambda seed: random_scenario(seed, features))


# --- materials and technologies -----------------------------------------------------------------------------------


def _number(rng: Random, low: float, high: float) -> float:
    return round(rng.uniform(low, high), 3)


def _draw_materials(draft: Draft) -> None:
    rng = draft.stream("materials")
    for k in range(rng.randint(2, 4)):
        _add_material(draft, rng, f"raw{k}", "raw", 0.02, 0.2)
    for k in range(rng.randint(3, 5)):
        class_ = rng.choice(["solid_waste", "bulk_solid_waste", "bulk_solid_waste", "by_product", "hazardous_waste"])
        _add_material(draft, rng, f"waste{k}", class_, 0.0, 0.3)
    for k in range(2):
        _add_material(draft, rng, f"late{k}", rng.choice(["solid_waste", "bulk_solid_waste", "by_product"]), 0.0, 0.3)
    if draft.features.source:
        _add_material(draft, rng, "brine", "water", 0.01, 0.1)
    if draft.features.steam:
        draft.materials["steam"] = Material(id="steam", class_="energy", unit="GJ", storable=False)


def _add_material(draft: Draft, rng: Random, key: str, class_: Any, low: float, high: float) -> None:
    composition = {name: _number(rng, low, high) for name in SUBSTANCES}
    draft.materials[key] = Material(id=key, class_=class_, composition=composition)


def _of(draft: Draft, prefix: str) -> list[str]:
    return sorted(key for key in draft.materials if key.startswith(prefix))


def _draw_technologies(draft: Draft) -> None:
    """Level 0 needs only what markets sell; level 1 also what level 0 makes; level 2 also what level 1 makes."""
    rng = draft.stream("technologies")
    for k in range(rng.randint(3, 5)):
        _add_production(
            draft, rng, f"base{k}", unsold=[], releases=rng.sample(_of(draft, "waste"), rng.choice([0, 1, 1, 2]))
        )
    made = {m for tech in draft.technologies.values() for m in tech.releases}
    if draft.features.steam:
        key = rng.choice(sorted(draft.technologies))
        tech = draft.technologies[key]
        draft.technologies[key] = tech.replace(releases={**tech.releases, "steam": _number(rng, 0.5, 3)})
    level1 = sorted(m for m in made if m != "steam")
    if draft.features.idle_lines and level1:
        for k in range(rng.randint(1, 2)):
            late = rng.sample(_of(draft, "late"), rng.choice([0, 1]))
            _add_production(draft, rng, f"mill{k}", unsold=[rng.choice(level1)], releases=late)
    if draft.features.steam:
        _add_production(
            draft, rng, "boiled0", unsold=["steam"], releases=rng.sample(_of(draft, "waste"), rng.choice([0, 1]))
        )
    if draft.features.source:
        _add_production(
            draft, rng, "salt0", unsold=["brine"], releases=rng.sample(_of(draft, "waste"), rng.choice([0, 1]))
        )
    late = sorted({m for tech in draft.technologies.values() for m in tech.releases if m.startswith("late")})
    if draft.features.chains:
        base = rng.choice(sorted(t.product for t in draft.technologies.values()))
        _add_production(draft, rng, "chain0", unsold=[rng.choice([base, *late])], releases=[])


def _add_production(draft: Draft, rng: Random, key: str, unsold: list[str], releases: list[str]) -> None:
    """Add a technology whose dry inputs outweigh its dry outputs (a gap goes to the environment)."""
    released = {m: _number(rng, 0.05, 0.5) for m in releases}
    total = 1.0 + sum(released.values()) + _number(rng, 0.0, 0.3)
    energy = [m for m in unsold if not draft.materials[m].is_mass]
    mass = [m for m in unsold if draft.materials[m].is_mass]
    mass += rng.sample(_of(draft, "raw"), rng.choice([1, 2]) if not mass else rng.choice([0, 1]))
    weights = [rng.uniform(0.2, 1.0) for _ in mass]
    uses = {m: round(total * w / sum(weights), 4) for m, w in zip(mass, weights, strict=True)}
    uses |= {m: _number(rng, 0.5, 3) for m in energy}
    product = f"product_{key}"
    draft.materials[product] = Material(
        id=product, class_="product", composition={s: _number(rng, 0, 0.2) for s in SUBSTANCES}
    )
    draft.technologies[key] = Technology(id=key, product=product, uses=uses, releases=released)


def _draw_accepted(draft: Draft) -> None:
    if not draft.features.substitutes:
        return
    rng, on = draft.stream("accepted"), draft.features
    exchanged = _of(draft, "waste") + _of(draft, "late") + [p for p in _of(draft, "product") if rng.random() < 0.3]
    for key, tech in sorted(draft.technologies.items()):
        accepted: dict[tuple[str, str], Acceptance] = {}
        for _ in range(rng.choice([0, 1, 2, 3])):
            material = rng.choice(exchanged)
            replaces = rng.choice(sorted(m for m in tech.uses if draft.materials[m].is_mass))
            ratio, up_to, priority = _number(rng, 0.6, 1.5), _number(rng, 0.1, 1.0), rng.choice([1, 1, 2])
            if material in (replaces, tech.product):
                continue
            if not replaces.startswith("raw") and not (on.direct_substitutes and _made_at_base_only(draft, material)):
                continue
            accepted[material, replaces] = Acceptance(
                material=material,
                replaces=replaces,
                ratio=ratio if on.ratios else 1.0,
                up_to=up_to if on.caps else 1.0,
                priority=priority if on.priorities else 1,
            )
        raws = [m for m in tech.uses if m.startswith("raw")]
        if on.steam and on.steam_substitute and raws and rng.random() < 0.15 and "steam" not in tech.outputs:
            material = Acceptance(
                material="steam", replaces=raws[0], ratio=_number(rng, 0.02, 0.1), up_to=_number(rng, 0.1, 0.5)
            )
            if all(i != raws[0] for _, i in accepted) and "steam" not in tech.uses:
                accepted["steam", raws[0]] = material
        draft.technologies[key] = tech.replace(accepts=tuple(accepted.values()))


def _made_at_base_only(draft: Draft, material: str) -> bool:
    """Whether only lines whose every need is sold make it: then it cannot close a loop that decays to zero."""
    makers = [key for key, tech in draft.technologies.items() if material in tech.outputs]
    return all(key.startswith("base") for key in makers)


def _draw_treatments(draft: Draft) -> None:
    """A treatment of one waste; some technologies accept what it makes."""
    if not (draft.features.treatments or draft.features.installed_treatments):
        return
    rng = draft.stream("treatments")
    made = sorted({m for t in draft.technologies.values() for m in t.releases if draft.materials[m].is_waste})
    for k, waste in enumerate(rng.sample(made, min(len(made), rng.choice([1, 2])))):
        class_ = draft.materials[waste].class_
        _add_material(draft, rng, f"treated{k}", class_, 0.0, 0.2)
        _add_material(draft, rng, f"residue{k}", class_, 0.0, 0.3)
        residue = _number(rng, 0.0, 0.3)
        uses = {waste: round(1 + residue + _number(rng, 0, 0.1), 4)}
        if rng.random() < 0.3:
            uses["raw0"] = 0.05
        draft.technologies[f"treat{k}"] = Technology(
            id=f"treat{k}",
            kind="treatment",
            product=f"treated{k}",
            uses=uses,
            releases={f"residue{k}": residue} if residue > 0 else {},
            capex=_number(rng, 0.0, 50),
            set_up=rng.choice([0.0, 0.0, 40.0]),
            capacity=rng.choice([None, None, _number(rng, 5, 60)]),
            at=rng.choice(["sender", "receiver"]),
        )
        takers = [
            key
            for key, t in sorted(draft.technologies.items())
            if t.kind == "production" and any(m.startswith("raw") for m in t.uses)
        ]
        for key in rng.sample(takers, min(len(takers), rng.choice([1, 2]))):
            tech = draft.technologies[key]
            raw = rng.choice(sorted(m for m in tech.uses if m.startswith("raw")))
            acceptance = Acceptance(
                material=f"treated{k}", replaces=raw, ratio=_number(rng, 0.6, 1.4), up_to=_number(rng, 0.2, 1)
            )
            draft.technologies[key] = tech.replace(accepts=(*tech.accepts, acceptance))


def _draw_limits(draft: Draft) -> None:
    """Draw limits that the virgin feed keeps with some room, of single substances and of sums."""
    if not draft.features.limits:
        return
    rng = draft.stream("limits")
    for key, tech in sorted(draft.technologies.items()):
        if tech.kind == "treatment" or not tech.accepts or rng.random() < 0.5:
            continue
        limit = _draw_limit(draft, rng, tech)
        if limit is not None:
            draft.technologies[key] = tech.replace(limits=(limit,))


def _draw_limit(draft: Draft, rng: Random, tech: Technology) -> Limit | None:
    sums = rng.choice([{"s0": 1.0}, {"s1": 1.0}, {"s0": 1.0, "s1": _number(rng, 0.3, 2)}])
    of, room, both = rng.choice(["feed", "product"]), rng.choice([0.0, _number(rng, 0, 0.03)]), rng.random()

    def content(material: str) -> float:
        return sum(weight * (draft.materials[material].content(s) or 0.0) for s, weight in sums.items())

    fed = {m: u for m, u in tech.uses.items() if draft.materials[m].is_mass}
    entered = sum(u * content(m) for m, u in fed.items())
    left = entered - sum(u * content(m) for m, u in tech.releases.items() if draft.materials[m].is_mass)
    if left < 0.001:
        return None  # the limited substance would grow: an input error by semantics §2
    virgin = entered / sum(fed.values()) if of == "feed" else left
    edges: dict[str, float] = {}
    if both < 0.75:
        edges["max"] = virgin + room + 1e-6
    if both > 0.6:
        edges["min"] = max(0.0, virgin - room - 1e-6)
    named: dict[str, Any] = {"substance": next(iter(sums))} if len(sums) == 1 else {"sum": sums}
    return Limit(of=of, **named, **edges)


def _draw_unknowns(draft: Draft) -> None:
    """Forget a substance of some wastes, so that exchanges under a limit are refused."""
    if not draft.features.unknown:
        return
    rng = draft.stream("unknown")
    for key in _of(draft, "waste") + _of(draft, "late"):
        if rng.random() < 0.15:
            kept = rng.choice(SUBSTANCES)
            material = draft.materials[key]
            draft.materials[key] = material.replace(composition={kept: material.composition[kept]})


# --- nodes and links ----------------------------------------------------------------------------------------------

_MARKET = {"market": Boundary(id="market", kind="market")}


def _draw_boundary(draft: Draft) -> None:
    rng = draft.stream("boundary")
    draft.boundary |= _MARKET
    made = sorted(
        {m for t in draft.technologies.values() if t.kind == "production" for m in t.releases if m != "steam"}
    )
    if draft.features.disposal:
        room = rng.choice([None, None, _number(rng, 100, 20000)])
        draft.boundary["landfill"] = Boundary(
            id="landfill",
            kind="disposal",
            at=_place(rng),
            accepts=("bulk_solid_waste", "solid_waste"),
            room=room,
            gate_fee=18.0,
        )
    if draft.features.steam and rng.random() < 0.6:
        draft.boundary["town"] = Boundary(id="town", kind="town", at=_place(rng), uses={"steam": _number(rng, 5, 300)})
    if draft.features.users and made and rng.random() < 0.6:
        chosen = rng.sample(made + _of(draft, "treated"), 1)
        draft.boundary["user"] = Boundary(
            id="user", kind="user", at=_place(rng), uses={m: _number(rng, 1, 40) for m in chosen}
        )
    if draft.features.source:
        supplies = {"brine": _number(rng, 10, 200)} if rng.random() < 0.6 else {}
        draft.boundary["lake"] = Boundary(id="lake", kind="source", at=_place(rng), sells=("brine",), supplies=supplies)


def _place(rng: Random) -> tuple[float, float]:
    return (_number(rng, 0, 20), _number(rng, 0, 20))


def _draw_firms(draft: Draft) -> None:
    rng = draft.stream("firms")
    productions = sorted(k for k, t in draft.technologies.items() if t.kind == "production")
    base = [k for k in productions if k.startswith("base")]
    for f in range(rng.randint(3, 9)):
        count = rng.choice([1, 1, 2, 3]) if draft.features.several_lines else 1
        made_by = [rng.choice(base if rng.random() < 0.4 else productions) for _ in range(count)]
        lines = {f"line{k}": _line(rng, f"line{k}", tech) for k, tech in enumerate(made_by)}
        draft.firms[f"firm{f}"] = Firm(id=f"firm{f}", at=_place(rng), lines=lines)
    rng = draft.stream("installed treatments")
    treatments = sorted(k for k, t in draft.technologies.items() if t.kind == "treatment")
    for key in treatments:
        installed = rng.random() < 0.35 or not draft.features.treatments
        firm = draft.firms[rng.choice(sorted(draft.firms))]
        if installed and draft.features.installed_treatments:
            draft.firms[firm.id] = firm.replace(lines={**firm.lines, key: _line(rng, key, key)})
        elif draft.features.treatments:
            at = draft.technologies[key].at if rng.random() < 0.8 else firm.id
            draft.technologies[key] = draft.technologies[key].replace(at=at)
            draft.offered.append(key)
    if draft.features.storage:
        rng = draft.stream("storage")
        for key, firm in sorted(draft.firms.items()):
            released = sorted(
                {m for line in firm.lines.values() for m in draft.technologies[line.runs].releases} - {"steam"}
            )
            if released and rng.random() < 0.3:
                draft.firms[key] = firm.replace(storage={rng.choice(released): _number(rng, 10, 500)})


def _line(rng: Random, key: str, tech: str) -> Line:
    return Line(id=key, runs=tech, capacity=_number(rng, 10, 200), utilisation=rng.choice([1.0, _number(rng, 0.4, 1)]))


def triples(park: Park, unknown: str) -> list[tuple[str, str, str]]:
    """Return every (source, target, material) that installed lines and boundary nodes could exchange."""
    made = {key: recipes.makes(park, firm) for key, firm in park.firms.items()}
    made |= {key: set(node.sells) for key, node in park.boundary.items() if node.kind == "source"}
    taken = {
        key: recipes.takes(park, [park.technologies[line.runs] for line in firm.lines.values()], unknown)
        for key, firm in park.firms.items()
    }
    taken |= {key: set(node.uses) for key, node in park.boundary.items() if node.kind in ("user", "town")}
    return [
        (s, t, m) for s in sorted(made) for t in sorted(taken) for m in sorted(made[s] & taken[t]) if s != t
    ]  # fmt: skip


def _draw_links(draft: Draft) -> None:
    if not draft.features.existing:
        return
    rng = draft.stream("links")
    for s, t, m in triples(draft.park(), "refuse"):
        parallel = rng.choice([1, 1, 1, 2])
        chance = 0.5 if m in ("steam", "brine") else 0.2
        for k in range(parallel if rng.random() < chance else 0):
            capped = rng.random() < 0.5
            at_most = _number(rng, 1, 40)
            lead = rng.choice([0.0, 0.0, 1.0, 2.0, 3.0])
            draft.links.append(
                Link(
                    id=f"{s}-{t}-{m}" + (f"-{k + 1}" if k else ""),
                    from_=s,
                    to=t,
                    material=m,
                    at_most=at_most if (capped or parallel > 1) and draft.features.at_most else None,
                    lead_time=lead if draft.features.leads else 0.0,
                    priority=draft.stream(f"priority of {s}-{t}-{m}-{k}").randint(1, 3) if draft.features.rules else 1,
                )
            )


def _draw_old_stock(draft: Draft) -> None:
    if not draft.features.old_stock:
        return
    rng = draft.stream("old stock")
    for key, firm in sorted(draft.firms.items()):
        made = sorted(m for m in recipes.makes(draft.park(), firm) if m.startswith(("waste", "late")))
        if made and rng.random() < 0.5:
            draft.firms[key] = firm.replace(initial_stock={rng.choice(made): _number(rng, 10, 3000)})


def _candidates(draft: Draft) -> Candidates:
    rng, on = draft.stream("candidates"), draft.features
    at_least = _number(rng, 0.5, 8) if rng.random() < 0.25 else 0.0
    at_most = _number(rng, 10, 60) if rng.random() < 0.25 else None
    within = _number(rng, 4, 20) if rng.random() < 0.4 else None
    lead = rng.choice([0.0, 1.0, 2.0])
    explicit = on.explicit and rng.random() < 0.2
    if explicit:
        _draw_explicit(draft)
    return Candidates(
        generate=not explicit,
        within=within if on.within else None,
        treatments=tuple(draft.offered),
        defaults=LinkDefaults(
            set_up=rng.choice([0.0, 10.0]),
            lead_time=lead if on.leads else 0.0,
            at_most=at_most if on.at_most else None,
            at_least=at_least if on.at_least else 0.0,
        ),
    )


def _draw_explicit(draft: Draft) -> None:
    rng = draft.stream("explicit")
    linked = {(link.from_, link.to, link.material) for link in draft.links}
    free = [triple for triple in triples(draft.park(), "refuse") if triple not in linked]
    for s, t, m in rng.sample(free, min(len(free), 6)):
        at_least = _number(rng, 0.5, 5) if draft.features.at_least and rng.random() < 0.3 else 0.0
        draft.links.append(
            Link(
                id=f"new-{s}-{t}-{m}",
                from_=s,
                to=t,
                material=m,
                status="candidate",
                set_up=_number(rng, 0, 20),
                at_least=at_least,
                at_most=_number(rng, 5, 80) if rng.random() < 0.3 else None,
            )
        )


def _subject_to(draft: Draft) -> SubjectTo:
    rng, on = draft.stream("subject to"), draft.features
    budget = _number(rng, 0, 300) if rng.random() < 0.5 else None
    per_firm = rng.randint(1, 3) if rng.random() < 0.3 else None
    links = rng.randint(1, 6) if rng.random() < 0.3 else None
    return SubjectTo(
        budget=budget if on.budget else None,
        links_per_firm=per_firm if on.link_counts else None,
        links=links if on.link_counts else None,
    )
