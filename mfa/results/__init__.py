"""Results of runs as tidy tables, the checks they pass, and the folders they are kept in."""

from mfa.results.checks import check_tables
from mfa.results.reading import Run, is_run_folder, read_run
from mfa.results.recount import recount
from mfa.results.results import Results

__all__ = ["Results", "Run", "check_tables", "is_run_folder", "read_run", "recount"]
