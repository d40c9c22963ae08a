"""Whatever is typed, the answer is an exit code and sentences: never a traceback, never 'our bug'."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mfa.cli import main
from mfa.cli.shell import take_language

WORDS = ["validate", "compare", "new", "list", "schema", "run", "suggest", "--json", "--set", "a=b", "=", "--seed",
         "-1", "--out", ".", "..", "/", "", "--with", "nothing.yaml", "--lang", "zh", "--", "--help", "materials",
         "nul", "x" * 300, "--gap", "nan", "--time-limit", "inf", "--solver", "highs", "~", "{}", "[red]"]  # fmt: skip
# No system passes a NUL in an argument.
possible = st.characters(exclude_characters="\0", exclude_categories=("Cs",))
words = st.lists(st.sampled_from(WORDS) | st.text(possible, max_size=4), max_size=5)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=words)
def test_any_words_get_a_proper_answer(tmp_path, capsys, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    code = main(words)
    said = capsys.readouterr()
    assert code in (0, 2, 3, 7), said.err
    assert "Traceback" not in said.err
    assert (code == 0) or said.err


@pytest.mark.parametrize("command", ["validate", "run", "suggest", "compare"])
@pytest.mark.parametrize("name", ["x" * 5000, os.sep, "~nobody"])
def test_a_name_that_no_file_can_have_is_a_matter_of_files(inside, command, name):
    done = inside(command, name)
    assert done.returncode == 7
    assert done.stdout == ""
    assert sum(line.startswith("mfa: error: ") for line in done.stderr.splitlines()) == 1


@given(words=st.lists(st.text(max_size=5)), language=st.sampled_from(["en", "zh"]), at=st.integers(0, 9))
def test_the_language_is_taken_out_and_nothing_else(words, language, at):
    words = [word for word in words if word not in ("--", "--lang") and not word.startswith("--lang=")]
    at = min(at, len(words))
    given_words = [*words[:at], "--lang", language, *words[at:]]
    assert take_language(given_words) == (words, language)
