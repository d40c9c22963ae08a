"""The equations of an account: balances, coefficients, concentrations and relations over one list of quantities.

Every equation is a sum of terms that is zero: constants, multiples of a quantity, multiples of a product of two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mfa.park.account import Account, Concentration, Flow, Quantity, Term
from mfa.park.values import ENVIRONMENT

Vector = NDArray[np.float64]
Indices = NDArray[np.int64]
Kind = Literal["balance", "transfer", "concentration", "relation"]


@dataclass(frozen=True, order=True)
class Equation:
    """What an equation is about: the node and layer of a balance, else the name or text of what it says."""

    kind: Kind
    of: str
    layer: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class System:
    """The equations of an account; quantities and equations stand in order of their names, whatever the file's order.

    `measured` and `std` are NaN where nothing was measured, `std` is 0 where a value is exact. Equation i is
    `constant[i] + linear[i] @ z + Σ factor · z[first] · z[second]` over the products whose `row` is i. Quantities of
    one `kind`, such as the flows of a layer, are in one unit; `known` is for each quantity the largest value or
    standard deviation that was stated of its kind, 0 for none, also where some of them are held or dropped later.
    """

    names: tuple[str, ...]
    measured: Vector
    std: Vector
    equations: tuple[Equation, ...]
    constant: Vector
    linear: sparse.csr_array
    row: Indices
    first: Indices
    second: Indices
    factor: Vector
    kind: Indices
    known: Vector

    @property
    def is_linear(self) -> bool:
        """Whether no equation multiplies two quantities."""
        return self.row.size == 0

    @property
    def adjustable(self) -> Indices:
        """The measured quantities that may be adjusted."""
        return np.flatnonzero(self.std > 0)

    @property
    def unmeasured(self) -> Indices:
        """The quantities without a value."""
        return np.flatnonzero(np.isnan(self.std))

    def residual(self, z: Vector) -> Vector:
        """Return by how much each equation is missed."""
        missed = self.constant + self.linear @ z
        np.add.at(missed, self.row, self.factor * z[self.first] * z[self.second])
        return np.asarray(missed)

    def size(self, z: Vector) -> Vector:
        """Return the sum of the absolute terms of each equation, against which a residual is large or small."""
        total = np.abs(self.constant) + np.abs(self.linear) @ np.abs(z)
        np.add.at(total, self.row, np.abs(self.factor * z[self.first] * z[self.second]))
        return np.asarray(total)

    def largest_of_kind(self, z: Vector) -> Vector:
        """Return for each quantity the largest absolute value of its kind, against which it is large or small."""
        return _largest_of_kind(self.kind, z)

    def jacobian(self, z: Vector) -> sparse.csr_array:
        """Return the derivatives of the equations by the quantities."""
        if self.is_linear:
            return self.linear
        rows = np.concatenate([self.row, self.row])
        columns = np.concatenate([self.first, self.second])
        values = np.concatenate([self.factor * z[self.second], self.factor * z[self.first]])
        products = sparse.csr_array((values, (rows, columns)), shape=self.linear.shape)
        return sparse.csr_array(self.linear + products)

    def holding(self, indices: Indices, values: float | Vector) -> System:
        """Return the system with some quantities held at exact values."""
        measured, std = self.measured.copy(), self.std.copy()
        measured[indices], std[indices] = values, 0.0
        return replace(self, measured=measured, std=std)

    def without(self, indices: Indices) -> System:
        """Return the system as if some quantities had not been measured."""
        measured, std = self.measured.copy(), self.std.copy()
        measured[indices] = std[indices] = np.nan
        return replace(self, measured=measured, std=std)


def equations_of(account: Account) -> System:
    """Return the equations of a checked account."""
    quantities = account.quantities
    index = {name: position for position, name in enumerate(quantities)}
    stated = sorted(_statements(account), key=lambda pair: pair[0])
    constant = np.zeros(len(stated))
    entries: list[tuple[int, int, float]] = []
    products: list[tuple[int, int, int, float]] = []
    for row, (_, terms) in enumerate(stated):
        for term in sorted(terms, key=lambda term: (term.of, term.factor)):
            columns = [index[name] for name in term.of]
            if not columns:
                constant[row] += term.factor
            elif len(columns) == 1:
                entries.append((row, columns[0], term.factor))
            else:
                products.append((row, columns[0], columns[1], term.factor))
    rows, columns_, values = (np.array(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
    linear = sparse.csr_array((values, (rows, columns_)), shape=(len(stated), len(index)), dtype=np.float64)
    places = np.array([product[:3] for product in products], dtype=np.int64).reshape(-1, 3)
    measured, std = _known(list(quantities.values()))
    kinds = _kinds(list(quantities.values()))
    return System(
        tuple(quantities), measured, std, tuple(equation for equation, _ in stated), constant, linear,
        places[:, 0], places[:, 1], places[:, 2], np.array([product[3] for product in products]),
        kinds, _largest_of_kind(kinds, np.nan_to_num(np.maximum(np.abs(measured), std))),
    )  # fmt: skip


def _known(quantities: list[Quantity]) -> tuple[Vector, Vector]:
    measured = np.array([np.nan if q.value is None else q.value for q in quantities])
    std = np.array([np.nan if q.value is None else q.std for q in quantities])
    return measured, std


def _largest_of_kind(kinds: Indices, z: Vector) -> Vector:
    largest = np.zeros(kinds.size)
    np.maximum.at(largest, kinds, np.abs(z))
    return np.asarray(largest[kinds])


def _kinds(quantities: list[Quantity]) -> Indices:
    """Return a number for the kind of each quantity: flows of a layer, contents of a layer, coefficients."""
    kinds = [
        ("flow", quantity.layer) if isinstance(quantity, Flow)
        else ("content", quantity.content.rpartition(":")[2]) if isinstance(quantity, Concentration)
        else ("coefficient", "")
        for quantity in quantities
    ]  # fmt: skip
    number = {kind: position for position, kind in enumerate(dict.fromkeys(kinds))}
    return np.array([number[kind] for kind in kinds], dtype=np.int64)


def _statements(account: Account) -> Iterator[tuple[Equation, tuple[Term, ...]]]:
    """Yield every equation with its terms."""
    balances: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for flow in account.flows:
        if flow.source == flow.target:
            continue  # it leaves the balance of its node as it is
        key = (account.key(flow),)
        balances[flow.target, flow.layer].append(Term(factor=1.0, of=key))
        balances[flow.source, flow.layer].append(Term(factor=-1.0, of=key))
    for (node, layer), terms in balances.items():
        if node != ENVIRONMENT:
            yield Equation("balance", node, layer), tuple(terms)
    for share in account.transfer_coefficients:
        products = (Term(factor=-1.0, of=(share.id, name)) for name in share.from_)
        yield Equation("transfer", share.id, place=share.place), (Term(factor=1.0, of=(share.of,)), *products)
    for content in account.concentrations:
        product = Term(factor=-1.0, of=(content.id, content.carrier))
        yield Equation("concentration", content.id, place=content.place), (
            Term(factor=1.0, of=(content.content,)), product,
        )  # fmt: skip
    for relation in account.relations:
        yield Equation("relation", relation.text, place=relation.place), relation.terms
