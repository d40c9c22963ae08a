"""What an exchange brings: what need not be bought and disposed of, less transport and treatment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mfa.matching.ground import Ground
from mfa.matching.openings import Opening
from mfa.park.material import Confidence, Material
from mfa.park.park import Park
from mfa.park.scenario import LinkDefaults
from mfa.park.statements import least_sure, of_material, of_technology


@dataclass(frozen=True)
class Worth:
    """CNY a dry tonne (or GJ) of a waste before transport (None without a market price), and how sure the price is."""

    per_tonne: float | None
    confidence: Confidence | None = None


def worth_of(ground: Ground, opening: Opening, fee: float) -> Worth:
    """Return what using a tonne of a waste is worth where it is used.

    Args:
        ground: the park with the library.
        opening: where it is used.
        fee: what disposing of a dry tonne costs, CNY.
    """
    replaced = ground.park.materials.get(opening.need[2]) if opening.need else None
    if replaced is None and opening.route is not None and opening.route.ratio is not None:
        replaced = ground.park.materials.get(opening.route.replaces or "")
    if replaced is None or replaced.price is None or ground.own.market_for(replaced.id, "sells") is None:
        return Worth(None)
    covers = opening.covers
    if opening.terms is None and opening.route is not None:
        covers = opening.form.per_tonne * (opening.route.ratio or 1.0)
    treated = sum(ground.park.technologies[t].opex for t in opening.form.treatment) * opening.form.per_tonne
    saved = covers * replaced.price * replaced.as_received
    return Worth(saved + fee - treated, price_confidence(ground, replaced, opening.form.treatment))


def price_confidence(ground: Ground, replaced: Material, treatment: Iterable[str]) -> Confidence | None:
    """Return how sure the least sure price is: of what is replaced, and of the treatments before."""
    costs = (ground.park.technologies[name] for name in treatment)
    stated = [of_material(replaced, "price"), *(of_technology(t, "opex") for t in costs if t.opex)]
    return least_sure(one.confidence for one in stated)


def disposal_fee(park: Park, material: str) -> float:
    """Return the lowest gate fee at which a park disposes of a material, CNY per dry tonne; 0 where nobody takes it."""
    fees = [site.gate_fee for site in park.boundaries("disposal") if park.lists(site.accepts, material)]
    return min(fees, default=0.0) * park.materials[material].as_received


def transport_cost(ground: Ground, defaults: LinkDefaults, material: str, distance: float) -> float:
    """Return what moving a dry tonne (or GJ) costs over a distance in km, CNY."""
    transport = defaults.transport
    return (transport.per_t + transport.per_t_km * distance) * ground.park.materials[material].as_received
