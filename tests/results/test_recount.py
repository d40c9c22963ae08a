"""The contract of the tables and the balance recount, on tables made by hand and on tables of a run."""

from dataclasses import replace

import pytest
from building import accept, firm, landfill, line, link, market, material, park, scenario, steam, technology, town, user
from hypothesis import given
from hypothesis import strategies as st
from tabling import END, YEAR, results

from mfa.errors import InvariantError
from mfa.park.firm import Maintenance
from mfa.results import check_tables, recount
from mfa.results.tables import FLOW_KINDS, TABLES, make_table
from mfa.simulation import simulate

ASH = material("ash", "solid_waste", moisture=0.2, composition={"SiO2": 0.5})
PARK = park(
    ASH, technology("boiler", "heat", releases={"ash": 1.0}), technology("kiln", "clinker", {"clay": 1.0},
    accepts=(accept("ash", "clay"),)), firm("power", "boiler", 1), firm("kiln", "kiln", 1), landfill(), market(),
    user("road", {"ash": 1.0}), link("power", "kiln", "ash"), link("power", "road", "ash"),
)  # fmt: skip


def ash(**changed):
    """10 t made: 2 stored, 1 disposed of, 1 accepted by the road, 6 sent to the kiln; 5 arrive there, 4 are used."""
    tables = {
        "conversion": [
            (YEAR, "power", "boiler", "ash", 0.0, 10.0),
            (YEAR, "kiln", "kiln", "ash", 4.0, 0.0),
            (YEAR, "road", "", "ash", 1.0, 0.0),
        ],
        "flows": [
            (YEAR, "power", "kiln", "ash", "exchange", 6.0),
            (YEAR, "power", "road", "ash", "exchange", 1.0),
            (YEAR, "power", "landfill", "ash", "disposal", 1.0),
        ],
        "stocks": [
            (YEAR, "power", "ash", 0.0),
            (END, "power", "ash", 2.0),
            (END, "kiln", "ash", 1.0),
            (YEAR, "power-kiln-ash", "ash", 3.0),
            (END, "power-kiln-ash", "ash", 4.0),
        ],
        "substances": [(YEAR, "power", "SiO2", 0.0, 4.0, 1.0, -5.0), (YEAR, "kiln", "SiO2", 3.0, 0.0, 1.0, 2.0)],
    }
    return results(scenario(PARK), **(tables | changed))


def test_balanced_tables_pass():
    check_tables(ash())
    assert recount(ash()) == 0.0


@pytest.mark.parametrize(
    ("name", "row", "column", "amount", "message"),
    [
        (
            "conversion",
            0,
            "made",
            9.0,
            "material ash at power in the interval from 2020-01-01 is out of balance by 0.111",
        ),
        ("conversion", 1, "used", 4.00001, "material ash at kiln in the interval from 2020-01-01 is out of balance by"),
        ("conversion", 2, "used", 2.0, "material ash at road in the interval from 2020-01-01 is out of balance by 0.5"),
        ("stocks", 4, "dry_amount", 3.0, "material ash at kiln in the interval from 2020-01-01 is out of balance by"),
        (
            "substances",
            0,
            "remainder_t",
            0.0,
            "substance SiO2 at power in the interval from 2020-01-01 is out of balance",
        ),
        (
            "substances",
            1,
            "in_t",
            4.0,
            "substance SiO2 at kiln in the interval from 2020-01-01 is out of balance by 0.25",
        ),
    ],
)
def test_lost_mass_is_named_by_node_material_and_interval(name, row, column, amount, message):
    found = ash()
    table = getattr(found, name).copy()
    table.loc[row, column] = amount
    with pytest.raises(InvariantError) as caught:
        recount(replace(found, **{name: table}))
    assert str(caught.value).startswith(message)


def test_substances_are_counted_again_from_flows_and_stocks():
    # The row closes in itself, but 6 t of ash with half SiO2 bring 3 t and not 4.
    wrong = [(YEAR, "power", "SiO2", 0.0, 4.0, 1.0, -5.0), (YEAR, "kiln", "SiO2", 4.0, 0.0, 1.0, 3.0)]
    with pytest.raises(InvariantError, match=r"substance SiO2 at kiln in the interval from 2020-01-01 \(in_t\)"):
        recount(ash(substances=wrong))


@given(order=st.randoms(use_true_random=False))
def test_the_recount_does_not_depend_on_the_order_of_rows(order):
    found = ash()
    tables = {name: getattr(found, name) for name in ("flows", "stocks", "conversion", "substances")}
    shuffled = {name: table.sample(frac=1, random_state=order.randrange(2**32)) for name, table in tables.items()}
    assert recount(replace(found, **shuffled)) == 0.0


@pytest.mark.parametrize(
    ("name", "column", "wrong", "message"),
    [
        ("flows", "kind", "gift", "table flows, column kind: 'gift' is none of virgin, exchange, internal"),
        ("flows", "source", "", "table flows, column source: '' is empty"),
        ("flows", "target", "nowhere", "table flows, column target: 'nowhere' is not in the park"),
        ("flows", "dry_amount", -1.0, "table flows, column dry_amount: np.float64(-1.0) is negative"),
        ("flows", "dry_amount", float("inf"), "table flows, column dry_amount: np.float64(inf) is infinite"),
        ("flows", "amount", float("nan"), "table flows, column amount: np.float64(nan) is empty"),
        ("flows", "amount", 6.0, "table flows, column amount: np.float64(6.0) is not dry_amount ÷ (1 − moisture)"),
        ("flows", "unit", "GJ", "table flows, column unit: 'GJ' is not the unit of the material"),
        ("flows", "run", "after", "table flows, column run: 'after' is not the run 'before'"),
        ("stocks", "node", "gone", "table stocks, column node: 'gone' is not in the park"),
    ],
)
def test_a_broken_contract_names_table_column_and_row(name, column, wrong, message):
    found = ash()
    table = getattr(found, name).copy()
    table.loc[0, column] = wrong
    with pytest.raises(InvariantError) as caught:
        check_tables(replace(found, **{name: table}))
    assert str(caught.value).startswith(message)


def test_a_missing_column_is_refused():
    with pytest.raises(InvariantError, match=r"table money: columns \['run'\], expected \['run', 'time', 'payer'"):
        check_tables(replace(ash(), money=ash().money[["run"]]))


def test_numbers_that_are_not_floats_are_refused():
    found = ash()
    with pytest.raises(InvariantError, match="table flows, column amount: holds object, expected float64"):
        check_tables(replace(found, flows=found.flows.astype({"amount": object})))


def test_every_column_says_what_it_holds():
    for name, columns in TABLES.items():
        assert all(column.meaning and (column.unit or column.type != "number") for column in columns), name
        assert len({column.name for column in columns}) == len(columns)
        assert [str(dtype) for dtype in make_table(name, []).dtypes] == [
            {"text": "str", "number": "float64", "flag": "boolean"}[column.type] for column in columns
        ]
    assert len(set(FLOW_KINDS)) == 8


def test_tables_of_a_run_pass():
    # A loop with a lead time, loss on the way, steam, moisture, disposal and a substance.
    heat = technology(
        "chp", "power", {"coal": 0.5}, releases={"ash": 0.2, "steam": 2.0}, emits_per={"coal": {"co2": 2.0}}
    )
    works = park(
        ASH, steam(), material("coal", "raw"), heat, technology("kiln", "clinker", {"clay": 1.0, "steam": 0.1},
        accepts=(accept("ash", "clay", up_to=0.3),), takes={"air": 0.1}), firm("chp", "chp", 10),
        firm("kiln", "kiln", 4), landfill(), market(buys=("product",)), town("town", {"steam": 3.0}),
        user("road", {"ash": 0.4}),
        link("chp", "kiln", "ash", lead_time=3.0, loss=0.05), link("chp", "road", "ash"), link("chp", "kiln", "steam"),
        link("chp", "town", "steam"),
    )  # fmt: skip
    found = simulate(scenario(works, days=40, record="month"))
    check_tables(found)
    assert recount(found) <= 1e-9
    assert set(found.flows["kind"]) >= {"exchange", "virgin", "disposal", "emission", "taken"}
    assert {"chp-kiln-ash", "chp", "kiln"} <= set(found.stocks["node"])


def test_a_product_kept_within_its_firm_may_change_its_content():
    # The furnace makes a melt of undeclared composition for the firm's own converter. While no ash comes, the content
    # of the melt that stands between the two changes, which tables of materials cannot tell.
    ash_stop = Maintenance(every=100.0, lasts=5.0, first=5.0)
    furnace = technology("furnace", "melt", {"sand": 1.0}, accepts=(accept("ash", "sand", up_to=0.5),))
    works = park(
        ASH, material("sand", "raw", composition={"SiO2": 1.0}), material("steel", "product", composition={"Fe": 1.0}),
        technology("boiler", "heat", releases={"ash": 1.0}), furnace, technology("converter", "steel", {"melt": 1.0}),
        firm("power", "boiler", 2, maintenance=(ash_stop,)), landfill(), market(), link("power", "works", "ash"),
        firm("works", lines=[line("furnace", "furnace", 4), line("converter", "converter", 4)]),
    )  # fmt: skip
    found = simulate(scenario(works, days=30))
    assert recount(found) <= 1e-9
    silica = found.substances[(found.substances["node"] == "works") & (found.substances["substance"] == "SiO2")]
    assert silica["stock_change_t"].abs().max() > 0.5


@pytest.mark.parametrize(("step", "record", "end"), [
    (7 / 24, "step", "2017-01-05T23:00"), (0.25, "step", "2017-01-06T00:00"), (7 / 24, "month", "2017-01-05T23:00"),
    (1.0, "year", "2017-01-06"),
])  # fmt: skip
def test_the_end_of_a_run_comes_after_all_its_intervals(step, record, end):
    found = simulate(scenario(PARK, days=5, step=step, record=record))
    check_tables(found)
    assert recount(found) <= 1e-9
    assert found.stocks["time"].max() == end
    assert found.activity["time"].max() < end
