"""`mfa sweep`: what it prints, what it writes, how it ends."""

import json

import pytest

PARK = """name: {en: Ash park, zh: 灰渣园区}
time: {start: 2025-01-01, end: 2025-02-28}
park:
  coordinates: km
  materials: {ash: {class: solid_waste, composition: {SiO2: 50%}}, heat: {class: product, unit: t}}
  technologies:
    boiler: {product: heat, uses: {coal: 1.1 t/t}, releases: {ash: 0.1 t/t}}
    kiln:
      product: clinker
      uses: {clay: 0.5 t/t, stone: 0.5 t/t}
      accepts: [{material: ash, replaces: clay, up_to: UP_TO}]
  firms:
    power: {name: {en: Power plant, zh: 电厂}, at: [0, 0], runs: boiler, capacity: 100 t/day}
    works: {name: {en: Works, zh: 水泥厂}, at: [3, 4], runs: kiln, capacity: 20 t/day}
  boundary:
    market: {kind: market}
    tip: {kind: disposal, accepts: [solid_waste]}
"""
UNCERTAIN = PARK.replace("UP_TO", "{triangular: [20%, 30%, 60%]}")


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "ash.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_it_prints_quantiles_and_what_matters_and_writes_a_folder(inside, file, tmp_path):
    done = inside("sweep", file(UNCERTAIN), "--samples", 4, "--workers", 1)
    assert (done.returncode, done.stderr) == (0, "simulating samples …\n")
    for text in ("Monte Carlo by Latin hypercube: 4 samples, 4 runs, seed 0.", "triangular(0.2, 0.3, 0.6)",
                 "Kiln: acceptance, ash, at most, of the need".lower(), "with the plan", "Read on"):  # fmt: skip
        assert text in done.stdout or text in done.stdout.lower()
    (folder,) = (tmp_path / "outputs" / "ash_sweep").iterdir()
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    tables = {f"tables/{name}.csv" for name in ("inputs", "draws", "quantiles", "contributions", "utilisation")}
    pages = {"report.html", "report.zh.html", "scenario.yaml", "plan.json", "manifest.json", "results.xlsx"}
    figures = {f"figures/{name}.{kind}" for name in ("ranges", "influence", "utilisation") for kind in ("png", "svg")}
    assert written == tables | pages | figures
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["sweep"] | {"failed": []} == {
        "method": "latin_hypercube", "samples": 4, "runs": 4, "seed": 0, "plan": "central", "failed": []
    }  # fmt: skip
    assert manifest["unacted"] == []
    page = (folder / "report.zh.html").read_text(encoding="utf-8")
    assert "不确定性分析：灰渣园区" in page
    assert "兑现承诺的抽样比例" in page
    again = inside("compare", folder)
    assert again.returncode == 7
    assert "holds a sweep of many runs, not one; name a run folder or a scenario file" in again.stderr


def test_it_prints_data_for_scripts(inside, file):
    done = inside("sweep", file(UNCERTAIN), "--method", "linear", "--plan", "none", "--workers", 1, "--json")
    found = json.loads(done.stdout)
    assert (found["method"], found["runs"], found["plan"]) == ("linear", 3, "none")
    assert found["inputs"][0]["input"] == "park.technologies.kiln.accepts[0].up_to"
    assert {"central", "mean", "std", "q05", "q95"} <= found["quantiles"][0].keys()


def test_it_follows_the_sweep_of_the_file_and_tells_failed_runs(inside, file):
    text = PARK.replace("UP_TO", "30%").replace("{SiO2: 50%}", "{SiO2: 50%, CaO: 30%}")
    sweep = "sweep: {method: grid, plan: none, vary: {park.materials.ash.composition.SiO2: {values: [40%, 90%]}}}\n"
    done = inside("sweep", file(text + sweep), "--workers", 1)
    assert done.returncode == 6
    assert (
        "mfa: warning: sample 2, replication 0 failed: sample 2: error: park.materials.ash.composition" in done.stderr
    )
    assert "mfa: error: 1 of 2 runs failed; the others are in outputs" in done.stderr
    assert "All combinations of levels: 2 samples" in done.stdout


def test_nothing_uncertain_is_an_error_and_nothing_is_written(inside, file, tmp_path):
    done = inside("sweep", file(PARK.replace("UP_TO", "30%")), "--workers", 1)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith(
        "Ash park: error: uncertainty: nothing is uncertain in this scenario;"
    )
    assert list((tmp_path / "outputs").rglob("*.csv")) == []


def test_a_run_says_that_values_stand_at_their_centre(inside, file):
    done = inside("validate", file(UNCERTAIN))
    assert "each stands at its central value (mean; mode of a triangular one); mfa sweep shows" in done.stdout
