"""All indicators of a run as one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mfa.indicators.registry import INDICATORS, Answer, Indicator, Judged
from mfa.results.results import Results
from mfa.results.tables import make_table

if TYPE_CHECKING:
    import pandas as pd


def indicator_table(results: Results) -> pd.DataFrame:
    """Return the indicators table of a run (columns in `mfa.results.tables`): every indicator, whole park first."""
    return make_table(
        "indicators", (row for known in INDICATORS.values() for row in _rows(results, known, known.compute(results)))
    )


def _rows(results: Results, known: Indicator, answer: Answer) -> Iterator[tuple[Any, ...]]:
    values = answer if isinstance(answer, Mapping) else {"": answer}
    for of, value in sorted(values.items()):
        judged = value if isinstance(value, Judged) else None
        number = judged.value if judged else value
        limit, passes = (judged.threshold, judged.passes) if judged else (None, None)
        yield results.run, known.name, of, number, known.unit, limit, passes, known.source
