"""Dry mass in + taken = dry mass out + emitted + gap, for every line (semantics §2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mfa.park.technology import Technology
from mfa.simulation.record import Interval
from mfa.step.arrays import ParkArrays


@dataclass(frozen=True)
class LineFlow:
    """What a line used or made of one material in an interval, dry t or GJ."""

    material: str
    kind: Literal["input", "output", "taken", "emission", "unaccounted"]
    used: float = 0.0
    made: float = 0.0


def line_flows(arrays: ParkArrays, interval: Interval) -> Iterator[tuple[tuple[str, str], LineFlow]]:
    """Yield everything each line used and made: inputs, outputs, what it took from nature, emitted, and the gap.

    Emissions are factors of the inputs actually used. The gap closes the dry mass balance of the line; it comes
    from the environment where more came out than in.
    """
    fed = _fed(arrays, interval)
    for row, (key, technology) in enumerate(zip(arrays.lines.keys, arrays.lines.technology, strict=True)):
        activity = float(interval.activity[row])
        flows = [LineFlow(m, "input", used=amount) for m, amount in sorted(fed[row].items())]
        flows += [LineFlow(m, "output", made=a * activity) for m, a in sorted(technology.outputs.items())]
        flows += [LineFlow(m, "taken", used=a * activity) for m, a in sorted(technology.takes.items())]
        flows += [LineFlow(gas, "emission", made=amount) for gas, amount in sorted(_emitted(technology, fed[row]))]
        gap = sum(f.used - f.made for f in flows if _is_mass(arrays, f))
        if gap:
            flows.append(LineFlow("unaccounted", "unaccounted", used=max(0.0, -gap), made=max(0.0, gap)))
        yield from ((key, flow) for flow in flows)


def _fed(arrays: ParkArrays, interval: Interval) -> list[dict[str, float]]:
    fed: list[dict[str, float]] = [{} for _ in arrays.lines.keys]
    inputs, uses = arrays.inputs, arrays.uses
    for row, (line, material) in enumerate(zip(inputs.line, inputs.material, strict=True)):
        amount = float(interval.direct[row] + interval.bought[row])
        fed[line][material] = fed[line].get(material, 0.0) + amount
    for row, (line, material) in enumerate(zip(uses.line, uses.material, strict=True)):
        fed[line][material] = fed[line].get(material, 0.0) + float(interval.use[row])
    return fed


def _emitted(technology: Technology, fed: dict[str, float]) -> Iterator[tuple[str, float]]:
    total: dict[str, float] = {}
    for material, factors in technology.emits_per.items():
        for gas, factor in factors.items():
            total[gas] = total.get(gas, 0.0) + factor * fed.get(material, 0.0)
    yield from total.items()


def _is_mass(arrays: ParkArrays, flow: LineFlow) -> bool:
    known = arrays.park.materials.get(flow.material)
    return known is None or known.is_mass
