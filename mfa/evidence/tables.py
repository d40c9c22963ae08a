"""What results rest on, as two tables of a run folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from mfa.evidence.resting import Resting

if TYPE_CHECKING:
    import pandas as pd

EVIDENCE = ["run", "result", "amount", "unit", "unverified", "verified", "own", "share_unverified"]
NUMBERS = ["run", "result", "rank", "kind", "number", "amount", "unit", "share", "confidence", "year", "source"]


def evidence_tables(runs: Mapping[str, Iterable[Resting]]) -> dict[str, pd.DataFrame]:
    """Return `evidence`, one row a result, and `evidence_numbers`, one row an unverified number that it rests on."""
    import pandas as pd

    shares, numbers = [], []
    for run, resting in runs.items():
        for one in resting:
            shares.append((run, one.result, one.amount, one.unit, one.unverified, one.verified, one.own,
                           one.share(one.unverified)))  # fmt: skip
            numbers += [
                (run, one.result, rank, weight.number.kind, weight.number.name, weight.amount, one.unit,
                 one.share(weight.amount), weight.number.confidence, weight.number.year, weight.number.source)
                for rank, weight in enumerate(one.weights, start=1)
            ]  # fmt: skip
    return {
        "evidence": pd.DataFrame(shares, columns=EVIDENCE),
        "evidence_numbers": pd.DataFrame(numbers, columns=NUMBERS),
    }
