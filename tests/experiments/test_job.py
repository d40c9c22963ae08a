"""The main job: a run folder with everything in it, that reads back equal and repeats byte for byte."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from examples import ash_scenario

import mfa
from mfa.errors import FolderError, InputError, UsageError
from mfa.experiments import compare, run
from mfa.park.plan import Plan
from mfa.park.scenario import Disruption
from mfa.results import is_run_folder, read_run

TABLES = ["activity", "columns", "conversion", "evidence", "evidence_numbers", "flows", "indicators", "links", "money",
          "plan_links", "plan_mix", "plan_rejected", "promise", "stocks", "substances"]  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    def views(loop, folder):
        (folder / "report.html").write_text(loop.plan.status, encoding="utf-8")

    return run(ash_scenario(), tmp_path_factory.mktemp("outputs"), views=views)


def test_a_run_folder_holds_everything(finished):
    names = sorted(
        path.relative_to(finished.folder).as_posix() for path in finished.folder.rglob("*") if path.is_file()
    )
    assert names == sorted(
        ["scenario.yaml", "suggested.yaml", "plan.json", "results.xlsx", "report.html", "run.log", "manifest.json"]
        + [f"tables/{name}.csv" for name in TABLES]
    )
    assert finished.folder.parent.name == "ash_park"
    assert finished.folder.name.endswith(f"-{finished.manifest['input_sha256'][:8]}")


def test_the_manifest_says_what_was_run_and_how_it_ended(finished):
    manifest = json.loads((finished.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest == finished.manifest
    assert manifest["mfa"] == mfa.__version__
    assert manifest["plan"]["status"] == "optimal"
    assert manifest["plan"]["gap"] == pytest.approx(0.0, abs=1e-9)
    assert set(manifest["seconds"]) == {"before", "suggest", "after", "write"}
    assert manifest["runs"]["after"]["days"] == 365.0
    assert manifest["confidence"] == {"unstated": 8}  # five materials, two technologies, one acceptance
    assert set(manifest["files"]) >= {f"tables/{name}.csv" for name in TABLES}
    log = (finished.folder / "run.log").read_text(encoding="utf-8").splitlines()
    assert [line.split(" ", 1)[1] for line in log][:4] == ["before", "suggest", "after", "write"]


def test_a_run_folder_reads_back_equal(finished):
    again = read_run(finished.folder)
    assert again.plan == finished.loop.plan
    for results, known in zip(again.results.values(), finished.loop.runs, strict=True):
        assert results.scenario == known.scenario
        assert (results.run, results.days, results.warnings) == (known.run, known.days, known.warnings)
        for name, table in known.tables().items():
            assert results.tables()[name].equals(table), name
    assert compare(finished.folder).equals(compare(finished.loop))
    assert compare(again).equals(compare(finished.loop))


def test_a_suggested_scenario_runs_to_the_same_tables(finished):
    again = mfa.simulate(mfa.load_scenario(finished.folder / "suggested.yaml"))
    for name, table in finished.loop.after.tables().items():
        assert again.tables()[name].equals(table), name


def test_the_same_input_gives_the_same_bytes_in_any_order_of_firms(finished, tmp_path):
    what = ash_scenario()
    turned = what.replace(park=what.park.replace(firms=dict(reversed(what.park.firms.items()))))
    again = run(turned, tmp_path)
    for name in [*(f"tables/{name}.csv" for name in TABLES), "results.xlsx"]:
        assert (again.folder / name).read_bytes() == (finished.folder / name).read_bytes(), name


def test_a_scenario_file_names_the_folder_and_its_changes_are_noted(finished, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_bytes((finished.folder / "scenario.yaml").read_bytes())
    done = run(file, tmp_path / "out", changes={"park.firms.kiln.lines.kiln.utilisation": "50%"}, seed=7)
    assert done.folder.parent.name == "mine"
    assert done.manifest["seed"] == 7
    assert [change.split(":")[0] for change in done.manifest["changes"]] == [
        "park.firms.kiln.lines.kiln.utilisation",
        "seed",
    ]
    assert done.loop.before.scenario.park.firms["kiln"].lines["kiln"].utilisation == 0.5


def test_nothing_is_written_for_a_wrong_scenario(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text("mfa: 1\nname: x\n", encoding="utf-8")
    with pytest.raises(InputError):
        run(file, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [file]


def test_changes_without_a_file_are_refused(tmp_path):
    with pytest.raises(UsageError, match="changes and seed go with a scenario file"):
        run(ash_scenario(), tmp_path, seed=3)
    assert list(tmp_path.iterdir()) == []


def test_what_a_run_does_not_act_on_is_named(tmp_path):
    breakdowns = Disruption(firm="kiln", lasts=3.0, mean_time_between=50.0)
    done = run(ash_scenario(disruptions=(breakdowns,)), tmp_path)
    assert done.manifest["unacted"] == list(done.loop.notes.unacted)
    assert len(done.manifest["unacted"]) == 1


KILLED = """
import os, signal, sys
from examples import ash_scenario
from mfa.experiments import run
run(ash_scenario(), sys.argv[1], views=lambda loop, folder: os.kill(os.getpid(), signal.SIGTERM))
"""


def test_a_run_that_is_killed_while_writing_leaves_no_run_folder(tmp_path):
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    child = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env=environment, check=False)
    assert child.returncode != 0
    (left,) = (tmp_path / "ash_park").iterdir()
    assert left.name.startswith(".")
    assert left.name.endswith(".partial")
    assert not is_run_folder(left)


def test_nothing_is_left_where_the_views_fail(tmp_path):
    def views(_loop, _folder):
        raise OSError(28, "No space left on device", "report.html")

    with pytest.raises(FolderError, match=r"report\.html: cannot be written \(No space left on device\)"):
        run(ash_scenario(), tmp_path, views=views)
    assert [path.name for path in tmp_path.rglob("*")] == ["ash_park"]


def test_a_plan_without_a_solution_is_written_with_the_run_before_it(tmp_path, monkeypatch):
    answer = Plan(status="infeasible", solver="highs", message="the budget is too small")
    monkeypatch.setattr("mfa.optimization.suggest", lambda *_: answer)
    done = run(ash_scenario(), tmp_path)
    assert not (done.folder / "suggested.yaml").exists()
    again = read_run(done.folder)
    assert list(again.results) == ["before"]
    assert (again.plan, again.manifest["plan"]["message"]) == (answer, "the budget is too small")


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(FolderError) as caught:
        read_run(tmp_path)
    cause = "manifest.json cannot be read (No such file or directory); name one like outputs/SCENARIO/RUN"
    assert str(caught.value) == f"{tmp_path} is no run folder: {cause}"
    Path(tmp_path / "manifest.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(FolderError, match="written in layout 99, this version reads layout 1"):
        read_run(tmp_path)
