"""Which equations are independent, which quantities they determine, and which measurements they check.

Sparse Gaussian elimination with pivots chosen for sparsity among the large ones (Markowitz 1957), finished by complete
pivoting on a dense rest. What cancels to rounding counts as zero: ranks are those of the numbers, not of the pattern.
Source of the classes: C. M. Crowe, Y. A. Garcia Campos, A. Hrymak, AIChE Journal 29 (1983) 881-888.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from scipy import sparse

from mfa.accounting.equations import Indices, Vector

CANCELLED = 1e-10
"""A difference below this share of what was subtracted is zero."""
ACCEPTABLE = 0.1
"""A pivot has at least this share of the largest entry of its column."""
LIMIT = 500
"""The largest power of two by which equations are scaled."""
CROWDED = 8
"""Where every column has more rows than this, the rest is eliminated as a dense matrix."""

Row = dict[int, float]


@dataclass(frozen=True)
class Structure:
    """What a set of linear equations says about its quantities.

    `solving` are the rows that solve for the `basic` unmeasured columns, `checking` those that check measurements,
    `dependent` the others, each with the rows it follows from. `unobservable` are all unmeasured columns that no row
    determines, `redundant` the measured ones that rows check.
    """

    solving: Indices
    checking: Indices
    dependent: dict[int, frozenset[int]]
    basic: Indices
    unobservable: Indices
    redundant: Indices

    @property
    def independent(self) -> Indices:
        """The rows that say all there is to say."""
        return np.sort(np.concatenate([self.solving, self.checking]))


@dataclass
class Tableau:
    """Equations under elimination: their entries, the rows of each column, and the rows each was made from."""

    rows: list[Row]
    columns: dict[int, set[int]]
    made_from: list[set[int]]
    active: set[int]


@dataclass(frozen=True)
class Pivot:
    """A column solved for by a row, with the row's other entries."""

    row: int
    column: int
    value: float
    others: Row


def classify(jacobian: sparse.csr_array, unmeasured: Indices, adjustable: Indices) -> Structure:
    """Return what the equations say; columns that are neither unmeasured nor adjustable are constants.

    Args:
        jacobian: the derivatives of the equations by the quantities.
        unmeasured: columns without a value.
        adjustable: columns with a value that may change.
    """
    tableau = _tableau(jacobian, [*unmeasured.tolist(), *adjustable.tolist()])
    wanted = set(unmeasured.tolist())
    solved = _eliminate(tableau, wanted)
    redundant = {column for row in tableau.active for column in tableau.rows[row]}
    checks = _eliminate(tableau, redundant)
    basic = {pivot.column for pivot in solved}
    return Structure(
        _indices(pivot.row for pivot in solved),
        _indices(pivot.row for pivot in checks),
        {row: frozenset(tableau.made_from[row]) for row in sorted(tableau.active)},
        _indices(basic),
        _indices(_undetermined(solved, sorted(wanted - basic))),
        _indices(redundant),
    )


def _indices(numbers: Iterable[int]) -> Indices:
    return np.array(sorted(numbers), dtype=np.int64)


def _tableau(jacobian: sparse.csr_array, columns: list[int]) -> Tableau:
    """Return the equations scaled by powers of two, which leaves balances exact whole numbers."""
    matrix = sparse.csc_array(jacobian)[:, columns]
    matrix = matrix @ sparse.diags_array(_power_below(largest(matrix, 0)))
    matrix = sparse.diags_array(_power_below(largest(matrix, 1))) @ matrix
    rows: list[Row] = [{} for _ in range(matrix.shape[0])]
    members: dict[int, set[int]] = {column: set() for column in columns}
    entries = sparse.coo_array(matrix)
    for row, position, value in zip(*(part.tolist() for part in (*entries.coords, entries.data)), strict=True):
        if value:
            rows[row][columns[position]] = value
            members[columns[position]].add(row)
    return Tableau(rows, members, [{row} for row in range(len(rows))], set(range(len(rows))))


def largest(matrix: sparse.sparray, axis: int) -> Vector:
    """Return the largest absolute entry of each column (axis 0) or row (axis 1); 0 where there is none."""
    if 0 in matrix.shape:
        return np.zeros(matrix.shape[1 - axis])
    return np.asarray(abs(matrix).max(axis=axis).toarray().ravel())


def _power_below(size: Vector) -> Vector:
    """Return one over the power of two next to each size; 1 for nothing."""
    return np.exp2(-np.clip(np.round(np.log2(np.where(size > 0, size, 1.0))), -LIMIT, LIMIT))


def _eliminate(tableau: Tableau, wanted: set[int]) -> list[Pivot]:
    """Solve for wanted columns as far as the rows go; solved rows leave the active ones."""
    pivots: list[Pivot] = []
    heap = [(len(tableau.columns[column] & tableau.active), column) for column in sorted(wanted)]
    heapify(heap)
    while heap:
        count, column = heappop(heap)
        members = tableau.columns[column] & tableau.active
        if len(members) != count:
            heappush(heap, (len(members), column))
            continue
        if count > CROWDED:
            return [*pivots, *_eliminate_densely(tableau, {column, *(entry for _, entry in heap)})]
        if members:
            pivots.append(_pivot(tableau, column, members))
    return pivots


def _pivot(tableau: Tableau, column: int, members: set[int]) -> Pivot:
    rows = tableau.rows
    least = ACCEPTABLE * max(abs(rows[row][column]) for row in members)
    chosen = min((row for row in members if abs(rows[row][column]) >= least), key=lambda row: (len(rows[row]), row))
    pivot = Pivot(chosen, column, rows[chosen][column], {c: v for c, v in rows[chosen].items() if c != column})
    tableau.active.remove(chosen)
    for row in sorted(members - {chosen}):
        _subtract(tableau, row, pivot)
    return pivot


def _subtract(tableau: Tableau, row: int, pivot: Pivot) -> None:
    """Remove the pivot's column from a row by subtracting a multiple of the pivot's row."""
    entries = tableau.rows[row]
    factor = entries.pop(pivot.column) / pivot.value
    tableau.columns[pivot.column].discard(row)
    tableau.made_from[row] |= tableau.made_from[pivot.row]
    for column, value in pivot.others.items():
        old, change = entries.get(column, 0.0), factor * value
        new = old - change
        if abs(new) > CANCELLED * max(abs(old), abs(change)):
            entries[column] = new
            tableau.columns[column].add(row)
        elif column in entries:
            del entries[column]
            tableau.columns[column].discard(row)


def _eliminate_densely(tableau: Tableau, wanted: set[int]) -> Iterator[Pivot]:
    """Solve for the wanted columns left, taking the largest entry as pivot each time."""
    rows = sorted(row for row in tableau.active if not wanted.isdisjoint(tableau.rows[row]))
    present = {column for row in rows for column in tableau.rows[row]}
    first = sorted(present & wanted)
    columns = [*first, *sorted(present - wanted)]
    position = {column: number for number, column in enumerate(columns)}
    matrix = np.zeros((len(rows), len(columns)))
    for number, row in enumerate(rows):
        for column, value in tableau.rows[row].items():
            matrix[number, position[column]] = value
    left = np.ones(len(rows), dtype=bool)
    while left.any():
        block = np.abs(matrix[:, : len(first)]) * left[:, None]
        place = int(block.argmax())
        number, at = divmod(place, len(first))
        if block[number, at] == 0:
            break
        left[number] = False
        yield _dense_pivot(tableau, matrix, left, number, at, rows, columns)
    for number in np.flatnonzero(left).tolist():
        _replace(tableau, rows[number], columns, matrix[number])


def _dense_pivot(
    tableau: Tableau, matrix: Vector, left: Vector, number: int, at: int, rows: list[int], columns: list[int]
) -> Pivot:
    pivot_row = matrix[number].copy()
    changed = np.flatnonzero(left & (matrix[:, at] != 0))
    old = matrix[changed]
    change = np.outer(old[:, at] / pivot_row[at], pivot_row)
    new = old - change
    new[np.abs(new) <= CANCELLED * np.maximum(np.abs(old), np.abs(change))] = 0.0
    new[:, at] = 0.0
    matrix[changed] = new
    for other in changed:
        tableau.made_from[rows[other]] |= tableau.made_from[rows[number]]
    tableau.active.remove(rows[number])
    others = {columns[c]: float(pivot_row[c]) for c in np.flatnonzero(pivot_row) if c != at}
    return Pivot(rows[number], columns[at], float(pivot_row[at]), others)


def _replace(tableau: Tableau, row: int, columns: list[int], values: Vector) -> None:
    """Write a row of the dense rest back."""
    for column in tableau.rows[row]:
        tableau.columns[column].discard(row)
    tableau.rows[row] = {columns[c]: float(values[c]) for c in np.flatnonzero(values)}
    for column in tableau.rows[row]:
        tableau.columns[column].add(row)


def _undetermined(pivots: list[Pivot], free: list[int]) -> Iterable[int]:
    """Return the unmeasured columns that move with free ones: free values are drawn and put into the solved rows.

    Drawn values cancel only where the equations make them cancel, which rounding shows.
    """
    draws = np.random.default_rng(0).uniform(1.0, 2.0, len(free))
    moves = dict(zip(free, draws.tolist(), strict=True))
    for pivot in reversed(pivots):
        shifts = [value * moves[column] for column, value in pivot.others.items() if moves.get(column)]
        total = sum(shifts)
        if shifts and abs(total) > CANCELLED * max(map(abs, shifts)):
            moves[pivot.column] = -total / pivot.value
    return moves
