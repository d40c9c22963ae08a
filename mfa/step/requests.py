"""What firms ask of their links and what sources give (semantics §6.3, §6.4)."""

from __future__ import annotations

import numpy as np

from mfa.park.values import SMALLEST_FLOW
from mfa.step.arrays import Floats, Ints, ParkArrays, tally

MOST_ROUNDS = 10_000


def largest_use(arrays: ParkArrays, availability: Floats) -> Floats:
    """Return by pile the largest permitted use a step: recipe and share cap, limits ignored (semantics §6.4)."""
    claims = arrays.claims
    wanted = claims.largest * availability[claims.line] * arrays.step
    return tally(claims.pile, wanted, len(arrays.piles.keys))


def demand(
    arrays: ParkArrays, largest: Floats, own: Floats, received: Floats, transit: Floats
) -> tuple[Floats, Floats]:
    """Return by pile what is asked of links, and n, one step's largest use less own releases at hand.

    Args:
        arrays: the park.
        largest: largest permitted use a step, by pile.
        own: own releases at hand, by pile.
        received: received stock, by pile.
        transit: what is under way, by link.
    """
    links = arrays.links
    n = np.maximum(largest - own, 0.0)
    lead = np.zeros(len(n))
    np.maximum.at(lead, links.target, links.lead.astype(float))
    coming = tally(links.target, transit, len(n))
    asked = np.minimum(n, np.maximum(0.0, (lead + 1.0) * n - received - coming))
    quota = arrays.piles.quota * arrays.step
    return np.where(arrays.piles.is_firm, asked, quota), np.where(arrays.piles.is_firm, n, quota)


def share_out(
    asked: Floats, room: Floats, available: Floats, source: Ints, target: Ints, rank: Ints, drawn: Floats
) -> Floats:
    """Return what every link is granted, as delivered.

    Demand is asked of a pile's links in proportion to what each can still carry; a short source serves lower
    ranks first and shares pro rata within a rank; what is unmet is asked again of links whose source has some left.

    Args:
        asked: demand by pile.
        room: what each link can carry.
        available: what each source pile can give.
        source: source pile of each link.
        target: target pile of each link.
        rank: rank of each link at its source.
        drawn: what a link draws from its source for each unit delivered (1 ÷ (1 − loss)).
    """
    granted = np.zeros(len(source))
    open_demand, left = asked.copy(), available.copy()
    eligible = np.ones(len(source), dtype=bool)
    for _ in range(MOST_ROUNDS):
        carry = np.where(eligible, np.maximum(room - granted, 0.0), 0.0)
        total = tally(target, carry, len(asked))
        share = np.divide(open_demand, total, out=np.ones_like(total), where=total > open_demand)
        given = _serve(carry * share[target], left, source, rank, drawn)
        if not (given > 1e-15 + 1e-13 * asked[target]).any():
            break
        granted += given
        open_demand = np.maximum(open_demand - tally(target, given, len(asked)), 0.0)
        left = np.maximum(left - tally(source, given * drawn, len(left)), 0.0)
        eligible = left[source] > 1e-13 * available[source]
    return granted


def _serve(wish: Floats, left: Floats, source: Ints, rank: Ints, drawn: Floats) -> Floats:
    given = np.zeros_like(wish)
    left = left.copy()
    for level in range(int(rank.max(initial=0)) + 1):
        asked = np.where(rank == level, wish, 0.0)
        total = tally(source, asked * drawn, len(left))
        scale = np.divide(left, total, out=np.ones_like(total), where=total > left)
        served = asked * scale[source]
        given += served
        left = np.maximum(left - tally(source, served * drawn, len(left)), 0.0)
    return given


def share_as_planned(asked: Floats, planned: Floats, available: Floats, source: Ints, drawn: Floats) -> Floats:
    """Return what every link is granted under a plan: a short source shares in proportion to planned flow.

    Args:
        asked: what each link asks, at most its planned amount and its cap.
        planned: planned amount of each link in a step.
        available: what each source pile can give.
        source: source pile of each link.
        drawn: what a link draws from its source for each unit delivered.
    """
    granted = np.zeros(len(source))
    left = available.copy()
    for _ in range(MOST_ROUNDS):
        rest = asked - granted
        weight = np.where(rest > 1e-13 * planned, planned * drawn, 0.0)
        total = tally(source, weight, len(left))
        offer = np.divide(left, total, out=np.zeros_like(total), where=total > 0)
        given = np.minimum(rest, np.where(weight > 0, planned * offer[source], 0.0))
        if not (given > 1e-13 * planned).any():
            break
        granted += given
        left = np.maximum(left - tally(source, given * drawn, len(left)), 0.0)
    return granted


def drop_dust(flow: Floats, step: float) -> Floats:
    """Return `flow` with amounts below 1e-9 t (or GJ) a day set to 0 (semantics §1)."""
    return np.where(flow < SMALLEST_FLOW * step, 0.0, flow)
