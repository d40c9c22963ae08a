"""The map of a park: firms at their places, what flows between them, what is suggested and what was turned down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mfa.language import tr
from mfa.park.park import Park
from mfa.park.plan import Plan
from mfa.park.values import Place
from mfa.results.results import Results
from mfa.views.font import printable
from mfa.views.lettering import text_width
from mfa.views.palette import ACCENT, CLASS_COLOURS, FAINT, INK, PAPER, SOFT_INK, WARNING, mixed
from mfa.views.places import Places, find_places, place_labels
from mfa.views.sankey.legend import round_down
from mfa.views.sankey.shapes import Box
from mfa.views.wording import Names, brief, listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Status = Literal["existing", "suggested", "refused"]
Medium = Literal["waste", "goods", "water", "energy", "carriers"]
MEDIA: Mapping[Medium, tuple[str, str, str]] = {
    "waste": ("by-products and wastes", "t", SOFT_INK),
    "goods": ("raw materials and products", "t", CLASS_COLOURS["product"]),
    "water": ("water", "t", CLASS_COLOURS["water"]),
    "energy": ("energy", "GJ", CLASS_COLOURS["energy"]),
    "carriers": ("energy carriers by mass", "t", CLASS_COLOURS["energy"]),
}
"""Medium → its name, its unit, and its colour where it runs today."""

WIDTH, HEIGHT, MARGIN = 660.0, 440.0, 62.0
"""Size of the map and the room around its outermost nodes, in points."""
LEGEND = 34.0
RADIUS, LABEL, AWAY = 5.0, 9.0, 9.0
WIDEST, THINNEST = 9.0, 0.9
MOST_REFUSED, MOST_ARROWS, MOST_NAMES = 8, 300, 60
BEHIND = {"boxstyle": "round,pad=0.12", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.7}
COLOURS: Mapping[Status, str] = {"existing": SOFT_INK, "suggested": ACCENT, "refused": WARNING}
NAMES: Mapping[Status, str] = {"suggested": "suggested", "refused": "considered and left out"}


@dataclass(frozen=True)
class Arrow:
    """What goes from one node to another: amount a year in `unit`, all materials of one status and medium together."""

    source: str
    target: str
    status: Status
    medium: Medium
    amount: float

    @property
    def colour(self) -> str:
        """By status; what runs today by its medium, goods and what was left out paler."""
        colour = MEDIA[self.medium][2] if self.status == "existing" else COLOURS[self.status]
        pale = self.status == "refused" or (self.status == "existing" and self.medium == "goods")
        return mixed(colour, PAPER, 0.55 if pale else 0.15)


def arrows(results: Results, plan: Plan | None) -> list[Arrow]:
    """Return what the links of a run carried, and some of the pairs that the plan left out."""
    park = results.scenario.park
    sums: dict[tuple[str, str, Status, Medium], float] = defaultdict(float)
    columns = ["source", "target", "material", "status", "realised_per_yr"]
    for source, target, material, status, amount in results.links[columns].itertuples(index=False):
        if amount > 0 and source != target:
            kind: Status = "suggested" if status == "suggested" else "existing"
            sums[str(source), str(target), kind, _medium(park, str(material))] += float(amount)
    carried = [Arrow(*key, amount) for key, amount in sorted(sums.items())]
    return carried + _refused(plan, {(arrow.source, arrow.target) for arrow in carried})


def _medium(park: Park, material: str) -> Medium:
    known = park.materials[material]
    if not known.is_mass:
        return "energy"
    if known.class_ == "water":
        return "water"
    if known.class_ == "energy":
        return "carriers"
    return "goods" if known.class_ in ("raw", "product") else "waste"


def _refused(plan: Plan | None, drawn: set[tuple[str, str]]) -> list[Arrow]:
    refusals = sorted(plan.refusals, key=lambda r: (r.stage != "rejected", r.source, r.target)) if plan else []
    pairs = dict.fromkeys((r.source, r.target) for r in refusals if (r.source, r.target) not in drawn)
    return [Arrow(source, target, "refused", "waste", 0.0) for source, target in list(pairs)[:MOST_REFUSED]]


def draw_map(results: Results, plan: Plan | None, names: Names) -> Figure:
    """Return the map of a run; `plan` adds what was considered and left out."""
    from matplotlib.figure import Figure

    park, flows = results.scenario.park, arrows(results, plan)
    places = find_places(park, [(flow.source, flow.target) for flow in flows])
    spots, points_per_km = _to_page(places)
    figure = Figure(figsize=((WIDTH + 2) / 72, (HEIGHT + LEGEND + 1) / 72))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-1, WIDTH + 1), ylim=(HEIGHT + LEGEND, -1))
    axes.set_axis_off()
    drawable = [flow for flow in flows if flow.source in spots and flow.target in spots]
    shown = sorted(drawable, key=lambda flow: -flow.amount)[:MOST_ARROWS]
    _draw_arrows(axes, shown, spots)
    _draw_nodes(axes, park, spots, _labels(shown, spots, names))
    _draw_legend(axes, shown, names)
    _draw_scale(axes, places, points_per_km, names, len(drawable) - len(shown))
    return figure


def _to_page(places: Places) -> tuple[dict[str, Place], float]:
    """Return node → point on the page (y downwards), and points per km."""
    xs, ys = [x for x, _ in places.at.values()], [y for _, y in places.at.values()]
    wide, high = max(max(xs) - min(xs), 1e-9), max(max(ys) - min(ys), 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    x0, y0 = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    spots = {node: (WIDTH / 2 + (x - x0) * scale, HEIGHT / 2 - (y - y0) * scale) for node, (x, y) in places.at.items()}
    return spots, scale


def _draw_arrows(axes: Axes, flows: Sequence[Arrow], spots: Mapping[str, Place]) -> None:
    from matplotlib.patches import FancyArrowPatch

    most: dict[str, float] = defaultdict(float)
    for flow in flows:
        most[flow.medium] = max(most[flow.medium], flow.amount)
    bends: dict[tuple[str, str], int] = defaultdict(int)
    for flow in sorted(flows, key=_depth, reverse=True):
        width = max(THINNEST, WIDEST * flow.amount / most[flow.medium]) if flow.amount else THINNEST
        bend = 0.16 + 0.13 * bends[flow.source, flow.target]
        bends[flow.source, flow.target] += 1
        axes.add_patch(
            FancyArrowPatch(spots[flow.source], spots[flow.target], connectionstyle=f"arc3,rad={bend}",
                            arrowstyle="-|>", mutation_scale=7 + 1.2 * width, linewidth=width, color=flow.colour,
                            shrinkA=RADIUS, shrinkB=RADIUS + 2,
                            linestyle="-" if flow.amount else (0, (3, 3)), capstyle="butt", joinstyle="miter")
        )  # fmt: skip


def _depth(flow: Arrow) -> tuple[bool, bool, float]:
    """Return how far behind an arrow lies: what was left out, then goods, then the widest."""
    return flow.status == "refused", flow.medium == "goods", flow.amount


def _labels(flows: Sequence[Arrow], spots: Mapping[str, Place], names: Names) -> dict[str, str]:
    """Return node → name of those that send and get most."""
    handled = dict.fromkeys(sorted(spots), 0.0)
    for flow in flows:
        handled[flow.source] += flow.amount
        handled[flow.target] += flow.amount
    named = sorted(handled, key=lambda node: -handled[node])[:MOST_NAMES]
    return {node: printable(names.node(node)) for node in named}


def _draw_nodes(axes: Axes, park: Park, spots: Mapping[str, Place], texts: Mapping[str, str]) -> None:
    for node, (x, y) in sorted(spots.items()):
        firm = node in park.firms
        axes.plot([x], [y], marker="o" if firm else "D", markersize=2 * RADIUS - (0 if firm else 2), color=INK,
                  markerfacecolor=INK if firm else PAPER, markeredgewidth=1.2)  # fmt: skip
    for node, box in place_labels(texts, spots, Box(0, 0, WIDTH, HEIGHT), LABEL, AWAY).items():
        side = "left" if box.x >= spots[node][0] else "right" if box.x + box.width <= spots[node][0] else "center"
        x = {"left": box.x, "right": box.x + box.width, "center": box.x + box.width / 2}[side]
        axes.text(x, box.y + box.height / 2, texts[node], size=LABEL, ha=side, va="center", bbox=BEHIND)


def _draw_legend(axes: Axes, flows: Sequence[Arrow], names: Names) -> None:
    x, y = 0.0, HEIGHT + LEGEND / 4
    for text, colour, dashed in _entries(flows, names):
        wide = 25 + text_width(text, 8) + 10
        if x + wide > WIDTH:
            x, y = 0.0, y + LEGEND / 2
        style = (0, (3, 2)) if dashed else "-"
        axes.plot([x, x + 20], [y, y], color=colour, linewidth=1.2 if dashed else 3.0, linestyle=style)
        axes.text(x + 25, y, text, size=8, va="center", color=SOFT_INK)
        x += wide


def _entries(flows: Sequence[Arrow], names: Names) -> Iterator[tuple[str, str, bool]]:
    """Yield text, colour and whether dashed: each medium with what its widest arrow stands for, then each status."""
    for medium, (name, unit, colour) in MEDIA.items():
        some = [flow for flow in flows if flow.medium == medium and flow.amount]
        if some:
            most = brief(max(flow.amount for flow in some), unit, names.language, per_year=True)
            text = tr("{what} (widest arrow {amount})", names.language, what=tr(name, names.language), amount=most)
            today = [flow.colour for flow in some if flow.status == "existing"]
            yield text, today[0] if today else colour, False
    for status, name in NAMES.items():
        of_status = [flow for flow in flows if flow.status == status]
        if of_status:
            yield tr(name, names.language), of_status[0].colour, status == "refused"


def _draw_scale(axes: Axes, places: Places, points_per_km: float, names: Names, left_out: int) -> None:
    notes = []
    if places.schematic:
        notes.append(tr("Schematic: the places of the firms are not known", names.language))
    else:
        length = round_down(110 / points_per_km)
        right, y = WIDTH - 16, HEIGHT - 16
        left = right - length * points_per_km
        axes.plot([left, left, right, right], [y - 4, y, y, y - 4], color=SOFT_INK, linewidth=1.0)
        axes.text((left + right) / 2, y - 6, f"{length:g} km", size=8, ha="center", va="bottom", color=SOFT_INK)
    if places.missing:
        missing = listed([names.node(node) for node in places.missing], names.language)
        notes.append(tr("Without a place, not drawn: {nodes}", names.language, nodes=missing))
    if left_out:
        notes.append(tr("{number} smaller flows are not drawn", names.language, number=left_out))
    axes.text(14, HEIGHT - 12, printable("  ".join(notes)), size=8, va="bottom", color=SOFT_INK)
    axes.plot([0, WIDTH, WIDTH, 0, 0], [0, 0, HEIGHT, HEIGHT, 0], color=FAINT, linewidth=1.2)
