"""No greedy way of linking a park uses more than the plan does."""

from __future__ import annotations

import pytest
from oracle import parks

from mfa.optimization import candidates, suggest
from mfa.optimization.problem import pose
from mfa.park.park import Park
from mfa.park.scenario import Scenario
from mfa.park.values import DAYS_PER_YEAR
from mfa.step.steady_state import steady_state

FEATURES = parks.Features().without("budget", "link_counts", "at_least", "treatments", "installed_treatments")


def used_at_rest(scenario: Scenario, park: Park) -> float:
    """Return the origin tonnes of solid waste that production lines and users take a year at rest."""
    rest = steady_state(park, scenario.unknown, scenario.time.step, scenario.allocation)
    origin = pose(scenario).origin
    lines = {
        (f, name): park.technologies[line.runs] for f, firm in park.firms.items() for name, line in firm.lines.items()
    }
    used = sum(
        amount * origin[material]
        for (firm, line, material, _), amount in rest.used.items()
        if lines[firm, line].kind == "production"
    )
    for link in park.links:
        kind = {key: node.kind for key, node in park.boundary.items()}
        sign = (kind.get(link.to) == "user") - (kind.get(link.from_) == "source")
        used += sign * rest.flow.get(link.id, 0.0) * origin[link.material]
    return used * DAYS_PER_YEAR


@pytest.mark.parametrize("seed", range(20))
def test_opening_every_link_and_letting_firms_help_themselves_uses_no_more(seed: int) -> None:
    scenario = parks.random_scenario(seed, FEATURES)
    offered = candidates(scenario).park
    everything = offered.replace(links=tuple(link.replace(status="existing") for link in offered.links))
    plan = suggest(scenario.replace(optimize=scenario.optimize.replace(objectives=("waste_utilisation",))))
    assert plan.objective is not None
    assert plan.objective >= used_at_rest(scenario, everything) - 1e-6 * max(1.0, plan.objective)
