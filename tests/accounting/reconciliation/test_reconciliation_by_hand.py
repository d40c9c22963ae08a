"""Small accounts worked out by hand: coefficients, layers, exact values, gross errors, draws, near-singular cases."""

import numpy as np
import pytest

import mfa
from mfa.park.account import Account, Concentration, Flow, Relation, Term, TransferCoefficient


def flow(name, source, target, value=None, std=0.0, **more):
    return Flow(id=name, source=source or "environment", target=target or "environment", value=value, std=std, **more)


def share(name, of, of_what, value=None, std=0.0):
    return TransferCoefficient(id=name, of=of, from_=of_what, value=value, std=std)


def test_two_equal_measurements_meet_in_the_middle_and_are_indistinguishable():
    result = mfa.reconcile(Account(flows=(flow("a", "", "n", 10, 1), flow("b", "n", "", 20, 1))))
    assert list(result.flows["reconciled"]) == pytest.approx([15, 15])
    assert list(result.flows["reconciled_std"]) == pytest.approx([0.5**0.5] * 2)
    assert list(result.flows["z"]) == pytest.approx([50**0.5] * 2)
    assert result.covariance.loc["a", "b"] == pytest.approx(0.5)
    assert (list(result.suspects.index), result.suspects.loc["a", "alike"]) == (["a"], "b")
    assert result.suspects.loc["a", "error"] == pytest.approx(-10)


def test_an_exact_value_is_kept_and_the_others_come_to_it():
    result = mfa.reconcile(Account(flows=(flow("a", "", "n", 10), flow("b", "n", "", 20, 1))))
    assert list(result.flows["reconciled"]) == pytest.approx([10, 10])
    assert list(result.flows["reconciled_std"]) == pytest.approx([0, 0], abs=1e-12)
    assert list(result.flows["status"]) == ["exact", "measured"]
    assert (result.chi2, result.dof) == (pytest.approx(100), 1)


def test_gaussian_propagation_to_a_product_and_a_difference():
    account = Account(
        flows=(flow("in", "", "n", 100, 5), flow("a", "n", ""), flow("b", "n", "")),
        transfer_coefficients=(share("t", "a", "in", 0.3, 0.03),),
    )
    result = mfa.reconcile(account)
    assert list(result.flows["reconciled"]) == pytest.approx([100, 30, 70])
    assert list(result.flows["reconciled_std"]) == pytest.approx([5, (1.5**2 + 3**2) ** 0.5, (3.5**2 + 3**2) ** 0.5])
    assert result.covariance.loc["a", "b"] == pytest.approx(0.3 * 0.7 * 25 - 9)
    assert (result.dof, result.unchecked, list(result.flows["z"].isna())) == (0, ("in", "t"), [True] * 3)
    assert np.isnan(result.p_value)


@pytest.mark.parametrize("start", [{}, {"a": -50, "t": 9}, {"a": 1e4, "b": 1e-4, "t": 1e-6}])
def test_what_only_a_product_of_unknowns_would_determine_is_named_from_wherever_the_search_starts(start):
    """The fork of ODYM prints the user's guess for such flows."""
    account = Account(
        flows=(flow("in", "", "n", 100, 5), flow("a", "n", ""), flow("b", "n", "")),
        transfer_coefficients=(share("t", "a", "in"),),
    )
    result = mfa.reconcile(account, start=start)
    assert result.unobservable == ("a", "b", "t")
    assert result.flows.loc[["a", "b"], ["reconciled", "reconciled_std"]].isna().all(axis=None)
    assert result.flows.loc["a", "status"] == "unobservable"


@pytest.mark.parametrize("start", [{}, {"x": 1, "q": 900, "tx": 30, "tq": -4}])
def test_chained_unknown_coefficients_are_solved_from_anywhere(start):
    account = Account(
        flows=(flow("in", "", "A", 100, 5), flow("x", "A", "B"), flow("y", "A", ""), flow("p", "B", "", 30, 2),
               flow("q", "B", "")),
        transfer_coefficients=(share("tx", "x", "in"), share("tp", "p", "x", 0.5, 0.05), share("tq", "q", "x")),
    )  # fmt: skip
    result = mfa.reconcile(account, start=start)
    assert list(result.flows["reconciled"]) == pytest.approx([100, 60, 40, 30, 30])
    assert list(result.transfer_coefficients["reconciled"]) == pytest.approx([0.6, 0.5, 0.5])
    x = (2**2 / 0.5**2 + 0.05**2 * 30**2 / 0.5**4) ** 0.5
    assert result.flows.loc["x", "reconciled_std"] == pytest.approx(x)
    assert result.transfer_coefficients.loc["tx", "reconciled_std"] == pytest.approx(((x / 100) ** 2 + 0.03**2) ** 0.5)


def test_concentrations_split_a_flow_that_nobody_measured():
    """100 t with 2 % copper split into a part with 5 % and one with 1 %: 25 t and 75 t (lever rule)."""
    flows, contents = [], []
    for name, source, target, amount, content in (
        ("F1", "", "P", (100, 5), (0.02, 0.001)), ("F2", "P", "", (None, 0), (0.05, 0.002)),
        ("F3", "P", "", (None, 0), (0.01, 0.001)),
    ):  # fmt: skip
        flows += [flow(name, source, target, *amount), flow(name, source, target, layer="Cu")]
        contents.append(Concentration(id=f"Cu/{name}", content=f"{name}:Cu", carrier=name, value=content[0],
                                      std=content[1]))  # fmt: skip
    result = mfa.reconcile(Account(flows=tuple(flows), concentrations=tuple(contents)))
    assert result.flows["reconciled"].to_list() == pytest.approx([100, 2, 25, 1.25, 75, 0.75])
    assert result.flows["layer"].to_list() == ["goods", "Cu"] * 3
    # F2 = F1 (c1 - c3) / (c2 - c3)
    slopes = np.array([0.25, 100 / 0.04, -25 / 0.04, -75 / 0.04])
    assert result.quantities.loc["F2", "reconciled_std"] == pytest.approx(
        np.sqrt(np.sum((slopes * [5, 0.001, 0.002, 0.001]) ** 2))
    )


def test_a_relation_between_layers_and_constants_holds():
    relation = Relation(text="heat = 7.5*fuel + 10", terms=(
        Term(factor=1, of=("heat",)), Term(factor=-7.5, of=("fuel",)), Term(factor=-10),
    ))  # fmt: skip
    flows = (flow("fuel", "", "k", 4, 0.1, unit="t"), flow("ash", "k", ""), flow("heat", "", "h", layer="energy"),
             flow("loss", "h", "", layer="energy"))  # fmt: skip
    result = mfa.reconcile(Account(flows=flows, relations=(relation,)))
    assert result.flows["reconciled"].to_dict() == pytest.approx({"fuel": 4, "ash": 4, "heat": 40, "loss": 40})
    assert result.flows.loc["loss", "reconciled_std"] == pytest.approx(0.75)


@pytest.mark.parametrize(("gap", "is_determined"), [(1e-3, True), (1e-6, True), (0.0, False)])
def test_two_mixtures_that_nearly_agree_are_told_from_two_that_do(gap, is_determined):
    """x + y = 10 and 0.5 x + (0.5 + gap) y = 5 + gap·4: y = 4, unless the second only repeats the first."""
    relation = Relation(text="r", terms=(
        Term(factor=0.5, of=("x",)), Term(factor=0.5 + gap, of=("y",)), Term(factor=-5 - 4 * gap),
    ))  # fmt: skip
    account = Account(flows=(flow("in", "", "n", 10), flow("x", "n", ""), flow("y", "n", "")), relations=(relation,))
    result = mfa.reconcile(account)
    assert (result.unobservable == ()) is is_determined
    if is_determined:
        assert result.flows.loc["y", "reconciled"] == pytest.approx(4, rel=1e-15 / gap + 1e-9)


def test_a_gross_error_among_many_streams_is_found_and_sized():
    true = {"F1": 100.0, "F2": 64.0, "F3": 36.0, "F4": 64.0, "F5": 36.0, "F6": 100.0}
    ends = {"F1": ("", "A"), "F2": ("A", "B"), "F3": ("A", "C"), "F4": ("B", "D"), "F5": ("C", "D"), "F6": ("D", "")}
    flows = tuple(flow(n, *ends[n], true[n] + (20 if n == "F3" else 0), 1) for n in true)
    result = mfa.reconcile(Account(flows=flows))
    assert list(result.suspects.index) == ["F3"]
    suspect = result.suspects.loc["F3"]
    assert (suspect["error"], suspect["chi2"], suspect["dof"]) == (pytest.approx(20), pytest.approx(0, abs=1e-9), 3)
    rejected = result.tests[result.tests["rejects"]]
    assert set(rejected.loc[rejected["test"] == "nodal", "of"]) == {"A", "C"}
    without = tuple(f if f.id != "F3" else flow("F3", *ends["F3"]) for f in flows)
    again = mfa.reconcile(Account(flows=without))
    assert again.chi2 == pytest.approx(suspect["chi2"], abs=1e-9)
    assert 56 - again.flows.loc["F3", "reconciled"] == pytest.approx(suspect["error"])


def test_nodes_joined_by_an_unmeasured_flow_are_tested_together():
    flows = (flow("a", "", "n", 10, 3), flow("b", "n", "m"), flow("c", "m", "", 15, 4))
    tests = mfa.reconcile(Account(flows=flows)).tests.set_index("test")
    assert (tests.loc["nodal", "of"], tests.loc["nodal", "statistic"]) == ("m + n", pytest.approx(1.0))


def test_draws_of_normal_values_meet_the_propagation_and_come_again_with_the_seed():
    flows = (flow("a", "", "n", 10, 1), flow("b", "n", "", 12, 2), flow("c", "n", ""))
    account = Account(flows=flows, runs=4000, seed=5)
    result = mfa.reconcile(account)
    drawn = result.monte_carlo
    error = result.flows["reconciled_std"] / 4000**0.5
    assert (abs(drawn["mean"] - result.flows["reconciled"]) <= 5 * error).all()
    assert drawn["std"].to_numpy() == pytest.approx(result.flows["reconciled_std"].to_numpy(), rel=0.06)
    assert (np.diff(drawn[["q2.5", "q25", "q50", "q75", "q97.5"]].to_numpy()) > 0).all()
    assert drawn.equals(mfa.reconcile(account).monte_carlo)
    shuffled = account.replace(flows=tuple(reversed(flows)))
    assert drawn.equals(mfa.reconcile(shuffled).monte_carlo)
    assert not drawn.equals(mfa.reconcile(account, seed=6).monte_carlo)


def test_draws_of_other_shapes_have_their_mean_and_spread():
    flows = (
        flow("u", "", "n", shape="uniform", low=90, high=110),
        flow("l", "", "n", 50, 25, shape="lognormal"),
        flow("t", "", "n", shape="triangular", low=30, mode=40, high=80),
        flow("out", "n", ""),
    )
    result = mfa.reconcile(Account(flows=flows, runs=20_000))
    expected = {"u": (100, 20 / 12**0.5), "l": (50, 25), "t": (50, (2100 / 18) ** 0.5)}
    for name, (mean, std) in expected.items():
        assert result.flows.loc[name, "reconciled"] == pytest.approx(mean)
        assert result.flows.loc[name, "reconciled_std"] == pytest.approx(std)
        assert result.monte_carlo.loc[name, "mean"] == pytest.approx(mean, abs=5 * std / 20_000**0.5)
        assert result.monte_carlo.loc[name, "std"] == pytest.approx(std, rel=0.05)
    assert result.monte_carlo.loc["u", "q2.5"] == pytest.approx(90.5, abs=0.2)
    assert result.monte_carlo.loc["l", "q50"] < 50 < result.monte_carlo.loc["l", "q75"]


def test_draws_under_a_bound_keep_it():
    flows = (flow("a", "", "n", 1, 1), flow("b", "n", "", 0.5, 1), flow("c", "n", "", 0.2, 1))
    result = mfa.reconcile(Account(flows=flows, runs=100, non_negative=True))
    assert (result.monte_carlo["q2.5"] >= 0).all()
    assert (mfa.reconcile(Account(flows=flows, runs=100)).monte_carlo["q2.5"] < 0).any()


NOTHING_ENTERS = [  # only zero satisfies the balances of all but a loop
    [("N0", "N1", 9, 5), ("N1", "N0", None, 0), ("N1", "N2", 8, 4), ("N2", "N0", -3, 6), ("N0", "environment", 65, 27)],
    [("N0", "N1", -1e-3, 2e-3), ("N1", "N0", None, 0), ("N0", "N1", None, 0), ("N1", "environment", 7e-3, 2e-3)],
    [("N3", "N0", 0, 0), ("N0", "environment", -25, 29), ("N1", "environment", None, 0), ("N3", "N2", 49, 30),
     ("N2", "environment", None, 0), ("N0", "N3", -4, 9), ("N3", "environment", -65, 26), ("N0", "N3", -17, 52),
     ("N3", "N0", -11, 34), ("N2", "N1", 29, 29), ("N3", "N1", -11, 19)],
    [("environment", "N0", 65, 27), ("N0", "N3", 6, 9), ("environment", "N1", 7, 9), ("N1", "N3", 4, 5),
     ("N2", "N1", -10, 14), ("N1", "N3", -4, 13), ("N3", "N2", None, 0), ("N2", "N1", -22, 18), ("N1", "N0", -13, 22),
     ("N1", "N2", -3, 6), ("N3", "N2", None, 0), ("N2", "N3", -97, 52)],
]  # fmt: skip


@pytest.mark.parametrize("rows", NOTHING_ENTERS)
def test_what_nothing_feeds_is_zero_though_rounding_is_all_that_is_left_of_it(rows):
    flows = [flow(f"F{n}", source, target, value, std) for n, (source, target, value, std) in enumerate(rows)]
    result = mfa.reconcile(Account(flows=tuple(flows)), non_negative=True)
    outer = [f.id for f in flows if "environment" in (f.source, f.target)]
    assert np.nan_to_num(result.flows.loc[outer, "reconciled"]) == pytest.approx(0, abs=1e-9)
    assert (result.flows["reconciled"].dropna() >= -1e-9).all()
