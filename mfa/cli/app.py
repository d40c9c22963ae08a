"""The commands and their options; each hands its work to a module beside this one, loaded only when it is called."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from mfa.cli.usage import translate
from mfa.errors import UsageError
from mfa.language import tr

app = typer.Typer(
    name="mfa",
    help="Material flows of industrial parks: simulate what happens, suggest links, simulate again and judge.",
    epilog="Every command also takes --lang en|zh (or set MFA_LANG). Start with: mfa new my_park",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario file (YAML).")]
ScenarioFiles = Annotated[list[Path], typer.Argument(metavar="SCENARIO…", help="Scenario files (YAML).")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change one value, e.g. park.firms.kiln.capacity='1400 kt/yr'."),
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Seed of the random draws.")]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where run folders go.")]
Solver = Annotated[
    Literal["auto", "glpk", "highs"] | None,
    typer.Option("--solver", help="Which solver; by default what the scenario says."),
]
Gap = Annotated[
    float | None,
    typer.Option("--gap", min=0.0, max=1.0, help="Relative gap at which a plan is good enough; 0 proves it."),
]
TimeLimit = Annotated[
    float | None, typer.Option("--time-limit", min=0.1, max=1e7, metavar="SECONDS", help="Longest solve.")
]
Extensions = Annotated[
    list[Path] | None,
    typer.Option("--with", metavar="FILE.py", help="Load your own indicators, objectives and rules from a file."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def say_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        from mfa import __version__

        typer.echo(f"mfa {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def changes_of(assignments: list[str] | None) -> dict[str, str]:
    """Return path → value of `--set path=value`; raises UsageError where there is no `=`."""
    changes: dict[str, str] = {}
    for assignment in assignments or []:
        path, equals, value = assignment.partition("=")
        if not equals or not path.strip():
            raise UsageError(tr("--set takes PATH=VALUE, got '{given}'", given=assignment))
        changes[path.strip()] = value.strip()
    return changes


@app.command()
def run(
    scenario: ScenarioFile,
    changes: Changes = None,
    seed: Seed = None,
    out: Out = Path("outputs"),
    solver: Solver = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    extensions: Extensions = None,
    as_json: Json = False,
) -> None:
    """Simulate, suggest links, simulate with them, compare, report."""
    from mfa.cli.extensions import load
    from mfa.cli.running import run as work

    load(extensions or [])
    work(scenario, changes_of(changes), seed, out, solver=solver, gap=gap, time_limit=time_limit, as_json=as_json)


@app.command()
def validate(
    scenarios: ScenarioFiles,
    changes: Changes = None,
    extensions: Extensions = None,
    as_json: Json = False,
) -> None:
    """Show every problem of a scenario, with place and remedy."""
    from mfa.cli.checking import validate as work
    from mfa.cli.extensions import load

    load(extensions or [])
    work(scenarios, changes_of(changes), as_json=as_json)


@app.command()
def suggest(
    scenario: ScenarioFile,
    changes: Changes = None,
    seed: Seed = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.yaml", help="Write the scenario with the plan built in.")
    ] = None,
    solver: Solver = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    extensions: Extensions = None,
    as_json: Json = False,
) -> None:
    """Propose links and treatment plants, without simulating them."""
    from mfa.cli.extensions import load
    from mfa.cli.suggesting import suggest as work

    load(extensions or [])
    work(scenario, changes_of(changes), seed, out, solver=solver, gap=gap, time_limit=time_limit, as_json=as_json)


@app.command()
def compare(
    layouts: Annotated[list[Path], typer.Argument(metavar="LAYOUT…", help="Scenario files or run folders.")],
    extensions: Extensions = None,
    as_json: Json = False,
) -> None:
    """Set the indicators of park layouts side by side."""
    from mfa.cli.comparing import compare as work
    from mfa.cli.extensions import load

    load(extensions or [])
    work(layouts, as_json=as_json)


@app.command()
def sweep(
    scenario: ScenarioFile,
    changes: Changes = None,
    seed: Seed = None,
    samples: Annotated[
        int | None,
        typer.Option("--samples", min=1, max=1_000_000, help="How many; by default as the sweep says, or 200."),
    ] = None,
    method: Annotated[
        Literal["monte_carlo", "linear", "latin_hypercube", "random", "grid"],
        typer.Option("--method", help="How values are chosen; monte_carlo goes by the scenario's sweep."),
    ] = "monte_carlo",
    plan: Annotated[
        Literal["central", "each", "none"] | None,
        typer.Option("--plan", help="One plan held against all samples, a new plan for each, or none."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=1024, help="Processes; by default one a processor.")
    ] = None,
    out: Out = Path("outputs"),
    extensions: Extensions = None,
    as_json: Json = False,
) -> None:
    """Carry uncertain or varied values to the results: quantiles, and what matters most."""
    from mfa.cli.extensions import load
    from mfa.cli.sweeping import sweep as work

    load(extensions or [])
    work(
        scenario, changes_of(changes), seed, out, method=method, samples=samples, plan=plan, workers=workers,
        extensions=extensions or [], as_json=as_json,
    )  # fmt: skip


@app.command()
def stock(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Inflows or stocks by year (YAML, or CSV).")],
    lifetime: Annotated[
        str, typer.Option("--lifetime", metavar="KIND…", help="How long products stay, e.g. 'normal mean=12 std=3.6'.")
    ] = "",
    entry: Annotated[
        Literal["end", "middle", "start", "spread"] | None,
        typer.Option("--entry", help="When in its year a cohort enters; by default what the file says, or at the end."),
    ] = None,
    driven_by: Annotated[
        Literal["inflow", "stock"], typer.Option("--from", help="What the amounts of a CSV file are.")
    ] = "inflow",
    cohorts: Annotated[bool, typer.Option("--cohorts", help="Also write what each cohort is and gives.")] = False,
    method: Annotated[
        Literal["latin_hypercube", "linear", "random"],
        typer.Option("--method", help="How distributions in the file are carried through."),
    ] = "latin_hypercube",
    samples: Annotated[int, typer.Option("--samples", min=1, max=1_000_000, help="How many draws.")] = 200,
    seed: Seed = None,
    out: Out = Path("outputs"),
    as_json: Json = False,
) -> None:
    """Account for products in use: stock and outflow of an inflow, or the inflow of a stock."""
    from mfa.cli.stocking import stock as work

    work(
        file, out, lifetime=lifetime, entry=entry or "", driven_by=driven_by, cohorts=cohorts, method=method,
        samples=samples, seed=seed or 0, as_json=as_json,
    )  # fmt: skip


@app.command()
def reconcile(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Measured flows (CSV) or an account (YAML).")],
    non_negative: Annotated[
        bool | None, typer.Option("--non-negative", help="Keep every quantity at or above zero.")
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option("--runs", min=0, max=1_000_000, help="Monte Carlo runs, for inputs that are not normal."),
    ] = None,
    seed: Seed = None,
    out: Out = Path("outputs"),
    as_json: Json = False,
) -> None:
    """Bring measured flows into balance, and say what they are worth and which are suspect."""
    from mfa.cli.reconciling import reconcile as work

    work(file, out, non_negative=non_negative, runs=runs, seed=seed, as_json=as_json)


@app.command()
def evaluate(
    target: Annotated[
        Path, typer.Argument(metavar="RUN|SCENARIO|FLOWS.csv", help="A run folder, a scenario or a flow table.")
    ],
    scheme: Annotated[
        str | None, typer.Option("--scheme", metavar="ID", help="By which scheme, e.g. hj274; mfa list schemes.")
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="Which calendar year; with a scheme, the last whole one.")
    ] = None,
    outside: Annotated[
        list[str] | None,
        typer.Option("--outside", metavar="NODES", help="Nodes of a flow table that lie outside, e.g. import,export."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Also write the scorecard as a table.")
    ] = None,
    extensions: Extensions = None,
    as_json: Json = False,
) -> None:
    """Judge by a standard or list all indicators, with the data used and what is missing."""
    from mfa.cli.evaluating import evaluate as work
    from mfa.cli.extensions import load

    load(extensions or [])
    work(target, scheme, year=year, outside=outside or [], out=out, as_json=as_json)


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the scenario file to write.")],
    template: Annotated[
        Literal["first", "park", "region", "table"], typer.Option("--template", help="Which template to start from.")
    ] = "first",
) -> None:
    """Write a commented scenario to start from, or a table of firms to fill in Excel."""
    from mfa.cli.starting import start, start_table

    start_table(name) if template == "table" else start(name, template)


@app.command("export-excel")
def export_excel(
    scenario: ScenarioFile,
    changes: Changes = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.xlsx", help="The workbook; by default named as the scenario.")
    ] = None,
) -> None:
    """Write a scenario as a workbook to edit in Excel; every command reads it like YAML."""
    from mfa.cli.spreadsheets import export

    export(scenario, changes_of(changes), out)


@app.command("import-excel")
def import_excel(
    table: Annotated[
        Path, typer.Argument(metavar="TABLE", help="Firms, products, tonnes (.xlsx, .csv), or what export-excel wrote.")
    ],
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of the firms.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.yaml", help="The scenario; by default named as the table.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a scenario of a table of firms; what the table does not say is assumed and marked so."""
    from mfa.cli.spreadsheets import import_

    import_(table, sheet, out, as_json=as_json)


@app.command("list")
def list_(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="What to list; without it, the kinds.")] = None,
    query: Annotated[
        str | None, typer.Option("--search", metavar="WORDS", help="Only what this means, in English or Chinese.")
    ] = None,
    extensions: Extensions = None,
    as_json: Json = False,
) -> None:
    """List materials, technologies, indicators and all else that is known."""
    from mfa.cli.catalogue import show
    from mfa.cli.extensions import load

    load(extensions or [])
    show(kind, query, as_json=as_json)


@app.command()
def match(
    park: Annotated[Path, typer.Argument(metavar="SCENARIO|PARK", help="A scenario or park file (YAML).")],
    material: Annotated[
        str | None, typer.Option("--material", metavar="WORDS", help="Only this waste, in English or Chinese.")
    ] = None,
    within: Annotated[
        float | None, typer.Option("--within", min=0.0, metavar="KM", help="Leave out users farther away.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="So many users and so many missing firms.")] = 5,
    day: Annotated[
        datetime | None,
        typer.Option("--day", formats=["%Y-%m-%d"], help="Day on which a use must be permitted; else the last day."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Find users of every waste of a park, and the kinds of firm that are missing."""
    from mfa.cli.matching import show

    show(park, material, within=within, most=most, day=day.date() if day else None, as_json=as_json)


@app.command("check-library")
def check_library(as_json: Json = False) -> None:
    """Check the library: sources, balances, codes, contradictions, dates of standards."""
    from mfa.cli.library import check

    check(as_json=as_json)


@app.command()
def cite(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, or a scenario file.")],
    as_bibtex: Annotated[bool, typer.Option("--bibtex", help="Print BibTeX.")] = False,
    as_json: Json = False,
) -> None:
    """Print the sources behind the numbers of a run, by confidence."""
    from mfa.cli.citing import show

    show(run, as_bibtex=as_bibtex, as_json=as_json)


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from mfa.files.schema import schema_text

    typer.echo(schema_text(), nl=False)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Check this installation, with a remedy for what is missing."""
    from mfa.cli.doctor import examine

    raise typer.Exit(examine(as_json=as_json))


def command() -> Any:
    """Return the program with its help in the current language."""
    program = typer.main.get_command(app)
    translate(program)
    return program
