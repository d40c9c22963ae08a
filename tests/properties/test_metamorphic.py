"""What must stay the same, or change in a known way, when a park is told differently (invariants M1–M10)."""

from collections.abc import Callable
from random import Random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.parks import Features, random_scenario, scenarios

from mfa.optimization import suggest
from mfa.park.firm import Boundary, Firm
from mfa.park.material import Material
from mfa.park.park import Park
from mfa.park.scenario import Outputs, Scenario
from mfa.park.technology import Technology
from mfa.results.results import Results
from mfa.simulation import simulate
from mfa.step.steady_state import steady_state

SMALL = settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.too_slow])


def run(scenario: Scenario) -> Results:
    return simulate(scenario.replace(outputs=Outputs(record="month")))


def same(first: Results, second: Results) -> None:
    """Hold two runs to be equal to the last bit."""
    for name, table in first.tables().items():
        pd.testing.assert_frame_equal(table, second.tables()[name], check_exact=True, obj=name)


def totals(results: Results) -> dict[tuple[str, str, str, str], float]:
    sums = results.flows.groupby(["source", "target", "material", "kind"])["dry_amount"].sum()
    return {tuple(key): value for key, value in sums.items() if value > 1e-6}


def renamed(park: Park, name: Callable[[str], str]) -> Park:
    """Return the park with every id but the classes renamed."""

    def keys(amounts: dict[str, float]) -> dict[str, float]:
        return {name(m): amount for m, amount in amounts.items()}

    def technology(one: Technology) -> Technology:
        accepts = tuple(a.replace(material=name(a.material), replaces=name(a.replaces)) for a in one.accepts)
        at = one.at if one.at in ("sender", "receiver") else name(one.at)
        return one.replace(id=name(one.id), product=name(one.product), uses=keys(one.uses), releases=keys(one.releases),
                           accepts=accepts, at=at)  # fmt: skip

    def firm(one: Firm) -> Firm:
        lines = {name(k): line.replace(id=name(k), runs=name(line.runs)) for k, line in one.lines.items()}
        stock = keys(one.initial_stock)
        return one.replace(id=name(one.id), lines=lines, storage=keys(one.storage), initial_stock=stock)

    def boundary(one: Boundary) -> Boundary:
        sells = tuple(map(name, one.sells)) if one.kind == "source" else one.sells
        return one.replace(id=name(one.id), uses=keys(one.uses), supplies=keys(one.supplies), sells=sells)

    def material(one: Material) -> Material:
        return one.replace(id=name(one.id))

    links = [
        k.replace(id=name(k.id), from_=name(k.from_), to=name(k.to), material=name(k.material)) for k in park.links
    ]
    return park.replace(
        materials={name(k): material(one) for k, one in park.materials.items()},
        technologies={name(k): technology(one) for k, one in park.technologies.items()},
        firms={name(k): firm(one) for k, one in park.firms.items()},
        boundary={name(k): boundary(one) for k, one in park.boundary.items()},
        links=tuple(links),
    )


def shuffled(park: Park, seed: int) -> Park:
    """Return the park as a file in another order would give it."""

    def mixed(mapping: dict[str, object]) -> dict[str, object]:
        return dict(Random(seed).sample(sorted(mapping.items()), len(mapping)))

    firms = {key: one.replace(lines=mixed(one.lines)) for key, one in mixed(park.firms).items()}
    technologies = {
        key: one.replace(uses=mixed(one.uses), releases=mixed(one.releases), accepts=one.accepts[::-1])
        for key, one in mixed(park.technologies).items()
    }
    links = tuple(Random(seed).sample(park.links, len(park.links)))
    nodes = {"firms": firms, "boundary": mixed(park.boundary)}
    return park.replace(technologies=technologies, materials=mixed(park.materials), links=links, **nodes)


@SMALL
@given(scenarios(), st.integers(0, 99))
def test_the_order_of_a_file_changes_no_bit_of_a_run(scenario: Scenario, seed: int) -> None:
    same(run(scenario), run(scenario.replace(park=shuffled(scenario.park, seed))))


@SMALL
@given(scenarios(), st.integers(0, 99))
def test_the_order_of_a_file_changes_no_bit_of_a_plan(scenario: Scenario, seed: int) -> None:
    first, second = suggest(scenario), suggest(scenario.replace(park=shuffled(scenario.park, seed)))
    assert first.replace(seconds=0.0) == second.replace(seconds=0.0)


@SMALL
@given(scenarios())
def test_other_names_give_the_same_flows(scenario: Scenario) -> None:
    old = sorted({*scenario.park.firms, *scenario.park.boundary})
    new = {key: f"厂{number}" for number, key in enumerate(reversed(old))}
    back = {name: key for key, name in new.items()}
    again = run(scenario.replace(park=renamed(scenario.park, lambda key: new.get(key, key))))
    found = {(back.get(s, s), back.get(t, t), m, kind): v for (s, t, m, kind), v in totals(again).items()}
    assert found == pytest.approx(totals(run(scenario)), rel=1e-6, abs=1e-5)


def scaled(scenario: Scenario, factor: float) -> Scenario:
    """Return the scenario with all amounts multiplied, as if they were told in another unit."""

    def times(amounts: dict[str, float]) -> dict[str, float]:
        return {m: amount * factor for m, amount in amounts.items()}

    def bound(amount: float | None) -> float | None:
        return None if amount is None else amount * factor

    park = scenario.park
    firms = {
        key: one.replace(storage=times(one.storage), initial_stock=times(one.initial_stock),
                         lines={k: line.replace(capacity=line.capacity * factor) for k, line in one.lines.items()})
        for key, one in park.firms.items()
    }  # fmt: skip
    boundary = {
        key: one.replace(uses=times(one.uses), supplies=times(one.supplies), room=bound(one.room))
        for key, one in park.boundary.items()
    }
    links = tuple(k.replace(at_most=bound(k.at_most), at_least=k.at_least * factor) for k in park.links)
    return scenario.replace(park=park.replace(firms=firms, boundary=boundary, links=links))


@SMALL
@given(scenarios(), st.sampled_from([0.25, 8.0]))
def test_amounts_in_another_unit_give_the_same_flows_in_that_unit(scenario: Scenario, factor: float) -> None:
    expected = {key: value * factor for key, value in totals(run(scenario)).items()}
    assert totals(run(scaled(scenario, factor))) == pytest.approx(expected, rel=1e-6, abs=1e-4)


@SMALL
@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_two_parks_side_by_side_are_the_sum_of_their_parts(first: int, second: int) -> None:
    alone = Features().without("disposal", "steps", "rules", "years")
    parts = [random_scenario(seed, alone) for seed in (first, second)]
    parks = [renamed(part.park, lambda key, mark=mark: f"{mark}-{key}") for part, mark in zip(parts, "ab", strict=True)]
    both = parks[0].replace(
        **{
            name: {**getattr(parks[0], name), **getattr(parks[1], name)}
            for name in ("materials", "technologies", "firms", "boundary")
        },
        links=parks[0].links + parks[1].links,
    )
    found = totals(run(parts[0].replace(park=both)))
    expected = totals(run(parts[0].replace(park=parks[0]))) | totals(run(parts[0].replace(park=parks[1])))

    def without_markets(flows: dict[tuple[str, str, str, str], float]) -> dict[tuple[str, ...], float]:
        return {tuple(part.replace("b-market", "a-market") for part in key): value for key, value in flows.items()}

    assert without_markets(found) == pytest.approx(without_markets(expected), rel=1e-6, abs=1e-5)


@SMALL
@given(scenarios())
def test_a_disruption_that_takes_nothing_away_changes_no_bit(scenario: Scenario) -> None:
    firm = min(scenario.park.firms)
    harmless = {"firm": firm, "from": "2017-02-01", "lasts": 30, "availability": 1.0}
    past = {"firm": firm, "from": "2015-02-01", "lasts": 30}
    future = {"firm": firm, "from": "2019-02-01", "lasts": 30}
    same(run(scenario), run(scenario.replace(disruptions=(harmless, past, future))))


@SMALL
@given(scenarios())
def test_a_later_change_leaves_what_was_before_as_it_was(scenario: Scenario) -> None:
    stop = {"firm": min(scenario.park.firms), "from": "2017-08-01", "until": "2017-12-31"}
    first, second = run(scenario).flows, run(scenario.replace(disruptions=(stop,))).flows
    early = [table[table["time"] < "2017-08-01"].reset_index(drop=True) for table in (first, second)]
    if scenario.time.step == 1.0:
        pd.testing.assert_frame_equal(*early, check_exact=True)


@SMALL
@given(scenarios())
def test_more_budget_or_more_links_never_make_the_optimum_worse(scenario: Scenario) -> None:
    wanted = scenario.optimize.subject_to
    freer = wanted.replace(budget=None, links=None, links_per_firm=None)
    narrow, wide = suggest(scenario), suggest(scenario.replace(optimize=scenario.optimize.replace(subject_to=freer)))
    assert wide.objective >= narrow.objective * (1 - 1e-6) - 1e-6


@SMALL
@given(scenarios())
def test_the_optimum_is_never_below_today(scenario: Scenario) -> None:
    today = steady_state(scenario.park, scenario.unknown, scenario.time.step, scenario.allocation)
    stripped = scenario.park.replace(links=tuple(k for k in scenario.park.links if k.status != "candidate"))
    nothing_new = scenario.replace(park=stripped, candidates=scenario.candidates.replace(generate=False, treatments=()))
    least, best = suggest(nothing_new), suggest(scenario)
    flows = {planned.link.id: planned.flow for planned in least.planned_links}
    assert least.status == "optimal"
    assert best.objective >= least.objective * (1 - 1e-6) - 1e-6
    assert set(flows) <= set(today.flow)
