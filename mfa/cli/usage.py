"""What typer says of commands and options, in the language of the user."""

from __future__ import annotations

import re
from typing import Any

from mfa.language import tr

HELP_WORDS = (
    "Usage:",
    "Options:",
    "Arguments:",
    "Commands:",
    "Show this message and exit.",
    "[required]",
    "[default: ",
)
"""What typer writes around our own texts in a help page."""

COMPLAINTS = (
    "No such command '{name}'.",
    "No such option: {name}",
    "Missing argument '{name}'.",
    "Missing command.",
    "Option '{name}' requires an argument.",
    "Got unexpected extra argument(s) ({name})",
    "Invalid value for {name}: Value error, {got} is not one of {known}.",
    "Invalid value for {name}: {cause}",
)
"""What typer complains about."""


def translate(program: Any) -> None:
    """Put every help text of a command and those below it into the current language."""
    for name in ("help", "epilog"):
        text = getattr(program, name, None)
        if text:
            setattr(program, name, tr(text))
    program.short_help = program.help  # which typer would cut at a word, and Chinese has no spaces
    for parameter in program.params:
        if getattr(parameter, "help", None):
            parameter.help = tr(parameter.help)
    page = program.get_help
    program.get_help = lambda context: with_words(page(context))
    for below in getattr(program, "commands", {}).values():
        translate(below)


def with_words(page: str) -> str:
    """Return a help page with typer's own words in the current language."""
    for word in HELP_WORDS:
        page = page.replace(word, tr(word))
    return page


def complaint(message: str) -> str:
    """Return what typer complains about in the current language; as it stands where it says something rare."""
    for text in COMPLAINTS:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(text))
        found = re.fullmatch(pattern, message, flags=re.DOTALL)
        if found:
            return tr(text, None, **found.groupdict())
    return message
