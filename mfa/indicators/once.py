"""What was worked out of a run once is kept for as long as the run is."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar
from weakref import WeakKeyDictionary

from mfa.results.results import Results

Of = TypeVar("Of", bound=Hashable)
Found = TypeVar("Found")


def once(compute: Callable[[Results, Of], Found]) -> Callable[[Results, Of], Found]:
    """Let a function compute each answer about a run once; answers are shared, so nobody may change them."""
    kept: WeakKeyDictionary[Results, dict[Of, Found]] = WeakKeyDictionary()

    def answer(results: Results, of: Of) -> Found:
        known = kept.setdefault(results, {})
        if of not in known:
            known[of] = compute(results, of)
        return known[of]

    return answer
