"""A library of a few entries whose matches can be worked out by hand, and a park that uses it."""

from pathlib import Path

import pytest
from small_libraries import put_library

HAND = "source: hand, confidence: found"

MEMORY = "{source: from memory, confidence: memory}"

LIBRARY = {
    "materials/all.yaml": f"""materials:
  ore:        {{class: raw, {HAND}}}
  metal:      {{class: product, {HAND}}}
  clay:       {{class: raw, price: 20 CNY/t, composition: {{Cl: 0%}}, {HAND}, evidence: {{price: {MEMORY}}}}}
  stone:      {{class: raw, price: 30 CNY/t, {HAND}}}
  brick:      {{class: product, {HAND}}}
  road_base:  {{class: product, {HAND}}}
  ash:        {{name: {{en: Fly ash, zh: 粉煤灰}}, class: bulk_solid_waste, composition: {{Cl: 0.1%}},
               codes: {{cn: SW02}}, {HAND}}}
  washed_ash: {{name: {{en: Washed ash, zh: 水洗灰}}, class: bulk_solid_waste, composition: {{Cl: 0%}}, {HAND}}}
  brine:      {{class: solid_waste, {HAND}}}
  dust:       {{name: {{en: Dust, zh: 粉尘}}, class: solid_waste, {HAND}}}
""",
    "technologies/all.yaml": f"""technologies:
  smelter: {{product: metal, uses: {{ore: 1.6}}, releases: {{ash: 0.5, dust: 0.1}}, {HAND}}}
  brickworks:
    product: brick
    uses: {{clay: 1}}
    accepts:
      - {{material: ash, replaces: clay, ratio: 0.8, up_to: 40%, {HAND}}}
      - {{material: washed_ash, replaces: clay, ratio: 1, up_to: 40%, {HAND}}}
      - {{material: dust, replaces: clay, ratio: 1, up_to: 10%, {HAND}}}
    limits: [{{substance: Cl, max: 0.02%, of: feed, {HAND}}}]
    {HAND.replace(", ", chr(10) + "    ")}
  road_mixer: {{product: road_base, uses: {{stone: 1}}, {HAND}}}
  washing: {{kind: treatment, product: washed_ash, uses: {{ash: 1.25}}, releases: {{brine: 0.25}}, opex: 4 CNY/t,
            {HAND}}}
""",
    "routes/all.yaml": f"""routes:
  ash-road:
    {{waste: ash, use: {{en: Road base, zh: 道路基层}}, receiver: roads, replaces: stone, product: road_base, ratio: 1,
    up_to: 50%, limits: [{{substance: Cl, max: 0.2%, standard: S 1, {HAND}}}], {HAND}}}
  ash-ended:
    {{waste: ash, use: {{en: Old road, zh: 旧路}}, receiver: roads, replaces: stone, ratio: 1,
    until: 2020-12-31, {HAND}}}
  dust-paint:
    {{waste: dust, use: {{en: Pigment, zh: 颜料}}, receiver: paints, {HAND}}}
""",
    "sectors.yaml": """sectors:
  roads: {name: {en: Road building, zh: 道路工程}, gbt4754: E4812, technologies: [road_mixer]}
  paints: {name: {en: Paints, zh: 涂料}, gbt4754: C264}
""",
    "needs.yaml": "needs:\n  drying: {name: {en: Drying, zh: 烘干}}\n",
    "aliases.yaml": "aliases:\n  ash: [PFA, 煤灰]\n",
    "codes.yaml": 'codes:\n  cn: {values: [SW02, SW03]}\n  eu_low: {values: ["10 01 02"]}\n',
}

SCENARIO = """mfa: 1
time: {start: 2025-01-01, end: 2025-12-31}
park:
  coordinates: km
  firms:
    smelter: {at: [0, 0], runs: smelter, capacity: 1000 t/yr}
    bricks:  {at: [3, 4], runs: brickworks, capacity: 600 t/yr}
    road:    {at: [0, 10], runs: road_mixer, capacity: 200 t/yr}
  boundary:
    market: {kind: market}
    tip:    {kind: disposal, accepts: [bulk_solid_waste, solid_waste], gate_fee: 10 CNY/t}
candidates:
  defaults: {transport: {per_t_km: 0.4 CNY/t/km}}
"""


@pytest.fixture
def shelves(tmp_path, monkeypatch) -> Path:
    """The folder of the small library, which stands in the place of the shipped one."""
    return put_library(tmp_path, LIBRARY, SCENARIO, monkeypatch)


@pytest.fixture
def edit(shelves):
    """Change a text in one file of the folder; the text must be there."""

    def change(name, old, new):
        path = shelves / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change
