"""Who pays whom for what (semantics §7: each payment names payer and payee)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.policy import Policy
from mfa.park.scenario import Scenario
from mfa.park.values import DAYS_PER_YEAR
from mfa.simulation.outlets import Outlets, find_outlets
from mfa.simulation.record import Interval, Record
from mfa.step.arrays import Floats, ParkArrays, tally
from mfa.use_phase.responsibility import dues

Payment = tuple[str, str, str, float]
"""Payer, payee, item, CNY."""


def payments(scenario: Scenario, arrays: ParkArrays, record: Record) -> Iterator[tuple[Any, ...]]:
    """Yield (time, payer, payee, item, amount_cny) of every interval, equal payments summed, none negative."""
    outlets = find_outlets(arrays)
    ends = [*(interval.own for interval in record.intervals[1:]), record.own]
    for interval, end in zip(record.intervals, ends, strict=True):
        total: dict[tuple[str, str, str], float] = {}
        for payer, payee, item, amount in _of_interval(scenario, arrays, outlets, interval, end):
            key = (payer, payee, item) if amount >= 0 else (payee, payer, item)
            total[key] = total.get(key, 0.0) + abs(amount)
        yield from ((interval.label, *key, amount) for key, amount in total.items() if amount > 1e-9)


def _of_interval(
    scenario: Scenario, arrays: ParkArrays, outlets: Outlets, interval: Interval, end: Floats
) -> Iterator[Payment]:
    park = arrays.park
    yield from _purchases(arrays, interval)
    for row, link in enumerate(arrays.links.links):
        yield from _exchange(park, link, float(interval.dispatched[row]), float(interval.drawn[row]))
    yield from _sales_and_fees(park, arrays, outlets, interval)
    for row, (firm, _) in enumerate(arrays.lines.keys):
        yield firm, "suppliers", "operation", arrays.lines.technology[row].opex * float(interval.activity[row])
    yield from _capital(scenario, interval.days)
    for policy in scenario.policies:
        if policy.kind in ("tax", "levy"):
            yield from _levied(policy, arrays, _taxable(policy, arrays, outlets, interval, end), interval.label)
        elif policy.kind == "producer_responsibility":
            year, share = int(interval.label[:4]), interval.days / DAYS_PER_YEAR
            for item, amount in dues(scenario.park, policy, year):
                yield policy.payer or "producers", policy.payee, item, amount * share


def _purchases(arrays: ParkArrays, interval: Interval) -> Iterator[Payment]:
    park = arrays.park
    for row, (line, name) in enumerate(zip(arrays.inputs.line, arrays.inputs.material, strict=True)):
        market, material = park.market_for(name, "sells"), park.materials[name]
        if market is not None and material.price:
            amount = float(interval.bought[row]) * material.as_received
            yield arrays.lines.keys[line][0], market.id, "purchase", material.price * amount


def _exchange(park: Park, link: Link, delivered: float, drawn: float) -> Iterator[Payment]:
    material = park.materials[link.material]
    if link.price:
        yield link.to, link.from_, "exchange", link.price * delivered * material.as_received
    cost = link.transport.per_t + link.transport.per_t_km * park.distance(link)
    if cost:
        yield carrier_paid_by(park, link), "carrier", "transport", cost * drawn * material.as_received


def carrier_paid_by(park: Park, link: Link) -> str:
    """Return who pays the transport of a link: the receiving firm, or the sender where the receiver is no firm."""
    return link.to if link.to in park.firms else link.from_


def _sales_and_fees(park: Park, arrays: ParkArrays, outlets: Outlets, interval: Interval) -> Iterator[Payment]:
    for row, (node, name) in enumerate(arrays.piles.keys[:-1]):
        material = park.materials[name]
        if interval.sold[row] > 0 and material.price:
            market = outlets.markets[outlets.market[row]]
            yield market, node, "sale", material.price * float(interval.sold[row]) * material.as_received
        for column, site in enumerate(outlets.sites):
            fee = park.boundary[site].gate_fee
            if fee and interval.disposed[row, column] > 0:
                yield node, site, "disposal", fee * float(interval.disposed[row, column]) * material.as_received


def _capital(scenario: Scenario, days: float) -> Iterator[Payment]:
    """Yield the annuity of what the plan builds, for an interval of `days`."""
    park, annuity = scenario.park, scenario.finance.annuity * days / DAYS_PER_YEAR
    for link in park.links:
        if link.status == "suggested" and link.set_up:
            yield carrier_paid_by(park, link), "finance", "capital", link.set_up * annuity
    for firm in park.firms.values():
        for line in firm.lines.values():
            if line.status == "suggested":
                technology = park.technologies[line.runs]
                capital = technology.set_up + technology.capex * line.capacity
                yield firm.id, "finance", "capital", capital * annuity


def _levied(policy: Policy, arrays: ParkArrays, taxable: Floats, label: str) -> Iterator[Payment]:
    rate = policy.rate_in(int(label[:4]))
    for row, (node, material) in enumerate(arrays.piles.keys[:-1]):
        if rate and taxable[row] > 0 and (arrays.park.lists(policy.on, material) or node in policy.on):
            item = f"{policy.kind} {policy.name or policy.when or ''}".strip()
            yield policy.payer or node, policy.payee, item, rate * float(taxable[row])


def _taxable(policy: Policy, arrays: ParkArrays, outlets: Outlets, interval: Interval, end: Floats) -> Floats:
    """Return by pile the dry tonnes a policy is levied on; `end` is what firms hold of own releases at the end.

    A treatment neither generates nor utilises (semantics §9); stored is what was added to the store.
    """
    count, production = len(arrays.piles.keys), arrays.lines.is_production
    if policy.when == "generated":
        amount = arrays.made.per_activity * interval.activity[arrays.made.line]
        return tally(arrays.made.pile, np.where(production[arrays.made.line], amount, 0.0), count)
    if policy.when == "utilised":
        used = tally(arrays.uses.pile, np.where(production[arrays.uses.line], interval.use, 0.0), count)
        direct = tally(arrays.inputs.pile, np.where(production[arrays.inputs.line], interval.direct, 0.0), count)
        return np.asarray(used + direct + interval.accepted)
    if policy.when == "stored":
        return np.asarray(np.maximum(end - interval.own, 0.0))
    compliant = np.array([arrays.park.boundary[site].compliant for site in outlets.sites], dtype=bool)
    chosen = ~compliant if policy.when == "discharged" else np.ones(len(compliant), dtype=bool)
    return np.asarray(interval.disposed[:, chosen].sum(axis=1))
