"""`mfa reconcile`: an account of measured flows brought into balance, printed and written as tables and diagrams."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa.cli.terminal import json_rows, print_heading, print_json, print_problems, print_table
from mfa.errors import InputError, Problem
from mfa.language import tr

if TYPE_CHECKING:
    import pandas as pd

    from mfa.accounting.park_account import ParkAccount
    from mfa.accounting.reconciliation import Reconciliation
    from mfa.park.account import Account

SHOWN = 60
"""How many rows of a table the terminal shows."""
NUMBERS = ("measured", "std", "reconciled", "reconciled_std", "adjustment", "z")


def reconcile(
    path: Path, out: Path, *, non_negative: bool | None, runs: int | None, seed: int | None, as_json: bool
) -> None:
    """Print a file's account in balance, and write it as tables and diagrams into a new folder of `out`.

    Raises:
        InputError: with every problem of the file.
        FolderError: a file cannot be read or written.
        InfeasibleError: no values satisfy the balances.
    """
    from mfa.files.account_checks import check_account
    from mfa.files.assemble import is_scenario_file

    park = park_account(path) if is_scenario_file(path) else None
    account, told = read(path) if park is None else (park.account, tuple(check_account(park.account)))
    from mfa.accounting.reconciliation import reconcile as balance

    result = balance(account, non_negative=non_negative, runs=runs, seed=seed)
    print_problems(problem for problem in result.problems if problem not in told)
    tables = result.tables()
    drawn = tables["flows"]
    if park is not None:
        tables["flows"], drawn = park.placed(drawn), park.between(drawn)
    folder = write(out, path.stem, result.account, tables, drawn)
    if as_json:
        print_json(as_data(result, tables) | {"folder": str(folder)})
    else:
        show(result, folder, park)


def read(path: Path) -> tuple[Account, tuple[Problem, ...]]:
    """Return the account of a file and its warnings, which are printed; raises InputError with every problem."""
    from mfa.files.accounts import read_account

    reading = read_account(path)
    if reading.account is None:
        raise InputError(reading.problems)
    print_problems(reading.problems)
    return reading.account, reading.problems


def park_account(path: Path) -> ParkAccount:
    """Return the account of a scenario's measurements and print the file's warnings; raises InputError."""
    from mfa.files import read_scenario

    reading = read_scenario(path)
    if reading.scenario is None:
        raise InputError(reading.problems)
    print_problems(reading.problems)
    from mfa.accounting.park_account import account_of

    return account_of(reading.scenario, reading.measured_at)


def write(out: Path, name: str, account: Account, tables: dict[str, pd.DataFrame], drawn: pd.DataFrame) -> Path:
    """Write tables, and diagrams of the flows `drawn`, into a new folder of `out` and return it."""
    from mfa.results.folder import folder_errors, new_run_folder
    from mfa.results.writing import write_tables
    from mfa.views.account_sankey import write_account_sankeys

    digest = hashlib.sha256(account.model_dump_json().encode("utf-8")).hexdigest()
    with new_run_folder(out, name, digest) as place, folder_errors(place.final):
        write_tables(place.temporary, tables, ["csv", "xlsx"])
        write_account_sankeys(drawn, place.temporary / "figures")
    return place.final


def as_data(result: Reconciliation, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return a result as JSON data: its tables by name, nothing where a number is unknown."""
    rows = {name: json_rows(table) for name, table in tables.items()}
    return {
        "account": result.account.name,
        "chi2": result.chi2,
        "dof": result.dof,
        "p_value": result.p_value if result.p_value == result.p_value else None,
        "unobservable": list(result.unobservable),
        "unchecked": list(result.unchecked),
        "transfer_coefficients": [],
        **rows,
    }


def show(result: Reconciliation, folder: Path, park: ParkAccount | None = None) -> None:
    """Print the reconciled quantities (of a park those that are determined), what the tests say, where to read on."""
    flows, shares = result.flows, result.transfer_coefficients
    if park is not None:
        flows = flows[flows.index.isin([*park.flows, *park.sums]) & (flows["status"] != "unobservable")]
        shares = shares[shares["z"].notna()]
    print_heading(tr("Reconciled flows"))
    show_quantities(flows)
    for heading, table in (
        (tr("Transfer coefficients"), shares),
        (tr("Concentrations"), result.concentrations),
    ):
        if len(table):
            print_heading(heading)
            show_quantities(table)
    show_tests(result, park)
    print("  " + tr("tables and diagrams: {folder}", folder=folder))


def show_quantities(table: pd.DataFrame) -> None:
    """Print measured beside reconciled."""
    shown = table.head(SHOWN)
    names = {tr(str(table.index.name)): shown.index.to_series().astype(str)}
    names |= {tr(column): shown[column] for column in ("layer", "unit") if column in table}
    numbers = {tr(column): shown[column].map(readable) for column in NUMBERS}
    columns = names | numbers | {tr("status"): shown["status"].map(tr)}
    print_table(list(columns), [list(row) for row in zip(*columns.values(), strict=True)], numbers=list(numbers))
    if len(table) > SHOWN:
        print("  " + tr("… and {number} more rows in the tables", number=len(table) - SHOWN))


def readable(value: float) -> str:
    """Return a number with six digits; nothing for none."""
    return "" if value != value else f"{value:,.6g}"


def show_tests(result: Reconciliation, park: ParkAccount | None = None) -> None:
    """Print how well the data agree, what they leave open, and which measurements are suspect."""
    hidden = [name for name in result.unobservable if park is None or name in park.flows]
    unchecked = [name for name in result.unchecked if park is None or name in park.rows]
    print_heading(tr("How well the data agree"))
    print(f"  {agreement(result)}")
    if hidden:
        print("  " + tr("not determined by the data: {names}", names=listed(hidden)))
    if unchecked:
        print("  " + tr("checked by nothing: {names}", names=listed(unchecked)))
    show_suspects(result)


def agreement(result: Reconciliation) -> str:
    """Return how well measurements agree."""
    if not result.dof:
        return tr("no measurement is checked by another: nothing can be tested")
    return tr("chi² = {chi2:.4g} with {dof} checks; a larger one by chance: p = {p:.3g}",
              chi2=result.chi2, dof=result.dof, p=result.p_value)  # fmt: skip


def show_suspects(result: Reconciliation) -> None:
    """Print which measurements are suspect, the likeliest first."""
    for name, suspect in result.suspects.iterrows():
        print("  " + suspicion(str(name), suspect))
        if suspect["alike"]:
            print("    " + tr("no test can tell it from {names}", names=suspect["alike"]))
    if result.dof and result.suspects.empty:
        print("  " + tr("no measurement is suspect"))


def listed(names: Sequence[str]) -> str:
    """Return names as a list, the rest of a long one as a mark."""
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def suspicion(name: str, suspect: pd.Series[Any]) -> str:
    """Return what speaks against a measurement."""
    numbers = {"step": suspect["step"], "name": name, "z": suspect["z"], "chi2": suspect["chi2"]}
    size = abs(suspect["error"])
    if suspect["error"] > 0:
        return tr("suspect {step}: {name}, z = {z:.3g}, too high by about {size:.4g}; chi² without it {chi2:.4g}",
                  size=size, **numbers)  # fmt: skip
    return tr("suspect {step}: {name}, z = {z:.3g}, too low by about {size:.4g}; chi² without it {chi2:.4g}",
              size=size, **numbers)  # fmt: skip
