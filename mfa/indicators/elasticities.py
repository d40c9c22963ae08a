"""Growth over years: elasticities of what a park uses and discharges, and how its value added grows."""

from __future__ import annotations

from collections.abc import Mapping

from mfa.indicators.measures import measure

HJ274 = "HJ 274-2015; mean growth over the years of construction"
Years = Mapping[int, float]


def growth(series: Years, first: int, last: int) -> float:
    """Return the mean growth a year between two years: (value in the last ÷ in the first)^(1 ÷ years) − 1.

    Raises:
        ZeroDivisionError: the years are one, or the first value is 0 or below, so that no growth is defined.
    """
    if series[first] <= 0 or series[last] < 0:
        raise ZeroDivisionError
    return float((series[last] / series[first]) ** (1 / (last - first))) - 1


def elasticity(consumption: Years, value_added: Years) -> float | None:
    """Return mean growth of consumption ÷ mean growth of value added, from the first to the last year of both.

    Where value added does not grow, the meaning turns round (a fall of both is above 0 as well). None where fewer than
    two years are common. Source: HJ 274-2015. Energy +3 % a year at value added +8 % a year: 0.375.
    """
    common = sorted(set(consumption) & set(value_added))
    if len(common) < 2:
        return None
    return growth(consumption, common[0], common[-1]) / growth(value_added, common[0], common[-1])


@measure("energy_elasticity", "1", HJ274, ("energy_use", "industrial_value_added"), over_years=True)
def energy_elasticity(energy: Years, value_added: Years) -> float | None:
    """Growth of energy consumption by that of industrial value added, over the years known."""
    return elasticity(energy, value_added)


@measure("fresh_water_elasticity", "1", HJ274, ("fresh_water", "industrial_value_added"), over_years=True)
def fresh_water_elasticity(water: Years, value_added: Years) -> float | None:
    """Growth of fresh water use by that of industrial value added, over the years known."""
    return elasticity(water, value_added)


@measure(
    "pollutant_elasticity", "1", HJ274, ("industrial_value_added",), any_of=("cod", "ammonia_nitrogen", "so2", "nox"),
    over_years=True,
)  # fmt: skip
def pollutant_elasticity(value_added: Years, **pollutants: Years) -> float | None:
    """Growth of pollutants by that of industrial value added, the greatest of COD, NH3-N, SO2 and NOx."""
    found = [elasticity(series, value_added) for series in pollutants.values()]
    known = [one for one in found if one is not None]
    return max(known) if known else None


@measure("co2_intensity_cut", "fraction", HJ274, ("co2", "industrial_value_added"), over_years=True)
def co2_intensity_cut(emissions: Years, value_added: Years) -> float | None:
    """Mean yearly cut of greenhouse gases (scopes 1 and 2) per industrial value added."""
    ratio = _ratio(emissions, value_added)
    return -growth(ratio, min(ratio), max(ratio)) if len(ratio) > 1 else None


@measure("value_added_growth", "fraction", HJ274, ("industrial_value_added",), over_years=True)
def value_added_growth(value_added: Years) -> float | None:
    """Mean growth a year of industrial value added over the last three years."""
    return _last_three(value_added)


@measure(
    "value_added_per_land_growth", "fraction", HJ274, ("industrial_value_added", "industrial_land"), over_years=True
)  # fmt: skip
def value_added_per_land_growth(value_added: Years, land: Years) -> float | None:
    """Mean growth a year of industrial value added per industrial land over the last three years."""
    return _last_three(_ratio(value_added, land))


def _ratio(above: Years, below: Years) -> dict[int, float]:
    return {year: above[year] / below[year] for year in sorted(set(above) & set(below))}


def _last_three(series: Years) -> float | None:
    last = max(series, default=0)
    return growth(series, last - 3, last) if last - 3 in series else None
