"""A park as arrays: every table sorted by id, so that the order of a file never matters (semantics §1)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mfa.park.contents import Contents
from mfa.park.firm import Boundary, Line
from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.technology import Technology
from mfa.step.feeds import Feed, Unknown, feed_of

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Lines:
    """One row a line, by (firm, line): its technology and target, units of main product a day."""

    keys: list[tuple[str, str]]
    technology: list[Technology]
    target: Floats
    ready: Floats

    @cached_property
    def is_production(self) -> Bools:
        """Whether a line produces (a treatment neither generates nor uses)."""
        return np.array([t.kind == "production" for t in self.technology], dtype=bool)


@dataclass(frozen=True)
class Piles:
    """One row an inventory (node, material); the last row is the empty pile of inputs that are only bought.

    `storage` is the most of its own releases a firm keeps (dry t or GJ), `quota` what a user or town asks a day,
    `supply` what a source gives a day (infinite where nothing is said), `sells` and `buys` the market's side, `initial`
    own releases at the start (NaN where nothing is said).
    """

    keys: list[tuple[str, str]]
    storable: Bools
    is_firm: Bools
    quota: Floats
    supply: Floats
    storage: Floats
    initial: Floats


@dataclass(frozen=True)
class Inputs:
    """One row an input of a line: what it needs per unit of activity, the pile it may be taken from, who sells it."""

    line: Ints
    material: list[str]
    pile: Ints
    per_activity: Floats
    sold: Bools
    planned: Floats


@dataclass(frozen=True)
class Uses:
    """One row a permitted substitute of an input: ratio, share cap, rank of its priority; planned use a day."""

    line: Ints
    input: Ints
    material: list[str]
    pile: Ints
    ratio: Floats
    up_to: Floats
    rank: Ints
    planned: Floats


@dataclass(frozen=True)
class Made:
    """One row an output of a line: the pile it goes to and the amount per unit of activity."""

    line: Ints
    pile: Ints
    per_activity: Floats


@dataclass(frozen=True)
class Claims:
    """One row a (line, pile) from which the line takes: `largest` is its largest permitted use a day at target."""

    line: Ints
    pile: Ints
    largest: Floats
    of_use: Ints
    of_input: Ints


@dataclass(frozen=True)
class Rows:
    """Limits as linear rows over uses, inputs and activity (see `mfa.step.feeds.Row`)."""

    line: Ints
    use_row: Ints
    use: Ints
    use_weight: Floats
    input_row: Ints
    input: Ints
    input_weight: Floats
    of_activity: Floats


@dataclass(frozen=True)
class Links:
    """One row a link that moves material between piles, by id. `lead` in steps; limits and plan per day."""

    links: list[Link]
    source: Ints
    target: Ints
    at_most: Floats
    planned: Floats
    lead: Ints
    drawn: Floats
    distance: Floats
    rank: Ints


@dataclass(frozen=True)
class ParkArrays:
    """A park as arrays. `step` is in days; `planned` says whether the park follows a plan."""

    park: Park
    step: float
    planned: bool
    rule: str
    lines: Lines
    piles: Piles
    inputs: Inputs
    uses: Uses
    made: Made
    claims: Claims
    rows: Rows
    links: Links
    feeds: dict[str, Feed]
    movable: Bools
    """By pile: whether its material can be stored and so is moved in the allocation phase."""

    @property
    def longest_lead(self) -> int:
        """The longest lead of any link, in steps; 1 without links."""
        return int(self.links.lead.max(initial=1))


def floats(values: list[float]) -> Floats:
    """Return a list as a float array."""
    return np.array(values, dtype=np.float64)


def ints(values: list[int]) -> Ints:
    """Return a list as an index array."""
    return np.array(values, dtype=np.intp)


def tally(index: Ints, amount: Floats, count: int) -> Floats:
    """Return the sum of `amount` by `index`, for indices 0 to `count` − 1, summed in the order given."""
    return np.asarray(np.bincount(index, amount, count), dtype=np.float64)


def compile_park(
    park: Park, step: float = 1.0, unknown: Unknown = "refuse", rule: str = "pro_rata", candidates: bool = False
) -> ParkArrays:
    """Return the arrays of a park for steps of `step` days; candidate links are left out unless asked for."""
    contents = Contents(park)
    keys = [(f, line) for f, firm in sorted(park.firms.items()) for line in sorted(firm.lines)]
    technologies = [park.technologies[park.firms[f].lines[line].runs] for f, line in keys]
    feeds = {t.id: feed_of(park, t, contents, unknown) for t in technologies}
    links = sorted((k for k in park.links if candidates or k.status != "candidate"), key=lambda link: link.id)
    planned = any(link.planned is not None for link in links) or any(_line(park, key).mix is not None for key in keys)
    piles = _piles(park, keys, technologies, links)
    index = {key: row for row, key in enumerate(piles.keys)}
    lines = Lines(
        keys, technologies, floats([_line(park, k).target for k in keys]), floats([_line(park, k).ready for k in keys])
    )
    inputs = _inputs(park, lines, index)
    uses = _uses(park, lines, inputs, index, feeds)
    return ParkArrays(
        park, step, planned, "plan" if planned else rule, lines, piles, inputs, uses,
        _made(lines, index), _claims(lines, inputs, uses, planned), _rows(lines, inputs, uses, feeds),
        _links(park, links, index, step, rule), feeds,
        np.array([m == "" or park.materials[m].storable for _, m in piles.keys]),
    )  # fmt: skip


def _line(park: Park, key: tuple[str, str]) -> Line:
    return park.firms[key[0]].lines[key[1]]


def _piles(park: Park, keys: list[tuple[str, str]], technologies: list[Technology], links: list[Link]) -> Piles:
    found = {(f, m) for (f, _), technology in zip(keys, technologies, strict=True) for m in technology.outputs}
    found |= {(f, m) for f, firm in park.firms.items() for m in (*firm.initial_stock, *firm.storage)}
    found |= {(node, m) for node, boundary in park.boundary.items() for m in boundary.uses}
    for link in links:
        found |= {(link.from_, link.material), (link.to, link.material)}
    piles = sorted(found)
    storable = [park.materials[m].storable and node in park.firms for node, m in piles]
    return Piles(
        [*piles, ("", "")],
        np.array([*storable, True]),
        np.array([*(node in park.firms for node, _ in piles), True]),
        floats([*(_boundary_amount(park, node, m, "uses", 0.0) for node, m in piles), 0.0]),
        floats([*(_boundary_amount(park, node, m, "supplies", math.inf) for node, m in piles), 0.0]),
        floats([*(_storage(park, node, m) for node, m in piles), 0.0]),
        floats([*(_initial(park, node, m) for node, m in piles), math.nan]),
    )


def _boundary_amount(park: Park, node: str, material: str, field: str, otherwise: float) -> float:
    boundary: Boundary | None = park.boundary.get(node)
    if boundary is None:
        return 0.0
    if field == "supplies" and boundary.kind != "source":
        return 0.0
    amounts: dict[str, float] = getattr(boundary, field)
    return amounts.get(material, otherwise)


def _initial(park: Park, node: str, material: str) -> float:
    return park.firms[node].initial_stock.get(material, math.nan) if node in park.firms else math.nan


def _storage(park: Park, node: str, material: str) -> float:
    """Return what is kept: unlimited for products and raw materials, nothing of wastes (semantics §5)."""
    if node not in park.firms:
        return 0.0
    given = park.firms[node].storage.get(material)
    if given is not None:
        return given
    return math.inf if park.materials[material].class_ in ("product", "raw") else 0.0


def _inputs(park: Park, lines: Lines, index: dict[tuple[str, str], int]) -> Inputs:
    line, material, pile, per_activity, sold, planned = [], [], [], [], [], []
    for row, ((firm, _), technology) in enumerate(zip(lines.keys, lines.technology, strict=True)):
        mix = _mix(park, lines.keys[row])
        for name, amount in sorted(technology.uses.items()):
            if amount > 0:
                line.append(row)
                material.append(name)
                pile.append(index.get((firm, name), len(index) - 1))
                per_activity.append(amount)
                sold.append(park.market_for(name, "sells") is not None)
                planned.append(mix.get((name, name), 0.0))
    return Inputs(ints(line), material, ints(pile), floats(per_activity), np.array(sold, dtype=bool), floats(planned))


def _mix(park: Park, key: tuple[str, str]) -> dict[tuple[str, str], float]:
    return {(use.material, use.replaces): use.amount for use in _line(park, key).mix or ()}


def _uses(park: Park, lines: Lines, inputs: Inputs, index: dict[tuple[str, str], int], feeds: dict[str, Feed]) -> Uses:
    input_of = {(int(line), m): row for row, (line, m) in enumerate(zip(inputs.line, inputs.material, strict=True))}
    rows = []
    for row, ((firm, _), technology) in enumerate(zip(lines.keys, lines.technology, strict=True)):
        mix = _mix(park, lines.keys[row])
        permitted = [a for a in feeds[technology.id].permitted if (row, a.replaces) in input_of]
        ranks = {p: rank for rank, p in enumerate(sorted({a.priority for a in permitted}))}
        for a in sorted(permitted, key=lambda a: (a.material, a.replaces)):
            if (firm, a.material) in index:
                pile = index[(firm, a.material)]
                rows.append((row, input_of[(row, a.replaces)], a.material, pile, a.ratio, a.up_to,
                             ranks[a.priority], mix.get((a.material, a.replaces), 0.0)))  # fmt: skip
    columns: list[list[object]] = [list(c) for c in zip(*rows, strict=True)] or [[] for _ in range(8)]
    line, of_input, material, pile_, ratio, up_to, rank, planned = columns
    return Uses(
        np.array(line, np.intp), np.array(of_input, np.intp), [str(m) for m in material], np.array(pile_, np.intp),
        np.array(ratio, float), np.array(up_to, float), np.array(rank, np.intp), np.array(planned, float),
    )  # fmt: skip


def _made(lines: Lines, index: dict[tuple[str, str], int]) -> Made:
    rows = [
        (row, index[(firm, material)], amount)
        for row, ((firm, _), technology) in enumerate(zip(lines.keys, lines.technology, strict=True))
        for material, amount in sorted(technology.outputs.items())
    ]
    return Made(ints([r[0] for r in rows]), ints([r[1] for r in rows]), floats([r[2] for r in rows]))


def _claims(lines: Lines, inputs: Inputs, uses: Uses, planned: bool) -> Claims:
    """Return who may take how much of which pile: by recipe and share cap, or as planned."""
    target = lines.target
    if planned:
        of_use, of_input = uses.planned, inputs.planned
    else:
        of_use = uses.up_to * inputs.per_activity[uses.input] * target[uses.line] / uses.ratio
        of_input = inputs.per_activity * target[inputs.line]
    pairs = sorted({*zip(uses.line.tolist(), uses.pile.tolist(), strict=True),
                    *zip(inputs.line.tolist(), inputs.pile.tolist(), strict=True)})  # fmt: skip
    index = {pair: row for row, pair in enumerate(pairs)}
    claim_of_use = ints([index[p] for p in zip(uses.line.tolist(), uses.pile.tolist(), strict=True)])
    claim_of_input = ints([index[p] for p in zip(inputs.line.tolist(), inputs.pile.tolist(), strict=True)])
    largest = tally(claim_of_use, of_use, len(pairs)) + tally(claim_of_input, of_input, len(pairs))
    return Claims(ints([p[0] for p in pairs]), ints([p[1] for p in pairs]), largest, claim_of_use, claim_of_input)


def _rows(lines: Lines, inputs: Inputs, uses: Uses, feeds: dict[str, Feed]) -> Rows:
    line: list[int] = []
    of_activity: list[float] = []
    use_part: list[tuple[int, int, float]] = []
    input_part: list[tuple[int, int, float]] = []
    uses_of, inputs_of = _by_line(uses.line, len(lines.keys)), _by_line(inputs.line, len(lines.keys))
    for number, technology in enumerate(lines.technology):
        mine, needs = uses_of[number], inputs_of[number]
        for row in feeds[technology.id].rows if mine else ():
            use_part += [(len(line), e, row.of_use.get(uses.material[e], 0.0)) for e in mine]
            input_part += [(len(line), j, row.of_input.get(inputs.material[j], 0.0)) for j in needs]
            line.append(number)
            of_activity.append(row.of_activity)
    return Rows(
        ints(line),
        ints([p[0] for p in use_part]), ints([p[1] for p in use_part]), floats([p[2] for p in use_part]),
        ints([p[0] for p in input_part]), ints([p[1] for p in input_part]), floats([p[2] for p in input_part]),
        floats(of_activity),
    )  # fmt: skip


def _by_line(line: Ints, count: int) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in range(count)]
    for row, number in enumerate(line.tolist()):
        rows[number].append(row)
    return rows


def _links(park: Park, links: list[Link], index: dict[tuple[str, str], int], step: float, rule: str) -> Links:
    distance = [park.distance(link) for link in links]
    return Links(
        links,
        ints([index[(link.from_, link.material)] for link in links]),
        ints([index[(link.to, link.material)] for link in links]),
        floats([math.inf if link.at_most is None else link.at_most for link in links]),
        floats([link.planned or 0.0 for link in links]),
        ints([lead_steps(link.lead_time, step) for link in links]),
        floats([1.0 / (1.0 - link.loss) for link in links]),
        floats(distance),
        ints(_ranks(links, distance, rule)),
    )


def lead_steps(lead_time: float, step: float) -> int:
    """Return the lead in whole steps: max(1, ceil(lead_time ÷ step)) (semantics §6.1)."""
    return max(1, math.ceil(lead_time / step - 1e-9))


def _ranks(links: list[Link], distance: list[float], rule: str) -> list[int]:
    """Return in which order a short source serves its links under a named rule; equal ranks share pro rata."""
    keys: dict[str, list[float]] = {
        "priority": [link.priority for link in links],
        "nearest": distance,
        "best_price": [-link.price for link in links],
    }
    values = keys.get(rule, [0.0] * len(links))
    order = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return [order[value] for value in values]
