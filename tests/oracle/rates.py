"""Utilisation exactly as in semantics §9, from what happened in each step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mfa.park.values import SMALLEST_FLOW
from oracle import recipes
from oracle.world import State, Step, World, add


@dataclass(frozen=True)
class Year:
    """A calendar year of a run: its steps, and what lay in the park at its start in origin tonnes."""

    steps: list[Step]
    stock: dict[str, float]


def stocked(world: World, state: State) -> dict[str, float]:
    """Origin tonnes of counted waste in piles and on the way, per origin material."""
    origins, found = recipes.origins(world.park), {}
    piles = [(at[1], amount) for stock in (state.own, state.received) for at, amount in stock.items()]
    for material, amount in piles + [(world.links[k].material, sum(load)) for k, load in state.transit.items()]:
        for origin, share in origins[material].items():
            add(found, origin, amount * share)
    return found


def used_and_generated(
    world: World, steps: Iterable[Step]
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return used, generated and disposed origin tonnes per origin material (semantics §9)."""
    origins = recipes.origins(world.park)
    used: dict[str, float] = {}
    generated: dict[str, float] = {}
    disposed: dict[str, float] = {}

    def book(account: dict[str, float], material: str, amount: float) -> None:
        for origin, share in origins[material].items():
            add(account, origin, amount * share)

    for step in steps:
        for (firm, line, m, _), amount in step.used.items():
            if world.lines[firm, line][1].kind == "production":
                book(used, m, amount)
        for (node, m), amount in step.accepted.items():
            if world.park.boundary[node].kind == "user":
                book(used, m, amount)
        for (firm, line, m), amount in step.made.items():
            if world.lines[firm, line][1].kind == "production":
                book(generated, m, amount)
        for (_, m), amount in step.disposed.items():
            book(disposed, m, amount)
    return used, generated, disposed


def utilisation(world: World, years: list[Year]) -> float | None:
    """Used ÷ (generated + used from old stock), in origin tonnes; None where nothing is generated."""
    used_in_all = generated_in_all = from_old_stock = 0.0
    for year in years:
        used, generated, disposed = used_and_generated(world, year.steps)
        used_in_all += sum(used.values())
        generated_in_all += sum(generated.values())
        for origin in used.keys() | disposed.keys():
            old = used.get(origin, 0.0) + disposed.get(origin, 0.0) - generated.get(origin, 0.0)
            from_old_stock += min(max(0.0, old), year.stock.get(origin, 0.0))
    days = sum(len(year.steps) for year in years) * world.step
    if generated_in_all <= SMALLEST_FLOW * days:
        return None
    return used_in_all / (generated_in_all + from_old_stock)
