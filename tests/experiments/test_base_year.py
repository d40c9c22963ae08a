"""Measurements become a balanced park: by hand, exactly back, with noise, in part, and where it cannot be."""

import numpy as np
import pytest
from building import accept, amount, firm, landfill, limit, line, link, market, material, park, scenario, technology
from examples import ash_scenario
from measuring import measure
from oracle.parks import random_scenario

import mfa
from mfa.errors import InfeasibleError, InputError, UsageError
from mfa.files.library import data_root
from mfa.park.firm import Maintenance
from mfa.park.measurement import Deviation, Measurement, Measurements
from mfa.park.scenario import Sweep
from mfa.park.statements import of_technology

EXACT, SMALL = Deviation(amount=0.0), 1e-6
WORKS = (technology("smelting", "iron", {"ore": 1.5}, releases={"slag": 0.5}), firm("works", "smelting", 4.0))
YARD = (technology("yard", "bricks", {"clay": 1.0}, accepts=(accept("slag", "clay"),)), firm("yard", "yard", 2.0))


def slag_park(*more, **fields):
    return scenario(
        park(*WORKS, *YARD, market(), landfill(), link("works", "yard", "slag"), *more),
        days=365,
        record="month",
        **fields,
    )


def made(key, what, value, **std):
    return Measurement(firm=key, made=what, amount=value, std=Deviation(**std))


def sent(source, target, what, value, **std):
    return Measurement(from_=source, to=target, material=what, amount=value, std=Deviation(**std))


def measured(given, *rows, **fields):
    return given.replace(measurements=Measurements(rows=rows, **fields))


def reconciled(base, name):
    return base.reconciliation.quantities.loc[name, "reconciled"]


def slag_balance(**fields):
    rows = (
        made("works", "iron", 1000.0, amount=20.0),
        sent("works", "yard", "slag", 300.0, amount=10.0),
        sent("works", "landfill", "slag", 240.0, amount=10.0),
    )
    return measured(slag_park(), *rows, **fields)


def test_a_balance_solved_by_hand():
    # 0.5·iron = sent + tipped is missed by 500 - 540 = -40; its variance is 0.25·400 + 100 + 100 = 300.
    base = mfa.base_year(slag_balance(recipes=0.0))
    assert reconciled(base, "works makes iron") == pytest.approx(1000 + 400 * 0.5 * 40 / 300)
    assert reconciled(base, "works → yard: slag") == pytest.approx(300 - 100 * 40 / 300)
    assert reconciled(base, "works → landfill: slag") == pytest.approx(240 - 100 * 40 / 300)
    assert (base.reconciliation.chi2, base.reconciliation.dof) == (pytest.approx(1600 / 300), 1)
    iron = 1000 + 80 / 3
    assert base.scenario.park.firms["works"].lines["smelting"].utilisation == pytest.approx(iron / 365 / 4.0)
    results = mfa.simulate(base.scenario)
    assert amount(results.flows, target="yard", material="slag") == pytest.approx(300 - 40 / 3)
    assert amount(results.flows, target="landfill", material="slag") == pytest.approx(240 - 40 / 3)
    assert amount(results.conversion, "made", firm="works", material="iron") == pytest.approx(iron)


def test_a_recipe_coefficient_is_a_measurement_too():
    # With iron exact, the coefficient (0.5 ± 10 %, in tonnes 500 ± 50) takes its share of the same 40 t.
    rows = (made("works", "iron", 1000.0, amount=0.0), sent("works", "yard", "slag", 300.0, amount=10.0),
            sent("works", "landfill", "slag", 240.0, amount=10.0))  # fmt: skip
    base = mfa.base_year(measured(slag_park(), *rows, recipes=0.1))
    share = 0.5 + 0.04 * 50**2 / (50**2 + 100 + 100)
    assert base.scenario.park.technologies["smelting"].releases["slag"] == pytest.approx(share)
    assert base.given.park.technologies["smelting"].releases["slag"] == 0.5


def test_two_measurements_of_one_flow_meet_by_their_weights():
    rows = (sent("works", "yard", "slag", 300.0, amount=10.0), sent("works", "yard", "slag", 330.0, amount=20.0))
    base = mfa.base_year(measured(slag_park(), *rows))
    assert reconciled(base, "works → yard: slag") == pytest.approx((300 / 100 + 330 / 400) / (1 / 100 + 1 / 400))
    assert base.account.rows == ("works → yard: slag", "works → yard: slag [2]")


def test_a_sum_over_lines_is_measured_as_one():
    given = slag_park(firm("twins", lines=[line("a", "smelting", 1.0), line("b", "smelting", 3.0)]))
    rows = (made("twins", "iron", 800.0, amount=0.0), Measurement(firm="twins", line="a", made="iron", amount=200.0))
    base = mfa.base_year(measured(given, *rows))
    assert reconciled(base, "twins makes iron") == 800.0
    assert reconciled(base, "twins.b makes iron") == pytest.approx(600.0)


def test_a_technology_of_several_lines_is_copied_for_the_one_that_differs():
    given = slag_park(firm("twins", lines=[line("a", "smelting", 1.0), line("b", "smelting", 3.0)]))
    rows = (Measurement(firm="twins", line="a", made="iron", amount=200.0, std=EXACT),
            Measurement(firm="twins", line="a", used="ore", amount=320.0, std=EXACT))  # fmt: skip
    base = mfa.base_year(measured(given, *rows))
    twins, technologies = base.scenario.park.firms["twins"], base.scenario.park.technologies
    assert technologies[twins.lines["a"].runs].uses["ore"] == pytest.approx(1.6)
    assert twins.lines["a"].runs == "smelting_twins_a"
    assert (twins.lines["b"].runs, technologies["smelting"].uses["ore"]) == ("smelting", 1.5)


@pytest.mark.parametrize("seed", [4, 5, 6, 8, 9, 11])
def test_what_a_simulation_did_gives_the_same_park_back(seed):
    given = random_scenario(seed)
    year = mfa.simulate(given)
    base = mfa.base_year(given.replace(measurements=measure(given, year)))
    assert base.reconciliation.chi2 < 1e-12
    assert base.scenario.park.technologies == given.park.technologies
    again = mfa.measured_table(base, mfa.simulate(base.scenario)).set_index("flow")
    off = (again["simulated"] - again["measured"]).abs() / np.maximum(1.0, again["measured"].abs())
    assert off[~again["kind"].isin(["start", "end"])].max() < SMALL
    assert off.max() < 1e-4
    rest, old = (mfa.simulate(one).activity.groupby(["firm", "line"])["output"].sum() for one in (base.scenario, given))
    assert rest.to_numpy() == pytest.approx(old.to_numpy(), rel=1e-6)


@pytest.fixture(scope="module")
def noisy():
    given = mfa.load_scenario(data_root() / "scenarios" / "first_park.yaml")
    year = mfa.simulate(given)
    return [
        mfa.base_year(given.replace(measurements=measure(given, year, seed=seed, recipes=0.0))) for seed in range(12)
    ]


def test_noise_is_seen_as_the_noise_it_is(noisy):
    # The sum of 12 chi² with n checks each has mean 12 n and standard deviation √(24 n).
    checks = noisy[0].reconciliation.dof
    assert checks > 10
    total = sum(base.reconciliation.chi2 for base in noisy)
    assert abs(total - 12 * checks) < 4 * np.sqrt(24 * checks)


def test_what_comes_of_noise_is_in_balance(noisy):
    for base in noisy:
        balances = base.reconciliation.balances
        assert len(balances) > 10
        assert balances["relative"].abs().max() < 1e-9


def test_what_comes_of_noise_is_what_is_simulated(noisy):
    table = mfa.measured_table(noisy[0], mfa.simulate(noisy[0].scenario))
    off = (table["simulated"] - table["reconciled"]).abs() / np.maximum(1.0, table["reconciled"])
    assert off.max() < SMALL
    assert (table["missed"].isna() & (table["cause"] == "")).all()
    rows = table[table["z"].notna()]
    assert len(rows) > 30
    assert (rows["z"] - (rows["simulated"] - rows["measured"]) / rows["std"]).abs().max() < 1e-9


def test_what_is_not_measured_is_solved_and_what_cannot_be_is_left_and_named():
    base = mfa.base_year(measured(slag_park(), sent("works", "yard", "slag", 300.0, share=0.05)))
    assert reconciled(base, "yard uses slag") == pytest.approx(300.0)
    assert "works makes iron" in {flow.id for flow in base.undetermined}
    results = mfa.simulate(base.scenario)
    assert amount(results.conversion, "made", firm="works", material="iron") == pytest.approx(4.0 * 365)
    assert amount(results.flows, target="yard", material="slag") == pytest.approx(300.0)


def test_a_line_that_waits_for_what_nobody_sells_may_still_run_as_far_as_before():
    mill = (technology("mill", "ggbs", {"slag": 1.0}), firm("mill", "mill", 5.0))
    given = scenario(park(*WORKS, *mill, market(), landfill(), link("works", "mill", "slag")), days=365, record="month")
    base = mfa.base_year(measured(given, made("mill", "ggbs", 365.0, amount=0.0)))
    (one,) = base.scenario.park.firms["mill"].lines.values()
    assert (one.planned, one.utilisation) == (pytest.approx(1.0), 1.0)


def test_what_was_seen_overrules_capacity_bounds_and_storage_and_is_told():
    given = slag_park()
    bound = given.replace(park=given.park.replace(links=(given.park.links[0].replace(at_most=0.5),)))
    rows = (made("works", "iron", 1825.0, amount=0.0), sent("works", "yard", "slag", 365.0, amount=0.0),
            Measurement(node="works", material="slag", stock=70.0, at="start", std=EXACT),
            Measurement(node="works", material="slag", stock=70.0, at="end", std=EXACT))  # fmt: skip
    base = mfa.base_year(measured(bound, *rows))
    works = base.scenario.park.firms["works"]
    assert works.lines["smelting"].capacity == pytest.approx(5.0)
    assert (works.initial_stock["slag"], works.storage["slag"]) == (pytest.approx(70.0), pytest.approx(70.0))
    assert base.scenario.park.links[0].at_most == pytest.approx(1.0)
    assert base.notes == (
        "works.smelting runs at 1,825 t/yr, above its capacity; taken as its capacity",
        "works sends yard 365 t/yr of slag, above the link's at_most; taken as that",
        "works keeps 70 t of slag, above its storage; taken as its storage",
    )


def test_a_stock_that_grew_leaves_less_to_dispose_of():
    rows = (made("works", "iron", 1000.0, amount=0.0), sent("works", "yard", "slag", 300.0, amount=0.0),
            Measurement(node="works", material="slag", stock=10.0, at="start", std=EXACT),
            Measurement(node="works", material="slag", stock=60.0, at="end", std=EXACT))  # fmt: skip
    base = mfa.base_year(measured(slag_park(), *rows, recipes=0.0))
    assert reconciled(base, "works → landfill: slag") == pytest.approx(1000 * 0.5 - 300 - 50)
    table = mfa.measured_table(base, mfa.simulate(base.scenario)).set_index("flow")
    assert table.loc["works → landfill: slag", "simulated"] == pytest.approx(150.0)
    assert table.loc["works holds slag at the end", "simulated"] == pytest.approx(60.0)


def test_a_measured_year_holds_its_stops():
    stop = Maintenance(every=365.0, lasts=73.0)
    given = slag_park(firm("stops", "smelting", 4.0, maintenance=(stop,)))
    base = mfa.base_year(measured(given, made("stops", "iron", 876.0, amount=0.0)))
    assert base.scenario.park.firms["stops"].lines["smelting"].planned == pytest.approx(876.0 / (365 - 73))
    assert amount(mfa.simulate(base.scenario).conversion, "made", firm="stops", material="iron") == pytest.approx(876.0)


def test_what_may_not_be_taken_is_not_reproduced_and_the_cause_is_said():
    picky = technology(
        "yard", "bricks", {"clay": 1.0}, accepts=(accept("slag", "clay"),), limits=(limit("Cl", max=0.01),)
    )
    clay = material("clay", "raw", composition={"Cl": 0.0})
    given = scenario(
        park(*WORKS, picky, clay, firm("yard", "yard", 2.0), market(), landfill(), link("works", "yard", "slag")),
        days=365,
    )
    base = mfa.base_year(measured(given, sent("works", "yard", "slag", 300.0, share=0.05)))
    table = mfa.measured_table(base, mfa.simulate(base.scenario)).set_index("flow")
    row = table.loc["works → yard: slag"]
    assert (row["simulated"], row["z"]) == (0.0, pytest.approx(-20.0))
    assert row["cause"] == "yard may not take it: cannot be checked: Cl of slag is unknown"


def test_exact_measurements_that_contradict_each_other_are_told_at_their_place():
    rows = (made("works", "iron", 1000.0, amount=0.0), sent("works", "yard", "slag", 300.0, amount=0.0),
            sent("works", "landfill", "slag", 240.0, amount=0.0))  # fmt: skip
    with pytest.raises(InputError) as caught:
        mfa.base_year(measured(slag_park(), *rows, recipes=0.0), places=["p.yaml:1:1", "p.yaml:2:1", "p.yaml:3:1"])
    (problem,) = caught.value.problems
    assert problem.place == "p.yaml:3:1"
    assert "contradict each other by 40; correct one, or give it a standard deviation" in problem.message


def test_no_amounts_above_zero_are_refused():
    rows = (made("works", "iron", 1000.0, amount=0.0), sent("works", "yard", "slag", 600.0, amount=0.0))
    with pytest.raises(InfeasibleError, match="no values at or above zero"):
        mfa.base_year(measured(slag_park(), *rows, recipes=0.0))


def test_every_way_into_a_run_starts_from_the_balanced_year():
    given = slag_balance(recipes=0.0)
    base = mfa.base_year(given)
    flows = mfa.simulate(base.scenario, "before").flows
    assert mfa.simulate(given).flows.equals(flows)
    loop = mfa.close_loop(given)
    assert loop.before.flows.equals(flows)
    assert mfa.suggest(given).objective == pytest.approx(loop.plan.objective)
    assert loop.before.scenario.measurements is None
    assert base.scenario.with_plan(loop.plan).park == loop.after.scenario.park
    with pytest.raises(UsageError, match=r"base_year\(scenario\)\.scenario\.with_plan"):
        given.with_plan(loop.plan)


def test_a_scenario_without_measurements_has_no_base_year():
    with pytest.raises(UsageError, match="no measurements"):
        mfa.base_year(ash_scenario())
    assert mfa.close_loop(ash_scenario()).measured is None


def test_a_run_writes_the_base_year_and_what_was_measured(tmp_path):
    from mfa.experiments import run

    finished = run(slag_balance(recipes=0.0), tmp_path)
    assert {path.stem for path in (finished.folder / "tables").glob("*.csv")} >= {
        "measured",
        "suspects",
        "coefficients",
    }
    again = mfa.load_scenario(finished.folder / "base_year.yaml")
    assert mfa.simulate(again, "before").flows.equals(finished.loop.before.flows)


def test_a_sample_starts_from_measurements_balanced_with_its_own_numbers():
    # Iron is exact, s t of slag a tonne: 1000·s = sent + tipped, both ± 10, and each takes half of what is missed.
    rows = (made("works", "iron", 1000.0, amount=0.0), sent("works", "yard", "slag", 300.0, amount=10.0),
            sent("works", "landfill", "slag", 240.0, amount=10.0))  # fmt: skip
    given = measured(slag_park(), *rows, recipes=0.0)
    path = "park.technologies.smelting.releases.slag"
    drawn = {path: mfa.Distribution(kind="values", numbers=(0.5, 0.6))}
    found = mfa.propagate(given.replace(sweep=Sweep(vary=drawn)), samples=6, seed=1)
    assert not found.failures
    draws = found.draws.query("sample > 0")
    released = draws[path]
    assert set(released) == {0.5, 0.6}
    assert list(draws["before.solid_waste_utilisation"]) == pytest.approx(
        [(300 + (1000 * s - 540) / 2) / (1000 * s) for s in released]
    )


def test_a_reconciled_coefficient_is_no_surer_than_it_was():
    base = mfa.base_year(mfa.load_scenario(data_root() / "scenarios" / "measured_park.yaml"))
    technologies = base.scenario.park.technologies
    coke = of_technology(technologies["carbide_furnace"], "uses.coke")
    coal = of_technology(technologies["coal_chp"], "uses.coal")
    assert (coke.confidence, coal.confidence) == ("derived", "memory")
    for told in (coke, coal):
        assert told.source.startswith("reconciled with measurements; before: ")
