"""What is written reads back equal: whole scenarios, shipped and made up, plans included."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mfa.errors import FolderError
from mfa.files import load_scenario, reader, scenario_text, write_scenario
from mfa.files.emit import text
from mfa.files.library import data_root
from mfa.files.yaml_tree import parse_yaml
from mfa.park.firm import Boundary, Firm, Line, Maintenance, Use
from mfa.park.link import Link, Transport
from mfa.park.material import Evidence, Material
from mfa.park.measurement import Deviation, Measurement, Measurements
from mfa.park.park import Park
from mfa.park.policy import Policy
from mfa.park.scenario import Candidates, Disruption, LinkDefaults, Optimize, Scenario, SolverChoice, SubjectTo, Time
from mfa.park.technology import Acceptance, Limit, Technology
from mfa.park.values import Text

SHIPPED = [Path(__file__).parent / "example_scenario.yaml", *sorted((data_root() / "scenarios").rglob("*.yaml"))]

CLASSES = st.sampled_from(["raw", "product", "by_product", "solid_waste", "hazardous_waste", "water", "gas"])
AMOUNTS = st.one_of(st.just(0.0), st.floats(1e-9, 1e12), st.integers(0, 10**6).map(lambda n: n / 365))
SHARES = st.floats(1e-6, 1)
ODD = st.sampled_from(
    ["NO", "12:30", "1e3", "010", "null", "~", "=cmd", "a: b", "# x", "é", "厂", "- x", "'", '"', "[x", "x,"]
)
NAMES = st.one_of(
    ODD, st.text(st.characters(categories=("L", "N", "P", "S"), max_codepoint=0xFFFF), min_size=1, max_size=8)
)
IDS = NAMES.filter(
    lambda name: name.casefold() not in ("environment", "<<") and "：" not in name and "\u00ad" not in name
)
TEXTS = st.builds(Text, en=st.none() | NAMES, zh=st.none() | NAMES)


@st.composite
def materials(draw, key):
    is_energy = draw(st.booleans())
    fixed = {"class": "energy", "unit": draw(st.sampled_from(["GJ", "t"]))} if is_energy else {"class": draw(CLASSES)}
    composition = draw(st.dictionaries(IDS, st.floats(1e-9, 1), max_size=2))
    return Material(
        id=key,
        name=draw(TEXTS),
        storable=draw(st.booleans()),
        moisture=draw(st.floats(1e-6, 0.9)),
        composition=composition,
        properties=draw(st.dictionaries(IDS, AMOUNTS, max_size=2)),
        temperature_c=draw(st.none() | st.floats(1, 900)),
        price=draw(st.none() | st.floats(-1e5, -1e-3) | AMOUNTS),
        codes=draw(st.dictionaries(IDS, NAMES, max_size=1)),
        source=draw(st.none() | NAMES),
        year=draw(st.none() | st.just(2023)),
        confidence=draw(st.none() | st.just("memory")),
        evidence=draw(st.dictionaries(IDS, st.builds(Evidence, source=NAMES, confidence=st.just("found")), max_size=1)),
        **fixed,
    )


@st.composite
def technologies(draw, key, known):
    some = st.sampled_from(known)
    amounts = st.dictionaries(some, AMOUNTS, max_size=3)
    return Technology(
        id=key,
        name=draw(TEXTS),
        kind=draw(st.sampled_from(["production", "treatment"])),
        product=draw(some),
        uses=draw(amounts),
        releases=draw(amounts),
        takes=draw(st.dictionaries(IDS, AMOUNTS, max_size=1)),
        accepts=draw(
            st.lists(
                st.builds(
                    Acceptance,
                    material=some,
                    replaces=some,
                    ratio=st.floats(0.01, 10),
                    up_to=SHARES,
                    priority=st.integers(1, 3),
                ),
                max_size=2,
            )
        ),
        emits_per=draw(st.dictionaries(some, st.dictionaries(IDS, AMOUNTS, max_size=1), max_size=1)),
        limits=draw(
            st.lists(
                st.builds(Limit, substance=IDS, max=AMOUNTS, of=st.sampled_from(["feed", "product"]))
                | st.builds(Limit, sum=st.dictionaries(IDS, AMOUNTS, min_size=1, max_size=2), min=AMOUNTS),
                max_size=2,
            )
        ),
        capex=draw(AMOUNTS),
        set_up=draw(AMOUNTS),
        capacity=draw(st.none() | st.floats(1e-3, 1e9)),
        opex=draw(AMOUNTS),
        build_time=draw(AMOUNTS),
        at=draw(st.just("sender") | IDS),
    )


def lines(keys, known):
    some = st.sampled_from(known)
    tiny = AMOUNTS | st.floats(1e-300, 1e-12)
    mix = st.lists(st.builds(Use, material=some, replaces=some, amount=tiny), max_size=2)
    build = st.builds(
        Line,
        id=st.just("x"),
        runs=st.sampled_from(keys),
        capacity=tiny,
        utilisation=SHARES,
        behaviour=st.none() | IDS,
        planned=st.none() | tiny,
        mix=st.none() | mix,
        ready=AMOUNTS,
        status=st.sampled_from(["existing", "suggested"]),
    )
    return st.dictionaries(IDS, build, max_size=2).map(lambda d: {key: one.replace(id=key) for key, one in d.items()})


PLACES = st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@st.composite
def parks(draw):
    keys = draw(st.lists(IDS, min_size=5, max_size=6, unique_by=lambda key: key.casefold()))
    known, made, nodes = keys[:2], keys[2:3], keys[3:]
    amounts = st.dictionaries(st.sampled_from(known), AMOUNTS, max_size=2)
    stops = st.lists(st.builds(Maintenance, every=st.floats(1, 99), lasts=st.floats(0.1, 9)), max_size=1)
    firm = Firm(
        id=nodes[0],
        name=draw(TEXTS),
        sector=draw(st.none() | NAMES),
        park=draw(st.none() | IDS),
        at=draw(PLACES),
        lines=draw(lines(made, known)),
        storage=draw(amounts),
        initial_stock=draw(amounts),
        maintenance=draw(stops),
        blocks=draw(st.lists(st.sampled_from(known), max_size=1)),
    )
    site = Boundary(
        id=nodes[1],
        kind=draw(st.sampled_from(["market", "disposal", "source", "user"])),
        at=draw(PLACES),
        uses=draw(amounts),
        sells=draw(st.lists(st.sampled_from([*known, "raw"]), max_size=2)),
        supplies=draw(amounts),
        room=draw(st.none() | AMOUNTS),
        gate_fee=draw(AMOUNTS),
        compliant=draw(st.booleans()),
    )
    link = st.builds(
        Link,
        id=IDS,
        from_=st.sampled_from(nodes[:2]),
        to=st.sampled_from(nodes[:2]),
        material=st.sampled_from(known),
        at_most=st.none() | AMOUNTS,
        at_least=AMOUNTS,
        lot=st.none() | st.floats(0.1, 99),
        lead_time=AMOUNTS,
        distance=st.none() | AMOUNTS,
        transport=st.builds(Transport, per_t=AMOUNTS, per_t_km=AMOUNTS),
        price=st.floats(-99, -1) | AMOUNTS,
        set_up=AMOUNTS,
        loss=SHARES,
        planned=st.none() | AMOUNTS | st.floats(1e-300, 1e-12),
        status=st.sampled_from(["existing", "candidate", "suggested"]),
        priority=st.integers(1, 9),
    )
    return Park(
        name=draw(TEXTS),
        coordinates=draw(st.sampled_from(["lonlat", "km"])),
        materials={key: draw(materials(key)) for key in known},
        technologies={key: draw(technologies(key, known)) for key in made},
        firms={firm.id: firm},
        boundary={site.id: site},
        illustrative=draw(st.booleans()),
        links=draw(st.lists(link, max_size=3, unique_by=lambda one: one.id.casefold())),
        source=draw(st.none() | NAMES),
    )


def measurements(firm, some):
    std = st.none() | st.builds(Deviation, share=SHARES) | st.builds(Deviation, amount=AMOUNTS)
    rows = [
        st.builds(Measurement, name=st.none() | IDS, from_=firm, to=firm, material=some, amount=AMOUNTS, std=std),
        st.builds(Measurement, firm=firm, line=st.none() | IDS, used=some, amount=AMOUNTS, std=std),
        st.builds(Measurement, node=firm, material=some, stock=AMOUNTS, at=st.sampled_from(["start", "end"]), std=std),
    ]
    every = st.lists(st.one_of(rows), min_size=1, max_size=3)
    return st.builds(Measurements, year=st.none() | st.integers(2000, 2030), std=SHARES, recipes=SHARES, rows=every)


@st.composite
def scenarios(draw):
    park = draw(parks())
    some, firm = st.sampled_from(sorted(park.materials)), st.sampled_from(sorted(park.firms))
    years = st.dictionaries(st.integers(2020, 2030), AMOUNTS, min_size=1, max_size=2)
    policy = st.builds(
        Policy,
        kind=st.sampled_from(["levy", "subsidy"]),
        on=st.lists(some | st.just("raw"), max_size=2),
        rate=years,
        budget=st.none() | AMOUNTS,
        hard=st.booleans(),
        from_=st.none() | st.just(date(2024, 2, 29)),
    )
    disruption = st.builds(
        Disruption,
        firm=firm,
        name=st.none() | NAMES,
        from_=st.just(date(2025, 3, 1)),
        lasts=st.floats(0.1, 99) | st.just({"exponential": 3.0}),
        availability=SHARES,
    )
    return Scenario(
        name=draw(TEXTS),
        description=draw(TEXTS),
        park=park,
        seed=draw(st.integers(0, 10**9)),
        time=Time(start=date(2025, 1, 1), end=date(2025, 12, 31), step=draw(st.sampled_from([1.0, 7.0, 1 / 24]))),
        candidates=Candidates(
            within=draw(st.none() | AMOUNTS), defaults=LinkDefaults(set_up=draw(AMOUNTS), loss=draw(SHARES))
        ),
        policies=draw(st.lists(policy, max_size=2)),
        disruptions=draw(st.lists(disruption, max_size=2)),
        optimize=Optimize(
            subject_to=SubjectTo(budget=draw(st.none() | AMOUNTS)),
            solver=SolverChoice(time_limit=draw(AMOUNTS.filter(bool))),
        ),
        measurements=draw(st.none() | measurements(firm, some)),
    )


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(scenario=scenarios())
def test_any_scenario_reads_back_equal(scenario, tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "check", lambda _: ())  # made-up parks need not make sense
    path = tmp_path / "written.yaml"
    write_scenario(scenario, path)
    reading = reader.read_scenario(path)
    assert reading.errors == ()
    assert reading.scenario == scenario


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_reads_back_equal_without_the_library(path, tmp_path, monkeypatch):
    scenario = load_scenario(path)
    write_scenario(scenario, tmp_path / "written.yaml")
    monkeypatch.setattr("mfa.files.library.data_root", lambda: tmp_path)
    again = load_scenario(tmp_path / "written.yaml")
    assert again == scenario
    assert scenario_text(again) == scenario_text(scenario)


def test_the_order_of_nodes_does_not_show(read):
    works = "    works: {at: [0, 0], runs: smelting, capacity: 365 kt/yr, utilisation: 80%}\n"
    yard = "    yard: {at: [3, 4], runs: brickyard, capacity: 73 kt/yr}\n"
    assert scenario_text(read().scenario) == scenario_text(read((works + yard, yard + works)).scenario)


def test_what_is_written_reads_like_what_people_write(read):
    lines_written = [line.strip() for line in scenario_text(read().scenario).splitlines()]
    assert "lines: {smelting: {runs: smelting, capacity: 365 kt/yr, utilisation: 80%}}" in lines_written
    assert "slag: {class: solid_waste, moisture: 50%, composition: {SiO2: 40%}}" in lines_written
    assert "heat: {class: energy}" in lines_written
    assert "time: {start: 2025-01-01, end: 2025-12-31}" in lines_written
    assert "town: {kind: town, uses: {heat: 36.5 TJ/yr}}" in lines_written


def test_a_failed_write_leaves_what_was_there(read, folder, monkeypatch):
    scenario = read().scenario
    (folder / "out.yaml").write_text("old", encoding="utf-8")
    monkeypatch.setattr("mfa.files.writer.emit", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_scenario(scenario, folder / "out.yaml")
    assert (folder / "out.yaml").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in folder.iterdir()) == ["out.yaml", "park.yaml", "scenario.yaml"]


def test_a_folder_that_is_not_there_is_told(read):
    with pytest.raises(FolderError, match=r"^nowhere/out\.yaml cannot be written: No such file or directory$"):
        write_scenario(read().scenario, "nowhere/out.yaml")


@given(NAMES)
def test_a_text_is_quoted_where_it_must_be(value):
    node, faults = parse_yaml(f"key: {text(value)}\n", "text.yaml")
    assert (node.word("key"), faults) == (value, [])
    node, faults = parse_yaml(f"list: [{text(value)}, {text(value)}]\n", "text.yaml")
    assert [item.text for item in node.get("list").items] == [value, value]
