"""Exact values that contradict each other, told with their places."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from mfa.accounting.equations import Equation
from mfa.accounting.estimation import Estimate
from mfa.errors import InputError, Problem
from mfa.language import tr
from mfa.park.account import Account


def refuse_contradictions(found: Estimate, account: Account) -> None:
    """Raise InputError where an equation that follows from others, or holds only exact values, is missed."""
    dependent = found.structure.dependent
    broken = [int(row) for row in found.broken if int(row) in dependent]
    if broken and (found.is_settled or all(_only_exact(found, row) for row in broken)):
        raise InputError([_problem(found, account, row, dependent[row]) for row in sorted(broken)])


def _only_exact(found: Estimate, row: int) -> bool:
    columns = sparse.csr_array(found.system.jacobian(found.z))[[row]].nonzero()[1]
    return bool(np.all(found.system.std[columns] == 0))


def _problem(found: Estimate, account: Account, row: int, rows: Iterable[int]) -> Problem:
    """Name the exact values of the equations that clash, at the place of the last of them."""
    system, together = found.system, sorted(rows)
    columns = np.unique(sparse.csr_array(system.jacobian(np.where(found.z == 0, 1.0, found.z)))[together].nonzero()[1])
    exact = [system.names[i] for i in columns if system.std[i] == 0]
    message = tr(
        "{equations}: the exact values {names} contradict each other by {amount:.6g}; "
        "correct one, or give it a standard deviation",
        equations=", ".join(_title(system.equations[i]) for i in together),
        names=", ".join(exact),
        amount=abs(float(system.residual(found.z)[row])),
    )
    places = [account.quantities[name].place for name in exact if account.quantities[name].place]
    return Problem(max(places, key=_line, default=account.name), exact[-1] if exact else "", message)


def _line(place: str) -> tuple[int, str]:
    line = place.rsplit(":", 2)[1:2]
    return (int(line[0]) if line and line[0].isdigit() else 0, place)


def _title(equation: Equation) -> str:
    if equation.kind == "balance":
        return tr("balance of {node}", node=equation.of)
    return equation.of
