"""Who pays whom for what (semantics §7): every item of a small park worked out by hand."""

import pytest
from building import (
    accept,
    firm,
    landfill,
    line,
    link,
    market,
    material,
    park,
    scenario,
    source,
    technology,
    treatment,
    user,
)

from mfa.park.park import Park
from mfa.results.results import Results
from mfa.simulation import simulate

ASH = material("ash", "solid_waste", moisture=0.2)
CHP = technology("chp", "power", {"coal": 2.0}, releases={"ash": 1.0}, opex=3.0)
BRICKS = technology("bricks", "brick", {"clay": 1.0}, accepts=(accept("ash", "clay", up_to=0.5),))


def trading(**ash_link: object) -> Park:
    """Return a station (10 t of power and of ash a day) and brick works (8 a day, 4 t of ash) 5 km apart."""
    return park(
        CHP, BRICKS, ASH, material("coal", "raw", price=7.0), material("clay", "raw", price=2.0, moisture=0.5),
        material("power", "product", price=50.0), firm("station", "chp", 10.0, at=(0, 0)),
        firm("works", "bricks", 8.0, at=(3, 4)), landfill(gate_fee=18.0), market(),
        link("station", "works", "ash", **ash_link),
    )  # fmt: skip


def paid(results: Results) -> dict[tuple[str, str, str], float]:
    return {(r.payer, r.payee, r.item): r.amount_cny for r in results.money.itertuples()}


def run(what: Park, days: int = 1, **fields: object) -> dict[tuple[str, str, str], float]:
    return paid(simulate(scenario(what, days=days, **fields)))


def test_purchases_sales_fees_and_operation() -> None:
    assert run(trading()) == pytest.approx({
        ("station", "market", "purchase"): 20 * 7.0,
        ("works", "market", "purchase"): 4 * 2 * 2.0,  # 4 t dry are 8 t as received
        ("market", "station", "sale"): 10 * 50.0,
        ("station", "landfill", "disposal"): 6 / 0.8 * 18.0,
        ("station", "suppliers", "operation"): 10 * 3.0,
    })  # fmt: skip


def test_the_receiver_pays_price_and_transport_of_what_is_received() -> None:
    found = run(trading(price=15.0, transport={"per_t": 1.0, "per_t_km": 0.6}))
    assert found["works", "station", "exchange"] == pytest.approx(4 / 0.8 * 15.0)
    assert found["works", "carrier", "transport"] == pytest.approx(4 / 0.8 * (1.0 + 0.6 * 5.0))


def test_a_negative_price_is_paid_to_the_receiver() -> None:
    found = run(trading(price=-15.0))
    assert found["station", "works", "exchange"] == pytest.approx(4 / 0.8 * 15.0)
    assert ("works", "station", "exchange") not in found


def test_transport_is_paid_for_what_leaves_and_the_price_for_what_arrives() -> None:
    found = run(trading(price=15.0, transport={"per_t": 1.0}, loss=0.5))
    assert found["works", "station", "exchange"] == pytest.approx(4 / 0.8 * 15.0)
    assert found["works", "carrier", "transport"] == pytest.approx(8 / 0.8 * 1.0)


def test_the_sender_pays_the_way_to_a_user() -> None:
    what = park(CHP, ASH, firm("station", "chp", 10.0), user("road", {"ash": 4.0}), landfill(), market(),
                link("station", "road", "ash", price=2.0, transport={"per_t": 1.0}))  # fmt: skip
    found = run(what)
    assert found["station", "carrier", "transport"] == pytest.approx(5.0)
    assert found["road", "station", "exchange"] == pytest.approx(10.0)


def test_a_source_is_paid_by_who_takes_from_it() -> None:
    salt = technology("salt", "salt", {"brine": 2.0})
    what = park(salt, material("brine", "water"), firm("pans", "salt", 5.0), source("lake", "brine"), market(),
                link("lake", "pans", "brine", price=0.5))  # fmt: skip
    assert run(what)["pans", "lake", "exchange"] == pytest.approx(5.0)


def test_what_a_plan_builds_is_paid_off_as_an_annuity() -> None:
    # 10 years at 0 %: a tenth of (1000 + 200 × 4) a year for the plant and of 500 for the link; 73 days are a fifth.
    wash = treatment("wash", "clean", {"ash": 1.0}, set_up=1000.0, capex=200.0)
    plant = firm("works", lines=(line("wash", "wash", 4.0, planned=4.0, status="suggested"),))
    what = park(CHP, ASH, wash, firm("station", "chp", 10.0), plant, landfill(), market(),
                link("station", "works", "ash", status="suggested", set_up=500.0, planned=4.0))  # fmt: skip
    found = run(what, days=73, record="year", finance={"rate": 0.0, "life": 3650.0})
    assert found["works", "finance", "capital"] == pytest.approx((1800 + 500) / 10 / 5)


def test_the_annuity_follows_rate_and_life() -> None:
    # 8 % over 10 years: 0.08 ÷ (1 − 1.08^−10) = 0.1490295.
    what = trading(status="suggested", set_up=1e6, planned=4.0)
    found = run(what, days=365, record="year", finance={"rate": 0.08, "life": 3650.0})
    assert found["works", "finance", "capital"] == pytest.approx(149029.49, abs=0.01)


def test_existing_plants_and_links_cost_no_capital() -> None:
    assert ("works", "finance", "capital") not in run(trading(set_up=1e6))


# --- taxes and levies ---------------------------------------------------------------------------------------------


def levied(when: str, what: Park | None = None, **policy: object) -> dict[tuple[str, str, str], float]:
    """Return who pays how much of a levy of 10 CNY a tonne on ash on one day."""
    levy = {"kind": "levy", "on": ["ash"], "when": when, "rate": {2017: 10.0}} | policy
    return {who: cny for who, cny in run(what or trading(), policies=(levy,)).items() if who[2].startswith("levy")}


@pytest.mark.parametrize(
    ("when", "payer", "tonnes"),
    [("generated", "station", 10.0), ("utilised", "works", 4.0), ("disposed", "station", 6.0)],
)
def test_a_levy_is_due_on_dry_tonnes(when: str, payer: str, tonnes: float) -> None:
    assert levied(when) == pytest.approx({(payer, "government", f"levy {when}"): 10 * tonnes})


def test_what_goes_to_a_site_that_does_not_comply_is_discharged() -> None:
    assert levied("discharged") == {}
    boundary = {**trading().boundary, "landfill": landfill(compliant=False)}
    assert levied("discharged", trading().replace(boundary=boundary)) == pytest.approx(
        {("station", "government", "levy discharged"): 60.0}
    )


@pytest.mark.parametrize("record", ["step", "month", "year"])
def test_what_is_added_to_a_store_is_stored_whatever_the_recording_interval(record: str) -> None:
    # No landfill: 6 t a day stay at the station, 240 t in 40 days.
    what = trading().replace(boundary={"market": market()})
    levy = {"kind": "levy", "on": ["ash"], "when": "stored", "rate": {2017: 10.0}}
    money = simulate(scenario(what, days=40, record=record, policies=(levy,))).money
    assert money[money["item"] == "levy stored"]["amount_cny"].sum() == pytest.approx(2400.0)


def test_a_treatment_neither_generates_nor_utilises() -> None:
    wash = treatment("wash", "clean", {"ash": 1.0}, releases={"sludge": 0.5})
    firms = firm("station", "chp", 10.0), firm("plant", "wash", 4.0)
    clean = material("clean", "solid_waste")
    what = park(CHP, ASH, wash, clean, *firms, landfill(), market(), link("station", "plant", "ash"))
    everything = {"on": ["solid_waste"]}
    assert levied("generated", what, **everything) == pytest.approx(
        {("station", "government", "levy generated"): 100.0}
    )
    assert levied("utilised", what, **everything) == {}


def test_a_levy_may_name_a_class_or_a_firm_its_payer_and_its_payee() -> None:
    assert levied("disposed", on=["solid_waste"]) == pytest.approx({("station", "government", "levy disposed"): 60.0})
    assert levied("disposed", on=["station"], name="fund", payer="works", payee="park") == pytest.approx(
        {("works", "park", "levy fund"): 60.0}
    )
    assert levied("disposed", on=["works"]) == {}


def test_the_rate_is_that_of_the_year() -> None:
    levy = {"kind": "tax", "on": ["ash"], "when": "disposed", "rate": {2016: 1.0, 2018: 5.0}}
    money = simulate(scenario(trading(), days=730, record="year", policies=(levy,))).money
    tax = money[money["item"] == "tax disposed"]
    assert dict(zip(tax["time"], tax["amount_cny"], strict=True)) == pytest.approx(
        {"2017-01-01": 6 * 365.0, "2018-01-01": 6 * 365 * 5.0}
    )


def test_before_its_first_year_a_levy_is_not_due() -> None:
    assert levied("disposed", rate={2018: 10.0}) == {}


def test_policies_that_do_not_act_move_no_money() -> None:
    subsidy = {"kind": "subsidy", "on": ["ash"], "when": "utilised", "rate": {2017: 20.0}}
    assert run(trading(), policies=(subsidy,)) == run(trading())
