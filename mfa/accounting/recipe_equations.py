"""The recipes of lines as equations of an account: every coefficient is itself a measurement.

made = coefficient · product; need = coefficient · product, and need = input + Σ ratio · substitute (semantics §3);
emitted = factor · input.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from mfa.park.account import Flow, Relation, Term, TransferCoefficient
from mfa.park.park_flows import ParkFlow
from mfa.park.technology import Technology

Place = Literal["uses", "releases", "takes", "emits_per"]
Split = tuple[str, str, str, str]
"""Firm, line, material, the input in whose place it is used."""


@dataclass(frozen=True)
class Coefficient:
    """Which number of a recipe a coefficient is: `place[key]` or `emits_per[key][gas]`, `scale` times the coefficient.

    `product` is the flow of the line's main product.
    """

    id: str
    firm: str
    line: str
    product: str
    place: Place
    key: str
    gas: str = ""
    scale: float = 1.0


@dataclass
class Draft:
    """What an account is gathered from, beside the flows of the park.

    `extra` are quantities that enter no balance, as they lead from outside to outside; `splits` says how much of a
    material a line uses in the place of which input; `units` are those of the materials.
    """

    recipes: float
    units: Mapping[str, str]
    extra: list[Flow] = field(default_factory=list)
    shares: list[TransferCoefficient] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    coefficients: list[Coefficient] = field(default_factory=list)
    splits: dict[Split, str] = field(default_factory=dict)

    def add(self, name: str, material: str, **known: object) -> str:
        """Add a quantity of a material that enters no balance, and return its name."""
        self.extra.append(Flow.model_validate({"id": name, "layer": self.units.get(material, "t"), **known}))
        return name

    def relate(self, whole: str, parts: Sequence[tuple[float, str]]) -> None:
        """State that a quantity is the sum of others, each with a factor."""
        terms = [Term(factor=-1.0, of=(whole,)), *(Term(factor=factor, of=(name,)) for factor, name in parts)]
        text = f"{whole} = " + " + ".join(f"{factor:g}·{name}" for factor, name in parts)
        self.relations.append(Relation(text=text[:200], terms=tuple(terms)))

    def tie(self, coefficient: Coefficient, of: str, to: str, value: float) -> None:
        """State that a quantity is a share of another: value ± the deviation of recipes."""
        std = self.recipes * value
        self.shares.append(TransferCoefficient(id=coefficient.id, of=of, from_=to, value=value, std=std))
        self.coefficients.append(coefficient)


@dataclass(frozen=True)
class Installed:
    """A line with its recipe; `made` and `used` name its flows by material, `called` how it is called."""

    firm: str
    line: str
    called: str
    technology: Technology
    made: Mapping[str, str]
    used: Mapping[str, str]

    @property
    def product(self) -> str:
        """The flow of its main product."""
        return self.made[self.technology.product]

    def coefficient(self, name: str, place: Place, key: str, gas: str = "") -> Coefficient:
        """Return the coefficient for one number of the recipe."""
        scale = 1.0 if place == "emits_per" else self.technology.outputs[self.technology.product]
        return Coefficient(f"{self.called}: {name}", self.firm, self.line, self.product, place, key, gas, scale)


def installed(firm: str, line: str, technology: Technology, flows: Sequence[ParkFlow]) -> Installed:
    """Return a line with those of the flows that are its own."""
    mine = [flow for flow in flows if (flow.node, flow.line) == (firm, line)]
    made, used = ({f.material: f.id for f in mine if f.kind == kind} for kind in ("made", "used"))
    return Installed(firm, line, mine[0].of_line, technology, made, used)


def state_recipe(draft: Draft, line: Installed) -> None:
    """Add the equations of one line to a draft."""
    _state_outputs(draft, line)
    _state_inputs(draft, line)
    for material, amount in sorted(line.technology.takes.items()):
        coefficient = line.coefficient(f"{material} taken", "takes", material)
        draft.tie(coefficient, line.used[material], line.product, amount / coefficient.scale)


def _state_outputs(draft: Draft, line: Installed) -> None:
    """Tie what is released to the product and what is emitted to the inputs; one material may be both."""
    technology = line.technology
    parts: dict[str, list[tuple[Coefficient, str, float]]] = defaultdict(list)
    for material, amount in sorted(technology.releases.items()):
        if material != technology.product:
            coefficient = line.coefficient(f"{material} released", "releases", material)
            parts[material].append((coefficient, line.product, amount / coefficient.scale))
    for fed, factors in sorted(technology.emits_per.items()):
        for gas, factor in sorted(factors.items()) if fed in line.used else ():
            coefficient = line.coefficient(f"{gas} from {fed}", "emits_per", fed, gas)
            parts[gas].append((coefficient, line.used[fed], factor))
    for material, ties in parts.items():
        whole = line.made[material]
        names = [whole] if len(ties) == 1 else [draft.add(f"{c.id}, amount", material) for c, _, _ in ties]
        for name, (coefficient, to, value) in zip(names, ties, strict=True):
            draft.tie(coefficient, name, to, value)
        if len(ties) > 1:
            draft.relate(whole, [(1.0, name) for name in names])


def _state_inputs(draft: Draft, line: Installed) -> None:
    """Tie every need to the product, and say what covers it."""
    technology = line.technology
    covers = {m: {m: 1.0} for m, amount in sorted(technology.uses.items()) if amount > 0}
    for acceptance in technology.accepts:
        if acceptance.replaces in covers and acceptance.material in line.used:
            covers[acceptance.replaces].setdefault(acceptance.material, acceptance.ratio)
    _split(draft, line, covers)
    for of, ratios in covers.items():
        need = draft.splits[line.firm, line.line, of, of]
        if len(ratios) > 1:
            need = draft.add(f"{line.called} needs {of}", of)
            draft.relate(need, [(ratio, draft.splits[line.firm, line.line, m, of]) for m, ratio in ratios.items()])
        coefficient = line.coefficient(f"{of} needed", "uses", of)
        draft.tie(coefficient, need, line.product, technology.uses[of] / coefficient.scale)


def _split(draft: Draft, line: Installed, covers: Mapping[str, Mapping[str, float]]) -> None:
    """Name how much of each material is used in the place of which input: all of it where it has one place."""
    places: dict[str, list[str]] = defaultdict(list)
    for of, ratios in covers.items():
        for material in ratios:
            places[material].append(of)
    for material, inputs in places.items():
        whole = line.used[material]
        names = [whole] if len(inputs) == 1 else [draft.add(f"{whole} for {of}", material) for of in inputs]
        draft.splits |= {(line.firm, line.line, material, of): name for of, name in zip(inputs, names, strict=True)}
        if len(inputs) > 1:
            draft.relate(whole, [(1.0, name) for name in names])
