"""Accounts in YAML files.

    kind: account
    flows:
      F1: {from: environment, to: mixer, value: 100, std: 5, unit: t}
      F2: {from: mixer, to: environment}            # unmeasured; std: 0 is exact, std: 5% is of the value
    transfer_coefficients:
      TC: {of: F2, from: F1, value: 0.3, std: 0.03} # F2 = TC·F1; from: [F1, F3] is their sum
    relations: ["F6 = 2*F7 + 3"]
    layers:                                           # each flow of the first layer has a content in the others
      Cu: {unit: kg, concentrations: {F1: {value: 0.02, std: 0.001}}, flows: {F2: {value: 1.8, std: 0.1}}}

Optional: name, description, source, nodes (a list, to catch slips), non_negative: true, monte_carlo: {runs, seed}; in
place of value and std: value: {triangular: [low, mode, high]} or another distribution, or distribution: lognormal |
uniform | triangular with low, high, mode. The content of F1 in layer Cu is called `F1:Cu`, its concentration `Cu/F1`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mfa.files.account_reader import MEASURED, Reader, end_of
from mfa.files.nearest import did_you_mean
from mfa.files.relations import RelationError, read_relation
from mfa.files.scalars import read_flag, read_whole
from mfa.files.tree import Fault, Node, UnreadableError
from mfa.files.units import UnitError
from mfa.files.yaml_tree import is_null, parse_yaml
from mfa.language import tr
from mfa.park.account import GOODS, Account, Concentration, Flow, Relation, TransferCoefficient

FLOW_KEYS = ("from", "to", *MEASURED, "layer", "unit")
LAYER_KEYS = ("unit", "flows", "concentrations")
KEYS = ("kind", "name", "description", "source", "nodes", "flows", "transfer_coefficients", "relations", "layers",
        "non_negative", "monte_carlo")  # fmt: skip

Contents = tuple[list[Flow], list[Concentration]]


class TreeReader(Reader):
    """Builds an account from the tree of a YAML file."""

    def read(self, text: str, name: str) -> Account | None:
        """Return the account of a YAML text; None where something is wrong with it."""
        root, faults = parse_yaml(text, self.file)
        self.faults += faults
        if not isinstance(root.content, dict):
            empty = is_null(root)
            message = tr("the file is empty; write kind: account, and flows") if empty else tr(
                "expected a mapping with kind: account and flows")  # fmt: skip
            raise UnreadableError(Fault(root.mark, "", message))
        self.check_keys(root, KEYS)
        if root.word("kind") != "account":
            self.note(root.get("kind") or root, tr("a file of measured flows says kind: account at its top"))
        flows = [flow for key, node in self._mapping(root.get("flows")).items() if (flow := self._flow(key, node))]
        if not flows and not self.has_errors:
            self.note(root, tr("the account has no flows; write one row for each"))
        account = self.build(root, Account, self._fields(root, flows) | {"name": root.word("name") or name})
        if account is not None:
            account = account.replace(relations=tuple(self._relations(root.get("relations"), account)))
        return None if self.has_errors else account

    def _fields(self, root: Node, flows: list[Flow]) -> dict[str, Any]:
        layers, (contents, concentrations) = self._layers(root.get("layers"), flows)
        shares = [self._share(key, node) for key, node in self._mapping(root.get("transfer_coefficients")).items()]
        monte_carlo = root.get("monte_carlo") or Node({}, root.mark)
        self.check_keys(monte_carlo, ("runs", "seed"))
        return {
            "flows": (*flows, *contents),
            "transfer_coefficients": tuple(share for share in shares if share),
            "concentrations": tuple(concentrations),
            "layers": layers,
            "nodes": self._words(root.get("nodes")),
            "non_negative": self._scalar(root.get("non_negative"), read_flag, False),
            "runs": self._scalar(monte_carlo.get("runs"), _read_count, 0),
            "seed": self._scalar(monte_carlo.get("seed"), _read_count, 0),
        }

    def _flow(self, name: str, node: Node) -> Flow | None:
        if not isinstance(node.content, dict):
            self.note(node, tr("expected a mapping such as {example}", example="{from: A, to: B, value: 10, std: 1}"))
            return None
        self.check_keys(node, FLOW_KEYS)
        missing = [key for key in ("from", "to") if key not in node.fields]
        for key in missing if len(missing) == 2 else ():
            self.note(node, tr("'{key}' is missing; name a node, or write environment", key=key))
        for key in missing if len(missing) == 1 else ():
            self.warn(node, tr("'{key}' is missing and taken as environment; name a node, or write so", key=key))
        ends = {"source": end_of(node.get("from")), "target": end_of(node.get("to"))}
        return self.flow(name, node, ends | {"layer": node.word("layer") or GOODS, "unit": node.word("unit") or ""})

    def _layers(self, node: Node | None, flows: list[Flow]) -> tuple[tuple[str, ...], Contents]:
        """Return the order of the layers, and the flows and concentrations of those given by content."""
        if node is None or isinstance(node.content, list):
            return self._words(node), ([], [])
        first = flows[0].layer if flows else GOODS
        carriers = {flow.id: flow for flow in flows if flow.layer == first}
        contents: list[Flow] = []
        concentrations: list[Concentration] = []
        for layer, entry in self._mapping(node).items():
            more = self._contents(layer, entry, carriers)
            contents += more[0]
            concentrations += more[1]
        return (first, *self._mapping(node)), (contents, concentrations)

    def _contents(self, layer: str, entry: Node, carriers: dict[str, Flow]) -> Contents:
        """Return what every carrier holds of a layer; nothing where the layer only says its unit."""
        self.check_keys(entry, LAYER_KEYS)
        measured, shares = (self._mapping(entry.get(key)) for key in ("flows", "concentrations"))
        for name, node in [*measured.items(), *shares.items()]:
            self.check_keys(node, MEASURED)
            if name not in carriers:
                self.note(node, tr("there is no flow '{name}'", name=name) + did_you_mean(name, carriers))
        if not measured and not shares:
            return [], []
        nothing, unit = Node({}, entry.mark, entry.path), entry.word("unit") or ""
        contents = []
        concentrations = []
        for carrier in carriers.values():
            ends = {"source": carrier.source, "target": carrier.target, "layer": layer, "unit": unit}
            contents.append(self.flow(carrier.id, measured.get(carrier.id, nothing), ends))
            share = shares.get(carrier.id, nothing)
            names = {"id": f"{layer}/{carrier.id}", "content": f"{carrier.id}:{layer}", "carrier": carrier.id}
            concentrations.append(self.build(share, Concentration, self.measured(share, is_share=True) | names))
        return [flow for flow in contents if flow], [share for share in concentrations if share]

    def _share(self, key: str, node: Node) -> TransferCoefficient | None:
        self.check_keys(node, ("of", "from", *MEASURED))
        source = self._words(node.get("from"))
        for wanted, given in (("of", node.word("of")), ("from", source)):
            if not given:
                self.note(node, tr("'{key}' is missing; a transfer coefficient is the share of flow 'from' that flow "
                                   "'of' is", key=wanted))  # fmt: skip
                return None
        fields = self.measured(node, is_share=True) | {"id": key, "of": node.word("of"), "from": source}
        return self.build(node, TransferCoefficient, fields)

    def _relations(self, node: Node | None, account: Account) -> Iterable[Relation]:
        for item in self._list(node):
            try:
                terms = read_relation(item.text or "", account.quantities)
            except RelationError as error:
                self.note(item, str(error))
            else:
                yield Relation(text=item.text or "", terms=terms, place=str(item.mark))

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

    def _words(self, node: Node | None) -> tuple[str, ...]:
        return tuple(item.text or "" for item in self._list(node))

    def _list(self, node: Node | None) -> list[Node]:
        """Return the texts of a list; one text alone is a list of one."""
        if node is None or is_null(node):
            return []
        items = node.items if isinstance(node.content, list) else [node]
        for item in items:
            if item.text is None:
                self.note(item, tr("expected a text"))
        return [item for item in items if item.text is not None]


def _read_count(text: str) -> int:
    """Return a whole number from 0 on; raises UnitError."""
    number = read_whole(text)
    if number < 0:
        raise UnitError(tr("expected a whole number from 0 on, got '{got}'", got=text[:60]))
    return number
