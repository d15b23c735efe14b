"""PDFs to documents; all reports are invented."""

from __future__ import annotations

import threading
import zlib
from collections import Counter
from pathlib import Path

import pytest
from pdf_support import FONT, drawn_pdf, lines_page, page_pdf, raw_pdf, stream, table_pdf, text_pdf

import govie
from govie.errors import ReadError
from govie.readers import ocr, pdf, read_file
from govie.readers.pdf import read_pdf
from govie.records import Document

DATA = Path(__file__).parent / "data"
PDFS = Path(__file__).parent / "pdfs"
FULL = "青石镇把公开栏、网站和公众号都用起来，群众看得到，也看得懂；来问的人，都有答复。全年公开政府信息215条，其中财政预决算12条，涉农补贴41条。"


def lines(data: bytes) -> list[str]:
    return read_pdf(data).text.split("\n")


def facts(report: govie.Report) -> Counter[tuple]:
    return Counter((f.concept, f.category, f.applicant, f.value, f.unit, f.scope, f.year) for f in report.facts)


def check(document: Document) -> None:
    """Offsets and origins of a document hold together."""
    for grid in document.grids:
        for cell in grid.cells:
            assert document.text[cell.start : cell.end] == cell.text
            assert grid.start <= cell.start and cell.end <= grid.end
    for block in document.blocks:
        assert "\n" not in document.text[block.start : block.end]
        assert block.origin is not None and block.origin.page is not None
        assert (block.kind == "table") == (block.origin.table is not None) == (block.origin.row is not None)
    assert document.source.chars == len(document.text)


# --- whole reports --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "name", "count"),
    [(PDFS / "qingshi_2022.html", "qingshi_2022_browser.pdf", 213), (DATA / "songling_2015.txt", "songling_2015_office.pdf", 66)],
)
def test_facts_are_those_of_the_text(other: Path, name: str, count: int) -> None:
    extractor = govie.load(model=None)
    report = extractor.extract_file(PDFS / name)
    expected = facts(extractor.extract_file(other))
    assert facts(report) == expected
    assert sum(expected.values()) == count
    pages = [fact.page for fact in report.facts]
    assert pages[0] == 1 and max(pages) >= 3
    assert all(fact.ocr_confidence is None for fact in report.facts)


@pytest.mark.parametrize("name", ["qingshi_2022_browser.pdf", "songling_2015_office.pdf"])
def test_offsets_and_origins(name: str) -> None:
    document = read_file(PDFS / name)
    check(document)
    assert document.source.media_type == "application/pdf" and document.source.encoding is None


def test_the_text_of_an_office_print_is_the_text() -> None:
    text = read_file(PDFS / "songling_2015_office.pdf").text
    original = (DATA / "songling_2015.txt").read_text(encoding="utf-8")
    assert text.replace("——", "—") == "\n".join(line for line in original.split("\n") if line).replace("——", "—")


def test_the_request_table_over_a_page_break_keeps_its_merged_cells() -> None:
    document = read_file(PDFS / "qingshi_2022_browser.pdf")
    table = document.grids[1]
    cells = {cell.text: cell for cell in table.cells if cell.text}
    assert len({cell.row for cell in table.cells}) == 28
    assert (cells["三、本年度办理结果"].rowspan, cells["（三）不予公开"].rowspan, cells["（六）其他处理"].rowspan) == (22, 8, 3)
    assert (cells["申请人情况"].colspan, cells["法人或其他组织"].colspan) == (7, 5)
    assert cells["四、结转下年度继续办理"].colspan == 3
    rows = [block.origin for block in document.blocks if block.origin.table == 2]
    assert [origin.row for origin in rows] == list(range(1, 29))
    assert {origin.page for origin in rows} == {2, 3}


def test_what_a_browser_prints_around_pages_is_left_out() -> None:
    text = read_file(PDFS / "qingshi_2022_browser.pdf").text
    assert "file:" not in text and "/26" not in text and "1/3" not in text


# --- tables ---------------------------------------------------------------------------------------------------

HEADER = ["统计指标", "单位", "统计数"]
ROWS = [HEADER, ["一、主动公开情况", "—", "—"], ["主动公开政府信息数", "条", "486"], ["制发规范性文件总数", "件", "7"]]


def test_a_ruled_table() -> None:
    document = read_pdf(table_pdf(ROWS, before=["附件：统计表"], after=["说明：数据截至年底。"]))
    check(document)
    assert document.text.split("\n") == ["附件：统计表", *("\t".join(row) for row in ROWS), "说明：数据截至年底。"]
    assert [(cell.row, cell.column) for cell in document.grids[0].cells][:4] == [(0, 0), (0, 1), (0, 2), (1, 0)]


def test_a_cell_of_several_lines_is_joined() -> None:
    label = "主动公开政府信息数（不同渠道和方式公开相同信息计1条）"
    document = read_pdf(table_pdf([HEADER, [label, "条", "486"]], widths=[90, 60, 60]))
    assert document.text.split("\n")[1] == f"{label}\t条\t486"


def test_merged_cells() -> None:
    rows = [["信息内容", "处理", "", "总计"], ["", "本年", "上年", ""], ["行政许可", "1", "2", "3"]]
    spans = [("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 0), (0, 1)), ("SPAN", (3, 0), (3, 1))]
    document = read_pdf(table_pdf(rows, style=spans))
    found = {cell.text: (cell.row, cell.column, cell.rowspan, cell.colspan) for cell in document.grids[0].cells}
    assert found["信息内容"] == (0, 0, 2, 1) and found["处理"] == (0, 1, 1, 2) and found["总计"] == (0, 3, 2, 1)
    assert document.text.split("\n")[:2] == ["信息内容\t处理\t总计", "本年\t上年"]


@pytest.mark.parametrize(
    "style",
    [
        [("GRID", (0, 0), (-1, -1), 0.5, "black", None, (2, 2))],
        [("GRID", (0, 0), (-1, -1), 0.4, "black", None, None, None, 2, 1.2)],
        [("GRID", (0, 0), (-1, -1), 2.5, "black")],
    ],
    ids=["dashed", "double", "thick"],
)
def test_rules_of_other_kinds(style: list[tuple]) -> None:
    document = read_pdf(table_pdf(ROWS, style=style))
    assert document.text.split("\n") == ["\t".join(row) for row in ROWS]


def test_rules_as_thin_boxes_and_open_sides() -> None:
    def draw(canvas) -> None:
        for y in (700, 670, 640):
            canvas.rect(72, y, 300, 0.5, stroke=0, fill=1)
        for x in (172, 272):  # none at the left and right edge
            canvas.rect(x, 640, 0.5, 60, stroke=0, fill=1)
        for row, y in enumerate((680, 650)):
            for column, x in enumerate((80, 180, 280)):
                canvas.drawString(x, y, f"甲{row}{column}")

    assert lines(drawn_pdf(draw)) == ["甲00\t甲01\t甲02", "甲10\t甲11\t甲12"]


def test_a_table_over_pages_is_one_and_its_header_is_not_repeated() -> None:
    rows = [HEADER, *([f"第{number}村公开数", "条", str(number)] for number in range(1, 101))]
    document = read_pdf(table_pdf(rows, repeat=1))
    check(document)
    assert document.text.split("\n") == ["\t".join(row) for row in rows]
    assert len(document.grids) == 1
    pages = [block.origin.page for block in document.blocks]
    assert pages == sorted(pages) and pages[-1] >= 3


def test_a_row_cut_by_the_page_break_is_one() -> None:
    def first(canvas) -> None:
        canvas.grid([72, 272, 322, 372], [60, 85, 110])
        canvas.drawString(76, 92, "政府网站公开政府信息数")
        canvas.drawString(280, 92, "条")
        canvas.drawString(330, 92, "352")
        canvas.drawString(76, 66, "回应公众关注热点或重大舆情（不同")
        canvas.drawString(280, 66, "次")
        canvas.drawString(330, 66, "2")

    def second(canvas) -> None:
        canvas.grid([72, 272, 322, 372], [730, 755, 780])
        canvas.drawString(76, 762, "方式回应同一热点计1次）")
        canvas.drawString(76, 737, "政策解读稿件发布数")
        canvas.drawString(280, 737, "篇")
        canvas.drawString(330, 737, "4")

    assert lines(drawn_pdf(first, second)) == [
        "政府网站公开政府信息数\t条\t352",
        "回应公众关注热点或重大舆情（不同方式回应同一热点计1次）\t次\t2",
        "政策解读稿件发布数\t篇\t4",
    ]


def test_rows_with_empty_cells_are_not_taken_for_cut_ones() -> None:
    def first(canvas) -> None:
        canvas.grid([72, 272, 322], [60, 85, 110])
        canvas.drawString(76, 92, "其他情形数")
        canvas.drawString(280, 92, "0")
        canvas.drawString(76, 66, "其他方式回应事件数")
        canvas.drawString(280, 66, "0")

    def second(canvas) -> None:
        canvas.grid([72, 272, 322], [730, 755, 780])
        canvas.drawString(76, 762, "三、依申请公开情况")
        canvas.drawString(76, 737, "收到申请数")
        canvas.drawString(280, 737, "5")

    assert lines(drawn_pdf(first, second)) == ["其他情形数\t0", "其他方式回应事件数\t0", "三、依申请公开情况\t", "收到申请数\t5"]


def test_a_frame_around_the_page_is_no_table() -> None:
    def draw(canvas) -> None:
        canvas.rect(40, 40, 515, 762)
        lines_page(["一、概述", "全年公开12条。"])(canvas)

    document = read_pdf(drawn_pdf(draw))
    assert document.grids == () and document.text == "一、概述\n全年公开12条。"


def test_a_table_for_layout_is_read_as_text() -> None:
    prose = (
        "全年公开政府信息12条。其中财政3条，村务9条，都已在网站和公开栏公布。没有收到申请。没有收费。"
        "另有各村公开栏张贴通知若干，均按月更换，并由村监委会核对。"
    )
    document = read_pdf(table_pdf([["概述", prose]], widths=[80, 300]))
    assert document.grids == ()
    assert prose in document.text


def test_columns_without_rules() -> None:
    def draw(canvas) -> None:
        for number, row in enumerate(ROWS):
            for x, cell in zip((72, 300, 332), row, strict=True):
                canvas.drawString(x, 700 - 20 * number, cell)

    document = read_pdf(drawn_pdf(draw))
    assert document.text.split("\n") == ["\t".join(row) for row in ROWS]
    assert document.grids == ()


# --- lines and paragraphs -------------------------------------------------------------------------------------


def test_lines_of_a_paragraph_are_joined() -> None:
    paragraphs = ["一、概述", FULL * 2, "（一）公开数量。" + FULL, "二、依申请公开情况", "没有收到申请。"]
    assert lines(text_pdf(paragraphs)) == paragraphs


def test_a_paragraph_over_a_page_break_is_one() -> None:
    paragraphs = [f"（{'一二三四五六七八九'[number]}）{FULL * 4}" for number in range(9)]
    document = read_pdf(text_pdf(paragraphs))
    assert document.text.split("\n") == paragraphs
    assert [block.origin.page for block in document.blocks][-1] == 2


def test_full_lines_that_begin_as_headings_begin_paragraphs() -> None:
    full = "全年公开政府信息二百一十五条，都在网站和公开栏公布，群众看得到也看得懂了。"
    cut = full[:-2] + "要统"
    page = lines_page([full, "二、主动公开政府信息情况", cut, "一、规范，按月更换。"])
    assert lines(drawn_pdf(page)) == [full, "二、主动公开政府信息情况", cut + "一、规范，按月更换。"]


@pytest.mark.parametrize("number", ["- {} -", "— {} —", "第 {} 页 共 3 页", "第{}页", "{} / 3", "{}"])
def test_page_numbers_and_running_titles_are_left_out(number: str) -> None:
    def page(place: int):
        def draw(canvas) -> None:
            canvas.drawCentredString(297, 800, "青石镇年报汇编")
            lines_page([f"（{'一二三'[place - 1]}）公开{place}0条。", "其中财政5条。"], top=740)(canvas)
            canvas.drawCentredString(297, 40, number.format(place))

        return draw

    assert lines(drawn_pdf(*map(page, (1, 2, 3)))) == [
        line for place in (1, 2, 3) for line in (f"（{'一二三'[place - 1]}）公开{place}0条。", "其中财政5条。")
    ]


def test_a_number_in_the_text_is_no_page_number() -> None:
    page = lines_page(["全年公开", "215"], top=100)
    assert lines(drawn_pdf(page)) == ["全年公开", "215"]


def test_the_title_printed_over_every_page_is_kept_aside() -> None:
    def draw(canvas) -> None:
        canvas.drawCentredString(297, 800, "青石镇2022年政府信息公开工作年度报告")
        lines_page(["全年公开12条。", "没有收到申请。"])(canvas)

    document = read_pdf(drawn_pdf(draw, draw))
    assert document.page == {"title": "青石镇2022年政府信息公开工作年度报告"}
    assert "年度报告" not in document.text


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotated_pages(rotation: int) -> None:
    def draw(canvas) -> None:
        canvas.translate(297, 297)  # within the page whichever way it lies
        canvas.rotate(rotation)
        canvas.grid([-200, 0, 100], [-40, 0, 40])
        for y, row in ((10, ("公开数", "12")), (-30, ("收费", "0"))):
            canvas.drawString(-190, y, row[0])
            canvas.drawString(10, y, row[1])

    document = read_pdf(drawn_pdf(draw, rotation=rotation))
    assert document.text == "公开数\t12\n收费\t0"
    assert len(document.grids) == 1


def test_a_watermark_at_a_slant_is_left_out() -> None:
    def draw(canvas) -> None:
        lines_page(["全年公开政府信息12条，没有收到申请。"])(canvas)
        canvas.translate(200, 600)
        canvas.rotate(45)
        canvas.drawString(0, 0, "仅供内部参考")

    assert lines(drawn_pdf(draw)) == ["全年公开政府信息12条，没有收到申请。"]


def test_two_columns_are_read_one_after_the_other() -> None:
    left, right = [f"左栏第{n}行文字一直写到栏边" for n in range(12)], [f"右栏第{n}行文字一直写到栏边" for n in range(12)]

    def draw(canvas) -> None:
        lines_page(left, left=60)(canvas)
        lines_page(right, left=320)(canvas)

    text = read_pdf(drawn_pdf(draw)).text.replace("\n", "")
    assert text == "".join(left + right)


def test_bold_made_by_printing_twice_is_read_once() -> None:
    def draw(canvas) -> None:
        for shift in (0, 0.4):
            canvas.drawString(72 + shift, 700, "一、概述11条")

    assert lines(drawn_pdf(draw)) == ["一、概述11条"]


def test_radicals_are_read_as_the_characters_they_look_like() -> None:
    tounicode = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00><FF> endcodespacerange"
        b" 2 beginbfchar <41><2F2F> <42><2EC5> endbfchar endcmap end"
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    data = page_pdf(stream(b"BT /F 20 Tf 72 700 Td (AB) Tj ET"), font=font, more=[stream(tounicode)])
    assert read_pdf(data).text == "工见"


# --- bad input ------------------------------------------------------------------------------------------------

GOOD = text_pdf(["一、概述", FULL])
PASSWORD = drawn_pdf(lines_page(["全年公开12条。"]), password="secret")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"x\.pdf: the PDF is broken and cannot be opened\. Fetch it again"),
        (b"%PDF-1.7", r"the PDF is broken"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, r"the PDF is broken"),
        (PASSWORD, r"the PDF is encrypted with a password\. Save it without a password"),
        (raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]), r"the PDF has no pages"),
        (raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 3>>"]), r"page 1 of the PDF is broken"),
        (raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 90000>>"]), r"90,000 pages, over the limit of 5,000"),
        (page_pdf(stream(b"")), r"the PDF holds no text\. Its pages are empty"),
        (
            page_pdf(stream(zlib.compress(b" " * (40 << 20)), b"/Filter/FlateDecode")),
            r"a part of the PDF unpacks to more than 32 MiB",
        ),
        (
            page_pdf(stream(zlib.compress(zlib.compress(b" " * (40 << 20))), b"/Filter[/FlateDecode/FlateDecode]")),
            r"a part of the PDF unpacks to more than 32 MiB",
        ),
    ],
    ids="empty cut noise password no_pages loop count blank bomb bomb_in_bomb".split(),
)  # fmt: skip
def test_refused(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        read_pdf(data, path="x.pdf")
    assert caught.value.where == "x.pdf" and caught.value.hint


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    assert lines(drawn_pdf(lines_page(["全年公开12条。"]), password="secret", owner=True)) == ["全年公开12条。"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated(share: float) -> None:
    try:
        document = read_pdf(GOOD[: int(share * len(GOOD))])
    except ReadError as error:
        assert error.hint
    else:
        check(document)


def test_a_giant_page_is_read() -> None:
    assert read_pdf(page_pdf(stream(b"BT /F 20 Tf 20 20 Td (hello) Tj ET"), box=b"0 0 1e9 1e9")).text == "hello"


def test_many_pages_are_read_page_by_page() -> None:
    document = read_pdf(page_pdf(stream(b"BT /F 20 Tf 72 500 Td (hello) Tj ET"), pages=3000))
    assert document.text.count("hello") == 3000
    assert document.blocks[-1].origin.page == 3000


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = page_pdf(stream(b"BT /F 20 Tf 72 500 Td (hello) Tj ET"), pages=3)
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 9)
    with pytest.raises(ReadError, match=r"the PDF holds more than 9 characters\. Save the pages of the report"):
        read_pdf(data)
    monkeypatch.setattr(pdf.pdfium, "MAX_CHARACTERS", 4)
    with pytest.raises(ReadError, match=r"page 1 holds 5 characters, over the limit of 4"):
        read_pdf(data)


SCAN = page_pdf(
    stream(b"q 595 0 0 842 0 0 cm /I Do Q"),
    more=[stream(bytes(100), b"/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceGray")],
)
MEANINGLESS = (
    b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00><FF> endcodespacerange"
    b" 1 beginbfrange <41><5A><E000> endbfrange endcmap end"
)


def test_a_scan_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    with pytest.raises(ReadError, match=r'x\.pdf: page 1 of the PDF is a picture, not text\. Install .*pip install "govie\[ocr\]"'):
        read_pdf(SCAN, path="x.pdf")


def test_text_without_meaning_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    data = page_pdf(stream(b"BT /F 20 Tf 72 700 Td (ABCDEFGHIJKLMNOPQRSTUVWXYZ) Tj ET"), font=font, more=[stream(MEANINGLESS)])
    with pytest.raises(ReadError, match=r"page 1 of the PDF is text without meaning \(its fonts lack a character map\)"):
        read_pdf(data)


def test_the_invisible_text_over_a_scan_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)

    def draw(canvas) -> None:
        from reportlab.lib.utils import ImageReader

        pytest.importorskip("PIL")
        from PIL import Image

        canvas.drawImage(ImageReader(Image.new("L", (40, 60), 200)), 0, 0, 595, 842)
        text = canvas.beginText(72, 700)
        text.setFont(FONT, 12)
        text.setTextRenderMode(3)
        text.textLine("一、概述。全年公开政府信息12条，没有收到申请。")
        canvas.drawText(text)

    assert lines(drawn_pdf(draw)) == ["一、概述。全年公开政府信息12条，没有收到申请。"]


def test_threads_share_the_reader() -> None:
    expected = read_pdf(GOOD)
    found: list[Document] = []
    threads = [threading.Thread(target=lambda: found.extend(read_pdf(GOOD) for _ in range(10))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 40


def test_a_file_without_its_suffix_is_known_by_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes(GOOD)
    assert read_file(tmp_path / "report").source.media_type == "application/pdf"
