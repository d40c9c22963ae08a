"""What the readers of account files share: numbers, measured quantities, and the faults found on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from mfa.files.distributions import read_law, states_law
from mfa.files.nearest import did_you_mean
from mfa.files.scalars import name_fault
from mfa.files.tree import Fault, Node
from mfa.files.units import UnitError, split_number
from mfa.files.yaml_tree import is_null
from mfa.language import tr
from mfa.park.account import Flow
from mfa.park.distribution import PARAMETERS
from mfa.park.values import ENVIRONMENT

LARGEST = 1e30
"""Numbers beyond this are taken for slips of the exponent."""

MEASURED = ("value", "std", "distribution", "low", "high", "mode")
OUTSIDE = {ENVIRONMENT, "env", "", "环境"}
"""What names the outside of the system, in any case."""

Built = TypeVar("Built")


class Reader:
    """Reads the quantities of one file and notes faults on the way."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        self.file = file
        self.faults = faults

    @property
    def has_errors(self) -> bool:
        """Whether a fault was found that is more than a warning."""
        return any(fault.level == "error" for fault in self.faults)

    def note(self, node: Node, text: str) -> None:
        """Note an error."""
        self.faults.append(Fault(node.mark, node.path, text))

    def warn(self, node: Node, text: str) -> None:
        """Note a warning."""
        self.faults.append(Fault(node.mark, node.path, text, "warning"))

    def build(self, node: Node, kind: Callable[..., Built], fields: dict[str, Any]) -> Built | None:
        """Return a value, or None where its type refuses the fields, which is noted."""
        try:
            return kind(**fields)
        except ValidationError as error:
            for detail in error.errors():
                self.note(node, _refusal(detail["type"], str(detail.get("input"))[:60], detail["msg"]))
            return None

    def flow(self, name: str, node: Node, ends: dict[str, str]) -> Flow | None:
        """Return a flow with its ends, layer and unit, and what was measured of it."""
        fault = name_fault(name)
        if fault:
            self.note(node, fault)
            return None
        return self.build(node, Flow, {**self.measured(node), "id": name, **ends})

    def measured(self, node: Node, is_share: bool = False) -> dict[str, Any]:
        """Return the fields of a quantity: what was measured, how sure, and where that stands."""
        stated = node.get("value")
        if stated is not None and states_law(stated):
            return {"place": str(node.mark)} | self._law(stated)
        value, low, high, mode = (self.number(node.get(key), is_share) for key in ("value", "low", "high", "mode"))
        std = self.std(node.get("std"), value)
        shape = node.word("distribution") or "normal"
        if value is not None and std is None and shape in ("normal", "lognormal"):
            self.warn(node.get("value") or node, tr("a value without std is taken as exact; write std: 0 to say so"))
        if value is None and std is not None and shape in ("normal", "lognormal"):
            self.warn(node.get("std") or node, tr("a std without a value says nothing; the flow counts as unmeasured"))
            std = None
        fields = {"value": value, "std": std or 0.0, "shape": shape, "low": low, "high": high, "mode": mode}
        return {"place": str(node.mark)} | {key: entry for key, entry in fields.items() if entry is not None}

    def _law(self, node: Node) -> dict[str, Any]:
        """Return what a distribution in the place of a value says; nothing where it cannot be read, which is noted."""
        law = read_law(node, _plain_number, self.note)
        if law is None:
            return {}
        if law.kind == "values":
            self.note(node, tr("a measured value is normal, lognormal, uniform or triangular"))
            return {}
        names = [{"mean": "value"}.get(name, name) for name in PARAMETERS[law.kind]]
        return {"shape": law.kind, **dict(zip(names, law.numbers, strict=True))}

    def std(self, node: Node | None, value: float | None) -> float | None:
        """Return a standard deviation; one in % is of the value."""
        text = node.text.strip() if node is not None and node.text is not None else ""
        if node is not None and text.endswith("%"):
            share = self.number(node.with_content(text[:-1]))
            std = None if share is None else share / 100 * abs(value or 0.0)
        else:
            std = self.number(node)
        if std is not None and node is not None and (std < 0 or text.startswith("-")):
            self.note(node, tr("the standard deviation is negative ({got}); write it above 0, or 0 for an exact value",
                               got=text))  # fmt: skip
            return None
        return std

    def number(self, node: Node | None, is_share: bool = False) -> float | None:
        """Return a plain number, of a share perhaps in %; None for nothing, or for what is none, which is noted."""
        if node is None or is_null(node):
            return None
        if node.text is None:
            self.note(node, tr("expected a number"))
            return None
        try:
            number, rest = split_number(node.text, "")
        except UnitError as error:
            is_word = not any(character.isdigit() for character in node.text)
            self.note(node, str(error) + (tr("; leave it empty where nothing was measured") if is_word else ""))
            return None
        if rest == "%" and is_share:
            number, rest = number / 100, ""
        if rest:
            self.note(node, _with_unit(node.text, rest))
            return None
        if abs(number) > LARGEST:
            self.note(node, tr("'{got}' is beyond anything real; check the exponent", got=node.text[:60]))
            return None
        return float(number)

    def check_keys(self, node: Node, known: tuple[str, ...]) -> None:
        """Note the keys of a mapping that nobody reads."""
        for key, entry in node.fields.items():
            if key not in known:
                message = tr("unknown key '{key}'; known here: {known}", key=key, known=", ".join(known))
                self.faults.append(Fault(entry.named_at, entry.path, message + did_you_mean(key, known)))


def _plain_number(text: str) -> float:
    number, rest = split_number(text, "")
    if rest:
        raise UnitError(_with_unit(text, rest))
    return float(number)


def end_of(cell: Node | None) -> str:
    """Return the node that a cell names; nothing and `environment` are outside the system."""
    name = "" if cell is None or is_null(cell) else (cell.text or "").strip()
    return ENVIRONMENT if name.casefold() in OUTSIDE else name


def _with_unit(text: str, rest: str) -> str:
    """Say why more stands behind a number than should."""
    if rest[0].isdigit():
        return tr("'{got}' has digit separators; use {plain}", got=text[:60], plain="".join(text.split())[:60])
    return tr("expected a plain number, got '{got}'; write the unit under 'unit'", got=text[:60])


def _refusal(kind: str, got: str, reason: str) -> str:
    """Say why a type refused a field."""
    if kind == "literal_error":
        message = tr("there is no distribution '{got}'; there are normal, lognormal, uniform, triangular", got=got)
    elif "low must" in reason:
        message = tr("a uniform or triangular value needs low and high, with low below high")
    elif "mode must" in reason:
        message = tr("a triangular value needs mode between low and high")
    elif "lognormal" in reason:
        message = tr("a lognormal value must be above 0")
    else:
        message = tr("'{got}' cannot stand here", got=got)
    return message
