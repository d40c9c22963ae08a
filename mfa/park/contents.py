"""What a material is known to contain: as declared, or as its fixed recipe makes it (semantics §2, §3)."""

from __future__ import annotations

from mfa.park.park import Park
from mfa.park.technology import Limit, Technology


class Contents:
    """Looks up the content of a material: None where it is unknown, which is not zero."""

    def __init__(self, park: Park) -> None:
        self._park = park
        self._known: dict[tuple[str, str], float | None] = {}
        self._makers: dict[str, list[Technology]] = {}
        for _, technology in sorted(park.technologies.items()):
            for material in technology.outputs:
                self._makers.setdefault(material, []).append(technology)

    def of(self, material: str, name: str) -> float | None:
        """Return the dry fraction of substance `name` (or the value of a property); None where unknown.

        A material without a declared composition that is the main product of one recipe without substitutes
        contains what its inputs bring and its releases do not take along (semantics §2).
        """
        key = (material, name)
        if key not in self._known:
            self._known[key] = None  # a material made from itself is unknown
            self._known[key] = self._find(material, name)
        return self._known[key]

    def weighted(self, material: str, limit: Limit) -> float | None:
        """Return the weighted sum that `limit` bounds, per dry tonne of the material; None where a part is unknown."""
        total = 0.0
        for name, weight in sorted(limit.weights.items()):
            content = self.of(material, name)
            if content is None:
                return None
            total += weight * content
        return total

    def known(self, material: str, limit: Limit) -> float:
        """Return the same from what is known alone: an unknown substance adds nothing (semantics §3)."""
        return sum(weight * (self.of(material, name) or 0.0) for name, weight in sorted(limit.weights.items()))

    def _find(self, material: str, name: str) -> float | None:
        declared = self._park.materials[material]
        if declared.content(name) is not None or declared.composition or declared.properties:
            return declared.content(name)
        makers = self._makers.get(material, [])
        outside = self._park.market_for(material, "sells") or any(
            material in source.sells for source in self._park.boundaries("source")
        )
        if outside or len(makers) != 1 or makers[0].product != material or makers[0].accepts:
            return None
        return self._derive(makers[0], name)

    def _derive(self, technology: Technology, name: str) -> float | None:
        total = 0.0
        for sign, amounts in ((1.0, technology.uses), (-1.0, technology.releases)):
            for material, amount in sorted(amounts.items()):
                if self._park.materials[material].is_mass and amount:
                    content = self.of(material, name)
                    if content is None:
                        return None
                    total += sign * amount * content
        return total if 0.0 <= total <= 1.0 else None


def carrying(park: Park, contents: Contents, names: list[str]) -> set[str]:
    """Return the materials that contain what the feed of their line happens to bring (semantics §2).

    They are main mass products that can be stored, with neither a declared composition nor a fixed recipe.
    """
    products = {park.technologies[line.runs].product for firm in park.firms.values() for line in firm.lines.values()}
    return {m for m in products if _is_undeclared(park, m) and all(contents.of(m, name) is None for name in names)}


def _is_undeclared(park: Park, material: str) -> bool:
    known = park.materials[material]
    return known.is_mass and known.storable and not known.composition
