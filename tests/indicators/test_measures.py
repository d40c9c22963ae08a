"""Measures by hand: productivities, elasticities, where their numbers come from, and what is missing."""

import pytest
from building import firm, link, market, material, park, scenario, steam, technology, town, user
from tabling import results

from mfa.indicators import indicator_table
from mfa.indicators.elasticities import elasticity
from mfa.indicators.energy import energy_use, waste_heat_available, waste_heat_used
from mfa.indicators.measures import MEASURES, find, scale
from mfa.indicators.quantities import FROM_RUN, Basis, main_resources
from mfa.indicators.value_added import co2_eco_efficiency, gross_margin
from mfa.indicators.water import fresh_water, sewage_treated, waste_water, water_reused

Y1, Y2, Y3 = "2020-01-01", "2021-01-01", "2022-01-01"
TCE = 29.3076


def run(flows=(), conversion=(), days=366 + 365, extra=(), **statistics):
    layout = park(
        market(), town("town", {"steam": 1.0}), technology("works", "iron", {"coal": 1.0}), firm("works", "works", 1),
        material("coal", "raw", properties={"GJ_per_t": TCE}), material("water", "water"), steam(), *extra,
    )  # fmt: skip
    stocks = [(Y1, "works", "iron", 0.0), (Y2, "works", "iron", 0.0), (Y3, "works", "iron", 0.0)]
    return results(scenario(layout, statistics=statistics), flows, stocks, conversion, days=days)


def coal(*by_year):
    return [(time, "market", "works", "coal", "virgin", amount) for time, amount in zip((Y1, Y2), by_year, strict=True)]


def values(results, year=None):
    basis = Basis(results, year)
    return {name: find(known, basis).value for name, known in MEASURES.items()}


def test_the_worked_elasticity():
    # Energy +3 % a year, value added +8 % a year.
    energy, added = ({2016 + i: growth**i for i in range(5)} for growth in (1.03, 1.08))
    assert elasticity(energy, added) == pytest.approx(0.375)
    assert elasticity(energy, {2016: 1.0}) is None


def test_energy_productivity_in_the_year_that_is_assessed():
    found = run(coal(366.0, 400.0), industrial_value_added={2020: 3.66e6, 2021: 5e6})
    assert scale("tce/10⁴CNY") * 0.5 == pytest.approx(0.5 * TCE / 1e4)
    in_2021 = values(found, 2021)
    assert in_2021["energy_intensity"] / scale("tce/10⁴CNY") == pytest.approx(400 / 500)
    assert in_2021["energy_productivity"] / scale("10⁴CNY/tce") == pytest.approx(500 / 400)
    table = indicator_table(found)
    [whole] = table[table["indicator"] == "energy_intensity"]["value"]
    assert whole == pytest.approx((766 / (731 / 365)) / ((366 + 500) / 2))


def test_elasticities_take_the_years_of_the_run():
    found = run(coal(366.0, 365 * 1.03), industrial_value_added={2020: 1e6, 2021: 1.08e6})
    assert values(found, 2021)["energy_elasticity"] == pytest.approx(0.375)
    assert values(found, 2021)["co2_intensity_cut"] is None


def test_growth_over_three_years_and_land_that_lasts():
    found = run(industrial_value_added={2018: 8.0, 2019: 9.0, 2021: 27.0}, industrial_land=2.0)
    assert values(found, 2021)["value_added_growth"] == pytest.approx((27 / 8) ** (1 / 3) - 1)
    assert values(found, 2021)["value_added_per_land_growth"] == pytest.approx((27 / 8) ** (1 / 3) - 1)
    assert values(found, 2020)["value_added_growth"] is None


def test_the_greatest_pollutant_counts_and_one_is_enough():
    found = run(industrial_value_added={2020: 1.0, 2021: 1.1}, cod={2020: 1.0, 2021: 1.01}, nox={2020: 1, 2021: 1.02})
    assert values(found, 2021)["pollutant_elasticity"] == pytest.approx(0.2)
    lacking = find(MEASURES["pollutant_elasticity"], Basis(run(industrial_value_added={2020: 1, 2021: 1.1}), 2021))
    assert lacking.missing == ("cod|ammonia_nitrogen|so2|nox",)


def test_what_is_missing_is_named_with_its_years():
    found = run(industrial_value_added={2020: 1.0}, employees=5.0)
    assert find(MEASURES["value_added_per_employee"], Basis(found, 2021)).missing == ("industrial_value_added (2021)",)
    assert find(MEASURES["value_added_per_land"], Basis(found, 2020)).missing == ("industrial_land",)
    assert find(MEASURES["energy_elasticity"], Basis(found, 2021)).missing == (
        "energy_use (2021, …)", "industrial_value_added (2021, …)",
    )  # fmt: skip


def test_a_run_goes_before_a_statistic_which_is_kept_beside_it():
    [datum] = [Basis(run(coal(366, 400), energy_use=500 * TCE), 2021).datum("energy_use")]
    assert (datum.value, datum.computed, datum.told) == (pytest.approx(400 * TCE), True, 500 * TCE)
    told = Basis(run(energy_use=500 * TCE), 2021).datum("energy_use")
    assert (told.value, told.computed, told.told) == (500 * TCE, False, None)


def test_a_run_without_data_adds_no_rows():
    assert not set(indicator_table(run())["indicator"]) & set(MEASURES)


def test_the_park_is_the_bound_of_its_energy():
    mine = technology("mine", "coal")
    chp = technology("chp", "electricity", {"coal": 0.1})
    power = material("electricity", "energy", unit="GJ", storable=False)
    found = run(
        flows=[(Y1, "mine", "works", "coal", "exchange", 60.0), (Y1, "mine", "market", "coal", "product", 40.0),
               (Y1, "works", "town", "steam", "exchange", 100.0),
               (Y1, "market", "mine", "electricity", "virgin", 10.0)],
        conversion=[(Y1, "mine", "mine", "coal", 0.0, 100.0), (Y1, "mine", "mine", "electricity", 10.0, 0.0),
                    (Y1, "works", "works", "coal", 60.0, 0.0)],
        days=365, extra=(mine, chp, power, firm("mine", "mine", 1)),
    )  # fmt: skip
    # Bought 10 GJ, mined 100 t, sold 40 t, gave 100 GJ of steam away.
    assert energy_use(found) == pytest.approx(10 + 60 * TCE - 100)
    assert main_resources(found) is None


def test_waste_heat_that_is_lost_is_not_used():
    heat = steam("waste_heat_high", temperature_c=350)
    found = run(
        [(Y1, "works", "environment", "waste_heat_high", "emission", 30.0)],
        [(Y1, "works", "works", "waste_heat_high", 0.0, 100.0)], days=365, extra=(heat,),
    )  # fmt: skip
    assert (waste_heat_available(found), waste_heat_used(found)) == pytest.approx((100, 70))
    assert values(found)["waste_heat_reuse"] == pytest.approx(0.7)


def test_a_water_balance_by_hand():
    plant = technology("plant", "reclaimed_water", {"waste_water": 1.2})
    waters = (material("waste_water", "water"), material("reclaimed_water", "water"))
    found = run(
        flows=[(Y1, "environment", "works", "water", "taken", 60.0), (Y1, "market", "works", "water", "virgin", 20.0),
               (Y1, "works", "plant", "waste_water", "exchange", 90.0),
               (Y1, "plant", "works", "reclaimed_water", "product", 40.0),
               (Y1, "plant", "environment", "waste_water", "emission", 42.0)],
        conversion=[(Y1, "works", "works", "water", 80.0, 0.0), (Y1, "works", "works", "reclaimed_water", 40.0, 0.0),
                    (Y1, "plant", "plant", "waste_water", 48.0, 0.0)],
        days=365, extra=(plant, *waters, firm("plant", "plant", 1)),
    )  # fmt: skip
    assert (fresh_water(found), water_reused(found)) == pytest.approx((80, 40))
    assert (sewage_treated(found), waste_water(found)) == pytest.approx((48, 42))
    assert values(found)["water_reuse"] == pytest.approx(40 / 120)
    assert values(found)["reclaimed_water_rate"] == pytest.approx(40 / 48)


def test_a_run_in_which_some_line_states_no_water_cannot_tell_the_water_of_the_park():
    taken = [(Y1, "environment", "works", "water", "taken", 60.0)]
    wet = [(Y1, "works", "works", "water", 60.0, 0.0)]
    dry = [(Y1, "mill", "works", "coal", 9.0, 0.0)]
    assert fresh_water(run(taken, wet, days=365, extra=(firm("mill", "works", 1),))) == 60
    found = run(taken, wet + dry, days=365, extra=(firm("mill", "works", 1),), fresh_water={2020: 70.0})
    assert (fresh_water(found), waste_water(found)) == (None, None)
    assert Basis(found, 2020).datum("fresh_water").value == 70


def test_water_that_is_only_fresh_says_nothing_about_reuse():
    found = run([(Y1, "environment", "works", "water", "taken", 60.0)],
                [(Y1, "works", "works", "water", 60.0, 0.0)], days=365)  # fmt: skip
    assert water_reused(found) is None
    assert values(found)["water_reuse"] is None


def test_what_firms_earn_beyond_what_they_buy():
    layout = park(technology("works", "iron", {"coal": 1.0}, emits_per={"coal": {"co2": 2.0}}),
                  firm("works", "works", 1), firm("user", "works", 1), user("road", {"slag": 1.0}),
                  link("works", "user", "slag"))  # fmt: skip
    found = results(
        scenario(layout),
        conversion=[(Y1, "works", "works", "coal", 50.0, 0.0)],
        money=[(Y1, "market", "works", "sale", 1000.0), (Y1, "works", "market", "purchase", 300.0),
               (Y1, "user", "works", "exchange", 50.0), (Y1, "works", "carrier", "transport", 20.0),
               (Y1, "works", "government", "tax air", 70.0), (Y1, "works", "finance", "capital", 60.0)],
    )  # fmt: skip
    assert gross_margin(found) == pytest.approx({"": 680, "works": 730, "user": -50})
    assert co2_eco_efficiency(found) == pytest.approx({"": 6.8, "works": 7.3})


@pytest.mark.parametrize("known", MEASURES.values(), ids=lambda known: known.name)
def test_a_measure_names_quantities_that_somebody_can_tell(known):
    from mfa.park.statistics import STATISTICS

    assert {*known.of, *known.any_of} <= {*STATISTICS, *FROM_RUN}
