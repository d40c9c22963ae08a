"""Numbers of a scenario by path."""

import pytest
from building import accept, firm, landfill, link, material, park, scenario, technology

from mfa.park.paths import number_at, path_of, steps_to, with_numbers
from mfa.park.policy import Policy

SCENARIO = scenario(
    park(
        material("ash", "solid_waste", composition={"SiO2": 0.5}),
        technology("boiler", "heat", {"coal": 0.2}, releases={"ash": 0.1}),
        technology("kiln", "clinker", {"clay": 0.5}, accepts=(accept("ash", "clay", up_to=0.4),)),
        firm("power", "boiler", 100.0, at=(0, 0)),
        firm("kiln", "kiln", 20.0, at=(3, 4)),
        link("power", "kiln", "ash", at_most=5.0),
        landfill(),
    ),
    policies=(
        Policy(kind="levy", name="tip", on=("ash",), when="disposed", rate={2017: 3.0}),
        Policy(kind="tax", on=("ash",), when="generated", rate={2017: 1.0, 2018: 2.0}),
    ),
)

NUMBERS = {
    "park.firms.power.lines.boiler.capacity": 100.0,
    "park.firms.kiln.at[1]": 4.0,
    "park.technologies.boiler.releases.ash": 0.1,
    "park.technologies.kiln.accepts[0].up_to": 0.4,
    "park.materials.ash.composition.SiO2": 0.5,
    "park.links.power-kiln-ash.at_most": 5.0,
    "policies.tip.rate.2017": 3.0,
    "policies[1].rate.2018": 2.0,
    "finance.rate": 0.08,
}


@pytest.mark.parametrize("path", NUMBERS)
def test_a_path_leads_to_its_number_and_back(path):
    assert number_at(SCENARIO, path) == NUMBERS[path]
    assert path_of(SCENARIO, steps_to(SCENARIO, path)) == path
    changed = with_numbers(SCENARIO, {path: 0.25})
    assert number_at(changed, path) == 0.25
    assert with_numbers(changed, {path: NUMBERS[path]}) == SCENARIO


def test_an_entry_of_a_list_may_go_by_its_position():
    assert number_at(SCENARIO, "park.links[0].at_most") == 5.0
    assert path_of(SCENARIO, steps_to(SCENARIO, "policies[0].rate.2017")) == "policies.tip.rate.2017"


def test_the_graph_follows_the_numbers():
    changed = with_numbers(SCENARIO, {"park.links.power-kiln-ash.at_most": 1.0})
    (edge,) = changed.park.graph.edges(data="link")
    assert edge[2].at_most == 1.0


REFUSED = {
    "park.firms.pawer.lines": "park.firms.pawer.lines: the path leads nowhere, there is no 'pawer.lines'",
    "park.technologies.boiler.product": "park.technologies.boiler.product: there is no number",
}


@pytest.mark.parametrize("path", REFUSED)
def test_a_path_to_nothing_is_refused(path):
    with pytest.raises(ValueError, match="^" + REFUSED[path].replace(".", r"\.") + "$"):
        number_at(SCENARIO, path)


def test_a_number_that_cannot_stand_there_is_refused():
    path = "park.technologies.kiln.accepts[0].up_to"
    with pytest.raises(ValueError, match=r"1\.5 cannot stand here: Input should be less than or equal to 1"):
        with_numbers(SCENARIO, {path: 1.5})
