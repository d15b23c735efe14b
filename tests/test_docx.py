"""Word files: what Word shows is read, what it hides is not, and what is broken is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from word_support import DETAILS, DETAILS_LINES, KINDS, NAMES, cell, listed, paragraph, row, run, table, word

from govie.errors import ReadError
from govie.readers import read_data
from govie.readers.numbering import FORMATS, ListCounter, ListLevel, number_words

FILES = Path(__file__).parent / "files"


def lines(body: str, **options) -> list[str]:
    return read_data(word(body, **options)).text.split("\n")


# --- both formats ---------------------------------------------------------------------------------------------

BOTH = pytest.mark.parametrize("data", [word(DETAILS), (FILES / "details.doc").read_bytes()], ids=["docx", "doc"])


@BOTH
def test_one_of_everything(data: bytes) -> None:
    document = read_data(data)
    assert tuple(document.text.split("\n")) == DETAILS_LINES
    headings = [document.text[block.start : block.end] for block in document.blocks if block.kind == "heading"]
    assert headings == ["青禾县石门镇2016年报告", "全部加粗"]
    first, inner = document.grids
    assert [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in first.cells] == [
        (0, 0, 2, 1, "指标"), (0, 1, 1, 2, "数量"), (1, 1, 1, 1, "本年"), (1, 2, 1, 1, "累计"),
        (2, 0, 1, 1, "公开数"), (2, 1, 1, 1, "112"), (2, 2, 1, 1, "450"),
    ]  # fmt: skip
    assert [c.text for c in inner.cells] == ["内一", "1", "内二", "2"]


@BOTH
def test_lines_of_a_layout_table_say_which_cell(data: bytes) -> None:
    document = read_data(data)
    origins = {document.text[block.start : block.end]: block.origin for block in document.blocks}
    assert (origins["左"].table, origins["左"].row, origins["左"].paragraph) == (2, 1, None)
    assert (origins["内二\t2"].table, origins["内二\t2"].row) == (3, 2)
    assert origins["行一"] == origins["行二"]


# --- text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (paragraph("甲", '<w:moveFrom w:id="1"><w:r><w:t>去</w:t></w:r></w:moveFrom>', "乙"), ["甲乙"]),
        (paragraph("甲", properties="<w:rPr><w:del/></w:rPr>") + paragraph("乙"), ["甲乙"]),
        (paragraph("甲", '<w:hyperlink r:id="x"><w:r><w:t>链</w:t></w:r></w:hyperlink>'), ["甲链"]),
        (paragraph('<w:fldSimple w:instr="PAGE"><w:r><w:t>3</w:t></w:r></w:fldSimple>', "页"), ["3页"]),
        (paragraph("甲", "<w:r><w:tab/><w:t>乙</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>丙</w:t></w:r>"), ["甲\t乙-丙"]),
        (paragraph("<w:smartTag><w:r><w:t>甲</w:t></w:r></w:smartTag>"), ["甲"]),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('甲')}</w:sdtContent></w:sdt>", ["甲"]),
        (paragraph('<w:r><w:ruby><w:rt><w:r><w:t>jiǎ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>甲</w:t></w:r></w:rubyBase></w:ruby></w:r>'), ["甲"]),
        (paragraph("占", "<m:oMath><m:r><m:t>50%</m:t></m:r></m:oMath>"), ["占50%"]),
        (paragraph("\u3000\u3000甲 乙\u3000"), ["甲 乙"]),
        (paragraph() + paragraph("甲") + paragraph(" "), ["甲"]),
        (paragraph("甲", run("藏", '<w:vanish w:val="0"/>')), ["甲藏"]),
    ],
)  # fmt: skip
def test_words(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


def test_text_boxes_follow_their_paragraph_once() -> None:
    box = f"<w:txbxContent>{paragraph('框内')}</w:txbxContent>"
    choice = f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
    fallback = f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
    body = paragraph(f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>", "框外") + paragraph("后")
    assert lines(body) == ["框外", "框内", "后"]
    assert lines(paragraph(f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>")) == ["框内"]


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ('<w:pStyle w:val="1"/>', "heading"),
        ('<w:pStyle w:val="mine"/>', "heading"),
        ('<w:outlineLvl w:val="1"/>', "heading"),
        ('<w:outlineLvl w:val="9"/>', "line"),
        ('<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>', "line"),
        ('<w:pStyle w:val="nowhere"/>', "line"),
        ("", "line"),
    ],
)
def test_headings_by_style_and_outline(properties: str, kind: str) -> None:
    assert read_data(word(paragraph("概述", properties=properties))).blocks[0].kind == kind


def test_headings_by_bold() -> None:
    body = paragraph(run("一、概述", "<w:b/>"), run(" ")) + paragraph(run("甲", "<w:b/>"), "乙") + paragraph(run("丙", '<w:b w:val="0"/>'))
    assert [block.kind for block in read_data(word(body)).blocks] == ["heading", "line", "line"]


# --- numbers --------------------------------------------------------------------------------------------------


def test_lists_are_counted() -> None:
    body = listed("甲", 1) + listed("乙", 1, 1) + listed("丙", 1, 1) + listed("丁", 1) + listed("戊", 1, 1) + listed("己", 1, 2) + listed("庚", 1, 3)
    assert lines(body) == ["一、甲", "（一）乙", "（二）丙", "二、丁", "（一）戊", "1.己", "2.1.1庚"]


def test_lists_by_style_bullets_restarts_and_numbers_before_digits() -> None:
    body = (
        paragraph("甲", properties='<w:pStyle w:val="listed"/>') + paragraph("乙", properties='<w:pStyle w:val="listed"/>')
        + listed("点", 3) + listed("一", 1) + listed("二", 1) + listed("又一", 4) + listed("又二", 4) + listed("不编", 0) + listed("无此", 99)
    )  # fmt: skip
    assert lines(body) == ["③甲", "④乙", "点", "一、一", "二、二", "一、又一", "二、又二", "不编", "无此"]
    assert lines(listed("甲", 1) + listed("2016年", 1, 3)) == ["一、甲", "1.1.1 2016年"]


def test_empty_paragraphs_are_not_counted() -> None:
    assert lines(listed("甲", 1) + listed("", 1) + listed("乙", 1)) == ["一、甲", "二、乙"]


@pytest.mark.parametrize(
    ("number", "form", "words"),
    [
        (1, "chineseCounting", "一"), (10, "chineseCounting", "十"), (11, "chineseCountingThousand", "十一"),
        (20, "japaneseCounting", "二十"), (105, "chineseCountingThousand", "一百零五"), (2010, "taiwaneseCounting", "二千零一十"),
        (12, "chineseLegalSimplified", "壹拾贰"), (20, "ideographDigital", "二〇"), (3, "ideographTraditional", "丙"),
        (11, "ideographTraditional", "11"), (2, "ideographZodiac", "丑"), (20, "decimalEnclosedCircle", "⑳"), (21, "decimalEnclosedCircle", "21"),
        (3, "decimalEnclosedParen", "⑶"), (3, "decimalFullWidth", "３"), (7, "decimalZero", "07"), (28, "lowerLetter", "bb"),
        (4, "upperRoman", "IV"), (0, "chineseCounting", "0"), (5, "nothing known", "5"),
    ],
)  # fmt: skip
def test_number_words(number: int, form: str, words: str) -> None:
    assert number_words(number, form) == words


def test_old_codes_of_number_formats() -> None:
    assert [FORMATS[code] for code in (0, 10, 23, 37, 38, 39)] == [
        "decimal", "ideographDigital", "bullet", "chineseCounting", "chineseLegalSimplified", "chineseCountingThousand",
    ]  # fmt: skip


def test_a_level_that_does_not_restart() -> None:
    levels = {0: ListLevel(1, "decimal", "%1"), 1: ListLevel(1, "decimal", "%2", restart=False)}
    counter = ListCounter()
    assert [counter.label("list", levels, level) for level in (0, 1, 1, 0, 1)] == ["1", "1", "2", "2", "3"]


# --- tables ---------------------------------------------------------------------------------------------------


def grid(body: str) -> list[tuple]:
    (found,) = read_data(word(body)).grids
    return [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in found.cells]


def test_cells_merged_in_old_and_odd_ways() -> None:
    body = table(
        row(cell("甲", properties='<w:hMerge w:val="restart"/>'), cell("", properties="<w:hMerge/>"), "乙"),
        row("1", "2", properties='<w:gridBefore w:val="1"/>'),
        row(cell("", properties="<w:vMerge/>"), "3", "4"),
    )
    assert grid(body) == [
        (0, 0, 1, 2, "甲"), (0, 2, 1, 1, "乙"), (1, 1, 1, 1, "1"), (1, 2, 1, 1, "2"), (2, 0, 1, 1, ""), (2, 1, 1, 1, "3"), (2, 2, 1, 1, "4"),
    ]  # fmt: skip


def test_deleted_rows_and_wrapped_cells() -> None:
    body = table(
        row("删", "9", properties='<w:del w:id="1"/>'),
        f"<w:sdt><w:sdtContent>{row('甲', '1')}</w:sdtContent></w:sdt>",
        f"<w:tr><w:sdt><w:sdtContent>{cell('乙')}</w:sdtContent></w:sdt>{cell('2')}</w:tr>",
    )
    assert grid(body) == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "1"), (1, 0, 1, 1, "乙"), (1, 1, 1, 1, "2")]


def test_a_report_in_one_cell_is_unwrapped() -> None:
    assert lines(table(row(cell("一、概述", "全年公开5条。")))) == ["一、概述", "全年公开5条。"]


# --- odd and broken files -------------------------------------------------------------------------------------


def test_a_document_that_only_wraps_a_page() -> None:
    page = "<html><body><p>一、概述</p><p>全年公开5条。</p></body></html>".encode()
    data = word(
        '<w:altChunk r:id="c"/>', more={"word/chunk.html": page},
        relations=f'<Relationship Id="c" Type="{KINDS}/aFChunk" Target="chunk.html"/>',
    )  # fmt: skip
    assert read_data(data).text == "一、概述\n全年公开5条。"


def test_strict_documents() -> None:
    main = f"<w:document {NAMES}><w:body>{paragraph('甲')}</w:body></w:document>"
    strict = main.replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert lines("", more={"word/document.xml": strict}) == ["甲"]


@pytest.mark.parametrize(
    "left_out", ["word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels", "_rels/.rels", "[Content_Types].xml"]
)
def test_missing_parts_cost_only_what_they_hold(left_out: str) -> None:
    assert lines(paragraph("甲", properties='<w:pStyle w:val="1"/>'), leave_out=(left_out,)) == ["甲"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (word("", leave_out=("word/document.xml",)), r"the Word document's main part is missing\. Open it in Word"),
        (word("", more={"word/document.xml": "<w:document"}), r"the part word/document\.xml is broken"),
        (word("", more={"word/document.xml": b""}), r"the part word/document\.xml is broken"),
        (word(""), r"the Word document holds no text\. It may hold pictures only"),
        (word("<w:sdt><w:sdtContent>" * 120 + paragraph("甲") + "</w:sdtContent></w:sdt>" * 120), r"nested more than 100 deep"),
        (word("<w:sdt>" * 5000 + "</w:sdt>" * 5000), r"the part word/document\.xml is broken|nested more than 100 deep"),
        (word("", more={"word/styles.xml": f"<!DOCTYPE w [<!ENTITY a 'x'>]><w:styles {NAMES}/>"}), r"declares entities"),
        (word(paragraph("甲"), more={"word/document.xml": b"0" * 300_000_000}), r"unpacks to .* more than the limit of"),
        (word(paragraph("甲"), more={"word/document.xml": b"0" * 30_000_000}), r"unpacks to more than 200 times its packed size\. No report unpacks"),
        (word(paragraph("甲"))[:900], r"the archive is broken or cut off"),
    ],
    ids=["no main part", "broken xml", "empty part", "no text", "deep", "very deep", "doctype", "large part", "bomb", "cut"],
)  # fmt: skip
def test_broken_documents(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        read_data(data, path="a.docx")
    assert caught.value.where == "a.docx"
    assert caught.value.hint


def test_entities_are_neither_read_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("秘密", encoding="utf-8")
    for declaration in (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "<!ENTITY a 'aaaaaaaaaa'><!ENTITY x '&a;&a;&a;&a;'>"):
        main = f"<!DOCTYPE d [{declaration}]><w:document {NAMES}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
        with pytest.raises(ReadError, match=r"the part word/document\.xml declares entities, which no Word document does"):
            read_data(word("", more={"word/document.xml": main}))


def test_members_that_lead_out_are_left_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = word(
        paragraph("甲"), more={"../../out.xml": "<a/>", "/etc/out.xml": "<a/>"},
        relations=f'<Relationship Id="s2" Type="{KINDS}/styles" Target="../../../out.xml"/>',
    )  # fmt: skip
    assert read_data(data).text == "甲"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("xl/workbook.xml", r"this is an Excel workbook, which is not read\. Read are text, Markdown, HTML"),
        ("ppt/presentation.xml", r"this is a presentation"),
    ],
)
def test_other_office_documents(name: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read_data(word("", leave_out=("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels"), more={name: "<a/>"}))
