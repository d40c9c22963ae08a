"""Network analysis against Cone Spring, small networks by hand, and tables that make no sense."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mfa
from mfa.indicators.ecological import spectral_radius

CASE = json.loads(
    (Path(__file__).parents[1] / "cases" / "ecological_network" / "cone_spring.json").read_text(encoding="utf-8")
)
BEYOND = {"import", "export", "respiration"}


def flows(*rows):
    return pd.DataFrame(rows, columns=["source", "target", "amount"])


def cone_spring():
    rows = [(flow["from_"], flow["to"], flow["flow"]) for flow in CASE["flows"]]
    for i, node in enumerate(CASE["nodes"]):
        rows += [("import", node, CASE["input"][i]), (node, "export", CASE["export"][i]),
                 (node, "respiration", CASE["respiration"][i])]  # fmt: skip
    return flows(*rows)


def test_cone_spring_to_all_printed_digits():
    found = mfa.ecological_network(cone_spring(), BEYOND)
    expected = CASE["recomputed"]
    names = {
        "nodes": "n", "links": "L", "connectance": "connectance_L_n2", "linkage_density": "linkage_density",
        "cyclicity": "spectral_radius_A", "boundary_input": "boundary_input", "throughflow": "TST_throughflow",
        "throughput": "TSTp_throughput", "average_path_length": "APL", "finn_cycling_index": "FCI",
        "flow_diversity": "H_bits", "average_mutual_information": "AMI_bits", "capacity": "CAP", "ascendency": "ASC",
        "overhead": "OH", "relative_ascendency": "ASC_CAP", "robustness": "robustness_ln",
    }  # fmt: skip
    for name, key in names.items():
        assert found[name] == pytest.approx(expected[key], rel=1e-12), name
    assert found["imbalance"] == 0


OYSTERS = json.loads(
    (Path(__file__).parents[1] / "cases" / "ecological_network" / "oyster_reef.json").read_text(encoding="utf-8")
)


def oyster_reef():
    rows = [tuple(row) for row in OYSTERS["flows"]]
    rows += [("import", node, amount) for node, amount in zip(OYSTERS["nodes"], OYSTERS["input"], strict=True)]
    rows += [(node, "export", amount) for node, amount in zip(OYSTERS["nodes"], OYSTERS["output"], strict=True)]
    return flows(*rows)


@pytest.mark.parametrize(("name", "printed"), OYSTERS["printed"].items())
def test_the_oyster_reef_to_all_printed_digits(name, printed):
    found = mfa.ecological_network(oyster_reef(), {"import", "export"})[name]
    digits = len(printed.replace(".", "").lstrip("0"))
    assert float(f"{found:.{digits}g}") == float(printed)


def test_cone_spring_as_published_in_1986():
    found = mfa.ecological_network(cone_spring(), BEYOND)
    published = CASE["published"]
    assert round(found["throughput"]) == published["TSTp_total_system_throughput"]
    assert round(found["ascendency"]) == published["ascendency_kcal_bits"] == 56_725
    assert round(found["capacity_1986"]) == published["capacity_Ulanowicz1986_node_based"]
    assert round(found["finn_cycling_index"], 3) == published["FCI"]


def test_outside_names_are_compartments_of_their_own():
    merged = cone_spring().replace({"export": "environment", "respiration": "environment", "import": "environment"})
    assert mfa.ecological_network(merged, {"environment"})["capacity"] == pytest.approx(130_265.428, abs=1e-3)


def test_logarithms_are_stated():
    conventions = mfa.ecological_network(cone_spring(), BEYOND).attrs
    assert "log2" in conventions["ascendency"]
    assert "log2" in conventions["capacity"]
    assert "natural logarithm" in conventions["robustness"]


def test_a_chain_by_hand():
    found = mfa.ecological_network(flows(("in", "a", 8), ("a", "b", 8), ("b", "out", 8)), {"in", "out"})
    assert found["throughflow"] == 16
    assert found["throughput"] == 24
    assert found["average_path_length"] == 2
    assert found[["finn_cycling_index", "cyclicity", "overhead", "robustness"]].tolist() == pytest.approx([0, 0, 0, 0])
    assert found["ascendency"] == pytest.approx(24 * math.log2(3))
    assert found["connectance"] == 0.25


def test_a_loop_by_hand():
    # Half of what b receives goes back: each node is passed twice, n = 2, so half of the throughflow is cycled.
    found = mfa.ecological_network(
        flows(("in", "a", 4), ("a", "b", 8), ("b", "a", 4), ("b", "out", 4)), {"in", "out"}
    )  # fmt: skip
    assert found["finn_cycling_index"] == pytest.approx(0.5)
    assert found["cyclicity"] == pytest.approx(1)


def test_a_closed_network_needs_no_outside():
    # What circulates for ever is cycled in full; a node that only gives counts by what leaves it.
    ring = mfa.ecological_network(flows(("a", "b", 5), ("b", "c", 5), ("c", "a", 5)), set())
    assert ring[["finn_cycling_index", "throughflow", "throughput", "boundary_input"]].tolist() == [1, 15, 15, 0]
    assert math.isnan(ring["average_path_length"])
    chain = mfa.ecological_network(flows(("a", "b", 8), ("b", "c", 8)), ())
    assert chain[["finn_cycling_index", "throughflow", "imbalance"]].tolist() == [0, 16, 1]


def test_a_ring_beside_a_fed_chain_counts_by_its_share():
    table = flows(("in", "a", 10), ("a", "out", 10), ("in", "b", 1), ("b", "out", 1), ("b", "b", 9))
    # n of b is 1/(1 − 9/10) = 10, so 9/10 of its throughflow of 10 is cycled: 9 of 20.
    assert mfa.ecological_network(table, {"in", "out"})["finn_cycling_index"] == pytest.approx(9 / 20)


def test_equal_rows_are_added_up_and_empty_ones_left_out():
    once = flows(("in", "a", 8), ("a", "b", 8), ("b", "out", 8))
    split = flows(("in", "a", 5), ("a", "b", 8), ("in", "a", 3), ("b", "out", 8), ("a", "a", 0), ("b", "a", 0))
    pd.testing.assert_series_equal(
        mfa.ecological_network(split, {"in", "out"}), mfa.ecological_network(once, {"in", "out"})
    )


def test_a_self_loop_is_a_link_and_a_cycle():
    found = mfa.ecological_network(flows(("in", "a", 4), ("a", "a", 4), ("a", "out", 4)), {"in", "out"})
    assert found[["links", "cyclicity", "throughflow", "throughput"]].tolist() == [1, 1, 8, 12]
    assert found["finn_cycling_index"] == pytest.approx(0.5)


def test_an_unbalanced_node_counts_by_what_enters():
    found = mfa.ecological_network(flows(("in", "a", 10), ("a", "b", 9), ("b", "out", 8.5)), {"in", "out"})
    assert found["throughflow"] == 19
    assert found["imbalance"] == pytest.approx(0.1)


@st.composite
def networks(draw):
    """A balanced network: random circulation through nodes, fed and emptied at random."""
    count = draw(st.integers(1, 6))
    names = [f"n{i}" for i in range(count)]
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        path = draw(st.lists(st.sampled_from(names), min_size=1, max_size=6))
        amount = draw(st.floats(0.1, 100))
        rows += [(s, t, amount) for s, t in zip(["in", *path], [*path, "out"], strict=True)]
    return flows(*rows)


@settings(max_examples=60, deadline=None)
@given(networks(), st.randoms(use_true_random=False))
def test_properties_of_any_balanced_network(table, random):
    found = mfa.ecological_network(table, {"in", "out"})
    assert 0 <= found["finn_cycling_index"] < 1
    assert -1e-9 <= found["ascendency"] <= found["capacity"] * (1 + 1e-12)
    assert 0 <= found["robustness"] <= 1 / math.e + 1e-12
    assert found["average_path_length"] >= 1 - 1e-12
    assert (found["finn_cycling_index"] > 1e-12) == (found["cyclicity"] > 0.5)
    order = list(range(len(table)))
    random.shuffle(order)
    shuffled = mfa.ecological_network(table.iloc[order], {"in", "out"})
    pd.testing.assert_series_equal(shuffled, found, rtol=1e-9, atol=1e-9)
    doubled = mfa.ecological_network(table.assign(amount=2 * table["amount"]), {"in", "out"})
    assert doubled["capacity"] == pytest.approx(2 * found["capacity"])
    assert doubled["finn_cycling_index"] == pytest.approx(found["finn_cycling_index"])


@pytest.mark.parametrize("shape", ["random", "ring", "clique with a long tail", "none"])
def test_the_spectral_radius_of_large_networks(shape):
    size, random = 320, np.random.default_rng(7)
    links = np.zeros((size, size))
    if shape == "random":
        links = (random.random((size, size)) < 0.01).astype(float)
    elif shape != "none":
        links[np.arange(size), (np.arange(size) + 1) % size] = 1
        links[0, 100] = links[50, 200] = 1
    if shape == "clique with a long tail":
        links[:20, :20] = 1
    expected = 0.0 if shape == "none" else np.abs(np.linalg.eigvals(links)).max()
    assert spectral_radius(links) == pytest.approx(expected, rel=1e-9)


REFUSED = [
    (flows(("in", "a", -1)), ["flows, row 1: error: amount: a flow is not negative; "
                              "turn it round (swap source and target)"]),
    (flows(("in", "a", None), ("in", " ", 2)),
     ["flows, row 2: error: target: the node has no name; give one",
      "flows, row 1: error: amount: expected a finite number, got 'nan'"]),
    (flows(("inn", "a", 1)), ["outside: error: in: no flow starts or ends here; did you mean 'inn'?"]),
    (flows(("in", "a", 1), ("b", "a", 1)),
     ["flows: error: b: it gives but receives nothing; add what enters it, or name it in outside"]),
    (flows(("in", "in", 1)), ["flows: error: in → in: both ends lie outside; leave this flow out",
                              "flows: error: there is no flow to or from a node inside; give at least one"]),
    (flows(("in", "c", 1), ("a", "b", 5), ("b", "a", 5), ("b", "c", 1)),
     ["flows: error: a: it only receives what circulates; add what enters from outside",
      "flows: error: b: it only receives what circulates; add what enters from outside"]),
    (pd.DataFrame({"source": ["a"], "target": ["b"]}),
     ["flows: error: amount: there is no column 'amount'; a flow table has source, target, amount"]),
]  # fmt: skip


@pytest.mark.parametrize(("table", "messages"), REFUSED, ids=range(len(REFUSED)))
def test_a_bad_table_is_answered_by_row(table, messages):
    with pytest.raises(mfa.InputError) as caught:
        mfa.ecological_network(table, {"in"})
    assert str(caught.value).splitlines() == messages
