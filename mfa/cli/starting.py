"""`mfa new`: a scenario or a table of firms to start from."""

from __future__ import annotations

from mfa.files.templates import write_template
from mfa.language import tr


def start(name: str, template: str) -> None:
    """Write a commented scenario and say what to do with it; raises FolderError."""
    scenario, schema = write_template(name, template)
    print(tr("wrote {scenario} (and {schema}, for your editor)", scenario=scenario, schema=schema))
    print(tr("next: mfa validate {scenario}", scenario=scenario))


def start_table(name: str) -> None:
    """Write a workbook for a list of firms and say what to do with it; raises FolderError."""
    from mfa.files.park_template import write_table

    table = write_table(name)
    print(tr("wrote {table}; fill it in", table=table))
    print(tr("next: mfa import-excel {table}", table=table))
