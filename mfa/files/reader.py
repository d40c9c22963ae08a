"""Reading a scenario: from a file to a checked `Scenario`, with every problem told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mfa.errors import InputError, Problem
from mfa.files import library
from mfa.files.add_routes import add_routes
from mfa.files.assemble import add_library, expand_firms, merge, name_links, read_base, read_file, read_park_file
from mfa.files.build import build_scenario
from mfa.files.changes import Change, apply_changes, changes_from, changes_in
from mfa.files.checks import check, check_entries, unacted
from mfa.files.convert import Conversion
from mfa.files.fields import SCENARIO
from mfa.files.identity import check_ids
from mfa.files.measured_rows import places_of_rows
from mfa.files.names import names_of
from mfa.files.samples import choose_samples
from mfa.files.tree import Address, Fault, Node, UnreadableError, address, walk
from mfa.files.uncertain_values import place_laws, settle, with_laws
from mfa.language import tr
from mfa.park.park import Park
from mfa.park.scenario import Scenario

MOST_PROBLEMS = 50
"""So many errors are told at once, and as many warnings."""


@dataclass(frozen=True)
class Reading:
    """What came of reading a file.

    `scenario` is None where there are errors; `problems` holds errors and warnings by place; `changes` logs
    `path: old → new`; `unacted` says in sentences what was read and a run does not act on yet; `measured_at` is where
    each row of its measurements stands.
    """

    scenario: Scenario | None
    problems: tuple[Problem, ...] = ()
    changes: tuple[str, ...] = ()
    unacted: tuple[str, ...] = ()
    measured_at: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the scenario from being run."""
        return tuple(problem for problem in self.problems if problem.level == "error")


def load_scenario(path: str | Path, changes: Mapping[str, str] | None = None, seed: int | None = None) -> Scenario:
    """Read a scenario file.

    Args:
        path: the YAML file.
        changes: path → value, as after `--set`, such as `{"park.firms.kiln.capacity": "1400 kt/yr"}`.
        seed: in the place of the file's own.

    Returns:
        The checked scenario.

    Raises:
        InputError: the file says something wrong; holds all problems found.
        FolderError: there is no such file, or it cannot be read.
    """
    reading = read_scenario(path, changes, seed)
    if reading.scenario is None:
        raise InputError(reading.errors)
    return reading.scenario


def read_scenario(path: str | Path, changes: Mapping[str, str] | None = None, seed: int | None = None) -> Reading:
    """Read a scenario file and say what is wrong with it; arguments as of `load_scenario`.

    Raises:
        FolderError: there is no such file, or it cannot be read.
    """
    return _read(read_file, path, dict(changes or {}) | ({} if seed is None else {"seed": str(seed)}))


def load_park(path: str | Path) -> Park:
    """Read the park of a park file, or of a scenario file; raises as `load_scenario`."""
    reading = _read(read_park_file, path, {})
    if reading.scenario is None:
        raise InputError(reading.errors)
    return reading.scenario.park


def read_tree(root: Node, shown: str, faults: list[Fault]) -> Reading:
    """Check a tree that stands for the whole of a scenario file; `faults` are those already found in `shown`."""

    def read(_path: Path, _shown: str, found: list[Fault]) -> Node:
        found += faults
        return root

    return _read(read, shown, {})


Reader = Callable[[Path, str, list[Fault]], Node]


def _read(read: Reader, path: str | Path, wanted: Mapping[str, str]) -> Reading:
    shown = str(path)
    faults: list[Fault] = []
    log: list[str] = []
    root = scenario = None
    try:
        root, log = _assemble(read, Path(path), shown, wanted, faults)
        scenario = _build(root, faults)
    except UnreadableError as error:
        faults.append(error.fault)
    if root is not None and scenario is not None:
        faults += _domain_faults(scenario, root, faults)
    if root is None or scenario is None or _has_errors(faults):
        return Reading(None, _problems(faults, shown), tuple(log))
    return Reading(scenario, _problems(faults, shown), tuple(log), unacted(scenario), places_of_rows(root))


def _assemble(
    read: Reader, path: Path, shown: str, wanted: Mapping[str, str], faults: list[Fault]
) -> tuple[Node, list[str]]:
    """Return the whole tree of a scenario, and the log of its changes."""
    root = read(path, shown, faults)
    own = changes_in(root, faults)
    log: list[str] = []
    base = read_base(path, shown, root, faults)
    if base is not None:
        changed, log = apply_changes(name_links(_bare(base)), SCENARIO, changes_in(base, faults), faults)
        root = merge(changed, _bare(root))
    root = add_library(name_links(_bare(root)))
    asked: list[Change] = own + changes_from(wanted, faults)
    root, more = apply_changes(root, SCENARIO, asked, faults)
    root = place_laws(root, SCENARIO, faults)
    return add_routes(choose_samples(add_library(expand_firms(root, faults)), faults)), log + more


def _bare(root: Node) -> Node:
    return root.with_content({key: node for key, node in root.fields.items() if key not in ("extends", "change")})


def _build(root: Node, faults: list[Fault]) -> Scenario | None:
    """Return the scenario that a tree describes; where errors are noted, what is left of it, or None."""
    park = root.get("park") or Node({}, root.mark)
    faults += check_ids(park)
    conversion = Conversion(names_of(park, library.names(), _first_year(root)))
    plain = conversion.convert(root, SCENARIO)
    faults += conversion.faults
    settled, uncertain = settle(plain)
    scenario, refusals = build_scenario(settled, root, conversion.unread)
    faults += refusals
    if scenario is not None and uncertain and not _has_errors(faults):
        return with_laws(scenario, uncertain, faults)
    return scenario


def _first_year(root: Node) -> int:
    time = root.get("time")
    start = (time.word("start") or "") if time is not None else ""
    return int(start[:4]) if start[:4].isascii() and start[:4].isdigit() else 1


def _domain_faults(scenario: Scenario, root: Node, told: list[Fault]) -> list[Fault]:
    """Return what the checks find, each at its place in the tree; nothing on entries in which errors are told."""
    broken = _has_errors(told)
    wrong = {address(fault) for fault in told if fault.level == "error"}
    faults = []
    for finding in check_entries(scenario) if broken else check(scenario):
        nodes = list(walk(root, finding.at))
        entry = nodes[min(len(nodes) - 1, 3 if finding.at[0] == "park" else 2)]
        if not any(_is_within(at, address(entry)) for at in wrong):
            faults.append(Fault(nodes[-1].named_at, nodes[-1].path, finding.message, finding.level))
    return faults


def _is_within(at: Address, entry: Address) -> bool:
    return at[0] == entry[0] and (at[1] == entry[1] or at[1].startswith((f"{entry[1]}.", f"{entry[1]}[")))


def _has_errors(faults: list[Fault]) -> bool:
    return any(fault.level == "error" for fault in faults)


def _problems(faults: list[Fault], first_file: str) -> tuple[Problem, ...]:
    """Return the faults by place, those of the file that was asked for first; no more of a level than can be read."""
    ordered = sorted(dict.fromkeys(faults), key=lambda f: (f.mark.file != first_file, f.mark, f.path, f.message))
    problems: list[Problem] = []
    for level in ("error", "warning"):
        of_level = [fault for fault in ordered if fault.level == level]
        problems += [fault.problem for fault in of_level[:MOST_PROBLEMS]]
        if len(of_level) > MOST_PROBLEMS:
            last, count = of_level[MOST_PROBLEMS], len(of_level) - MOST_PROBLEMS
            problems.append(Problem(str(last.mark), "", tr("{count} more from here on", count=count), last.level))
    return tuple(problems)
