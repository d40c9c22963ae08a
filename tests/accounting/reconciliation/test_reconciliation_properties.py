"""What holds for every account: identity, balance, least squares, no trace of a starting value or of the row order."""

import numpy as np
import pytest
from accounting.reconciliation.accounts_at_random import accounts, dense_answer, least_sum
from hypothesis import given, settings
from hypothesis import strategies as st

import mfa
from mfa.park.account import Account

some = settings(deadline=None, max_examples=120)


@some
@given(made=accounts(noise=False))
def test_consistent_data_are_left_as_they_are(made):
    account, truth = made
    result = mfa.reconcile(account)
    known = result.flows["reconciled"].dropna()
    assert known.to_dict() == pytest.approx({name: truth[name] for name in known.index}, rel=1e-9, abs=1e-9)
    assert result.chi2 == pytest.approx(0, abs=1e-12)
    assert result.suspects.empty


@some
@given(made=accounts())
def test_reconciling_again_changes_nothing(made):
    account, _ = made
    first = mfa.reconcile(account).flows["reconciled"]
    again = account.replace(flows=tuple(
        flow if flow.value is None else flow.replace(value=float(first[flow.id])) for flow in account.flows
    ))  # fmt: skip
    second = mfa.reconcile(again).flows["reconciled"]
    assert second.to_numpy() == pytest.approx(first.to_numpy(), rel=1e-8, abs=1e-8, nan_ok=True)


@some
@given(made=accounts())
def test_every_node_balances(made):
    result = mfa.reconcile(made[0])
    known = result.balances.dropna()
    size = np.maximum(known["inflow"].abs(), known["outflow"].abs()).to_numpy()
    assert np.all(np.abs(known["difference"].to_numpy()) <= 1e-9 * np.maximum(size, 1e-3))


@some
@given(made=accounts())
def test_values_spread_and_observability_are_those_of_dense_algebra(made):
    account, _ = made
    result = mfa.reconcile(account)
    expected = dense_answer(account)
    assert set(result.unobservable) == {name for name, answer in expected.items() if answer is None}
    assert sorted(result.flows.index[result.flows["reconciled"].isna()]) == sorted(result.unobservable)
    for name, answer in expected.items():
        if answer is not None:
            row = result.flows.loc[name]
            assert row["reconciled"] == pytest.approx(answer[0], rel=1e-7, abs=1e-7)
            assert row["reconciled_std"] == pytest.approx(answer[1], rel=1e-6, abs=1e-7)


@some
@given(made=accounts(unmeasured=False), data=st.data())
def test_no_other_balanced_values_lie_nearer_to_the_measured_ones(made, data):
    account, truth = made
    result = mfa.reconcile(account)
    step = data.draw(st.floats(-1, 1))
    table = result.flows[result.flows["status"] == "measured"]
    # Between the answer and the truth, which both balance, lies a line of balanced values.
    direction = np.array([truth[name] for name in table.index]) - table["reconciled"]
    other = table["reconciled"] + step * direction
    assert (((other - table["measured"]) / table["std"]) ** 2).sum() >= result.chi2 * (1 - 1e-9) - 1e-9


@some
@given(made=accounts(), data=st.data())
def test_the_order_of_the_rows_changes_no_bit(made, data):
    account, _ = made
    shuffled = account.replace(flows=tuple(data.draw(st.permutations(account.flows))))
    one, other = mfa.reconcile(account), mfa.reconcile(shuffled)
    assert one.flows.sort_index().equals(other.flows.sort_index())
    assert (one.chi2, one.p_value == other.p_value or one.dof == 0) == (other.chi2, True)
    names = list(one.flows.index)
    assert one.covariance.equals(other.covariance.loc[names, names])
    assert one.tests.equals(other.tests)


@some
@given(made=accounts(), start=st.floats(-1e6, 1e6))
def test_no_starting_value_leaks_into_a_result(made, start):
    account, _ = made
    one = mfa.reconcile(account)
    other = mfa.reconcile(account, start=dict.fromkeys(account.quantities, start))
    assert one.flows.equals(other.flows)


@some
@given(made=accounts())
def test_the_covariance_is_symmetric_semidefinite_and_keeps_the_balances(made):
    account, _ = made
    result = mfa.reconcile(account)
    known = result.covariance.dropna(how="all").dropna(axis=1, how="all")
    matrix = known.to_numpy()
    assert np.allclose(matrix, matrix.T)
    if matrix.size:
        assert np.linalg.eigvalsh(matrix).min() >= -1e-9 * max(matrix.max(), 1e-4)  # 1e-4: the least variance measured
        assert np.sqrt(np.diag(matrix)) == pytest.approx(
            result.flows.loc[known.index, "reconciled_std"].to_numpy(), rel=1e-6, abs=1e-9
        )


@some
@given(made=accounts())
def test_non_negative_answers_are_non_negative_balanced_and_no_nearer_than_free_ones(made):
    account, _ = made
    free, bounded = mfa.reconcile(account), mfa.reconcile(account, non_negative=True)
    values = bounded.flows["reconciled"].dropna()
    assert (values >= -1e-6).all()
    assert bounded.chi2 >= free.chi2 * (1 - 1e-9) - 1e-9
    if not free.unobservable and (free.flows["reconciled"] >= 0).all():
        assert values.to_numpy() == pytest.approx(free.flows["reconciled"].dropna().to_numpy(), rel=1e-9, abs=1e-9)
    known = bounded.balances.dropna()
    assert np.all(known["difference"].abs() <= 1e-8 * np.maximum(known["inflow"].abs(), 1.0))


@some
@given(made=accounts())
def test_no_other_non_negative_values_are_nearer(made):
    account, _ = made
    nearest = least_sum(account)
    assert mfa.reconcile(account, non_negative=True).chi2 <= nearest * (1 + 1e-3) + 1e-3


def test_two_accounts_in_one_process_share_nothing():
    """dpmfa and ODYM hand the first model's lists to the second."""
    first = Account(flows=())
    second = Account(flows=())
    assert first.transfer_coefficients is second.transfer_coefficients == ()
    with pytest.raises(TypeError):
        first.transfer_coefficients[0:0] = ["ghost"]
