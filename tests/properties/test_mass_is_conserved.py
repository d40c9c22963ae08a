"""Mass is neither made nor lost, on random parks: at every pile and step, and again from the written tables."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.parks import scenarios

from mfa.park.scenario import Outputs, Scenario
from mfa.results.checks import check_tables
from mfa.results.recount import recount
from mfa.simulation import simulate
from mfa.simulation.outlets import clear, find_outlets
from mfa.step.arrays import ParkArrays, compile_park, tally
from mfa.step.ledger import Ledger
from mfa.step.phases import advance

SMALL = settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
RELATIVE = 1e-9


def arrays_of(scenario: Scenario) -> ParkArrays:
    return compile_park(scenario.park, scenario.time.step, scenario.unknown, scenario.allocation)


def close(left: np.ndarray, right: np.ndarray) -> bool:
    return bool((np.abs(left - right) <= RELATIVE * np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))).all())


@SMALL
@given(scenarios(), st.lists(st.sampled_from([0.0, 0.3, 1.0, 1.0]), min_size=6, max_size=6))
def test_every_pile_and_link_balances_in_every_step(scenario: Scenario, shares: list[float]) -> None:
    arrays = arrays_of(scenario)
    ledger, outlets, links = Ledger.empty(arrays), find_outlets(arrays), arrays.links
    count, storable = len(arrays.piles.keys), arrays.piles.storable & arrays.piles.is_firm
    movable = arrays.movable[links.source]
    for step in range(8):
        own, received, transit = ledger.own.copy(), ledger.received.copy(), ledger.under_way()
        moves = advance(ledger, np.resize(np.roll(shares, step), len(arrays.lines.keys)))
        outflow = clear(outlets, ledger, moves, counts_room=True)
        gone = outflow.disposed.sum(axis=1) + outflow.sold + outflow.released
        drawn, coming = tally(links.source, moves.drawn, count), tally(links.target, moves.arrived, count)
        assert close((own + moves.made)[storable], (ledger.own + moves.own_used + drawn + gone)[storable])
        assert close((received + coming)[storable], (ledger.received + moves.received_used)[storable])
        # What nobody can store is made, used, sent or gone within the step; what came over a link is used in it.
        fleeting = arrays.piles.is_firm & ~storable
        assert close(moves.made[fleeting], (moves.own_used + drawn + gone)[fleeting])
        assert close(coming[fleeting], moves.received_used[fleeting])
        assert close((transit + moves.dispatched)[movable], (ledger.under_way() + moves.arrived)[movable])
        assert min(ledger.own.min(), ledger.received.min(), ledger.transit.min(initial=0.0)) >= 0.0


@SMALL
@given(scenarios(), st.floats(0.1, 1.0))
def test_lines_use_what_their_recipe_needs_and_no_more_than_is_permitted(scenario: Scenario, available: float) -> None:
    arrays = arrays_of(scenario)
    ledger, inputs, uses = Ledger.empty(arrays), arrays.inputs, arrays.uses
    for _ in range(6):
        intake = advance(ledger, np.full(len(arrays.lines.keys), available)).intake
        need = inputs.per_activity * intake.activity[inputs.line] * arrays.step
        covered = tally(uses.input, uses.ratio * intake.use, len(need)) + intake.direct + intake.bought
        assert close(covered, need)
        assert (uses.ratio * intake.use <= uses.up_to * need[uses.input] * (1 + RELATIVE) + RELATIVE).all()
        assert (intake.bought[~inputs.sold] == 0.0).all()
        assert (intake.activity <= arrays.lines.target * available * (1 + RELATIVE)).all()


@SMALL
@given(scenarios(), st.sampled_from(["step", "month", "year"]))
def test_the_written_tables_balance(scenario: Scenario, record: str) -> None:
    stops = ({"firm": min(scenario.park.firms), "from": "2017-03-05", "lasts": 11, "availability": 0.25},)
    results = simulate(scenario.replace(outputs=Outputs(record=record), disruptions=stops))
    check_tables(results)
    assert recount(results) <= RELATIVE


@SMALL
@given(scenarios())
def test_every_line_closes_with_a_visible_gap(scenario: Scenario) -> None:
    results = simulate(scenario.replace(outputs=Outputs(record="year")))
    mass = results.conversion[(results.conversion["unit"] == "t") & (results.conversion["line"] != "")]
    sums = mass.groupby(["time", "firm", "line"])[["used", "made"]].sum()
    assert sums["used"].to_numpy() == pytest.approx(sums["made"].to_numpy(), rel=RELATIVE, abs=1e-6)
