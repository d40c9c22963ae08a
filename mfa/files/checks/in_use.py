"""Checks of products in use: that their account can be made, and that what is collected can enter the park."""

from __future__ import annotations

from collections.abc import Iterator

from mfa.errors import InputError
from mfa.files.checks.finding import Finding
from mfa.files.nearest import did_you_mean
from mfa.language import tr
from mfa.park.in_use import ProductInUse
from mfa.park.scenario import Scenario
from mfa.use_phase.products import lifetime_over, product_account


def _at(product: ProductInUse, *more: str) -> tuple[str, ...]:
    return ("park", "in_use", product.id, *more)


def _products(scenario: Scenario) -> list[ProductInUse]:
    return [product for _, product in sorted(scenario.park.in_use.items())]


def begins_too_late(scenario: Scenario) -> Iterator[Finding]:
    """A product of which nothing is said of the scenario's first years."""
    start = scenario.time.start.year
    for product in _products(scenario):
        first = min(product.amounts)
        if first > start:
            key = "inflow" if product.inflow else "stock"
            message = tr("begins in {first}, after the scenario does in {start}; give earlier years", first=first,
                         start=start)  # fmt: skip
            yield Finding(_at(product, key), message)


def account_fails(scenario: Scenario) -> Iterator[Finding]:
    """A lifetime without its parameters, shares that exceed one together, and whatever else the account refuses."""
    for product in _products(scenario):
        found = [*_lifetime_fails(product, "lifetime"), *_lifetime_fails(product, "second_life")]
        yield from found or _account_fails(product, scenario.time.end.year)


def _lifetime_fails(product: ProductInUse, key: str) -> Iterator[Finding]:
    lifetime = getattr(product, key)
    if lifetime is None:
        return
    try:
        lifetime_over(lifetime, [*product.initial, *product.amounts])
    except InputError as error:
        yield from (Finding(_at(product, key, *_steps(problem.path)), problem.message) for problem in error.problems)


def _account_fails(product: ProductInUse, until: int) -> list[Finding]:
    try:
        product_account(product, until)
    except InputError as error:
        return [
            Finding(_at(product, *_steps(problem.place), *_steps(problem.path)), problem.message)
            for problem in error.problems
        ]
    return []


def _steps(place: str) -> list[str]:
    """Return a place of the account, such as `stock, 1998`, as keys of the file."""
    return [step for step in place.split(", ") if step]


def source_does_not_supply(scenario: Scenario) -> Iterator[Finding]:
    """A product collected where no source is, or at a source that does not sell it or supplies it in another way."""
    park = scenario.park
    sources = [node.id for node in park.boundaries("source")]
    for product in _products(scenario):
        node = park.boundary[product.collected_at]
        if node.kind != "source":
            message = tr("'{node}' is no source; what is collected enters the park at a boundary node of kind source",
                         node=node.id)  # fmt: skip
            yield Finding(_at(product, "collected_at"), message + did_you_mean(node.id, sources))
            continue
        for key, material in _supplied(product):
            if material not in node.sells:
                message = tr("'{node}' does not sell '{material}'; add it to its sells",
                             node=node.id, material=material)  # fmt: skip
                yield Finding(key, message)
            if material in node.supplies:
                message = tr("what '{node}' supplies of '{material}' follows from products in use; remove it here",
                             node=node.id, material=material)  # fmt: skip
                yield Finding(("park", "boundary", node.id, "supplies", material), message)


def _supplied(product: ProductInUse) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every material that a product supplies, with the place that says so."""
    yield from ((_at(product, "content", material), material) for material in sorted(product.content))
    if product.cores:
        yield _at(product, "cores"), product.cores


def content_is_no_mass(scenario: Scenario) -> Iterator[Finding]:
    """A product that consists of energy, or of nothing."""
    for product in _products(scenario):
        if not product.mass:
            yield Finding(_at(product, "content"), tr("says of no material how much one unit holds; give tonnes"))
        for key, material in _supplied(product):
            if not scenario.park.materials[material].is_mass:
                yield Finding(key, tr("'{material}' is no mass; products consist of materials in t", material=material))


def nobody_takes(scenario: Scenario) -> Iterator[Finding]:
    """Collected material that no link takes from its source."""
    taken = {(link.from_, link.material) for link in scenario.park.links}
    for product in _products(scenario):
        sold = scenario.park.boundary[product.collected_at].sells
        for key, material in _supplied(product):
            if material in sold and (product.collected_at, material) not in taken:
                message = tr("no link takes '{material}' from '{node}', so the park gets nothing of it; add one",
                             material=material, node=product.collected_at)  # fmt: skip
                yield Finding(key, message, "warning")


def responsibility_for_nothing(scenario: Scenario) -> Iterator[Finding]:
    """A producer responsibility that is on something else than a product in use."""
    for i, policy in enumerate(scenario.policies):
        if policy.kind == "producer_responsibility":
            odd = [name for name in policy.on if name not in scenario.park.in_use]
            for name in odd or ([""] if not scenario.park.in_use else []):
                message = tr("'{name}' is no product in use; producers are responsible for those under park.in_use",
                             name=name)  # fmt: skip
                yield Finding(("policies", i), message + did_you_mean(name, scenario.park.in_use))
