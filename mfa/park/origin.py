"""Origin tonnes: how much generated waste one tonne of a material stands for (semantics §9)."""

from __future__ import annotations

from collections.abc import Mapping

from mfa.errors import InputError, Problem
from mfa.language import tr
from mfa.park.park import Park
from mfa.park.technology import Technology

Origin = dict[str, float]
"""Origin material → origin tonnes in one dry tonne."""

SAME_FACTOR = 1e-9


def origins(park: Park) -> dict[str, Origin]:
    """Return, for every material, the origin tonnes of each waste that one dry tonne of it carries.

    A waste that a production line makes (or that comes from outside) carries one tonne of itself. The outputs of
    a treatment carry Σ input origin ÷ Σ outputs; a material with no waste in it carries nothing.

    Raises:
        InputError: two technologies give one material different origin tonnes, or treatments feed each other.
    """
    treated = _treatments_by_output(park)
    generated = {m for t in park.technologies.values() if not _carries(park, t, treated) for m in t.outputs}
    found: dict[str, Origin] = {}
    for material in sorted(park.materials):
        _origin_of(park, material, treated, generated, found, ())
    return found


def counted_origin(park: Park) -> dict[str, float]:
    """Return, for every material, the origin tonnes of counted solid waste (semantics §9) in one dry tonne."""
    return {
        material: sum(share for name, share in sorted(origin.items()) if park.materials[name].is_counted)
        for material, origin in origins(park).items()
    }


def _treatments_by_output(park: Park) -> dict[str, list[Technology]]:
    made: dict[str, list[Technology]] = {}
    for _, technology in sorted(park.technologies.items()):
        if technology.kind == "treatment":
            for material in technology.outputs:
                made.setdefault(material, []).append(technology)
    return made


def _carries(park: Park, technology: Technology, treated: Mapping[str, list[Technology]]) -> bool:
    """Whether a technology hands on origin tonnes instead of generating: a treatment of some waste."""
    return technology.kind == "treatment" and any(
        park.materials[m].is_waste or m in treated for m in technology.uses if m in park.materials
    )


def _origin_of(
    park: Park,
    material: str,
    treated: Mapping[str, list[Technology]],
    generated: set[str],
    found: dict[str, Origin],
    above: tuple[str, ...],
) -> Origin:
    if material in found:
        return found[material]
    if material in above:
        loop = " → ".join((*above[above.index(material) :], material))
        raise _contradiction(material, tr("treatments feed each other ({loop}), so its origin has no end", loop=loop))
    itself = {material: 1.0} if park.materials[material].is_waste else {}
    options = [itself] if material in generated or material not in treated else []
    for technology in treated.get(material, []):
        if not _carries(park, technology, treated):
            continue
        total: Origin = {}
        for name, amount in sorted(technology.uses.items()):
            if name not in park.materials:
                continue
            for origin, share in _origin_of(park, name, treated, generated, found, (*above, material)).items():
                total[origin] = total.get(origin, 0.0) + amount * share
        outputs = sum(amount for name, amount in sorted(technology.outputs.items()) if park.materials[name].is_mass)
        options.append({origin: amount / outputs for origin, amount in total.items()} if outputs else {})
    for other in options[1:]:
        if not _equal(options[0], other):
            text = tr("{a} and {b} origin tonnes in one tonne: give one of the two materials another name",
                      a=_say(options[0]), b=_say(other))  # fmt: skip
            raise _contradiction(material, text)
    found[material] = options[0] if options else itself
    return found[material]


def _equal(a: Origin, b: Origin) -> bool:
    return all(abs(a.get(name, 0.0) - b.get(name, 0.0)) <= SAME_FACTOR for name in a.keys() | b.keys())


def _say(origin: Origin) -> str:
    return " + ".join(f"{share:.6g} {name}" for name, share in sorted(origin.items())) or "0"


def _contradiction(material: str, text: str) -> InputError:
    return InputError([Problem("", f"park.materials.{material}", text)])
