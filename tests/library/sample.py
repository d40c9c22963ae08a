"""Print random entries of the library with their numbers and sources, to be checked by hand against what they cite.

Usage: python tests/library/sample.py [how many] [seed]
"""

from __future__ import annotations

import random
import sys

from library_files import Entry, shelf

QUIET = {"name", "use", "codes", "class", "source", "confidence", "evidence", "unit", "storable", "kind", "year"}


def describe(shelf_name: str, key: str, entry: Entry) -> str:
    """One entry as lines: its numbers, then each source."""
    lines = [f"{shelf_name}/{key}"]
    lines += [f"    {field}: {value}" for field, value in entry.items() if field not in QUIET]
    lines.append(f"    = {entry['confidence']}: {entry['source']}")
    lines += [f"    {path} = {e['confidence']}: {e['source']}" for path, e in entry.get("evidence", {}).items()]
    return "\n".join(lines)


def main(count: int, seed: int | None) -> None:
    entries = [
        (name, key, entry) for name in ("materials", "technologies", "routes") for key, entry in shelf(name).items()
    ]
    for name, key, entry in random.Random(seed).sample(entries, count):
        print(describe(name, key, entry), end="\n\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, int(sys.argv[2]) if len(sys.argv) > 2 else None)
