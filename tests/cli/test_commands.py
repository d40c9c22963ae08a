"""Each command on small scenarios: what it prints, what it writes, how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mfa.cli.suggesting import judge
from mfa.errors import MfaError
from mfa.park.plan import Plan

ROOT = Path(__file__).parents[2]
FIRST = ROOT / "scenarios" / "first_park.yaml"
HEAVY = {"pandas", "pyomo", "matplotlib"}


@pytest.fixture
def loaded(tmp_path):
    """Run a command in a fresh Python; returns which heavy packages it has loaded."""

    def call(*arguments):
        script = (
            f"import sys; from mfa.cli import main; code = main({[str(a) for a in arguments]!r}); "
            "print(*sys.modules, file=sys.stderr); sys.exit(code)"
        )
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {script}"],
            cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=True,
        )  # fmt: skip
        return set(done.stderr.split()) & HEAVY

    return call


def test_the_light_commands_load_nothing_heavy(loaded):
    assert loaded("validate", FIRST) == set()
    assert loaded("new", "mine") == set()
    assert loaded("schema") == set()
    assert loaded("list", "materials") == set()


@pytest.mark.parametrize("template", ["first", "park", "region"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_template_is_valid_as_it_stands_and_can_be_improved(inside, template, language):
    made = inside("new", "mine", "--template", template, "--lang", language)
    assert (made.returncode, made.stderr) == (0, "")
    checked = inside("validate", "mine.yaml")
    assert (checked.returncode, checked.stderr) == (0, "")
    plan = json.loads(inside("suggest", "mine.yaml", "--json").stdout)
    assert plan["status"] == "optimal"
    assert len([link for link in plan["planned_links"] if link["link"].get("status") == "candidate"]) >= 1


def test_new_writes_the_schema_beside_it_and_overwrites_nothing(inside, tmp_path):
    assert inside("new", "mine").returncode == 0
    schema = json.loads((tmp_path / "mfa.schema.json").read_text(encoding="utf-8"))
    assert schema["title"] == "mfa scenario"
    first_line, *rest = (tmp_path / "mine.yaml").read_text(encoding="utf-8").splitlines()
    assert first_line == "# yaml-language-server: $schema=mfa.schema.json"
    assert 'name: "mine"' in rest
    (tmp_path / "mine.yaml").write_text("kept", encoding="utf-8")
    again = inside("new", "mine")
    assert (again.returncode, again.stderr) == (7, "mfa: error: mine.yaml exists already; choose another name\n")
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "kept"
    assert inside("new", "other.yaml").returncode == 0


@pytest.mark.parametrize("name", ["", "con", "NUL.yaml", "a?b", "..", "ends.", " ", "x" * 200, "a/.."])
def test_a_name_that_is_no_file_name_is_refused(inside, tmp_path, name):
    done = inside("new", name)
    assert (done.returncode, done.stderr) == (
        2,
        f"mfa: error: '{name}' is no name for a file; use letters, digits, - and _\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(inside):
    done = inside("new", "nowhere/mine")
    assert (done.returncode, done.stderr.split(":")[:2]) == (7, ["mfa", " error"])
    assert "nowhere" in done.stderr


def test_validate_tells_every_problem_on_stderr_and_exits_3(inside, tmp_path):
    (tmp_path / "bad.yaml").write_text(
        FIRST.read_text(encoding="utf-8")
        .replace("capacity: 50 kt/yr", "capacty: 50 kt/yr")
        .replace("3 MCNY", "-3 MCNY"),
        encoding="utf-8",
    )
    done = inside("validate", "bad.yaml", FIRST)
    assert done.returncode == 3
    assert len([line for line in done.stderr.splitlines() if line.startswith("bad.yaml:") and ": error: " in line]) >= 2
    assert (
        done.stdout == f"{FIRST}: valid; 4 firms, 2 boundary nodes, 1 links, 17 materials, 2025-01-01 to 2025-12-31\n"
    )


def test_validate_as_json_is_for_scripts(inside, tmp_path):
    (tmp_path / "bad.yaml").write_text("park: 3\n", encoding="utf-8")
    done = inside("validate", "bad.yaml", "--json")
    (answer,) = json.loads(done.stdout)
    assert (done.returncode, done.stderr, answer["file"], answer["valid"]) == (3, "", "bad.yaml", False)
    assert {"place", "path", "message", "level"} == set(answer["problems"][0])


def test_a_change_from_the_command_line_is_logged_and_checked(inside):
    done = inside("validate", FIRST, "--set", "park.firms.pvc.capacity=60 kt/yr")
    assert (done.returncode, done.stderr) == (0, "")
    assert "changed park.firms.pvc.capacity: 50 kt/yr → 60 kt/yr" in done.stdout
    wrong = inside("validate", FIRST, "--set", "park.firms.pvc.capacty=60 kt/yr")
    assert wrong.returncode == 3
    assert "capacty" in wrong.stderr


def test_suggest_prints_the_plan_with_reasons_and_writes_it(inside):
    done = inside("suggest", FIRST, "--out", "built.yaml", "--solver", "highs")
    assert done.returncode == 0
    assert "1. PVC plant → Cement works: Carbide slag" in done.stdout
    assert "utilisation promised: 40.8 %" in done.stdout
    assert "proven best by highs" in done.stdout
    assert inside("validate", "built.yaml").returncode == 0
    again = inside("suggest", FIRST, "--out", "built.yaml")
    assert (again.returncode, again.stdout) == (7, "")


@pytest.mark.parametrize(
    ("status", "code", "answer"),
    [
        ("infeasible", 4, "no plan: the budget is too small"),
        ("unbounded", 4, "no plan: the budget is too small"),
        ("no_plan_found", 5, "glpk gave no plan: the budget is too small"),
        ("failed", 5, "glpk gave no plan: the budget is too small"),
        ("feasible", 6, "a limit was reached: the best plan so far, not proven best (gap 12.50%)"),
    ],
)
def test_a_plan_that_is_no_proven_optimum_ends_in_its_exit_code(status, code, answer):
    plan = Plan(status=status, solver="glpk", message="the budget is too small", gap=0.125)
    with pytest.raises(MfaError) as caught:
        judge(plan)
    assert (caught.value.exit_code, str(caught.value)) == (code, answer)


def test_a_proven_optimum_is_no_complaint():
    assert judge(Plan(status="optimal", solver="highs", gap=0.0)) is None


def test_compare_sets_scenarios_side_by_side(inside):
    done = inside("compare", FIRST, ROOT / "scenarios" / "kalundborg.yaml", "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 0
    assert {"indicator", "of", "unit", "first_park", "kalundborg", "change"} == set(rows[0])
    headline = next(row for row in rows if row["indicator"] == "solid_waste_utilisation" and row["of"] == "")
    assert headline["first_park"] == pytest.approx(0.056)
    assert headline["kalundborg"] is None


def test_list_names_the_kinds_and_shows_each(inside):
    kinds = [row["kind"] for row in json.loads(inside("list", "--json").stdout)]
    assert {"materials", "technologies", "scenarios", "templates", "indicators", "objectives", "solvers"} <= set(kinds)
    for kind in kinds:
        done = inside("list", kind, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        assert len(json.loads(done.stdout)) >= 2
    unknown = inside("list", "dragons")
    assert (unknown.returncode, unknown.stderr.startswith("mfa: error: there is no kind 'dragons'; there are ")) == (
        2,
        True,
    )


def test_list_shows_names_in_the_language_asked_for(inside):
    assert "粉煤灰" in inside("list", "materials", "--lang", "zh").stdout
    assert "Fly ash" in inside("list", "materials").stdout


def test_doctor_finds_the_solvers_and_says_what_to_do(inside):
    done = inside("doctor", "--json")
    checks = {check["topic"]: check for check in json.loads(done.stdout)}
    assert done.returncode == 0
    assert checks["highs"]["code"] == 0
    assert checks["outputs"]["found"].endswith("can be written")
    assert all(check["remedy"] for check in checks.values() if check["code"])


EXTENSION = """
import mfa

@mfa.indicator("kiln_share", unit="fraction", source="this test")
def kiln_share(results):
    \"\"\"Share of the cement works in all exchanges.\"\"\"
    return 1.0
"""


def test_functions_of_one_s_own_are_loaded_and_listed(mfa, tmp_path):
    (tmp_path / "mine.py").write_text(EXTENSION, encoding="utf-8")
    rows = json.loads(mfa("list", "indicators", "--with", "mine.py", "--json").stdout)
    assert "kiln_share" in {row["id"] for row in rows}
    rows = json.loads(mfa("compare", FIRST, "--with", "mine.py", "--json").stdout)
    assert [row["first_park"] for row in rows if row["indicator"] == "kiln_share"] == [1.0]


@pytest.mark.parametrize(
    ("text", "place"),
    [("x = 1\ny = 1 / 0\n", "mine.py:2:1"), ("x = (\n", "mine.py:1:1"), (EXTENSION + EXTENSION, None)],
)
def test_an_extension_that_fails_is_told_with_its_line(mfa, tmp_path, text, place):
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    done = mfa("list", "indicators", "--with", "mine.py")
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    if place is None:
        assert done.returncode == 2
        assert "kiln_share" in done.stderr
    else:
        assert done.returncode == 3
        assert done.stderr.startswith(f"{place}: error: running it failed: ")


def test_an_extension_that_is_not_there_exits_7(mfa):
    done = mfa("list", "--with", "nothing.py")
    assert (done.returncode, done.stderr) == (7, "mfa: error: nothing.py: there is no such file to load with --with\n")


def test_a_scenario_that_is_not_there_exits_7(inside, tmp_path):
    for command in ("run", "validate", "suggest", "compare"):
        done = inside(command, "nothing.yaml")
        assert done.returncode == 7
        assert "nothing.yaml" in done.stderr
    assert list(tmp_path.iterdir()) == []
