"""A number from memory is never shown without its mark: all that a user reads, on a library of only such numbers."""

import html
import re
from pathlib import Path

import openpyxl
import pytest
from small_libraries import put_library

MEMORY = "source: from memory, confidence: memory"
LIBRARY = {
    "materials/all.yaml": f"""materials:
  ore:   {{class: raw, price: 41.83 CNY/t, {MEMORY}}}
  metal: {{class: product, price: 913.7 CNY/t, {MEMORY}}}
  clay:  {{class: raw, price: 23.19 CNY/t, moisture: 17.3%, composition: {{Cl: 0.0137%}}, {MEMORY}}}
  brick: {{class: product, price: 71.59 CNY/t, {MEMORY}}}
  ash:   {{name: {{en: Fly ash, zh: 粉煤灰}}, class: bulk_solid_waste, composition: {{Cl: 0.719%}}, {MEMORY}}}
  grit:  {{name: {{en: Grit, zh: 砂砾}}, class: solid_waste, composition: {{Cl: 0%}}, {MEMORY}}}
  dust:  {{name: {{en: Dust, zh: 粉尘}}, class: solid_waste, composition: {{Cl: 9.173%}}, {MEMORY}}}
""",
    "technologies/all.yaml": f"""technologies:
  smelter: {{product: metal, uses: {{ore: 1.6171}}, releases: {{ash: 0.5171, grit: 0.2, dust: 0.1}}, {MEMORY}}}
  brickworks:
    product: brick
    uses: {{clay: 1}}
    accepts:
      - {{material: ash, replaces: clay, ratio: 0.8713, up_to: 93.7%, {MEMORY}}}
      - {{material: grit, replaces: clay, ratio: 1, up_to: 37.9%, {MEMORY}}}
      - {{material: dust, replaces: clay, ratio: 1, up_to: 61.3%, {MEMORY}}}
    limits:
      - {{substance: Cl, max: 0.1379%, of: feed, {MEMORY}}}
      - {{substance: Cl, max: 4.317%, of: material, material: dust, {MEMORY}}}
    {MEMORY.replace(", ", chr(10) + "    ")}
""",
    **{f"{shelf}.yaml": f"{shelf}: {{}}\n" for shelf in ("routes", "sectors", "needs", "aliases", "codes")},
}
SCENARIO = """mfa: 1
time: {start: 2025-01-01, end: 2025-03-31}
park:
  coordinates: km
  firms:
    smelter: {at: [0, 0], runs: smelter, capacity: 5000 t/yr}
    bricks:  {at: [3, 4], runs: brickworks, capacity: 600 t/yr}
  boundary:
    market: {kind: market}
    tip:    {kind: disposal, accepts: [bulk_solid_waste, solid_waste]}
candidates: {generate: true, within: 25 km}
"""
NUMBERS = (
    "41.83", "913.7", "23.19", "17.3 %", "0.0137", "71.59", "0.719", "9.173", "1.6171", "0.5171", "0.8713", "93.7",
    "37.9", "61.3", "0.1379", "4.317",
)  # fmt: skip
"""The numbers of the library as they would be printed; each is like no other."""
SAYS_SO = re.compile(r"\*|from memory|记忆")


@pytest.fixture
def remembered(tmp_path, monkeypatch) -> Path:
    """The folder of a library that is all from memory, with a scenario that uses it."""
    return put_library(tmp_path, LIBRARY, SCENARIO, monkeypatch)


def unmarked(lines):
    return [line for line in lines if any(number in line for number in NUMBERS) and not SAYS_SO.search(line)]


def shown(lines):
    return {number for number in NUMBERS for line in lines if number in line}


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("command", "numbers"),
    [
        (("match", "park.yaml"), {"37.9", "0.1379", "0.719", "9.173", "4.317"}),
        (("suggest", "park.yaml"), {"0.1379", "9.173", "4.317"}),
        (("cite", "park.yaml"), set()),
        (("list", "materials"), set()),
        (("list", "technologies"), set()),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_command_shows_no_number_from_memory_without_a_mark(inside, command, numbers, language):
    lines = inside(*command, "--lang", language).stdout.splitlines()
    assert unmarked(lines) == []
    assert numbers <= shown(lines)


@pytest.mark.slow
def test_a_run_folder_shows_no_number_from_memory_without_a_mark(inside, remembered):
    done = inside("run", "park.yaml", "--out", "out")
    assert unmarked(done.stdout.splitlines()) == []
    [folder] = (remembered / "out" / "park").iterdir()
    for name in ("report.html", "report.zh.html"):
        blocks = re.split(r"</(?:tr|p|li|text|figcaption)>", (folder / name).read_text(encoding="utf-8"))
        lines = [
            html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<style.*?</style>", "", b, flags=re.DOTALL))) for b in blocks
        ]
        assert unmarked(lines) == []
        assert {"0.1379", "9.173"} <= shown(lines)
    book = openpyxl.load_workbook(folder / "results.xlsx", read_only=True)
    rows = [" ".join(str(cell) for cell in row if isinstance(cell, str))
            for sheet in book for row in sheet.iter_rows(values_only=True)]  # fmt: skip
    assert unmarked(rows) == []
    assert "0.1379" in shown(rows)
    figures = [file.read_text(encoding="utf-8") for file in (folder / "figures").glob("*.svg")]
    assert unmarked(line for text in figures for line in re.findall(r">([^<>]+)</text>", text)) == []
