"""The park as a network of links that carry something."""

from __future__ import annotations

from mfa.indicators.registry import indicator
from mfa.park.values import DAYS_PER_YEAR, SMALLEST_FLOW
from mfa.results.results import Results


@indicator("links", "links", "count of links that carry something")
def links(results: Results) -> float:
    """Number of links that carried something in the run."""
    return float(len(_active(results)))


@indicator("new_links", "links", "count of suggested links that carry something")
def new_links(results: Results) -> float:
    """Number of suggested links that carried something in the run."""
    status = {link.id: link.status for link in results.scenario.park.links}
    return float(sum(status[key] == "suggested" for key, _, _ in _active(results)))


@indicator("connectance", "fraction", "ecological network analysis: directed connectance L ÷ (n (n − 1))")
def connectance(results: Results) -> float | None:
    """Share of the possible connections between firms that exist.

    L ÷ (n (n − 1)), where n counts the firms and L the ordered pairs of different firms with at least one link that
    carried something; parallel links count once, boundary nodes and self-links not at all. Fewer than two firms: empty.
    """
    firms = results.scenario.park.firms
    count = len(firms)
    pairs = {(source, target) for _, source, target in _active(results) if source in firms and target in firms}
    return len({pair for pair in pairs if pair[0] != pair[1]}) / (count * (count - 1)) if count > 1 else None


def _active(results: Results) -> list[tuple[str, str, str]]:
    """Return (link, source, target) of the links that carried something."""
    table = results.links
    moved = table[table["realised_per_yr"] > SMALLEST_FLOW * DAYS_PER_YEAR]
    return list(moved[["link", "source", "target"]].itertuples(index=False, name=None))
