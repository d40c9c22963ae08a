import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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
