"""The shipped measurements: drawn as they say, the one that is wrong is found, and the rest is reproduced."""

import csv

import monitoring
import pytest

import mfa


@pytest.fixture(scope="module")
def base():
    return mfa.base_year(mfa.load_scenario(monitoring.TABLE.with_suffix(".yaml")))


def test_the_table_is_the_simulated_year_with_the_noise_that_it_states():
    with monitoring.TABLE.open(encoding="utf-8", newline="") as file:
        found = [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(file)]
    assert found == [{key: cell for key, cell in row.items() if cell} for row in monitoring.rows()]


def test_the_weighbridge_that_weighed_wet_is_the_one_suspect(base):
    (name,) = base.suspects.index
    assert name == f"pvc → kiln: carbide_slag [{monitoring.WRONG}]"
    assert base.suspects["error"].iloc[0] == pytest.approx(45_000, rel=0.1)


def test_the_simulation_does_what_was_reconciled(base):
    table = mfa.measured_table(base, mfa.simulate(base.scenario))
    assert table["missed"].isna().all()
    assert {flow.node for flow in base.undetermined if flow.kind == "made"} == {"blocks", "concrete"}
