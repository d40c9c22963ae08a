"""Units of the flows of an account: one in each layer, since a balance adds its flows up."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

from mfa.errors import Problem
from mfa.files.units import UnitError, parse_unit
from mfa.language import tr
from mfa.park.account import Account, Flow


def usual_units(account: Account) -> dict[str, str]:
    """Return layer → the unit that most of its flows have, of equally frequent ones the first by name."""
    units: dict[str, Counter[str]] = defaultdict(Counter)
    for flow in account.flows:
        if flow.unit:
            units[flow.layer][flow.unit] += 1
    return {layer: min(counts, key=lambda unit: (-counts[unit], unit)) for layer, counts in units.items()}


def in_units_of_layers(account: Account) -> tuple[Account, list[Problem]]:
    """Return the account with flows in the usual unit of their layer, as far as that is possible, and what changed."""
    usual = usual_units(account)
    odd = [flow for flow in account.flows if flow.unit and flow.unit != usual[flow.layer]]
    factors = {account.key(flow): factor for flow in odd if (factor := _factor(flow.unit, usual[flow.layer]))}
    if not factors:
        return account, []
    problems = [
        Problem(flow.place, flow.id, tr("read in {usual}, the unit of its layer, rather than in {unit}",
                                        usual=usual[flow.layer], unit=flow.unit), "warning")
        for flow in odd if account.key(flow) in factors
    ]  # fmt: skip
    flows = (_scaled(flow, factors.get(account.key(flow)), usual.get(flow.layer, "")) for flow in account.flows)
    return account.replace(flows=tuple(flows)), problems


def _factor(unit: str, usual: str) -> Fraction | None:
    """Return how many of the usual unit one of the unit is; None where that cannot be said."""
    try:
        one, other = parse_unit(unit), parse_unit(usual)
    except UnitError:
        return None
    return one.factor / other.factor if one.dimension == other.dimension else None


def _scaled(flow: Flow, factor: Fraction | None, unit: str) -> Flow:
    if factor is None:
        return flow
    numbers = {name: getattr(flow, name) for name in ("value", "std", "low", "high", "mode")}
    scaled = {name: float(Fraction(number) * factor) for name, number in numbers.items() if number is not None}
    return flow.replace(**scaled, unit=unit)
