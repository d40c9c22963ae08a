"""What the money of a run rests on: prices, costs of technologies, and the tonnes that are paid for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mfa.evidence.numbers import NOTHING, basis
from mfa.evidence.tonnes import Rests, Tracing, added, both
from mfa.indicators.sums import sum_by
from mfa.park.statements import of_technology

Part = tuple[float, Rests]


def of_money(tracing: Tracing) -> Rests:
    """Return what the net benefit of all firms rests on, CNY paid and earned; payments between firms cancel.

    Of each item (purchase, sale, transport …) what was paid is spread over the flows, lines or links it is paid for.
    What is paid for nothing of these (levies, prices of links) is the scenario's own.
    """
    park = tracing.results.scenario.park
    parts: list[Part] = []
    for (payer, payee, item), paid in sum_by(tracing.results.money, ["payer", "payee", "item"], "amount_cny").items():
        if (payer in park.firms) == (payee in park.firms):
            continue
        firm, other = (payer, payee) if payer in park.firms else (payee, payer)
        spread = list(SPREAD[item](tracing, firm, other)) if item in SPREAD else []
        total = sum(weight for weight, _ in spread)
        parts += [(paid * weight / total, rests) for weight, rests in spread] if total > 0 else [(paid, {NOTHING: 1.0})]
    return added(*parts)


def _purchases(tracing: Tracing, firm: str, market: str) -> Iterable[Part]:
    park, numbers = tracing.results.scenario.park, tracing.numbers
    technologies = [park.technologies[line.runs] for line in park.firms[firm].lines.values()]
    for material, amount in tracing.moved[market, firm].items():
        needs = [numbers.of_recipe(t, material) for t in technologies if material in t.uses]
        yield amount * (park.materials[material].price or 0.0), {numbers.of_price(material).union(*needs): 1.0}


def _sales(tracing: Tracing, firm: str, market: str) -> Iterable[Part]:
    park = tracing.results.scenario.park
    for material, amount in tracing.moved[firm, market].items():
        price = {tracing.numbers.of_price(material): 1.0}
        yield amount * (park.materials[material].price or 0.0), both(tracing.behind_made(firm, material), price)


def _disposals(tracing: Tracing, firm: str, site: str) -> Iterable[Part]:
    for material, amount in tracing.moved[firm, site].items():
        yield amount, both(tracing.behind_made(firm, material), {tracing.numbers.of_moisture(material): 1.0})


def _transports(tracing: Tracing, firm: str, _carrier: str) -> Iterable[Part]:
    """Yield the cost of each link that a firm pays: the receiver does, or the sender where the receiver is no firm."""
    park = tracing.results.scenario.park
    for link, realised in tracing.hauled[firm]:
        cost = link.transport.per_t + link.transport.per_t_km * park.distance(link)
        wet = realised * park.materials[link.material].as_received
        yield cost * wet, {tracing.numbers.of_moisture(link.material): 1.0}


def _operation(tracing: Tracing, firm: str, _suppliers: str) -> Iterable[Part]:
    for line, output in tracing.output[firm].items():
        technology = tracing.numbers.technology(firm, line)
        yield output * technology.opex, {basis([of_technology(technology, "opex")]): 1.0}


def _capital(tracing: Tracing, firm: str, _finance: str) -> Iterable[Part]:
    for line in tracing.results.scenario.park.firms[firm].lines.values():
        technology = tracing.numbers.technology(firm, line.id)
        if line.status == "suggested":
            yield technology.capex * line.capacity, {basis([of_technology(technology, "capex")]): 1.0}
            yield technology.set_up, {basis([of_technology(technology, "set_up")]): 1.0}
    links = tracing.results.scenario.park.links
    yield sum(link.set_up for link in links if link.status == "suggested" and link.to == firm), {NOTHING: 1.0}


SPREAD: dict[str, Callable[[Tracing, str, str], Iterable[Part]]] = {
    "purchase": _purchases, "sale": _sales, "disposal": _disposals, "transport": _transports,
    "operation": _operation, "capital": _capital,
}  # fmt: skip
"""Item of a payment → what it is paid for, with weights: (tracing, the firm, who stands on the other side)."""
