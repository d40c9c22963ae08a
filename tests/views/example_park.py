"""A made-up coal, steel and cement park, its tables before and after a plan, and the plan: what views are tested on."""

from __future__ import annotations

from typing import Any

from mfa.experiments import Loop
from mfa.park.firm import Boundary, Firm, Line, Use
from mfa.park.link import Link
from mfa.park.material import Material
from mfa.park.park import Park
from mfa.park.plan import Plan, PlannedLine, PlannedLink, Refusal
from mfa.park.scenario import Disruption, Optimize, Scenario, Time
from mfa.park.technology import Technology
from mfa.results.results import Results
from mfa.results.tables import TABLES, make_table

DAYS, MONTHS = 1096.0, [f"{year}-{month:02}-01" for year in (2018, 2019, 2020) for month in range(1, 13)]

MATERIALS = {
    # id: class, English, Chinese
    "coal": ("raw", "Coal", "原煤"),
    "limestone": ("raw", "Limestone", "石灰石"),
    "clay": ("raw", "Clay", "黏土"),
    "iron_ore": ("raw", "Iron ore", "铁矿石"),
    "natural_gypsum": ("raw", "Natural gypsum", "天然石膏"),
    "clinker": ("product", "Clinker", "熟料"),
    "cement": ("product", "Cement", "水泥"),
    "steel": ("product", "Steel", "钢材"),
    "ggbs": ("product", "Ground granulated blast-furnace slag", "矿渣粉"),
    "bricks": ("product", "Bricks", "砖"),
    "alumina": ("product", "Alumina", "氧化铝"),
    "pvc": ("product", "PVC", "聚氯乙烯"),
    "gangue": ("bulk_solid_waste", "Coal gangue", "煤矸石"),
    "fly_ash": ("bulk_solid_waste", "Fly ash", "粉煤灰"),
    "fgd_gypsum": ("bulk_solid_waste", "FGD gypsum", "脱硫石膏"),
    "bf_slag": ("bulk_solid_waste", "Blast-furnace slag", "高炉渣"),
    "steel_slag": ("bulk_solid_waste", "Steel slag", "钢渣"),
    "dust_sludge": ("bulk_solid_waste", "Metallurgical dust and sludge", "冶金尘泥"),
    "red_mud": ("bulk_solid_waste", "Red mud", "赤泥"),
    "washed_red_mud": ("bulk_solid_waste", "Washed red mud", "脱碱赤泥"),
    "carbide_slag": ("solid_waste", "Carbide slag", "电石渣"),
    "kiln_dust": ("by_product", "Kiln dust", "窑灰"),
    "waste_oil": ("hazardous_waste", "Waste oil", "废矿物油"),
    "steam": ("energy", "Steam", "蒸汽"),
    "coke_gas": ("energy", "Coke-oven gas", "焦炉煤气"),
    "water": ("water", "Reclaimed water", "再生水"),
}
FIRMS = {
    "mine": ("Coal mine", "煤矿", 113.22, 35.27),
    "power": ("CHP plant", "热电厂", 113.27, 35.24),
    "alumina": ("Alumina refinery", "氧化铝厂", 113.25, 35.23),
    "steel": ("Steel works", "钢铁厂", 113.35, 35.215),
    "slag": ("Slag mill", "矿渣粉厂", 113.34, 35.205),
    "kiln": ("Clinker kiln", "熟料生产线", 113.31, 35.225),
    "mill": ("Cement mill", "水泥粉磨站", 113.325, 35.222),
    "bricks": ("Brick plant", "砖厂", 113.24, 35.20),
    "pvc": ("PVC plant", "电石法PVC厂", 113.30, 35.19),
    "board": ("Gypsum board plant", "石膏板厂", 113.285, 35.215),
}
FLOWS = [
    # source, target, material, kind, kt (or TJ) a year before, after
    ("market", "kiln", "limestone", "virgin", 1170, 980),
    ("market", "kiln", "clay", "virgin", 225, 90),
    ("market", "bricks", "clay", "virgin", 330, 190),
    ("market", "steel", "iron_ore", "virgin", 2600, 2590),
    ("market", "mill", "natural_gypsum", "virgin", 56, 4),
    ("mine", "power", "coal", "product", 1040, 1040),
    ("market", "kiln", "coal", "virgin", 117, 115),
    ("kiln", "mill", "clinker", "product", 900, 760),
    ("slag", "mill", "ggbs", "product", 0, 330),
    ("slag", "market", "ggbs", "product", 96, 130),
    ("mill", "market", "cement", "product", 1120, 1180),
    ("steel", "market", "steel", "product", 1700, 1700),
    ("bricks", "market", "bricks", "product", 300, 310),
    ("alumina", "market", "alumina", "product", 704, 704),
    ("pvc", "market", "pvc", "product", 82, 82),
    ("steel", "steel", "dust_sludge", "internal", 120, 120),
    ("steel", "slag", "bf_slag", "exchange", 96, 460),
    ("steel", "landfill", "bf_slag", "disposal", 422, 58),
    ("steel", "kiln", "steel_slag", "exchange", 0, 62),
    ("steel", "landfill", "steel_slag", "disposal", 204, 142),
    ("kiln", "steel", "kiln_dust", "exchange", 14, 15),
    ("power", "mill", "fly_ash", "exchange", 60, 120),
    ("power", "kiln", "fly_ash", "exchange", 0, 46),
    ("power", "bricks", "fly_ash", "exchange", 0, 24),
    ("power", "landfill", "fly_ash", "disposal", 130, 0),
    ("power", "mill", "fgd_gypsum", "exchange", 0, 42),
    ("power", "board", "fgd_gypsum", "exchange", 6, 6),
    ("power", "landfill", "fgd_gypsum", "disposal", 42, 0),
    ("mine", "bricks", "gangue", "exchange", 40, 130),
    ("mine", "landfill", "gangue", "disposal", 180, 90),
    ("alumina", "alumina", "red_mud", "internal", 0, 70),
    ("alumina", "kiln", "washed_red_mud", "exchange", 0, 64),
    ("alumina", "landfill", "red_mud", "disposal", 915, 845),
    ("pvc", "kiln", "carbide_slag", "exchange", 0, 146),
    ("pvc", "landfill", "carbide_slag", "disposal", 146, 0),
    ("steel", "landfill", "waste_oil", "disposal", 1.2, 1.2),
    ("power", "alumina", "steam", "product", 5280, 5280),
    ("power", "town", "steam", "product", 2000, 2000),
    ("alumina", "power", "water", "exchange", 310, 310),
    ("steel", "power", "coke_gas", "product", 48, 48),
]
GENERATED = {"gangue": 220, "fly_ash": 190, "fgd_gypsum": 48, "bf_slag": 518, "steel_slag": 204, "dust_sludge": 120,
             "red_mud": 915, "carbide_slag": 146}  # fmt: skip


def park(placed: bool = True) -> Park:
    """Return the park, with or without the places of its firms."""
    materials = {
        key: Material(id=key, class_=class_, name={"en": en, "zh": zh}, unit="GJ" if key == "steam" else "t",
                      storable=key != "steam", source="teaching example", confidence="illustrative")
        for key, (class_, en, zh) in MATERIALS.items()
    }  # fmt: skip
    technologies = {
        key: Technology(id=key, product="cement", source="A handbook, 2015, table 3", confidence="memory")
        for key in FIRMS
    }
    firms = {
        key: Firm(id=key, name={"en": en, "zh": zh}, at=(x, y) if placed else None,
                  lines={"main": Line(id="main", runs=key, capacity=2000.0, utilisation=0.9)},
                  storage={"fly_ash": 30000.0} if key == "power" else {})
        for key, (en, zh, x, y) in FIRMS.items()
    }  # fmt: skip
    boundary = {
        "market": Boundary(id="market", kind="market", name={"en": "Market", "zh": "市场"}),
        "landfill": Boundary(id="landfill", kind="disposal", name={"en": "Landfill", "zh": "填埋场"}, room=30e6,
                             at=(113.19, 35.26) if placed else None, accepts=("bulk_solid_waste", "solid_waste")),
        "town": Boundary(id="town", kind="town", name={"en": "Town", "zh": "城镇"},
                         at=(113.22, 35.24) if placed else None, uses={"steam": 5479.0}),
        "environment": Boundary(id="environment", kind="environment"),
    }  # fmt: skip
    links = tuple(
        Link(id=f"{s}-{t}-{m}", from_=s, to=t, material=m)
        for s, t, m, kind, before, _ in FLOWS
        if kind in ("exchange", "product") and before and t != "market"
    )
    return Park(name={"en": "Example park", "zh": "示例园区"}, materials=materials, technologies=technologies,
                firms=firms, boundary=boundary, links=links, illustrative=True)  # fmt: skip


def scenario(placed: bool = True) -> Scenario:
    """Return the scenario: three years, a winter stop of the kiln."""
    return Scenario(
        name={"en": "Coal, steel and cement park", "zh": "煤-钢-水泥循环经济园区"},
        description="Ten firms; what could be linked for 40 million yuan?",
        park=park(placed),
        time=Time(start="2018-01-01", end="2020-12-31"),
        seed=2016,
        disruptions=(
            Disruption(name="winter kiln stop", firm="kiln", from_="2018-11-15", until="2019-03-15", every="year"),
        ),
        optimize=Optimize(objectives=("waste_utilisation", "net_benefit")),
    )


def results(of: Scenario, after: bool) -> Results:
    """Return tables as a simulation would write them."""
    run = "after" if after else "before"
    tables = {
        "flows": _flows(after),
        "stocks": _stocks(after),
        "conversion": _conversion(after),
        "links": _links(of, after),
        "money": _money(after),
        "indicators": _indicators(after),
    }
    frames = {name: make_table(name, [(run, *row) for row in tables.get(name, [])]) for name in TABLES}
    warnings = ("red_mud of alumina has nowhere to go from 2020-07-01 on: it stays at the firm, beyond its storage",)
    return Results(scenario=of, run=run, days=DAYS, warnings=warnings, worst_imbalance=3.1e-13, **frames)


def _season(node: str, other: str, month: str) -> float:
    stopped = "kiln" in (node, other) and month[5:7] in ("12", "01", "02")
    return 0.0 if stopped else 1.0


def _flows(after: bool) -> list[tuple[Any, ...]]:
    return [
        (month, s, t, m, kind, 1.1 * kt * 1000 / 12 * _season(s, t, month), kt * 1000 / 12 * _season(s, t, month),
         "GJ" if m == "steam" else "t")
        for month in MONTHS
        for s, t, m, kind, *years in FLOWS
        if (kt := years[after])
    ]  # fmt: skip


def _stocks(after: bool) -> list[tuple[Any, ...]]:
    rows = []
    for index, month in enumerate([*MONTHS, "2021-01-01"]):
        ash = 12000 + 11000 * ((index % 12) / 12) * (0.4 if after else 1.0)
        mud = 150000 + index * (2500 if after else 6500)
        rows += [(month, "power", "fly_ash", ash * 1.1, ash, "t"), (month, "alumina", "red_mud", mud * 1.4, mud, "t")]
        rows += [(month, "kiln", "limestone", 4000.0, 4000.0, "t")]
    return rows


def _conversion(after: bool) -> list[tuple[Any, ...]]:
    rows = []
    for month in MONTHS:
        rows += [(month, "mine", "main", m, 0.0, kt * 1000 / 12, "t") for m, kt in GENERATED.items()]
        for s, t, m, kind, *years in FLOWS:
            if kind in ("exchange", "internal") and m in GENERATED | {"washed_red_mud": 1}:
                rows.append((month, t, "main", m, years[after] * 1000 / 12 * _season(s, t, month), 0.0, "t"))
    return rows


def _links(of: Scenario, after: bool) -> list[tuple[Any, ...]]:
    rows = []
    existing = {link.id for link in of.park.links if link.status == "existing"}
    for s, t, m, kind, *years in FLOWS:
        if kind in ("exchange", "product") and t != "market" and (years[0] or after):
            status = "existing" if f"{s}-{t}-{m}" in existing else "suggested"
            kt = years[after] * 1000
            promised = kt * (1.06 if "kiln" in (s, t) else 1.0) if after else None
            unit = "GJ" if m == "steam" else "t"
            rows.append((f"{s}-{t}-{m}", s, t, m, status, 4.2, None, promised, kt, unit, "plan" if after else "supply"))
    return rows


def _money(after: bool) -> list[tuple[Any, ...]]:
    yearly = [("steel", "landfill", "disposal", 11.3e6, 3.6e6), ("power", "landfill", "disposal", 3.1e6, 0.0),
              ("alumina", "landfill", "disposal", 16.5e6, 15.2e6), ("kiln", "market", "purchase", 71e6, 55e6),
              ("mill", "kiln", "exchange", 180e6, 152e6), ("market", "mill", "sale", 336e6, 354e6),
              ("kiln", "carrier", "transport", 0.0, 1.9e6), ("alumina", "finance", "capital", 0.0, 0.9e6),
              ("steel", "government", "levy landfill levy", 15.0e6, 5.0e6)]  # fmt: skip
    return [
        (month, payer, payee, item, years[after] / 12)
        for month in MONTHS
        for payer, payee, item, *years in yearly
        if years[after]
    ]


def _indicators(after: bool) -> list[tuple[Any, ...]]:
    used = dict.fromkeys(GENERATED, 0.0)
    for _, _, m, kind, *years in FLOWS:
        if kind in ("exchange", "internal") and m in used:
            used[m] += years[after]
    rate = sum(used.values()) / sum(GENERATED.values())
    rows: list[tuple[Any, ...]] = [
        ("solid_waste_utilisation", "", rate, "fraction", 0.73, rate >= 0.73, "semantics §9")
    ]
    rows += [
        ("solid_waste_utilisation", m, used[m] / kt, "fraction", None, None, "semantics §9")
        for m, kt in GENERATED.items()
    ]
    rows += [
        ("waste_generated", "", sum(GENERATED.values()) * 1000.0, "t/yr", None, None, ""),
        *(("waste_generated", m, kt * 1000.0, "t/yr", None, None, "") for m, kt in GENERATED.items()),
        *(
            ("net_benefit", firm, (after and gain) * 1e6 + 2e7, "CNY/yr", None, None, "")
            for firm, gain in (("steel", 9.1), ("power", 4.2), ("kiln", 11.5), ("alumina", -2.4), ("slag", 0.0))
        ),
        ("net_benefit", "", 1e8 + (2.24e7 if after else 0.0), "CNY/yr", None, None, ""),
        ("net_diversion", "", rate - 0.03, "fraction", None, None, "semantics §9"),
        ("waste_disposed", "", 1.2e6 if after else 2.04e6, "t/yr", None, None, ""),
        ("by_products_exchanged", "", 1.28e6 if after else 0.53e6, "t/yr", None, None, ""),
        ("virgin_material_replaced", "", 8.1e5 if after else 1.3e5, "t/yr", None, None, ""),
        ("links", "", 15 if after else 8, "links", None, None, ""),
        ("connectance", "", 0.16 if after else 0.09, "fraction", None, None, ""),
        ("co2_direct", "", 5.12e6 if after else 5.34e6, "t/yr", None, None, ""),
    ]
    return rows


def plan(of: Scenario) -> Plan:
    """Return the plan: every exchange, one new treatment, and refusals of several kinds."""
    existing = {link.id: link for link in of.park.links}
    planned = []
    for s, t, m, kind, _, after in FLOWS:
        if kind == "exchange" and after:
            key = f"{s}-{t}-{m}"
            link = existing.get(key) or Link(id=key, from_=s, to=t, material=m, status="suggested", set_up=300000.0)
            planned.append(
                PlannedLink(link=link, flow=after * 1000 / 365, distance=4.2, benefit=after * 8000.0,
                            co2_avoided=after * 120.0, limited_by="share cap" if t == "mill" else "supply",
                            why=f"replaces what {t} buys")
            )  # fmt: skip
    mix = (Use(material="fly_ash", replaces="clay", amount=126.0),)
    lines = (
        PlannedLine(firm="alumina", line="dealkalisation", runs="alumina", activity=175.0, new=True),
        PlannedLine(firm="kiln", line="main", runs="kiln", activity=1800.0, mix=mix),
    )
    reasons = [
        ("limit", "sulphate limit of the kiln: would need 3 % less SO3", "board", "kiln", "fgd_gypsum"),
        ("distance", "27.0 km away, at most 25 km allowed", "mine", "kiln", "gangue"),
        ("unknown", "cannot be checked: SO3 of kiln_dust is unknown", "kiln", "mill", "kiln_dust"),
    ]
    refusals = [Refusal(source=s, target=t, material=m, code=code, reason=reason, distance=9.0, replaces="clay")
                for code, reason, s, t, m in reasons for _ in range(3)]  # fmt: skip
    refusals += [Refusal(source="alumina", target="bricks", material="washed_red_mud", stage="rejected", code="budget",
                         reason="the budget is spent on links that use more waste", distance=3.5)]  # fmt: skip
    return Plan(status="optimal", solver="glpk 5.0", objective=1.27e6, objectives={"waste_utilisation": 1.27e6,
                "net_benefit": 3.1e7}, units={"waste_utilisation": "t/yr", "net_benefit": "CNY/yr"}, utilisation=0.545,
                bound=1.27e6, gap=0.0, seconds=0.42, capital=9.4e6, planned_links=tuple(planned), planned_lines=lines,
                refusals=tuple(refusals))  # fmt: skip


def loop(placed: bool = True) -> Loop:
    """Return the closed loop of the example."""
    before = scenario(placed)
    proposal = plan(before)
    return Loop(results(before, False), proposal, results(before.with_plan(proposal), True))
