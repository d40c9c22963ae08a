import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mfa import __version__ as mfa_version
from mfa.cli import shell
from mfa.cli.app import command
from mfa.cli.usage import COMPLAINTS, HELP_WORDS
from mfa.errors import InputError, InvariantError, LimitReached, MfaError, Problem, SolverError, UsageError
from mfa.language import chinese

ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "pandas", "networkx", "pydantic", "ruamel", "pyomo", "matplotlib", "simpy", "scipy"}


def modules_after(code):
    """Return which heavy packages a fresh Python has loaded after running `code`."""
    script = f"{code}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}}, file=sys.stderr)"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    return set(done.stderr.splitlines()[-1].split()) & HEAVY


def test_help_loads_nothing_heavy():
    assert modules_after("from mfa.cli import main; assert main(['--help']) == 0") == set()
    # typer itself reads the options of one command with pydantic
    assert modules_after("from mfa.cli import main; assert main(['run', '--help']) == 0") <= {"pydantic"}


def test_help_is_light_beside_a_bare_python():
    """A count, not a time: `mfa --help` loads few modules beyond those of a bare interpreter."""
    count = "import sys; print(len(sys.modules))"
    bare, helped = (
        int(
            subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
            ).stdout.splitlines()[-1]
        )
        for code in (count, f"from mfa.cli import main; main(['--help']); {count}")
    )
    assert helped - bare < 180


def test_every_command_shows_its_help_in_both_languages(mfa):
    for name in ("run", "validate", "suggest", "compare", "new", "list", "schema", "doctor"):
        english, chinese_help = mfa(name, "--help"), mfa(name, "--help", "--lang", "zh")
        assert (english.returncode, chinese_help.returncode) == (0, 0)
        assert f"Usage: mfa {name}" in english.stdout
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese_help.stdout)


def test_every_help_text_has_a_chinese_one():
    def texts(program):
        yield from (text for text in (program.help, getattr(program, "epilog", None)) if text)
        yield from (parameter.help for parameter in program.params if getattr(parameter, "help", None))
        for below in getattr(program, "commands", {}).values():
            yield from texts(below)

    missing = [text for text in texts(command()) if text not in chinese()]
    assert missing == []


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["foo"], "mfa: error: No such command 'foo'. See mfa --help."),
        (["run"], "mfa: error: Missing argument 'SCENARIO'. See mfa --help."),
        (["new", "x", "--nothing"], "mfa: error: No such option: --nothing See mfa --help."),
        (["run", "x.yaml", "--set", "seed"], "mfa: error: --set takes PATH=VALUE, got 'seed'"),
        (["list", "--lang", "fr"], "mfa: error: --lang (or MFA_LANG) is en or zh, not 'fr'"),
        (["list", "--lang"], "mfa: error: --lang (or MFA_LANG) is en or zh, not ''"),
    ],
)
def test_a_command_line_that_is_not_understood_exits_2_with_one_line(mfa, arguments, line):
    done = mfa(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", line + "\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["foo"], "没有命令“foo”。"),
        (["run"], "缺少参数“SCENARIO”。"),
        (["new", "x", "--nothing"], "没有选项 --nothing。"),
        (["run", "x.yaml", "--seed", "-1"], "'--seed' 的值无效："),
        (["new", "a", "b"], "多余的参数（b）。"),
    ],
)
def test_typer_s_own_complaints_exist_in_chinese(inside, arguments, line):
    done = inside(*arguments, "--lang", "zh")
    assert done.returncode == 2
    assert done.stderr.startswith(f"mfa: error: {line}")
    assert done.stderr.endswith("见 mfa --help。\n")


def test_typer_s_own_words_have_chinese_ones():
    assert [text for text in (*HELP_WORDS, *COMPLAINTS) if text not in chinese()] == []


@pytest.mark.parametrize("option", ["--gap", "--time-limit"])
@pytest.mark.parametrize("value", ["nan", "inf", "-1", "five"])
def test_a_number_that_is_none_is_refused_before_anything_is_read(inside, option, value):
    done = inside("run", "nothing.yaml", option, value)
    assert done.returncode == 2
    assert done.stderr.startswith(f"mfa: error: Invalid value for '{option}': ")


def test_the_language_comes_from_the_option_or_the_environment(mfa):
    assert "不能用作文件名" in mfa("new", "a/../b?", env={"MFA_LANG": "zh"}).stderr
    assert "is no name" in mfa("new", "b?", "--lang=en", env={"MFA_LANG": "zh"}).stderr
    assert mfa("list", env={"MFA_LANG": "fr"}).returncode == 2


def test_lang_may_stand_anywhere_before_a_double_dash():
    assert shell.take_language(["--lang", "zh", "run", "x"]) == (["run", "x"], "zh")
    assert shell.take_language(["run", "x", "--lang=en"], "zh") == (["run", "x"], "en")
    assert shell.take_language(["new", "--", "--lang"]) == (["new", "--", "--lang"], "en")


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (UsageError("what?"), 2, ["mfa: error: what?"]),
        (
            InputError([Problem("a.yaml:1:2", "park", "wrong\nindeed"), Problem("a.yaml:3:4", "", "also", "warning")]),
            3,
            ["a.yaml:1:2: error: park: wrong indeed", "a.yaml:3:4: warning: also"],
        ),
        (SolverError("none"), 5, ["mfa: error: none"]),
        (LimitReached("60 s"), 6, ["mfa: error: 60 s"]),
        (PermissionError(13, "Permission denied", "outputs"), 7, ["mfa: error: outputs: Permission denied"]),
        (KeyboardInterrupt(), 130, ["mfa: error: interrupted"]),
        (shell.Interrupted(signal.SIGTERM), 143, ["mfa: error: interrupted"]),
    ],
)
def test_an_error_becomes_its_exit_code_and_one_line_a_problem(error, code, lines):
    assert shell.explain(error) == (code, lines)


@pytest.mark.parametrize("error", [InvariantError("mass was lost"), ZeroDivisionError("1/0"), MfaError("?")])
def test_our_own_bug_exits_8_with_a_log_and_no_traceback(error, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, lines = shell.explain(error)
    (log,) = tmp_path.iterdir()
    assert code == 8
    assert lines[-1] == f"mfa: error: please report it with the log in {log}"
    assert type(error).__name__ in log.read_text(encoding="utf-8")
    assert not any("Traceback" in line for line in lines)


def test_where_no_log_can_be_written_the_answer_still_comes(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    code, lines = shell.explain(ZeroDivisionError("1/0"))
    assert code == 8
    assert lines[-1].startswith("mfa: error: no log could be written: ")


def test_chinese_is_written_where_the_locale_knows_only_ascii(mfa):
    done = mfa("new", "b?", "--lang", "zh", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (2, "mfa: error: “b?”不能用作文件名；请用字母、汉字、数字、- 和 _\n")


WAIT = """
import sys
from mfa.cli import shell
def dispatch(arguments):
    print("ready", flush=True)
    import time
    time.sleep(60)
shell.dispatch = dispatch
sys.exit(shell.run([]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("ignored", [False, True])
def test_a_signal_ends_the_program_even_where_it_was_inherited_ignored(number, code, ignored):
    def ignore():
        signal.signal(number, signal.SIG_IGN)

    process = subprocess.Popen(
        [sys.executable, "-c", WAIT],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=ignore if ignored else None,
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    _, complaint = process.communicate(timeout=30)
    assert (process.returncode, complaint) == (code, "mfa: error: interrupted\n")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_run_that_is_interrupted_leaves_nothing_half_written(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "mfa", "run", str(ROOT / "scenarios" / "coal_steel_cement.yaml")],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT), "MFA_LANG": "en"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr.readline() == "simulating the park as it is …\n"
    assert list(tmp_path.rglob(".*.partial"))
    process.send_signal(signal.SIGINT)
    said, complaint = process.communicate(timeout=60)
    assert (process.returncode, said, complaint) == (130, "", "mfa: error: interrupted\n")
    assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == []
    assert list(tmp_path.rglob(".*.partial")) == []


def pieces_of(terminal):
    """Yield what is written to a terminal until its last writer has gone, which Linux tells as an error."""
    with os.fdopen(terminal, "rb", buffering=0) as file, contextlib.suppress(OSError):
        while piece := file.read(65536):
            yield piece


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX terminal")
def test_in_a_terminal_a_bar_shows_how_far_the_run_is(tmp_path):
    shown, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mfa", "run", str(ROOT / "scenarios" / "first_park.yaml"), "--json"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"},
        stdout=subprocess.PIPE, stderr=terminal,
    )  # fmt: skip
    os.close(terminal)
    drawn = b"".join(pieces_of(shown)).decode("utf-8", errors="replace")
    answer, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(answer)["utilisation"]["promised"] == pytest.approx(0.408)
    assert "\x1b[" in drawn
    assert "simulating the park as it is" in drawn


def test_the_version_is_told(inside):
    done = inside("--version")
    assert (done.returncode, done.stdout) == (0, f"mfa {mfa_version}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX pipe")
def test_a_reader_that_goes_away_is_not_a_crash():
    script = f"{sys.executable} -m mfa --help | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert done.returncode in (0, 7)
