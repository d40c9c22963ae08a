"""What lines take: the mix of substitutes, what is bought, and the greatest activity it allows (semantics §3, §4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mfa.errors import InvariantError
from mfa.step.arrays import Bools, Floats, ParkArrays, tally
from mfa.step.search import Bracket

COVERED = 1e-12
"""A need is covered when what is missing is less than this share of it."""
SOLVED = 1e-6
"""The same under a plan, and for its limits: plans come from solvers, which round."""
MOST_TRIALS = 500


@dataclass(frozen=True)
class Intake:
    """What every line takes in a step, dry t or GJ: substitutes by use, inputs as themselves, and what is bought.

    `activity` is in units of main product a day.
    """

    activity: Floats
    use: Floats
    direct: Floats
    bought: Floats


def allot(arrays: ParkArrays, stock: Floats, availability: Floats) -> Floats:
    """Return what each claim gets of a stock that several lines of a firm want (semantics §4), dry t or GJ.

    Args:
        arrays: the park.
        stock: what is there for lines to take, by pile, dry t or GJ.
        availability: by line, 0 to 1.
    """
    claims = arrays.claims
    wanted = claims.largest * availability[claims.line] * arrays.step
    total = tally(claims.pile, wanted, len(stock))
    share = np.divide(stock, total, out=np.ones_like(stock), where=total > stock)
    return wanted * share[claims.pile]


def take(arrays: ParkArrays, allotted: Floats, availability: Floats) -> Intake:
    """Return the intake at the greatest activity that the allotted stocks and the market allow.

    Args:
        arrays: the park.
        allotted: what each claim may take, dry t or GJ.
        availability: by line, 0 to 1; activity is at most target × availability.
    """
    mix = _planned_mix if arrays.planned else _free_mix
    enough = SOLVED if arrays.planned else COVERED
    bracket = Bracket.up_to(arrays.lines.target * availability, _has_substitutes(arrays))
    for _ in range(MOST_TRIALS):
        intake, missing = mix(arrays, allotted, bracket.trial)
        if bracket.narrow(_lacking(arrays, missing, bracket.trial), enough):
            return intake
    raise InvariantError("the greatest activity that the stocks allow was not found; a bug of the toolkit")


def _has_substitutes(arrays: ParkArrays) -> Bools:
    """Whether a line may replace some input that nobody sells."""
    found = np.zeros(len(arrays.lines.target), dtype=bool)
    found[arrays.uses.line[~arrays.inputs.sold[arrays.uses.input]]] = True
    return found


def _lacking(arrays: ParkArrays, missing: Floats, activity: Floats) -> Floats:
    """Return by line the largest share of a need for an input that nobody sells that stays uncovered."""
    inputs = arrays.inputs
    need = inputs.per_activity * activity[inputs.line] * arrays.step
    share = np.divide(missing, need, out=np.zeros_like(need), where=(need > 0) & ~inputs.sold)
    worst = np.zeros(len(activity))
    np.maximum.at(worst, inputs.line, share)
    return worst


def _free_mix(arrays: ParkArrays, allotted: Floats, activity: Floats) -> tuple[Intake, Floats]:
    """Return the intake without a plan at a given activity, and what stays uncovered of each input."""
    inputs, uses, claims = arrays.inputs, arrays.uses, arrays.claims
    need = inputs.per_activity * activity[inputs.line] * arrays.step
    rest = need.copy()
    # What an input that nobody sells needs of its own material is not spent on replacing what the market sells.
    left = np.maximum(allotted - tally(claims.of_input, np.where(inputs.sold, 0.0, need), len(allotted)), 0.0)
    use = np.zeros(len(uses.pile))
    for rank in range(int(uses.rank.max(initial=-1)) + 1):
        group = uses.rank == rank
        of_claim, of_input = claims.of_use, uses.input
        want = np.minimum(uses.up_to * need[of_input] / uses.ratio, left[of_claim])
        want = np.where(group, np.minimum(want, rest[of_input] / uses.ratio), 0.0)
        want *= _scale(left, tally(of_claim, want, len(left)))[of_claim]
        want *= _scale(rest, tally(of_input, want * uses.ratio, len(rest)))[of_input]
        want *= _within_limits(arrays, use, rest, want, activity)[uses.line]
        use += want
        left = np.maximum(left - tally(of_claim, want, len(left)), 0.0)
        rest = np.maximum(rest - tally(of_input, want * uses.ratio, len(rest)), 0.0)
    kept = np.maximum(allotted - tally(claims.of_use, use, len(allotted)), 0.0)
    direct = np.minimum(rest, kept[claims.of_input])
    return _intake(arrays, activity, use, direct, rest - direct)


def _planned_mix(arrays: ParkArrays, allotted: Floats, activity: Floats) -> tuple[Intake, Floats]:
    """Return the planned mix scaled to a given activity, and what stays uncovered of each input (semantics §4)."""
    inputs, uses, claims = arrays.inputs, arrays.uses, arrays.claims
    scale = np.divide(activity, arrays.lines.target, out=np.zeros_like(activity), where=arrays.lines.target > 0)
    use = uses.planned * scale[uses.line] * arrays.step
    direct = inputs.planned * scale[inputs.line] * arrays.step
    need = inputs.per_activity * activity[inputs.line] * arrays.step
    wanted = tally(claims.of_use, use, len(allotted)) + tally(claims.of_input, direct, len(allotted))
    short = _scale(allotted, wanted)
    use *= short[claims.of_use]
    direct *= short[claims.of_input]
    use *= _within_limits(arrays, np.zeros_like(use), need, use, activity)[uses.line]
    covered = tally(uses.input, use * uses.ratio, len(need))
    direct = np.minimum(direct, np.maximum(need - covered, 0.0))
    return _intake(arrays, activity, use, direct, np.maximum(need - covered - direct, 0.0))


def _intake(arrays: ParkArrays, activity: Floats, use: Floats, direct: Floats, rest: Floats) -> tuple[Intake, Floats]:
    bought = np.where(arrays.inputs.sold, rest, 0.0)
    return Intake(activity, use, direct, bought), np.where(arrays.inputs.sold, 0.0, rest)


def _scale(available: Floats, wanted: Floats) -> Floats:
    """Return min(1, available ÷ wanted)."""
    return np.divide(available, wanted, out=np.ones_like(wanted), where=wanted > available)


def _within_limits(arrays: ParkArrays, use: Floats, rest: Floats, want: Floats, activity: Floats) -> Floats:
    """Return by line the largest factor in [0, 1] on `want` that keeps every limit.

    `use` is what has been taken before, `rest` what is still open of each input and would be fed as itself.
    """
    rows = arrays.rows
    factor = np.ones(len(activity))
    if len(rows.line) == 0:
        return factor
    count = len(rows.line)
    covered = tally(arrays.uses.input, want * arrays.uses.ratio, len(rest))
    held = -(
        tally(rows.use_row, rows.use_weight * use[rows.use], count)
        + tally(rows.input_row, rows.input_weight * rest[rows.input], count)
        + rows.of_activity * activity[rows.line] * arrays.step
    )
    gain = tally(rows.use_row, rows.use_weight * want[rows.use], count) - tally(
        rows.input_row, rows.input_weight * covered[rows.input], count
    )
    size = tally(rows.use_row, np.abs(rows.use_weight) * want[rows.use], count)
    room = np.maximum(held, 0.0)
    excess = gain > room + (SOLVED if arrays.planned else COVERED) * np.maximum(room, size)
    share = np.divide(room, gain, out=np.ones(count), where=excess)
    np.minimum.at(factor, rows.line, share)
    return factor
