"""Tables of firms become scenarios: what is read, what is assumed and marked, what is refused at its cell."""

import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from mfa.errors import InputError
from mfa.files import load_scenario
from mfa.files.holdings import holdings
from mfa.files.makers import Makers, UnclearError, words
from mfa.files.park_imports import import_park_table
from mfa.files.park_tables import settings
from mfa.files.park_template import table_template
from mfa.language import current


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MFA_LANG", raising=False)


@pytest.fixture
def in_chinese():
    token = current.set("zh")
    yield
    current.reset(token)


def of_csv(text):
    Path("park.csv").write_text(text, encoding="utf-8")
    return import_park_table(Path("park.csv"))


def of_book(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save("park.xlsx")
    return import_park_table(Path("park.xlsx"))


def told(imported):
    return [str(problem) for problem in imported.reading.problems]


def park_of(imported):
    assert imported.reading.scenario is not None, told(imported)
    return imported.reading.scenario.park


def per_year(line):
    return round(line.target * 365, 6)


def _recipe(park, firm):
    (line,) = park.firms[firm].lines.values()
    return line.runs


def assumed(imported):
    return {each.path: each for each in imported.assumed}


THREE = "firm,product,amount\nGreen,cement,2 Mt/yr\nBlue,power,12 PJ/yr\nRed,stel,3 Mt/yr\n"


def test_a_product_and_an_amount_are_enough():
    park = park_of(of_csv("cement,2 Mt/yr\n"))
    lines = park.firms["cement"].lines
    # 0.95 t of clinker to the tonne of ordinary Portland cement
    assert {key: per_year(line) for key, line in lines.items()} == {"cement_mill_po": 2e6, "clinker_kiln": 1.9e6}


def test_the_text_reads_back_equal_and_is_valid():
    imported = of_csv(THREE)
    Path("park.yaml").write_text(imported.text, encoding="utf-8")
    assert load_scenario("park.yaml") == imported.reading.scenario
    assert told(imported) == []


def test_every_assumed_value_is_marked_on_its_own_line_with_its_source():
    imported = of_csv(THREE)
    marked = re.findall(r"^ *(?:- )?([\w.]+): .*# (?:assumed|computed): ", imported.text, re.MULTILINE)
    assert sorted(marked) == sorted(each.path.rsplit(".", 1)[-1] for each in imported.assumed)
    runs = assumed(imported)["park.firms.green.lines.cement_mill_po.runs"]
    assert "technologies.cement_mill_po (models/technologies/cement.yaml:" in runs.note.source
    assert runs.note.confidence == "found"
    assert {"time.start", "candidates.within", "park.boundary.market.sells"} <= assumed(imported).keys()
    unmarked = [line for line in imported.text.splitlines() if "capacity: 2 Mt/yr" in line]
    assert unmarked == ["          capacity: 2 Mt/yr"]


CHINESE = [
    ["某园区重点企业一览表（2023年）"],
    ["序号", "企业名称", "行业", "主要产品", "产能（万吨/年）", "产量（万吨）", "经度", "纬度", "联系人"],
    [1, "宏达水泥有限公司", "建材", "42.5级水泥", 250, 200, 113.2, 35.2, "张三"],
    [2, "晨光化工", "化工", "PVC", 30, 24, 113.3, 35.3, "李四"],
    [3, None, None, "电石", "４５", 45, None, None, None],
    [4, "热电厂", "电力", "电力", "2×350 MW", None, 113.4, 35.2, None],
    [None, "合计", None, None, 325, 269],
]


@pytest.mark.usefixtures("in_chinese")
def test_a_chinese_list_with_title_units_in_headers_and_totals_is_read_as_people_mean_it():
    imported = of_book(企业名单=CHINESE)
    park = park_of(imported)
    assert list(park.firms) == ["宏达水泥有限公司", "晨光化工", "热电厂"]
    assert park.firms["宏达水泥有限公司"].at == (113.2, 35.2)
    mill = park.firms["宏达水泥有限公司"].lines["cement_mill_po"]
    assert (round(mill.capacity * 365), mill.utilisation) == (2_500_000, 0.8)
    assert {key: per_year(line) for key, line in park.firms["晨光化工"].lines.items()} == {
        "pvc_carbide": 240_000,
        "carbide_furnace": 450_000,
    }
    assert park.firms["热电厂"].lines["coal_chp"].capacity == pytest.approx(700 * 86.4)
    assert told(imported) == ["park.xlsx:企业名单!A5: warning: 未写企业名称，此行按“晨光化工”读取"]
    assert "capacity: 250 万吨/年\n" in imported.text
    assert "# 假设: " in imported.text
    assert "utilisation: 80%  # 推算: 产量 ÷ 产能 (park.xlsx:企业名单!F3)" in imported.text


def test_a_measured_waste_changes_the_recipe_of_its_firm_alone_and_says_so():
    imported = of_book(
        firms=[["firm", "product", "amount"], ["A", "alumina", "1 Mt/yr"], ["B", "alumina", "1 Mt/yr"]],
        wastes=[["firm", "waste", "amount", "unit"], ["A", "red mud", 1.2, "Mt/yr"]],
    )
    park = park_of(imported)
    assert park.technologies[_recipe(park, "a")].releases["red_mud"] == pytest.approx(1.2)
    assert _recipe(park, "b") == "bayer_alumina"
    noted = assumed(imported)["park.technologies.a_bayer_alumina.releases.red_mud"]
    assert noted.note.source == "park.xlsx:wastes!C2"
    assert "the library has 1.3" in noted.note.why


def test_more_waste_than_the_known_inputs_can_give_is_balanced_by_what_is_not_recorded():
    imported = of_book(
        firms=[["firm", "product", "amount"], ["A", "alumina", "1 Mt/yr"]],
        wastes=[["firm", "waste", "amount"], ["A", "red mud", "1.5 Mt"]],
    )
    recipe = park_of(imported).technologies["a_bayer_alumina"]
    # 2.3 t of bauxite to 1 t of alumina and 1.5 t of mud
    assert recipe.takes["unrecorded_inputs"] == pytest.approx(0.2)
    assert told(imported) == []


def test_a_firm_of_which_only_a_waste_is_known_is_told_to_lack_a_product():
    assert told(of_csv("firm,product,amount,waste,waste amount\nA,,,red mud,1.2 Mt/yr\nB,cement,1 Mt,,\n")) == [
        "park.csv:2:1: error: 'A' makes nothing that could release it; give the firm a product and an amount"
    ]


def test_a_waste_column_beside_the_product_does_the_same():
    imported = of_csv("firm,product,amount,waste,waste amount\nA,alumina,1 Mt/yr,red mud,1.2 Mt/yr\n")
    assert park_of(imported).technologies["a_bayer_alumina"].releases["red_mud"] == pytest.approx(1.2)


def test_a_product_that_the_library_lacks_can_be_kept_without_a_recipe():
    imported = of_csv(
        "firm,product,technology,amount,waste,waste amount\nSun,solar panels,none,9 kt/yr,waste glass,1 kt\n"
    )
    park = park_of(imported)
    recipe = park.technologies["sun_line"]
    assert park.materials[recipe.product].name.en == "solar panels"
    assert recipe.releases == pytest.approx({"waste_glass": 1 / 9}, rel=1e-5)
    assert recipe.takes["unrecorded_inputs"] == pytest.approx(10 / 9, rel=1e-5)


def test_links_of_today_name_firms_as_loosely_as_people_do():
    imported = of_book(
        firms=[["firm", "product", "amount"], ["Blue Power Ltd.", "power", "12 PJ/yr"], ["Mix", "concrete", "1 Mt/yr"]],
        links=[["from", "to", "material", "amount", "price"], ["blue power", "Mix", "flyash", "60 kt/yr", 80]],
    )
    (link,) = park_of(imported).links
    assert (link.from_, link.to, link.material, link.price) == ("blue_power_ltd", "mix", "fly_ash", 80.0)
    assert round(link.at_most * 365) == 60_000


def test_several_products_in_one_cell_are_several_lines():
    imported = of_csv("firm;product;amount\nA;cement、clinker;2 Mt/yr、1 Mt/yr\n")
    lines = park_of(imported).firms["a"].lines
    assert {key: per_year(line) for key, line in lines.items()} == {"cement_mill_po": 2e6, "clinker_kiln": 1e6}


def test_a_firm_of_two_rows_with_one_product_has_two_lines():
    lines = park_of(of_csv("firm,product,amount\nA,bricks,1 kt\nA,bricks,2 kt\n")).firms["a"].lines
    assert {key: per_year(line) for key, line in lines.items()} == {"fired_brick": 1000, "fired_brick_2": 2000}


def test_a_sector_alone_stands_for_its_main_product_where_it_has_one():
    assert set(park_of(of_csv("firm,sector,capacity\nA,钢铁厂,3 Mt/yr\n")).firms["a"].lines) == {
        "bof_converter",
        "blast_furnace",
    }


def test_a_line_that_feeds_another_is_not_assumed_where_a_row_makes_its_product():
    park = park_of(of_csv("firm,product,amount\nA,cement,2 Mt/yr\nB,clinker,1 Mt/yr\n"))
    assert set(park.firms["a"].lines) == {"cement_mill_po"}
    assert "clinker" in park.boundary["market"].sells


def test_amount_capacity_and_utilisation_agree():
    park = park_of(
        of_csv(
            "firm,product,amount,capacity,utilisation\nA,bricks,80 kt,100 kt,\nB,bricks,80 kt,,80%\n"
            "C,bricks,,100 kt,80\nD,bricks,120 kt,100 kt,\nE,bricks,,100 kt,\n"
        )
    )
    found = {key: (round(line.capacity * 365), line.utilisation) for key, firm in park.firms.items()
             for line in firm.lines.values()}  # fmt: skip
    assert found == {
        "a": (100_000, 0.8), "b": (100_000, 0.8), "c": (100_000, 0.8), "d": (120_000, 1.0), "e": (100_000, 1.0)
    }  # fmt: skip


def test_everything_wrong_is_told_at_once_at_its_cell():
    imported = of_book(
        firms=[
            ["firm", "product", "amount", "unit", "capasity"],
            ["A", "砖", 1, "Mt"],
            ["B", "有色金属冶炼厂", "1 Mt/yr"],
            ["C", "cement", "1.5"],
            ["D", "cement", "1 Mtt"],
            ["E", "cement"],
            ["F", "cement", "12 PJ/yr"],
            ["G", "qqqq", "1 Mt"],
            ["H", None, "1 Mt"],
        ],
        wastes=[["firm", "waste", "amount"], ["Z", "fly ash", "1 kt"], ["A", "red mut xx", "1 kt"]],
    )
    assert imported.reading.scenario is None
    lines = [line.removeprefix("park.xlsx:").replace(": error", "") for line in told(imported)]
    assert lines == [
        "firms!E1: column 'capasity' is not read; did you mean 'capacity' or 'design capacity' or 'annual capacity'?",
        "firms!B2: unknown product '砖'; did you mean 'Fired bricks'? "
        "(a product that the library lacks: write 'none' in the column technology)",
        "firms!B3: firms of the sector 'nonferrous_smelting' make several things: Copper, Lead, Zinc; name the product",
        "firms!C4: '1.5' has no unit; write it as 200 kt/yr, or name the unit in the header or a column unit",
        "firms!C5: unknown unit 'Mtt'; did you mean 'Mt'?",
        "firms!B6: there is no amount; fill the column amount or capacity, such as 200 kt/yr",
        "firms!C7: park.firms.f.capacity: expected a quantity in t/day, got '12 PJ/yr' in GJ/day; "
        "write it as 800 kt/yr",
        "firms!B8: unknown product 'qqqq' (a product that the library lacks: write 'none' in the column technology)",
        "firms!A9: the row names no product; fill the column product, sector or technology",
        "wastes!A2: unknown name 'Z'",
        "wastes!B3: unknown name 'red mut xx'; did you mean 'Red mud (Bayer)' or 'Red mud after iron recovery' or "
        "'Red mud (sinter process)'?",
    ]


def test_errors_in_csv_name_line_and_column():
    assert told(of_csv("firm,product,amount\nA,xyzzy,2 Mt/yr\n")) == [
        "park.csv:2:2: error: unknown product 'xyzzy' "
        "(a product that the library lacks: write 'none' in the column technology)"
    ]


def test_a_table_without_a_header_that_is_known_says_which_columns_it_needs():
    assert told(of_csv("Aaa,Bbb\nx,y\n")) == ["park.csv:1:1: error: no header with the columns firm, amount was found"]


def test_a_sheet_that_is_not_there_is_told_with_those_that_are():
    of_book(firms=[["firm", "product", "amount"], ["A", "cement", "1 Mt"]])
    assert told(import_park_table(Path("park.xlsx"), "firm")) == [
        "--sheet:1:1: error: --sheet: park.xlsx has no sheet 'firm'; it has 'firms'; did you mean 'firms'?"
    ]


def test_a_merged_amount_is_not_counted_twice():
    book = Workbook()
    for row in (["firm", "product", "amount"], ["A", "cement", "2 Mt"], ["A", "clinker", None]):
        book.active.append(row)
    book.active.merge_cells("C2:C3")
    book.save("park.xlsx")
    assert "park.xlsx:Sheet!C3: error: one amount is merged over several rows; give each row its own" in told(
        import_park_table(Path("park.xlsx"))
    )


def test_the_template_names_every_column_in_both_languages_and_reads_when_filled_in():
    from openpyxl import load_workbook

    Path("park.xlsx").write_bytes(table_template(holdings()))
    book = load_workbook("park.xlsx")
    sheet = book["企业 firms"]
    filled = {"企业 firm": "宏达水泥", "产品 product": "水泥", "产量 amount": 200, "单位 unit": "万吨/年"}
    sheet.append([filled.get(cell.value) for cell in sheet[1]])
    book.save("park.xlsx")
    imported = import_park_table(Path("park.xlsx"))
    assert per_year(park_of(imported).firms["宏达水泥"].lines["cement_mill_po"]) == 2e6
    assert told(imported) == []


def test_every_product_of_several_recipes_has_one_that_is_assumed():
    makers = Makers(holdings())
    assert {key for key, recipes in makers.recipes.items() if len(recipes) > 1} <= makers.entries.keys()
    for product, entry in makers.entries.items():
        assert makers.holdings.technologies[entry.word("runs")].product == product


@pytest.mark.parametrize("kind", ["products", "technologies"])
def test_each_name_of_the_library_means_what_it_names(kind):
    makers = Makers(holdings())
    for key in getattr(makers, kind):
        choice = makers.making(key)
        assert (choice.product if kind == "products" else choice.technology) == key


@pytest.mark.parametrize("name", ["光伏发电", "玻璃钢", "水泥制品", "solar power", "甲醇", "cement pipes"])
def test_what_only_looks_like_a_product_is_not_taken_for_it(name):
    with pytest.raises(UnclearError):
        Makers(holdings()).making(name)


def test_a_name_need_not_repeat_what_the_library_adds_in_brackets():
    imported = of_book(
        firms=[["企业", "产品", "产量"], ["甲", "聚氯乙烯", "20 万吨/年"], ["乙", "水泥熟料", "9 万吨/年"]],
        连接=[["供方", "受方", "物料"], ["甲", "乙", "电石渣"]],  # the library: 电石渣（化工废渣）, beside 烘干电石渣
    )
    (link,) = park_of(imported).links
    assert link.material == "carbide_slag"


@pytest.mark.usefixtures("in_chinese")
def test_what_a_name_may_mean_is_told_by_names():
    told_of = [
        told(of_csv(f"企业,产品,产量,固废,固废产生量\n甲,电力,20 亿千瓦时,{name},9 万吨\n"))[0]
        for name in ("灰", "锰渣石膏")
    ]
    assert told_of[0] == "park.csv:2:4: error: 未知名称“灰”；是否想写 '粉煤灰'或'硅灰'？"


@pytest.mark.parametrize(
    ("product", "why"),
    [
        ("硫酸", "no recipe makes '硫酸' as its main product"),  # not 硫酸铵
        ("氧化铝粉", "unknown product '氧化铝粉'; did you mean 'Alumina' or"),  # not 氧化铁粉
    ],
)
def test_a_product_is_not_taken_for_another_with_a_like_name(product, why):
    (problem,) = told(of_csv(f"企业,产品,产量\n甲,{product},2 万吨/年\n"))
    assert problem.startswith(f"park.csv:2:2: error: {why}")


def test_a_repeated_row_is_told_and_swapped_coordinates_are_refused():
    twice = told(of_csv("firm,product,amount\nA,cement,2 Mt/yr\nA,cement,2 Mt/yr\n"))
    assert twice == [
        "park.csv:3:1: warning: 'A' names this product already; it gets one more line; "
        "remove the row if it is a repetition"
    ]
    swapped = told(of_csv("firm,product,amount,lon,lat\nA,cement,2 Mt/yr,37.8,112.9\n"))
    assert swapped == [
        "park.csv:2:4: error: park.firms.a.at: [37.8, 112.9] is no longitude and latitude; write the longitude first"
    ]


def test_a_list_of_firms_is_no_scenario_and_says_what_makes_one_of_it():
    Path("park.csv").write_text(THREE, encoding="utf-8")
    with pytest.raises(InputError, match="of a table of firms, mfa import-excel makes a scenario"):
        load_scenario("park.csv")


def test_a_grade_in_brackets_does_not_hide_a_product():
    park = park_of(of_csv("企业,产品,产量\n甲,水泥（P·O 42.5）,200 万吨/年\n"))
    assert "cement_mill_po" in park.firms["甲"].lines


def test_a_table_saved_by_excel_in_china_says_so_and_how_to_save_it():
    Path("park.csv").write_bytes("企业,产品,产量\n甲,水泥,200 万吨/年\n".encode("gb18030"))
    assert told(import_park_table(Path("park.csv"))) == [
        "park.csv:1:1: error: the file is in the encoding GB18030 (GBK), which Excel and Notepad in China may use; "
        "in Excel: Save As → CSV UTF-8 (Comma delimited)"
    ]


@pytest.mark.parametrize(
    ("word", "some"), [("化工", "Soda ash"), ("chemicals", "Ammonia"), ("建材", "Cement"), ("冶金", "Crude steel")]
)
@pytest.mark.parametrize("column", ["product", "sector"])
def test_a_word_for_many_sectors_is_no_plant_but_asks_for_the_product(column, word, some):
    (problem,) = told(of_csv(f"firm,{column},capacity\nA,{word},1 Mt/yr\n"))
    assert problem.startswith(f"park.csv:2:2: error: '{word}' is too broad; name the product, such as ")
    assert some in problem
    assert problem.endswith("or write 'none' in the column technology")


def test_broad_words_name_sectors_that_make_something():
    makers = Makers(holdings())
    for entry in settings()["broad"].fields.values():
        assert all(sector in makers.holdings.sectors for sector in words(entry.get("sectors")))
        for word in words(entry.get("words")):
            with pytest.raises(UnclearError, match=r"is too broad; name the product, such as .+, or write"):
                makers.making(word)


def test_a_waste_of_no_kind_asks_which_and_tells_what_such_a_firm_releases():
    head = "firm,product,amount,waste,waste amount\n"
    assert told(of_csv(f"{head}A,alumina,1 Mt/yr,废渣,1 Mt/yr\n")) == [
        "park.csv:2:4: error: '废渣' is too broad; name the waste itself; such a firm usually releases "
        "Red mud (Bayer) (red_mud)"
    ]
    links = [["from", "to", "material"], ["A", "B", "waste"]]
    firms = [["firm", "product", "amount"], ["A", "alumina", "1 Mt/yr"], ["B", "cement", "1 Mt/yr"]]
    assert told(of_book(firms=firms, links=links)) == [
        "park.xlsx:links!C2: error: 'waste' is too broad; name the waste itself"
    ]


def test_misspelt_chinese_headers_are_told_with_the_words_that_are_near():
    assert told(of_csv("企业名,产平,产量\n甲,水泥,1 Mt/yr\n")) == [
        "park.csv:1:1: error: no header with the columns firm, amount was found; perhaps "
        "'企业名' means '企业名称' or '企业', '产平' means '产品'"
    ]
    problems = told(of_csv("企业,产平,产量\n甲,水泥,1 Mt/yr\n"))
    assert "park.csv:1:2: warning: column '产平' is not read; did you mean '产品'?" in problems
    assert told(of_csv("企业,产品,产量,产值\n甲,水泥,1 Mt/yr,3\n")) == [
        "park.csv:1:4: warning: column '产值' is not read"
    ]
