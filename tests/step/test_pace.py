from collections.abc import Callable

import numpy as np
import pytest
from oracle.parks import random_scenario

from mfa.step import settlement
from mfa.step.arrays import Floats, compile_park
from mfa.step.ledger import Ledger
from mfa.step.pace import Pace
from mfa.step.phases import advance

STILL = 1e-13


def settle(onward: Callable[[Floats, Floats], Floats], round_: Callable[[Floats], Floats], start: Floats) -> int:
    """Repeat a round until nothing moves, each from where `onward` says; return how many rounds it took."""
    asked = start
    for rounds in range(1, 100_000):
        got = round_(asked)
        if np.abs(got - asked).max() <= STILL:
            start[:] = got
            return rounds
        asked = onward(asked, got)
    raise AssertionError("never still")


def test_a_creeping_loop_ends_where_it_would_and_much_sooner() -> None:
    slow, quick = np.array([10.0, 4.0]), np.array([10.0, 4.0])
    end = np.array([2.0, 1.0])

    def shrink(x: Floats) -> Floats:
        return end + 0.99 * (x - end)

    plain = settle(lambda _, got: got, shrink, slow)
    leaping = settle(Pace().onward, shrink, quick)
    assert quick == pytest.approx(end, abs=1e-11)
    assert slow == pytest.approx(end, abs=1e-10)
    assert leaping < plain / 10


def test_a_leap_that_meets_another_rule_is_taken_back() -> None:
    """Above 5 the loop heads for 2, but at 5 a cap begins to hold it: the end is 5, however steady the way there."""

    def capped(x: Floats) -> Floats:
        return np.maximum(2.0 + 0.99 * (x - 2.0), 5.0)

    x = np.array([10.0])
    settle(Pace().onward, capped, x)
    assert x[0] == pytest.approx(5.0, abs=1e-12)


@pytest.mark.parametrize("seed", [290, 460, 1585])
def test_leaps_do_not_change_what_a_park_does(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parks whose steam loops creep: more than 300 rounds a step without leaps."""
    scenario = random_scenario(seed)
    arrays = compile_park(scenario.park, scenario.time.step, scenario.unknown, scenario.allocation)
    take, rounds = settlement.take, []
    monkeypatch.setattr(settlement, "take", lambda *given: rounds.append(1) or take(*given))

    def activity() -> tuple[Floats, int]:
        ledger = Ledger.empty(arrays)
        rounds.clear()
        for _ in range(3):
            moves = advance(ledger, np.ones(len(arrays.lines.keys)))
        return moves.intake.activity, len(rounds)

    leaping, few = activity()
    monkeypatch.setattr(Pace, "onward", lambda _self, _asked, got: got)
    plain, many = activity()
    assert leaping == pytest.approx(plain, rel=1e-9, abs=1e-9)
    assert few < many / 5
