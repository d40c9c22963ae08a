"""How long matching takes beside the bare distances between all pairs of firms, for a park and for a region.

Firms run technologies of the library drawn at random, with every waste of the library among what they make; none is
linked. The library is read before anything is timed; what reading it takes is printed by itself.

    python tests/benchmarks/matching.py [firms of the region, default 1000]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

import mfa
from mfa.files.holdings import Holdings, holdings
from mfa.park.firm import Boundary, Firm, Line
from mfa.park.park import Park

PARKS = 20


def random_park(library: Holdings, firms: int) -> Park:
    """Return a region of firms of the library's technologies, in up to 20 parks; one market sells all raw materials."""
    random = np.random.default_rng(3)
    kinds = sorted(library.technologies)
    nodes = {}
    for n in range(firms):
        technology = kinds[n % len(kinds)]
        line = Line(id="line", runs=technology, capacity=float(random.uniform(100, 3000)))
        place = (float(random.uniform(110, 116)), float(random.uniform(33, 38)))
        park = f"park_{n % max(1, firms // 50) % PARKS}"
        nodes[f"firm_{n:04}"] = Firm(id=f"firm_{n:04}", park=park, at=place, lines={"line": line})
    market = Boundary(id="market", kind="market", sells=("raw", "product", "energy", "water", "gas"))
    return Park(materials=dict(library.materials), technologies=dict(library.technologies), firms=nodes,
                boundary={"market": market})  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of a piece of work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def floor(park: Park) -> np.ndarray:
    """Return the great-circle distances between all pairs of firms: what no matchmaker can do without."""
    lon, lat = np.radians(np.array([firm.at for _, firm in sorted(park.firms.items())])).T
    h = (
        np.sin((lat - lat[:, None]) / 2) ** 2
        + np.cos(lat) * np.cos(lat[:, None]) * np.sin((lon - lon[:, None]) / 2) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(np.sqrt(h))


def main() -> None:
    """Print what reading the library and matching take, and the ratio to the floor."""
    print(f"library: {seconds(holdings):.3f} s of processor time")
    library = holdings()
    for firms in (50, int(sys.argv[1]) if len(sys.argv) > 1 else 1000):
        park = random_park(library, firms)
        bare = seconds(lambda park=park: floor(park))
        start = time.process_time()
        matches = mfa.match(park)
        took = time.process_time() - start
        print(f"{firms} firms: {took:.2f} s of processor time, {took / bare:.0f} × the bare distances")
        print(f"    {len(matches.unused)} supplies, {len(matches.found)} users, {len(matches.recruits)} recruits")


if __name__ == "__main__":
    main()
