"""From the files that a scenario consists of to one tree: what it extends, its park, its tables and the library."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from mfa.errors import FolderError
from mfa.files import library
from mfa.files.characters import find_odd, read_text
from mfa.files.fields import LINE_FIELDS, SCENARIO
from mfa.files.library_fields import LIBRARY
from mfa.files.measured_rows import with_measurements
from mfa.files.names import names_of, references
from mfa.files.scenario_books import read_book
from mfa.files.shapes import Kind
from mfa.files.tables import as_list, as_mapping, beside, read_table
from mfa.files.tree import Fault, Node, UnreadableError, join, moved
from mfa.files.workbooks import is_workbook
from mfa.files.yaml_tree import parse_yaml
from mfa.language import tr

TABLES = ("materials", "technologies", "firms", "boundary", "links", "in_use")
"""Parts of a park that may sit in a CSV file or a workbook."""


def read_file(path: Path, shown: str, faults: list[Fault]) -> Node:
    """Read a YAML file whose root is a mapping, with the park file and tables that it names put in their places.

    A workbook that holds a scenario is read likewise.

    Raises:
        FolderError: there is no such file, or it cannot be read.
        UnreadableError: it makes no sense as a whole.
    """
    if is_workbook(path):
        return read_book(path, shown, faults)
    root, found = parse_yaml(read_text(path, shown), shown)
    faults += found
    if not isinstance(root.content, dict):
        table = tr("; of a table of firms, mfa import-excel makes a scenario") if path.suffix.lower() == ".csv" else ""
        raise UnreadableError(Fault(root.mark, "", _no_mapping(root) + table))
    root = with_measurements(root, path, shown, faults)
    park = root.get("park")
    if park is None:
        return root
    if park.text is not None and park.text.strip():
        park = _read_named(park, park.text, path, shown, faults)
    else:
        park = _with_tables(park, path, shown, faults)
    return root.with_content({**root.fields, "park": park})


def read_park_file(path: Path, shown: str, faults: list[Fault]) -> Node:
    """Read a file that holds a park alone, as a scenario of one day; a scenario file is read as it is.

    Raises:
        FolderError: there is no such file, or it cannot be read.
        UnreadableError: it makes no sense as a whole.
    """
    root = read_file(path, shown, faults)
    if not _is_park(root):
        return root
    day = {key: Node("2025-01-01", root.mark, f"time.{key}") for key in ("start", "end")}
    park = _with_tables(moved(root, "park", None), path, shown, faults)
    return root.with_content({"time": Node(day, root.mark, "time"), "park": park})


def is_park_file(path: Path) -> bool:
    """Whether a file holds a park alone; what cannot be read is none, and told when it is read."""
    try:
        return _is_park(read_file(path, str(path), []))
    except (FolderError, UnreadableError):
        return False


def is_scenario_file(path: Path) -> bool:
    """Whether a file holds a scenario; what cannot be read is none, and told when it is read."""
    if path.suffix.lower() not in (".yaml", ".yml") and not is_workbook(path):
        return False
    try:
        root = read_file(path, str(path), [])
    except (FolderError, UnreadableError):
        return False
    return "kind" not in root.fields and bool({"park", "extends", "measurements"} & root.fields.keys())


def _is_park(root: Node) -> bool:
    return "firms" in root.fields and not {"park", "extends", "time"} & root.fields.keys()


def _no_mapping(root: Node) -> str:
    text = root.text
    odd = find_odd(text) if text else None
    got = tr("a list") if text is None else tr("an empty file") if not text else f"'{text[:60]}'"
    return tr("expected a mapping (key: value), got {got}", got=got) + (f"; {odd}" if odd else "")


def _read_named(node: Node, name: str, path: Path, shown: str, faults: list[Fault]) -> Node:
    """Read the park file that a node names; where there is none, note it and leave an empty park."""
    try:
        file, file_shown = beside(path, shown, name)
        root, found = parse_yaml(read_text(file, file_shown), file_shown)
    except FolderError as error:
        faults.append(Fault(node.mark, node.path, str(error)))
        return node.with_content({})
    faults += found
    return _with_tables(root, file, file_shown, faults)


def _with_tables(park: Node, path: Path, shown: str, faults: list[Fault]) -> Node:
    fields = dict(park.fields)
    for part in TABLES:
        node = fields.get(part)
        name = node.word("table") if node is not None else None
        if node is not None and name is not None:
            fields[part] = _read_table(node, part, name, path, shown, faults)
    return park.with_content(fields) if fields else park


def _read_table(node: Node, part: str, name: str, path: Path, shown: str, faults: list[Fault]) -> Node:
    """Return what a table holds in the place of the node that names it; entries may stand beside the table."""
    file, file_shown = beside(path, shown, name)
    others = {key: entry for key, entry in node.fields.items() if key not in ("table", "sheet")}
    try:
        rows = read_table(file, file_shown, node.get("sheet"), faults)
        if part == "links":
            return node.with_content(as_list(rows, node.path))
        entries = as_mapping(rows, node.path, faults)
    except FolderError as error:
        faults.append(Fault(node.fields["table"].mark, node.fields["table"].path, str(error)))
        return node.with_content(others)
    for key in others.keys() & entries.keys():
        message = tr("'{key}' is also in {place}; remove one of the two", key=key, place=entries[key].named_at)
        faults.append(Fault(others[key].named_at, others[key].path, message))
    return node.with_content(entries | others)


def merge(base: Node, over: Node) -> Node:
    """Return `base` with what `over` says put over it: mappings are merged key by key, all else is replaced."""
    if not (isinstance(base.content, dict) and isinstance(over.content, dict)):
        return over
    fields = dict(base.content)
    for key, entry in over.content.items():
        fields[key] = merge(fields[key], entry) if key in fields else entry
    return over.with_content(fields)


def name_links(root: Node) -> Node:
    """Return the tree in which every link has an id: `{from}-{to}-{material}`, numbered where parallel."""
    park = root.get("park")
    links = park.get("links") if park is not None else None
    if park is None or links is None or not links.items:
        return root
    taken = {name for link in links.items if (name := link.word("id"))}
    count: Counter[str] = Counter()
    named = [_named_link(link, taken, count) for link in links.items]
    return root.with_content(
        {**root.fields, "park": park.with_content({**park.fields, "links": links.with_content(named)})}
    )


def _named_link(link: Node, taken: set[str], count: Counter[str]) -> Node:
    if not isinstance(link.content, dict) or "id" in link.content:
        return link
    stem = "-".join(link.word(key) or "?" for key in ("from", "to", "material"))
    name = ""
    while not name or name in taken:
        count[stem] += 1
        name = stem if count[stem] == 1 else f"{stem}-{count[stem]}"
    taken.add(name)
    return link.with_content({"id": Node(name, link.mark, join(link.path, "id"), plain=False), **link.content})


def expand_firms(root: Node, faults: list[Fault]) -> Node:
    """Return the tree in which a firm that `runs` one technology has that line under `lines`."""
    park = root.get("park")
    firms = park.get("firms") if park is not None else None
    if park is None or firms is None or not firms.fields:
        return root
    expanded = firms.with_content({key: _expanded(firm, faults) for key, firm in firms.fields.items()})
    return _with_part(root, park, "firms", expanded)


def _with_part(root: Node, park: Node, part: str, node: Node) -> Node:
    return root.with_content({**root.fields, "park": park.with_content({**park.fields, part: node})})


def _expanded(firm: Node, faults: list[Fault]) -> Node:
    own = {key: entry for key, entry in firm.fields.items() if key in LINE_FIELDS}
    if not own:
        return firm
    if "lines" in firm.fields:
        message = tr("a firm has either lines or one line of its own; move '{key}' into its line", key=next(iter(own)))
        faults.append(Fault(next(iter(own.values())).named_at, firm.path, message))
        return firm.with_content({key: entry for key, entry in firm.fields.items() if key not in own})
    name = ((own["runs"].text if "runs" in own else None) or "").strip() or "line"
    lines = firm.with_content({name: firm.with_content(own)})
    return firm.with_content({**{key: entry for key, entry in firm.fields.items() if key not in own}, "lines": lines})


def add_library(root: Node) -> Node:
    """Return the tree with the materials and technologies that it uses and does not define, from the library.

    Raises:
        UnreadableError: a file of the library is broken.
    """
    park = root.get("park")
    if park is None or not isinstance(park.content, dict):
        return root
    known = names_of(park).known
    shelves: dict[Kind, tuple[library.Shelf, library.Entries]] = {
        "material": ("materials", library.materials()),
        "technology": ("technologies", library.technologies()),
    }
    found: dict[str, dict[str, Node]] = {"materials": {}, "technologies": {}}
    waiting = list(references(root, SCENARIO))
    while waiting:
        kinds, name = waiting.pop()
        if any(name in known.get(kind, ()) for kind in kinds):
            continue
        for shelf, entries in (shelves[kind] for kind in kinds if kind in shelves):
            if name in entries and name not in found[shelf]:
                found[shelf][name] = entries[name]
                waiting += references(Node({shelf: Node({name: entries[name]}, park.mark)}, park.mark), LIBRARY)
    fields = dict(park.fields)
    for part, entries in found.items():
        if entries:
            holder = fields.get(part) or Node({}, park.mark, join(park.path, part))
            fields[part] = holder.with_content({**holder.fields, **dict(sorted(entries.items()))})
    return root.with_content({**root.fields, "park": park.with_content(fields)})


def read_base(path: Path, shown: str, root: Node, faults: list[Fault]) -> Node | None:
    """Return the tree of the file that a scenario extends; None where it extends nothing that can be read.

    Raises:
        UnreadableError: that file extends another, or makes no sense as a whole.
    """
    extends = root.get("extends")
    if extends is None:
        return None
    if extends.text is None:
        faults.append(Fault(extends.mark, extends.path, tr("expected the name of one file")))
        return None
    try:
        base = read_file(*beside(path, shown, extends.text), faults)
    except FolderError as error:
        faults.append(Fault(extends.mark, extends.path, str(error)))
        return None
    if "extends" in base.fields:
        message = tr("the file that it extends extends another; only one level is allowed")
        raise UnreadableError(Fault(extends.mark, extends.path, message))
    return base
