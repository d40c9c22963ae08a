"""The edge to the shell: language, encoding, signals, and every error as one exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, get_args

from mfa.cli.terminal import one_line
from mfa.errors import MfaError, UsageError
from mfa.language import Language, current, tr

INTERNAL = 8
FILES = 7


class Interrupted(KeyboardInterrupt):
    """SIGINT or SIGTERM arrived; the only argument says which (SimPy makes exceptions anew from their arguments)."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; no exception leaves this function."""
    speak_utf8()
    language = current.get()
    try:
        with interruptible():
            code = dispatch(list(sys.argv[1:] if arguments is None else arguments))
            sys.stdout.flush()
            return code
    except BaseException as error:
        return report(error)
    finally:
        current.set(language)


def dispatch(arguments: list[str]) -> int:
    """Set the language, then let the command named in `arguments` do its work."""
    arguments, language = take_language(arguments, os.environ.get("MFA_LANG", ""))
    current.set(language)
    from mfa.cli.app import command

    program = command()
    with program.make_context("mfa", arguments) as context:
        program.invoke(context)
    return 0


def take_language(arguments: list[str], default: str = "") -> tuple[list[str], Language]:
    """Return the arguments without `--lang` (which may stand anywhere before `--`), and the language it names."""
    rest: list[str] = []
    chosen = default or "en"
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--lang":
            chosen = next(words, "")
        elif word.startswith("--lang="):
            chosen = word.removeprefix("--lang=")
        else:
            rest.append(word)
    for language in get_args(Language):
        if chosen == language:
            return rest, language
    raise UsageError(tr("--lang (or MFA_LANG) is en or zh, not '{given}'", given=chosen))


def speak_utf8() -> None:
    """Write UTF-8 whatever the console's code page, so that Chinese names never fail (Windows, LC_ALL=C)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn SIGINT and SIGTERM into `Interrupted`, also where the shell started us with SIGINT ignored (`mfa … &`)."""

    def stop(number: int, _: FrameType | None) -> None:
        raise Interrupted(number)

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def report(error: BaseException) -> int:
    """Say what went wrong on stderr, one problem a line, and return the exit code."""
    if isinstance(error, BrokenPipeError):
        # The reader has gone (`mfa list | head`): keep the interpreter's last flush from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FILES
    code, lines = explain(error)
    for line in lines:
        print(line, file=sys.stderr)
    return code


def explain(error: BaseException) -> tuple[int, list[str]]:
    """Return the exit code of an error and the lines that tell it."""
    if isinstance(error, MfaError):
        problems: Any = getattr(error, "problems", None)
        lines = [one_line(str(problem)) for problem in problems or ()] or [complaint(str(error))]
        return error.exit_code, lines + (seen_in_log(error) if error.exit_code == INTERNAL else [])
    if isinstance(error, KeyboardInterrupt):
        return 128 + (error.args or (signal.SIGINT,))[0], [complaint(tr("interrupted"))]
    if isinstance(error, OSError):
        return FILES, [complaint(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "))]
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else INTERNAL, []
    shown = usage_answer(error)
    if shown is not None:
        return shown
    text = tr("something unexpected happened ({kind}); this is a bug of ours", kind=type(error).__name__)
    return INTERNAL, [complaint(text), *seen_in_log(error)]


def usage_answer(error: BaseException) -> tuple[int, list[str]] | None:
    """Return what typer's own exceptions mean: an early exit, or a command line that was not understood."""
    import typer

    if isinstance(error, typer.Exit):
        return error.exit_code, []
    if type(error).__name__ == "NoArgsIsHelpError":
        return UsageError.exit_code, [str(error)]
    if isinstance(error, typer.TyperException):
        from mfa.cli import usage

        return UsageError.exit_code, [complaint(f"{usage.complaint(error.format_message())} {tr('See mfa --help.')}")]
    return None


def complaint(message: str) -> str:
    """Return one line that says which program complains about what."""
    return one_line(f"mfa: error: {message}")


def seen_in_log(error: BaseException) -> list[str]:
    """Write the traceback to a file of its own and return the line that says where."""
    import tempfile
    import traceback

    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="mfa-", suffix=".log", delete=False) as log:
            traceback.print_exception(error, file=log)
    except OSError as refused:
        return [complaint(tr("no log could be written: {cause}", cause=refused))]
    return [complaint(tr("please report it with the log in {file}", file=log.name))]
