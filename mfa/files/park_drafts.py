"""From a table of firms to a scenario that runs, with a note on every value that the table does not say.

The scenario is a tree whose values stand where the table says them, so that each error names its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mfa.files import library
from mfa.files.checks.technologies import MASS_TOLERANCE, mass_in, mass_out
from mfa.files.holdings import Holdings
from mfa.files.makers import Called, Makers, UnclearError, one_of, shown, words
from mfa.files.park_firms import NAMING, NO_RECIPE, Firm, Line, Note, firms_of, parts_of
from mfa.files.park_tables import UNREADABLE, ParkTable, Row, settings
from mfa.files.search import called, is_chinese, plain
from mfa.files.tables import put_in
from mfa.files.tree import Fault, Mark, Node, moved
from mfa.files.units import UnitError, read_quantity
from mfa.language import current, tr
from mfa.park.material import Material
from mfa.park.park import Park
from mfa.park.technology import Technology

WASTES = frozenset({"by_product", "solid_waste", "bulk_solid_waste", "hazardous_waste"})
UNRECORDED = "unrecorded_inputs"
"""What a recipe takes of which nothing is known but what it makes."""


@dataclass(frozen=True)
class Assumption:
    """A value of a scenario that its table does not say; `firm` is empty where it is one of the whole park."""

    firm: str
    path: str
    value: str
    note: Note


@dataclass
class Draft:
    """A scenario in the making; `assumed` is path → assumption, in the order of the file."""

    holdings: Holdings
    table: Mark
    faults: list[Fault]
    firms: dict[str, Firm]
    assumed: dict[str, Assumption] = field(default_factory=dict)
    own_materials: dict[str, Node] = field(default_factory=dict)
    own_technologies: dict[str, Node] = field(default_factory=dict)

    def assume(self, path: str, value: str, note: Note, firm: str = "") -> None:
        """Note an assumption."""
        self.assumed[path] = Assumption(firm, path, value, note)

    def fault(self, place: Mark, message: str) -> None:
        """Note an error."""
        self.faults.append(Fault(place, "", message))

    @property
    def lines(self) -> list[Line]:
        """The lines of all firms."""
        return [line for firm in self.firms.values() for line in firm.lines.values()]


def draft_scenario(table: ParkTable, name: str, file: str, holdings: Holdings, faults: list[Fault]) -> tuple[
    Node, list[Assumption]
]:  # fmt: skip
    """Return the tree of a scenario for the firms of a table, and what was assumed.

    Args:
        table: the table.
        name: what the scenario is called.
        file: how messages call the file of the table.
        holdings: the library.
        faults: takes what the table says wrong; what it concerns is left out of the tree.
    """
    firms = firms_of(table, Makers(holdings), faults)
    draft = Draft(holdings, Mark(file, 0, 0, is_cell=True), faults, firms)
    _share_measured(draft, table)
    park: dict[str, Node] = {"coordinates": _value("lonlat", draft.table)}
    nodes = {firm.id: _firm(draft, firm) for firm in firms.values()}
    if draft.own_materials:
        park["materials"] = _mapping(draft.own_materials, draft.table)
    if draft.own_technologies:
        park["technologies"] = _mapping(draft.own_technologies, draft.table)
    park["firms"] = _mapping(nodes, draft.table)
    park["boundary"] = _boundary(draft)
    park["links"] = Node([link for row in table.links if (link := _link(draft, row)) is not None], draft.table)
    fields = {"mfa": _value("1", draft.table), "name": _text(name, draft.table)}
    _put_settled(draft, fields)
    inner = fields.pop("park")
    first = {"coordinates": park.pop("coordinates"), **inner.fields}
    fields["park"] = inner.with_content({**first, **park})
    _offer_treatments(draft, fields)
    order = ("mfa", "name", "time", "park", "candidates", "optimize")
    root = Node({key: fields[key] for key in order if key in fields}, draft.table)
    return moved(root, "", None), list(draft.assumed.values())


def _value(text: str, place: Mark) -> Node:
    return Node(text, place, key=place)


def _text(text: str, place: Mark) -> Node:
    return Node(text, place, key=place, plain=False)


def _both(english: str, chinese: str, place: Mark) -> Node:
    """Return a name in both languages."""
    return _mapping({"en": _text(english, place), "zh": _text(chinese, place)}, place)


def _mapping(fields: Mapping[str, Node], place: Mark) -> Node:
    return Node(dict(fields), place, key=place)


def _list(texts: Iterable[str], place: Mark) -> Node:
    return Node([_value(text, place) for text in texts], place, key=place)


def _put_settled(draft: Draft, fields: dict[str, Node]) -> None:
    """Put what `models/park_tables.yaml` assumes of every park."""
    for path, entry in settings()["assumed"].fields.items():
        value = entry.fields["value"]
        why = entry.word(current.get()) or entry.word("en") or ""
        put_in(fields, path.split("."), Node(value.text or "", value.mark, key=entry.named_at))
        source = f"park_tables.assumed ({entry.named_at})"
        draft.assume(path, value.text or "", Note(why, source, entry.word("confidence") or "assumed"))


def _firm(draft: Draft, firm: Firm) -> Node:
    """Return a firm as it would stand in a scenario file."""
    row, place = firm.row, firm.name.mark
    path = f"park.firms.{firm.id}"
    fields = {"name": _name(firm)}
    if "park" in row.cells:
        fields["park"] = row.cells["park"]
    if "lon" in row.cells and "lat" in row.cells:
        both = [replace(row.cells[axis], plain=True) for axis in ("lon", "lat")]
        fields["at"] = Node(both, both[0].mark, key=both[0].mark)
    elif "lon" in row.cells or "lat" in row.cells:
        draft.fault(row.place, tr("a place has a longitude and a latitude; fill both"))
    lines = {key: _line(draft, firm, key, line) for key, line in firm.lines.items()}
    alone = len(lines) == 1
    for key, line in firm.lines.items():
        at = path if alone else f"{path}.lines.{key}"
        for name, note in line.notes.items():
            draft.assume(f"{at}.{name}", lines[key].word(name) or "", note, firm.name.text or firm.id)
    if alone:
        fields |= next(iter(lines.values())).fields
    elif lines:
        fields["lines"] = _mapping(lines, place)
    return _mapping(fields, place)


def _name(firm: Firm) -> Node:
    """Return the name of a firm, in the language or languages in which the table has it."""
    cells = [firm.name, *([firm.row.cells["name"]] if "name" in firm.row.cells else [])]
    return _mapping({"zh" if is_chinese(cell.text or "") else "en": cell for cell in reversed(cells)}, firm.name.mark)


def _line(draft: Draft, firm: Firm, key: str, line: Line) -> Node:
    runs = line.choice.technology
    if line.measured or runs == NO_RECIPE:
        runs = f"{firm.id}_{key}"
        draft.own_technologies[runs] = _own_recipe(draft, firm, runs, line)
    place = line.capacity.mark
    fields = {"runs": _text(runs, place), "capacity": line.capacity, "utilisation": line.utilisation}
    return _mapping({name: replace(node, key=node.mark) for name, node in fields.items()}, place)


def _own_recipe(draft: Draft, firm: Firm, key: str, line: Line) -> Node:
    """Return a recipe of one firm: the library's with the wastes it measured, or one that just makes its product."""
    place, who = line.capacity.mark, firm.name.text or firm.id
    if line.choice.technology == NO_RECIPE:
        product = f"{firm.id}_product"
        entry = {"name": _text(line.choice.product, place), "class": _value("product", place)}
        draft.own_materials[product] = _mapping(entry, place)
        usual = Technology(id=key, product=product)
        recipe = _mapping({"product": _text(product, place)}, place)
    else:
        usual = draft.holdings.technologies[line.choice.technology]
        recipe = library.technologies()[line.choice.technology]
    fields, path = dict(recipe.fields), f"park.technologies.{key}"
    for waste, node in line.measured.items():
        at, before = f"releases.{waste}", usual.releases.get(waste)
        put_in(fields, ["releases", waste], node)
        evidence = {"source": _text(str(node.mark), node.mark), "confidence": _value("derived", node.mark)}
        put_in(fields, ["evidence", at], _mapping(evidence, node.mark))
        if "ranges" in fields:
            fields["ranges"] = _mapping({k: v for k, v in fields["ranges"].fields.items() if k != at}, place)
        known = tr("none") if before is None else f"{before:g}"
        why = tr("measured tonnes, taken as dry, ÷ what it makes; the library has {value}", value=known)
        draft.assume(f"{path}.{at}", node.text or "", Note(why, str(node.mark), "derived", computed=True), who)
    excess = _excess(draft, usual, line)
    if excess:
        text = f"{excess:.6g} t/{_unit(draft, line)}"
        put_in(fields, ["takes", UNRECORDED], _value(text, place))
        note = Note(tr("what it gives beyond the inputs that are known; closes its balance"))
        draft.assume(f"{path}.takes.{UNRECORDED}", text, note, who)
    return _mapping(fields, place)


def _excess(draft: Draft, usual: Technology, line: Line) -> float:
    """Return what a line gives beyond what its recipe takes in, t per unit of its product; 0 where nothing."""
    measured = {
        waste: read_quantity(node.text or "", f"t/{_unit(draft, line)}") for waste, node in line.measured.items()
    }
    recipe = usual.replace(releases={**usual.releases, **measured})
    materials = draft.holdings.materials
    if usual.product not in materials:
        materials = {**materials, usual.product: Material(id=usual.product, class_="product")}
    park = Park(materials=materials)
    excess = mass_out(park, recipe) - mass_in(park, recipe)
    return excess if excess > MASS_TOLERANCE * mass_in(park, recipe) else 0.0


def _known(draft: Draft, cell: Node, names: Called) -> str:
    """Return the id that a cell means; nothing, with a note, where that is not clear."""
    try:
        return one_of(cell.text or "", names)
    except UnclearError as error:
        draft.fault(cell.mark, str(error))
        return ""


def _waste(draft: Draft, cell: Node, wastes: Called, firm: Firm | None = None) -> str:
    """Return the waste that a cell means; nothing, with those of its firm, where the word may mean any of them."""
    if plain(cell.text or "") not in map(plain, words(settings()["broad_wastes"])):
        return _known(draft, cell, wastes)
    technologies = draft.holdings.technologies
    runs = [line.choice.technology for line in firm.lines.values()] if firm is not None else []
    released = sorted({key for run in runs if run for key in technologies[run].releases if key in wastes})
    message = tr("'{name}' is too broad; name the waste itself", name=cell.text)
    if released:
        usual = tr(", ").join(shown(key, wastes[key]) for key in released)
        message += tr("; such a firm usually releases {wastes}", wastes=usual)
    draft.fault(cell.mark, message)
    return ""


def _share_measured(draft: Draft, table: ParkTable) -> None:
    """Give each line its part of the wastes that its firm measured, in the proportion of the library's recipes."""
    wastes = _called(key for key, material in draft.holdings.materials.items() if material.class_ in WASTES)
    firms = {key: [firm.name.text or "", firm.row.word("name")] for key, firm in draft.firms.items()}
    for row in [*table.wastes, *(row for row in table.firms if "waste" in row.cells)]:
        if UNREADABLE in map(row.word, row.cells):
            continue
        named = next((row.cells[column] for column in NAMING if column in row.cells), None)
        if named is None or not {"waste", "waste_amount"} <= row.cells.keys():
            draft.fault(row.place, tr("a waste has a firm and an amount; fill all three columns"))
            continue
        names, amounts = parts_of(row.cells["waste"]), parts_of(row.cells["waste_amount"])
        if len(names) != len(amounts):
            message = "{wastes} wastes and {amounts} amounts; give each waste its amount"
            draft.fault(row.cells["waste"].mark, tr(message, wastes=len(names), amounts=len(amounts)))
            continue
        firm = _known(draft, named, firms)
        for name, amount in zip(names, amounts, strict=True):
            waste = _waste(draft, name, wastes, draft.firms.get(firm))
            if firm and waste:
                _share(draft, draft.firms[firm], waste, amount)


def _share(draft: Draft, firm: Firm, waste: str, amount: Node) -> None:
    """Give the lines of a firm that release a waste what was measured of it."""
    try:
        total = read_quantity(amount.text or "", f"{draft.holdings.materials[waste].unit}/day")
    except UnitError as error:
        draft.fault(amount.mark, str(error))
        return
    made = {key: line.activity(_unit(draft, line)) or 0.0 for key, line in firm.lines.items()}
    usual = {key: made[key] * _released(draft, line, waste) for key, line in firm.lines.items()}
    if not any(usual.values()):
        largest = max(made, key=lambda key: made[key], default="")
        usual = {largest: made.get(largest, 0.0)}
    if not firm.lines and not any(fault.level == "error" for fault in draft.faults):
        message = "'{firm}' makes nothing that could release it; give the firm a product and an amount"
        draft.fault(firm.name.mark, tr(message, firm=firm.name.text))
    for key, part in usual.items():
        if part > 0:
            line = firm.lines[key]
            text = f"{total * part / sum(usual.values()) / made[key]:.6g} t/{_unit(draft, line)}"
            line.measured[waste] = Node(text, amount.mark, key=amount.mark)


def _unit(draft: Draft, line: Line) -> str:
    known = draft.holdings.materials.get(line.choice.product)
    return known.unit if known is not None and line.choice.technology != NO_RECIPE else "t"


def _released(draft: Draft, line: Line, waste: str) -> float:
    technology = draft.holdings.technologies.get(line.choice.technology)
    return technology.releases.get(waste, 0.0) if technology is not None else 0.0


def _boundary(draft: Draft) -> Node:
    """Return a market for what firms buy and sell, and a disposal site for what is left."""
    holdings, place = draft.holdings, draft.table
    recipes = [holdings.technologies[line.choice.technology] for line in draft.lines if line.choice.technology]
    wastes = {waste for waste in _released_here(draft) if holdings.materials[waste].class_ in WASTES}
    inputs = {material for firm in draft.firms.values() for material in _bought(draft, firm)}
    made = sorted({recipe.product for recipe in recipes} - {r.product for r in recipes
                  if holdings.materials[r.product].class_ == "product"})  # fmt: skip
    sells, buys, accepts = sorted(inputs - wastes), ["product", "by_product", *made], sorted(WASTES - {"by_product"})
    for path, entries, why in (
        ("market.sells", sells, tr("every input; a waste that a firm here releases must come over a link")),
        ("market.buys", buys, tr("every product and by-product")),
        ("disposal.accepts", accepts, tr("every waste, without limit or fee")),
    ):
        draft.assume(f"park.boundary.{path}", ", ".join(entries), Note(why))
    return _mapping(
        {
            "market": _mapping(
                {
                    "name": _both("Market", "市场", place),
                    "kind": _value("market", place),
                    "sells": _list(sells, place),
                    "buys": _list(buys, place),
                },
                place,
            ),
            "disposal": _mapping(
                {
                    "name": _both("Disposal site", "处置场", place),
                    "kind": _value("disposal", place),
                    "accepts": _list(accepts, place),
                },
                place,
            ),
        },
        place,
    )


def _released_here(draft: Draft) -> set[str]:
    """Return what the firms release, by their recipes or their measurements."""
    known = draft.holdings.technologies
    recipes = [known[line.choice.technology] for line in draft.lines if line.choice.technology]
    usual = {material for recipe in recipes for material in recipe.releases}
    return usual | {waste for line in draft.lines for waste in line.measured}


def _bought(draft: Draft, firm: Firm) -> set[str]:
    """Return what a firm uses, but for what it was assumed to make for itself."""
    technologies = draft.holdings.technologies
    lines = [line for line in firm.lines.values() if line.choice.technology]
    feeders = {key for line in lines for key in line.choice.besides}
    own = {line.choice.product for line in lines if line.choice.technology in feeders}
    return {material for line in lines for material in technologies[line.choice.technology].uses} - own


def _offer_treatments(draft: Draft, fields: dict[str, Node]) -> None:
    """Let the plan build the treatments of the library that take a waste of the park."""
    released = _released_here(draft)
    offered = [key for key, technology in sorted(draft.holdings.technologies.items())
               if technology.kind == "treatment" and released & technology.uses.keys()]  # fmt: skip
    if offered:
        put_in(fields, ["candidates", "treatments"], _list(offered, draft.table))
        draft.assume("candidates.treatments", ", ".join(offered), Note(tr("every treatment of a waste of this park")))


def _link(draft: Draft, row: Row) -> Node | None:
    """Return a link of today; None, with notes, where its ends or material are not clear."""
    nodes: Called = {firm.id: [firm.id, firm.name.text or "", firm.row.word("name")] for firm in draft.firms.values()}
    nodes = {**nodes, "market": ["market", "市场"], "disposal": ["disposal", "landfill", "填埋场", "处置场"]}
    materials = _called(draft.holdings.materials)
    fields: dict[str, Node] = {}
    for column, names in (("from", nodes), ("to", nodes), ("material", materials)):
        if column not in row.cells:
            draft.fault(row.place, tr("the column {column} is empty in this row", column=column))
        elif key := (_waste if column == "material" else _known)(draft, row.cells[column], names):
            fields[column] = row.cells[column].with_content(key)
    if len(fields) < 3:
        return None
    fields |= {key: row.cells[column] for column, key in (("amount", "at_most"), ("distance", "distance"),
                                                          ("price", "price")) if row.word(column)}  # fmt: skip
    return _mapping(fields, row.place)


def _called(keys: Iterable[str]) -> Called:
    return {key: called(key, library.materials()[key]) for key in keys}
