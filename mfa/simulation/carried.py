"""Substances in materials of undeclared composition: they contain what their line's feed brought (semantics §2)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from mfa.park.contents import Contents, carrying
from mfa.simulation.outlets import Outflow
from mfa.step.arrays import Bools, Floats, Ints, ParkArrays, tally
from mfa.step.phases import Moves


@dataclass
class Crossing:
    """Substances that crossed a node's border with carrying materials in an interval, t, by node and substance.

    `held` is what the node and the links towards it held at the start.
    """

    into: Floats
    out: Floats
    held: Floats


@dataclass
class Carried:
    """The substances in piles and transit of carrying materials, t: rows are piles (or slots and links), columns names.

    A material carries when it has no declared or derived composition and is the main mass product of some line: it
    contains what the line does not assign to a by-product.
    """

    arrays: ParkArrays
    names: list[str]
    nodes: list[str]
    known: Floats
    of_inputs: Floats
    carries: Bools
    own: Floats
    received: Floats
    transit: Floats
    node_of_pile: Ints
    uses: csr_array
    inputs: csr_array
    made: csr_array
    product: Ints
    tick: int = 0
    crossings: list[Crossing] = field(default_factory=list)


def start_carrying(arrays: ParkArrays) -> Carried | None:
    """Return an empty account of what carrying materials contain; None where nothing carries."""
    park = arrays.park
    names = sorted({name for material in park.materials.values() for name in material.composition})
    contents = Contents(park)
    carriers = carrying(park, contents, names) if names else set()
    if not carriers:
        return None
    nodes = sorted({*park.firms, *park.boundary})
    piles, lines, count = arrays.piles.keys, len(arrays.lines.keys), len(names)
    index = {key: row for row, key in enumerate(piles)}
    known = _table(contents, names, [m for _, m in piles])
    product = [index[f, t.product] if t.product in carriers else -1
               for (f, _), t in zip(arrays.lines.keys, arrays.lines.technology, strict=True)]  # fmt: skip
    return Carried(
        arrays, names, nodes, known, _table(contents, names, arrays.inputs.material),
        np.array([m in carriers for _, m in piles]), np.zeros((len(piles), count)), np.zeros((len(piles), count)),
        np.zeros((arrays.longest_lead + 1, len(arrays.links.source), count)),
        np.array([nodes.index(node) if node else 0 for node, _ in piles], dtype=np.intp),
        _summing(arrays.uses.line, lines), _summing(arrays.inputs.line, lines), _summing(arrays.made.line, lines),
        np.array(product, dtype=np.intp),
    )  # fmt: skip


def _table(contents: Contents, names: list[str], materials: list[str]) -> Floats:
    """Return the known content of materials, by row and substance, 0 where unknown."""
    rows = [[(contents.of(m, name) or 0.0) if m else 0.0 for name in names] for m in materials]
    return np.array(rows, dtype=np.float64).reshape(len(materials), len(names))


def _summing(index: Ints, count: int) -> csr_array:
    """Return the matrix that sums rows by index."""
    rows = len(index)
    return csr_array((np.ones(rows), (index, np.arange(rows))), shape=(count, rows))


def begin_interval(carried: Carried) -> None:
    """Open a recording interval."""
    empty = np.zeros((len(carried.nodes), len(carried.names)))
    carried.crossings.append(Crossing(empty, empty.copy(), held(carried)))


def restock(carried: Carried, before: Floats, after: Floats) -> None:
    """Keep the content of a tonne where own releases are set anew, dry t by pile."""
    carried.own *= np.divide(after, before, out=np.ones_like(after), where=before > 0)[:, None]


def held(carried: Carried) -> Floats:
    """Return what each node and the links towards it hold now, t by node and substance."""
    links, total = carried.arrays.links, np.zeros((len(carried.nodes), len(carried.names)))
    np.add.at(total, carried.node_of_pile, carried.own + carried.received)
    np.add.at(total, carried.node_of_pile[links.target], carried.transit.sum(axis=0))
    return total


def follow(carried: Carried, own: Floats, received: Floats, moves: Moves, outflow: Outflow) -> None:
    """Let substances follow what one step moved.

    Args:
        carried: the account; changed in place.
        own: own releases by pile before the step, dry t.
        received: received stock by pile before the step, dry t.
        moves: what moved in phases 1 to 5.
        outflow: what left the park in phases 6 and 7.
    """
    arrays, links, firm = carried.arrays, carried.arrays.links, carried.arrays.piles.is_firm
    slot = carried.tick % len(carried.transit)
    arrived = np.where(arrays.movable[links.source], moves.arrived, 0.0)
    np.add.at(carried.received, links.target[firm[links.target]], carried.transit[slot][firm[links.target]])
    carried.transit[slot] = 0.0
    at_hand = received + np.where(firm, tally(links.target, arrived, len(own)), 0.0)
    drawn = _share(carried.own, moves.own_used, own) + _share(carried.received, moves.received_used, at_hand)
    used = moves.own_used + moves.received_used
    per_tonne = np.divide(drawn, used[:, None], out=np.zeros_like(drawn), where=used[:, None] > 0)
    _convert(carried, moves, np.where(carried.carries[:, None], per_tonne, carried.known))
    after = own - moves.own_used + moves.made
    _dispatch(carried, moves, after)
    moved = np.where(arrays.movable[links.source], moves.drawn, 0.0)
    left = after - tally(links.source, moved, len(own))
    gone = _share(carried.own, outflow.disposed.sum(axis=1) + outflow.sold + outflow.released, left)
    if carried.crossings:
        np.add.at(carried.crossings[-1].out, carried.node_of_pile, gone)
    carried.tick += 1


def _share(content: Floats, amount: Floats, of: Floats) -> Floats:
    """Take the share `amount ÷ of` out of `content`, row by row, and return it."""
    share = np.minimum(np.divide(amount, of, out=np.zeros_like(amount), where=of > 0), 1.0)
    taken = content * share[:, None]
    content -= taken
    return taken


def _convert(carried: Carried, moves: Moves, per_tonne: Floats) -> None:
    """Put what the feed of each line brought, less what goes with declared outputs, into its carrying product."""
    arrays, intake = carried.arrays, moves.intake
    fed = carried.uses @ (intake.use[:, None] * per_tonne[arrays.uses.pile])
    fed += carried.inputs @ (intake.direct[:, None] * per_tonne[arrays.inputs.pile])
    fed += carried.inputs @ (intake.bought[:, None] * carried.of_inputs)
    made = arrays.made.per_activity * intake.activity[arrays.made.line] * arrays.step
    rest = fed - carried.made @ (made[:, None] * carried.known[arrays.made.pile])
    rows = carried.product >= 0
    np.add.at(carried.own, carried.product[rows], np.maximum(rest[rows], 0.0))


def _dispatch(carried: Carried, moves: Moves, after: Floats) -> None:
    arrays, links = carried.arrays, carried.arrays.links
    moved = np.where(arrays.movable[links.source] & arrays.piles.is_firm[links.source], moves.drawn, 0.0)
    share = np.divide(moved, after[links.source], out=np.zeros_like(moved), where=after[links.source] > 0)
    loaded = carried.own[links.source] * share[:, None]
    np.subtract.at(carried.own, links.source, loaded)
    delivered = loaded / links.drawn[:, None]
    slot = (carried.tick + links.lead) % len(carried.transit)
    carried.transit[slot, np.arange(len(slot))] += delivered
    if carried.crossings:
        np.add.at(carried.crossings[-1].out, carried.node_of_pile[links.source], loaded)
        np.add.at(carried.crossings[-1].into, carried.node_of_pile[links.target], delivered)
