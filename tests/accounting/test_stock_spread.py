"""How sure stocks in use are, against sums worked out by hand."""

import pytest

from mfa.accounting.stock_spread import stock_spread
from mfa.files.stock_tables import read_stock_file

FILE = """kind: stock
unit: kt
inflow: {2000: {normal: [100, 10]}, 2001: {uniform: [40, 60]}}
lifetime: {kind: fixed, mean: 10 yr}
"""


@pytest.fixture
def read(tmp_path):
    def call(text=FILE, **tables):
        for name, table in tables.items():
            (tmp_path / f"{name}.csv").write_text(table, encoding="utf-8")
        (tmp_path / "use.yaml").write_text(text, encoding="utf-8")
        return read_stock_file(tmp_path / "use.yaml")

    return call


def row(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    (found,) = table.to_dict("records")
    return found


def test_a_file_reads_as_its_central_values_and_keeps_its_distributions(read):
    file = read()
    assert file.amounts == {"": {"2000": 100, "2001": 50}}
    assert {path: law.kind for path, law in file.laws.items()} == {"inflow.2000": "normal", "inflow.2001": "uniform"}
    assert file.with_numbers({"inflow.2001": 7}).amounts == {"": {"2000": 100, "2001": 7}}


def test_linear_propagation_is_exact_for_a_stock_that_only_adds_up(read):
    found = stock_spread(read(), "linear", 0, 0)
    stock = row(found["quantiles"], year=2001, quantity="stock")
    assert (stock["mean"], stock["std"]) == pytest.approx((150, (10**2 + 20**2 / 12) ** 0.5))
    part = row(found["contributions"], year=2001, quantity="stock", input="inflow.2000")
    assert part["share"] == pytest.approx(100 / (100 + 400 / 12))
    assert part["slope"] == pytest.approx(1)


def test_draws_meet_linear_propagation(read):
    linear, drawn = (stock_spread(read(), method, 400, 1)["quantiles"] for method in ("linear", "latin_hypercube"))
    for one, other in zip(linear.to_dict("records"), drawn.to_dict("records"), strict=True):
        assert abs(other["mean"] - one["mean"]) <= 5 * other["standard_error"]
        assert other["q05"] <= other["q50"] <= other["q95"]
        assert other["std"] == pytest.approx(one["std"], rel=0.1, abs=1e-9)


def test_lifetimes_and_tables_may_be_uncertain_too(read):
    text = FILE.replace("{2000: {normal: [100, 10]}, 2001: {uniform: [40, 60]}}", "cars.csv").replace(
        "fixed, mean: 10 yr", "normal, mean: {triangular: [8 yr, 10 yr, 15 yr]}, std: 3"
    )
    file = read(text, cars='year,cars,ships\n2000,"{normal: [5, 10%]}",4\n2010,6,7\n')
    assert file.laws.keys() == {"inflow.cars.2000", "lifetime.mean"}
    main = stock_spread(file, "linear", 0, 0)["contributions"]
    assert row(main, year=2010, series="ships", quantity="outflow", input="lifetime.mean")["share"] == 1


def test_the_command_prints_and_writes_the_spread(tmp_path, monkeypatch, capsys):
    from mfa.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "use.yaml").write_text(FILE, encoding="utf-8")
    assert main(["stock", "use.yaml", "--samples", "20"]) == 0
    said = capsys.readouterr().out
    assert "How sure is it? 2001" in said
    assert "inflow.2000" in said
    (folder,) = (tmp_path / "outputs" / "use").iterdir()
    assert {path.name for path in (folder / "tables").iterdir()} == {"stock.csv", "quantiles.csv", "contributions.csv"}


BROKEN = {
    "{normal: [100, 90]}": "inflow.2000: beyond 0, which the value cannot be, with a chance of 13%;"
    " give a smaller std, or lognormal or triangular",
    "{uniform: [5, 1]}": "inflow.2000.uniform: numbers go from low to high, got 5, 1",
    "{normal: [100 kt, 1]}": "inflow.2000.normal[0]: write the number without 'kt'; the unit of all stands under unit",
}


@pytest.mark.parametrize("form", BROKEN)
def test_what_is_no_distribution_is_told(read, form):
    from mfa.errors import InputError

    with pytest.raises(InputError) as caught:
        read(FILE.replace("{normal: [100, 10]}", form))
    (problem,) = caught.value.problems
    assert str(problem).endswith(f": error: {BROKEN[form]}")
