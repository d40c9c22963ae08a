"""Linear programs with named variables, solved by the HiGHS in scipy."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Name = tuple[str, ...]
Terms = dict[Name, float]
Fixed = dict[Name, float]


@dataclass
class Program:
    """A linear program with named variables; rows are (terms, lower, upper)."""

    low: dict[Name, float] = field(default_factory=dict)
    high: dict[Name, float] = field(default_factory=dict)
    binary: set[Name] = field(default_factory=set)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)

    def variable(self, name: Name, low: float = 0.0, high: float = inf, binary: bool = False) -> Name:
        """Add a variable and return its name."""
        self.low[name], self.high[name] = low, high
        if binary:
            self.binary.add(name)
        return name

    def bound(self, terms: Terms, low: float = -inf, high: float = inf) -> None:
        """Add a row low ≤ Σ terms ≤ high."""
        self.rows.append((terms, low, high))

    def solve(self, maximise: Terms, fixed: Fixed | None = None) -> Fixed | None:
        """Return the values of an optimal solution, or None where there is none; `fixed` binaries make it an LP."""
        names = sorted(self.low)
        column = {name: k for k, name in enumerate(names)}
        cost = np.zeros(len(names))
        for name, value in maximise.items():
            cost[column[name]] = -value
        fixed = fixed or {}
        low = np.array([fixed.get(name, self.low[name]) for name in names])
        high = np.array([fixed.get(name, self.high[name]) for name in names])
        whole = np.array([name in self.binary and name not in fixed for name in names], dtype=int)
        entries = [(r, column[n], v) for r, (terms, _, _) in enumerate(self.rows) for n, v in terms.items()]
        if not names:
            return {}
        matrix = csr_matrix(
            ([e[2] for e in entries], ([e[0] for e in entries], [e[1] for e in entries])),
            shape=(len(self.rows), len(names)),
        )
        below, above = np.array([row[1] for row in self.rows]), np.array([row[2] for row in self.rows])
        found = milp(
            cost,
            integrality=whole,
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, below, above) if self.rows else (),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2:
            return None
        if found.status != 0:
            raise RuntimeError(f"the reference optimiser stopped: {found.message}")
        return dict(zip(names, map(float, found.x), strict=True))
