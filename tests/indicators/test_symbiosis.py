"""Indicators of symbiosis by hand: connectance, recycling, utilisation, criticality."""

import numpy as np
import pandas as pd
import pytest
from building import firm, park, scenario
from tabling import results, value

import mfa
from mfa.indicators import indicator_table
from mfa.indicators.symbiosis import by_product_recycling, eco_connectance, symbiosis_indicator

FLOWS = pd.DataFrame(
    [("mine", "a", 10), ("a", "b", 6), ("b", "a", 2), ("b", "c", 4), ("c", "market", 4)],
    columns=["source", "target", "amount"],
)
OUTSIDE = {"mine", "market"}


def test_a_pair_counts_once():
    # a–b and b–c of the three pairs of a, b, c.
    assert eco_connectance(FLOWS, OUTSIDE) == pytest.approx(2 / 3)


def test_by_product_recycling_is_connectance_times_the_mean_share():
    shares = FLOWS.assign(share=[1.0, 0.6, 0.3, 0.6, 1.0])
    assert by_product_recycling(shares, OUTSIDE) == pytest.approx(2 / 3 * 0.5)
    with pytest.raises(mfa.InputError, match="flows, row 2: error: share: a fraction lies between 0 and 1, got 6"):
        by_product_recycling(FLOWS.assign(share=[1, 6, 1, 1, 1]), OUTSIDE)


def test_the_symbiosis_indicator_by_hand():
    table = pd.DataFrame({"amount_in": [10, 5], "degree_in": [2, 4], "amount_out": [3, 0], "degree_out": [3, 1]})
    assert symbiosis_indicator(table).tolist() == [40, 9, 4]
    with pytest.raises(mfa.InputError, match="by-products, row 2: error: expected numbers of 0 and more"):
        symbiosis_indicator(table.assign(degree_in=[1, -1]))


def test_what_is_lost_without_a_firm():
    found = mfa.criticality(FLOWS, OUTSIDE).set_index("firm")
    assert found["lost"].to_dict() == pytest.approx({"a": 8 / 12, "b": 1.0, "c": 4 / 12})
    assert list(found.index) == ["b", "a", "c"]
    # Without a nobody gives to b, which gives to c; without c the others go on.
    assert found["lost_in_cascade"].to_dict() == pytest.approx({"a": 1.0, "b": 1.0, "c": 4 / 12})


def cascade(table, stopped):
    """What is lost in all when one firm stops, by letting the others slow down round by round."""
    nodes = sorted({*table.source, *table.target})
    received = table.groupby("target").amount.sum()
    working = pd.Series(1.0, index=nodes)
    moved = 1.0
    while moved > 1e-13:
        working[stopped] = 0
        given = (table.amount * table.source.map(working)).groupby(table.target).sum()
        before, working = working, (given / received).reindex(nodes).fillna(1.0)
        moved = (working - before).drop(stopped).abs().max()
    working[stopped] = 0
    inside = table[~table.source.isin(OUTSIDE) & ~table.target.isin(OUTSIDE)]
    kept = (inside.amount * inside.source.map(working))[inside.target != stopped].sum()
    return 1 - kept / inside.amount.sum()


@pytest.mark.parametrize("seed", range(4))
def test_the_cascade_is_where_rounds_of_slowing_down_end(seed):
    random = np.random.default_rng(seed)
    firms = [f"f{i}" for i in range(8)]
    rows = [("mine", firm, 1.0) for firm in firms] + [(firm, "market", 1.0) for firm in firms]
    rows += [(*random.choice(firms, 2), float(random.random())) for _ in range(20)]
    table = pd.DataFrame(rows, columns=["source", "target", "amount"])
    found = mfa.criticality(table, OUTSIDE).set_index("firm")["lost_in_cascade"]
    assert found.to_dict() == pytest.approx({firm: cascade(table, firm) for firm in firms}, abs=1e-9)


def test_a_ring_that_feeds_itself_stops_only_where_it_is_broken():
    table = pd.DataFrame(
        [("a", "b", 5), ("b", "a", 5), ("mine", "c", 2), ("c", "d", 2), ("d", "market", 2)],
        columns=["source", "target", "amount"],
    )
    found = mfa.criticality(table, OUTSIDE).set_index("firm")["lost_in_cascade"]
    assert found.to_dict() == pytest.approx({"a": 10 / 12, "b": 10 / 12, "c": 2 / 12, "d": 2 / 12}, abs=1e-6)


def test_worst_and_mean_are_told():
    assert mfa.criticality(FLOWS, OUTSIDE).attrs == pytest.approx({"worst": 1.0, "mean": 2 / 3})


def test_a_network_without_exchange_has_no_criticality():
    with pytest.raises(mfa.InputError, match="nothing flows between firms"):
        mfa.criticality(FLOWS.iloc[[0]], {"mine"})
    with pytest.raises(mfa.InputError, match="fewer than two firms"):
        eco_connectance(FLOWS.iloc[[0]], {"mine"})


def test_a_run_without_by_products_has_no_symbiotic_utilisation():
    table = indicator_table(results(scenario(park(firm("a"), firm("b")))))
    assert value(table, "eco_connectance") == 0
    assert pd.isna(value(table, "symbiotic_utilisation"))
