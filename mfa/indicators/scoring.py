"""Values held against a scheme: passed, failed, unverified, missing; a threshold from memory never gives a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from mfa.indicators.quantities import Datum
from mfa.park.scheme import Choice, Item, Scheme
from mfa.park.statements import VERIFIED

Result = Literal["pass", "fail", "unverified", "reported", "missing", "undefined"]
"""What an item comes to: `reported` has no threshold, `undefined` has all data and still no value (0 ÷ 0)."""
Verdict = Literal["pass", "fail", "open"]
"""What several items come to: open where unverified thresholds or missing data could still turn it."""


@dataclass(frozen=True)
class Found:
    """The value of an item in base units with the data it rests on, or the names of what is missing."""

    value: float | None = None
    data: tuple[Datum, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scored:
    """One item with what was found, its result, and how far its value is from the threshold (base units)."""

    item: Item
    found: Found
    result: Result

    @property
    def gap(self) -> float | None:
        """Value − threshold; None where one of them is no number."""
        bound = self.item.threshold.value if self.item.threshold else None
        return None if bound is None or self.found.value is None else self.found.value - bound

    @property
    def verdict(self) -> Verdict:
        """Its part in a verdict on several items."""
        return "pass" if self.result == "pass" else "fail" if self.result == "fail" else "open"


def score(scheme: Scheme, values: Mapping[str, Found]) -> list[Scored]:
    """Return every item of a scheme with its result, in the order of the scheme."""
    return [
        Scored(item, values.get(key, Found()), _result(item, values.get(key, Found())))
        for key, item in scheme.items.items()
    ]


def _result(item: Item, found: Found) -> Result:
    if found.value is None:
        return "missing" if found.missing else "undefined"
    if item.threshold is None or (item.threshold.reference is not None and item.threshold.is_verified):
        return "reported"
    kept = item.threshold.is_kept_by(found.value)
    return "unverified" if kept is None else "pass" if kept else "fail"


def choice_verdict(choice: Choice, scored: Iterable[Scored]) -> Verdict:
    """Return whether enough items of a choice pass: open where what is unverified or missing decides.

    A choice that is itself from memory stays open.
    """
    if choice.confidence not in VERIFIED:
        return "open"
    verdicts = [one.verdict for one in scored if one.item.choose == choice.id]
    if verdicts.count("pass") >= choice.least:
        return "pass"
    return "open" if len(verdicts) - verdicts.count("fail") >= choice.least else "fail"


def total_verdict(scheme: Scheme, scored: Iterable[Scored]) -> Verdict | None:
    """Return whether all that a scheme demands is met: its mandatory items and choices; None where it demands nothing.

    It fails as soon as one of them fails, and passes only where every one passes.
    """
    listed = list(scored)
    verdicts = [*_demanded(scheme, listed)]
    if not verdicts:
        return None
    return "fail" if "fail" in verdicts else "open" if "open" in verdicts else "pass"


def _demanded(scheme: Scheme, scored: list[Scored]) -> Iterator[Verdict]:
    yield from (one.verdict for one in scored if one.item.mandatory)
    yield from (choice_verdict(choice, scored) for choice in scheme.choices.values())


def index_value(scored: Iterable[Scored]) -> tuple[float, int] | None:
    """Return 100 ÷ n · Σ value ÷ reference (its inverse where smaller is better) and n, the items with both.

    None where there is no such item. A value of 0 where smaller is better is left out: its ratio is not defined.
    """
    ratios = [
        bound.reference / value if bound.smaller_is_better else value / bound.reference
        for one in scored
        if (bound := one.item.threshold) and bound.reference and (value := one.found.value) is not None
        and (value > 0 or not bound.smaller_is_better)
    ]  # fmt: skip
    return (100 * sum(ratios) / len(ratios), len(ratios)) if ratios else None
