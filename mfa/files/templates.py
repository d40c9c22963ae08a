"""Scenarios to start from: `mfa new` copies one, named by the user, in the user's language."""

from __future__ import annotations

import json
import re
from pathlib import Path

from mfa.errors import FolderError, UsageError
from mfa.files.library import data_root
from mfa.files.schema import schema_text
from mfa.language import tr

SCHEMA_FILE = "mfa.schema.json"
"""Written beside a new scenario; its first line tells editors to complete and check with it."""

COMMENT = re.compile(r"(?<!\S)# (?P<text>\S.*)$", re.MULTILINE)
USUAL_NAME = re.compile(r"[\w][\w .-]{0,99}(?<![ .])")
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""


def templates() -> dict[str, str]:
    """Return template name → its text."""
    folder = data_root() / "scenarios" / "templates"
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml"))}


def write_template(name: str, template: str = "first") -> tuple[Path, Path]:
    """Write `name`.yaml from a template and return it with the schema beside it; nothing is overwritten.

    Raises UsageError for a name that is no file name or an unknown template, FolderError where the file exists
    or cannot be written.
    """
    known = templates()
    if template not in known:
        raise UsageError(tr("there is no template '{name}'; there are {known}", name=template, known=", ".join(known)))
    path = path_named(name, ".yaml", ".yml")
    schema = path.with_name(SCHEMA_FILE)
    write_new(path, template_text(known[template], path.stem).encode("utf-8"))
    if not schema.exists():
        write_new(schema, schema_text().encode("utf-8"))
    return path, schema


def template_text(text: str, name: str) -> str:
    """Return a template under another name, its comments in the current language."""
    named = re.sub(r"^name: .*$", lambda _: f"name: {json.dumps(name, ensure_ascii=False)}", text, flags=re.MULTILINE)
    read = COMMENT.sub(lambda found: f"# {tr(found['text'])}", named)
    return f"# yaml-language-server: $schema={SCHEMA_FILE}\n{read}"


def path_named(name: str, *suffixes: str) -> Path:
    """Return the file that a user names, with the first suffix unless it has one; raises UsageError for no name."""
    path = Path(name if name.endswith(suffixes) else f"{name}{suffixes[0]}")
    if not USUAL_NAME.fullmatch(path.stem) or DEVICES.fullmatch(path.stem):
        raise UsageError(tr("'{name}' is no name for a file; use letters, digits, - and _", name=name))
    return path


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet; raises FolderError where it is, or cannot be written."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise FolderError(tr("{path} exists already; choose another name", path=path)) from None
    except OSError as error:
        raise FolderError(tr("{path} cannot be written: {cause}", path=path, cause=error.strerror)) from error
