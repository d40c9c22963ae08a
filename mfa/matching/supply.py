"""What firms have to give: by-products and wastes that nobody uses today, and what the firms around could take."""

from __future__ import annotations

from mfa.matching.ground import MATCHED_CLASSES
from mfa.matching.openings import Needs
from mfa.matching.ranking import FIT_RANK, Table
from mfa.park.park import Park
from mfa.park.values import SMALLEST_FLOW
from mfa.step.steady_state import SteadyState

Pair = tuple[str, str]
"""Firm and material."""
RELEASED_CLASSES = MATCHED_CLASSES | {"energy", "water", "gas"}


def unused(park: Park, today: SteadyState) -> dict[Pair, float]:
    """Return what every firm makes of each by-product and waste at its target and nobody uses today, t or GJ a day."""
    left: dict[Pair, float] = {}
    for key, firm in sorted(park.firms.items()):
        for _, line in sorted(firm.lines.items()):
            technology = park.technologies[line.runs]
            for material, amount in sorted(technology.outputs.items()):
                wanted = RELEASED_CLASSES if material in technology.releases else MATCHED_CLASSES
                if park.materials[material].class_ in wanted:
                    left[key, material] = left.get((key, material), 0.0) + amount * line.target
    inflow: dict[Pair, float] = {}
    for link in park.links:
        flow = today.flow.get(link.id, 0.0)
        inflow[link.to, link.material] = inflow.get((link.to, link.material), 0.0) + flow
        if (link.from_, link.material) in left:
            left[link.from_, link.material] -= flow / (1.0 - link.loss) if link.loss < 1 else 0.0
    own: dict[Pair, float] = {}
    for (firm_id, _, material, _), amount in sorted(today.used.items()):
        own[firm_id, material] = own.get((firm_id, material), 0.0) + amount
    for pair, amount in own.items():
        if pair in left:
            left[pair] -= max(0.0, amount - inflow.get(pair, 0.0))
    return {pair: amount for pair, amount in sorted(left.items()) if amount > SMALLEST_FLOW}


def generated(park: Park) -> dict[str, float]:
    """Return what the firms of each park generate at their targets of waste that counts for utilisation, t a day."""
    found: dict[str, float] = {}
    for _, firm in sorted(park.firms.items()):
        for _, line in sorted(firm.lines.items()):
            technology = park.technologies[line.runs]
            if technology.kind == "production":
                made = sum(a for m, a in sorted(technology.outputs.items()) if park.materials[m].is_counted)
                found[firm.park or ""] = found.get(firm.park or "", 0.0) + made * line.target
    return found


def place(needs: Needs, park: Park, supply: dict[Pair, float], tables: dict[str, Table]) -> dict[Pair, float]:
    """Return what is left of each supply when the firms of its own park have taken what they have room for.

    One after the other, sure matches only: an estimate for finding who is missing, not a plan.
    """
    left = dict(supply)
    room: dict[tuple[str, int], float] = {}
    need: dict[tuple[str, str, str], float] = {}
    for (firm, material), amount in sorted(supply.items()):
        home = park.firms[firm].park or ""
        for n, opening in enumerate(tables[material].openings):
            if opening.room is None or FIT_RANK[opening.fits] or opening.user == firm or opening.park != home:
                continue
            at = room.setdefault((material, n), opening.room)
            taken = min(amount, at)
            if opening.need is not None:
                rest = need.setdefault(opening.need, needs.left(opening.need))
                taken = min(taken, rest / opening.covers)
                need[opening.need] = rest - taken * opening.covers
            room[material, n] = at - taken
            amount -= taken
        left[firm, material] = amount
    return {pair: amount for pair, amount in left.items() if amount > SMALLEST_FLOW}
