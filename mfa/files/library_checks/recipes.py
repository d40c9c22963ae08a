"""Technologies of the library: balances, limits that can be checked, origin tonnes, and what GB 175 permits."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.errors import InputError
from mfa.files.checks.technologies import mass_in, mass_out
from mfa.files.holdings import Holdings
from mfa.files.library_checks.gb175 import is_common_cement, is_excluded
from mfa.files.library_checks.remark import Remark
from mfa.language import tr
from mfa.park.contents import Contents
from mfa.park.origin import origins
from mfa.park.park import Park
from mfa.park.technology import Technology

GAP = 1.5e-3
"""A recipe that is open by less, t per unit of product, is rounded."""
HEAT_VALUE = "GJ_per_t"
"""The property that holds the lower heating value."""


def unbalanced(holdings: Holdings) -> Iterator[Remark]:
    """A recipe whose dry mass does not close, or that gives more energy than its fuels bring."""
    park = _park(holdings)
    for key, technology in sorted(holdings.technologies.items()):
        if any(m not in holdings.materials for m in (*technology.uses, *technology.outputs)):
            continue
        gap = mass_in(park, technology) - mass_out(park, technology)
        if abs(gap) > GAP:
            message = "{into:.4g} t in, {out:.4g} t out and emitted per unit: {gap:+.4g} t are open"
            text = tr(message, into=mass_in(park, technology), out=mass_out(park, technology), gap=gap)
            yield Remark("balance", ("technologies", key), text, "warning")
        into, out = _energy(holdings, technology.uses), _energy(holdings, technology.outputs, carriers_only=True)
        if 0 < into < out * (1 - 1e-3):
            text = tr("{out:.4g} GJ out of {into:.4g} GJ that its fuels and energy bring", into=into, out=out)
            yield Remark("balance", ("technologies", key), text, "warning")


def _energy(holdings: Holdings, amounts: dict[str, float], carriers_only: bool = False) -> float:
    """Return the GJ in amounts of energy carriers, and of fuels with a known heating value unless left out."""
    total = 0.0
    for name, amount in sorted(amounts.items()):
        material = holdings.materials[name]
        if not material.is_mass:
            total += amount
        elif not carriers_only:
            total += amount * material.properties.get(HEAT_VALUE, 0.0)
    return total


def _park(holdings: Holdings) -> Park:
    return Park(materials=dict(holdings.materials), technologies=dict(holdings.technologies))


def two_origins(holdings: Holdings) -> Iterator[Remark]:
    """One material that two treatments give different origin tonnes (semantics §9)."""
    try:
        origins(_park(holdings))
    except InputError as error:
        for problem in error.problems:
            yield Remark("contradiction", ("materials", problem.path.removeprefix("park.materials.")), problem.message)


def unknown_feeds(holdings: Holdings) -> Iterator[Remark]:
    """A limit that cannot be checked because an ordinary feed of the line is unknown: it refuses every exchange."""
    contents = Contents(_park(holdings))
    for key, technology in sorted(holdings.technologies.items()):
        for i, limit in enumerate(technology.limits):
            feeds = [m for m in technology.uses if m in holdings.materials and holdings.materials[m].is_mass]
            unknown = [m for m in feeds if limit.of != "material" and contents.weighted(m, limit) is None]
            if unknown:
                text = tr("cannot be checked, because {what} of {materials} is unknown", what="+".join(limit.weights),
                          materials=", ".join(unknown))  # fmt: skip
                yield Remark("unknown", ("technologies", key, "limits", i), text, "warning")


def bounds_of_nothing(holdings: Holdings) -> Iterator[Remark]:
    """A limit on a substance that no mixture can exceed: a percentage was meant."""
    for key, technology in sorted(holdings.technologies.items()):
        for i, limit in enumerate(technology.limits):
            is_share = any(limit.substance in material.composition for material in holdings.materials.values())
            if is_share and limit.max is not None and limit.max >= 1:
                text = tr("at most {max:g} t per t bounds nothing; write a share, such as 0.04%", max=limit.max)
                yield Remark("contradiction", ("technologies", key, "limits", i), text)


def excluded_additions(holdings: Holdings) -> Iterator[Remark]:
    """A mill of common Portland cement that takes what GB 175-2023 has not permitted since 2024-06-01."""
    for key, technology in sorted(holdings.technologies.items()):
        for i, acceptance in enumerate(technology.accepts):
            if is_common_cement(technology) and is_excluded(holdings, acceptance.material):
                text = tr("GB 175-2023 permits no {material} in common Portland cement", material=acceptance.material)
                yield Remark("standard", ("technologies", key, "accepts", i), text)


def named_materials(technology: Technology) -> set[str]:
    """Return what a technology takes: its inputs and what may stand in their place."""
    return {*technology.uses, *(acceptance.material for acceptance in technology.accepts)}
