"""Functions of one's own: `--with my_file.py` runs a file whose decorators register them (design §10)."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

from mfa.errors import FolderError, InputError, MfaError, Problem
from mfa.language import tr


def load(files: Iterable[Path]) -> None:
    """Run each file once, so that what it decorates is known by name.

    Raises FolderError where there is no such file, InputError with the line where running it failed.
    """
    for file in files:
        if not file.is_file():
            raise FolderError(tr("{file}: there is no such file to load with --with", file=file))
        _run(file)


def _run(file: Path) -> None:
    name = f"mfa_extension_{file.stem}"
    spec = importlib.util.spec_from_loader(name, importlib.machinery.SourceFileLoader(name, str(file)))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except MfaError:
        raise
    except Exception as error:
        text = tr("running it failed: {kind}: {cause}", kind=type(error).__name__, cause=error)
        raise InputError([Problem(f"{file}:{_line(error, file)}:1", "", text)]) from error


def _line(error: Exception, file: Path) -> int:
    """Return the line of `file` that failed."""
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    return lines[-1] if lines and lines[-1] else 1
