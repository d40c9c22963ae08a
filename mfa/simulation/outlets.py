"""Where own releases go that nobody in the park takes: disposal sites, the market, the environment (semantics §5)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mfa.park.park import Park
from mfa.step.arrays import Bools, Floats, Ints, ParkArrays, tally
from mfa.step.ledger import Ledger
from mfa.step.phases import Moves


@dataclass
class Outlets:
    """Outlets of every pile, and the room left in disposal sites.

    `choices[n]` is the n-th best site of each pile (−1 where there is none), by cost, distance and id; `room` dry t
    left by site; `market` the row in `markets` that buys a pile's material (−1: nobody).
    """

    sites: list[str]
    choices: list[Ints]
    room: Floats
    markets: list[str]
    market: Ints
    to_environment: Bools
    storage: Floats


@dataclass(frozen=True)
class Outflow:
    """What left the park in phases 6 and 7 of a step: by pile; `disposed` by pile and site."""

    disposed: Floats
    sold: Floats
    released: Floats


def find_outlets(arrays: ParkArrays) -> Outlets:
    """Return where each pile's surplus goes."""
    park = arrays.park
    sites = [site.id for site in park.boundaries("disposal")]
    ranked = [_sites_of(park, sites, *key) for key in arrays.piles.keys]
    depth = max((len(r) for r in ranked), default=0)
    choices = [np.array([r[n] if len(r) > n else -1 for r in ranked], dtype=np.intp) for n in range(depth)]
    markets = [market.id for market in park.boundaries("market")]
    buyers = [_buyer(park, markets, *key) for key in arrays.piles.keys]
    room = [math.inf if park.boundary[s].room is None else float(park.boundary[s].room or 0.0) for s in sites]
    spills = [_spills(park, *key) for key in arrays.piles.keys]
    return Outlets(
        sites,
        choices,
        np.array(room),
        markets,
        np.array(buyers, dtype=np.intp),
        np.array(spills, dtype=bool),
        arrays.piles.storage,
    )


def _sites_of(park: Park, sites: list[str], node: str, material: str) -> list[int]:
    if node not in park.firms or park.materials[material].class_ in ("water", "gas", "energy"):
        return []
    open_to = [s for s in sites if park.lists(park.boundary[s].accepts, material)]
    open_to.sort(key=lambda s: (park.boundary[s].gate_fee, park.distance_between(node, s), s))
    return [sites.index(s) for s in open_to]


def _buyer(park: Park, markets: list[str], node: str, material: str) -> int:
    market = park.market_for(material, "buys") if node in park.firms else None
    return -1 if market is None else markets.index(market.id)


def _spills(park: Park, node: str, material: str) -> bool:
    return node in park.firms and park.materials[material].class_ in ("water", "gas", "energy")


def clear(outlets: Outlets, ledger: Ledger, moves: Moves, counts_room: bool) -> Outflow:
    """Dispose of and sell what a firm keeps no longer: phases 6 and 7 of a step.

    Kept are what its own lines need next, then what its storage holds (semantics §5). What a market buys is sold
    and never disposed of; waste with nowhere to go stays.

    Args:
        outlets: outlets of every pile; the room of its sites shrinks.
        ledger: what the park holds; changed in place.
        moves: what moved in phases 1 to 5.
        counts_room: whether disposal uses up room (not during the warm-up).
    """
    spare = np.maximum(ledger.own - moves.keep, 0.0)
    sellable = outlets.market >= 0
    surplus = np.maximum(spare - outlets.storage, 0.0)
    disposed = _dispose(outlets, np.where(sellable | outlets.to_environment, 0.0, surplus), counts_room)
    stored_sale = np.where(sellable, spare, 0.0)
    spilled = np.where(outlets.to_environment & ~sellable, surplus, 0.0)
    ledger.withdraw(disposed.sum(axis=1) + stored_sale + spilled)
    sold = stored_sale + np.where(sellable, moves.surplus, 0.0)
    return Outflow(disposed, sold, spilled + np.where(sellable, 0.0, moves.surplus))


def _dispose(outlets: Outlets, surplus: Floats, counts_room: bool) -> Floats:
    """Return what goes to each site: the best one first, a site that runs full shared pro rata."""
    disposed = np.zeros((len(surplus), len(outlets.sites)))
    rest = surplus.copy()
    rows = np.arange(len(surplus))
    for choice in outlets.choices:
        wish = np.where(choice >= 0, rest, 0.0)
        asked = tally(np.maximum(choice, 0), wish, len(outlets.sites))
        scale = np.divide(outlets.room, asked, out=np.ones_like(asked), where=asked > outlets.room)
        given = wish * scale[choice] if len(outlets.sites) else wish
        disposed[rows, choice] += given
        rest = np.maximum(rest - given, 0.0)
        if counts_room:
            outlets.room = np.maximum(outlets.room - tally(np.maximum(choice, 0), given, len(outlets.sites)), 0.0)
    return disposed
