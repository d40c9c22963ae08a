"""`mfa stock FILE`: what it prints and writes, and how bad files are answered."""

import json

import pandas as pd
import pytest

HEAD = "kind: stock\nunit: kt\n"
LIFETIME = "lifetime: {kind: fixed, mean: 2 years}\n"
INLINE = f"{HEAD}inflow: {{2000: 10, 2001: 20, 2002: 30}}\n{LIFETIME}"


@pytest.fixture
def stock(inside, tmp_path):
    """Write files, call `mfa stock` on the first."""

    def call(files, *options):
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return inside("stock", next(iter(files)), *options)

    return call


def rows(done):
    assert done.returncode == 0, done.stderr
    return pd.DataFrame(json.loads(done.stdout)["stock"])


def test_the_account_is_printed_with_its_conventions(stock):
    done = stock({"cars.yaml": INLINE})
    assert done.returncode == 0
    assert "lifetime: fixed(mean=2)" in done.stdout
    assert "entry: end (a cohort enters at the end of its year" in done.stdout
    assert "2002" in done.stdout
    done = stock({"cars.yaml": INLINE}, "--lang", "zh")
    assert "寿命：fixed(mean=2)" in done.stdout


def test_tables_are_written(stock, tmp_path):
    done = stock({"cars.yaml": INLINE}, "--cohorts", "--json")
    folder = tmp_path / json.loads(done.stdout)["folder"]
    table = pd.read_csv(folder / "tables" / "stock.csv", encoding="utf-8-sig")
    assert list(table.columns) == ["year", "series", "stock", "inflow", "outflow", "unit", "entry"]
    assert table["stock"].tolist() == [10, 30, 50]
    assert table["outflow"].tolist() == [0, 0, 10]
    assert set(table["unit"]) == {"kt"}
    assert set(table["entry"]) == {"end"}
    cohorts = pd.read_csv(folder / "tables" / "cohorts.csv", encoding="utf-8-sig")
    assert cohorts.set_index(["year", "cohort"])["stock"].to_dict() == {
        (2000, 2000): 10, (2001, 2000): 10, (2001, 2001): 20, (2002, 2000): 0, (2002, 2001): 20, (2002, 2002): 30,
    }  # fmt: skip
    assert json.loads((folder / "conventions.json").read_text(encoding="utf-8"))["entry"] == "end"
    assert (folder / "results.xlsx").is_file()


def test_series_come_from_the_columns_of_a_table(stock):
    files = {
        "park.yaml": f"{HEAD}inflow: flows.csv\nlifetime: {{kind: fixed, mean: {{U.S.: 1, 德国: 2}}}}\n",
        "flows.csv": "year,U.S.,德国\n2001,5,6\n2000,1,2\n",
    }
    found = rows(stock(files, "--json")).set_index(["series", "year"])
    assert found["stock"].to_dict() == {("U.S.", 2000): 1, ("U.S.", 2001): 5, ("德国", 2000): 2, ("德国", 2001): 8}


def test_a_csv_file_takes_its_lifetime_from_the_command(stock):
    files = {"inputs.csv": "year,inflow,stock\n2000,10,7\n2001,20,9\n"}
    driven = rows(stock(files, "--lifetime", "fixed mean=1", "--json"))
    assert driven["stock"].tolist() == [10, 20]
    required = rows(stock(files, "--lifetime", "fixed mean=1", "--from", "stock", "--json"))
    assert required["inflow"].tolist() == [7, 9]
    middle = rows(stock(files, "--lifetime", "fixed,mean=0.5", "--entry", "middle", "--json"))
    assert middle["stock"].tolist() == [0, 0]


def test_forms_of_a_file(stock):
    text = (
        "kind: stock\nstock: {2000: 100, 2001: 60}\nentry: middle\ninitial: {1990: 80}\nearly_retirement: true\n"
        "lifetime: {kind: table, survival: life.csv}\n"
    )
    files = {"f.yaml": text, "life.csv": "age,survival\n0,1\n20,1\n21,0\n"}
    found = rows(stock(files, "--json"))
    assert found["inflow"].tolist() == [20, 0]
    assert found["outflow"].tolist() == [0, 40]
    nested = (
        "inflow: {a: {2000: 1, 2001: 1}, b: {2000: 2, 2001: 2}}\nlifetime: {kind: fixed, mean: {2000: 1, 2001: 2}}\n"
    )
    assert rows(stock({"g.yaml": nested}, "--json"))["stock"].tolist() == [1, 1, 2, 2]
    listed = "inflow: {2000: 1, 2001: 1}\nlifetime: {kind: fixed, mean: [1, 2]}\n"
    assert rows(stock({"h.yaml": listed}, "--json"))["stock"].tolist() == [1, 1]


def test_an_inflow_below_zero_is_warned_of(stock):
    done = stock({"a.yaml": f"inflow: {{2000: 5, 2001: -1}}\n{LIFETIME}"})
    assert done.returncode == 0
    assert done.stderr == "a.yaml:1:19: warning: inflow.2001: -1 is below 0; check its sign\n"
    assert "the inflow is below 0 in 2001" in done.stdout


BAD = {
    "keys": (
        "unti: kt\ninflow: {2000: 1}\nlifetime: {kind: normal, mean: 12 t, st: 3}\n",
        [
            "f.yaml:1:1: error: unti: unknown key 'unti'; did you mean 'unit'?",
            "f.yaml:3:26: error: lifetime.mean: expected a quantity in yr, got '12 t' in t; write it as 2.5 yr",
            "f.yaml:3:38: error: lifetime.st: unknown key 'st'; did you mean 'std'?",
        ],
    ),
    "table": (
        f"inflow: bad.csv\n{LIFETIME}",
        [
            "bad.csv:2:2: error: inflow: expected a number such as 12.5, got 'x'",
            "bad.csv:3:1: error: inflow: year 1990 has two rows; remove one or add them up",
            "bad.csv:4:1: error: inflow: column b is empty in this row; fill it or leave the row out",
            "bad.csv:5:1: error: inflow: expected a number in column year",
        ],
    ),
    "both": (
        f"inflow: {{2000: 1}}\nstock: {{2000: 1}}\n{LIFETIME}",
        ["f.yaml:1:1: error: give either inflow or stock, and not both"],
    ),
    "no lifetime": (
        "inflow: {2000: 1}\n",
        ["f.yaml:1:1: error: there is no lifetime; add lifetime: {kind: normal, mean: 12, std: 3.6}, "
         "or for a CSV file --lifetime 'normal mean=12 std=3.6'"],
    ),
    "std": (
        "inflow: {2000: 1}\nlifetime: {kind: normal, mean: 3, std: -1}\n",
        ["f.yaml:2:35: error: lifetime.std: std must be above 0, got -1"],
    ),
    "kind": (
        "inflow: {2000: 1}\nlifetime: {kind: normel, mean: 3, std: 1}\n",
        ["f.yaml:2:12: error: lifetime.kind: there is no kind 'normel'; use one of fixed, normal, folded_normal, "
         "lognormal, weibull, gamma, logistic, table"],
    ),
    "entry": (
        f"inflow: {{2000: 1}}\nentry: begin\n{LIFETIME}",
        ["f.yaml:2:1: error: entry: there is no entry 'begin'; use one of end, middle, start, spread"],
    ),
    "stock below 0": (
        f"stock: {{2000: 1, 2001: -1}}\n{LIFETIME}",
        ["f.yaml:1:18: error: stock.2001: -1 is below 0; check its sign"],
    ),
    "unit": (
        f"inflow: {{2000: 1 kt}}\n{LIFETIME}",
        ["f.yaml:1:10: error: inflow.2000: write the number without 'kt'; the unit of all stands under unit"],
    ),
    "initial": (
        f"inflow: {{2000: 1}}\ninitial: {{2003: 1}}\n{LIFETIME}",
        ["f.yaml:2:11: error: initial.2003: a cohort that is in stock at the start entered by 1999; move it"],
    ),
    "no inflow keeps it": (
        "stock: {2000: 1}\nentry: start\nlifetime: {kind: fixed, mean: 1}\n",
        ["f.yaml:1:9: error: stock.2000: nothing that enters in this period is left at its end, so no inflow keeps a "
         "stock; give shorter periods, a longer lifetime, or another entry"],
    ),
    "not a stock file": (
        f"kind: account\ninflow: 12\n{LIFETIME}",
        ["f.yaml:1:1: error: kind: expected kind: stock, got 'account'",
         "f.yaml:2:1: error: inflow: expected a CSV file, or numbers by year, got '12'"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_answered_by_place_and_nothing_is_written(stock, tmp_path, name):
    text, lines = BAD[name]
    done = stock({"f.yaml": text, "bad.csv": "year,a,b\n1990,x,1\n1990,2,3\n1991,1,\nfoo,1,2\n"})
    assert done.returncode == 3
    assert done.stderr.splitlines() == lines
    assert not (tmp_path / "outputs").exists()


def test_a_missing_file_is_a_matter_of_files(stock, inside):
    assert inside("stock", "nothing.yaml").returncode == 7
    assert stock({"f.yaml": f"inflow: gone.csv\n{LIFETIME}"}).returncode == 7


LOOP = f"{INLINE}collection: {{2000: 50%, 2002: 80%}}\nreuse: 10%\nremanufacture: 50%\nyield: 80%\n"


def test_collection_and_what_comes_back_are_accounted_for(stock):
    """2002: the 10 of 2000 leave, 8 are collected: 0.8 reused, 4 sent to remanufacturers, who bring back 3.2."""
    done = stock({"cars.yaml": LOOP}, "--json")
    table = rows(done).set_index("year")
    found = table.loc[2002, ["outflow", "collected", "reused", "cores", "remanufactured", "recycled", "lost"]]
    assert found.tolist() == pytest.approx([10, 8, 0.8, 4, 3.2, 4, 2])
    assert table.loc[2002, "stock"] == pytest.approx(50 + 4)
    assert "enters again" in json.loads(done.stdout)["conventions"]["comes_back"]
    shown = stock({"cars.yaml": LOOP}, "--lang", "zh").stdout
    assert "返回使用的产品在回收当年再次进入使用" in shown
    assert "再制造毛坯" in shown


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("reuse: 60%\nremanufacture: {2001: 50%}\n",
         "cars.yaml:5:1: error: reuse.2000: reuse and remanufacture take more than is collected in 2000; lower one"),
        ("collection: lots\n", "cars.yaml:5:1: error: collection: expected a number such as 30%, got 'lots'"),
        ("reuse: {2001: 130%}\n", "cars.yaml:5:9: error: reuse.2001: a share lies between 0 and 1, got 1.3"),
        ("second_life: {kind: normal, mean: 2}\n",
         "cars.yaml:5:1: error: second_life: a normal lifetime takes mean + std, got mean"),
    ],
)  # fmt: skip
def test_wrong_shares_are_told_with_their_place(stock, line, message):
    done = stock({"cars.yaml": f"{INLINE}{line}"})
    assert done.returncode == 3
    assert done.stderr.splitlines() == [message]


def test_cohorts_do_not_go_with_what_comes_back(stock):
    done = stock({"cars.yaml": LOOP}, "--cohorts")
    assert done.returncode == 2
    assert "--cohorts goes with files that say nothing of collection" in done.stderr
