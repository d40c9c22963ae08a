"""The greatest activity of a line whose inputs nobody sells, is covered and a little more is not (semantics §6.3)."""

import numpy as np
from building import accept, firm, limit, market, material, park, technology
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa.park.park import Park
from mfa.step.arrays import compile_park
from mfa.step.intake import _free_mix, _lacking, allot, take

TARGET = 10.0


def parts(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(0, 100).map(lambda percent: low + (high - low) * percent / 100)


@st.composite
def lines(draw: st.DrawFn) -> Park:
    """Draw one line with two inputs that nobody sells, substitutes in groups, and perhaps a limit."""
    content = {m: draw(parts(0.0, 0.2)) for m in ("x", "y", "a", "b", "c")}
    uses = {"x": draw(parts(0.5, 2.0)), "y": draw(parts(0.5, 2.0))}
    pairs = draw(st.sets(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=5))
    accepts = [
        accept(m, i, draw(parts(0.5, 2)), draw(parts(0.1, 1)), draw(st.integers(1, 3))) for m, i in sorted(pairs)
    ]
    virgin = sum(uses[i] * content[i] for i in uses) / sum(uses.values())
    bound = draw(st.sampled_from([None, "max", "min"]))
    room = 1.0 + draw(parts(0.0, 0.5)) * (1 if bound == "max" else -1)
    limits = (limit("S", "feed", **{bound: virgin * room}),) if bound else ()
    made = technology("t", "p", uses, accepts=tuple(accepts), limits=limits)
    stock = {m: draw(parts(0.0, 15.0)) for m in content}
    materials = [material(m, "solid_waste", composition={"S": s}) for m, s in content.items()]
    return park(made, *materials, firm("f", "t", TARGET, initial_stock=stock), market(sells=("nothing",)))


@settings(deadline=None, max_examples=60)
@given(lines())
def test_the_activity_is_covered_and_a_little_more_is_not(what: Park) -> None:
    arrays, always = compile_park(what), np.ones(1)
    allotted = allot(arrays, arrays.piles.initial, always)

    def lacks(activity: float) -> float:
        _, missing = _free_mix(arrays, allotted, np.array([activity]))
        return float(_lacking(arrays, missing, np.array([activity]))[0])

    found = float(take(arrays, allotted, always).activity[0])
    assert lacks(found) <= 1e-9
    assert found == TARGET or lacks(found * (1 + 1e-6) + 1e-9) > 1e-12
