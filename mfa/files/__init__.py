"""How a park gets in and out of files: YAML, CSV, the library, and every check with its place and remedy."""

from mfa.files.assemble import is_park_file
from mfa.files.reader import Reading, load_park, load_scenario, read_scenario
from mfa.files.writer import scenario_text, write_scenario

__all__ = ["Reading", "is_park_file", "load_park", "load_scenario", "read_scenario", "scenario_text", "write_scenario"]
