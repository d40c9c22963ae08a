"""What the path of a number means, in words: `PVC plant: releases, carbide slag`."""

from __future__ import annotations

from typing import Any

from mfa.language import tr
from mfa.park.paths import steps_to
from mfa.park.scenario import Scenario
from mfa.park.values import Value
from mfa.views.wording import Names, listed, readable

WORDS = {
    "accepts": "acceptance", "at_most": "at most", "availability": "availability", "budget": "budget",
    "candidates": "candidates", "capacity": "capacity", "capex": "capital cost", "composition": "content",
    "defaults": "of a new link", "distance": "distance", "emits_per": "emission", "finance": "finance",
    "gate_fee": "gate fee", "lead_time": "lead time", "life": "life", "limits": "limit", "loss": "loss",
    "max": "most", "min": "least", "moisture": "moisture", "opex": "operating cost", "optimize": "plan",
    "per_t": "per t", "per_t_km": "per t km", "price": "price", "properties": "property", "rate": "policy rate",
    "ratio": "ratio of substitution", "releases": "release", "set_up": "set-up cost", "storage": "storage",
    "subject_to": "bounds", "takes": "taken from nature", "transport": "transport", "up_to": "at most, of the need",
    "uses": "input", "utilisation": "use of capacity", "within": "longest way",
}  # fmt: skip
"""Key of a file → what it is called where there is room."""


def input_name(path: str, scenario: Scenario, names: Names) -> str:
    """Return what a path of a scenario means; the names of firms, materials and technologies as the park gives them."""
    steps = steps_to(scenario, path)
    park = scenario.park
    match steps:
        case ("park", "technologies", str(key), *rest):
            return _joined(names.technology(key), park.technologies[key], rest, names)
        case ("park", "materials", str(key), *rest):
            return _joined(names.material(key), park.materials[key], rest, names)
        case ("park", "firms", str(key), "lines", str(line), *rest):
            firm = park.firms[key]
            runs = "" if len(firm.lines) == 1 else f", {names.technology(firm.lines[line].runs)}"
            return _joined(names.node(key) + runs, firm.lines[line], rest, names)
        case ("park", "firms" | "boundary", str(key), *rest):
            return _joined(names.node(key), park.node(key), rest, names)
        case ("park", "links", int(at), *rest):
            link = park.links[at]
            way = f"{names.node(link.from_)} → {names.node(link.to)}, {names.material(link.material)}"
            return _joined(way, link, rest, names)
        case ("policies", int(at), *rest):
            policy = scenario.policies[at]
            return _joined(policy.name or f"{tr(policy.kind, names.language)} {at + 1}", policy, rest, names)
        case ("disruptions", int(at), *rest):
            disruption = scenario.disruptions[at]
            return _joined(disruption.name or names.node(disruption.firm), disruption, rest, names)
    return listed([_word(step, names) for step in steps], names.language)


def _joined(subject: str, value: Any, steps: list[Any], names: Names) -> str:
    words = []
    for step in steps:
        value = getattr(value, step, None) if isinstance(value, Value) else value[step]
        material = getattr(value, "material", None)
        words.append(names.material(material) if isinstance(step, int) and material else _word(step, names))
    return tr("{subject}: {what}", names.language, subject=subject, what=listed(words, names.language))


def _word(step: str | int, names: Names) -> str:
    key = str(step)
    if any(key in scenario.park.materials for scenario in names.scenarios):
        return names.material(key)
    return tr(WORDS[key], names.language) if key in WORDS else readable(key)
