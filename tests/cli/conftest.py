import os
import subprocess
import sys
from pathlib import Path

import pytest

from mfa.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def inside(tmp_path, monkeypatch, capsys):
    """Run the command in this process, in an empty folder: as `mfa`, but fast."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MFA_LANG", raising=False)

    def call(*arguments):
        words = [str(argument) for argument in arguments]
        code = main(words)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, said.out, said.err)

    return call


@pytest.fixture
def mfa(tmp_path):
    """Run the command in a process of its own, in an empty folder; returns the completed process."""

    def call(*arguments, cwd=tmp_path, env=None, **options):
        environment = {key: value for key, value in os.environ.items() if key != "MFA_LANG"}
        environment |= {"PYTHONPATH": str(ROOT)} | (env or {})
        command = [sys.executable, "-m", "mfa", *map(str, arguments)]
        return subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            **options,
        )

    return call
