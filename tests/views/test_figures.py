"""Figure files: what the scenario asks for, in both languages, the same bytes each time."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from views.example_park import loop, results, scenario

from mfa.park.scenario import Outputs
from mfa.views import write_figures
from mfa.views.figures import Alone
from mfa.views.sankey.flows import MEDIA

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_figures(loop(), tmp_path_factory.mktemp("run") / "figures")


def test_every_figure_is_there_in_both_languages_as_png_and_svg(files):
    sankeys = {"waste_before", "waste_after", *(f"{medium}_after" for medium in MEDIA)}
    names = {*(f"sankey_{name}" for name in sankeys), "map", "utilisation", "utilisation_by_material", "storage"}
    wanted = {f"{n}.{lang}.{kind}" for n in names for lang in ("en", "zh") for kind in ("png", "svg")}
    assert {file.name for file in files} == wanted
    assert all(file.stat().st_size > 2000 for file in files)


def test_svg_files_are_well_formed_and_load_nothing(files):
    for file in files:
        if file.suffix == ".svg":
            tree = ElementTree.parse(file)
            assert tree.getroot().tag == f"{SVG}svg"
            assert [e for e in tree.iter() if e.tag in (f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject")] == []
            links = [value for e in tree.iter() for key, value in e.attrib.items() if key.endswith("href")]
            assert all(link.startswith("#") for link in links)


def test_the_same_loop_gives_the_same_bytes(files, tmp_path):
    only = replace_figures(loop(), ("map", "sankey"))
    again = {file.name: file.read_bytes() for file in write_figures(only, tmp_path)}
    first = {file.name: file.read_bytes() for file in files if file.name in again}
    assert first == again


def replace_figures(of, figures):
    """Return the loop with other figures asked for."""
    outputs = Outputs(figures=figures)
    return replace(of, before=replace(of.before, scenario=of.before.scenario.replace(outputs=outputs)))


def test_only_what_is_asked_for_is_drawn(tmp_path):
    written = write_figures(replace_figures(loop(), ("money", "reasons")), tmp_path)
    assert sorted(file.name for file in written if file.suffix == ".svg") == [
        "money.en.svg", "money.zh.svg", "reasons.en.svg", "reasons.zh.svg"]  # fmt: skip


def test_a_simulation_alone_has_figures_of_its_own(tmp_path):
    alone = Alone(results(scenario().replace(outputs=Outputs(figures=("sankey",))), False))
    names = {file.name.split(".")[0] for file in write_figures(alone, tmp_path)}
    assert names == {f"sankey_{medium}_before" for medium in MEDIA}
