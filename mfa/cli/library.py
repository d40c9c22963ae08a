"""`mfa check-library`: what is wrong or doubtful in the library, and how sure its numbers are."""

from __future__ import annotations

from typing import get_args

import typer

from mfa.cli.terminal import print_json, print_problems, print_table
from mfa.errors import InputError
from mfa.files.holdings import holdings
from mfa.files.library_checks import Inspection, inspect_library
from mfa.language import tr
from mfa.park.material import Confidence


def check(as_json: bool = False) -> None:
    """Print the findings, errors first, and the confidences by shelf; exits with 3 where something is wrong."""
    from mfa.indicators.scheme_checks import SCHEME_CHECKS

    inspection = inspect_library(holdings(), SCHEME_CHECKS)
    if as_json:
        print_json(summary(inspection))
    else:
        show(inspection)
    if inspection.has_errors:
        raise typer.Exit(InputError.exit_code)


def summary(inspection: Inspection) -> dict[str, object]:
    """Return an inspection as JSON data."""
    findings = [
        {"kind": kind, "level": fault.level, "place": str(fault.mark), "path": fault.path, "message": fault.message}
        for kind, fault in inspection.remarks
    ]
    return {"valid": not inspection.has_errors, "counts": inspection.counts, "findings": findings}


def show(inspection: Inspection) -> None:
    """Print findings on stderr, one a line, and the confidences as a table on stdout."""
    print_problems(fault.problem for _, fault in inspection.remarks)
    names = [*get_args(Confidence), "unstated"]
    heads = [tr(name) for name in names]
    rows = [[tr(shelf), *(str(counts.get(name, "")) for name in names)] for shelf, counts in inspection.counts.items()]
    print_table([tr("numbers by confidence"), *heads], rows, numbers=heads)
    levels = [fault.level for _, fault in inspection.remarks]
    errors, warnings = levels.count("error"), levels.count("warning")
    memory = sum(counts.get("memory", 0) for counts in inspection.counts.values())
    print(tr("{errors} errors, {warnings} warnings; {memory} values from memory are not verified",
             errors=errors, warnings=warnings, memory=memory))  # fmt: skip
