"""Checks beyond the form: each finding, its place and its words. Numbers are worked out by hand."""

import pytest
from building import firm, line, link, park, technology

from mfa.files.checks.rest import dry_loops, feedings_of, heaviest_loop

# what is put into the small park of conftest.py → what is told, without the name of the file
FINDINGS = {
    "input that is none": (
        ("replaces: ore", "replaces: iron"),
        ["17:34: error: park.technologies.brickyard.accepts[0].replaces: 'iron' is no input of this technology"],
    ),
    "replaces itself": (
        ("{material: slag, replaces: ore, up_to: 50%}", "{material: ore, replaces: ore}"),
        [
            "17:33: error: park.technologies.brickyard.accepts[0].replaces: "
            "a material cannot replace itself; remove the entry",
            "26:7: error: park.links[0]: 'yard' does not take 'slag'; nothing there uses or accepts it; "
            "taken there: ore",
            "28:7: error: park.links[2]: 'yard' does not take 'slag'; nothing there uses or accepts it; "
            "taken there: ore",
        ],
    ),
    "accepted twice": (
        ("up_to: 50%}]", "up_to: 50%}, {material: slag, replaces: ore}]"),
        ["17:62: error: park.technologies.brickyard.accepts[1]: already accepted by entry 1; remove one of the two"],
    ),
    "emission of nothing": (
        ("product: bricks", "product: bricks\n      emits_per: {iron: {co2: 2}}"),
        [
            "16:19: warning: park.technologies.brickyard.emits_per.iron: "
            "'iron' is neither used nor accepted here, so it emits nothing"
        ],
    ),
    "limit of nothing": (
        ("product: bricks", "product: bricks\n      limits: [{substance: SiO, max: 5%}]"),
        [
            "16:16: warning: park.technologies.brickyard.limits[0]: "
            "no material says how much 'SiO' it has, so nothing can be checked; did you mean 'SiO2'?"
        ],
    ),
    "limit upside down": (
        ("product: bricks", "product: bricks\n      limits: [{substance: SiO2, max: 5%, min: 6%}]"),
        ["16:16: error: park.technologies.brickyard.limits[0]: min 0.06 is above max 0.05; swap them"],
    ),
    "energy with a composition": (
        ("{class: energy}", "{class: energy, composition: {H: 10%}}"),
        [
            "10:5: error: park.materials.heat: "
            "energy in GJ has no mass and so neither composition nor moisture; remove them"
        ],
    ),
    "iron in GJ": (
        ("iron: {class: product}", "iron: {class: product}\n    gas: {class: gas, unit: GJ}"),
        [
            "9:23: error: park.materials.gas.unit: "
            "only materials of class energy are in GJ; write  unit: t  or  class: energy"
        ],
    ),
    "water in a composition": (
        ("SiO2: 40%", "moisture: 40%"),
        [
            "9:61: error: park.materials.slag.composition.moisture: "
            "a composition is of dry mass; give 'moisture' as the material's moisture"
        ],
    ),
    "production offered as treatment": (
        ("name: Small park", "name: Small park\ncandidates: {treatments: [smelting]}"),
        [
            "3:27: error: candidates.treatments[0]: "
            "'smelting' is a production; give it  kind: treatment  or offer another"
        ],
    ),
    "storage of heat": (
        ("utilisation: 80%", "storage: {heat: 5 GJ}"),
        ["19:72: error: park.firms.works.storage.heat: 'heat' cannot be stored; remove it, or give it  storable: true"],
    ),
    "maintenance of another line": (
        ("utilisation: 80%", "maintenance: [{line: smelter, every: 90 days, lasts: 5 days}]"),
        ["19:77: error: park.firms.works.maintenance[0].line: 'works' has no line 'smelter'; did you mean 'smelting'?"],
    ),
    "blocked by nothing": (
        ("utilisation: 80%", "blocks: [bricks]"),
        ["19:71: warning: park.firms.works.blocks[0]: 'bricks' is not made here, so it blocks nothing"],
    ),
    "user of nothing": (
        ("{kind: market}", "{kind: market}\n    road: {kind: user}"),
        ["23:5: warning: park.boundary.road: a user without 'uses' does nothing; add it"],
    ),
    "supplies without selling": (
        ("{kind: market}", "{kind: market}\n    mine: {kind: source, sells: [raw], supplies: {ore: 5 t/day}}"),
        ["23:51: error: park.boundary.mine.supplies.ore: supplies 'ore' and does not sell it; add it to sells"],
    ),
    "link from the wrong end": (
        ("{from: works, to: town, material: heat}", "{from: yard, to: town, material: heat}"),
        ["27:7: error: park.links[1]: 'heat' is not made at 'yard'; made there: bricks"],
    ),
    "link to the wrong end": (
        ("{from: works, to: town, material: heat}", "{from: works, to: tip, material: heat}"),
        ["27:7: error: park.links[1]: 'tip' does not take 'heat'; nothing there uses or accepts it"],
    ),
    "least above most": (
        ("to: town, material: heat", "to: town, material: heat, at_least: 5, at_most: 3"),
        ["27:47: error: park.links[1].at_least: at_least 5 is above at_most 3 (per day); swap them"],
    ),
    "all lost": (
        ("to: town, material: heat", "to: town, material: heat, loss: 100%"),
        ["27:47: error: park.links[1].loss: everything sent is lost; give a loss below 100% or remove the link"],
    ),
    "no distance": (
        ("at: [3, 4], ", ""),
        ["26:7: warning: park.links[0]: costs per km count as 0, since an end has no place; give  distance  or  at"],
    ),
    "another currency": (
        ("name: Small park", "name: Small park\ncurrency: EUR"),
        ["3:1: error: currency: amounts are read in CNY, not EUR; convert them and write  currency: CNY"],
    ),
    "a levy without rate": (
        ("name: Small park", "name: Small park\npolicies: [{kind: levy, on: slag, when: disposed}]"),
        ["3:12: error: policies[0]: a levy needs 'rate'; add it"],
    ),
    "a tax on no occasion": (
        ("name: Small park", "name: Small park\npolicies: [{kind: tax, on: slag, rate: 5 CNY/t}]"),
        ["3:12: error: policies[0]: a tax needs 'when'; add it"],
    ),
    "twice bounded": (
        (
            "name: Small park",
            "name: Small park\ndisruptions: [{firm: yard, from: 2025-03-01, until: 2025-03-09, lasts: 9 days}]",
        ),
        ["3:65: error: disruptions[0].lasts: give either until or lasts, not both"],
    ),
    "always away": (
        (
            "name: Small park",
            "name: Small park\ndisruptions: [{firm: yard, from: 2025-03-01, every: year, lasts: 400 days}]",
        ),
        ["3:46: error: disruptions[0].every: returns every year and lasts longer than a year; shorten it"],
    ),
    "short of what nobody sells": (
        ("{kind: market}", "{kind: market, sells: [iron]}"),
        [
            "19:5: warning: park.firms.works: short of 'ore', which nobody sells: runs at 0.0% of its target",
            "20:5: warning: park.firms.yard: short of 'ore', which nobody sells: runs at 0.0% of its target",
        ],
    ),
}


@pytest.mark.parametrize("name", FINDINGS)
def test_a_finding_has_its_place_and_words(told, name):
    replacement, lines = FINDINGS[name]
    assert told(replacement) == lines


def test_an_offered_treatment_stands_somewhere(told):
    washing = "washing: {kind: treatment, product: clean_slag, uses: {slag: 1 t/t}, at: wroks}"
    assert told(
        ("  technologies:", f"    clean_slag: {{class: solid_waste}}\n  technologies:\n    {washing}"),
        add="candidates: {treatments: [washing]}\n",
    ) == [
        "14:74: error: park.technologies.washing.at: "
        "'wroks' is neither sender, receiver nor a firm; did you mean 'works'?"
    ]


def test_two_origins_of_one_material_are_told(told):
    one = "dry: {kind: treatment, product: clean_slag, uses: {slag: 1 t/t}}"
    two = "wash: {kind: treatment, product: clean_slag, uses: {slag: 2 t/t}}"
    assert told(
        ("  technologies:", f"    clean_slag: {{class: solid_waste}}\n  technologies:\n    {one}\n    {two}")
    ) == [
        "12:5: error: park.materials.clean_slag: "
        "1 slag and 2 slag origin tonnes in one tonne: give one of the two materials another name"
    ]


def test_a_candidate_may_carry_what_an_offered_plant_makes(told):
    washing = "washing: {kind: treatment, product: clean_slag, uses: {slag: 1 t/t}}"
    assert told(
        ("  technologies:", f"    clean_slag: {{class: solid_waste}}\n  technologies:\n    {washing}"),
        ("replaces: ore, up_to: 50%}", "replaces: ore}, {material: clean_slag, replaces: ore}"),
        ("  links:", "  links:\n    - {from: works, to: yard, material: clean_slag, status: candidate}"),
        add="candidates: {treatments: [washing]}\n",
    ) == []  # fmt: skip


def test_loops_are_found_and_measured():
    """Mill 2 ingot → 1 bar, foundry 1.25 bar → 1 ingot: each turn leaves 1 ÷ 2 × 1 ÷ 1.25 = 0.4."""
    here = park(
        technology("mill", "bar", {"ingot": 2.0}),
        technology("foundry", "ingot", {"bar": 1.25}),
        firm("a", "mill", 1.0),
        firm("b", "foundry", 1.0),
        link("a", "b", "bar"),
        link("b", "a", "ingot"),
    )
    feedings = feedings_of(here)
    assert [(f.source, f.target, f.material) for f in feedings] == [
        (("a", "mill"), ("b", "foundry"), "bar"), (("b", "foundry"), ("a", "mill"), "ingot"),
    ]  # fmt: skip
    (loop,) = dry_loops(here, {("a", "mill"), ("b", "foundry")})
    assert {(f.made / f.needed) for f in loop} == {1 / 1.25, 1 / 2}


def test_a_line_that_waits_for_others_is_no_loop():
    here = park(
        technology("mill", "bar", {"ingot": 2.0, "gold": 1.0}),
        technology("foundry", "ingot", {"bar": 1.25}),
        firm("a", "mill", 1.0),
        firm("b", "foundry", 1.0),
        link("a", "b", "bar"),
        link("b", "a", "ingot"),
    )
    assert list(dry_loops(here, {("a", "mill"), ("b", "foundry")})) == []


def test_the_heaviest_loop_is_the_one_that_gains():
    here = park(
        technology("one", "x", {"y": 1.0}),
        technology("two", "y", {"x": 1.25}),
        technology("three", "y", {"x": 0.5}),
        technology("end", "z", {"x": 1.0}),
        firm("f", lines=[line(name, name, 1.0) for name in ("one", "two", "three", "end")]),
    )
    feedings = feedings_of(here)
    shares = {f: f.made / f.needed for f in feedings}
    assert {f.source[1] for f in heaviest_loop(feedings, shares)} == {"one", "three"}
    assert heaviest_loop([f for f in feedings if "three" not in (f.source[1], f.target[1])], shares) == []


def test_a_plant_that_is_still_to_be_built_is_not_short(told):
    yard = ("capacity: 73 kt/yr", "capacity: 73 kt/yr, status: suggested, ready: 90 days")
    assert told(("{kind: market}", "{kind: market, sells: [iron]}"), yard) == [
        "19:5: warning: park.firms.works: short of 'ore', which nobody sells: runs at 0.0% of its target"
    ]
