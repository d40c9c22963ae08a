"""Checks of the library beyond its form: sources, balances, codes, contradictions, and the dates of GB 175-2023."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mfa.files.holdings import Holdings
from mfa.files.library_checks import materials, recipes, routes, sources
from mfa.files.library_checks.remark import Remark
from mfa.files.tree import Fault, walk


@dataclass(frozen=True)
class Inspection:
    """What the checks of the library found, by kind, and how sure its entries are: shelf → confidence → number."""

    remarks: tuple[tuple[str, Fault], ...]
    counts: dict[str, dict[str, int]]

    @property
    def has_errors(self) -> bool:
        """Whether something must be corrected."""
        return any(fault.level == "error" for _, fault in self.remarks)


Check = Callable[[Holdings], Iterator[Remark]]


def inspect_library(holdings: Holdings, more: Iterable[Check] = ()) -> Inspection:
    """Return what is wrong or doubtful in the library, by the checks here and by more of rooms that know more."""
    found = [("form", fault) for fault in holdings.faults]
    for check in (*CHECKS, *more):
        for remark in check(holdings):
            node = list(walk(holdings.root, remark.at))[-1]
            found.append((remark.kind, Fault(node.named_at, node.path, remark.message, remark.level)))
    order = {"error": 0, "warning": 1}
    found.sort(key=lambda item: (order[item[1].level], item[0], item[1].mark, item[1].path))
    return Inspection(tuple(found), sources.counts(holdings))


CHECKS: tuple[Check, ...] = (
    sources.without_source,
    sources.evidence_of_nothing,
    materials.composition_exceeds_one,
    materials.outside_range,
    materials.samples_outside_range,
    materials.unknown_codes,
    materials.two_names,
    materials.one_language,
    recipes.unbalanced,
    recipes.unknown_feeds,
    recipes.two_origins,
    recipes.bounds_of_nothing,
    recipes.excluded_additions,
    routes.unknown_names,
    routes.incomplete,
    routes.broken_chains,
    routes.said_twice,
    routes.two_ratios,
    routes.unlikely_ratios,
    routes.wrong_credits,
    routes.ended_additions,
)
