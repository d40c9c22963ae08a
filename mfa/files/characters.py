"""From bytes to text: files of a sane size, in UTF-8, without characters that deceive the eye."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from pathlib import Path

from mfa.errors import FolderError
from mfa.files.nearest import nearest
from mfa.files.tree import Fault, Mark, UnreadableError
from mfa.language import tr

MEGABYTE = 1_000_000
SIZE_OPTION = "MFA_MAX_FILE_MB"
"""Environment variable with the largest size of a file that is read, MB."""

_UTF8_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32", b"\x00\x00\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"
}  # fmt: skip

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
"""Control, bidirectional and zero-width characters and exotic line breaks: nowhere in a file."""

_ODD = {
    "：": "':' followed by a space", "，": "','", "“": "'\"'", "”": "'\"'", "［": "'['", "］": "']'",
    "｛": "'{'", "｝": "'}'", "（": "'('", "）": "')'", "－": "'-'", "＃": "'#'", "％": "'%'",
    "\u2212": "'-'", "–": "'-'",
    "　": "' '", "\u00a0": "' '", "\u202f": "' '", "\u2007": "' '", "\u00ad": "'-'",
}  # fmt: skip
"""Characters that look like the ones YAML needs → what to type instead."""

_ODD_ANYWHERE = re.compile("[" + "".join(_ODD) + "]")
_ODD_IN_KEYS = re.compile("[：　\u00a0\u202f\u2007\u00ad]")
_QUOTED_OR_COMMENT = re.compile(r"""\"(?:[^"\\]|\\.)*\"|'[^']*'|(?:^|\s)#.*""")


def read_text(path: Path, shown: str) -> str:
    """Read a text file.

    Args:
        path: the file.
        shown: how messages call it.

    Returns:
        Its text, without a byte order mark.

    Raises:
        FolderError: there is no such file, or it cannot be read.
        UnreadableError: it is too large, not UTF-8, or holds forbidden characters.
    """
    return decode(read_bytes(path, shown), shown)


def read_bytes(path: Path, shown: str) -> bytes:
    """Return what an ordinary file of a sane size holds; raises as `read_text` does."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:  # a pipe must not hang
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FolderError(tr("{file} is not an ordinary file", file=shown))
            most = largest_size()
            content = file.read(most + 1)
    except FileNotFoundError as error:
        raise FolderError(_missing(path, shown)) from error
    except OSError as error:
        raise FolderError(tr("{file} cannot be read: {reason}", file=shown, reason=error.strerror)) from error
    if len(content) > most:
        message = "the file is larger than {size:g} MB; put large tables into CSV files, or set {option} to allow more"
        raise UnreadableError(Fault(Mark(shown), "", tr(message, size=most / MEGABYTE, option=SIZE_OPTION)))
    return content


def largest_size() -> int:
    """Return the largest size of a file that is read, in bytes."""
    wanted = os.environ.get(SIZE_OPTION, "")
    return int(float(wanted) * MEGABYTE) if re.fullmatch(r"\d{1,6}(\.\d+)?", wanted) else 10 * MEGABYTE


def decode(content: bytes, shown: str) -> str:
    """Return the text of UTF-8 bytes, refusing other encodings and forbidden characters by their place."""
    for mark, name in _OTHER_MARKS.items():
        if content.startswith(mark):
            message = tr("the file is {encoding} (byte 0); {remedy}", encoding=name, remedy=_as_utf8(shown))
            raise UnreadableError(Fault(Mark(shown), "", message))
    offset = len(_UTF8_MARK) if content.startswith(_UTF8_MARK) else 0
    try:
        text = content[offset:].decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(_not_utf8(content, offset + error.start, shown)) from error
    found = _FORBIDDEN.search(text)
    if found:
        raise UnreadableError(Fault(mark_at(text, found.start(), shown), "", forbidden_message(found.group())))
    return text


def find_forbidden(text: str) -> str | None:
    """Return a message on the first forbidden character in a text; None where there is none."""
    found = _FORBIDDEN.search(text) or re.search("[\ud800-\udfff]", text)
    return forbidden_message(found.group()) if found else None


def forbidden_message(character: str) -> str:
    """Say which character may not stand in a file."""
    return tr("the invisible character {code} is not allowed; remove it", code=code_point(character))


def find_odd(text: str) -> str | None:
    """Return a message on the first character that only looks like one that YAML needs; None where there is none."""
    return _odd_message(_ODD_ANYWHERE.search(_QUOTED_OR_COMMENT.sub("", text)))


def find_odd_in_key(key: str) -> str | None:
    """Return a message on a character that makes a key of what was meant as key and value; None where there is none."""
    return _odd_message(_ODD_IN_KEYS.search(key))


def _odd_message(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    character = found.group()
    return tr("'{character}' is {code}; use {remedy}", character=character, code=code_point(character),
              remedy=_ODD[character])  # fmt: skip


def code_point(character: str) -> str:
    """Return the code point and name of a character: `U+FF1A FULLWIDTH COLON`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def mark_at(text: str, offset: int, shown: str) -> Mark:
    """Return the line and column of a character of a text."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Mark(shown, text.count("\n", 0, offset) + 1, offset - line_start + 1)


def _not_utf8(content: bytes, offset: int, shown: str) -> Fault:
    before = content[:offset]
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].decode("utf-8", errors="replace")) + 1
    place = Mark(shown, before.count(b"\n") + 1, column)
    if _is_chinese_code(content):
        message = "the file is in the encoding GB18030 (GBK), which Excel and Notepad in China may use; {remedy}"
        return Fault(place, "", tr(message, remedy=_as_utf8(shown)))
    message = "byte {offset} (0x{value:02X}) is not UTF-8; {remedy}"
    return Fault(place, "", tr(message, offset=offset, value=content[offset], remedy=_as_utf8(shown)))


def _is_chinese_code(content: bytes) -> bool:
    """Whether bytes make Chinese words in GB18030, and not in UTF-8."""
    try:
        return re.search("[\u4e00-\u9fff]", content.decode("gb18030")) is not None
    except UnicodeDecodeError:
        return False


def _as_utf8(shown: str) -> str:
    """Say how to save a file as UTF-8 with the program that most likely wrote it."""
    if shown.lower().endswith(".csv"):
        return tr("in Excel: Save As → CSV UTF-8 (Comma delimited)")
    return tr("save the file as UTF-8")


def _missing(path: Path, shown: str) -> str:
    folder = path.parent
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    near = nearest(path.name, names, likeness=0.75)
    hint = tr("; near it: {names}", names=", ".join(near)) if near else ""
    return tr("{file} does not exist (in {folder})", file=shown, folder=Path.cwd()) + hint
