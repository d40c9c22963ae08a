"""The oracle against itself: what must hold before it may judge anything else."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from mfa.park.scenario import Scenario
from oracle import clock, rates, rest
from oracle.optimum import Optimum, Problem, brute_force, optimum
from oracle.parks import random_scenario, scenarios
from oracle.step import advance
from oracle.world import State, World, world_of

SEEDS = [*range(20), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(20, 200))]
PATIENT = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def propose(scenario: Scenario) -> Optimum:
    """Return the optimum; every generated park has one, for today's state is a plan."""
    best = optimum(scenario)
    assert best is not None
    return best


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_keeps_what_it_promises(seed: int) -> None:
    scenario = random_scenario(seed)
    best = propose(scenario)
    after = clock.simulate(scenario.with_plan(best.plan))
    for planned in best.plan.planned_links:
        assert after.flow[planned.link.id] == pytest.approx(planned.flow, rel=1e-6, abs=1e-6), planned.link.id
    assert (after.utilisation or 0.0) == pytest.approx(best.utilisation or 0.0, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_optimum_is_never_below_today(seed: int) -> None:
    scenario = random_scenario(seed)
    world, today = world_of(scenario), rest.steady_state(scenario)
    used = sum(rates.used_and_generated(world, [today.last])[0].values()) / scenario.time.step * 365
    assert propose(scenario).values["waste_utilisation"] >= used - 1e-6 * max(1.0, used)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_without_a_plan_stays_at_rest(seed: int) -> None:
    scenario = random_scenario(seed)
    today, run = rest.steady_state(scenario), clock.simulate(scenario)
    for key, flow in today.flow.items():
        assert run.flow[key] == pytest.approx(flow, rel=1e-6, abs=1e-6), key


@pytest.mark.parametrize("seed", SEEDS)
def test_branch_and_bound_finds_what_trying_every_subset_finds(seed: int) -> None:
    scenario = random_scenario(seed)
    if len(Problem(scenario).program.binary) > 6:
        pytest.skip("too many subsets")
    assert propose(scenario).values["waste_utilisation"] == pytest.approx(brute_force(scenario), rel=1e-6, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_branch_and_bound_with_up_to_twelve_candidates(seed: int) -> None:
    scenario = random_scenario(seed)
    if not 6 < len(Problem(scenario).program.binary) <= 12:
        pytest.skip("not this many subsets")
    assert propose(scenario).values["waste_utilisation"] == pytest.approx(brute_force(scenario), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_second_objective_keeps_the_first(seed: int) -> None:
    scenario = random_scenario(seed)
    alone, both = propose(scenario), optimum(scenario, ("waste_utilisation", "fewest_links"))
    assert both is not None
    assert both.values["waste_utilisation"] == pytest.approx(alone.values["waste_utilisation"], rel=1e-6, abs=1e-6)
    assert -both.values["fewest_links"] <= sum(p.link.status == "candidate" for p in alone.plan.planned_links) + 1e-6


@PATIENT
@given(scenarios())
def test_mass_is_conserved_at_every_firm(scenario: Scenario) -> None:
    world, state = world_of(scenario), rest.start(world_of(scenario))
    for _ in range(6):
        before = _lying(world, state)
        done = advance(world, state)
        change = dict.fromkeys([*before, *_lying(world, state)], 0.0)
        change |= {at: amount - before.get(at, 0.0) for at, amount in _lying(world, state).items()}
        for (firm, _, m), amount in done.made.items():
            change[firm, m] = change.get((firm, m), 0.0) - amount * world.storable(m)
        for (firm, _, m, _), amount in done.used.items():
            change[firm, m] = change.get((firm, m), 0.0) + amount * world.storable(m)
        for left in (done.disposed, done.sold, done.lost):
            for at, amount in left.items():
                change[at] += amount
        for key, amount in done.sent.items():
            link = world.links[key]
            if link.from_ in world.park.firms and world.storable(link.material):
                change[link.from_, link.material] += amount
            if link.to in world.park.firms and world.storable(link.material):
                change[link.to, link.material] -= amount
        assert all(abs(amount) < 1e-9 * max(1.0, before.get(at, 0.0)) for at, amount in change.items()), change


def _lying(world: World, state: State) -> dict[tuple[str, str], float]:
    """What lies at each firm or is on the way to it."""
    found = dict(state.own)
    for at, amount in state.received.items():
        found[at] = found.get(at, 0.0) + amount
    for key, load in state.transit.items():
        at = (world.links[key].to, world.links[key].material)
        if at[0] in world.park.firms and world.storable(at[1]):
            found[at] = found.get(at, 0.0) + sum(load)
    return found


@PATIENT
@given(scenarios())
def test_the_order_of_the_file_changes_nothing(scenario: Scenario) -> None:
    shuffled = _shuffled(scenario)
    a, b = rest.steady_state(scenario), rest.steady_state(shuffled)
    assert a.flow == b.flow
    assert a.activity == b.activity
    first, second = propose(scenario).values, propose(shuffled).values
    assert first["waste_utilisation"] == pytest.approx(second["waste_utilisation"], rel=1e-9, abs=1e-9)


def _shuffled(scenario: Scenario) -> Scenario:
    rng, park = Random(0), scenario.park

    def mix(mapping: dict) -> dict:
        keys = list(mapping)
        rng.shuffle(keys)
        return {key: mapping[key] for key in keys}

    firms = {key: firm.replace(lines=mix(firm.lines)) for key, firm in mix(park.firms).items()}
    technologies = {key: tech.replace(uses=mix(tech.uses)) for key, tech in mix(park.technologies).items()}
    links = rng.sample(park.links, len(park.links))
    return scenario.replace(
        park=park.replace(
            firms=firms,
            technologies=technologies,
            materials=mix(park.materials),
            boundary=mix(park.boundary),
            links=tuple(links),
        )
    )
