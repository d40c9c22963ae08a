"""Samples: the named analyses of a material in the library, and the one that a scenario asks for with `sample:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mfa.files import library
from mfa.files.assemble import merge
from mfa.files.fields import MEASURED, PROVENANCE
from mfa.files.nearest import did_you_mean
from mfa.files.tree import Fault, Node, join
from mfa.language import tr


def choose_samples(root: Node, faults: list[Fault]) -> Node:
    """Return the tree in which a material with `sample:` is what that sample says, and none carries samples any more.

    What the material says besides stands over the sample; what neither says comes from the library.
    """
    park = root.get("park")
    materials = park.get("materials") if park is not None else None
    if park is None or materials is None:
        return root
    chosen = {key: _chosen(key, node, faults) for key, node in materials.fields.items()}
    park = park.with_content({**park.fields, "materials": materials.with_content(chosen)})
    return root.with_content({**root.fields, "park": park})


def _chosen(key: str, node: Node, faults: list[Fault]) -> Node:
    wish = node.get("sample")
    own = _without(node, "sample", "samples")
    if wish is None:
        return own
    base = node if "samples" in node.fields else library.materials().get(key, node)
    samples = base.get("samples")
    known: Mapping[str, Node] = samples.fields if samples is not None else {}
    sample = known.get(wish.text or "")
    if sample is None:
        message = tr("{material} has no sample '{name}'", material=key, name=wish.text or "?")
        faults.append(Fault(wish.named_at, wish.path, message + _hint(wish.text or "", known)))
        sample = Node({}, wish.mark)
    if base is node:
        return _as_measured(own, sample)
    return merge(_as_measured(_without(base, "samples"), sample), own)


def _without(node: Node, *names: str) -> Node:
    if not any(name in node.fields for name in names):
        return node
    return node.with_content({name: entry for name, entry in node.fields.items() if name not in names})


def _hint(name: str, known: Mapping[str, Node]) -> str:
    if not known:
        return tr("; it has none")
    return did_you_mean(name, known) or tr("; it has {names}", names=", ".join(f"'{sample}'" for sample in known))


def _as_measured(material: Node, sample: Node) -> Node:
    """Return a material with what a sample says, and with the sample as the evidence for it.

    A sample's composition takes the place of the whole composition: what it does not name is unknown.
    """
    fields = dict(material.fields)
    measured = {field: sample.fields[field] for field in MEASURED if field in sample.fields}
    if "properties" in measured and "properties" in fields:
        measured["properties"] = merge(fields["properties"], measured["properties"])
    replaced = set(_paths(sample))
    for about in ("evidence", "ranges"):
        if about in fields:
            kept = {path: entry for path, entry in fields[about].fields.items() if not _is_about(path, replaced)}
            fields[about] = fields[about].with_content(kept)
    provenance = {name: sample.fields[name] for name in PROVENANCE if name in sample.fields}
    evidence = fields.get("evidence") or Node({}, sample.mark, join(material.path, "evidence"))
    told = {path: sample.with_content(provenance) for path in sorted(replaced)}
    return material.with_content({**fields, **measured, "evidence": evidence.with_content({**evidence.fields, **told})})


def _paths(sample: Node) -> Iterator[str]:
    """Yield the numbers that a sample states, named as in `evidence`."""
    for field in MEASURED:
        node = sample.get(field)
        if node is not None and field == "properties":
            yield from (f"properties.{name}" for name in node.fields)
        elif node is not None:
            yield field


def _is_about(path: str, replaced: set[str]) -> bool:
    return path in replaced or path.partition(".")[0] in replaced
