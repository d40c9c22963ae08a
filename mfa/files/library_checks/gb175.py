"""GB 175-2023: which materials are no longer permitted as additions to common Portland cement, and from when."""

from __future__ import annotations

from datetime import date

from mfa.files.holdings import Holdings
from mfa.park.route import Route
from mfa.park.technology import Technology

LAST_DAY_OF_GB175_2007 = date(2024, 5, 31)
NO_LONGER_PERMITTED = ("steel_slag", "phosphorus_slag", "magnesium_slag")
"""What GB 175-2023 no longer permits as additions to common Portland cement."""
GB175_MARK = "gb175_addition"
"""The property that limits of common Portland cements bound."""


def is_common_cement(technology: Technology) -> bool:
    """Whether a technology grinds a cement of GB 175."""
    return any(GB175_MARK in limit.weights for limit in technology.limits)


def is_excluded(holdings: Holdings, material: str) -> bool:
    """Whether a material is one of the excluded slags, or a treatment's product of one."""
    made_of = {t.product: set(t.uses) for t in holdings.technologies.values() if t.kind == "treatment"}
    return bool({material, *made_of.get(material, ())} & set(NO_LONGER_PERMITTED))


def is_excluded_addition(holdings: Holdings, route: Route) -> bool:
    """Whether a route adds an excluded slag to common Portland cement and does not end when GB 175-2007 did."""
    technology = holdings.technologies.get(route.technology or "")
    common = technology is None or is_common_cement(technology)
    adds = route.waste in NO_LONGER_PERMITTED and (route.replaces, route.product) == ("clinker", "cement")
    return common and adds and not (route.until and route.until <= LAST_DAY_OF_GB175_2007)
