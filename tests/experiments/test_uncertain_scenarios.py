"""Uncertainty of a park's values in its indicators, against a park solved by hand.

The boiler gives 100 · r of ash a day, the kiln takes the share a of the 10 of clay that it needs: utilisation is
a · 10 ÷ (100 · r), 0.4 at a = 0.4 and r = 0.1, with the slopes 1 by a and −4 by r.
"""

from math import log

import numpy as np
import pandas as pd
import pytest
from building import accept, firm, landfill, link, market, material, park, scenario, technology

import mfa
from mfa.accounting.designs import plan_design
from mfa.errors import InputError, UsageError
from mfa.experiments.inputs import inputs_of
from mfa.experiments.propagation import Propagation, paired, propagate, runs_of
from mfa.park.scenario import Sweep, Uncertainty

UP_TO = "park.technologies.kiln.accepts[0].up_to"
ASH = "park.technologies.boiler.releases.ash"
BUDGET = "optimize.subject_to.budget"
SAMPLES = 12
HEADLINE = "solid_waste_utilisation"


def law(kind, *numbers):
    return mfa.Distribution(kind=kind, numbers=numbers)


def ash_scenario(linked=True, **fields):
    values = {
        UP_TO: law("normal", 0.4, 0.02),
        ASH: law("uniform", 0.09, 0.11),
    }
    links = [link("power", "kiln", "ash")] if linked else []
    made = park(
        material("ash", "solid_waste"),
        technology("boiler", "heat", {"coal": 0.2}, releases={"ash": 0.1}),
        technology("kiln", "clinker", {"clay": 0.5}, accepts=(accept("ash", "clay", up_to=0.4),)),
        firm("power", "boiler", 100.0, at=(0, 0)),
        firm("kiln", "kiln", 20.0, at=(3, 4)),
        landfill(gate_fee=20.0),
        market(),
        *links,
    )
    return scenario(made, days=5, name="Ash park", **({"uncertainty": Uncertainty(values=values)} | fields))


def headline(table, run="before"):
    return table[(table["indicator"] == HEADLINE) & (table["run"] == run)]


@pytest.fixture(scope="module")
def linear():
    return propagate(ash_scenario(), "linear", plan="none")


@pytest.fixture(scope="module")
def drawn():
    return propagate(ash_scenario(), samples=SAMPLES, plan="none")


def test_linear_propagation_meets_the_calculation_by_hand(linear):
    std_of_ash = 0.02 / 12**0.5
    variance = 0.02**2 + (4 * std_of_ash) ** 2
    row = headline(linear.quantiles).query("of == ''").iloc[0]
    assert (row["central"], row["mean"]) == pytest.approx((0.4, 0.4))
    assert row["std"] == pytest.approx(variance**0.5, rel=1e-4)
    found = headline(linear.contributions).set_index("input")
    assert found["slope"].to_dict() == pytest.approx({UP_TO: 1, ASH: -4}, rel=1e-3)
    assert found["share"].to_dict() == pytest.approx(
        {UP_TO: 0.02**2 / variance, ASH: (4 * std_of_ash) ** 2 / variance}, rel=1e-3
    )


def test_the_mean_is_within_five_standard_errors_of_its_closed_form(drawn):
    row = headline(drawn.quantiles).query("of == ''").iloc[0]
    exact = 0.4 * 0.1 * log(0.11 / 0.09) / 0.02
    assert abs(row["mean"] - exact) < 5 * row["standard_error"]
    assert row["runs"] == SAMPLES


def test_linear_and_monte_carlo_agree_where_values_vary_little(linear, drawn):
    slopes = headline(linear.contributions).set_index("input")["slope"]
    by_line = 0.4 + slopes[UP_TO] * (drawn.draws[UP_TO] - 0.4) + slopes[ASH] * (drawn.draws[ASH] - 0.1)
    assert drawn.draws[f"before.{HEADLINE}"][1:].to_numpy() == pytest.approx(by_line[1:].to_numpy(), abs=0.01)
    found = headline(drawn.contributions).set_index("input")
    assert found["slope"].to_dict() == pytest.approx(slopes.to_dict(), rel=0.15)
    assert found["explained"].iloc[0] == pytest.approx(1, abs=0.02)


def test_quantiles_are_ordered(drawn):
    quantiles = drawn.quantiles[["q05", "q25", "q50", "q75", "q95"]].to_numpy()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (drawn.utilisation["q05"] <= drawn.utilisation["q95"]).all()


def test_draws_tell_inputs_and_answers_of_every_run(drawn):
    draws = drawn.draws
    assert draws["sample"].tolist() == list(range(SAMPLES + 1))
    by_hand = draws[UP_TO] * 10 / (100 * draws[ASH])
    assert draws[f"before.{HEADLINE}"][1:].to_numpy() == pytest.approx(by_hand[1:].to_numpy(), rel=1e-6)


def test_answers_are_the_same_on_any_number_of_processes(drawn):
    again = propagate(ash_scenario(), samples=SAMPLES, plan="none", workers=2)
    pd.testing.assert_frame_equal(again.outcomes, drawn.outcomes, check_exact=True)


def test_a_sample_is_what_it_would_be_alone(drawn):
    values = drawn.runs[7].values
    alone = mfa.simulate(with_values(values)).indicators
    rate = alone[(alone["indicator"] == HEADLINE) & (alone["of"] == "")]["value"].iloc[0]
    assert drawn.draws[f"before.{HEADLINE}"][7] == rate


def with_values(values):
    from mfa.park.paths import with_numbers

    return with_numbers(ash_scenario(), values)


def test_another_input_or_sample_changes_no_draw_of_the_others():
    more = {**ash_scenario().uncertainty.values, "park.boundary.landfill.gate_fee": law("uniform", 10, 30)}
    other = propagate(ash_scenario(uncertainty=Uncertainty(values=more)), "random", samples=2, plan="none")
    alone = propagate(ash_scenario(), "random", samples=3, plan="none")
    pd.testing.assert_frame_equal(other.draws[[UP_TO, ASH]], alone.draws[[UP_TO, ASH]][:3], check_exact=True)


def test_equal_layouts_do_not_differ_in_any_draw(drawn):
    again = propagate(ash_scenario(), samples=SAMPLES, plan="none")
    table = paired(drawn, again)
    assert (table[["mean", "std", "q05", "q95", "above"]].to_numpy() == 0).all()


def test_paired_layouts_differ_by_the_layout_alone(drawn):
    bare = propagate(ash_scenario(linked=False), samples=SAMPLES, plan="none")
    row = headline(paired(bare, drawn)).query("of == ''").iloc[0]
    own = headline(drawn.quantiles).query("of == ''").iloc[0]
    assert (row["mean"], row["above"]) == (pytest.approx(own["mean"]), 1)
    with pytest.raises(UsageError, match="only what was drawn with one method"):
        paired(bare, propagate(ash_scenario(), samples=5, plan="none"))


def test_a_plan_is_made_once_and_held_against_every_sample():
    found = propagate(ash_scenario(linked=False), samples=6)
    assert found.handling == "central"
    draws = found.draws
    by_hand = np.minimum(4.0, draws[UP_TO] * 10) / (100 * draws[ASH])
    assert draws[f"after.{HEADLINE}"][1:].to_numpy() == pytest.approx(by_hand[1:].to_numpy(), rel=1e-6)
    assert (draws[f"before.{HEADLINE}"] == 0).all()
    assert draws[f"change.{HEADLINE}"][1:].tolist() == draws[f"after.{HEADLINE}"][1:].tolist()


def test_a_new_plan_a_sample_uses_what_each_sample_offers():
    draws = propagate(ash_scenario(linked=False), samples=2, plan="each").draws
    by_hand = draws[UP_TO] * 10 / (100 * draws[ASH])
    assert draws[f"after.{HEADLINE}"][1:].to_numpy() == pytest.approx(by_hand[1:].to_numpy(), rel=1e-6)


def test_a_line_runs_at_the_target_that_it_has_in_the_sample():
    capacity = {"park.firms.power.lines.boiler.capacity": law("uniform", 50, 150)}
    draws = propagate(ash_scenario(linked=False, uncertainty=Uncertainty(values=capacity)), samples=3).draws
    generated = draws["after.waste_generated"][1:] / 36.5
    assert generated.to_numpy() == pytest.approx(draws[next(iter(capacity))][1:].to_numpy())


def test_what_only_a_plan_depends_on_asks_for_a_plan_a_sample():
    sweep = Sweep(method="grid", samples=2, vary={BUDGET: law("uniform", 0, 1000)})
    made = ash_scenario(linked=False, sweep=sweep, subject_to={"budget": 500.0})
    made = made.replace(candidates=made.candidates.replace(defaults={"set_up": 600.0}))
    found = propagate(made)
    assert found.handling == "each"
    assert found.draws[f"after.{HEADLINE}"].tolist() == pytest.approx([0, 0, 0.4])


def test_a_sample_that_fails_is_told_and_the_others_finish():
    values = {"park.materials.ash.composition.SiO2": law("values", 0.5, 1.0)}
    made = ash_scenario(uncertainty=Uncertainty(values=values))
    ash = material("ash", "solid_waste", composition={"SiO2": 0.5, "CaO": 0.3})
    made = made.replace(park=made.park.replace(materials={**made.park.materials, "ash": ash}))
    found = propagate(made, "grid", plan="none")
    assert list(found.failures) == [(2, 0)]
    assert found.failures[2, 0].startswith("sample 2: error: park.materials.ash.composition: ")
    assert headline(found.quantiles)["runs"].tolist() == [1, 1]


def test_nothing_uncertain_is_told():
    with pytest.raises(InputError, match="nothing is uncertain in this scenario; write a distribution for a number"):
        propagate(ash_scenario(uncertainty=Uncertainty()))


def test_a_path_that_leads_nowhere_is_told():
    with pytest.raises(InputError, match=r"park\.tech\.x: the path leads nowhere, there is no 'tech\.x'"):
        propagate(ash_scenario(uncertainty=Uncertainty(values={"park.tech.x": law("uniform", 1, 2)})))


def test_ranges_of_the_library_are_taken_for_what_the_park_moves():
    ranged = material("ash", "solid_waste", moisture=0.1, ranges={"moisture": (0.05, 0.3), "price": (5.0, 8.0)})
    idle = material("idle", "solid_waste", moisture=0.1, ranges={"moisture": (0.05, 0.3)})
    made = ash_scenario(uncertainty=Uncertainty(library=True))
    made = made.replace(park=made.park.replace(materials={**made.park.materials, "ash": ranged, "idle": idle}))
    found = {item.name: item.law for item in inputs_of(made)}
    assert found == {"park.materials.ash.moisture": law("triangular", 0.05, 0.1, 0.3)}


def test_replications_are_run_only_where_something_happens_at_random():
    sweep = Sweep(vary={UP_TO: law("uniform", 0.3, 0.4)}, samples=2, replications=3)
    assert len(propagate(ash_scenario(sweep=sweep), plan="none").runs) == 3


def test_replications_share_their_seeds_and_count_once_in_the_standard_error():
    made = ash_scenario()
    design = plan_design(inputs_of(made), "random", 3, 7)
    runs = runs_of(design, 7, 2)
    assert [(run.number, run.replication) for run in runs[1:5]] == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert (runs[1].seed, runs[3].seed) == (7, 7)
    assert runs[2].seed == runs[4].seed != 7
    rates = [0.0, 1.0, 3.0, 2.0, 4.0, 6.0, 8.0]
    outcomes = pd.DataFrame({("before", HEADLINE, "", "fraction"): rates})
    outcomes.columns = outcomes.columns.set_names(["run", "indicator", "of", "unit"])
    row = Propagation(made, design, "none", None, 7, runs, outcomes, {}).quantiles.iloc[0]
    assert (row["mean"], row["runs"]) == (4, 6)
    assert row["standard_error"] == pytest.approx(np.std([2, 3, 7], ddof=1) / 3**0.5)
