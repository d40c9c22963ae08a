"""A workbook to fill in: firms, links, measured wastes; headers in both languages, names of the library to pick."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mfa.files.holdings import Holdings, holdings
from mfa.files.makers import Makers, words
from mfa.files.park_drafts import WASTES
from mfa.files.park_tables import PARTS, Part, settings
from mfa.files.search import is_chinese
from mfa.files.templates import path_named, write_new
from mfa.files.tree import Node
from mfa.files.workbook_writing import Sheet, workbook_bytes
from mfa.park.material import Material

LEFT_OUT = frozenset({"waste", "waste_amount"})
"""Columns of the sheet of firms that the template spares: wastes have a sheet of their own."""

NOTES = (
    ("One row for each product of a firm; a firm may have several rows.", "每个产品一行；一家企业可有多行。"),
    ("Needed: firm, product (or sector), and amount or capacity with its unit.",
     "必填：企业、产品（或行业）、产量或产能及其单位。"),
    ("Example: Green Cement | cement | 2 | Mt/yr", "例：宏达水泥 | 水泥 | 200 | 万吨/年"),
    ("What you leave out is assumed, and marked so in the scenario that is written.",
     "未填的内容由系统假定，并在生成的情景文件中注明。"),
    ("A product that the list lacks: write 'none' as its technology.", "清单中没有的产品：工艺一栏写“无”。"),
    ("Then: mfa import-excel FILE.xlsx --out park.yaml", "然后运行：mfa import-excel 文件.xlsx --out park.yaml"),
)  # fmt: skip


def write_table(name: str) -> Path:
    """Write a workbook to fill in and return it; nothing is overwritten.

    Raises UsageError for a name that is no file name, FolderError where the file exists or cannot be written.
    """
    path = path_named(name, ".xlsx")
    write_new(path, table_template(holdings()))
    return path


def table_template(known: Holdings) -> bytes:
    """Return the workbook to fill in."""
    products = [known.materials[key] for key in Makers(known).products]
    wastes = [material for material in known.materials.values() if material.class_ in WASTES]
    lists = {"product": _named("产品名录 products", products), "waste": _named("固废名录 catalogue", wastes)}
    offered = {"product": lists["product"], "waste": lists["waste"], "material": lists["waste"]}
    sheets = {_title(settings()["sheets"].get(part)): _blank(part, offered) for part in PARTS}
    notes = {"说明 notes": Sheet(["English", "中文"], NOTES)}
    return workbook_bytes({**sheets, **notes, **dict(lists.values())})


def _named(title: str, materials: list[Material]) -> tuple[str, Sheet]:
    """Return a sheet of materials by their names in both languages."""
    rows = sorted((material.name.zh or material.id, material.name.en or "", material.unit) for material in materials)
    return title, Sheet(["中文", "English", "t / GJ"], rows)


def _blank(part: Part, offered: Mapping[str, tuple[str, Sheet]]) -> Sheet:
    """Return the sheet of a part with its header alone, offering names from the lists."""
    names = [name for name in settings()[part].fields if part != "firms" or name not in LEFT_OUT]
    heads = {name: _title(settings()[part].fields[name]) for name in names}
    choices = {
        heads[name]: f"'{title}'!$A$2:$A${len(list(sheet.rows)) + 1}"
        for name, (title, sheet) in offered.items()
        if name in heads
    }
    return Sheet(list(heads.values()), [], choices)


def _title(node: Node | None) -> str:
    """Return the first Chinese and the first English of the words that something may be called."""
    called = words(node)
    first = (next(word for word in called if is_chinese(word) == chinese) for chinese in (True, False))
    return " ".join(first)
