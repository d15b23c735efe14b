"""Tables: every layout and damage that real pages show, with values read by hand. All texts are invented."""
# ruff: noqa: E501

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.interchange.forms import LAYOUTS, expand
from govie.records import Cell, Document, Fact, Grid, Source, Table
from govie.tables import find_tables, read_cells
from govie.tables.forms import forms, label_key

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
MARK = re.compile(r"⟦([^⟦⟧¦]*)¦cell ([^⟦⟧¦]*)⟧")
Expected = tuple[str, str | None, str, float, int]


def document(text: str, grids: tuple[Grid, ...] = ()) -> Document:
    source = Source(path=None, media_type="text/plain", sha256="", chars=len(text))
    return Document(text=text, source=source, grids=grids)


def tables_and_facts(
    text: str, year: int | None = 2016, grids: tuple[Grid, ...] = ()
) -> tuple[tuple[Table, ...], list[Fact]]:
    tables = find_tables(document(text, grids))
    facts = [fact for table in tables for fact in read_cells(table, year)]
    for fact in facts:
        assert text[fact.start : fact.end] == fact.text
        assert (fact.source, fact.confidence, fact.section) == ("table", None, None)
    for table in tables:
        assert 0 <= table.start < table.end <= len(text)
        assert len({len(row) for row in table.rows}) <= 1
        for cell in table.cells:
            assert text[cell.start : cell.end] == cell.text
            assert table.start <= cell.start <= cell.end <= table.end
            assert cell.row < len(table.rows) and cell.column < len(table.rows[cell.row])
    return tables, facts


def brief(fact: Fact) -> str:
    """``concept=value`` with what is not usual about the fact behind it."""
    words = [f"{fact.concept}={fact.value:g}"]
    words += [fact.category] if fact.category else []
    words += [fact.applicant] if fact.applicant else []
    words += ["cum"] if fact.scope == "cumulative" else []
    words += [str(fact.year)] if fact.year != 2016 else []
    words += ["~"] if fact.approximate else []
    return " ".join(words)


def facts_of(text: str, grids: tuple[Grid, ...] = ()) -> list[str]:
    return [brief(fact) for fact in tables_and_facts(text, 2016, grids)[1]]


def grid(text: str, rows: list[list[str]], spans: dict[str, tuple[int, int]] | None = None) -> Grid:
    """A grid whose cells stand in ``text`` in this order; ``spans``: rowspan and colspan of a cell, by its words."""
    cells, taken, place = [], set(), 0
    for number, row in enumerate(rows):
        column = 0
        for words in row:
            while (number, column) in taken:
                column += 1
            height, width = (spans or {}).get(words, (1, 1))
            start = text.index(words, place)
            place = start + len(words)
            cells.append(Cell(number, column, start, place, words, height, width))
            taken |= {(number + down, column + right) for down in range(height) for right in range(width)}
    return Grid(start=cells[0].start, end=cells[-1].end, cells=tuple(cells))


# --- the forms in every layout, whole and damaged ---


def unmarked(source: str, year: int) -> tuple[str, set[Expected]]:
    """Return a text without its cell marks, and the facts they state: concept, applicant, scope, value, start."""
    pieces, expected, place, length = [], set(), 0, 0
    for mark in MARK.finditer(source):
        pieces.append(source[place : mark.start()])
        length += mark.start() - place
        concept, *options = mark[2].split()
        applicant = next((option[5:] for option in options if option.startswith("appl=")), None)
        expected.add((concept, applicant, "cumulative" if "cum" in options else "annual", float(mark[1]), length))
        pieces.append(mark[1])
        length += len(mark[1])
        place = mark.end()
    return "".join(pieces) + source[place:], expected


def filled(form: str) -> str:
    """Return different numbers for every row of ``form``, as ``@table`` takes them."""
    dice = random.Random(form)
    data, year, part = forms(), form[:4], form[5:]
    if form == "2014":
        names = [concept for _, _, concept in data["form"][0]["rows"] if concept]
    elif part == "1":
        names = [
            c for article in data["article"] if article["form"] == year for row in article["rows"] for c in row[1:]
        ]
    elif part == "3":
        rows = next(table for table in data["requests"] if table["form"] == year)["rows"]
        return "\n".join(
            f"{concept} {' '.join(str(dice.randint(0, 9)) for _ in range(7))}" for _, concept in rows if concept
        )
    else:
        names = [c for group in ("review", "direct", "after_review") for c in data["cases"][group]]
    return "\n".join(f"{concept} {dice.randint(0, 120)}" for concept in names)


CUTS_2014 = (
    "",
    "unit=no",
    "until=20",
    "from=10",
    "drop=12-20",
    "drop=40-55",
    "code=yes",
    "code=yes until=30",
    "empty=——",
    "header=no",
)
CUTS_REQUESTS = ("", "until=20", "from=10", "drop=12-20", "header=no")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("form", "options"),
    [("2014", cut) for cut in CUTS_2014]
    + [(form, cut) for form in ("2019.3", "2021.3") for cut in CUTS_REQUESTS]
    + [(form, "") for form in ("2019.1", "2021.1", "2019.4", "2021.4")],
)
def test_every_form_in_every_layout(form: str, options: str, layout: str) -> None:
    year = {"2014": 2016, "2019": 2019, "2021": 2022}[form[:4]]
    source = (
        f"石门乡{year}年政府信息公开工作年度报告\n一、总体情况\n本乡按时公开信息12条，工作平稳。\n附件\n"
        f"@table {form} {options} {layout}\n{filled(form)}\n@end\n石门乡人民政府\n{year + 1}年1月12日\n扫一扫在手机上打开\n"
    )
    text, expected = unmarked(expand("test", source), year)
    tables, facts = tables_and_facts(text, year)
    assert {(f.concept, f.applicant, f.scope, float(f.value), f.start) for f in facts} == expected
    assert {table.format for table in tables} == {form[:4]}
    assert {fact.year for fact in facts} == {year}
    assert max(table.end for table in tables) <= text.index("\n石门乡人民政府")
    assert min(table.start for table in tables) >= text.index("附件\n") + 3


def test_form_2014_header_rows_and_caption() -> None:
    text = "附表：\n政府信息公开情况统计表\n（2016年度）\n填报单位：石门乡\n统计指标\t单位\t统计数\n一、主动公开情况\t——\t\n（一）主动公开政府信息数\t条\t31\n其中：主动公开规范性文件数\t条\t0\n"
    (table,), facts = tables_and_facts(text)
    assert table.caption == "政府信息公开情况统计表"
    assert table.header == ("统计指标", "单位", "统计数")
    assert table.rows == (
        ("一、主动公开情况", "——", ""),
        ("（一）主动公开政府信息数", "条", "31"),
        ("其中：主动公开规范性文件数", "条", "0"),
    )
    assert text[table.start : table.end].startswith("统计指标") and text[table.start : table.end].endswith("\t0")
    assert [fact.rule for fact in facts] == ["form.2014.disclosure.total", "form.2014.disclosure.normative_documents"]
    assert [fact.unit for fact in facts] == ["条", "条"]


# --- rows and cells, one damage a case ---

TOP = "统计指标\t单位\t统计数\n"

ROW_CASES = {
    "blanks inside label and number": (TOP + "（一） 主动公开 政府信息数\t条\t 1 , 084 \n 二、 回应解读情况\t—\t\n1.  政府公报公开政府信息数\t条\t０\n", ["disclosure.total=1084", "disclosure.channel.gazette=0"]),
    "full-width digits": (TOP + "（一）收到申请数\t件\t１２\n１．当面申请数\t件\t３\n", ["requests.received=12", "requests.received.in_person=3"]),
    "unit in the cell": ("项目\t数量\n主动公开政府信息数\t66条\n收到申请数\t2件\n", ["disclosure.total=66", "requests.received=2"]),
    "unit in the label": ("项目\t数量\n主动公开政府信息数（条）\t66\n举报投诉数量(件)\t1\n", ["disclosure.total=66", "complaints.total=1"]),
    "zeros in words": (TOP + "收到申请数\t件\t〇\n申请办结数\t件\t零\n行政复议数量\t件\t无\n行政诉讼数量\t件\t○\n", ["requests.received=0", "requests.closed=0", "review.total=0", "litigation.total=0"]),
    "Chinese numeral and approximation": (TOP + "举办各类培训班数\t次\t两\n接受培训人员数\t人次\t约60\n", ["training.courses=2", "training.trainees=60 ~"]),
    "empty cells give nothing": (TOP + "收到申请数\t件\t\n申请办结数\t件\t—\n申请答复数\t件\t/\n行政复议数量\t件\t——\n行政诉讼数量\t件\t0\n举报投诉数量\t件\t1\n", ["litigation.total=0", "complaints.total=1"]),
    "label broken, number below": (TOP + "收到申请数\t件\t1\n危及国家安全、公共安全、经济安全\n和社会稳定\t件\t4\n涉及商业秘密\t件\t2\n", ["requests.received=1", "requests.outcome.refused.safety_stability=4", "requests.outcome.refused.trade_secret=2"]),
    "label broken, number above": (TOP + "1.专职人员数（不包括政府公报及\t人\t1\n政府网站工作人员数）\n2.兼职人员数\t人\t3\n", ["staffing.staff.full_time=1", "staffing.staff.part_time=3"]),
    "broken label one cell a line": ("统计指标\n统计数\n收到申请数\n1\n危及国家安全、公共安全、\n经济安全\n和社会稳定\n4\n法律法规规定的\n其他情形\n5\n", ["requests.received=1", "requests.outcome.refused.safety_stability=4", "requests.outcome.refused.other_law=5"]),
    "page numbers and header again": (TOP + "收到申请数\t件\t7\n— 3 —\n\n" + TOP + "第4页 共5页\n1.当面申请数\t件\t5\n2.传真申请数\t件\t2\n", ["requests.received=7", "requests.received.in_person=5", "requests.received.fax=2"]),
    "local rows give nothing": (TOP + "主动公开政府信息数\t条\t9\n其中：村级动态更新次数\t次\t44\n乡镇便民服务点数\t个\t3\n收到申请数\t件\t0\n", ["disclosure.total=9", "requests.received=0"]),
    "last row lost its number": (TOP + "主动公开政府信息数\t条\t9\n收到申请数\t件\t1\n1.当面申请数\t件\n", ["disclosure.total=9", "requests.received=1"]),
    "last label alone": ("统计指标\n单位\n统计数\n主动公开政府信息数\n条\n9\n收到申请数\n件\n1\n1.当面申请数\n", ["disclosure.total=9", "requests.received=1"]),
    "single blanks": ("统计指标 单位 统计数\n（一）主动公开政府信息数 （不同渠道和方式公开相同信息计 1 条） 条 56\n其中： 主动公开规范性文件数 条 2\n", ["disclosure.total=56", "disclosure.normative_documents=2"]),
    "markdown": ("| 统计指标 | 单位 | 统计数 |\n| --- | --- | ---: |\n| **主动公开政府信息数** | 条 | 8 |\n| 收到申请数 | 件 | 0 |\n", ["disclosure.total=8", "requests.received=0"]),
    "pipe behind the cell": ("统计指标 |\n单位 |\n统计数 |\n主动公开政府信息数 |\n条 |\n8 |\n收到申请数 |\n件 |\n0 |\n", ["disclosure.total=8", "requests.received=0"]),
    "pipe before the cell, cell broken": ("指 标 名 称\n| 计量\n单位\n| 代码\n| 本年度\n| 历年累计\n|\n主动公开信息数\n| 条\n| 01\n| 20\n| 90\n|\n受理申请\n总数\n| 条\n| 02\n|\n| 4\n|\n行政复议数\n| 件\n| 03\n| 0\n| 1\n|\n", ["disclosure.total=20", "disclosure.total=90 cum", "requests.received=4 cum", "review.total=0", "review.total=1 cum"]),
    "all on one line": ("附表 统计指标 单位 统计数 一、主动公开情况 （一）主动公开政府信息数 条 21 其中：主动公开规范性文件数 条 1 制发规范性文件总数 件 2 1.政府公报公开政府信息数 条 0 2.政府网站公开政府信息数 条 21\n", ["disclosure.total=21", "disclosure.normative_documents=1", "normative_documents.issued=2", "disclosure.channel.gazette=0", "disclosure.channel.website=21"]),
    "review and litigation children": (TOP + "四、行政复议数量\t件\t3\n（一）维持具体行政行为数\t件\t1\n（二）被依法纠错数\t件\t2\n（三）其他情形数\t件\t0\n五、行政诉讼数量\t件\t7\n（一）维持具体行政行为或者驳回原告诉讼请求数\t件\t4\n（二）被依法纠错数\t件\t2\n（三）其他情形数\t件\t1\n", ["review.total=3", "review.upheld=1", "review.corrected=2", "review.other=0", "litigation.total=7", "litigation.upheld=4", "litigation.corrected=2", "litigation.other=1"]),
    "heading of litigation lost": (TOP + "四、行政复议数量\t件\t3\n（二）被依法纠错数\t件\t2\n（三）其他情形数\t件\t1\n（二）被依法纠错数\t件\t4\n（三）其他情形数\t件\t5\n", ["review.total=3", "review.corrected=2", "review.other=1", "litigation.corrected=4", "litigation.other=5"]),
    "heading of review cut off": (TOP + "（二）被依法纠错数\t件\t2\n（三）其他情形数\t件\t1\n五、行政诉讼数量\t件\t7\n（三）其他情形数\t件\t6\n", ["review.corrected=2", "review.other=1", "litigation.total=7", "litigation.other=6"]),
    "amounts": (TOP + "七、依申请公开信息收取的费用\t万元\t0.35\n（四）政府信息公开专项经费\t元\t2000\n", ["fees.charged=0.35", "staffing.budget=2000"]),
    "traditional characters with pinyin": ("統計指標\t單位\t統計數\n（一）主動（dòng）公開政府信息數\t條\t5\n（一）收到申請數\t件\t2\n", ["disclosure.total=5", "requests.received=2"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ROW_CASES)
def test_rows(name: str) -> None:
    text, expected = ROW_CASES[name]
    assert facts_of(f"七、附表\n{text}石门乡人民政府\n2017年1月4日\n") == expected


def test_units_of_cells() -> None:
    facts = tables_and_facts(
        "项目\t数量\n收到申请数\t2宗\n依申请公开信息收取的费用\t52元\n政府信息公开专项经费（万元）\t3\n"
    )[1]
    assert [(fact.value, fact.unit, fact.text) for fact in facts] == [
        (2, "宗", "2宗"),
        (52, "元", "52元"),
        (3, "万元", "3"),
    ]


# --- tables before 2014, each its own ---

PRE_2014 = {
    "code column and two years": ("指标名称|计量单位|代码|2015年|2016年|历年累计\n主动公开信息数|条|01|30|41|200\n受理申请总数|件|02|1|2|9\n", ["disclosure.total=30 2015", "disclosure.total=41", "disclosure.total=200 cum", "requests.received=1 2015", "requests.received=2", "requests.received=9 cum"]),
    "last year's column": ("项目\t单位\t本年度\t上年\t备注\n主动公开文件数\t件\t30\t22\t含转发5\n行政诉讼数\t件\t0\t1\t\n", ["disclosure.total=30", "disclosure.total=22 2015", "litigation.total=0", "litigation.total=1 2015"]),
    "growth is no value": ("项目\t数量\t同比增长\n主动公开信息总数\t30\t12.5%\n受理申请数\t1\t0\n", ["disclosure.total=30", "requests.received=1"]),
    "header lost, two columns": ("主动公开信息数\t条\t30\t95\n受理申请总数\t条\t0\t2\n行政复议数\t件\t0\t0\n", ["disclosure.total=30", "disclosure.total=95 cum", "requests.received=0", "requests.received=2 cum", "review.total=0", "review.total=0 cum"]),
    "header lost, codes": ("主动公开信息数\t条\t01\t30\n受理申请总数\t条\t02\t0\n行政复议数\t件\t03\t0\n行政诉讼数\t件\t04\t1\n", ["disclosure.total=30", "requests.received=0", "review.total=0", "litigation.total=1"]),
    "outcomes of older tables": ("统计项目\t数量\n对申请的答复总数\t9\n其中：1.同意公开答复数\t3\n2.同意部分公开答复数\t1\n3.否决公开答复总数\t3\n其中：（1）“非《条例》所指政府信息”数\t1\n（2）“信息不存在”数\t1\n（3）“非本部门掌握”数\t1\n4.其他\t2\n", ["requests.outcome.total=9", "requests.outcome.granted=3", "requests.outcome.partly_granted=1", "requests.outcome.refused=3", "requests.outcome.refused.not_government_information=1", "requests.outcome.not_exist=1", "requests.outcome.not_this_agency=1", "requests.outcome.other=2"]),
    "two online rows": ("统计项目\t数量\n申请总数\t5\n1.当面申请数\t1\n2.电子邮件申请数\t1\n3.网上申请数\t3\n4.其他形式申请数\t0\n", ["requests.received=5", "requests.received.in_person=1", "requests.received.online=1", "requests.received.online=3"]),
    "short channel words": ("项目\t条数\n主动公开政府信息总数\t50\n其中：政府网站\t30\n公开栏\t15\n微信公众号\t4\n其他方式\t1\n依申请公开\t2\n其中：网上\t2\n", ["disclosure.total=50", "disclosure.channel.website=30", "disclosure.channel.board=15", "disclosure.channel.wechat=4", "disclosure.channel.other=1", "requests.received=2", "requests.received.online=2"]),
    "categories under the total": ("项目\t数量\n主动公开信息数\t20\n机构职能类\t5\n政策法规类信息\t6\n（3）工作动态\t9\n受理申请数\t0\n", ["disclosure.total=20", "disclosure.by_category=5 机构职能", "disclosure.by_category=6 政策法规", "disclosure.by_category=9 工作动态", "requests.received=0"]),
    "table of categories": ("信息类别\t条数\n机构职能类\t5\n规划计划\t6\n惠农政策公开情况\t7\n合计\t18\n", ["disclosure.by_category=5 机构职能", "disclosure.by_category=6 规划计划", "disclosure.by_category=7 惠农政策", "disclosure.total=18"]),
    "consultations are none of ours": ("指标\t单位\t数量\n主动公开信息数\t条\t6\n提供服务类信息数\t条\t3\n网站专栏页面访问量\t人次\t900\n现场接待人数\t人次\t20\n网上咨询数\t人次\t4\n行政申诉数\t件\t0\n", ["disclosure.total=6", "complaints.total=0"]),
    "fee rows": ("指标\t单位\t数量\n受理申请数\t件\t2\n收费总额\t元\t20\n检索费\t元\t5\n减免金额\t元\t3\n", ["requests.received=2", "fees.charged=20"]),
    "staff and training": ("指标\t数量\n专门机构数\t1\n政府信息公开查阅点数\t2\n申请受理点数\t2\n工作人员数\t3\n全职人员数\t1\n兼职人员数\t2\n培训次数\t1\n培训人次\t40\n", ["staffing.offices=1", "staffing.reading_points=2", "staffing.staff=3", "staffing.staff.full_time=1", "staffing.staff.part_time=2", "training.courses=1", "training.trainees=40"]),
    "electronic": ("指标\t数量\n主动公开信息数\t40\n全文电子化的主动公开信息数\t40\n全文电子化率\t100%\n新增的行政规范性文件数\t2\n", ["disclosure.total=40", "disclosure.electronic=40", "disclosure.electronic_rate=100", "disclosure.normative_documents=2"]),
    "one number for two channels": ("项目\t数量\n主动公开信息数\t12\n微博、微信公开信息数\t7\n政府网站公开信息数\t5\n信函、传真申请数\t1\n", ["disclosure.total=12", "disclosure.channel.website=5"]),
    "甲 乙 丙": ("指标名称\t计量单位\t代码\t本年度\t历年累计\n甲\t乙\t丙\t1\t2\n主动公开信息数\t条\t01\t8\t30\n受理申请总数\t条\t02\t0\t1\n", ["disclosure.total=8", "disclosure.total=30 cum", "requests.received=0", "requests.received=1 cum"]),
    "two tables side by side": ("项目\t数量\t项目\t数量\n主动公开信息数\t8\t受理申请数\t1\n政府网站公开数\t7\t行政复议数\t0\n", ["disclosure.total=8", "disclosure.channel.website=7", "requests.received=1", "review.total=0"]),
    "indicators across": ("主动公开信息数\t受理申请数\t行政复议数\t行政诉讼数\n8\t1\t0\t0\n", ["disclosure.total=8", "requests.received=1", "review.total=0", "litigation.total=0"]),
    "header of two rows": ("项目\t单位\t数量\n本年度\t历年累计\n主动公开信息数\t条\t8\t30\n受理申请数\t件\t1\t2\n", ["disclosure.total=8", "disclosure.total=30 cum", "requests.received=1", "requests.received=2 cum"]),
    "merged group cells in front": ("项目\t指标\t数量\n主动公开\t主动公开信息数\t8\n政府网站\t8\n行政复议\t行政复议数\t2\n维持数\t1\n撤销数\t1\n行政诉讼\t行政诉讼数\t1\n维持数\t1\n", ["disclosure.total=8", "disclosure.channel.website=8", "review.total=2", "review.upheld=1", "review.corrected=1", "litigation.total=1", "litigation.upheld=1"]),
}  # fmt: skip


@pytest.mark.parametrize("name", PRE_2014)
def test_provincial_tables(name: str) -> None:
    text, expected = PRE_2014[name]
    text = f"附：\n{text}填表人：李四\n"
    (table,), facts = tables_and_facts(text)
    assert [brief(fact) for fact in facts] == expected
    assert table.format == "pre2014"
    assert text[table.end :].strip() == "填表人：李四"


# --- 2019 and 2021 ---


def test_articles_are_tables_of_their_own() -> None:
    text = "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n规章\t0\t0\t0\n规范性文件\t2\t3\t14\n第二十条第（五）项\n信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政许可\t30\t+19\t5\n其他对外管理服务事项\t8\t−2\t0\n第二十条第（八）项\n信息内容\t上一年项目数量\t本年增/减\n行政事业性收费\t4\t减少1\n三、收到和处理政府信息公开申请情况\n"
    tables, facts = tables_and_facts(text, 2019)
    assert [table.caption for table in tables] == ["第二十条第（一）项", "第二十条第（五）项", "第二十条第（八）项"]
    assert {table.format for table in tables} == {"2019"}
    assert text[tables[0].start : tables[0].end].startswith("第二十条第（一）项\n") and text[
        tables[2].end :
    ].startswith("\n三、")
    assert tables[0].header == ("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")
    values = {fact.concept: fact.value for fact in facts}
    assert values["normative_documents.disclosed_total"] == 14 and values["licensing.items_prior_year"] == 30
    assert (
        values["licensing.items_change"],
        values["other_services.items_change"],
        values["admin_fees.items_change"],
    ) == (19, -2, -1)
    assert len(facts) == 14 and {fact.year for fact in facts} == {2019}


ARTICLES = {
    "header broken over lines": ("第二十条第（一）项\n信息内容\n本年新\n制作数量\n本年新\n公开数量\n对外公开总数量\n规章\n0\n0\n1\n规范性文件\n2\n3\n4\n", "2019", ["rules.issued=0", "rules.newly_disclosed=0", "rules.disclosed_total=1", "normative_documents.issued=2", "normative_documents.newly_disclosed=3", "normative_documents.disclosed_total=4"]),
    "header words lost": ("第二十条第（一）项 | ||||\n信息内容 | 本年新 | 本年新 | 对外公开总数量 | |\n规章 | 0 | 0 | 1 | |\n规范性文件 | 2 | 3 | 4 | |\n", "2019", ["rules.issued=0", "rules.newly_disclosed=0", "rules.disclosed_total=1", "normative_documents.issued=2", "normative_documents.newly_disclosed=3", "normative_documents.disclosed_total=4"]),
    "amount in yuan": ("第二十条第（九）项\n信息内容\t采购项目数量\t采购总金额\n政府集中采购\t2\t70487元\n", "2019", ["procurement.projects=2", "procurement.amount=70487"]),
    "2021 header, 2019 label": ("第二十条第(一)项\n信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 0\n规范性文件 2 1 25\n", "2021", ["rules.issued=0", "rules.repealed=0", "rules.in_force=0", "normative_documents.issued=2", "normative_documents.repealed=1", "normative_documents.in_force=25"]),
    "2021 fees": ("第二十条第（八）项\n|\n信息内容\n|\n本年收费金额（单位：万元）\n|\n行政事业性收费\n|\n1.2\n|\n", "2021", ["admin_fees.amount=1.2"]),
    "row cut": ("第二十条第（六）项\n信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政处罚\t5\t0\t3\n行政强制\t2\t1\n", "2019", ["penalties.items_prior_year=5", "penalties.items_change=0", "penalties.decisions=3"]),
    "header lost": ("行政许可\t213\n行政处罚\t5\n行政强制\t2\n", "2021", ["licensing.decisions=213", "penalties.decisions=5", "coercion.decisions=2"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ARTICLES)
def test_articles(name: str) -> None:
    text, form, expected = ARTICLES[name]
    tables, facts = tables_and_facts(
        f"二、主动公开政府信息情况\n{text}三、收到和处理政府信息公开申请情况\n本年度没有收到申请。\n"
    )
    assert [brief(fact) for fact in facts] == expected
    assert {table.format for table in tables} == {form}


REQUEST_HEAD = "（本列数据的勾稽关系为：第一项加第二项之和，\n等于第三项加第四项之和）\n申请人情况\n自然人\n法人或其他组织\n总计\n商业\n\n企业\n科研\n机构\n社会公益组织\n法律服务机构\n其他\n"


def test_requests_one_cell_a_line_with_broken_header() -> None:
    text = (
        "三、收到和处理政府信息公开申请情况\n"
        + REQUEST_HEAD
        + "一、本年新收政府信息公开申请数量\n3\n1\n0\n0\n0\n0\n4\n三、本年度办理结果\n（一）予以公开\n2\n1\n0\n0\n0\n0\n3\n（三）不予公开\n1.属于国家秘密\n1\n0\n0\n0\n0\n0\n1\n四、结转下年度继续办理\n0\n0\n0\n0\n0\n0\n0\n四、政府信息公开行政复议、行政诉讼情况\n无\n"
    )
    (table,), facts = tables_and_facts(text, 2016)
    assert text[table.start :].startswith("（本列数据") and text[table.end :].startswith("\n四、政府信息公开行政复议")
    assert [brief(fact) for fact in facts if fact.value] == [
        "requests.received=3 natural_person", "requests.received=1 enterprise", "requests.received=4",
        "requests.outcome.granted=2 natural_person", "requests.outcome.granted=1 enterprise", "requests.outcome.granted=3",
        "requests.outcome.refused.state_secret=1 natural_person", "requests.outcome.refused.state_secret=1",
    ]  # fmt: skip
    assert len(facts) == 28


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ("一、本年新收政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1", 7),
        ("一、本年新收政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1\t\t", 7),
        ("一、本年新收政府信息公开申请数量\t1\t0\t/\t—\t\t0\t1", 4),
        ("三、本年度办理结果\t（一）予以公开\t1\t0\t0\t0\t0\t0\t1", 7),
        ("三、本年度办理结果\t（三）不予公开\t5.属于三类内部\t1\t0\t0\t0\t0\t0\t1", 7),
        ("一、本年新收政府信息公开申请数量\t1\t0\t0", 0),
        ("一、本年新收政府信息公开申请数量", 0),
        ("本地补充行\t1\t0\t0\t0\t0\t0\t1", 0),
    ],
)
def test_request_rows(row: str, count: int) -> None:
    head = "\t申请人情况\n自然人\t法人或其他组织\t总计\n商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\n"
    text = f"{head}二、上年结转政府信息公开申请数量\t0\t0\t0\t0\t0\t0\t0\n{row}\n（六）其他处理\t0\t0\t0\t0\t0\t0\t0\n"
    assert len(tables_and_facts(text, 2019)[1]) == 14 + count


def test_the_other_rest_row_belongs_to_2021() -> None:
    rows = "（五）不予处理\n1.信访举报投诉类申请 0 0 0 0 0 0 0\n（六）其他处理\n1.申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请 0 0 0 0 0 0 0\n3.其他 2 0 0 0 0 0 2\n（七）总计 2 0 0 0 0 0 2\n"
    (table,), facts = tables_and_facts(rows)
    assert table.format == "2021"
    assert [brief(f) for f in facts if f.value] == [
        "requests.outcome.other.rest=2 natural_person",
        "requests.outcome.other.rest=2",
        "requests.outcome.total=2 natural_person",
        "requests.outcome.total=2",
    ]


RESULTS = "结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n"
CASES = {
    "fifteen in a row": ("行政复议\t行政诉讼\n未经复议直接起诉\t复议后起诉\n" + "\t".join(RESULTS.split() * 3) + "\n" + "\t".join(map(str, range(1, 16))) + "\n", 15),
    "one cell a line": ("行政复议\n行政诉讼\n结果\n维持\n结果\n纠正\n其他\n结果\n尚未\n审结\n总计\n未经复议直接起诉\n复议后起诉\n" + RESULTS * 2 + "\n".join(map(str, range(1, 16))) + "\n", 15),
    "three tables": ("行政复议\n" + RESULTS + "1\n2\n3\n4\n5\n行政诉讼\n未经复议直接起诉\n" + RESULTS + "6\n7\n8\n9\n10\n复议后起诉\n" + RESULTS + "11\n12\n13\n14\n15\n", 15),
    "two tables": ("行政复议\n" + RESULTS + "1\n2\n3\n4\n5\n行政诉讼\n未经复议直接起诉\n复议后起诉\n" + RESULTS * 2 + "\n".join(map(str, range(6, 16))) + "\n", 15),
    "groups as rows": ("\t" + "\t".join(RESULTS.split()) + "\n行政复议\t1\t2\t3\t4\t5\n未经复议直接起诉\t6\t7\t8\t9\t10\n复议后起诉\t11\t12\t13\t14\t15\n", 15),
    "cut": ("行政复议\t行政诉讼\n未经复议直接起诉\t复议后起诉\n" + "\t".join(RESULTS.split() * 3) + "\n1\t2\t3\t4\t5\t6\t7\n", 0),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str) -> None:
    text, count = CASES[name]
    text = f"四、政府信息公开行政复议、行政诉讼情况\n{text}五、存在的主要问题及改进情况\n"
    tables, facts = tables_and_facts(text, 2022)
    assert [fact.value for fact in facts] == list(range(1, count + 1))
    if count:
        assert [facts[i].concept for i in (0, 4, 5, 9, 10, 14)] == [
            "review.upheld",
            "review.total",
            "litigation.direct.upheld",
            "litigation.direct.total",
            "litigation.after_review.upheld",
            "litigation.after_review.total",
        ]
        assert text[tables[-1].end :].startswith("\n五、")


def test_an_undecided_table_takes_the_format_of_the_others() -> None:
    cases = CASES["fifteen in a row"][0]
    first = "第二十条第（五）项\n信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政许可\t1\t0\t0\n其他对外管理服务事项\t0\t0\t0\n"
    assert [table.format for table in find_tables(document(first + "四、复议\n" + cases))] == ["2019", "2019"]
    assert [table.format for table in find_tables(document("石门乡2023年年报\n" + cases))] == ["2021"]
    assert [table.format for table in find_tables(document("石门乡2020年年报\n" + cases))] == ["2019"]


# --- HTML grids ---


def test_grid_with_spans() -> None:
    rows = [["（勾稽关系）", "申请人情况"], ["自然人", "法人或其他组织", "总计"], ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
            ["一、本年新收政府信息公开申请数量", "1", "0", "0", "0", "0", "0", "1"], ["三、本年度办理结果", "（一）予以公开", "1", "0", "0", "0", "0", "0", "1"],
            ["（三）不予公开", "1.属于国家秘密", "0", "0", "0", "0", "0", "0", "0"], ["2.其他法律行政法规禁止公开", "0", "0", "0", "0", "0", "0", "0"]]  # fmt: skip
    text = "三、收到和处理情况\n" + "\n".join("\t".join(row) for row in rows) + "\n四、复议情况\n"
    spans = {
        "（勾稽关系）": (3, 3),
        "申请人情况": (1, 7),
        "法人或其他组织": (1, 5),
        "自然人": (2, 1),
        "总计": (2, 1),
        "三、本年度办理结果": (3, 1),
        "（三）不予公开": (2, 1),
    }
    (table,), facts = tables_and_facts(text, 2020, (grid(text, rows, spans),))
    assert len(facts) == 28 and {f.concept for f in facts if f.value} == {
        "requests.received",
        "requests.outcome.granted",
    }
    assert {f.applicant for f in facts if f.value} == {"natural_person", None}
    assert (table.start, table.end) == (text.index("（勾稽"), text.index("\n四、"))
    assert table.header[1:] == ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def test_grid_with_its_title_inside() -> None:
    rows = [
        ["政府信息公开情况统计表"],
        ["2016年度"],
        ["填报单位：石门乡", "填报人：李四"],
        ["统计指标", "单位", "统计数"],
        ["一、主动公开情况", "—"],
        ["（一）主动公开政府信息数", "条", "12"],
        ["其中：主动公开规范性文件数", "条", "1"],
    ]
    text = "七、附件\n" + "\n".join("\t".join(row) for row in rows)
    (table,), facts = tables_and_facts(text, 2016, (grid(text, rows),))
    assert (table.format, table.caption, table.header) == (
        "2014",
        "政府信息公开情况统计表",
        ("统计指标", "单位", "统计数"),
    )
    assert [brief(fact) for fact in facts] == ["disclosure.total=12", "disclosure.normative_documents=1"]
    assert text[table.start :].startswith("政府信息公开情况统计表")


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        ("附件：政府信息公开情况统计表", "政府信息公开情况统计表"),
        ("附表1：\n（单位：条）", None),
        ("以上内容见统计表。", None),
    ],
)
def test_captions(line: str, caption: str | None) -> None:
    (table,) = find_tables(document(line + "\n统计指标\t统计数\n主动公开政府信息数\t5\n收到申请数\t0\n"))
    assert table.caption == caption


def test_grid_of_several_forms_is_several_tables() -> None:
    rows = [
        ["第二十条第（五）项"],
        ["信息内容", "本年处理决定数量"],
        ["行政许可", "3"],
        ["第二十条第（八）项"],
        ["信息内容", "本年收费金额（单位：万元）"],
        ["行政事业性收费", "0"],
    ]
    text = "\n".join("\t".join(row) for row in rows)
    tables, facts = tables_and_facts(text, 2016, (grid(text, rows),))
    assert [table.caption for table in tables] == ["第二十条第（五）项", "第二十条第（八）项"]
    assert [brief(fact) for fact in facts] == ["licensing.decisions=3", "admin_fees.amount=0"]


def test_grid_of_another_kind_has_no_format_and_no_facts() -> None:
    rows = [["姓名", "职务", "电话"], ["张三", "镇长", "6210001"], ["李四", "副镇长", "6210002"]]
    text = "\n".join("\t".join(row) for row in rows)
    (table,), facts = tables_and_facts(text, 2016, (grid(text, rows),))
    assert (table.format, table.header, facts) == (None, ("姓名", "职务", "电话"), [])


def test_a_page_laid_out_in_one_cell_is_read_as_text() -> None:
    prose = "本乡重视政府信息公开工作，" * 30
    text = prose + "\n统计指标\t统计数\n主动公开政府信息数\t5\n收到申请数\t0"
    layout = Grid(start=0, end=len(text), cells=(Cell(0, 0, 0, len(text), text),))
    assert facts_of(text, (layout,)) == ["disclosure.total=5", "requests.received=0"]


# --- what is no table ---

NO_TABLE = {
    "prose with indicators": "全年主动公开政府信息66条，收到申请0件。\n二、主动公开情况\n主动公开政府信息数共66条，其中政府网站60条。\n三、依申请公开情况\n收到申请数为0件，行政复议数量为0件。\n",
    "headings": "一、主动公开情况\n我乡及时公开信息。\n二、依申请公开情况\n未收到申请。\n三、行政复议情况\n无\n四、行政诉讼情况\n无\n五、收费情况\n无\n",
    "links": "首页 | 新闻 | 政务公开 | 互动\n上一篇 | 下一篇\n",
    "metadata": "索引号 | 0123/2017-1 | 公开方式 | 主动公开 |\n发布机构 | 石门乡 | 公开日期 | 2017-01-04 |\n",
    "page counters": "浏览次数\n123\n字号\n大 中 小\n",
    "numbered list": "1、老年证187件；\n2、残疾证12件；\n3、准生证40件。\n",
    "prose with blanks around its numbers": "全年受理公开申请 7 件 ，比去年多 2 件 。 7 件均按期答复 ，其中属于已主动公开范围 3 件 ，同意公开 2 件 ，不属于本机关公开 1 件 ,信息不存在 1 件 。\n",
    "one stray row": "收到申请数\n\n石门乡人民政府\n",
    "other counts": "类别\t数量\n办理证件\t30\n走访农户\t400\n调解纠纷\t12\n",
}


@pytest.mark.parametrize("name", NO_TABLE)
def test_no_table(name: str) -> None:
    assert tables_and_facts(NO_TABLE[name]) == ((), [])


def test_page_furniture_below_a_flat_table_stays_outside() -> None:
    text = "统计指标\n统计数\n主动公开政府信息数\n5\n收到申请数\n0\n浏览次数\n88\n扫一扫\n"
    (table,), facts = tables_and_facts(text)
    assert [brief(f) for f in facts] == ["disclosure.total=5", "requests.received=0"]
    assert text[: table.end].endswith("收到申请数\n0")


def test_facts_without_a_year_and_tables_without_format() -> None:
    text = "指标名称\t2012年\t历年累计\n主动公开信息数\t8\t30\n受理申请总数\t0\t1\n"
    facts = tables_and_facts(text, None)[1]
    assert [(fact.scope, fact.year) for fact in facts] == [("annual", 2012), ("cumulative", None)] * 2
    assert (
        read_cells(Table(format=None, caption=None, header=("收到申请数",), rows=(("3",),), start=0, end=1), 2016) == ()
    )


# --- the lexicon ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "主动公开信息数"),
        ("其中：1.当面申请数", "当面申请"),
        ("２．网络申请数", "网络申请数量"),
        ("⑴同意公开", "同意公开数"),
        ("危及“三安全一稳定”", "3. 危及三安全 一稳定"),
        ("1.专职人员数（不包括政府公报", "专职人员"),
        ("其它方式公开", "其他方式公开数"),
    ],
)
def test_labels_that_are_one(one: str, other: str) -> None:
    assert label_key(one) == label_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("同意公开答复数", "不同意公开答复数"), ("行政复议数", "行政诉讼数"), ("全文电子化率", "全文电子化数")],
)
def test_labels_that_are_two(one: str, other: str) -> None:
    assert label_key(one) != label_key(other)


def test_every_concept_of_the_lexicon_is_known() -> None:
    import tomllib

    from govie.taxonomy import concepts, data_text

    words = tomllib.loads(data_text("pre2014.toml"))
    named = {
        entry["concept"] for part in ("label", "pattern", "group") for entry in words[part] if entry.get("concept")
    }
    named |= {entry["concept"] for entry in forms()["request_sign"] if entry["concept"]}
    assert named <= set(concepts())


# --- properties ---

PARTS = ["主动公开政府信息数", "收到申请数", "统计指标", "单位", "统计数", "条", "件", "0", "12", "—", "|", "\t", "\n", " ", "  ", "第二十条第（一）项", "规章", "信息内容", "自然人", "总计",
         "行政复议", "行政诉讼", "结果维持", "一、本年新收政府信息公开申请数量", "（一）予以公开", "（三）其他情形数", "历年累计", "2017年度", "其中：", "（", "１", "\u3000", "其他", "。", "本年度无。", "上年"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=60).map("".join))
def test_any_text_gives_valid_tables(text: str) -> None:
    tables_and_facts(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.integers(0, 400), st.integers(0, 400))
def test_damaged_tables_give_valid_tables(noise: str, first: int, second: int) -> None:
    text = "石门乡年报\n" + "".join(ROW_CASES["review and litigation children"][0]) + CASES["fifteen in a row"][0]
    low, high = sorted((first, second))
    tables_and_facts(text[:low] + noise + text[high:])


def test_text_outside_a_table_does_not_change_its_facts() -> None:
    table = ROW_CASES["broken label one cell a line"][0]
    assert facts_of(table) == facts_of("前言\n" + table + "\n后记\n") == facts_of("概述。" * 50 + "\n\n" + table)


@pytest.mark.parametrize(
    "text",
    [
        "申请数\n" * 3000,
        "其他\t" * 5000,
        "（" * 20000,
        "| " * 20000,
        "1 " * 20000,
        "统计指标\n" + "条\n" * 5000,
        "件" * 50000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    begin = time.perf_counter()
    tables_and_facts(text)
    assert time.perf_counter() - begin < 2


# --- the real reports beside the repository ---


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the three real reports are not part of the repository")
@pytest.mark.parametrize(
    ("seed", "count"), [("000_cdb7a2e682eb3e4b", 0), ("002_1862fd7d869468f4", 30), ("003_0b8b3fc5409a06cf", 37)]
)
def test_seeds(seed: str, count: int) -> None:
    import json

    text = (SEEDS / f"{seed}.txt").read_text(encoding="utf-8")
    gold = json.loads((SEEDS / f"{seed}.gold.json").read_text(encoding="utf-8"))
    facts = tables_and_facts(text, gold["year"])[1]
    key = [(f["concept"], f["scope"], f["year"], f["value"]) for f in gold["facts"]]
    assert len(facts) == count
    assert {(f.concept, f.scope, f.year, f.value) for f in facts} <= set(key)
