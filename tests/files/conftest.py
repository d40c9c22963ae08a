"""A small park file, and reading it from an empty folder."""

import pytest

from mfa.files import read_scenario

PARK = """mfa: 1
name: Small park
time: {start: 2025-01-01, end: 2025-12-31}
park:
  coordinates: km
  materials:
    ore: {class: raw, moisture: 20%, price: 50}
    iron: {class: product}
    slag: {class: solid_waste, moisture: 50%, composition: {SiO2: 40%}}
    heat: {class: energy}
    bricks: {class: product}
  technologies:
    smelting: {product: iron, uses: {ore: 1.5 t/t}, releases: {slag: 0.4 t/t, heat: 2 GJ/t}}
    brickyard:
      product: bricks
      uses: {ore: 1 t/t}
      accepts: [{material: slag, replaces: ore, up_to: 50%}]
  firms:
    works: {at: [0, 0], runs: smelting, capacity: 365 kt/yr, utilisation: 80%}
    yard: {at: [3, 4], runs: brickyard, capacity: 73 kt/yr}
  boundary:
    market: {kind: market}
    tip: {kind: disposal, accepts: [solid_waste]}
    town: {kind: town, uses: {heat: 36.5 TJ/yr}}
  links:
    - {from: works, to: yard, material: slag, transport: {per_t_km: 0.6}}
    - {from: works, to: town, material: heat}
    - {from: works, to: yard, material: slag}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "park.yaml").write_text(PARK, encoding="utf-8")
    return tmp_path


@pytest.fixture
def read(folder):
    """Read the small park with some texts replaced and some added, or another text; returns the reading."""

    def call(*replacements, add="", text=PARK, **options):
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        (folder / "scenario.yaml").write_text(text + add, encoding="utf-8")
        return read_scenario("scenario.yaml", **options)

    return call


@pytest.fixture
def told(read):
    """Read the small park as `read` does; returns what was told, without the name of the file."""

    def call(*replacements, **options):
        return [str(problem).removeprefix("scenario.yaml:") for problem in read(*replacements, **options).problems]

    return call
