"""The toolkit in a shell: the command `mfa`, also `python -m mfa`."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> int:
    """Run the command line (by default `sys.argv`) and return its exit code (design §9)."""
    from mfa.cli.shell import run

    return run(arguments)
