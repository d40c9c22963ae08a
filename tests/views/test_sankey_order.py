"""What runs backwards, who stands in which layer, and that the order of rows never matters."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa.views.sankey.order import Flow, arrange, forward_order, layer_of, merge, pair_weights

NODES = "abcdef"
flows = st.lists(
    st.builds(Flow, st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from("xy"), st.floats(0.1, 1000)),
    min_size=1, max_size=14,
)  # fmt: skip


def backward(order, weights):
    return sum(weight for (s, t), weight in weights.items() if order.index(s) > order.index(t))


def test_parallel_flows_become_one_and_nothing_flows_of_nothing():
    rows = [Flow("b", "c", "x", 1), Flow("a", "b", "x", 2), Flow("b", "c", "x", 0.5), Flow("a", "c", "y", 0)]
    assert merge(rows) == [Flow("a", "b", "x", 2), Flow("b", "c", "x", 1.5)]


def test_tonnes_and_energy_are_never_added():
    with pytest.raises(ValueError, match=r"^a Sankey diagram adds one unit only, got GJ, t$"):
        merge([Flow("a", "b", "x", 1), Flow("a", "b", "steam", 1, "GJ")])


@pytest.mark.parametrize("amount", [-1.0, float("nan"), float("inf")])
def test_an_amount_that_is_none_is_refused(amount):
    with pytest.raises(ValueError, match=f"^a flow is a finite amount of at least 0, got {amount} of x$"):
        merge([Flow("a", "b", "x", amount)])


def test_of_a_loop_the_smaller_flow_runs_backwards():
    rows = [Flow("power", "alumina", "steam", 40), Flow("alumina", "power", "condensate", 15)]
    assert arrange(merge(rows)).backward == {("alumina", "power")}


def test_a_diamond_has_three_layers_and_a_bend_for_the_long_way():
    rows = merge([Flow("a", "b", "x", 2), Flow("b", "c", "x", 2), Flow("a", "c", "x", 1)])
    order = arrange(rows)
    assert order.layer == {"a": 0, "b": 1, "c": 2}
    assert sorted(order.layers[1]) == [("a", "c", "1"), ("b",)]


def test_where_flows_end_is_the_last_layer():
    order = ["a", "b", "c", "d"]
    assert layer_of(order, {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "d"): 1.0}) == {"a": 0, "b": 1, "c": 2, "d": 2}


def test_lines_that_need_not_cross_do_not():
    rows = [Flow("a", "z", "x", 1), Flow("b", "y", "x", 1), Flow("c", "w", "x", 1)]
    first, second = arrange(merge(rows)).layers
    assert [{"a": "z", "b": "y", "c": "w"}[slot[0]] for slot in first] == [slot[0] for slot in second]


@given(flows)
def test_at_most_half_of_the_weight_runs_backwards_and_nothing_without_a_loop(rows):
    weights = pair_weights(merge(rows))
    order = forward_order(sorted(NODES), weights)
    assert sorted(order) == sorted(NODES)
    assert backward(order, weights) <= sum(weights.values()) / 2 + 1e-9
    onwards = {pair: weight for pair, weight in weights.items() if pair[0] < pair[1]}
    assert backward(forward_order(sorted(NODES), onwards), onwards) == 0


@pytest.mark.parametrize("seed", range(12))
def test_no_order_of_six_nodes_sends_less_backwards(seed):
    from random import Random

    random = Random(seed)
    weights = {(s, t): float(random.randint(1, 9)) for s in NODES for t in NODES if s != t and random.random() < 0.3}
    best = min(backward(order, weights) for order in permutations(NODES))
    assert backward(forward_order(sorted(NODES), weights), weights) == best


@given(flows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert arrange(merge(shuffled)) == arrange(merge(rows))
