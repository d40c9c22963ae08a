"""Run folders: made under a name of their own, filled aside, and put in place whole or not at all (design §8)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from mfa.errors import FolderError
from mfa.language import tr
from mfa.results.names import run_name, slug


@dataclass(frozen=True)
class Workplace:
    """Where a run writes while it works (`temporary`), and where its folder will stand (`final`)."""

    temporary: Path
    final: Path


@contextmanager
def new_run_folder(out: Path, name: str, digest: str) -> Iterator[Workplace]:
    """Yield a place to write in; on leaving it is renamed to `out/<name>/<UTC time>-<hash>`, or removed after an error.

    Args:
        out: folder of all runs, made where missing.
        name: of the scenario; any text.
        digest: hash of what the run depends on.

    Raises:
        FolderError: before the run starts, where nothing can be written there; or where the disk fills up.
    """
    parent = out / slug(name)
    with folder_errors(parent):
        workplace = _claim(parent, run_name(datetime.now(UTC), digest))
    try:
        yield workplace
        with folder_errors(parent):
            sync(workplace.temporary)
            os.rename(workplace.temporary, workplace.final)  # noqa: PTH104 (Path.rename would do the same)
            sync_folder(parent)
    finally:
        shutil.rmtree(workplace.temporary, ignore_errors=True)


@contextmanager
def folder_errors(folder: Path) -> Iterator[None]:
    """Raise what the system says about files below `folder` as a FolderError that names the file and the cause."""
    try:
        yield
    except OSError as error:
        place, cause = error.filename or folder, error.strerror or str(error)
        text = tr("{place}: cannot be written ({cause}); choose another folder with --out", place=place, cause=cause)
        raise FolderError(text) from error


def _claim(parent: Path, wanted: str) -> Workplace:
    """Make the temporary folder, which is the lock on its name; a name that is taken gets a number."""
    parent.parent.mkdir(parents=True, exist_ok=True)
    if parent.is_symlink():
        raise FolderError(tr("{folder} is a symbolic link; runs are written to real folders only", folder=parent))
    parent.mkdir(exist_ok=True)
    for number in count(1):
        name = wanted if number == 1 else f"{wanted}-{number}"
        temporary, final = parent / f".{name}.partial", parent / name
        try:
            temporary.mkdir()
        except FileExistsError:
            continue
        if not os.path.lexists(final):
            return Workplace(temporary, final)
        temporary.rmdir()
    raise AssertionError("numbers do not end")


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet; a link or device in its place is refused.

    Raises OSError where it cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
        file.write(data)


def sync(folder: Path) -> None:
    """Bring every file below a folder, and the folders, to the disk."""
    for path, _, names in os.walk(folder):
        for name in names:
            with (Path(path) / name).open("rb+") as file:
                os.fsync(file.fileno())
        sync_folder(Path(path))


def sync_folder(folder: Path) -> None:
    """Bring the entries of a folder to the disk, where the system can (Windows cannot)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
