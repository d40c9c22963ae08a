"""`mfa stock`: products in use from a file, printed and written as tables."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.cli.terminal import json_rows, print_heading, print_json, print_problems, print_table
from mfa.files.stock_tables import DrivenBy, StockFile, read_stock_file
from mfa.language import tr

if TYPE_CHECKING:
    import pandas as pd

    from mfa.accounting.designs import Method

SHOWN = 60
"""How many rows the terminal shows; where there are more, those of the last year."""


def stock(
    path: Path,
    out: Path,
    *,
    lifetime: str,
    entry: str,
    driven_by: DrivenBy,
    cohorts: bool,
    method: Method,
    samples: int,
    seed: int,
    as_json: bool,
) -> None:
    """Print the stock, inflow and outflow that a file leads to, and write them as tables into a folder of `out`.

    Where the file states distributions, their central values are taken, and the spread that they lead to is told too.

    Raises:
        InputError: with every problem of the file.
        FolderError: a file cannot be read or written.
    """
    file = read_stock_file(path, lifetime=lifetime, entry=entry, driven_by=driven_by)
    print_problems(file.warnings)
    from mfa.accounting.stock_files import account_for, tidy

    account = account_for(file)
    tables = {"stock": tidy(account, file.unit)}
    if cohorts:
        tables["cohorts"] = tidy(account_for(file, cohorts=True), file.unit)
    if file.laws:
        from mfa.accounting.stock_spread import stock_spread

        tables |= stock_spread(file, method, samples, seed)
    folder = write(out, path.stem, file, account.attrs, tables)
    if as_json:
        rows = {name: json_rows(table) for name, table in tables.items()}
        print_json({"conventions": account.attrs, "folder": str(folder), **rows})
    else:
        show(account.attrs, tables["stock"], folder)
        if file.laws:
            show_spread(tables["quantiles"], tables["contributions"])


def write(out: Path, name: str, file: StockFile, conventions: dict[Any, Any], tables: dict[str, pd.DataFrame]) -> Path:
    """Write tables and conventions into a new folder of `out` and return it."""
    from mfa.results.folder import folder_errors, new_run_folder, write_new
    from mfa.results.writing import json_bytes, write_tables

    said = (file.driven_by, file.amounts, file.lifetime, file.entry, file.rates, file.second_life, file.laws)
    digest = hashlib.sha256(repr(said).encode()).hexdigest()
    with new_run_folder(out, name, digest) as place, folder_errors(place.final):
        write_tables(place.temporary, tables, ["csv", "xlsx"])
        write_new(place.temporary / "conventions.json", json_bytes(conventions))
    return place.final


def show(conventions: dict[Any, Any], table: pd.DataFrame, folder: Path) -> None:
    """Print an account with the conventions that it rests on."""
    print_heading(tr("Products in use"))
    print("  " + tr("lifetime: {lifetime}", lifetime=conventions["lifetime"]))
    print("  " + tr("entry: {entry} ({convention})", entry=conventions["entry"], convention=conventions["convention"]))
    print("  " + tr("stock: {stock}; flows: {flows}", stock=conventions["stock"], flows=conventions["flows"]))
    if conventions["negative_inflow"]:
        years = ", ".join(f"{year:g}" for year in conventions["negative_inflow"])
        print("  " + tr("the inflow is below 0 in {years}; early_retirement: true lets products leave early instead",
                        years=years))  # fmt: skip
    if "comes_back" in conventions:
        print("  " + conventions["comes_back"])
    rows = table if len(table) <= SHOWN else table[table["year"] == table["year"].max()].head(SHOWN)
    amounts = [column for column in table.columns if column not in ("year", "series", "unit", "entry")]
    heads = [tr(column) for column in ("year", "series", *amounts, "unit")]
    columns = [
        [f"{float(year):g}" for year in rows["year"]],
        rows["series"].astype(str),
        *([f"{amount:,.6g}" for amount in rows[column]] for column in amounts),
        rows["unit"],
    ]
    cells = [list(row) for row in zip(*columns, strict=True)]
    print_table(heads, cells, numbers=[heads[0], *heads[2:-1]])
    if len(table) > len(cells):
        print("  " + tr("… and {number} more rows in the tables", number=len(table) - len(cells)))
    print("  " + tr("tables: {folder}", folder=folder / "tables"))


def show_spread(quantiles: pd.DataFrame, contributions: pd.DataFrame) -> None:
    """Print how sure the last year is, and what that depends on most."""
    last = quantiles["year"].max()
    print_heading(tr("How sure is it? {year}", year=f"{last:g}"))
    columns = ("central", "mean", "q05", "q50", "q95")
    heads = [tr(column) for column in ("quantity", "series", *columns, "unit", "depends most on")]
    main = contributions.sort_values("share", ascending=False).drop_duplicates(["year", "series", "quantity"])
    rows = quantiles[quantiles["year"] == last].merge(main, on=["year", "series", "quantity"], how="left")
    cells = [
        [tr(row["quantity"]), row["series"], *(f"{row[column]:,.6g}" for column in columns), row["unit"],
         f"{row['input']} ({row['share']:.0%})" if row["share"] == row["share"] else ""]
        for row in rows.head(SHOWN).to_dict("records")
    ]  # fmt: skip
    print_table(heads, cells, numbers=heads[2:7])
