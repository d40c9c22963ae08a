"""Accounts in CSV and YAML files, every error with its place and remedy."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from mfa.errors import InputError, Problem
from mfa.files.account_checks import check_account
from mfa.files.characters import read_text
from mfa.files.nearest import did_you_mean
from mfa.files.relations import RelationError, read_relation
from mfa.files.scalars import name_fault, read_flag, read_whole
from mfa.files.tables import read_rows
from mfa.files.tree import Fault, Mark, Node, UnreadableError
from mfa.files.units import UnitError, split_number
from mfa.files.yaml_tree import is_null, parse_yaml
from mfa.language import tr
from mfa.park.account import GOODS, Account, Concentration, Flow, Relation, TransferCoefficient
from mfa.park.values import ENVIRONMENT

__all__ = ["AccountReading", "check_account", "load_account", "read_account"]

LARGEST = 1e30
"""Numbers beyond this are taken for slips of the exponent."""

NEEDED = ("flow", "source", "target", "value", "std")
COLUMNS = (*NEEDED, "layer", "unit")
MEASURED = ("value", "std", "distribution", "low", "high", "mode")
FLOW_KEYS = ("from", "to", *MEASURED, "layer", "unit")
LAYER_KEYS = ("unit", "flows", "concentrations")
KEYS = ("kind", "name", "description", "source", "nodes", "flows", "transfer_coefficients", "relations", "layers",
        "non_negative", "monte_carlo")  # fmt: skip
Built = TypeVar("Built")
OUTSIDE = {ENVIRONMENT, "", "环境"}


@dataclass(frozen=True)
class AccountReading:
    """What came of reading a file: the account, None where there are errors, and all problems by place."""

    account: Account | None
    problems: tuple[Problem, ...]


def load_account(path: str | Path) -> Account:
    """Return the account of a CSV or YAML file.

    Raises:
        InputError: the file says something wrong; holds all problems found.
        FolderError: there is no such file, or it cannot be read.
    """
    reading = read_account(path)
    if reading.account is None:
        raise InputError(problem for problem in reading.problems if problem.level == "error")
    return reading.account


def read_account(path: str | Path) -> AccountReading:
    """Read an account file (`.yaml` and `.yml` as YAML, anything else as CSV) and say what is wrong with it.

    Raises:
        FolderError: there is no such file, or it cannot be read.
    """
    shown = str(path)
    reader = _Reader(shown)
    account = None
    try:
        text = read_text(Path(path), shown)
        read = reader.from_yaml if Path(path).suffix.lower() in (".yaml", ".yml") else reader.from_csv
        account = read(text, Path(path).stem)
    except UnreadableError as error:
        reader.faults.append(error.fault)
    problems = [fault.problem for fault in sorted(reader.faults, key=lambda f: (f.mark, f.path, f.message))]
    if account is not None:
        problems += check_account(account)
    if any(problem.level == "error" for problem in problems):
        return AccountReading(None, tuple(problems))
    return AccountReading(account, tuple(problems))


class _Reader:
    """Builds an account from the tree of a file, noting faults on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def note(self, node: Node, text: str) -> None:
        self.faults.append(Fault(node.mark, node.path, text))

    def warn(self, node: Node, text: str) -> None:
        self.faults.append(Fault(node.mark, node.path, text, "warning"))

    # CSV

    def from_csv(self, text: str, name: str) -> Account | None:
        self._check_header(text)
        flows = []
        for row in read_rows(text, self.file, self.faults):
            cells = row.node.fields
            flow = cells.get("flow")
            if flow is None or flow.text is None:
                self.note(row.node, tr("the row names no flow; fill its column 'flow'"))
            else:
                flows.append(self._flow(flow.text, row.node.with_content(
                    {"from": cells.get("source"), "to": cells.get("target")} | {  # type: ignore[arg-type]
                        key: node for key, node in cells.items() if key in FLOW_KEYS
                    }
                ), default=ENVIRONMENT))  # fmt: skip
        if not flows:
            message = tr("the account has no flows; write one row for each")
            raise UnreadableError(Fault(Mark(self.file), "", message))
        if self._has_errors():
            return None
        return Account(name=name, flows=tuple(flow for flow in flows if flow))

    def _check_header(self, text: str) -> None:
        first_line = text.split("\n", 1)[0].rstrip("\r")
        names = [cell.strip() for cell in next(csv.reader([first_line], delimiter=max(",;\t", key=first_line.count)))] \
            if first_line.strip() else []  # fmt: skip
        if not names:
            message = tr("the file is empty; a table of flows starts with the line {columns}", columns=",".join(NEEDED))
            raise UnreadableError(Fault(Mark(self.file), "", message))
        missing = [name for name in NEEDED if name not in names]
        if missing:
            message = tr("column '{name}' is missing; the first line is {columns}, perhaps with layer and unit",
                         name=missing[0], columns=",".join(NEEDED))  # fmt: skip
            raise UnreadableError(
                Fault(Mark(self.file), "", message + did_you_mean(missing[0], set(names) - {*COLUMNS}))
            )
        for column, name in enumerate(names, start=1):
            if name not in COLUMNS and name not in MEASURED:
                message = tr("column '{name}' is not read", name=name) + did_you_mean(name, COLUMNS)
                self.faults.append(Fault(Mark(self.file, 1, column), "", message, "warning"))

    # YAML

    def from_yaml(self, text: str, name: str) -> Account | None:
        root, faults = parse_yaml(text, self.file)
        self.faults += faults
        if not isinstance(root.content, dict):
            empty = is_null(root)
            message = tr("the file is empty; write kind: account, and flows") if empty else tr(
                "expected a mapping with kind: account and flows")  # fmt: skip
            raise UnreadableError(Fault(root.mark, "", message))
        self._check_keys(root, KEYS)
        if root.word("kind") != "account":
            self.note(root.get("kind") or root, tr("a file of measured flows says kind: account at its top"))
        flows = [self._flow(key, node) for key, node in self._mapping(root.get("flows")).items()]
        if not flows and not self._has_errors():
            self.note(root, tr("the account has no flows; write one row for each"))
        layers, contents, concentrations = self._layers(root.get("layers"), [flow for flow in flows if flow])
        shares = [self._share(key, node) for key, node in self._mapping(root.get("transfer_coefficients")).items()]
        monte_carlo = root.get("monte_carlo")
        if monte_carlo is not None:
            self._check_keys(monte_carlo, ("runs", "seed"))
        fields = {
            "name": root.word("name") or name,
            "flows": tuple(flow for flow in (*flows, *contents) if flow),
            "transfer_coefficients": tuple(share for share in shares if share),
            "concentrations": tuple(concentrations),
            "layers": layers,
            "nodes": tuple(item.text or "" for item in self._list(root.get("nodes"))),
            "non_negative": self._scalar(root.get("non_negative"), read_flag, False),
            "runs": self._scalar(monte_carlo.get("runs") if monte_carlo else None, read_whole, 0),
            "seed": self._scalar(monte_carlo.get("seed") if monte_carlo else None, read_whole, 0),
        }
        account = self._build(root, Account, fields)
        if account is not None:
            account = account.replace(relations=tuple(self._relations(root.get("relations"), account)))
        return None if self._has_errors() else account

    def _layers(
        self, node: Node | None, flows: list[Flow]
    ) -> tuple[tuple[str, ...], list[Flow | None], list[Concentration]]:
        """Return the order of the layers, and the flows and concentrations of those given by content."""
        if node is None or isinstance(node.content, list):
            return tuple(item.text or "" for item in self._list(node)), [], []
        first = flows[0].layer if flows else GOODS
        contents: list[Flow | None] = []
        concentrations: list[Concentration] = []
        for layer, entry in self._mapping(node).items():
            self._check_keys(entry, LAYER_KEYS)
            measured, shares = (self._mapping(entry.get(key)) for key in ("flows", "concentrations"))
            carriers = {flow.id: flow for flow in flows if flow.layer == first}
            self._check_names([*measured.items(), *shares.items()], carriers)
            if not measured and not shares:
                continue
            for carrier in carriers.values():
                own = measured.get(carrier.id, Node({}, entry.mark, entry.path))
                contents.append(
                    self._flow(carrier.id, own, carrier=carrier, layer=layer, unit=entry.word("unit") or "")
                )
                share = shares.get(carrier.id, Node({}, entry.mark, entry.path))
                self._check_keys(share, MEASURED)
                fields = self._measured(share) | {
                    "id": f"{layer}/{carrier.id}", "content": f"{carrier.id}:{layer}", "carrier": carrier.id
                }  # fmt: skip
                built = self._build(share, Concentration, fields)
                concentrations += [built] if built else []
        return (first, *self._mapping(node)), contents, concentrations

    def _check_names(self, entries: Iterable[tuple[str, Node]], known: dict[str, Flow]) -> None:
        for name, node in entries:
            if name not in known:
                self.note(node, tr("there is no flow '{name}'", name=name) + did_you_mean(name, known))

    def _share(self, key: str, node: Node) -> TransferCoefficient | None:
        self._check_keys(node, ("of", "from", *MEASURED))
        for wanted in ("of", "from"):
            if node.word(wanted) is None:
                self.note(node, tr("'{key}' is missing; a transfer coefficient is the share of flow 'from' that flow "
                                   "'of' is", key=wanted))  # fmt: skip
                return None
        fields = self._measured(node) | {"id": key, "of": node.word("of"), "from": node.word("from")}
        return self._build(node, TransferCoefficient, fields)

    def _relations(self, node: Node | None, account: Account) -> Iterable[Relation]:
        for item in self._list(node):
            try:
                terms = read_relation(item.text or "", account.quantities)
            except RelationError as error:
                self.note(item, str(error))
            else:
                yield Relation(text=item.text or "", terms=terms, place=str(item.mark))

    # both

    def _flow(
        self, key: str, node: Node, default: str = "", carrier: Flow | None = None, layer: str = "", unit: str = ""
    ) -> Flow | None:
        """Return a flow; one that follows a carrier runs where that does."""
        if not isinstance(node.content, dict):
            self.note(node, tr("expected a mapping such as {example}", example="{from: A, to: B, value: 10, std: 1}"))
            return None
        self._check_keys(node, MEASURED if carrier else FLOW_KEYS)
        fault = name_fault(key)
        if fault:
            self.note(node, fault)
            return None
        if carrier is not None:
            ends: dict[str, Any] = {"source": carrier.source, "target": carrier.target, "layer": layer, "unit": unit}
        else:
            for end in ("from", "to"):
                if not default and node.get(end) is None:
                    self.note(node, tr("'{key}' is missing; name a node, or write environment", key=end))
            ends = {"source": _end(node.word("from")), "target": _end(node.word("to")),
                    "layer": node.word("layer") or GOODS, "unit": node.word("unit") or ""}  # fmt: skip
        return self._build(node, Flow, {**self._measured(node), "id": key, **ends})

    def _measured(self, node: Node) -> dict[str, Any]:
        """Return the fields of a quantity: what was measured, how sure, and where that stands."""
        value, low, high, mode = (self._number(node.get(key)) for key in ("value", "low", "high", "mode"))
        std = self._std(node.get("std"), value)
        shape = node.word("distribution") or "normal"
        if value is not None and std is None and shape in ("normal", "lognormal"):
            self.warn(node.get("value") or node, tr("a value without std is taken as exact; write std: 0 to say so"))
        if value is None and std is not None and shape in ("normal", "lognormal"):
            self.warn(node.get("std") or node, tr("a std without a value says nothing; the flow counts as unmeasured"))
            std = None
        fields = {"value": value, "std": std or 0.0, "shape": shape, "low": low, "high": high, "mode": mode}
        return {"place": str(node.mark)} | {key: entry for key, entry in fields.items() if entry is not None}

    def _std(self, node: Node | None, value: float | None) -> float | None:
        """Return a standard deviation; one in % is of the value."""
        text = node.text.strip() if node is not None and node.text is not None else ""
        if node is not None and text.endswith("%") and value is not None:
            share = self._number(node.with_content(text[:-1]))
            std = None if share is None else share / 100 * abs(value)
        else:
            std = self._number(node)
        if std is not None and std < 0 and node is not None:
            self.note(node, tr("the standard deviation is negative ({got}); write it above 0, or 0 for an exact value",
                               got=text))  # fmt: skip
            return None
        return std

    def _number(self, node: Node | None) -> float | None:
        if node is None or is_null(node):
            return None
        if node.text is None:
            self.note(node, tr("expected a number"))
            return None
        try:
            number, rest = split_number(node.text)
        except UnitError as error:
            self.note(node, str(error))
            return None
        if rest:
            self.note(node, tr("expected a plain number, got '{got}'; write the unit under 'unit'", got=node.text[:60]))
            return None
        if abs(number) > LARGEST:
            self.note(node, tr("'{got}' is beyond anything real; check the exponent", got=node.text[:60]))
            return None
        return float(number)

    def _scalar(self, node: Node | None, read: Callable[[str], Any], default: Any) -> Any:
        if node is None or is_null(node):
            return default
        try:
            return read(node.text or "")
        except UnitError as error:
            self.note(node, str(error))
            return default

    def _mapping(self, node: Node | None) -> dict[str, Node]:
        if node is None or is_null(node):
            return {}
        if not isinstance(node.content, dict):
            self.note(node, tr("expected a mapping (key: value)"))
        return node.fields

    def _list(self, node: Node | None) -> list[Node]:
        if node is None or is_null(node):
            return []
        items = node.items if isinstance(node.content, list) else [node]
        for item in items:
            if item.text is None:
                self.note(item, tr("expected a text"))
        return [item for item in items if item.text is not None]

    def _check_keys(self, node: Node, known: tuple[str, ...]) -> None:
        for key, entry in node.fields.items():
            if key not in known:
                message = tr("unknown key '{key}'; known here: {known}", key=key, known=", ".join(known))
                self.faults.append(Fault(entry.named_at, entry.path, message + did_you_mean(key, known)))

    def _build(self, node: Node, kind: Callable[..., Built], fields: dict[str, Any]) -> Built | None:
        """Return a value, or None where its type refuses the fields, which is noted."""
        try:
            return kind(**fields)
        except ValidationError as error:
            for detail in error.errors():
                self.note(node, _refusal(detail["type"], str(detail.get("input"))[:60], detail["msg"]))
            return None

    def _has_errors(self) -> bool:
        return any(fault.level == "error" for fault in self.faults)


def _end(text: str | None) -> str:
    """Return the node that a text names; nothing and `environment` are outside the system."""
    return ENVIRONMENT if (text or "").strip().casefold() in OUTSIDE else (text or "").strip()


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
